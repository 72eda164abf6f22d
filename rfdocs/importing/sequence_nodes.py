"""Foreign recurrent layers: along which axis they go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rfdocs.graph import AXES
from rfdocs.importing.drafts import Drafts, Puzzling, Value, View
from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.views import CHANNELS, Dimension, axes_of, whole
from rfdocs.importing.window_nodes import view_of
from rfdocs.operators import Direction, Maps, Recurrence

#: The matrices that each kind has of what a unit reads, and as many of what was found before it.
MATRICES: Mapping[str, int] = {"lstm": 4, "gru": 3, "rnn": 1}


def recurrence(drafts: Drafts, node: Node, values: list[Value]) -> Value:
    """``lstm``, ``gru`` or ``rnn`` along an axis; rows on the others are sequences of their own.

    Raises: Puzzling where it goes along something else, or over more than the channels of each unit.
    """
    view, given = drafts.settled(view_of(values)), node.attributes
    layer = drafts[view.node]
    *others, last = view.dimensions
    along = _axis_of(drafts, view, given["axis"])
    if last != whole(CHANNELS, layer.channels) or any(CHANNELS in axes_of(other) for other in others):
        raise Puzzling("each of its steps reads more, or less, than the channels of a unit")
    channels, ways = given["channels"], given["directions"]
    if given["weights"] != learned_by(given["mode"], ways, channels, layer.channels, bias=False):
        raise Puzzling("its matrices have another form than those of such a layer")
    attributes: dict[str, Any] = {"channels": channels}
    attributes |= {"direction": "both"} if ways > 1 else {}
    attributes |= {"axis": AXES[drafts.axes][along - 1]} if drafts.axes > 1 else {}
    result = drafts.layer(
        given["mode"], (view.node,), channels * ways, layer.size, attributes, node.learned, node.scope
    )
    return View(result, (*others, whole(CHANNELS, channels * ways)))


def _axis_of(drafts: Drafts, view: View, place: int) -> int:
    """The axis that a dimension is, from its first unit to its last."""
    dimension: Dimension = view.dimensions[place]
    for axis, length in enumerate(drafts[view.node].size, start=1):
        if length > 1 and dimension == whole(axis, length):
            return axis
    raise Puzzling("it goes along what is no axis of units, or along several")


def learned_by(mode: str, ways: int, hidden: int, before: int, *, bias: bool) -> int:
    """How many numbers a recurrent layer learns, with PyTorch's biases or without."""
    direction = Direction.BOTH if ways > 1 else Direction.FORWARD
    one = (1,)
    recurrent = Recurrence(hidden, MATRICES[mode], (True,), direction, bias)
    return recurrent.parameters(Maps(before, one, ways * hidden, one))
