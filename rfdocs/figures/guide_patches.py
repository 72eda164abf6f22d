"""Filters of a first layer, what they answer to a photograph, and the patches that they answer most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rfdocs.figures.canvas import Box, Canvas, Stroke, boxes
from rfdocs.figures.demonstration import demonstration
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.palette import INK
from rfdocs.pixels.excitation import Excitation, Sightings, patch
from rfdocs.pixels.filter_bank import HUES, WAVELENGTHS
from rfdocs.pixels.image_file import Pixels
from rfdocs.pixels.shades import answer_shades, filter_shades

#: The filters whose answers are shown, by their places in the bank.
CHOSEN = (8, 10, 12, 16, 21)
#: The side of a filter, and how far the next is. Unit: pixels of the page.
_CELL, _PITCH = 66, 82
_FRAME = Stroke(INK, 1, 0.45)
#: How a patch is framed that reaches beyond the image.
_CUT = Stroke(INK, 1.2, 0.7, (4, 3))


def square(left: float, top: float, side: float) -> Box:
    """A square of the page by its left top corner."""
    return Box(left, top, left + side, top + side)


def draw_filters() -> Drawing:
    """The whole bank, kind by kind."""
    bank = demonstration().bank
    heads = [*[f"gratings, {length:g} pixels from crest to crest" for length in WAVELENGTHS], "blobs of one hue"]
    canvas = Canvas(len(heads) * (_CELL + 44) - 4)
    for row, head in enumerate(heads):
        top = row * (_CELL + 44)
        canvas.words(0, top + 20, head)
        for column, one in enumerate(bank[HUES * row : HUES * (row + 1)]):
            canvas.raster(one.words, filter_shades(one.weights), square(_PITCH * column, top + 32, _CELL))
    side = bank[0].weights.shape[-1]
    alternative = (
        f"{len(bank)} filters of {side} × {side} pixels in {len(heads)} rows: {'; '.join(heads)}. The gratings are"
        " grey and turn from filter to filter; each blob is one hue on an even grey, which stands for 0."
    )
    return canvas.drawing("A bank of computed filters", alternative)


def draw_activations() -> Drawing:
    """The photograph, and what the chosen filters answer to it, each where its patch is."""
    shown = demonstration()
    side, gap, head = 206, 11, 56
    canvas = Canvas(2 * (side + head) + 16)
    canvas.words(0, 34, "the photograph")
    canvas.raster("photograph", shown.pixels, square(0, head, side), smooth=True)
    told = []
    for place, number in enumerate(CHOSEN, start=1):
        left, top = (place % 3) * (side + gap), (place // 3) * (side + head + 16)
        answers = shown.rectified[number]
        most = float(answers.max())
        canvas.raster("filter", filter_shades(shown.first_filters[number]), square(left, top + 4, 44))
        canvas.words(left + 54, top + 34, f"up to {most:.1f}")
        canvas.raster("answers", answer_shades(answers, most / 2), square(left, top + head, side))
        canvas.shape("frame", boxes([square(left, top + head, side)]), None, _FRAME)
        told.append(f"{shown.bank[number].words}, up to {most:.1f}")
    units = " × ".join(map(str, shown.report["conv1"].size))
    alternative = (
        f"A photograph of a woman in a dark uniform before a flag, and {len(CHOSEN)} maps of {units} answers to it,"
        f" each with its filter: {'; '.join(told)}. Stripes answer along edges of their direction,"
        " blobs on areas of their hue."
    )
    return canvas.drawing("What filters answer to a photograph", alternative)


def draw_patches() -> Drawing:
    """Of each chosen filter the patches that it answers most, the strongest first."""
    shown, count = demonstration(), 8
    sightings = Sightings(shown.report, "conv1")
    canvas = Canvas(36 + (_CELL + 8) * len(CHOSEN))
    canvas.words(0, 20, "filter")
    canvas.words(_CELL + 16, 20, "its patches, the strongest first")
    told = []
    for row, number in enumerate(CHOSEN):
        top = 34 + (_CELL + 8) * row
        best = list(sightings.strongest(shown.first[number], count))
        canvas.raster("filter", filter_shades(shown.first_filters[number]), square(0, top, _CELL))
        draw_patch_row(canvas, shown.pixels, best, Box(_CELL + 16, top, WIDTH, top + _CELL), _CELL + 3)
        told.append(f"{shown.bank[number].words}: {best[0].value:.1f} down to {best[-1].value:.1f}")
    side = best[0].rows.size
    alternative = (
        f"{len(CHOSEN)} rows: a filter, then the {count} patches of {side} × {side} pixels of the photograph that it"
        f" answers most. {'; '.join(told)}. Stripes find edges of stars, collar and gold braid; blobs find cloth, and"
        " the ground."
    )
    return canvas.drawing("The patches that filters answer most", alternative)


def draw_patch_row(
    canvas: Canvas, pixels: Pixels, best: Sequence[Excitation], room: Box, pitch: float, smooth: bool = False
) -> None:
    """Draws patches one behind the other; one that reaches beyond the image has a dashed frame."""
    side = room.bottom - room.top
    for place, one in enumerate(best):
        box = square(room.left + pitch * place, room.top, side)
        draw_patch(canvas, patch(pixels, one.rows, one.columns), box, smooth)


def draw_patch(canvas: Canvas, cut: Pixels, box: Box, smooth: bool = False) -> None:
    """Draws a patch; where part of it is no pixel of the image that stays empty, in a dashed frame around all."""
    real = cut[..., 3] > 0
    down, across = [np.flatnonzero(real.any(axis=axis)) for axis in (1, 0)]
    if down.size:
        top, bottom, left, right = [int(place) for place in (down[0], down[-1] + 1, across[0], across[-1] + 1)]
        pixel = (box.right - box.left) / len(cut[0])
        corner = Box(left, top, right, bottom)
        inside = Box(*[edge * pixel + start for edge, start in zip(corner, (*box[:2], *box[:2]), strict=True)])
        canvas.raster("patch", cut[top:bottom, left:right, :3], inside, smooth)
    if not real.all():
        canvas.shape("beyond the image", boxes([box]), None, _CUT)
