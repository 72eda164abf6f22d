"""Lanes for the edges of a graph whose nodes stand in rows: one node a row, every edge free of other nodes.

A node's output keeps its lane until its last reader. A reader that comes earlier stands in a lane of its own; the last
takes the lane over. So an identity shortcut runs straight beside its block, and a U-Net takes the shape of a U.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class LaneEdge(NamedTuple):
    """A line down a lane from one row to another, then over to the reader's lane within the last row."""

    lane: int
    row: int
    to_lane: int
    to_row: int


def lanes(inputs: Sequence[Sequence[int]]) -> list[int]:
    """Each row's lane; ``inputs`` are the earlier rows that each row reads.

    >>> lanes([[], [0], [1], [0, 2]])
    [0, 1, 1, 0]
    """
    last = last_readers(inputs)
    held: dict[int, int] = {}
    lane_of: list[int] = []
    for row, sources in enumerate(inputs):
        ending = [lane_of[source] for source in sources if last[source] == row]
        held = {lane: holder for lane, holder in held.items() if last[holder] > row}
        free = next(lane for lane in range(len(inputs) + 1) if lane not in held)
        lane_of.append(min(ending) if ending else free)
        held[lane_of[-1]] = row
    return lane_of


def last_readers(inputs: Sequence[Sequence[int]]) -> list[int]:
    """The last row that reads each row; its own where none does."""
    last = list(range(len(inputs)))
    for row, sources in enumerate(inputs):
        for source in sources:
            last[source] = row
    return last


def edges(inputs: Sequence[Sequence[int]]) -> list[LaneEdge]:
    """All edges in order."""
    lane_of = lanes(inputs)
    pairs = [(source, row) for row, sources in enumerate(inputs) for source in sources]
    return [LaneEdge(lane_of[source], source, lane_of[row], row) for source, row in pairs]
