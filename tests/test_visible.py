"""What the units of a real map see: every rule beside the sets of pixels, which are put together tap by tap."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.reads import Adaptive, Broadcast, Edge, Interpolated, Nearest, Reads, TransposedWindow, Window
from rfdocs.algebra.visible import (
    VisibleFields,
    visible_image,
    visible_on_side,
    visible_through,
    visible_union,
    visible_with_gate,
)

small = st.integers(1, 4)
windows = st.builds(Window, st.integers(1, 5), small, small, st.integers(-2, 5), st.sampled_from(Edge))
zero_padded = st.builds(Window, st.integers(1, 20), small, small, st.integers(-2, 9))
layers = st.one_of(
    windows,
    zero_padded,
    st.builds(TransposedWindow, small, small, small, st.integers(0, 4)),
    st.builds(Nearest, small, small),
    st.builds(Interpolated, small, small, st.integers(-3, 3), st.integers(1, 2)),
)
Sets = list[set[int]]


def known(sets: Sequence[set[int]], *, kept: bool) -> VisibleFields:
    """Fields that see just these pixels."""
    bits = [sum(1 << pixel for pixel in pixels) for pixels in sets]
    firsts = [min(pixels, default=1 << 30) for pixels in sets]
    return VisibleFields(firsts, [max(pixels, default=-1) for pixels in sets], bits if kept else None)


def hulls(sets: Sequence[set[int]]) -> list[Interval | None]:
    return [hull(Interval(pixel, pixel) for pixel in pixels) for pixels in sets]


def seen(fields: VisibleFields) -> list[Interval | None]:
    return [fields.at(unit) for unit in range(len(fields.firsts))]


#: The pixels that every unit of a map of at least two units sees, maybe none.
maps = st.lists(st.sets(st.integers(0, 12)), min_size=2, max_size=40)


@given(layers, maps, st.none() | st.integers(1, 40), st.booleans())
def test_a_layer_sees_what_its_taps_on_the_real_map_see(
    layer: Reads, below: Sets, length: int | None, kept: bool
) -> None:
    taps = [layer.real_taps(unit, len(below)) for unit in range(len(below) if length is None else length)]
    expected = [set().union(*(below[tap] for tap in found)) for found in taps]
    found = visible_through(layer, known(below, kept=kept), length)
    if kept:
        assert [found.count(unit) for unit in range(len(taps))] == [len(pixels) for pixels in expected]
    assert seen(found) == hulls(expected)


@pytest.mark.parametrize("layer", [Window(before=1), Window(before=-1), Window(stride=2), Window(dilation=2), Window()])
def test_a_window_of_one_tap_may_move_the_map(layer: Window) -> None:
    image = visible_image(6)
    places = [unit * layer.stride - layer.before for unit in range(6)]
    assert seen(visible_through(layer, image)) == [Interval(at, at) if 0 <= at < 6 else None for at in places]
    assert seen(visible_through(Window(), image, 4)) == [Interval(at, at) for at in range(4)]


@pytest.mark.parametrize(("kernel", "length"), [(15, 40), (16, 40), (17, 40), (3, 9), (9, 9)])
@pytest.mark.parametrize("before", [-1, 0, 1, 8])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_long_windows_and_short_maps_give_the_same_as_others(
    kernel: int, length: int, before: int, stride: int
) -> None:
    window = Window(kernel, stride, 1, before)
    units = (length + 2 * before - kernel) // stride + 2
    expected = [{tap for tap in window.taps(unit) if 0 <= tap < length} for unit in range(units)]
    assert seen(visible_through(window, visible_image(length), units)) == hulls(expected)


@pytest.mark.parametrize("layer", [Adaptive(3, 6), Broadcast()])
def test_other_layers_see_what_their_taps_see(layer: Reads) -> None:
    expected = [set(layer.taps(unit)) for unit in range(3)]
    assert seen(visible_through(layer, visible_image(6), 3)) == hulls(expected)


@given(maps, st.integers(0, 12), st.booleans())
def test_who_sees_a_pixel_is_told_by_sets_where_they_are_kept_and_by_hulls_elsewhere(
    sets: Sets, pixel: int, kept: bool
) -> None:
    found = known(sets, kept=kept)
    if kept:
        assert found.units_that_see(pixel) == [unit for unit, pixels in enumerate(sets) if pixel in pixels]
    else:
        around = [part is not None and part.first <= pixel <= part.last for part in hulls(sets)]
        assert found.units_that_see(pixel) == [unit for unit, holds in enumerate(around) if holds]
        assert [found.count(unit) for unit in range(len(sets))] == [part.size if part else 0 for part in hulls(sets)]


@given(st.integers(0, 6), st.integers(0, 6), st.lists(st.sets(st.integers(0, 12)), max_size=2), st.booleans())
def test_all_see_a_stretch_if_each_unit_sees_each_of_its_pixels(
    first: int, more: int, others: Sets, kept: bool
) -> None:
    stretch = Interval(first, first + more)
    pixels = set(range(first, first + more + 1))
    full = [pixels | {12}, pixels | {0}, pixels]
    assert known(full, kept=kept).all_units_see(stretch)
    for missing in ({stretch.first}, {stretch.last}):
        assert not known([pixels | {12}, pixels - missing, pixels], kept=kept).all_units_see(stretch)
    sets = [pixels, *others]
    holding = [part is not None and part.first <= first and part.last >= stretch.last for part in hulls(sets)]
    expected = all(pixels <= one for one in sets) if kept else all(holding)
    assert known(sets, kept=kept).all_units_see(stretch) == expected


@given(
    st.integers(1, 5).flatmap(
        lambda size: st.lists(
            st.lists(st.sets(st.integers(0, 12)), min_size=size, max_size=size), min_size=1, max_size=3
        )
    ),
    st.booleans(),
)
def test_several_paths_see_together_what_each_sees(paths: list[Sets], kept: bool) -> None:
    together = [set().union(*unit) for unit in zip(*paths, strict=True)]
    found = visible_union([known(path, kept=kept) for path in paths])
    assert seen(found) == hulls(together)
    assert not kept or [found.count(unit) for unit in range(len(together))] == [len(pixels) for pixels in together]


def test_pixels_stand_in_sets_at_their_own_places() -> None:
    image = visible_image(4, sets=True)
    assert image.sets == [1, 2, 4, 8]
    assert seen(image) == seen(visible_image(4)) == [Interval(at, at) for at in range(4)]
    assert seen(visible_through(Window(kernel=2, edge=Edge.CIRCULAR), image)) == [
        *(Interval(at, at + 1) for at in range(3)), Interval(0, 3)
    ]  # fmt: skip


@pytest.mark.parametrize("kernel", [2, 3])
def test_a_window_of_several_taps_changes_what_is_seen_where_the_size_stays(kernel: int) -> None:
    ends = [min(at + kernel - 1, 5) for at in range(6)]
    assert seen(visible_through(Window(kernel), visible_image(6), 6)) == list(map(Interval, range(6), ends))


def test_a_gate_of_hulls_adds_a_hull_to_fields_that_keep_sets() -> None:
    kept, hulled = known([{0, 2}, {3}], kept=True), known([{1}, {4}], kept=False)
    for fields, gate in ((kept, hulled), (hulled, kept)):
        assert seen(visible_with_gate(fields, gate)) == hulls(
            [
                {*range(a.first, a.last + 1)} | {*range(min(gate.firsts), max(gate.lasts) + 1)}
                for a in map(fields.at, (0, 1))
                if a
            ]
        )


@given(maps, maps, st.booleans())
def test_a_gate_adds_all_that_its_map_sees_to_every_unit(fields: Sets, gate: Sets, kept: bool) -> None:
    context = set().union(*gate)
    found = visible_with_gate(known(fields, kept=kept), known(gate, kept=kept))
    assert seen(found) == hulls([pixels | context for pixels in fields])
    assert not kept or [found.count(unit) for unit in range(len(fields))] == [len(one | context) for one in fields]


@given(maps, st.booleans(), st.booleans())
def test_a_gate_to_one_side_adds_what_lies_there(gate: Sets, kept: bool, before: bool) -> None:
    places = range(len(gate))
    wanted = [set().union(*(gate[: at + 1] if before else gate[at:])) for at in places]
    found = visible_on_side(known(gate, kept=kept), before=before)
    assert seen(found) == hulls(wanted)
    assert not kept or [found.count(unit) for unit in places] == list(map(len, wanted))
