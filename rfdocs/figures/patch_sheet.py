"""What the filters of a layer answer to an image: the filters, their answers, and the patches that they answer most."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from rfdocs.figures.canvas import Box, Canvas, Raster, Stroke, Words, boxes
from rfdocs.figures.drawing import TEXT, WIDTH
from rfdocs.figures.guide_patches import draw_patch, square
from rfdocs.figures.palette import INK, LIGHT_GROUND
from rfdocs.figures.text_widths import shortened
from rfdocs.pixels.excitation import Excitation, patch
from rfdocs.pixels.image_file import Pixels
from rfdocs.pixels.shades import answer_shades, filter_shades
from rfdocs.pixels.tensors import Array

#: How many filters stand in a row of the bank, how many are drawn at most, and the room of each. Unit: pixels.
_ACROSS, _MOST, _ROOM = 16, 256, 40
#: The widths of a filter and of a map of answers beside patches, and what is between. Unit: pixels of the page.
_FILTER, _ANSWERS, _GAP = 52, 104, 8
#: How many answers stand on a pixel of the page at most.
_FINE = 4
#: From this length on a patch is shown larger. Unit: pixels of the image.
_LONG = 64
_FRAME = Stroke(INK, 1, 0.45)
#: The pixels of a file for each of the page.
_SHARP = 2


class Answered(NamedTuple):
    """A filter's answers, and the units that answer most; its weights where they are of the image's colours."""

    name: str
    answers: Array
    best: Sequence[Excitation]
    weights: Array | None


def sheet(pixels: Pixels, bank: Array | None, rows: Sequence[Answered]) -> Canvas:
    """The picture; ``bank`` are all filters, where they are of the image's colours."""
    tops, height = _tops(bank, rows)
    canvas = Canvas(height)
    if bank is not None:
        _draw_bank(canvas, bank)
    for top, row in zip(tops, rows, strict=True):
        _draw_row(canvas, pixels, row, top)
    return canvas


def _tops(bank: Array | None, rows: Sequence[Answered]) -> tuple[list[float], float]:
    """Where each row begins, and where all end."""
    height = 0.0 if bank is None else 44.0 + _ROOM * ceil(min(len(bank), _MOST) / _ACROSS)
    tops = []
    for row in rows:
        tops.append(height)
        height += 34 + _row_height(row) + 14
    return tops, height


def _patch_room(row: Answered) -> tuple[int, float]:
    """How many patches stand beside each other, and how far they are apart."""
    count = 4 if row.best and row.best[0].rows.size > _LONG else 8
    return count, (WIDTH - _left(row) + _GAP / 2) / count


def _left(row: Answered) -> float:
    """Where the patches begin."""
    return _ANSWERS + 2 * _GAP + (0 if row.weights is None else _FILTER + _GAP)


def _row_height(row: Answered) -> float:
    count, pitch = _patch_room(row)
    tall, wide = row.answers.shape
    return max(_ANSWERS * min(float(tall / wide), 2.0), pitch * ceil(len(row.best) / count), _FILTER)


def _draw_bank(canvas: Canvas, bank: Array) -> None:
    count = f"all {len(bank)} filters" if len(bank) <= _MOST else f"the first {_MOST} of {len(bank)} filters"
    canvas.words(0, 20, count)
    for place, weights in enumerate(bank[:_MOST]):
        left, top = _ROOM * (place % _ACROSS), 32 + _ROOM * (place // _ACROSS)
        canvas.raster(f"filter {place}", filter_shades(weights), square(left, top, _ROOM - 4))


def _draw_row(canvas: Canvas, pixels: Pixels, row: Answered, top: float) -> None:
    most = float(row.answers.max())
    canvas.words(0, top + 20, f"{row.name}: at most {most:.4g}")
    top += 34
    left = 0.0
    if row.weights is not None:
        canvas.raster("filter", filter_shades(row.weights), square(0, top, _FILTER))
        left = _FILTER + _GAP
    tall, wide = row.answers.shape
    frame = Box(left, top, left + _ANSWERS, top + _ANSWERS * min(tall / wide, 2))
    canvas.raster("answers", answer_shades(_condensed(row.answers), most / 2), frame)
    canvas.shape("frame", boxes([frame]), None, _FRAME)
    count, pitch = _patch_room(row)
    for place, one in enumerate(row.best):
        corner = (_left(row) + pitch * (place % count), top + pitch * (place // count))
        cut = patch(pixels, one.rows, one.columns)
        draw_patch(canvas, cut, square(*corner, pitch - _GAP / 2), smooth=one.rows.size > _LONG)


def _condensed(answers: Array) -> Array:
    """The answers, of a map that is finer than any screen the largest of each block."""
    step = ceil(answers.shape[1] / (_FINE * _ANSWERS))
    for axis in (0, 1) if step > 1 else ():
        answers = np.maximum.reduceat(answers, range(0, answers.shape[axis], step), axis=axis)
    return answers


def canvas_png(canvas: Canvas, title: str) -> bytes:
    """The picture under its title as PNG, on a light ground."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - SVG has no use for it
    from matplotlib.figure import Figure  # noqa: PLC0415

    above, margin = 46, 12
    size = (WIDTH + 2 * margin, canvas.height + above + margin)
    figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=100 * _SHARP, facecolor=LIGHT_GROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    for artist in canvas.artists:
        _draw_onto(axes, artist)
    text = shortened(title, WIDTH, TEXT + 2)
    axes.text(0, -18, text, fontsize=_points(TEXT + 2), fontweight="bold", color=INK.light, parse_math=False)
    axes.set(xlim=(-margin, WIDTH + margin), ylim=(canvas.height + margin, -above), aspect="auto")
    file = BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def _points(size: float) -> float:
    return size * 72 / 100


def _draw_onto(axes: Any, artist: Any) -> None:
    """Draws one artist of a canvas onto matplotlib's axes."""
    from matplotlib.patches import PathPatch  # noqa: PLC0415 - as above

    if isinstance(artist, Raster):
        left, top, right, bottom = artist.box
        smoothing = "bilinear" if artist.smooth else "nearest"
        axes.imshow(np.asarray(artist.pixels), extent=(left, right, bottom, top), interpolation=smoothing)
    elif isinstance(artist, Words):
        settings = {"fontsize": _points(TEXT), "color": INK.light, "parse_math": False}
        axes.text(*artist.place, artist.text, **settings)
    else:
        stroke = artist.stroke
        style = (0, stroke.dashes) if stroke.dashes else "-"
        outline = {"fill": False, "edgecolor": stroke.color.light, "linewidth": _points(stroke.width)}
        axes.add_patch(PathPatch(artist.path, alpha=stroke.alpha, linestyle=style, **outline))
