"""Units of a second layer: what they see, and what of it excites them, sent back through the same windows.

Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks".
"""

from __future__ import annotations

import numpy as np

from rfdocs.figures.canvas import Canvas, Stroke, boxes
from rfdocs.figures.demonstration import SHAPES, Demonstration, demonstration
from rfdocs.figures.drawing import Drawing
from rfdocs.figures.guide_patches import draw_patch, square
from rfdocs.figures.palette import INK
from rfdocs.pixels.backward import sent_back, unpooled
from rfdocs.pixels.excitation import Excitation, Sightings, patch
from rfdocs.pixels.image_file import Pixels
from rfdocs.pixels.shades import filter_shades
from rfdocs.pixels.tensors import Array

#: How many patches of each unit are shown, and their side. Unit: pixels of the page.
_BEST, _SIDE = 3, 102


def draw_projection() -> Drawing:
    """Of each unit of a second layer its patches, each with what of it comes back."""
    shown = demonstration()
    sightings = Sightings(shown.report, "conv2")
    canvas = Canvas((_SIDE + 42) * len(SHAPES))
    told = []
    for row, shape in enumerate(SHAPES):
        top = (_SIDE + 42) * row
        best = list(sightings.strongest(shown.second[row], _BEST))
        canvas.words(0, top + 22, f"it looks for {shape}")
        for column, one in enumerate(best):
            left = 216 * column
            draw_patch(canvas, patch(shown.pixels, one.rows, one.columns), square(left, top + 34, _SIDE), smooth=True)
            came = square(left + _SIDE + 2, top + 34, _SIDE)
            canvas.raster("what excites it", projected(shown, row, one), came, smooth=True)
            canvas.shape("frame", boxes([came]), None, Stroke(INK, 1, 0.35))
        told.append(f"{shape} ({len(best)} patches)")
    side = best[0].rows.size
    alternative = (
        f"{len(SHAPES)} units of a second layer: {'; '.join(told)}. Each patch of {side} × {side} pixels of the"
        " photograph stands beside a grey picture of the strokes in it that the unit answers; all else in it has"
        " come out even grey."
    )
    return canvas.drawing("What of a patch excites a unit of the second layer", alternative)


def projected(shown: Demonstration, unit: int, one: Excitation) -> Pixels:
    """What comes back of one unit's answer, in its field."""
    image = projection(shown, unit, one)
    tall, wide = image.shape[1:]
    back = np.zeros((image.shape[0], one.rows.size, one.columns.size), np.float32)
    rows = slice(max(one.rows.first, 0), min(one.rows.last + 1, tall))
    columns = slice(max(one.columns.first, 0), min(one.columns.last + 1, wide))
    seen = image[:, rows, columns]
    down, across = rows.start - one.rows.first, columns.start - one.columns.first
    back[:, down : down + seen.shape[1], across : across + seen.shape[2]] = seen
    return filter_shades(back)


def projection(shown: Demonstration, unit: int, one: Excitation) -> Array:
    """What comes back of one unit's answer to the whole image: nothing outside its field."""
    answers = np.zeros_like(shown.second)
    answers[unit, *one.unit] = one.value
    layers = [shown.report[name] for name in ("conv1", "pool1", "conv2")]
    first, pool, second = [layer.windows for layer in layers]
    pooled = np.maximum(sent_back(answers, shown.second_filters, second, layers[1].size), 0)
    strokes = np.maximum(unpooled(pooled, shown.rectified, pool), 0)
    return sent_back(strokes, shown.first_filters, first, shown.report.input_size)
