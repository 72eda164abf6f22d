"""Where a name finds room beside what it names, among lines that are drawn already."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from rfdocs.figures.canvas import Box, Place
from rfdocs.figures.drawing import PHONE_TEXT
from rfdocs.figures.text_widths import width

_across = itemgetter(0)
#: The room above and below a name's letters. Unit: pixels.
_CLEAR = 4.0


class LabelPlace(NamedTuple):
    """Where a baseline begins, or ends where that is its anchor. Unit: pixels of the page."""

    x: float
    y: float
    anchor: str = "start"


def beside(x: float, y: float) -> list[LabelPlace]:
    """The spots around a mark, where a curve that rises leaves room first."""
    around = [
        LabelPlace(x + side * far, y + drop, "end" if side < 0 else "start")
        for far in (12, 30)
        for side, drop in ((-1, -8), (1, 28), (-1, 8), (-1, 54), (1, 60), (-1, -40), (1, 100), (-1, -90))
    ]
    return [*around, *[LabelPlace(x - back, y - 30) for back in (60, 120, 180, 240)]]


def along(line: Sequence[Place], step: float = 24) -> Iterator[LabelPlace]:
    """The spots above and below a line of straight parts, from its left to its right."""
    for (left, first), (right, last) in pairwise(line):
        for turn in range(int((right - left) / step) + 1):
            x = left + step * turn
            y = first + (last - first) * (x - left) / (right - left) if right > left else first
            yield LabelPlace(x + 6, y - 7)
            yield LabelPlace(x + 6, y + 23)


class Labels:
    """The lines and names of a frame that others keep clear of. Unit: pixels of the page."""

    def __init__(self, frame: Box) -> None:
        self.frame = frame
        self.taken: list[Box] = []
        self.lines: list[Sequence[Place]] = []

    def take(self, box: Box) -> None:
        """Keeps a part of the frame free of names."""
        self.taken.append(box)

    def place(self, text: str, spots: Iterable[LabelPlace], lines: int = 1) -> LabelPlace | None:
        """The first of the spots where the text touches nothing; it is taken then. ``None`` where all are in the way.

        A text of several ``lines`` ends with its last at that spot.
        """
        for spot in spots:
            box = text_box(text, spot, lines)
            if self._is_free(box):
                self.take(box)
                return spot
        return None

    def _is_free(self, box: Box) -> bool:
        frame = self.frame
        if box.left < frame.left or box.right > frame.right or box.top < frame.top or box.bottom > frame.bottom:
            return False
        return not any(overlap(box, other) for other in self.taken) and not any(
            crosses(line, box) for line in self.lines
        )


def text_box(text: str, spot: LabelPlace, lines: int = 1) -> Box:
    """What a text takes on a phone, the widest of its lines given."""
    left = spot.x - (width(text) if spot.anchor == "end" else 0)
    top = spot.y - (0.75 + 1.25 * (lines - 1)) * PHONE_TEXT - _CLEAR
    return Box(left, top, left + width(text), spot.y + 0.2 * PHONE_TEXT)


def overlap(one: Box, other: Box) -> bool:
    """Whether two rectangles have an area in common.

    >>> overlap(Box(0, 0, 2, 2), Box(1, 1, 3, 3)), overlap(Box(0, 0, 2, 2), Box(2, 0, 3, 2))
    (True, False)
    """
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > 0 and min(one.bottom, other.bottom) - max(one.top, other.top) > 0


def crosses(line: Sequence[Place], box: Box) -> bool:
    """Whether a line of straight parts, from left to right, runs through a rectangle or along its edge.

    >>> crosses([(0, 0), (10, 10)], Box(4, 4, 6, 6)), crosses([(0, 0), (10, 10)], Box(6, 0, 9, 3))
    (True, False)
    """
    first, last = bisect_left(line, box.left, key=_across), bisect_right(line, box.right, key=_across)
    return any(_part_crosses(start, end, box) for start, end in pairwise(line[max(0, first - 1) : last + 1]))


def _part_crosses(start: Place, end: Place, box: Box) -> bool:
    (left, first), (right, last) = start, end
    slope = (last - first) / (right - left) if right > left else 0.0
    ends = (
        [first + slope * (max(left, box.left) - left), first + slope * (min(right, box.right) - left)]
        if right > left
        else [first, last]
    )
    return min(ends) <= box.bottom and max(ends) >= box.top
