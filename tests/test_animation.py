"""Windows that slide: every step of the drawing against what the layer reads, and the figure in a browser."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from rfdocs.figures.animation import PACE, MotionLayout, moving_drawing, still_drawing
from rfdocs.figures.cell_values import WrongValues, cell_values
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.sliding import Motion, NothingSlides, motion
from rfdocs.graph import Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SVG = "{http://www.w3.org/2000/svg}"
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
    top = 34
    return [(round((float(x) - 1) / layout.cell, 1), round((float(y) - top) / layout.cell, 1)) for x, y in pairs]


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
    told = [re.findall(r"\d+", text.text or "") for text in root.iter(f"{SVG}text")]
    count = len(moving.steps)
    assert told[0] == ["1", str(count)]
    assert told[-1] == [str(count), str(count)]
    assert len(told) == min(count, 4)


def test_what_does_not_slide_or_is_too_large_is_refused() -> None:
    for size, layer, why in [
        ((6, 6), "upsample: a, scale: 2", "no window slides"),
        ((50,), "conv: a, kernel: 3, channels: 1", "its input has 50 cells"),
        ((38, 38), "conv: a, kernel: 3, channels: 1", "it makes 1296 units"),
        ((4, 4, 4), "conv: a, kernel: 3, channels: 1", "one or two axes"),
    ]:
        with pytest.raises(NothingSlides, match=why):
            shown(small_report(size, layer))


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
    assert opened.locator(".rf-animation").first.get_by_role("button", name="play").is_visible()
    opened.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert opened.locator(".rf-still:visible").count() == opened.locator(".rf-animation").count()
    opened.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert opened.locator(".rf-still:visible").count() == 0
    plain = browser.new_page(java_script_enabled=False)
    plain.goto((site / "guide" / "convolution.html").as_uri())
    assert plain.locator(".rf-still:visible").count() == plain.locator(".rf-animation").count() == 20
    assert plain.locator(".rf-motion:visible").count() == 0
    plain.close()
