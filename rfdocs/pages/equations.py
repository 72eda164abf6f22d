"""The equations of a layer with its numbers put in: only those that hold for it, and in words why others do not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from rfdocs.algebra.field import PeriodicField
from rfdocs.algebra.reads import Reads
from rfdocs.formats.numbers import text_number
from rfdocs.graph import LayerReport, Report
from rfdocs.graph.axis_node import AxisNode
from rfdocs.operators import AppliedWindow

Number = int | Fraction


class LayerEquations(NamedTuple):
    """A layer's equations as LaTeX, and a sentence on what they leave out; either may be empty."""

    layer: str
    equations: str
    remark: str


def layer_equations(report: Report, only: Sequence[str] = ()) -> Iterator[LayerEquations]:
    """The equations of every layer that slides a window over one input, pads, cuts or resamples it; or of those named.

    Quotients stand on the line: few readers have a font whose brackets grow with a fraction.
    They are those of the last axis. Raises: UnknownLayer.
    """
    chosen = {report.network.node(name) for name in only}
    for node, layer in enumerate(report.layers, start=1):
        if node in chosen if only else _transforms_input(layer):
            yield _equations_of(report, layer)


def _transforms_input(layer: LayerReport) -> bool:
    """Whether it has one input and does more than pass that input's units on, each by itself."""
    return len(layer.inputs) == 1 and not layer.axes[-1].reads_pointwise


def _equations_of(report: Report, layer: LayerReport) -> LayerEquations:
    if len(layer.inputs) > 1:
        return LayerEquations(layer.name, "", _several_remark(layer))
    below = report[layer.inputs[0]]
    if not _transforms_input(layer):
        return LayerEquations(layer.name, "", _unchanged_remark(below, layer))
    equations = _axis_equations(below.axes[-1], layer.axes[-1])
    lines = r" \\ ".join(equations.lines())
    aligned = rf"\begin{{aligned}} {lines} \end{{aligned}}" if lines else ""
    return LayerEquations(layer.name, aligned, equations.remark(below.name))


def _several_remark(layer: LayerReport) -> str:
    count = len(layer.inputs)
    if any(axis.has_seams for axis in layer.axes):
        return f"{count} maps stand side by side here: each unit has the field of the one that it lies on."
    return f"{count} paths meet here: no equation of one input gives the field."


def _unchanged_remark(below: LayerReport, layer: LayerReport) -> str:
    if below.axes[-1].field == layer.axes[-1].field:
        return f"It has the size, jump, field and start of {below.name}."
    return f"It takes some of the channels of {below.name}, and their fields."


def _uniform(node: AxisNode) -> bool:
    """Whether all units of a map have one field, moved along."""
    return isinstance(node.field, PeriodicField) and node.field.period == 1 and node.field.start is not None


def _axis_equations(below: AxisNode, above: AxisNode) -> _AxisEquations:
    if above.window is None:
        return _Resampling(below, above, above.reads[0])
    return (_Transposed if above.window.transposed else _Sliding)(below, above, above.window)


@dataclass(frozen=True, slots=True)
class _AxisEquations(ABC):
    """The equations between a map on one axis, ``below``, and the one that a layer makes of it, ``above``."""

    below: AxisNode
    above: AxisNode

    def lines(self) -> Iterator[str]:
        """The equations that hold: the size where a rule gives it, the jump where there is one, and field and start
        by the rule where units are alike, or are only moved along, else from the fields themselves.
        """
        yield from self.size()
        jump, start = self.above.field.jump, _tex(self.above.field.start)
        if self.below.field.jump is not None and jump is not None:
            yield _equation("j", self.jump(), _tex(jump))
        if self.follows_rule:
            yield from self.fields()
            yield rf"\text{{start}} &= {self.start()} = {start}"
        else:
            yield from self._counted_fields()
            if self.above.field.start is not None:
                yield rf"\text{{start}} &= {self._mean_start()} = {start}"

    def remark(self, source: str) -> str:
        """What the equations rest on where they are not the rule's; nothing where they are."""
        if self.follows_rule:
            return ""
        least, most = self.above.field.smallest, self.above.field.largest
        if most == 0:
            return "Its units read nothing of the image, and so have neither centre nor jump."
        ends = f"field is that of unit {self._unit(most)}"
        ends = f"the {ends}" if least == most else f"the largest {ends}, the smallest that of unit {self._unit(least)}"
        if self.below.field.jump is None:
            return f"The units of {source} have no jump: {ends}."
        if self.above.field.jump is None:
            return f"What its units read moves on by no fixed step, so that there is no jump: {ends}."
        mean = "the start is the mean centre of one period, less the jump times the mean index"
        return f"The units of {source} differ by phase: {ends}; {mean}."

    @property
    def follows_rule(self) -> bool:
        """Whether field and start follow from those below by an equation."""
        below, above = self.below.field, self.above.field
        places = below.jump is not None and above.jump is not None and below.start is not None
        return places and above.start is not None and (_uniform(self.below) or self.keeps_phases())

    def _units(self) -> range:
        """The units whose fields are all that there are: one period's, or those of the map."""
        field = self.above.field
        return range(field.period if isinstance(field, PeriodicField) else self.above.length)

    def _unit(self, size: int) -> int:
        """The first unit with a field of that size."""
        fields = ((unit, self.above.field.at(unit)) for unit in self._units())
        return next(unit for unit, field in fields if (0 if field is None else field.size) == size)

    def _counted_fields(self) -> Iterator[str]:
        least, most = self.above.field.smallest, self.above.field.largest
        for name, size in (("r", most), (r"r_{\min}", least))[: 1 + (least < most)]:
            field = self.above.field.at(self._unit(size))
            ends = "" if field is None else f"{_tex(field.last)} - {_tex(field.first)} + 1 = "
            yield f"{name} &= {ends}{size}"

    def _mean_start(self) -> str:
        fields = [(unit, field) for unit in self._units() if (field := self.above.field.at(unit)) is not None]
        index = Fraction(sum([unit for unit, _ in fields]), len(fields))
        if index == 0:
            only = fields[0][1]
            return f"({_tex(only.first)} + {_tex(only.last)} + 1) / 2"
        centre = sum([field.center for _, field in fields], Fraction(0)) / len(fields)
        return rf"{_tex(centre)} - {_tex(index)} \cdot {_tex(self.above.field.jump)}"

    @property
    def step(self) -> str:
        """The jump of what is read."""
        return _tex(self.below.field.jump)

    def keeps_phases(self) -> bool:
        """Whether each unit reads one unit, so that fields that differ by phase are only moved along."""
        return False

    @abstractmethod
    def size(self) -> Iterator[str]:
        """The equation of the size, if a rule gives it."""

    @abstractmethod
    def jump(self) -> str:
        """What the jump is computed from."""

    @abstractmethod
    def fields(self) -> Iterator[str]:
        """The equation of the field, and that of the smallest where it differs."""

    @abstractmethod
    def start(self) -> str:
        """What the start is computed from."""


@dataclass(frozen=True, slots=True)
class _Windowed(_AxisEquations):
    """A kernel that is laid over one of both maps step by step."""

    window: AppliedWindow

    def kernel_offset(self, jump: str) -> str:
        """How far the middle of the first kernel lies behind the map's first unit, the units being a jump apart."""
        return rf"(({self.window.extent} - 1) / 2 - {_tex(self.window.padding[0])}) \cdot {jump}"


@dataclass(frozen=True, slots=True)
class _Sliding(_Windowed):
    """A window that slides. Source: Dang Ha The Hien 2017."""

    def keeps_phases(self) -> bool:
        return self.window.extent == self.window.stride == 1

    def size(self) -> Iterator[str]:
        before, after = map(_tex, self.window.padding)
        room = f"({self.below.length} + {before} + {after} - {self.window.extent})"
        yield rf"n &= \lfloor {room} / {self.window.stride} \rfloor + 1 = {self.above.length}"

    def jump(self) -> str:
        return rf"{self.step} \cdot {self.window.stride}"

    def fields(self) -> Iterator[str]:
        below, above = self.below.field, self.above.field
        yield rf"r &= {below.largest} + ({self.window.extent} - 1) \cdot {self.step} = {above.largest}"
        if above.smallest < above.largest:
            yield rf"r_{{\min}} &= {below.smallest} + ({self.window.extent} - 1) \cdot {self.step} = {above.smallest}"

    def start(self) -> str:
        return f"{_tex(self.below.field.start)} + {self.kernel_offset(self.step)}"


@dataclass(frozen=True, slots=True)
class _Transposed(_Windowed):
    """A transposed convolution. Source: Dumoulin & Visin 2016, relation 14.

    Rule: the taps of one unit are ``c = s / gcd(s, d)`` apart in the kernel and ``d / gcd(s, d)`` on the map. A unit
    has at most ``ceil(k / c)`` of them, and at least ``floor(k / c)``, where none is left out.
    """

    def size(self) -> Iterator[str]:
        whole = (self.below.length - 1) * self.window.stride + self.window.extent
        extra = self.above.length - (whole - sum(self.window.padding))
        cut = f"{self.window.extent} - {_tex(self.window.padding[0])} - {_tex(self.window.padding[1])}"
        more = f" + {_tex(extra)}" if extra else ""
        yield rf"n &= ({self.below.length} - 1) \cdot {self.window.stride} + {cut}{more} = {self.above.length}"

    def jump(self) -> str:
        return f"{self.step} / {self.window.stride}"

    def fields(self) -> Iterator[str]:
        least, most = self.above.field.smallest, self.above.field.largest
        yield rf"r &= {self._field('ceil')} = {most}"
        if 0 < least < most:
            yield rf"r_{{\min}} &= {self._field('floor')} = {least}"
        elif least < most:
            yield r"r_{\min} &= 0"

    def _field(self, rounding: str) -> str:
        common = gcd(self.window.stride, self.window.dilation)
        taps = rf"\l{rounding} {self.window.kernel} / {self.window.stride // common} \r{rounding}"
        apart = "" if self.window.dilation == common else rf"\cdot {self.window.dilation // common} "
        return rf"{self.below.field.largest} + ({taps} - 1) {apart}\cdot {self.step}"

    def start(self) -> str:
        return f"{_tex(self.below.field.start)} - {self.kernel_offset(_tex(self.above.field.jump))}"


@dataclass(frozen=True, slots=True)
class _Resampling(_AxisEquations):
    """Any other pattern of reading that repeats: ``period`` units read what lies ``shift`` units further on.

    Rule: ``n' = n * period / shift`` and ``j' = j * shift / period``. A unit whose first and last tap are ``m`` apart
    adds ``m * j`` to the field; and the start, that of the line through the centres, moves by ``j`` times the mean
    place that one period reads, less ``j'`` times its mean index ``(period - 1) / 2``.
    """

    reads: Reads

    def size(self) -> Iterator[str]:
        reads, n = self.reads, self.below.length
        if reads.steady and reads.shift and n * reads.period // reads.shift == self.above.length:
            product = rf"{n}{_times(reads.period, reads.shift)}"
            whole = product if n * reads.period % reads.shift == 0 else rf"\lfloor {product} \rfloor"
            yield _equation("n", whole, str(self.above.length))
        elif self.above.length == 1:
            yield "n &= 1"

    def jump(self) -> str:
        return f"{self.step}{_times(self.reads.shift, self.reads.period)}"

    def fields(self) -> Iterator[str]:
        taps = [self.reads.taps(unit) for unit in range(self.reads.period)]
        stretches = {places[-1] - places[0] + 1 for places in taps}
        below = self.below.field.largest
        yield rf"r &= {below} + ({max(stretches)} - 1) \cdot {self.step} = {self.above.field.largest}"
        if len(stretches) > 1:
            yield rf"r_{{\min}} &= {below} + ({min(stretches)} - 1) \cdot {self.step} = {self.above.field.smallest}"

    def start(self) -> str:
        period = self.reads.period
        ends = [self.reads.taps(unit) for unit in range(period)]
        place = Fraction(sum([places[0] + places[-1] for places in ends]), 2 * period)
        index = rf" - ({period} - 1) / 2 \cdot {_tex(self.above.field.jump)}" if period > 1 else ""
        return rf"{_tex(self.below.field.start)} + {_tex(place)} \cdot {self.step}{index}"


def _equation(name: str, how: str, value: str) -> str:
    """An equation of how a value comes about, or where it is taken over of that value alone."""
    return f"{name} &= {value}" if how == value else f"{name} &= {how} = {value}"


def _times(above: int, below: int) -> str:
    """A multiplication by a fraction, as far as it does anything."""
    common = gcd(above, below)
    factor, divisor = above // common, below // common
    product = "" if factor == 1 and divisor != 1 else rf" \cdot {factor}"
    return product if divisor == 1 else f"{product} / {divisor}"


def _tex(value: Number | None) -> str:
    """A number inside a formula; a negative one, or a quotient, in parentheses."""
    text = text_number(value, "")
    return f"({text})" if text.startswith("-") or "/" in text else text
