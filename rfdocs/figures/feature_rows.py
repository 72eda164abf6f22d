"""The features of one axis of a layer's map, where they stand on the input's grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rfdocs.algebra import Interval
from rfdocs.figures.canvas import Panel, Stroke, dots, segments
from rfdocs.figures.palette import INK
from rfdocs.figures.stages import center
from rfdocs.graph import LayerReport, Report

#: Features nearer to each other than this are thinned out. Unit: pixels of the page.
NEAR = 1.6
#: Patterns of distances longer than this are drawn dot by dot.
_PATTERN = 32
Dashes = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One axis of a map: the centres of its features' fields, every ``stride``-th, ascending.

    ``field`` and ``visible`` are those of the central unit along the spatial paths; ``length`` is the image's.
    Unit: input pixels.
    """

    length: int
    centers: tuple[float, ...]
    stride: int
    field: Interval | None
    visible: Interval | None

    @property
    def place(self) -> float | None:
        """The centre of the central unit's field; ``None`` if it reads nothing."""
        return None if self.field is None else float(self.field.center)

    @property
    def overrun(self) -> int:
        """How far the central unit's field leaves the image."""
        return 0 if self.field is None else max(0, -self.field.first, self.field.last + 1 - self.length)


def rows(report: Report, layer: LayerReport, nearest: float) -> tuple[Row, ...]:
    """All axes of a layer, no features nearer to each other than ``nearest`` input pixels."""
    unit = report.unit(layer.name, center(layer))
    return tuple(
        [
            _row(layer, axis, length, nearest, field, visible)
            for axis, (length, field, visible) in enumerate(
                zip(report.input_size, unit.spatial_field, unit.spatial_visible, strict=True)
            )
        ]
    )


def _row(
    layer: LayerReport, axis: int, length: int, nearest: float, field: Interval | None, visible: Interval | None
) -> Row:
    node = layer.axes[axis]
    stride = max(1, -(-nearest * node.length // length))
    units = range(center(layer)[axis] % int(stride), node.length, int(stride))
    fields = [node.field.at(unit) for unit in units]
    centers = sorted({float(field.center) for field in fields if field is not None})
    return Row(length, tuple(centers), int(stride), field, visible)


def draw_features(panel: Panel, down: Sequence[float], row: Row, label: str) -> None:
    """The features at all ``down`` of one row's centres: one dashed line each, or dots where no pattern repeats."""
    if not row.centers or not down:
        return
    scale = panel.scale
    gaps = [after - before for before, after in pairwise(row.centers)]
    radius = max(0.55, min(3.2, 0.3 * scale * min([*gaps, *[b - a for a, b in pairwise(down)]], default=20.0)))
    pattern = _pattern(gaps)
    if pattern is None or not gaps:
        path, dashes = dots((x, y) for y in down for x in row.centers), ()
    else:
        end = row.centers[-1] + gaps[-1] / 4
        path = segments(((row.centers[0], y), (end, y)) for y in down)
        dashes = tuple(part for gap in pattern for part in (0.0, gap * scale))
    panel.shape(label, path, None, Stroke(INK, 2 * radius, 0.85, dashes, True))


def _pattern(gaps: Sequence[float]) -> Sequence[float] | None:
    """The distances that repeat; ``None`` where the pattern is too long.

    >>> _pattern([2.0, 3.0, 2.0, 3.0, 2.0])
    [2.0, 3.0]
    """
    for period in range(1, min(_PATTERN, len(gaps)) + 1):
        if all(gap == gaps[place % period] for place, gap in enumerate(gaps)):
            return gaps[:period]
    return None
