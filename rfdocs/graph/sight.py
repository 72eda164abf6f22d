"""What every unit really sees of the image, on one axis of a traced network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rfdocs.algebra.reads import Reads
from rfdocs.algebra.visible import VisibleFields, visible_everywhere, visible_image, visible_through, visible_union
from rfdocs.graph.network import Layer, Network
from rfdocs.graph.trace import AxisNode, constant_paths


@dataclass(frozen=True, slots=True)
class Sight:
    """A node's visible fields: along the spatial paths alone, and with what gates add (the same without gates)."""

    spatial: VisibleFields
    total: VisibleFields


def see_axis(network: Network, trace: Sequence[AxisNode]) -> tuple[Sight, ...]:
    """The visible fields of all nodes, the image first."""
    image = visible_image(trace[0].length)
    sights = [Sight(image, image)]
    for node, layer in enumerate(network.layers, start=1):
        constant = constant_paths(trace[node].reads, [trace[source] for source in layer.inputs])
        below = [sights[source] for source in layer.inputs]
        sights.append(_sight(layer, trace[node], below, constant))
    return tuple(sights)


def _sight(layer: Layer, node: AxisNode, below: Sequence[Sight], constant: Sequence[bool]) -> Sight:
    paths = [
        (reads, sight.spatial) for fixed, reads, sight in zip(constant, node.reads, below, strict=True) if not fixed
    ]
    spatial = _joined(paths, node.length)
    if node.context is None:
        return Sight(spatial, spatial)
    total = _joined([(reads, sight.total) for reads, sight in zip(node.reads, below, strict=True)], node.length)
    return Sight(spatial, visible_everywhere(total, below[0].total.overall()) if layer.operator.gate else total)


def _joined(paths: Sequence[tuple[Reads, VisibleFields]], length: int) -> VisibleFields:
    return visible_union([visible_through(reads, fields, length) for reads, fields in paths])
