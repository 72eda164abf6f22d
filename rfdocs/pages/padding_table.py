"""What every framework makes of one sliding layer, side by side, as text.

``rfdocs/sphinx/static/padding/frameworks.js`` makes the same texts in the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rfdocs.algebra.field import IMAGE, field_through
from rfdocs.errors import ArithmeticRefusal
from rfdocs.formats.numbers import text_number
from rfdocs.operators.operator import AxisStep
from rfdocs.pages.content import Cell, Grid, Group, Heading, InlineCode, PaddingCalculator, Row
from rfdocs.pages.frameworks import SlidLayer, Told, step_of, ways


class FrameworkRow(NamedTuple):
    """One framework: its code, or words on why there is none; and what the layer then does, as text."""

    framework: str
    code: str
    words: str = ""
    padding: str = ""
    size: str = ""
    start: str = ""
    first: str = ""
    last: str = ""


HEADINGS = (
    Heading("framework", "framework"),
    Heading("told", "how it is told"),
    Heading("padding", "padding", "units added before and after, or reached over; of a transposed one, units cut off"),
    Heading("n", "n", "units of the output", numeric=True),
    Heading("start", "start", "centre of unit 0 on its input, whose unit 0 is centred at 0.5", numeric=True),
    Heading("first", "unit 0 reads", "units of the real input, counted from 0"),
    Heading("last", "last reads", "units of the real input that the last unit reads"),
)


def framework_rows(layer: SlidLayer) -> list[FrameworkRow]:
    """All frameworks, one after the other.

    >>> for row in framework_rows(SlidLayer("conv", 224, 7, 2, padding="same"))[:2]:
    ...     print(row.framework, "|", row.words or f"{row.code} | {row.padding} | {row.size} | {row.start}")
    PyTorch | It has SAME for stride 1 alone.
    TensorFlow, Keras | Conv1D(…, 7, strides=2, padding="same") | 2, 3 | 112 | 1.5
    """
    return [_row(layer, name, told) for name, told in ways(layer)]


def _row(layer: SlidLayer, name: str, told: Told | str) -> FrameworkRow:
    if isinstance(told, str):
        return FrameworkRow(name, "", told)
    try:
        step = step_of(layer, told)
    except ArithmeticRefusal as refusal:
        return FrameworkRow(name, told.code, f"{refusal.message[0].upper()}{refusal.message[1:]}.")
    reads = step.reads[0]
    first, last = (reads.real_taps(unit, layer.length) for unit in (0, step.length - 1))
    start = field_through(reads, IMAGE).start
    sizes = (text_number(step.length), text_number(start))
    return FrameworkRow(name, told.code, "", padding_text(layer, step), *sizes, taps_text(first), taps_text(last))


def padding_text(layer: SlidLayer, step: AxisStep) -> str:
    """What is added before and behind; of a transposed convolution what is cut off, and what is added at the end."""
    assert step.window is not None
    before, behind = step.window.padding
    if not step.window.transposed:
        return f"{before}, {behind}"
    added = step.length - ((layer.length - 1) * layer.stride + layer.extent - before - behind)
    return f"cut {before}, {behind}" + (f"; {added} added" if added else "")


def taps_text(taps: Sequence[int]) -> str:
    """The units that are read; they are evenly spaced.

    >>> taps_text([0, 1, 2]), taps_text([1, 3]), taps_text([0, 2, 4, 6]), taps_text([4]), taps_text([])
    ('0–2', '1, 3', '0, 2, … 6', '4', 'nothing')
    """
    if not taps:
        return "nothing"
    if len(taps) > 1 and taps[1] - taps[0] == 1:
        return f"{taps[0]}–{taps[-1]}"
    if len(taps) > 3:
        return f"{taps[0]}, {taps[1]}, … {taps[-1]}"
    return ", ".join(map(str, taps))


def padding_grid(layer: SlidLayer, caption: str) -> Grid:
    """The table of them."""
    return Grid(caption, HEADINGS, (Group("", tuple(map(_grid_row, framework_rows(layer)))),), "paddings", stacks=True)


def _grid_row(row: FrameworkRow) -> Row:
    code = [InlineCode(row.code)] if row.code else []
    told: Cell = (*code, *([" "] if row.code and row.words else []), *filter(None, [row.words]))
    return Row((row.framework, told, row.padding, row.size, row.start, row.first, row.last))


_WORDS = {
    "conv": "convolution",
    "transposed_conv": "transposed convolution",
    "maxpool": "maximum pooling",
    "avgpool": "average pooling",
}


def layer_text(layer: SlidLayer) -> str:
    """The layer in words, without what is usual.

    >>> layer_text(SlidLayer("maxpool", 112, 3, 2, padding=(1, 1), rounds_up=True))
    'maximum pooling of 112 units, kernel 3, stride 2, padding 1, rounded up'
    """
    padding = layer.padding
    sides = padding.upper() if isinstance(padding, str) else str(padding[0]) if padding[0] == padding[1] else "{}, {}"
    parts = [
        f"{_WORDS[layer.operation]} of {layer.length} units",
        f"kernel {layer.kernel}",
        f"stride {layer.stride}",
        f"dilation {layer.dilation}" if layer.dilation > 1 else "",
        f"padding {sides.format(*padding)}",
        "rounded up" if layer.rounds_up else "",
        f"output padding {layer.added}" if layer.added is not None else "",
    ]
    return ", ".join(filter(None, parts))


def padding_calculator(layer: SlidLayer, alive: bool = True) -> PaddingCalculator | Grid:
    """The table of a layer, and what lets a reader ask for another unless it is to stand still."""
    grid = padding_grid(layer, f"{layer_text(layer)[0].upper()}{layer_text(layer)[1:]}.")
    return PaddingCalculator(grid, layer._asdict()) if alive else grid
