"""The guide's figures: their bars and cells are what reports say, and what is drawn as an example is computed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from matplotlib.path import Path

import rfdocs
from rfdocs.figures import draw_guide, guide_blocks, guide_blurred, guide_channels, guide_moved_taps, guide_pairs
from rfdocs.figures.canvas import Canvas, Shape, Words
from rfdocs.figures.guide_networks import small_report
from rfdocs.graph import Report

DOWN = "conv: down, kernel: 3, stride: 2, padding: 1, channels: 1"


@pytest.fixture
def canvases(monkeypatch: pytest.MonkeyPatch) -> list[Canvas]:
    """The pages that figures are drawn on, from now on."""
    finished: list[Canvas] = []
    drawing = Canvas.drawing

    def kept(self: Canvas, title: str, alternative: str) -> rfdocs.figures.Drawing:
        finished.append(self)
        return drawing(self, title, alternative)

    monkeypatch.setattr(Canvas, "drawing", kept)
    return finished


def parts(canvas: Canvas, label: str) -> list[tuple[float, float, float, float]]:
    """The first and the last corner of every line or box of one label."""
    (path,) = [artist.path for artist in canvas.artists if isinstance(artist, Shape) and artist.label == label]
    corners = 5 if Path.CLOSEPOLY in np.asarray(path.codes) else 2
    rows = np.asarray(path.vertices).reshape(-1, corners, 2)
    return [(*row[0].tolist(), *row[2 if corners == 5 else 1].tolist()) for row in rows]


def bars(canvas: Canvas, label: str) -> dict[int, tuple[float, float]]:
    """From where to where the bar of each row goes; none where there is no such shape."""
    labels = [artist.label for artist in canvas.artists if isinstance(artist, Shape)]
    return {int(top): (left, right) for left, top, right, _ in parts(canvas, label)} if label in labels else {}


def seen(report: Report, spatial: bool = False) -> dict[int, tuple[float, float]]:
    """What each unit of the last layer sees, as bars have it."""
    units = [report.unit(report.last.name, (unit,))[0] for unit in range(report.last.size[0])]
    fields = [unit.spatial_visible if spatial else unit.visible for unit in units]
    return {row: (field.first, field.last + 1) for row, field in enumerate(fields) if field is not None}


@pytest.mark.parametrize(
    ("name", "layer", "own", "label"),
    [
        ("attention", "attention: m", True, "seen"),
        ("token_mixing", "token_mixing: m, hidden: 4", False, "seen"),
        ("fourier", "fourier: m", False, "seen"),
        ("opaque", "opaque: m", False, "at most"),
    ],
)
def test_whole_maps_are_seen_whole_and_only_a_gate_leaves_units_their_place(
    name: str, layer: str, own: bool, label: str, canvases: list[Canvas]
) -> None:
    draw_guide("guide-whole-map")
    report = small_report(16, DOWN, layer)
    assert bars(canvases[0], f"{label} {name}") == seen(report) == dict.fromkeys(range(8), (0, 16))
    assert bars(canvases[0], f"own {name}") == (seen(report, spatial=True) if own else {})
    assert not bars(canvases[0], f"{'seen' if label == 'at most' else 'at most'} {name}")


def test_a_token_sees_nothing_before_attention_and_all_behind_it(canvases: list[Canvas]) -> None:
    told = draw_guide("guide-tokens").alternative
    (canvas,) = canvases
    own, behind = small_report(16, DOWN), small_report(16, DOWN, "class_token: t", "attention: m")
    assert "Put beside: unit 4 reads 7 to 9 in its place and sees 7 to 9; the token sees nothing." in told
    assert [bars(canvas, f"token {name}") for name in ("put beside", "attended", "taken", "dropped")] == [
        {}, {8: (0, 16)}, {8: (0, 16)}, {},
    ]  # fmt: skip
    for name in ("put beside", "attended", "dropped"):
        assert bars(canvas, f"own {name}") == seen(own)
    for name in ("attended", "dropped"):
        assert bars(canvas, f"seen {name}") == seen(behind)
    assert not bars(canvas, "own taken")
    assert not bars(canvas, "seen put beside")


def test_tokens_that_are_dropped_and_put_back_leave_the_figures_second_part() -> None:
    layers = (DOWN, "class_token: t", "attention: m", "drop_tokens: d")
    back = small_report(16, *layers, "put_tokens: p, from: [d, m]")
    assert (seen(back), seen(back, spatial=True)) == (seen(small_report(16, *layers[:3])), seen(small_report(16, DOWN)))
    assert (back["m"].tokens, back["d"].tokens, back["p"].tokens) == (1, 0, 1)
    taken = small_report(16, *layers, "put_tokens: p, from: [d, m]", "take_token: k")
    assert taken.unit("k", (0,))[0].visible == (0, 15)


@pytest.mark.parametrize("name", guide_channels.PARTS)
def test_every_channel_sees_of_both_images_what_it_sees_of_the_input_that_has_both(
    name: str, canvases: list[Canvas]
) -> None:
    draw_guide("guide-channels")
    behind = guide_channels.PARTS[name]
    fields = {image: guide_channels.channels_see(image, behind) for image in ("first", "second")}
    for image, own in fields.items():
        wanted = {row: (field.first, field.last + 1) for row, field in enumerate(own) if field is not None}
        assert bars(canvases[0], f"{image} {name}") == wanted
    joined = guide_channels.of_channels([*guide_channels.SLICES, *guide_channels.BRANCHES, *behind], 6)
    for whole, *both in zip(joined, *fields.values(), strict=True):
        ends = [end for field in both if field is not None for end in field]
        assert whole == (min(ends), max(ends))


def test_a_slice_takes_the_channels_from_its_offset_on_and_a_shuffle_deals_them_out() -> None:
    assert ["first" if field else "second" for field in guide_channels.channels_see("first", [])] == [
        *["first"] * 3, *["second"] * 3,
    ]  # fmt: skip
    for name, order in {"a slice": [2, 3, 4], "shuffled": [0, 3, 1, 4, 2, 5]}.items():
        for image in ("first", "second"):
            joined = guide_channels.channels_see(image, [])
            assert guide_channels.channels_see(image, guide_channels.PARTS[name]) == [joined[place] for place in order]


def test_blocks_hold_every_pixel_once_and_shuffled_back_all_are_in_their_place() -> None:
    channels = guide_blocks.channels_of_blocks()
    flat = [number for numbers in channels for line in numbers for number in line]
    assert sorted(flat) == [*range(16)]
    assert channels[1] == [[1, 3], [9, 11]]
    assert guide_blocks.units_of_channels(channels) == np.arange(16).reshape(4, 4).tolist()


def test_a_convolution_of_its_blocks_is_that_layout_and_a_matrix() -> None:
    patches = small_report((4, 4), "conv: c, kernel: 2, stride: 2, channels: 8").last
    unfolded = small_report((4, 4), "space_to_depth: s, scale: 2", "conv: c, kernel: 1, channels: 8").last
    assert (patches.parameters, patches.macs, patches.receptive_field, patches.start) == (
        unfolded.parameters, unfolded.macs, unfolded.receptive_field, unfolded.start,
    )  # fmt: skip


def test_offsets_are_found_of_the_field_that_is_told_and_moved_taps_leave_it(canvases: list[Canvas]) -> None:
    draw_guide("guide-moved-taps")
    (canvas,) = canvases
    assert parts(canvas, "field moved") == parts(canvas, "field offsets") == [(3, 3, 6, 6)]
    assert len(parts(canvas, "read offsets")) == 9
    report = small_report((9, 9), "deformable_conv: d, kernel: 3, padding: 1, channels: 1")
    places = guide_moved_taps.moved(guide_moved_taps.taps(report))
    read = guide_moved_taps.pixels_read(places)
    assert sorted((int(top), int(left)) for left, top, *_ in parts(canvas, "read moved")) == read
    assert report.last.bound.value == "at least"
    assert {row for row, _ in read} > {3, 4, 5} < {column for _, column in read}


def test_only_pixels_with_a_weight_are_read_around_a_place() -> None:
    half = Fraction(1, 2)
    assert guide_moved_taps.pixels_read({(0, 0): (Fraction(2), Fraction(3))}) == [(2, 3)]
    assert guide_moved_taps.pixels_read({(0, 0): (Fraction(2), 3 - half)}) == [(2, 2), (2, 3)]
    assert guide_moved_taps.pixels_read({(0, 0): (-half, half)}) == [(-1, 0), (-1, 1), (0, 0), (0, 1)]


@pytest.mark.parametrize(("name", "learned"), [("stride 2", 0), ("stride 1, blur", 0), ("stride 1, conv", 3)])
def test_a_blur_reads_as_learned_weights_do_and_learns_nothing(name: str, learned: int, canvases: list[Canvas]) -> None:
    draw_guide("guide-blurred")
    report = small_report(12, *guide_blurred.PARTS[name])
    assert bars(canvases[0], f"read {name}") == seen(report)
    assert (report.parameters, report.last.size) == (learned, (6,))
    assert report.last.receptive_field == ((2,) if name == "stride 2" else (4,))
    words = [artist.text for artist in canvases[0].artists if isinstance(artist, Words) and artist.style.strong]
    assert words.count("0") == 2


def test_the_cost_of_pairs_grows_with_the_square_of_the_units(canvases: list[Canvas]) -> None:
    draw_guide("guide-pairs")
    entry = rfdocs.load(guide_pairs.NETWORK)
    found = {side: guide_pairs.macs_of_pairs(entry.analyze(side)) for side in guide_pairs.SIDES}
    units = {side: (side // 16) ** 2 + 1 for side in found}
    assert len({Fraction(macs, units[side] ** 2) for side, macs in found.items()}) == 1
    rest = {side: entry.analyze(side).macs - macs for side, macs in found.items()}
    assert rest[896] / rest[448] == pytest.approx(4, rel=0.01)
    drawn = [artist for artist in canvases[0].artists if isinstance(artist, Shape) and artist.label == "part"]
    widths = [np.asarray(artist.path.vertices).max(axis=0)[0] for artist in drawn]
    assert [width / widths[2] for width in widths[:3]] == pytest.approx([found[side] / found[896] for side in found])


def test_what_is_learned_of_places_is_a_number_for_each_channel_of_each_unit_and_token() -> None:
    report = rfdocs.load(guide_pairs.NETWORK).analyze()
    assert guide_pairs.learned_besides(report) == (14 * 14 + 1) * 192 + 192
