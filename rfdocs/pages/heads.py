"""The heads of detectors: what their units see, and how large the objects are that they can hold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from rfdocs.algebra.holding import longest_held
from rfdocs.errors import UnknownName
from rfdocs.formats.columns import field_text
from rfdocs.formats.numbers import NONE, by_axis, per_axis, text_number
from rfdocs.graph import LayerReport, Report
from rfdocs.pages.content import Grid, Group, Heading, Part, Row

_HEADINGS = (
    Heading("name", "head"),
    Heading(
        "jump", "jump", "The distance between its units. An object that is smaller may lie between two of them.", True
    ),
    Heading("width", "95 % width", "The width that holds 95 % of the paths to its central unit. Unit: pixels.", True),
    Heading("rf", "field", "The receptive field, and in how many pixels from unit to unit. Unit: pixels.", True),
    Heading("held", "holds up to", "The longest object that lies within some unit's field, wherever it is.", True),
    Heading("anchors", "anchors", "The sizes of boxes that start there. Unit: pixels."),
)


class Head(NamedTuple):
    """A layer that predicts, of a network under its title, and the sizes of its boxes, if any."""

    title: Part
    report: Report
    layer: str
    anchors: tuple[str, ...] = ()


def heads_table(heads: Sequence[Head], caption: str) -> Grid:
    """The heads of one detector after the other, with their jump, field and the objects that they hold.

    Raises: UnknownLayer, UnknownName, InputError.
    """
    anchored = any(head.anchors for head in heads)
    headings = _HEADINGS if anchored else _HEADINGS[:-1]
    groups = [
        Group((title, f" · {by_axis(size)} px"), tuple([_row(head, anchored=anchored) for head in own]))
        for (title, size), own in groupby(heads, key=lambda head: (head.title, head.report.input_size))
    ]
    return Grid(caption, headings, tuple(groups), "heads")


def _row(head: Head, *, anchored: bool) -> Row:
    layer = head.report[head.layer]
    if not layer.inputs:
        raise UnknownName("layer that predicts", head.layer, [one.name for one in head.report.outputs])
    width, held = _effective_width(head.report, layer), held_size(head.report, layer)
    cells = [
        layer.name,
        per_axis(layer.jump),
        NONE if width is None else text_number(width),
        field_text(layer),
        text_number(held),
        *([", ".join(head.anchors) or NONE] if anchored else []),
    ]
    jumps = [float(jump) for jump in layer.jump if jump is not None]
    sort = {"held": float(held), "width": float(width or 0), "jump": max(jumps, default=0.0)}
    return Row(tuple(cells), sort=sort)


def held_size(report: Report, layer: LayerReport) -> int:
    """The longest object that some unit's field holds on every axis, wherever it lies, along the spatial paths.

    >>> import rfdocs
    >>> report = rfdocs.load("ssd300").analyze()
    >>> held_size(report, report["conv4_3_norm_loc"])
    101
    """
    return min(
        longest_held([axis.field.at(unit) for unit in range(axis.length)], length)
        for axis, length in zip(layer.axes, report.input_size, strict=True)
    )


def _effective_width(report: Report, layer: LayerReport) -> int | None:
    spreads = [spread.width for spread in report.effective(layer.name) if spread is not None]
    return min(spreads, default=None)
