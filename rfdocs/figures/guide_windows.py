"""Small schematics of windows on one axis: padding, transposed convolution, SAME and ceil mode."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes, dots, segments
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.formats.numbers import text_number

if TYPE_CHECKING:
    from rfdocs.graph import Report

_CELL = 34
_WIDE = 46
#: Windows are drawn in turn at these distances below the pixels. Unit: cells.
_TURNS = (0.35, 0.75, 1.15)
_TAPE = 156


class Tape(NamedTuple):
    """Pixels ``first`` to ``last``, of which those outside the image are padding, and the windows of some units."""

    title: str
    report: Report
    units: Sequence[int]
    first: int
    last: int


def draw_padding() -> Drawing:
    """The padding that is applied beside the padding that is used, split evenly."""
    applied, used = (
        _convolution("kernel: 3, stride: 2, padding: 1"),
        _convolution("kernel: 3, stride: 2, padding: [[0, 1]]"),
    )
    tapes = [
        Tape("applied: 1 before and 1 after", applied, (0, 1, 2), -1, 6),
        Tape("used: 1 in all; split evenly, none before", used, (0, 1, 2), 0, 6),
    ]
    alternative = (
        "Two strips of 6 pixels under the same windows of 3 pixels, 2 apart. With the padding that is applied, 1 before"
        f" and 1 after, the windows start at -1 and the first centre is {_start(applied)}; the last padded pixel is"
        f" never read. With the padding that is used, 1 in all, split evenly and rounded down, the windows start at 0,"
        f" and the first centre is {_start(used)}."
    )
    return _canvas_of_tapes(tapes).drawing("Padding applied and padding used", alternative)


def draw_ceil() -> Drawing:
    """Pooling with the last window dropped, and kept."""
    floor, ceil = _pooling("false"), _pooling("true")
    tapes = [
        Tape("floor: 2 windows fit", floor, (0, 1), 0, 6),
        Tape("ceil: the last, which does not fit, is kept", ceil, (0, 1, 2), 0, 6),
    ]
    alternative = (
        "Two strips of 6 pixels under windows of 3 pixels, 2 apart. Rounded down, the map has"
        f" {floor.last.size[0]} units and pixel 5 is never read; rounded up it has {ceil.last.size[0]}, and the last"
        " window reaches one pixel beyond the image."
    )
    return _canvas_of_tapes(tapes).drawing("Floor and ceil mode", alternative)


def _convolution(attributes: str) -> Report:
    return small_report(6, f"conv: window, {attributes}, channels: 1")


def _pooling(ceil: str) -> Report:
    return small_report(6, f"maxpool: window, kernel: 3, stride: 2, ceil_mode: {ceil}")


def _start(report: Report) -> str:
    return text_number(report.last.start[0])


def _canvas_of_tapes(tapes: Sequence[Tape]) -> Canvas:
    canvas = Canvas(_TAPE * len(tapes))
    for place, tape in enumerate(tapes):
        canvas.words(60, _TAPE * place + 22, tape.title, strong=True)
        left = 60 + _WIDE * (tape.first - min(other.first for other in tapes))
        right = left + _WIDE * (tape.last - tape.first + 1)
        panel = _draw_tape(canvas, Box(left, _TAPE * place + 38, right, _TAPE * place + 72), tape)
        _write_numbers(panel, tape)
        canvas.words(60 + _WIDE * 8 + 20, _TAPE * place + 62, f"start {_start(tape.report)}", color=RED, strong=True)
    return canvas


def _draw_tape(canvas: Canvas, frame: Box, tape: Tape) -> Panel:
    """Pixels with their windows below them, each with its centre."""
    panel = Panel(canvas, frame, Box(tape.first, 0, tape.last + 1, 1))
    length = tape.report.input_size[0]
    pixels = range(tape.first, tape.last + 1)
    _draw_pixels(panel, [pixel for pixel in pixels if 0 <= pixel < length])
    padding = [Box(pixel, 0, pixel + 1, 1) for pixel in pixels if not 0 <= pixel < length]
    panel.shape("padding", boxes(padding), None, Stroke(INK, 1, 0.6, (3, 3)))
    for turn, unit in enumerate(tape.units):
        _draw_window(panel, tape.report, unit, 1 + _TURNS[turn % 3])
    return panel


def _write_numbers(panel: Panel, tape: Tape) -> None:
    for pixel in range(tape.first, tape.last + 1):
        x, y = panel.at(pixel + 0.5, 0.5)
        inside = 0 <= pixel < tape.report.input_size[0]
        panel.canvas.words(x, y + 6, str(pixel), anchor="middle", alpha=0.8 if inside else 0.6)


def _draw_pixels(panel: Panel, pixels: Iterable[int]) -> None:
    squares = [Box(pixel, 0, pixel + 1, 1) for pixel in pixels]
    panel.shape("pixels", boxes(squares), Fill(INK, 0.05), Stroke(INK, 1, 0.5))


def _draw_window(panel: Panel, report: Report, unit: int, y: float) -> None:
    field = report.unit(report.last.name, (unit,))[0].field
    assert field is not None
    line = ((field.first + 0.08, y), (field.last + 0.92, y))
    panel.shape(f"window {unit}", segments([line]), None, Stroke(BLUE, 4, 1))
    panel.shape(f"centre {unit}", dots([(float(field.center), y)]), None, Stroke(RED, 9, 1, (), True))


_SAME = 116


def draw_same() -> Drawing:
    """SAME padding of a 7x7 window with stride 2 on 224 and on 225 pixels: both ends of the axis."""
    canvas = Canvas(2 * _SAME)
    phrases = []
    for place, size in enumerate((224, 225)):
        report = small_report(size, "conv: window, kernel: 7, stride: 2, padding: same, channels: 1")
        last = report.last.size[0] - 1
        before, after = report.last.windows[0].padding
        top = _SAME * place
        canvas.words(0, top + 22, f"{size} pixels: {before} before, {after} after, start {_start(report)}", strong=True)
        _draw_tape(canvas, Box(0, top + 38, 8 * _CELL, top + 72), Tape("", report, (0,), -3, 4))
        right = Box(WIDTH - 8 * _CELL, top + 38, WIDTH, top + 72)
        _draw_tape(canvas, right, Tape("", report, (last,), size - 5, size + 2))
        canvas.words(WIDTH / 2, top + 60, "…", anchor="middle", strong=True)
        phrases.append(
            f"on {size} pixels it adds {before} before, {after} after, and the first centre is {_start(report)}"
        )
    alternative = (
        "Two strips of pixels, both ends of each, with the first and the last window of 7 pixels, 2 apart."
        f" SAME padding depends on the size: {'; '.join(phrases)}."
    )
    return canvas.drawing("SAME padding on 224 and on 225 pixels", alternative)


def draw_transposed() -> Drawing:
    """What each output of a transposed convolution reads: its inputs change from output to output."""
    choices = ((3, 2, 1), (5, 2, 2), (2, 2, 0))
    height = 186
    canvas = Canvas(height * len(choices))
    sentences = [_draw_bipartite(canvas, height * place, *choice) for place, choice in enumerate(choices)]
    alternative = (
        "Three pairs of rows, 5 inputs above and the outputs of a transposed convolution below, with lines from each"
        f" output to the inputs that it reads. {' '.join(sentences)}"
    )
    return canvas.drawing("Transposed convolution: the field changes from unit to unit", alternative)


def _draw_bipartite(canvas: Canvas, top: float, kernel: int, stride: int, padding: int) -> str:
    """Draws inputs above outputs; returns what is seen in words."""
    attributes = f"kernel: {kernel}, stride: {stride}, padding: {padding}, channels: 1"
    report = small_report(5, f"transposed_conv: up, {attributes}")
    length = report.last.size[0]
    seen = [report.unit("up", (unit,))[0] for unit in range(length)]
    counts = [axis.visible_size for axis in seen]
    canvas.words(0, top + 22, f"kernel {kernel}, stride {stride}, padding {padding}", strong=True)
    pitch = 56.0
    left = 74 + (WIDTH - 84 - pitch * (length - 1)) / 2
    shift = (kernel - 1) / 2 - padding
    above = [(left + pitch * (stride * unit + shift), top + 60) for unit in range(5)]
    below = [(left + pitch * unit, top + 124) for unit in range(length)]
    lines = [
        (below[unit], above[source])
        for unit, axis in enumerate(seen)
        if axis.visible is not None
        for source in range(axis.visible.first, axis.visible.last + 1)
    ]
    canvas.shape("taps", segments(lines), None, Stroke(INK, 1.2, 0.6))
    canvas.shape("inputs", dots(above), None, Stroke(BLUE, 13, 1, (), True))
    canvas.shape("outputs", dots(below), None, Stroke(RED, 13, 1, (), True))
    for (x, y), count in zip(below, counts, strict=True):
        canvas.words(x, y + 30, str(count), anchor="middle", alpha=0.85)
    canvas.words(0, top + 66, "in", alpha=0.75)
    canvas.words(0, top + 130, "out", alpha=0.75)
    canvas.words(0, top + 154, "reads", alpha=0.75)
    inner = sorted(set(counts[1:-1]))
    return f"Kernel {kernel}, stride {stride}: inner outputs read {' or '.join(map(str, inner))}, {length} in all."
