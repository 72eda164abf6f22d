"""Blocks of units laid out as channels, and channels as units again: every pixel numbered, wherever it goes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from rfdocs.figures.canvas import Box, Canvas, Fill, Panel, Stroke, boxes
from rfdocs.figures.drawing import WIDTH, Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.palette import ACCENTS, INK
from rfdocs.graph import LayerReport

#: Pixels along each side of the image, and of a block.
SIDE, SCALE = 4, 2
_UNITS = SIDE // SCALE
_CELL, _TOP, _HEAD, _GAP = 40.0, 34.0, 26.0, 44.0

#: Rows of the numbers of pixels.
Numbers = list[list[int]]


def draw_blocks() -> Drawing:
    """The image, its blocks as the channels of a smaller map, and these as units again."""
    channels = channels_of_blocks()
    image = [[SIDE * row + column for column in range(SIDE)] for row in range(SIDE)]
    back = units_of_channels(channels)
    pitch = _UNITS * _CELL + _GAP
    height = _TOP + SCALE * (_HEAD + _UNITS * _CELL + 10)
    canvas = Canvas(height)
    middle = (_TOP + height - SIDE * _CELL) / 2
    _draw_map(canvas, 0, middle, "an image", image)
    _draw_map(canvas, WIDTH - SIDE * _CELL, middle, "pixel_shuffle", back)
    canvas.words(WIDTH / 2, 18, "space_to_depth", anchor="middle", strong=True)
    beside = (SIDE * _CELL + (WIDTH - 2 * pitch + _GAP) / 2) / 2
    for x in (beside, WIDTH - beside):
        canvas.words(x, (_TOP + height) / 2 + 6, "→", anchor="middle", strong=True)
    for channel, numbers in enumerate(channels):
        down, across = divmod(channel, SCALE)
        left = (WIDTH - 2 * pitch + _GAP) / 2 + pitch * across
        _draw_map(canvas, left, _TOP + _HEAD + down * (height - _TOP) / SCALE, f"channel {channel}", numbers)
    told = "; ".join([f"channel {channel}: {_words(numbers)}" for channel, numbers in enumerate(channels)])
    alternative = (
        f"An image of {SIDE} × {SIDE} numbered pixels. Blocks of {SCALE} × {SCALE} make a map of {_UNITS} × {_UNITS}"
        f" units with {len(channels)} channels, row by row {told}. These laid out as units are {_words(back)}."
    )
    return canvas.drawing("Blocks as channels, and back", alternative)


def channels_of_blocks() -> list[Numbers]:
    """The numbers of the pixels in each channel of the smaller map: of those that a unit reads, counted row by row,
    channel 0 is the first.

    Source: PyTorch's ``pixel_unshuffle``, and TensorFlow's ``space_to_depth``, for an image of one channel.
    """
    blocks = small_report((SIDE, SIDE), f"space_to_depth: blocks, scale: {SCALE}").last
    return [
        [[_read(blocks, row, column)[channel] for column in range(blocks.size[1])] for row in range(blocks.size[0])]
        for channel in range(blocks.channels)
    ]


def _read(blocks: LayerReport, row: int, column: int) -> list[int]:
    """The numbers of the pixels that a unit reads."""
    down, across = [axis.reads[0].taps(unit) for axis, unit in zip(blocks.axes, (row, column), strict=True)]
    return [SIDE * pixel_row + pixel_column for pixel_row, pixel_column in product(down, across)]


def units_of_channels(channels: Sequence[Numbers]) -> Numbers:
    """What each unit of the larger map is: of the unit that it reads, the channel that its place in the block says.

    Source: PyTorch's ``pixel_shuffle``.
    """
    size = (len(channels[0]), len(channels[0][0]))
    units = small_report(size, f"pixel_shuffle: units, scale: {SCALE}", channels=len(channels)).last
    rows, columns = [[axis.reads[0].taps(unit)[0] for unit in range(axis.length)] for axis in units.axes]
    return [
        [channels[SCALE * (down % SCALE) + across % SCALE][row][column] for across, column in enumerate(columns)]
        for down, row in enumerate(rows)
    ]


def _draw_map(canvas: Canvas, left: float, top: float, title: str, numbers: Numbers) -> None:
    """A map under its title, each cell with the number of its pixel, in the colour of this one's block."""
    side = len(numbers)
    canvas.words(left + side * _CELL / 2, top - 9, title, anchor="middle", strong=side == SIDE)
    panel = Panel(canvas, Box(left, top, left + side * _CELL, top + side * _CELL), Box(0, 0, side, side))
    cells = [
        (number, Box(column, row, column + 1, row + 1))
        for row, line in enumerate(numbers)
        for column, number in enumerate(line)
    ]
    for block, color in enumerate(ACCENTS):
        own = [cell for number, cell in cells if _block(number) == block]
        panel.shape(f"block {block}", boxes(own), Fill(color, 0.3), Stroke(INK, 1, 0.5))
    for number, cell in cells:
        x, y = panel.at(cell.left + 0.5, cell.top + 0.5)
        canvas.words(x, y + 6, str(number), anchor="middle")


def _block(pixel: int) -> int:
    row, column = divmod(pixel, SIDE)
    return _UNITS * (row // SCALE) + column // SCALE


def _words(numbers: Numbers) -> str:
    return ", ".join([str(number) for line in numbers for number in line])
