"""Windows that slide: every step of the drawing against what the layer reads, and the figure in a browser."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import product
from math import floor, prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from test_figures import collisions, contrast, stray

from rfdocs.errors import RfdocsError
from rfdocs.figures.animation import PACE, MotionLayout, moving_drawing, still_drawing
from rfdocs.figures.asked_window import OPERATIONS, WrongWindow, asked_window
from rfdocs.figures.cell_shapes import MADE, READ, CellKind
from rfdocs.figures.cell_values import WrongValues, cell_values
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.palette import BLUE, DARK_GROUND, INK, LIGHT_GROUND, PINK, RED
from rfdocs.figures.sliding import Motion, NothingSlides, motion
from rfdocs.graph import Report
from rfdocs.operators import Channels, Maps
from rfdocs.pages.relations import OF_OPERATION, Setting
from rfdocs.pages.window_caption import channels_caption, sized_windows, window_caption

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SVG = "{http://www.w3.org/2000/svg}"
#: Where the maps begin, below their names.
TOP = 34
WINDOWS = [
    ((4, 4), "conv: a, kernel: 3, channels: 1"),
    ((5, 5), "conv: a, kernel: 4, padding: 2, channels: 1"),
    ((6, 6), "conv: a, kernel: 3, stride: 2, padding: 1, channels: 1"),
    ((5, 7), "conv: a, kernel: [3, 2], stride: [1, 2], dilation: [1, 2], channels: 1"),
    ((9,), "conv: a, kernel: 2, dilation: 4, padding: [[4, 0]], channels: 1"),
    ((5, 5), "maxpool: a, kernel: 2, stride: 2, ceil_mode: true"),
    ((3, 3), "transposed_conv: a, kernel: 3, stride: 2, padding: 1, output_padding: 1, channels: 1"),
    ((4,), "transposed_conv: a, kernel: 2, stride: 3, channels: 1"),
    ((3,), "transposed_conv: a, kernel: 3, dilation: 2, padding: 1, channels: 1"),
]


def shown(report: Report) -> Motion:
    return motion(report, report.layers[0])


@pytest.mark.parametrize(("size", "layer"), WINDOWS)
def test_every_step_marks_what_the_layer_reads(size: tuple[int, ...], layer: str) -> None:
    report = small_report(size, layer)
    moving = shown(report)
    for axis, sliding in enumerate(moving.axes):
        (reads,) = report.layers[0].axes[axis].reads
        for unit, start in enumerate(sliding.starts):
            marked = [sliding.real.index(start + tap) for tap in sliding.offsets if start + tap in sliding.real]
            assert marked == [tap for tap in reads.taps(unit) if 0 <= tap < size[axis]]
            assert sliding.first <= start
            assert start + sliding.offsets[-1] <= sliding.last
        assert len(sliding.starts) == report.layers[0].size[axis]
        assert len(sliding.real) == size[axis]


@pytest.mark.parametrize(("size", "layer"), WINDOWS)
def test_the_drawing_moves_to_every_unit_in_turn_and_stays_in_sight(size: tuple[int, ...], layer: str) -> None:
    moving = shown(small_report(size, layer))
    layout = MotionLayout.of(moving, WIDTH)
    root = ET.fromstring(moving_drawing(moving).svg)
    window, unit = root.iter(f"{SVG}animateTransform")
    assert {one.get("dur") for one in (window, unit)} == {f"{PACE * len(moving.steps):g}s"}
    cells = [places(one, layout) for one in (window, unit)]
    rows, columns = (moving.down, moving.across)
    expected = [(columns.starts[x] - columns.first, rows.starts[y] - rows.first) for y, x in all_units(moving)]
    assert cells[0] == expected
    output = round((layout.output - 1) / layout.cell, 2)
    assert [(round(x - output, 1), y) for x, y in cells[1]] == [(x, y) for y, x in all_units(moving)]
    maps = root.findall(f"{SVG}path")
    assert all(inside(squares, layout) for squares in maps)
    drawn_cells = sum(str(squares.get("d")).count("M") for squares in maps)
    assert drawn_cells == rows.cells * columns.cells + len(moving.steps)


def all_units(moving: Motion) -> list[tuple[int, int]]:
    return list(product(range(len(moving.down.starts)), range(len(moving.across.starts))))


def places(one: ET.Element, layout: MotionLayout) -> list[tuple[float, float]]:
    """Where it moves to, in cells from the input's first."""
    pairs = [pair.split() for pair in str(one.get("values")).split(";")]
    return [(round((float(x) - 1) / layout.cell, 1), round((float(y) - TOP) / layout.cell, 1)) for x, y in pairs]


def inside(one: ET.Element, layout: MotionLayout) -> bool:
    corners = [tuple(map(float, pair)) for pair in re.findall(r"M(\S+) (\S+?)h", str(one.get("d")))]
    side = layout.cell
    return all(0 <= x <= WIDTH - side + 0.01 and 0 <= y <= layout.height - side + 0.01 for x, y in corners)


@pytest.mark.parametrize(("size", "layer"), WINDOWS)
def test_stills_are_the_first_steps_and_the_last(size: tuple[int, ...], layer: str) -> None:
    moving = shown(small_report(size, layer))
    drawing: Drawing = still_drawing(moving)
    root = ET.fromstring(drawing.svg)
    assert "animate" not in drawing.svg
    told = [re.findall(r"\d+", text) for text in texts(root) if text.startswith("step")]
    count = len(moving.steps)
    assert told[0] == ["1", str(count)]
    assert told[-1] == [str(count), str(count)]
    assert len(told) == min(count, 4)


def test_what_does_not_slide_or_is_too_large_is_refused() -> None:
    for size, layer, why in [
        ((6, 6), "upsample: a, scale: 2", "no window slides"),
        ((50,), "conv: a, kernel: 3, channels: 1", "its input has 50 cells"),
        ((38, 38), "conv: a, kernel: 3, channels: 1", "it makes 1296 units"),
        ((4, 4, 13), "conv: a, kernel: 3, channels: 1", "its input has 13 cells with its padding; at most 12"),
        ((21,), "transposed_conv: a, kernel: 1, stride: 2, channels: 1", "its input has 41 cells"),
    ]:
        with pytest.raises(NothingSlides, match=why):
            shown(small_report(size, layer))


# -- in slices ------------------------------------------------------------------------------------------------


def cells_of(path: ET.Element, layout: MotionLayout, left: float) -> set[tuple[int, int, int]]:
    """Slice, row and column of the cells that a path outlines in a map that begins at ``left``."""
    corners = [tuple(map(float, pair)) for pair in re.findall(r"M(\S+) (\S+?)h", str(path.get("d")))]
    found = set()
    for x, y in corners:
        slice_, below = divmod(y - TOP + 0.01, layout.drop)
        row = round(below / layout.fall)
        found.add((int(slice_), row, round((x - left + row * layout.slant) / layout.cell)))
    return found


@pytest.mark.parametrize(
    "layer",
    [
        "conv: a, kernel: 3, channels: 1",
        "conv: a, kernel: [3, 1, 2], padding: [1, 0, 1], stride: [1, 2, 1], channels: 1",
        "transposed_conv: a, kernel: 2, stride: [2, 1, 1], channels: 1",
    ],
)
def test_a_cube_is_drawn_slice_by_slice(layer: str) -> None:
    moving = shown(small_report((4, 3, 5), layer))
    layout = MotionLayout.of(moving, WIDTH)
    root = ET.fromstring(moving_drawing(moving).svg)
    maps = root.findall(f"{SVG}path")
    cells = set(product(*[range(axis.cells) for axis in moving.axes]))
    inside = {
        cell for cell in cells if all(at + axis.first in axis.real for at, axis in zip(cell, moving.axes, strict=True))
    }
    *added, units, output = [cells_of(path, layout, layout.left) for path in maps[:-1]] + [
        cells_of(maps[-1], layout, layout.output)
    ]
    assert units == inside
    assert set().union(*added) == cells - inside
    assert output == set(moving.steps)
    window, unit = root.iter(f"{SVG}animateTransform")
    assert walked(window, layout, layout.left) == [{moving.start(step)} for step in moving.steps]
    assert walked(unit, layout, layout.output) == [{step} for step in moving.steps]
    taps = root.find(f"{SVG}g/{SVG}path")
    assert taps is not None
    assert str(taps.get("d")).count("M") == len(list(product(*[axis.offsets for axis in moving.axes])))


def walked(mark: ET.Element, layout: MotionLayout, left: float) -> list[set[tuple[int, int, int]]]:
    """The cells at which a mark is, step by step."""
    places = str(mark.get("values")).split(";")
    return [cells_of(ET.Element("path", d=f"M{place}h"), layout, left) for place in places]


@pytest.mark.parametrize(("channels", "filters", "groups"), [(3, 2, 1), (4, 4, 2), (4, 2, 2), (3, 3, 3), (2, 6, 2)])
def test_filters_read_the_channels_of_their_groups(channels: int, filters: int, groups: int) -> None:
    asked = asked_window({"input": (4, 4), "kernel": 3, "channels": channels, "filters": filters, "groups": groups})
    report = asked.report()
    moving = asked.motion(report)
    operator = report.network.layers[0].operator
    first = moving.axes[0]
    for filter_, start in enumerate(first.starts):
        (read,) = operator.origins(Channels(((filter_, filter_ + 1),)), (channels,))
        assert read == Channels(((start, start + len(first.offsets)),))
    assert len(moving.steps) == 4 * filters
    weights = len(first.offsets) * 9 * filters
    assert operator.parameters(Maps(channels, (4, 4), filters, (2, 2))) == weights + filters, "and a bias each"
    assert f"{weights} in all." in channels_caption(report)


def test_each_group_has_its_colour_and_its_window_is_seen_in_its_turn() -> None:
    asked = asked_window({"input": (3, 3), "kernel": 2, "channels": 4, "groups": 2})
    moving = asked.motion(asked.report())
    root = ET.fromstring(moving_drawing(moving).svg)
    colors = [path.get("fill") for path in root.findall(f"{SVG}path")]
    assert colors == [BLUE.light, PINK.light] * 2, "the channels of the input, and those of the output"
    marks = [mark for mark in root.findall(f"{SVG}g") if mark.find(f"{SVG}animate") is not None]
    shapes = [shape.get("fill") for mark in marks for shape in mark.findall(f"{SVG}g/{SVG}path")]
    assert shapes == [BLUE.light] * 2 + [PINK.light] * 2
    seen = [str(one.get("values")).split(";") for mark in marks for one in mark.findall(f"{SVG}animate")]
    halves = [["visible"] * 8 + ["hidden"] * 8, ["hidden"] * 8 + ["visible"] * 8]
    assert seen == [halves[0], halves[0], halves[1], halves[1]]
    *_, still, key = ET.fromstring(still_drawing(moving).svg).findall(f"{SVG}g")
    own = [mark.find(f"{SVG}path") for mark in still.findall(f"{SVG}g[@transform]")]
    assert [shape.get("fill") for shape in own if shape is not None] == [PINK.light] * 2
    assert texts(key) == ["unit", "read, made", "1\N{EN DASH}2: groups"]
    assert [text for text in texts(still) if text.isdigit()] == ["1", "1", "2", "2"] * 2, "and beside its channels"


def test_channels_of_one_axis_are_rows_and_a_pooling_takes_each_for_itself() -> None:
    asked = asked_window({"operation": "maxpool", "input": (6,), "kernel": 2, "channels": 3})
    moving = asked.motion(asked.report())
    assert [len(axis.starts) for axis in moving.solid] == [1, 3, 3]
    assert moving.groups == 3
    assert channels_caption(asked.report()) == "Each of 3 channels is taken for itself."


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"input": (4, 4, 4), "channels": 2}, "with their channels, only windows over one or two axes"),
        ({"input": (4, 4), "channels": 13}, "it has too many channels; at most 12"),
        ({"input": (4,), "channels": 4, "groups": 3}, "its 3 groups do not divide the 4 input channels"),
        ({"input": (4,), "operation": "maxpool", "channels": 4, "filters": 3}, "a pooling takes every channel"),
        ({"input": (4,), "groups": 3}, "filters and groups are of channels, and none are given"),
        ({"input": (4,), "output-padding": 1}, "output padding is of transposed convolutions alone"),
        ({"input": (4,), "channels": 2, "values": ((1, 2, 3, 4),), "weights": ((1, 2),)}, "values are shown of"),
        ({"input": (4,), "stride": 0}, "stride: 0 found; allowed: a whole number"),
        ({"input": (1,)}, "its window of 2 does not fit: the map has 1"),
        ({}, "an input and a kernel are needed"),
    ],
)
def test_what_cannot_be_asked_for_is_told(options: dict[str, Any], why: str) -> None:
    with pytest.raises(RfdocsError, match=why):
        asked_motion({"kernel": 2, **options})


def asked_motion(options: dict[str, Any]) -> Motion:
    asked = asked_window(options)
    return asked.motion(asked.report())


# -- what cells hold ------------------------------------------------------------------------------------------


def texts(within: ET.Element) -> list[str]:
    return [text.text or "" for text in within.iter(f"{SVG}text")]


def counted(moving: Motion) -> tuple[int, int, int]:
    """Units, zeros between them and padding, by the lengths of the axes alone."""
    units = prod(len(axis.real) for axis in moving.axes)
    stretched = prod(axis.real[-1] - axis.real[0] + 1 for axis in moving.axes)
    return units, stretched - units, prod(axis.cells for axis in moving.axes) - stretched


@pytest.mark.parametrize(
    ("size", "layer"), [*WINDOWS, ((2, 2, 2), "transposed_conv: a, kernel: 2, stride: 2, channels: 1")]
)
def test_units_zeros_and_padding_are_told_apart_by_what_is_in_them(size: tuple[int, ...], layer: str) -> None:
    moving = shown(small_report(size, layer))
    units, zeros, padding = counted(moving)
    assert [len(moving.cells[kind]) for kind in CellKind] == [units, zeros, padding]
    for drawing, count in ((moving_drawing(moving), 1), (still_drawing(moving), min(4, len(moving.steps)))):
        root = ET.fromstring(drawing.svg)
        key = root.findall(f"{SVG}g")[-1]
        assert texts(key) == ["unit", *["zero between"] * (zeros > 0), *["padding"] * (padding > 0), "read", "made"]
        assert dots(root) == count * (units + len(moving.steps)) + 1, "and one in the key"
        assert noughts(root) == count * zeros + (zeros > 0)
        shapes = [one.get("stroke-linecap") or one.get("stroke-width") for one in root.iter(f"{SVG}path")]
        assert shapes.count("2") == 2 * count + 2, "windows and units that are made"
        in_order = [one for one in shapes if one in ("2", "round")]
        assert in_order == ["2", "2", "round"] * count + ["round", "2", "2"], "signs lie on what is marked"


def dots(root: ET.Element) -> int:
    return sum(str(one.get("d")).count("h0") for one in root.iter() if one.get("stroke-linecap") == "round")


def noughts(root: ET.Element) -> int:
    return sum(str(one.get("d")).count("z") for one in root.iter() if one.get("stroke-width") == "1.5")


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_signs_stand_out_from_whatever_they_lie_on(ground: str) -> None:
    paper = LIGHT_GROUND if ground == "light" else DARK_GROUND
    ink, blue, red = (getattr(color, ground) for color in (INK, BLUE, RED))
    unit = over(ink, 0.1, paper)
    for below in (paper, unit, over(blue, READ, paper), over(blue, READ, unit), over(red, MADE, unit)):
        assert contrast(ink, below) >= 3, below


def over(color: str, alpha: float, below: str) -> str:
    mixed = [round(alpha * one + (1 - alpha) * other) for one, other in zip(parts(color), parts(below), strict=True)]
    return "#" + "".join(f"{one:02x}" for one in mixed)


def parts(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.mark.parametrize(("size", "layer"), WINDOWS)
def test_no_text_of_an_animation_overlaps_or_leaves_the_page(size: tuple[int, ...], layer: str) -> None:
    drawing = moving_drawing(shown(small_report(size, layer)))
    assert collisions(drawing) == []
    assert stray(drawing) == []


# -- captions -------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", OPERATIONS)
def test_the_formula_that_stands_below_comes_to_the_size(kind: str) -> None:
    """Every formula with its numbers put in, as a program reads it; and the settings of the grid meet all relations."""
    numbers = set()
    added = range(2) if kind == "transposed_conv" else range(1)
    grid = product(range(1, 8), range(1, 5), range(1, 4), range(3), range(3), range(1, 4), added)
    for i, k, s, p, behind, d, a in grid:
        options = {"kernel": k, "stride": s, "padding": [[p, behind]], "dilation": d, "output-padding": a or None}
        try:
            report = asked_window({"operation": kind, "input": (i,), **options}).report()
        except WrongWindow:
            continue
        (window,) = sized_windows(report)
        assert (window.setting, window.behind) == (Setting(i, k, s, p, d, a), behind)
        caption = window_caption(kind, [window])
        numbers |= {int(number) for number in re.findall(r"Relation (\d+)", caption)}
        *_, done, size = caption.partition(" Zeros ")[0].removesuffix(".").split(" = ")
        written = done.translate({ord("·"): "*", ord("⌊"): "int(", ord("⌋"): ")", ord("−"): "-"})
        assert str(window.size) == size
        assert done == "i" or eval(written, {"int": floor}) == window.size, caption
    assert numbers == set(OF_OPERATION[kind])


# -- values ---------------------------------------------------------------------------------------------------

ROWS = ((2, 0, 1, 3, -1), (1, 2, 0, 0, 2), (0, 1, 3, 1, 0), (2, 2, 0, 1, 1))
WEIGHTS = ((1, 0, -1), (2, 5, -2))


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (1, 2)])
def test_the_values_are_those_that_numpy_comes_to(stride: int, padding: int) -> None:
    report = small_report((4, 5), f"conv: a, kernel: [2, 3], stride: {stride}, padding: {padding}, channels: 1")
    values = cell_values(ROWS, WEIGHTS, "", (4, 5), (2, 3))
    moving = replace(shown(report), values=values)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(np.array(ROWS), padding), (2, 3))[::stride, ::stride]
    expected = (windows * np.array(WEIGHTS)).sum((2, 3)).ravel().tolist()
    assert [values.result(moving.read(unit)) for unit in moving.steps] == expected
    for unit, result in zip(moving.steps, expected, strict=True):
        lines = values.lines(moving.read(unit))
        assert eval_sum(lines) == result
        assert lines[-1] == f"= {result}".replace("-", "−")


def eval_sum(lines: list[str]) -> int:
    pairs = re.findall(r"(−?\d+)·\(?(−?\d+)", " ".join(lines))
    return sum(int(one.replace("−", "-")) * int(other.replace("−", "-")) for one, other in pairs)


@pytest.mark.parametrize(("kind", "of"), [("maxpool", np.max), ("avgpool", np.mean)])
def test_pooling_takes_the_largest_or_the_mean(kind: str, of: Any) -> None:
    moving = replace(
        shown(small_report((4, 5), f"{kind}: a, kernel: 2")), values=cell_values(ROWS, (), kind, (4, 5), (2, 2))
    )
    assert moving.values is not None
    told = [moving.values.result(moving.read(unit)) for unit in moving.steps]
    blocks = [np.array(ROWS)[y : y + 2, x : x + 2] for y in (0, 2) for x in (0, 2)]
    assert list(map(float, told)) == [float(of(block)) for block in blocks]


def test_values_appear_when_they_are_made_and_each_sum_at_its_step() -> None:
    report = small_report((4, 5), "conv: a, kernel: [2, 3], channels: 1")
    moving = replace(shown(report), values=cell_values(ROWS, WEIGHTS, "", (4, 5), (2, 3)))
    root = ET.fromstring(moving_drawing(moving).svg)
    seen = [str(one.get("values")).split(";") for one in root.iter(f"{SVG}animate")]
    count = len(moving.steps)
    assert seen[::2] == [["hidden"] * step + ["visible"] * (count - step) for step in range(count)]
    assert seen[1::2] == [["visible" if at == step else "hidden" for at in range(count)] for step in range(count)]
    texts = [text.text for text in root.findall(f"{SVG}text")]
    assert [text for text in texts if re.fullmatch(r"−?\d+", text or "")] == [
        str(value).replace("-", "−") for row in ROWS for value in row
    ]
    still = [text.text for text in ET.fromstring(still_drawing(moving).svg).iter(f"{SVG}text")]
    assert str(values_of(moving)[-1]).replace("-", "−") in still


def values_of(moving: Motion) -> list[int]:
    assert moving.values is not None
    return [int(moving.values.result(moving.read(unit))) for unit in moving.steps]


def test_values_that_do_not_fill_their_cells_are_refused() -> None:
    with pytest.raises(WrongValues, match="the values fill 4 x 5 cells, not 5 x 5"):
        cell_values(ROWS, WEIGHTS, "", (5, 5), (2, 3))
    with pytest.raises(WrongValues, match="the weights fill 2 x 3 cells, not 3 x 3"):
        cell_values(ROWS, WEIGHTS, "", (4, 5), (3, 3))
    with pytest.raises(WrongValues, match="the values fill 2 x 1 x 2 cells, not 1 x 3"):
        cell_values(((1,), (1, 2)), (), "maxpool", (3,), (2,))


# -- in a browser ---------------------------------------------------------------------------------------------


def start(page: "Page", site: Path) -> None:
    page.goto((site / "guide" / "convolution.html").as_uri())
    page.wait_for_selector(".rf-animation .rf-controls")


def test_a_reader_plays_stops_and_steps(opened: "Page", site: Path) -> None:
    opened.emulate_media(reduced_motion="no-preference")
    start(opened, site)
    figure = opened.locator(".rf-animation").nth(1)
    figure.scroll_into_view_if_needed()
    figure.get_by_role("button", name="pause").wait_for()
    told = figure.locator("output")
    opened.wait_for_function(
        "() => document.querySelectorAll('.rf-animation output')[1].textContent === 'step 3 of 36'"
    )
    figure.get_by_role("button", name="pause").click()
    before = told.text_content()
    assert before is not None
    figure.get_by_role("button", name="a step on").press("Enter")
    assert told.text_content() == f"step {int(before.split()[1]) + 1} of 36"
    figure.get_by_label("step", exact=True).press("End")
    assert told.text_content() == "step 36 of 36"
    assert figure.locator("svg").last.evaluate("(one) => one.getCurrentTime()") == pytest.approx(35.5 * PACE, abs=0.01)
    box = figure.locator(".rf-motion svg g").first
    at_end = box.evaluate("(one) => [...Array(2).keys()].map((k) => one.getCTM()['ef'[k]])")
    figure.get_by_role("button", name="a step on").click()
    assert told.text_content() == "step 1 of 36"
    assert box.evaluate("(one) => [...Array(2).keys()].map((k) => one.getCTM()['ef'[k]])") != at_end
    opened.emulate_media(reduced_motion="reduce")


def test_it_stands_still_where_no_motion_is_wanted_and_is_stills_without_scripts_and_in_print(
    opened: "Page", browser: "Browser", site: Path
) -> None:
    opened.emulate_media(reduced_motion="reduce")
    start(opened, site)
    first, stills = opened.locator(".rf-animation").first, opened.locator(".rf-still:visible")
    count = opened.locator(".rf-animation").count()
    assert first.get_by_role("button", name="play").is_visible()
    assert first.locator("output").text_content() == "4 steps"
    assert stills.count() == count, "until a reader asks for more"
    first.get_by_role("button", name="a step on").click()
    assert first.locator("output").text_content() == "step 2 of 4"
    assert stills.count() == count - 1
    opened.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert stills.count() == count
    opened.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert stills.count() == count - 1
    assert first.locator(".rf-motion").is_visible()
    plain = browser.new_page(java_script_enabled=False)
    plain.goto((site / "guide" / "convolution.html").as_uri())
    assert plain.locator(".rf-still:visible").count() == plain.locator(".rf-animation").count() == 28
    assert plain.locator(".rf-motion:visible").count() == 0
    plain.close()


@pytest.mark.parametrize("motion_wanted", ["no-preference", "reduce"])
def test_what_moves_is_taken_home_moving_and_standing_by_itself(
    opened: "Page", site: Path, tmp_path: Path, motion_wanted: Any
) -> None:
    opened.emulate_media(reduced_motion=motion_wanted)
    start(opened, site)
    figure = opened.locator(".rf-animation").nth(1)
    with opened.expect_download() as download:
        figure.locator(".rf-save").click()
    download.value.save_as(tmp_path / "figure.svg")
    text = (tmp_path / "figure.svg").read_text("utf-8")
    assert not re.search(r"var\(|currentcolor|class=|style=|<style", text, re.IGNORECASE)
    saved, shown = ET.fromstring(text), figure.locator(".rf-motion svg")
    moves = ("animate", "animateTransform")
    assert [len(list(saved.iter(f"{SVG}{name}"))) for name in moves] == [shown.locator(name).count() for name in moves]
    for one in (one for name in moves for one in saved.iter(f"{SVG}{name}")):
        assert one.get("values")
        assert one.get("stroke") is None
    assert saved.findtext(f"{SVG}title") == shown.locator("title").first.text_content()
    opened.emulate_media(reduced_motion="reduce")
