"""The equations of a layer with its numbers put in: only those that hold for it, and in words why others do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from rfdocs.algebra.field import PeriodicField
from rfdocs.algebra.reads import TransposedWindow
from rfdocs.algebra.sizes import extent
from rfdocs.graph import AppliedWindow, LayerReport, Report
from rfdocs.report.numbers import text_number

Number = int | Fraction


class Step(NamedTuple):
    """A layer's equations as LaTeX, and a sentence on what they leave out, or nothing."""

    layer: str
    equations: str
    remark: str


class _Sides(NamedTuple):
    """A layer's window on one axis, with what it reads and what it makes."""

    window: AppliedWindow
    below: LayerReport
    above: LayerReport
    axis: int

    @property
    def reach(self) -> int:
        """The dilated kernel's length."""
        return extent(self.window.kernel, self.window.dilation)

    @property
    def transposed(self) -> bool:
        """Whether it is a transposed convolution."""
        return isinstance(self.above.axes[self.axis].reads[0], TransposedWindow)

    @property
    def jump(self) -> Fraction | None:
        """The jump of what it reads."""
        return self.below.jump[self.axis]

    @property
    def alike(self) -> bool:
        """Whether all units that it reads have one field, moved along."""
        field = self.below.axes[self.axis].field
        return isinstance(field, PeriodicField) and field.period == 1 and field.start is not None


def steps(report: Report, only: Sequence[str] = ()) -> Iterator[Step]:
    """The equations of every layer (or of those named) that slides a window over one input.

    Quotients stand on the line: few readers have a font whose brackets grow with a fraction.
    They are those of the last axis. Raises: UnknownLayer.
    """
    chosen = {report.network.node(name) for name in only}
    for node, layer in enumerate(report.layers, start=1):
        if layer.windows and len(layer.inputs) == 1 and (node in chosen or not only):
            sides = _Sides(layer.windows[-1], report[layer.inputs[0]], layer, len(layer.axes) - 1)
            yield Step(layer.name, _aligned(_lines(sides)), _remark(sides))


def _lines(sides: _Sides) -> Iterator[str]:
    """The equations that hold: the size always, the jump where there is one, the rest where units are alike."""
    size, jump, field, start = _TRANSPOSED if sides.transposed else _SLIDING
    yield size(sides)
    if sides.jump is not None:
        yield jump(sides)
        if sides.alike:
            yield from field(sides)
            yield start(sides)


def _remark(sides: _Sides) -> str:
    source = sides.below.name
    if sides.jump is None:
        return f"The units of {source} have no jump, and so neither jump nor field follow from an equation."
    if not sides.alike:
        least, most = (values[sides.axis] for values in (sides.above.receptive_field_min, sides.above.receptive_field))
        sizes = f"is {most} pixels" if least == most else f"has {least} to {most} pixels"
        return f"The units of {source} differ by phase: the field {sizes}, and no equation of one number gives it."
    return ""


# -- a window that slides: Dang Ha The Hien 2017 ----------------------------------------------------------------------


def _size(sides: _Sides) -> str:
    window = sides.window
    room = f"({sides.below.size[sides.axis]} + {_tex(window.before)} + {_tex(window.after)} - {sides.reach})"
    return rf"n &= \lfloor {room} / {window.stride} \rfloor + 1 = {sides.above.size[sides.axis]}"


def _jump(sides: _Sides) -> str:
    return rf"j &= {_tex(sides.jump)} \cdot {sides.window.stride} = {_tex(sides.above.jump[sides.axis])}"


def _field(sides: _Sides) -> Iterator[str]:
    field = f"{sides.below.receptive_field[sides.axis]} + ({sides.reach} - 1)"
    yield rf"r &= {field} \cdot {_tex(sides.jump)} = {sides.above.receptive_field[sides.axis]}"


def _start(sides: _Sides) -> str:
    start, made = sides.below.start[sides.axis], sides.above.start[sides.axis]
    moved = rf"(({sides.reach} - 1) / 2 - {_tex(sides.window.before)}) \cdot {_tex(sides.jump)}"
    return rf"\text{{start}} &= {_tex(start)} + {moved} = {_tex(made)}"


# -- a transposed convolution: Dumoulin & Visin 2016, relation 14 -----------------------------------------------------


def _transposed_size(sides: _Sides) -> str:
    n, made, window = sides.below.size[sides.axis], sides.above.size[sides.axis], sides.window
    extra = made - ((n - 1) * window.stride + sides.reach - window.before - window.after)
    more = f" + {_tex(extra)}" if extra else ""
    cut = f"{sides.reach} - {_tex(window.before)} - {_tex(window.after)}{more}"
    return rf"n &= ({n} - 1) \cdot {window.stride} + {cut} = {made}"


def _transposed_jump(sides: _Sides) -> str:
    return f"j &= {_tex(sides.jump)} / {sides.window.stride} = {_tex(sides.above.jump[sides.axis])}"


def _transposed_field(sides: _Sides) -> Iterator[str]:
    """The largest field, and the smallest where it differs.

    Rule: the taps of one unit are ``c = s / gcd(s, d)`` apart in the kernel and ``d / gcd(s, d)`` on the map. A phase
    has at most ``ceil(k / c)`` of them, and at least ``floor(k / c)``, where none is left out.
    """
    window, axis = sides.window, sides.axis
    common = gcd(window.stride, window.dilation)
    cycle = window.stride // common
    least, most = sides.above.receptive_field_min[axis], sides.above.receptive_field[axis]
    step = (
        rf"\cdot {_tex(sides.jump)}"
        if window.dilation == common
        else (rf"\cdot {window.dilation // common} \cdot {_tex(sides.jump)}")
    )
    below = sides.below.receptive_field[axis]
    yield rf"r &= {below} + (\lceil {window.kernel} / {cycle} \rceil - 1) {step} = {most}"
    if 0 < least < most:
        yield rf"r_{{\min}} &= {below} + (\lfloor {window.kernel} / {cycle} \rfloor - 1) {step} = {least}"
    elif least < most:
        yield r"r_{\min} &= 0"


def _transposed_start(sides: _Sides) -> str:
    start, made = sides.below.start[sides.axis], sides.above.start[sides.axis]
    moved = rf"(({sides.reach} - 1) / 2 - {_tex(sides.window.before)}) \cdot {_tex(sides.above.jump[sides.axis])}"
    return rf"\text{{start}} &= {_tex(start)} - {moved} = {_tex(made)}"


_SLIDING = (_size, _jump, _field, _start)
_TRANSPOSED = (_transposed_size, _transposed_jump, _transposed_field, _transposed_start)


def _aligned(lines: Iterator[str]) -> str:
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def _tex(value: Number | None) -> str:
    """A number inside a formula; a negative one, or a quotient, in parentheses."""
    text = text_number(value)
    return f"({text})" if text.startswith("-") or "/" in text else text
