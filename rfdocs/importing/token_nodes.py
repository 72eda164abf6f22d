"""Two matrices over all units of a map, the same for every channel: what an MLP-Mixer has in place of attention."""

from __future__ import annotations

from rfdocs.importing.drafts import Drafts, HalfMixed, Puzzling, View, common_scope
from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.views import CHANNELS, whole

#: What may be done between the two matrices, number by number.
BETWEEN = frozenset({"pointwise", "identity"})


def half_mixed(drafts: Drafts, node: Node, view: View) -> HalfMixed | None:
    """What the first of two such matrices gives; nothing where its last dimension is not all units in their order, or
    where another one holds anything but all channels.
    """
    *others, last = view.dimensions
    layer = drafts[view.node]
    if last != layer.row or not last or [one for one in others if one] != [whole(CHANNELS, layer.channels)]:
        return None
    return HalfMixed(view, node.attributes["channels"], bool(node.attributes["bias"]), node.learned, node.scope)


def mixed(drafts: Drafts, node: Node, half: HalfMixed) -> View:
    """``token_mixing``: what the second matrix gives. Raises: Puzzling unless it leaves as many units as there were."""
    units, bias = drafts[half.view.node].units, bool(node.attributes["bias"])
    if node.attributes["channels"] != units or bias != half.bias:
        raise Puzzling("its matrices over all units do not give back a map, or one of them has biases and one has none")
    attributes = {"hidden": half.hidden} | ({} if bias else {"bias": False})
    learned = (*half.learned, *node.learned)
    scope = common_scope(half.scope, node.scope)
    result = drafts.alike("token_mixing", (half.view.node,), attributes, learned, scope)
    return View(result, half.view.dimensions)
