"""Where a unit lies in the image, as one line in each convention that people use, and back."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from rfdocs.formats.numbers import text_number
from rfdocs.graph import AXES, LayerReport, Report

_HALF = Fraction(1, 2)


class PlaceLine(NamedTuple):
    """A convention, and the lines to copy: from a unit ``u`` to a place ``x``, and back."""

    convention: str
    forward: str
    back: str


def place_lines(layer: LayerReport, axis: int, length: int) -> list[PlaceLine]:
    """The centre of unit ``u`` on one axis of an image of a ``length``; nothing where no one line holds.

    Rule: ``x = start + jump * u``, half a pixel less where pixels' centres are whole numbers; normalised
    ``2 * x / n - 1``, or ``2 * x / (n - 1) - 1`` of the latter. Source: PyTorch ``grid_sample``, ``align_corners``.

    >>> import rfdocs
    >>> report = rfdocs.load("vgg16").analyze()
    >>> for line in place_lines(report["pool5"], 0, 224)[:2]: print(*line, sep=" | ")
    pixel edges at whole numbers | x = 16 + 32 * u | u = (x - 16) / 32
    pixel centres at whole numbers | x = 15.5 + 32 * u | u = (x - 15.5) / 32
    """
    start, jump = layer.start[axis], layer.jump[axis]
    if jump is None:
        return []
    assert start is not None, "a map with a jump has a unit that reads something"
    edges, centres = _linear(start, jump), _linear(start - _HALF, jump)
    return [
        PlaceLine("pixel edges at whole numbers", f"x = {edges}", f"u = {_inverse('x', start, jump)}"),
        PlaceLine("pixel centres at whole numbers", f"x = {centres}", f"u = {_inverse('x', start - _HALF, jump)}"),
        *_normalised(start, jump, length),
    ]


def _normalised(start: Fraction, jump: Fraction, length: int) -> Iterator[PlaceLine]:
    """From -1 to 1: between the image's edges, and between the centres of its first and its last pixel."""
    x = f"(x + 1) * {length} / 2"
    forward, back = f"x = 2 * ({_linear(start, jump)}) / {length} - 1", f"u = {_inverse(x, start, jump)}"
    yield PlaceLine("-1 to 1 between edges (align_corners=False)", forward, back)
    if length > 1:
        start, x = start - _HALF, f"(x + 1) * {length - 1} / 2"
        forward, back = f"x = 2 * ({_linear(start, jump)}) / {length - 1} - 1", f"u = {_inverse(x, start, jump)}"
        yield PlaceLine("-1 to 1 between centres (align_corners=True)", forward, back)


def _linear(start: Fraction, jump: Fraction) -> str:
    moved = "u" if jump == 1 else f"{_factor(jump)} * u"
    return f"{text_number(start, '')} + {moved}" if start else moved


def _inverse(x: str, start: Fraction, jump: Fraction) -> str:
    if start:
        x = f"({x} {'-' if start > 0 else '+'} {text_number(abs(start), '')})"
    return x if jump == 1 else f"{x} / {_factor(jump)}"


def _factor(jump: Fraction) -> str:
    """A factor in a product: a fraction in brackets."""
    text = text_number(jump, "")
    return f"({text})" if "/" in text else text


class AxesPlaces(NamedTuple):
    """The axes that share lines, and whether all centres are on these: otherwise their mean over the phases is."""

    axes: str
    lines: tuple[PlaceLine, ...]
    exact: bool

    @property
    def whose(self) -> str:
        """The axes, and what of their centres is on the lines."""
        return self.axes if self.exact else f"{self.axes}, in the mean over its phases"


def axes_places(report: Report, layer: LayerReport) -> list[AxesPlaces]:
    """The lines of all axes; of axes that agree once."""
    groups: dict[tuple[tuple[PlaceLine, ...], bool], list[str]] = {}
    for axis, name in enumerate(AXES[report.network.axes]):
        lines = tuple(place_lines(layer, axis, report.input_size[axis]))
        if lines:
            groups.setdefault((lines, _on_one_line(layer, axis)), []).append(name)
    return [AxesPlaces(" and ".join(names), *shared) for shared, names in groups.items()]


def _on_one_line(layer: LayerReport, axis: int) -> bool:
    """Whether the centres of all phases are the jump apart, given that there is one."""
    jump = layer.jump[axis]
    assert jump is not None
    fields = enumerate(layer.axes[axis].field.phases)
    return len({field.center - unit * jump for unit, field in fields if field is not None}) == 1


def places_text(report: Report, layer: LayerReport) -> str:
    """The lines for a terminal; nothing where no one line holds."""
    parts = []
    for places in axes_places(report, layer):
        wide = max(len(line.forward) for line in places.lines)
        rows = "".join([f"  {line.forward.ljust(wide)}  {line.back}  [{line.convention}]\n" for line in places.lines])
        parts.append(f"the centre of unit u, {places.whose}\n{rows}")
    return "".join([f"\n{part}" for part in parts])
