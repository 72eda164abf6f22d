"""Maps side by side along an axis: what their units see, and which maps may not stand so.

The truth is followed on all axes together: a unit reads the places that its taps name on every axis, of one map at a
time; of maps side by side, of the one that it lies on.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.brute import AXES, Oracle
from oracle.networks import Description, Draft, side_by_side, to_yaml
from test_against_oracle import ORACLE_SETTINGS

import rfdocs
from rfdocs.algebra import Interval
from rfdocs.graph.feasible import nearest_lengths, size_rule
from rfdocs.graph.tile_search import AxisSearch, WholeAxis
from rfdocs.graph.trace import trace_axis

Place = tuple[int, ...]


def analysed(folder: Path, size: object, *items: str) -> rfdocs.Report:
    """The report on a network of items as a file has them, without their braces."""
    lines = "\n".join([f"  - {{{item}}}" for item in items])
    (folder / "net.yaml").write_text(f"input: {{channels: 2, size: {size}}}\nlayers:\n{lines}\n", "utf-8")
    return rfdocs.load(folder / "net.yaml").analyze()


CONV = "kernel: 3, padding: 1, channels: 2"
#: The halves of 12 pixels, each behind a convolution.
HALVES = (
    "crop: left, padding: [[0, 6]]",
    f"conv: a, {CONV}",
    "crop: right, from: input, padding: [[6, 0]]",
    f"conv: b, {CONV}",
)


def seen(report: rfdocs.Report, name: str) -> list[list[int]]:
    """The pixels that each unit of a layer on one axis sees."""
    ranges = [report.visible_ranges(name, (unit,))[0] or [] for unit in range(report[name].size[0])]
    return [[pixel for part in own for pixel in range(part.first, part.last + 1)] for own in ranges]


def figures(report: rfdocs.Report, name: str) -> Any:
    """A layer's size, jump, start, field and misalignment."""
    layer = report[name]
    return layer.size, layer.jump, layer.start, layer.receptive_field, layer.misalignment


# -- the truth on all axes together ------------------------------------------------------------------------------


def pixels_of(oracle: Oracle, operations: Mapping[str, Any], name: str, place: Place, visible: bool) -> set[Place]:
    """The pixels that a unit reaches, followed place by place; if ``visible``, through real units alone."""

    @cache
    def followed(name: str, place: Place) -> frozenset[Place]:
        if name == "input":
            return frozenset({place})
        layers = [axis.layers[name] for axis in oracle.axes]
        taps = [layer.taps(unit) for layer, unit in zip(layers, place, strict=True)]
        if name in operations:
            along = operations[name]
            ((source, _),) = taps[along]
            below = [(source, tuple([own[0][1] for own in taps]))]
        else:
            below = [(s, tuple([i for _, i in way])) for s in oracle.inputs[name] for way in product(*taps)]
        real = [(s, i) for s, i in below if not visible or is_real(s, i)]
        return frozenset().union(*[followed(*one) for one in real])

    def is_real(name: str, place: Place) -> bool:
        return all(0 <= i < n for i, n in zip(place, oracle.size(name), strict=True))

    return set(followed(name, place))


def hull_on(pixels: set[Place], axis: int) -> Interval | None:
    places = [place[axis] for place in pixels]
    return Interval(min(places), max(places)) if places else None


def untrue(report: rfdocs.Report, oracle: Oracle, description: Description) -> Iterator[tuple[Any, ...]]:
    """Every unit of every layer whose field, axis by axis, is not that of the pixels that it reaches."""
    joined = {item["concat"]: AXES[2].index(item["axis"]) for item in description["layers"] if "concat" in item}
    for name in oracle.names:
        for place in product(*map(range, report[name].size)):
            told = report.unit(name, place)
            true = [pixels_of(oracle, joined, name, place, visible) for visible in (False, True)]
            for axis, own in enumerate(told):
                expected = (hull_on(true[0], axis), hull_on(true[1], axis))
                if (own.spatial_field, own.spatial_visible) != expected:
                    yield name, place, axis, own, expected


@st.composite
def towers(draw: st.DrawFn) -> Description:
    """Parts of a small image behind layers of their own, alike on the other axis or not, and a layer behind them."""
    size = [draw(st.integers(3, 6)) for _ in "hw"]
    image = {"channels": 1, "size": size}
    draft = Draft(draw, image, Oracle.of({"input": image, "layers": []}))
    items = side_by_side(draft)
    for item in items:
        if "conv" in item and draft.chance(4):
            item["kernel"] = [draft.one_of(1, 3, 3), item["kernel"][1]]
            item["padding"] = [[k // 2, k // 2] for k in item["kernel"]]
    return {"input": image, "layers": [*items, {"conv": "last", "kernel": 3, "padding": 1, "channels": 1}]}


@pytest.mark.slow
@given(towers())
@settings(ORACLE_SETTINGS, max_examples=ORACLE_SETTINGS.max_examples // 3)
def test_what_is_told_axis_by_axis_is_true_of_both_together(
    tmp_path_factory: pytest.TempPathFactory, description: Description
) -> None:
    """Whatever is taken; and what is refused is refused since the maps do not fit, or are not made alike."""
    if any("squeeze_excite" in item for item in description["layers"]):
        return
    file = tmp_path_factory.mktemp("side") / "net.yaml"
    file.write_text(to_yaml(description), "utf-8")
    try:
        report = rfdocs.load(file).analyze()
    except rfdocs.CatalogueError as error:
        refused = str(error)
        assert any(words in refused for words in ("not made alike", "different sizes", "at least 1"))
        return
    assert list(untrue(report, Oracle.of(description), description)) == []


# -- where they meet -------------------------------------------------------------------------------------------------


def test_halves_in_order_are_a_map_as_any_other(tmp_path: Path) -> None:
    """But a window at the seam was padded there: on the way in it saw nothing of the other half."""
    report = analysed(tmp_path, 12, *HALVES, "concat: c, from: [a, b], axis: length", f"conv: d, {CONV}")
    assert figures(report, "c") == ((12,), (1,), (Fraction(1, 2),), (3,), (0,))
    assert figures(report, "d") == ((12,), (1,), (Fraction(1, 2),), (5,), (0,))
    assert seen(report, "c")[4:8] == [[3, 4, 5], [4, 5], [6, 7], [6, 7, 8]]
    assert report.unit("c", (5,))[0].field == Interval(4, 6)
    assert report.density("d") == (Fraction(1),)
    assert report.path_counts("d", 5, 0) == {3: 1, 4: 2, 5: 3, 6: 2, 7: 1}
    assert report.path_counts("d", 5, 0, real=True) == {3: 1, 4: 2, 5: 2, 6: 1, 7: 1}


def test_halves_out_of_order_have_no_jump_and_see_both_ends_at_the_seam(tmp_path: Path) -> None:
    report = analysed(tmp_path, 12, *HALVES, "concat: c, from: [b, a], axis: length", f"conv: d, {CONV}")
    for name, field in (("c", 3), ("d", 14)):
        assert figures(report, name) == ((12,), (None,), (None,), (field,), (None,))
    assert seen(report, "d")[5] == [0, 1, 9, 10, 11]
    assert report.unit("d", (5,))[0].field == Interval(-1, 12)
    assert report.unit("d", (5,))[0].visible_size == 5
    assert report.seen_by("d", (5,)) == ([9, 10, 11],)
    assert report.seen_by("d", (0,)) == ([5, 6, 7, 8],)


@pytest.mark.parametrize("behind", [f"conv: d, {CONV}", "conv: d, kernel: 5, stride: 2, channels: 2"])
def test_swapped_halves_are_a_map_rolled_by_half(tmp_path: Path, behind: str) -> None:
    halves = [item for item in HALVES if item.startswith("crop")]
    joined = analysed(tmp_path, 12, *halves, "concat: c, from: [right, left], axis: length", behind)
    assert seen(joined, "d") == seen(analysed(tmp_path, 12, "roll: c, shift: 6", behind), "d")


def test_a_map_between_its_own_ends_is_padded_round(tmp_path: Path) -> None:
    """As panoramas are; the units see the same pixels, in the same number."""
    ends = ("crop: tail, padding: [[10, 0]]", "crop: head, from: input, padding: [[0, 10]]")
    conv = "conv: d, kernel: 5, channels: 2"
    joined = analysed(tmp_path, 12, *ends, "concat: c, from: [tail, input, head], axis: length", conv)
    padded = analysed(tmp_path, 12, f"{conv}, padding: 2, padding_mode: circular")
    assert (joined["c"].size, joined["d"].size) == ((16,), (12,))
    assert seen(joined, "d") == seen(padded, "d")
    assert [joined.seen_by("d", (pixel,)) for pixel in range(12)] == [
        padded.seen_by("d", (pixel,)) for pixel in range(12)
    ]


def test_maps_of_different_jumps_may_meet_along_their_axis(tmp_path: Path) -> None:
    strided = "conv: b, kernel: 3, stride: 2, padding: 1, channels: 2, from: input"
    report = analysed(tmp_path, 12, f"conv: a, {CONV}", strided, "concat: c, from: [a, b], axis: length")
    assert (report["c"].size, report["c"].jump, report["c"].smallest_path) == ((18,), (None,), (3,))
    assert [seen(report, "c")[unit] for unit in (11, 12, 13)] == [[10, 11], [0, 1], [1, 2, 3]]


def test_the_first_map_and_the_last_go_on_beyond_the_ends(tmp_path: Path) -> None:
    report = analysed(tmp_path, 12, "relu: a", "concat: c, from: [a, input], axis: length", f"conv: d, {CONV}")
    assert [report.unit("d", (unit,))[0].field for unit in (0, 11, 12, 23)] == [
        Interval(-1, 1),
        Interval(0, 11),
        Interval(0, 11),
        Interval(10, 12),
    ]


def test_what_a_gate_shows_is_seen_where_its_map_lies(tmp_path: Path) -> None:
    gate = "squeeze_excite: g, squeeze: 2, from: left"
    report = analysed(tmp_path, 12, *HALVES, gate, "concat: c, from: [g, b], axis: length", f"conv: d, {CONV}")
    assert report["c"].global_context
    assert [report.unit("c", (unit,))[0].visible for unit in (0, 5, 6)] == [
        Interval(0, 5),
        Interval(0, 5),
        Interval(6, 7),
    ]
    assert [report.unit("d", (unit,))[0].visible for unit in (5, 6, 7)] == [
        Interval(0, 7),
        Interval(0, 8),
        Interval(6, 9),
    ]
    assert report.unit("d", (6,))[0].spatial_visible == Interval(5, 8)


def test_a_map_of_one_value_is_context_where_it_lies(tmp_path: Path) -> None:
    """Of a pooled map that is spread again no unit has a place; beside another it is no spatial path."""
    pooled = ("global_avgpool: p", "upsample: s, size: input")
    report = analysed(tmp_path, 8, *pooled, f"conv: a, from: input, {CONV}", "concat: c, from: [s, a], axis: length")
    own, other = report.unit("c", (3,))[0], report.unit("c", (8,))[0]
    assert (own.visible, own.spatial_visible, other.visible) == (Interval(0, 7), None, Interval(0, 1))
    assert report["c"].global_context


# -- on several axes -------------------------------------------------------------------------------------------------


def test_costs_are_those_of_maps_that_are_only_put_together(tmp_path: Path) -> None:
    report = analysed(
        tmp_path, [6, 8], f"conv: a, {CONV}", "concat: c, from: [a, a, a], axis: width", f"conv: d, {CONV}"
    )
    assert (report["c"].size, report["c"].channels, report["c"].parameters, report["c"].macs) == ((6, 24), 2, 0, 0)
    assert (report["d"].macs, report["d"].parameters) == (2 * 2 * 9 * 6 * 24, 2 * 2 * 9 + 2)


def test_the_other_axis_is_told_as_of_one_of_them(tmp_path: Path) -> None:
    report = analysed(tmp_path, [9, 9], f"conv: a, {CONV}", "concat: c, from: [a, a], axis: width", f"conv: d, {CONV}")
    assert figures(report, "d") == ((9, 18), (1, None), (Fraction(1, 2), None), (5, 11), (0, None))
    assert report.path_counts("d", 4, 0) == {2: 1, 3: 2, 4: 3, 5: 2, 6: 1}
    assert report.density("c") == (Fraction(1), Fraction(1))


def test_four_quarters_stand_in_two_rows(tmp_path: Path) -> None:
    quarters = [
        f"crop: q{y}{x}, from: input, padding: [[{4 * y}, {4 - 4 * y}], [{4 * x}, {4 - 4 * x}]]"
        for y, x in product(range(2), repeat=2)
    ]
    rows = ["concat: top, from: [q10, q11], axis: width", "concat: bottom, from: [q00, q01], axis: width"]
    report = analysed(tmp_path, [8, 8], *quarters, *rows, "concat: c, from: [top, bottom], axis: height")
    assert figures(report, "c")[:2] == ((8, 8), (None, 1))
    assert [axis.visible for axis in report.unit("c", (0, 5))] == [Interval(4, 4), Interval(5, 5)]


def test_on_three_axes_time_is_the_first(tmp_path: Path) -> None:
    conv = "conv: a, kernel: 3, padding: 1, channels: 2"
    report = analysed(tmp_path, [4, 6, 6], conv, "concat: c, from: [a, a], axis: depth")
    half = Fraction(1, 2)
    assert figures(report, "c") == ((8, 6, 6), (None, 1, 1), (None, half, half), (3, 3, 3), (None, 0, 0))


UNLIKE = {
    "another window": (
        ["conv: b, from: input, kernel: [5, 3], padding: [2, 1], channels: 2"],
        "unit 0 of a sees -1 to 1, of b -2 to 2",
    ),
    "moved": (
        ["conv: b, from: input, kernel: 3, padding: [[0, 2], [1, 1]], channels: 2"],
        "unit 0 of a sees -1 to 1, of b 0 to 2",
    ),
    "seen by a gate alone": (["squeeze_excite: b, squeeze: 2"], "unit 0 of a sees -1 to 1, of b -1 to 6"),
    "other ways to the same": (
        [
            "conv: s, from: input, kernel: [2, 3], padding: [[1, 0], [1, 1]], channels: 2",
            "conv: b, kernel: [2, 1], padding: [[0, 1], [0, 0]], channels: 2",
        ],
        "a and b see the same by other ways",
    ),
}


@pytest.mark.parametrize("name", UNLIKE)
def test_maps_that_are_not_made_alike_on_another_axis_are_refused(tmp_path: Path, name: str) -> None:
    """The layer has a line and a column, and the axis a name."""
    others, told = UNLIKE[name]
    with pytest.raises(rfdocs.CatalogueError) as refusal:
        analysed(tmp_path, [6, 6], f"conv: a, {CONV}", *others, "concat: c, from: [a, b], axis: width")
    assert f"net.yaml:{4 + len(others)}:5" in str(refusal.value)
    assert f"are not made alike along the height: {told}" in str(refusal.value)
    assert "make both by the same windows there" in str(refusal.value)


def test_what_is_alike_may_depend_on_the_size(tmp_path: Path) -> None:
    """SAME padding is another at odd sizes, where it begins elsewhere than a padding of one."""
    same = "conv: b, from: input, kernel: 3, stride: 2, padding: same, channels: 2"
    own = "conv: a, kernel: 3, stride: 2, padding: [[1, 1], [0, 1]], channels: 2"
    items = (own, same, "concat: c, from: [a, b], axis: width")
    assert analysed(tmp_path, [9, 8], *items)["c"].size == (5, 8)
    with pytest.raises(rfdocs.CatalogueError, match="not made alike along the height"):
        analysed(tmp_path, [8, 8], *items)
    network = rfdocs.load(tmp_path / "net.yaml").network
    assert nearest_lengths(network, 0, 8) == (7, 9)
    assert str(size_rule(network, 0, 9, 2)) == "2 k + 1"


# -- tiles ---------------------------------------------------------------------------------------------------------


def test_a_seam_is_in_the_way_of_tiles(tmp_path: Path) -> None:
    conv = "conv: a, kernel: 3, padding: 1, channels: 2"
    halves = ("crop: l, padding: [[0, 32]]", "crop: r, from: a, padding: [[32, 0]]")
    items = (conv, *halves, "concat: c, from: [l, r], axis: length", "add: d, from: [c, a]")
    report = analysed(tmp_path, 64, *items)
    assert [(obstacle.layer, obstacle.why) for obstacle in report.tiling("d").because] == [
        ("c", "maps stand side by side in it, and where they meet does not move with the image")
    ]
    with pytest.raises(rfdocs.InputError, match=r"where they meet does not move with the image \(c\)"):
        report.tiling("c")


def test_of_several_seams_the_last_is_named(tmp_path: Path) -> None:
    seams = [f"concat: {name}, from: [{read}, {read}], axis: length" for read, name in ("ab", "bc", "cd")]
    report = analysed(tmp_path, 64, "conv: a, kernel: 3, padding: 1, channels: 2", *seams)
    with pytest.raises(rfdocs.InputError, match=r"where they meet does not move with the image \(d\)"):
        report.tiling("d")


def test_other_axes_are_cut_into_tiles_as_ever(tmp_path: Path) -> None:
    items = (f"conv: a, {CONV}", "concat: c, from: [a, a], axis: width", "conv: d, kernel: 3, channels: 2")
    report = analysed(tmp_path, [64, 64], *items)
    network = report.network
    whole = WholeAxis(network, network, 0, trace_axis(network, 0, 64))
    tiling, in_the_way = AxisSearch(whole, network.node("d")).tiling(32)
    assert (tiling.context, tiling.discard, in_the_way) == ((1, 3), (1, 1), [])
    with pytest.raises(rfdocs.InputError, match="does not move with the image"):
        report.tiling("d")
