"""Which pixels a unit really reads inside its field, and along how many paths, on one axis of a traced network.

Only the spatial paths count: what gates add is the same for every unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from rfdocs.algebra.field import PeriodicField, Reached, TabulatedField, composed, merged, tabulated
from rfdocs.algebra.footprint import Footprint, paths_below, steps_below, union
from rfdocs.algebra.interval import Interval
from rfdocs.algebra.limits import FOOTPRINT, FOOTPRINT_BITS, FOOTPRINT_READ, FOOTPRINT_READS, PATHS
from rfdocs.algebra.paths import Paths, added, width_for
from rfdocs.algebra.ranges import joined_ranges, ranges_read, reads_consecutively
from rfdocs.algebra.reads import Piece, Reads
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.network import Layer, Topology
from rfdocs.graph.trace import constant_paths
from rfdocs.operators import ShownSides

R = TypeVar("R", bound=Reached)
#: What all units of a node reach; ``None`` beyond the limits.
Reach = PeriodicField[R] | TabulatedField[R] | None
Footprints = Reach[Footprint]
Responses = Reach[Paths]


def footprints(network: Topology, trace: Sequence[AxisNode]) -> tuple[Footprints, ...]:
    """The sets of pixels behind the fields of all nodes, the image first; ``None`` beyond the limits."""
    return _node_reaches(network, trace, Footprint(0, 1), union, 1)


def responses(network: Topology, trace: Sequence[AxisNode]) -> tuple[Responses, ...]:
    """How many paths lead from each pixel to each unit of all nodes, every map without ends, the image first; ``None``
    beyond the limits.
    """
    width = width_for(max(_most_paths(network, trace)))
    return _node_reaches(network, trace, Paths(0, 1, 1, width), added, width)


def _most_paths(network: Topology, trace: Sequence[AxisNode]) -> list[int]:
    """No fewer than the paths that lead to one unit of each node."""
    most = [1]
    for node, layer in enumerate(network.layers, start=1):
        most.append(sum([reads.width * most[source] for source, reads in spatial_inputs(layer, trace, node)]))
    return most


def _node_reaches(
    network: Topology, trace: Sequence[AxisNode], pixel: R, join: Callable[[Iterable[R | None]], R | None], bits: int
) -> tuple[Reach[R], ...]:
    """What the units of all nodes reach, joined over their taps; ``bits`` are kept for each pixel of a field."""
    reaches: list[Reach[R]] = [PeriodicField(1, 1, (pixel,))]
    kept = looked_at = 0
    for node, layer in enumerate(network.layers, start=1):
        field_count, size = trace[node].field.field_count, trace[node].field.largest * bits
        kept += field_count * size
        looked_at += field_count * (size + FOOTPRINT_READ) * sum([reads.width for reads in trace[node].reads])
        within = kept <= FOOTPRINT_BITS and looked_at <= FOOTPRINT_READS
        reaches.append(_layer_reach(layer, trace, node, reaches, join) if within else None)
    return tuple(reaches)


def _layer_reach(
    layer: Layer,
    trace: Sequence[AxisNode],
    node: int,
    reaches: Sequence[Reach[R]],
    join: Callable[[Iterable[R | None]], R | None],
) -> Reach[R]:
    field = trace[node].field
    inputs = spatial_inputs(layer, trace, node)
    below = [reaches[source] for source, _ in inputs]
    if field.largest > FOOTPRINT or any(part is None for part in below):
        return None
    paths = [(reads, part) for (_, reads), part in zip(inputs, below, strict=True) if part is not None]
    if isinstance(field, PeriodicField) and isinstance(paths[0][0], Piece):
        return paths[0][1]  # it goes on in the other maps
    if isinstance(field, TabulatedField):
        span = Interval(field.first, field.first + len(field.fields) - 1)
        return tabulated(paths, span, field.length, join)

    def gather(taps: Sequence[int], source: PeriodicField[R]) -> R | None:
        return join([source.at(tap) for tap in taps])

    periodic = [composed(reads, part, gather) for reads, part in paths if isinstance(part, PeriodicField)]
    return merged(periodic, join)


def spatial_inputs(layer: Layer, trace: Sequence[AxisNode], node: int) -> list[tuple[int, Reads]]:
    """The inputs of a layer that are no context, with what it reads of each."""
    reads = trace[node].reads
    constant = constant_paths(reads, [trace[source] for source in layer.inputs])
    return [pair for fixed, pair in zip(constant, zip(layer.inputs, reads, strict=True), strict=True) if not fixed]


def path_counts(
    network: Topology, trace: Sequence[AxisNode], node: int, unit: int, real: bool = False, most: int = PATHS
) -> dict[int, int]:
    """How many paths lead from each pixel to a unit: its impulse response under uniform weights.

    With ``real`` only paths through real units count, so that pixels near the border lose some.
    Source: Luo et al. 2016, section 2. Raises: ArithmeticRefusal beyond the limits.
    """
    counts: dict[int, dict[int, int]] = {node: {unit: 1}}
    followed = 0
    for above in range(node, 0, -1):
        paths = counts.pop(above, None)
        if paths is None:
            continue
        for source, reads in spatial_inputs(network.layers[above - 1], trace, above):
            followed += steps_below(reads, paths)
            if followed > most:
                raise ArithmeticRefusal(f"its paths take more than {most} steps through the layers before it")
            below = paths_below(reads, paths, trace[source].length if real else None)
            merged_paths = counts.get(source)
            if merged_paths is None:
                counts[source] = below
                continue
            for place, count in below.items():
                merged_paths[place] = merged_paths.get(place, 0) + count
    return dict(sorted(counts.get(0, {}).items()))


def visible_ranges(
    network: Topology, trace: Sequence[AxisNode], node: int, unit: int, gates: bool = True
) -> list[Interval]:
    """The real pixels a unit reaches, with or without ``gates``, as ranges in order: what lies in holes is not there.

    Rule: every tap that reads a unit of a real map is followed. Raises: ArithmeticRefusal beyond the limits.
    """
    reached: dict[int, list[Interval]] = {node: [Interval(unit, unit)]}
    followed = 0
    for above in range(node, 0, -1):
        units = reached.pop(above, [])
        layer = network.layers[above - 1]
        every = list(zip(layer.inputs, trace[above].reads, strict=True))
        for source, reads in every if gates else spatial_inputs(layer, trace, above):
            length = trace[source].length
            followed += 0 if reads_consecutively(reads) else reads.width * sum([run.size for run in units])
            if followed > PATHS:
                raise ArithmeticRefusal(f"it takes more than {PATHS} single reads to find the very pixels that it sees")
            reached[source] = joined_ranges([*reached.get(source, []), *ranges_read(reads, units, length)])
        if units and gates and any(trace[above].shows):
            shown = _shown_units(trace[above].shows, units, trace[layer.shown_whole].length)
            reached[layer.shown_whole] = joined_ranges([*reached.get(layer.shown_whole, []), shown])
    return reached.get(0, [])


def _shown_units(shows: ShownSides, units: Sequence[Interval], length: int) -> Interval:
    """The units of a map of this length that a gate shows to some units, these among them."""
    first = min([run.first for run in units])
    last = max([run.last for run in units])
    return Interval(0 if shows.before else first, length - 1 if shows.behind else last)
