"""What every unit really sees of the image, on one axis of a traced network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.visible import (
    VisibleFields,
    visible_image,
    visible_through,
    visible_union,
    with_context,
)
from rfdocs.graph.network import Layer, Network
from rfdocs.graph.trace import AxisNode


@dataclass(frozen=True, slots=True)
class Sight:
    """A node's visible fields along the spatial paths, and what gates add to every unit."""

    fields: VisibleFields
    context: Interval | None

    def overall(self) -> Interval | None:
        """All pixels that any unit sees, as a hull."""
        return hull((self.fields.overall(), self.context))

    def total(self, unit: int) -> Interval | None:
        """What one unit sees, gates included."""
        return with_context(self.fields.at(unit), self.context)


def see_axis(network: Network, trace: Sequence[AxisNode]) -> tuple[Sight, ...]:
    """The visible fields of all nodes, the image first."""
    sights = [Sight(visible_image(trace[0].length), None)]
    for node, layer in enumerate(network.layers, start=1):
        sights.append(
            _sight(
                layer,
                trace[node],
                [sights[i] for i in layer.inputs],
                [trace[i] for i in layer.inputs],
            )
        )
    return tuple(sights)


def _sight(
    layer: Layer, node: AxisNode, below: Sequence[Sight], sources: Sequence[AxisNode]
) -> Sight:
    constant = [
        len(below) > 1 and (reads.shift == 0 or source.field.constant)
        for reads, source in zip(node.reads, sources, strict=True)
    ]
    if all(constant):
        constant = [False] * len(below)
    parts = list(zip(constant, node.reads, below, strict=True))
    fields = visible_union(
        [
            visible_through(reads, sight.fields, node.length)
            for fixed, reads, sight in parts
            if not fixed
        ]
    )
    context = hull(sight.total(0) if fixed else sight.context for fixed, _, sight in parts)
    if layer.operator.gate:
        context = hull((context, below[0].overall()))
    return Sight(fields, context)
