"""What stands below a window that slides: its numbers, the relation that gives its output's size, and that done."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any, NamedTuple

from rfdocs.errors import RfdocsError
from rfdocs.figures.asked_window import OPERATIONS
from rfdocs.formats.numbers import minus, text_number
from rfdocs.graph import Report, once
from rfdocs.pages.relations import (
    OF_OPERATION,
    RELATIONS,
    Relation,
    Setting,
    general_form,
    plain_formula,
    put_in,
    relation,
    setting_text,
    template,
)


class WrongRelation(RfdocsError):
    """A relation that does not hold for the window that it is named for."""


class SizedWindow(NamedTuple):
    """A window along one axis as the relations call it, the padding behind its input, and the units that it makes."""

    setting: Setting
    behind: int
    size: int

    @property
    def text(self) -> str:
        """The setting in words, with both paddings where they differ.

        >>> SizedWindow(Setting(i=9, k=2, p=1), 1, 10).text
        'i = 9, k = 2, p = 1'
        >>> SizedWindow(Setting(i=9, k=2, p=1), 0, 9).text
        'i = 9, k = 2, p = 1 before and p′ = 0 after'
        """
        if self.behind == self.setting.p:
            return setting_text(self.setting)
        both = f"p = {self.setting.p} before and p\N{PRIME} = {self.behind} after"
        return f"{setting_text(self.setting._replace(p=0))}, {both}"

    def follows(self, named: Relation) -> bool:
        """Whether a relation holds for it."""
        setting = self.setting
        return self.behind == setting.p and named.holds(setting) and named.size(setting) == self.size


def window_caption(operation: str, windows: Iterable[SizedWindow], number: int | None = None) -> str:
    """The numbers of a window along each axis, and how they give the output's size, by the relation of that number.

    Without a number it is the first relation that holds, or the general form where none does.
    Raises: UnknownName, WrongRelation.

    >>> print(window_caption("conv", [SizedWindow(Setting(i=5, k=3, s=2, p=1), 1, 3)]))
    i = 5, k = 3, s = 2, p = 1. Relation 6: o = ⌊(i + 2p − k) / s⌋ + 1 = ⌊(5 + 2·1 − 3) / 2⌋ + 1 = 3.
    """
    along = tuple(windows)
    told = once([window.text for window in along], "; ")
    named = _held(number, along) if number is not None else _relation(operation, along)
    formula = named.formula if named else general_form(operation).formula
    sums = [[put_in(formula, window.setting, window.behind), str(window.size)] for window in along]
    done = once([" = ".join(dict.fromkeys(steps)) for steps in sums], "; ")
    head = f"Relation {named.number}: " if named else ""
    zeros = once([zeros_text(*window[:2]) for window in along], "; ")
    drawn = f" Zeros in the drawing: {zeros}." if operation == "transposed_conv" else ""
    return f"{told}. {head}{plain_formula(formula)} = {done}.{drawn}"


def zeros_text(setting: Setting, behind: int) -> str:
    """What a transposed window's input is stretched by when a plain window slides over it: the zeros between its units
    and those around them. Fewer than none are units that the window does not reach.

    >>> zeros_text(Setting(i=3, k=3, s=2, p=1), 1)
    's − 1 = 1 between two units, k − 1 − p = 1 around them'
    >>> zeros_text(Setting(i=3, k=3, s=2, p=1, d=2, a=1), 1)
    's − 1 = 1 between two units, d(k − 1) − p = 3 before them and d(k − 1) − p + a = 4 after'
    """
    _, k, s, p, d, a = setting
    reach = "d(k \N{MINUS SIGN} 1)" if d > 1 else "k \N{MINUS SIGN} 1"
    cut = "p" if behind == p else "p\N{PRIME}"
    before, after = (minus(str(zeros)) for zeros in (d * (k - 1) - p, d * (k - 1) - behind + a))
    around = "around them"
    if a or behind != p:
        around = f"before them and {reach} \N{MINUS SIGN} {cut}{' + a' if a else ''} = {after} after"
    return f"s \N{MINUS SIGN} 1 = {s - 1} between two units, {reach} \N{MINUS SIGN} p = {before} {around}"


def _held(number: int, windows: Iterable[SizedWindow]) -> Relation:
    named = relation(number)
    for window in windows:
        if not window.follows(named):
            raise WrongRelation(f"relation {number} does not give {window.size} for {window.text}")
    return named


def _relation(operation: str, windows: Iterable[SizedWindow]) -> Relation | None:
    fitting = [RELATIONS[number] for number in OF_OPERATION[operation]]
    return next((named for named in fitting if all(window.follows(named) for window in windows)), None)


def sized_windows(report: Report) -> list[SizedWindow]:
    """The window of a network's only layer along each axis."""
    (layer,) = report.layers
    told = []
    for node, length in zip(layer.axes, report.input_size, strict=True):
        window = node.window
        assert window is not None
        before, behind = window.padding
        setting = Setting(length, window.kernel, window.stride, before, window.dilation)
        added = node.length - general_form(layer.operation).size(setting, behind) if window.transposed else 0
        told.append(SizedWindow(setting._replace(a=added), behind, node.length))
    return told


def channels_caption(report: Report) -> str:
    """Which channels each output channel of a network's only layer reads, and with how many weights."""
    (layer,) = report.layers
    channels = report.image.channels
    if not OPERATIONS[layer.operation]:
        return f"Each of {channels} channels is taken for itself."
    own = channels // (layer.groups or 1)
    lengths = [node.window.kernel for node in layer.axes if node.window]
    weights = own * prod(lengths)
    product = "·".join(map(str, (own, *lengths)))
    reads = f"all {channels} channels" if own == channels else f"{own} of {channels} channels"
    return (
        f"Each of {layer.channels} filters reads {reads}: {product} = {weights} weights,"
        f" {text_number(weights * layer.channels)} in all."
    )


def relation_templates() -> dict[str, list[list[Any]]]:
    """Of each operation its relations, with number, formula and template, and last the general form: for browsers."""
    told: dict[str, list[list[Any]]] = {}
    for operation, numbers in OF_OPERATION.items():
        formulas = [(number, RELATIONS[number].formula) for number in numbers]
        formulas.append((0, general_form(operation).formula))
        told[operation] = [[number, plain_formula(formula), template(formula)] for number, formula in formulas]
    return told
