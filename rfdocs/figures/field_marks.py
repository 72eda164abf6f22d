"""A unit's field on the input's grid: framed inside the image, dashed outside, filled where it sees pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rfdocs.algebra import Interval
from rfdocs.figures.canvas import Box, Fill, Panel, Place, Stroke, boxes, segments
from rfdocs.figures.palette import BLUE, Color

Segment = tuple[Place, Place]


class FieldSpan(NamedTuple):
    """A stretch of one axis, and that of the image on it. Unit: input pixels."""

    first: float
    last: float
    image: tuple[float, float]

    def inside(self, place: float) -> bool:
        """Whether a place lies in the image, its edges included."""
        return self.image[0] <= place <= self.image[1]

    def parts(self) -> Iterator[tuple[float, float, bool]]:
        """The stretch cut at the image's edges: from, to, and whether it lies in the image."""
        cuts = sorted({self.first, self.last, *[edge for edge in self.image if self.first < edge < self.last]})
        for start, end in pairwise(cuts):
            yield start, end, self.inside((start + end) / 2)


def field_span(field: Interval, length: int) -> FieldSpan:
    """The stretch that a field covers: pixel ``i`` is ``[i, i + 1)``."""
    return FieldSpan(field.first, field.last + 1, (0, length))


def frame_edges(across: FieldSpan, down: FieldSpan) -> tuple[list[Segment], list[Segment]]:
    """The edges of a field, those inside the image and those outside."""
    edges: tuple[list[Segment], list[Segment]] = ([], [])
    for y in (down.first, down.last):
        for start, end, inside in across.parts():
            edges[not (inside and down.inside(y))].append(((start, y), (end, y)))
    for x in (across.first, across.last):
        for start, end, inside in down.parts():
            edges[not (inside and across.inside(x))].append(((x, start), (x, end)))
    return edges


def draw_field(panel: Panel, across: FieldSpan, down: FieldSpan, color: Color = BLUE, width: float = 1.8) -> None:
    """The frame of a field."""
    inside, outside = frame_edges(across, down)
    if inside:
        panel.shape("field", segments(inside), None, Stroke(color, width, 1, (), True), clipped=True)
    if outside:
        panel.shape("field outside", segments(outside), None, Stroke(color, width, 1, (5, 4)), clipped=True)


def draw_seen(panel: Panel, rectangles: Sequence[Box], color: Color = BLUE, alpha: float = 0.22) -> None:
    """The pixels that a unit sees."""
    panel.shape("seen", boxes(rectangles), Fill(color, alpha), clipped=True)
