"""A foreign model as an entry of the catalogue, and as the items of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rfdocs.importing.drafts import Draft
from rfdocs.importing.folding import folded
from rfdocs.importing.foreign_graph import ForeignGraph
from rfdocs.importing.naming import names_of
from rfdocs.importing.understanding import Understood, understood
from rfdocs.language.assembly import ExplicitItem


def items_of(graph: ForeignGraph) -> tuple[ExplicitItem, ...]:
    """The model's layers, each as an item that stands by itself. Raises: ModelNotUnderstood."""
    network = folded(understood(graph))
    names = names_of(network.layers)
    return tuple([_item(network, names, number) for number in range(1, len(network.layers))])


def _item(network: Understood, names: Sequence[str], number: int) -> ExplicitItem:
    layer = network.layers[number]
    item: dict[str, Any] = {layer.operation: names[number], **_attributes(layer, names)}
    if layer.inputs != (number - 1,):
        item["from"] = tuple([names[node] for node in layer.inputs])
    return item


def _attributes(layer: Draft, names: Sequence[str]) -> Mapping[str, Any]:
    if "pool" not in layer.attributes:
        return layer.attributes
    return {**layer.attributes, "pool": names[layer.attributes["pool"]]}
