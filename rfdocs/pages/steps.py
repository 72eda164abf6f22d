"""The four equations of a layer with its numbers put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rfdocs.algebra.sizes import extent
from rfdocs.graph import LayerReport, Report
from rfdocs.pages.layers import Applied, applied
from rfdocs.report.numbers import text_number

Number = int | Fraction


def steps(report: Report, only: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """The name and the equations, as LaTeX, of every layer (or of those named) that slides a window over one input.

    Quotients stand on the line: few readers have a font whose brackets grow with a fraction.
    They are those of the last axis. Raises: UnknownLayer.
    """
    chosen = {report.network.node(name) for name in only}
    pairs = zip(report.network.layers, report.layers, strict=True)
    for node, (layer, figures) in enumerate(pairs, start=1):
        window = applied(report, layer, figures, len(figures.axes) - 1)
        if window is not None and len(figures.inputs) == 1 and (node in chosen or not only):
            yield layer.name, _equations(report, figures, window)


def _equations(report: Report, figures: LayerReport, window: Applied) -> str:
    below = report[figures.inputs[0]]
    n, j, r, start = below.size[-1], below.jump[-1], below.receptive_field[-1], below.start[-1]
    if j is None or start is None:
        return r"\text{no jump}"
    reach, jump, before = extent(window.kernel, window.dilation), _tex(j), _tex(window.before)
    room = rf"({n} + {before} + {_tex(window.after)} - {reach}) / {window.stride}"
    moved = rf"(({reach} - 1) / 2 - {before}) \cdot {jump}"
    lines = (
        rf"n &= \lfloor {room} \rfloor + 1 = {figures.size[-1]}",
        rf"j &= {jump} \cdot {window.stride} = {_tex(figures.jump[-1])}",
        rf"r &= {r} + ({reach} - 1) \cdot {jump} = {figures.receptive_field[-1]}",
        rf"\text{{start}} &= {_tex(start)} + {moved} = {_tex(figures.start[-1])}",
    )
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def _tex(value: Number | None) -> str:
    """A number inside a formula; a negative one in parentheses."""
    text = text_number(value)
    return f"({text})" if text.startswith("-") else text
