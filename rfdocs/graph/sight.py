"""What every unit really sees of the image, on one axis of a traced network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rfdocs.algebra.field import PeriodicField
from rfdocs.algebra.limits import FOOTPRINT_BITS, FOOTPRINT_READS, VISIBLE_STEPS, VISIBLE_UNITS
from rfdocs.algebra.reads import Edge, Reads, Window
from rfdocs.algebra.visible import (
    SIDE_BY_SIDE_TAPS,
    VisibleFields,
    visible_image,
    visible_on_side,
    visible_through,
    visible_union,
    visible_with_gate,
)
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.network import Topology
from rfdocs.graph.trace import constant_paths


@dataclass(frozen=True, slots=True)
class Sight:
    """A node's visible fields: along the spatial paths alone, and with what gates add (the same without gates)."""

    spatial: VisibleFields
    total: VisibleFields


#: To read a set of fewer pixels than this takes no less time.
_LEAST_SET = 1 << 10


def check_sight_limits(traces: Sequence[Sequence[AxisNode]]) -> None:
    """Nothing. Raises: ArithmeticRefusal where :func:`axis_sights` would take too many units or steps on these axes."""
    units = sum([node.length for trace in traces for node in trace])
    steps = sum([_steps_of(reads, node.length) for trace in traces for node in trace for reads in node.reads])
    bits = max([max(trace[0].length, _LEAST_SET) for trace in traces if keeps_sets(trace)], default=0)
    sets = units * bits > FOOTPRINT_BITS or steps * bits > FOOTPRINT_READS
    if units > VISIBLE_UNITS or steps > VISIBLE_STEPS or sets:
        raise ArithmeticRefusal(
            f"its maps have {units:,} units on their axes, which take {steps:,} steps: "
            "more than can be followed one by one"
        )


def keeps_sets(trace: Sequence[AxisNode]) -> bool:
    """Whether sets of pixels are kept and not only hulls: where some padding leads around the ends of its map, or maps
    stand side by side that do not go on in each other, units see pixels far apart and nothing between them.
    """
    circular = any(isinstance(reads, Window) and reads.edge is Edge.CIRCULAR for node in trace for reads in node.reads)
    return circular or any(node.has_seams and not isinstance(node.field, PeriodicField) for node in trace)


def _steps_of(reads: Reads, length: int) -> int:
    """The steps of a map of this length; units that read what others do are found once."""
    return min(length, length if reads.shift else reads.period) * _steps_per_unit(reads)


def _steps_per_unit(reads: Reads) -> int:
    """The steps of one unit, of about 50 ns: one for every tap of a short window, more where each is looked up."""
    if not isinstance(reads, Window):
        return 40 + 6 * reads.width
    if reads.edge is not Edge.ZERO:
        return 60 + 12 * reads.width
    return reads.width if reads.width <= SIDE_BY_SIDE_TAPS else 50 + reads.width // 2


def axis_sights(network: Topology, trace: Sequence[AxisNode]) -> tuple[Sight, ...]:
    """The visible fields of all nodes, the image first; :func:`check_sight_limits` says whether that can be done."""
    image = visible_image(trace[0].length, sets=keeps_sets(trace))
    sights = [Sight(image, image)]
    for node, layer in enumerate(network.layers, start=1):
        constant = constant_paths(trace[node].reads, [trace[source] for source in layer.inputs])
        below = [sights[source] for source in layer.inputs]
        shown = sights[layer.shown_whole]
        sights.append(_sight(trace[node], below, constant, shown))
    return tuple(sights)


def _sight(node: AxisNode, below: Sequence[Sight], constant: Sequence[bool], shown: Sight) -> Sight:
    paths = [
        (reads, sight.spatial) for fixed, reads, sight in zip(constant, node.reads, below, strict=True) if not fixed
    ]
    spatial = _visible_over_paths(paths, node.length)
    if node.context is None:
        return Sight(spatial, spatial)
    total = _visible_over_paths(
        [(reads, sight.total) for reads, sight in zip(node.reads, below, strict=True)], node.length
    )
    if all(node.shows):
        return Sight(spatial, visible_with_gate(total, shown.total))
    if any(node.shows):
        total = visible_union([total, visible_on_side(shown.total, before=node.shows.before)])
    return Sight(spatial, total)


def _visible_over_paths(paths: Sequence[tuple[Reads, VisibleFields]], length: int) -> VisibleFields:
    return visible_union([visible_through(reads, fields, length) for reads, fields in paths])
