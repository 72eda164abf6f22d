"""Foreign attention to some units by their places: those of a window, or of a grid over the whole map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from rfdocs.importing.compaction.plain_layers import telling
from rfdocs.importing.drafts import Drafts, Puzzling, Scores, Undecided, View
from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.products import count_the_same, together, whole_of
from rfdocs.importing.views import Digit, Dimension, Dimensions, aligned, as_keys, of_channels

#: What attends to some units by their places, and the attribute that says to how many.
PLACED: Mapping[str, str] = {"window_attention": "window", "grid_attention": "grid"}
_OTHERWISE = "its attention sees a part of the map only, which is neither a window nor a grid"


def placed(drafts: Drafts, node: Node, scores: Scores, view: View, unit: int) -> View:
    """``window_attention`` or ``grid_attention``, without the matrices around it.

    Raises: Puzzling where its units attend to others, or some keys are hidden from them that are of their window.
    """
    layer = drafts[view.node]
    if unit != -2 or not _attend_to_themselves(scores, view.dimensions):
        raise Puzzling(_OTHERWISE)
    if {drafts[one.node].channels for one in (scores.query, scores.key)} != {layer.channels}:
        raise Puzzling("its attention to a part of the map has queries, keys and values of different channels")
    digits = [_digit_of(view.dimensions[unit], axis) for axis in range(1, drafts.axes + 1)]
    given = {
        **_placing(digits, layer.size, scores.hidden),
        "heads": prod(map(of_channels, view.dimensions[:-2])),
        "positions": False,
        "channels": layer.channels,
    }
    [word] = [word for word, attended in PLACED.items() if attended in given]
    told = {key: given[key] for key in telling(word, given, drafts.axes)}
    learned = (*scores.learned, *node.learned)
    read = _read(drafts, [scores.query.node, scores.key.node, view.node])
    result = drafts.layer(word, (read,), layer.channels, layer.size, told, learned, node.scope)
    return View(result, view.dimensions)


def _attend_to_themselves(scores: Scores, values: Dimensions) -> bool:
    """Whether the units of every window are the queries, the keys and the values, in one order."""
    if not scores.dimensions:
        return False
    pairs = zip(*aligned(scores.dimensions[:-2], values[:-2]), strict=True)
    own = scores.dimensions[-2:] == (values[-2], as_keys(values[-2]))
    return own and all(count_the_same(*pair) for pair in pairs)


def _digit_of(units: Dimension, axis: int) -> Digit:
    """The one digit of an axis; of an axis of whose units each sees none but itself, one of length 1."""
    digits = [digit for digit in units if digit.axis == axis]
    if len(digits) > 1:
        raise Puzzling(_OTHERWISE)
    return digits[0] if digits else Digit(axis, 1, 1)


def _placing(digits: Sequence[Digit], size: Sequence[int], hidden: str) -> dict[str, Any]:
    """Windows, and how they are moved, or a grid; where both would do, windows."""
    pairs = list(zip(digits, size, strict=True))
    if any(1 < digit.size == count for digit, count in pairs):
        raise Undecided("its attention sees a part of the map only, and all units of one axis")
    if all(digit.stride == 1 for digit in digits):
        moved = tuple([digit.moved for digit in digits])
        if any(moved) != (hidden == "wrapped") or hidden == "after":
            raise Puzzling("its windows are rolled round the map, or keys are hidden in them, and not both together")
        return {"window": tuple([digit.size for digit in digits]), "shift": moved}
    if all(digit.stride * digit.size == count and not digit.moved for digit, count in pairs) and not hidden:
        return {"grid": tuple([digit.size for digit in digits])}
    raise Puzzling(_OTHERWISE)


def _read(drafts: Drafts, maps: Sequence[int]) -> int:
    """The map of queries, keys and values: what they are cut out of, where that is all of it, or else their concat."""
    parts = list(dict.fromkeys(maps))
    wholes = {whole_of(drafts, part) for part in parts}
    if len(wholes) == 1 and len(parts) == len(maps):
        [whole] = wholes
        if drafts[whole].channels == sum([drafts[part].channels for part in parts]):
            return whole
    return together(drafts, parts, drafts[maps[-1]].scope)
