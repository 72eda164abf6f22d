"""What every unit really sees of the image, on one axis of a traced network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rfdocs.algebra.limits import FOOTPRINT_BITS, FOOTPRINT_READS, VISIBLE_STEPS, VISIBLE_UNITS
from rfdocs.algebra.reads import Edge, Reads, Window
from rfdocs.algebra.visible import (
    SIDE_BY_SIDE,
    VisibleFields,
    visible_everywhere,
    visible_image,
    visible_through,
    visible_union,
)
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.network import Layer, Topology
from rfdocs.graph.trace import AxisNode, constant_paths


@dataclass(frozen=True, slots=True)
class Sight:
    """A node's visible fields: along the spatial paths alone, and with what gates add (the same without gates)."""

    spatial: VisibleFields
    total: VisibleFields


#: To read a set of fewer pixels than this takes no less time.
_SET = 1 << 10


def bound_sight(traces: Sequence[Sequence[AxisNode]]) -> None:
    """Nothing. Raises: ArithmeticRefusal where :func:`see_axis` would, on these axes, take too many units or steps."""
    units = sum([node.length for trace in traces for node in trace])
    steps = sum([node.length * sum(map(_cost, node.reads)) for trace in traces for node in trace])
    bits = max([max(trace[0].length, _SET) for trace in traces if goes_round(trace)], default=0)
    sets = units * bits > FOOTPRINT_BITS or steps * bits > FOOTPRINT_READS
    if units > VISIBLE_UNITS or steps > VISIBLE_STEPS or sets:
        raise ArithmeticRefusal(
            f"its maps have {units} units on their axes, which take {steps} steps: more than can be followed one by one"
        )


def goes_round(trace: Sequence[AxisNode]) -> bool:
    """Whether some padding leads around the ends of its map, so that sets of pixels are kept and not only hulls."""
    return any(isinstance(reads, Window) and reads.edge is Edge.CIRCULAR for node in trace for reads in node.reads)


def _cost(reads: Reads) -> int:
    """The steps of one unit, of about 50 ns: one for every tap of a short window, more where each is looked up."""
    if not isinstance(reads, Window):
        return 40 + 6 * reads.width
    if reads.edge is not Edge.ZERO:
        return 60 + 12 * reads.width
    return reads.width if reads.width <= SIDE_BY_SIDE else 50 + reads.width // 2


def see_axis(network: Topology, trace: Sequence[AxisNode]) -> tuple[Sight, ...]:
    """The visible fields of all nodes, the image first; :func:`bound_sight` says whether that can be done."""
    image = visible_image(trace[0].length, sets=goes_round(trace))
    sights = [Sight(image, image)]
    for node, layer in enumerate(network.layers, start=1):
        constant = constant_paths(trace[node].reads, [trace[source] for source in layer.inputs])
        below = [sights[source] for source in layer.inputs]
        shown = sights[layer.shown_whole]
        sights.append(_sight(layer, trace[node], below, constant, shown))
    return tuple(sights)


def _sight(layer: Layer, node: AxisNode, below: Sequence[Sight], constant: Sequence[bool], shown: Sight) -> Sight:
    paths = [
        (reads, sight.spatial) for fixed, reads, sight in zip(constant, node.reads, below, strict=True) if not fixed
    ]
    spatial = _joined(paths, node.length)
    if node.context is None:
        return Sight(spatial, spatial)
    total = _joined([(reads, sight.total) for reads, sight in zip(node.reads, below, strict=True)], node.length)
    return Sight(spatial, visible_everywhere(total, shown.total) if layer.operator.gate else total)


def _joined(paths: Sequence[tuple[Reads, VisibleFields]], length: int) -> VisibleFields:
    return visible_union([visible_through(reads, fields, length) for reads, fields in paths])
