"""The features of one axis of a layer's map, where they stand on the input's grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from rfdocs.algebra import Interval
from rfdocs.figures.canvas import Panel, Stroke, segments
from rfdocs.figures.palette import INK
from rfdocs.graph import LayerReport, Report, UnitField
from rfdocs.graph.axis_node import AxisNode

#: Features nearer to each other than this are thinned out. Unit: pixels of the page.
NEAR = 1.6
#: Where they are thinned out, they then stand so many times as far apart.
_APART = 3


@dataclass(frozen=True, slots=True)
class AxisFeatures:
    """One axis of a map: the centres of its features' fields, every ``stride``-th, ascending.

    ``shared`` says that several features have one centre, as behind upsampling; ``idle`` that some
    read nothing.
    ``field`` and ``visible`` are those of the central unit along the spatial paths; ``length`` is the image's.
    Unit: input pixels.
    """

    length: int
    centers: tuple[float, ...]
    stride: int
    shared: bool
    idle: bool
    field: Interval | None
    visible: Interval | None

    @property
    def place(self) -> float | None:
        """The centre of the central unit's field; ``None`` if it reads nothing."""
        return None if self.field is None else float(self.field.center)

    @property
    def before(self) -> float:
        """How far the central unit's field, or any feature, reaches out of the image at its beginning."""
        first = 0 if self.field is None else self.field.first
        return max(0, -first, *[-place for place in self.centers[:1]])

    @property
    def after(self) -> float:
        """How far the central unit's field, or any feature, reaches out of the image at its end."""
        last = 0 if self.field is None else self.field.last + 1
        return max(0, last - self.length, *[place - self.length for place in self.centers[-1:]])

    @property
    def overrun(self) -> float:
        """The larger of ``before`` and ``after``."""
        return max(self.before, self.after)


def layer_features(report: Report, layer: LayerReport, nearest: Sequence[float]) -> tuple[AxisFeatures, ...]:
    """All axes of a layer, no features nearer to each other than ``nearest`` input pixels of each axis."""
    axes = zip(layer.axes, report.input_size, nearest, report.central_unit(layer.name), strict=True)
    return tuple([_axis_features(node, length, distance, central) for node, length, distance, central in axes])


def _axis_features(node: AxisNode, length: int, nearest: float, central: UnitField) -> AxisFeatures:
    stride = _drawn_stride(nearest * node.length / length)
    fields = [node.field.at(unit) for unit in range(node.central % stride, node.length, stride)]
    places = [float(field.center) for field in fields if field is not None]
    centers = tuple(sorted(set(places)))
    shared, idle = len(centers) < len(places), len(places) < len(fields)
    return AxisFeatures(length, centers, stride, shared, idle, central.spatial_field, central.spatial_visible)


def _drawn_stride(crowding: float) -> int:
    """Which features are drawn: all, or so few that they stand well apart."""
    return 1 if crowding <= 1.01 else ceil(_APART * crowding)


def draw_features(panel: Panel, down: Sequence[float], axis: AxisFeatures, label: str) -> None:
    """The features at all ``down`` of one row's centres: one dashed line each."""
    if not axis.centers or not down:
        return
    scale = panel.scale
    gaps = [after - before for before, after in pairwise(axis.centers)]
    radius = max(0.55, min(3.2, 0.3 * scale * min([*gaps, *[b - a for a, b in pairwise(down)]], default=20.0)))
    path = segments(((axis.centers[0], y), (axis.centers[-1] + sum(gaps[-1:]) / 4, y)) for y in down)
    dashes = tuple(part for gap in _repeating_gaps(gaps) for part in (0.0, gap * scale))
    panel.shape(label, path, None, Stroke(INK, 2 * radius, 0.85, dashes, True), clipped=True)


def _repeating_gaps(gaps: Sequence[float]) -> Sequence[float]:
    """The distances that repeat, or all.

    >>> _repeating_gaps([2.0, 3.0, 2.0, 3.0, 2.0])
    [2.0, 3.0]
    """
    for period in range(1, len(gaps)):
        if all(gap == gaps[place % period] for place, gap in enumerate(gaps)):
            return gaps[:period]
    return gaps
