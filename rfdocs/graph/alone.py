"""What some units of a layer see, followed by themselves: where those of all maps are too many to follow one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.limits import MAP_LENGTH, PATHS
from rfdocs.algebra.ranges import ranges_read
from rfdocs.algebra.reads import Edge, Interpolated, Nearest, Reads, Window
from rfdocs.algebra.visible import VisibleFields, visible_through, visible_union
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.axis_node import AxisNode
from rfdocs.graph.network import Topology
from rfdocs.graph.reach import spatial_inputs, visible_ranges
from rfdocs.graph.sight import Sight, keeps_sets

#: The field of a unit that sees nothing: neutral in every hull.
_NOTHING = Interval(MAP_LENGTH + 1, -1)


def sight_of_unit(network: Topology, trace: Sequence[AxisNode], node: int, unit: int) -> Sight:
    """What one unit of a node sees, as the fields of a map that has no other. Raises: ArithmeticRefusal."""

    def followed(gates: bool) -> VisibleFields:
        return _fields_of_ranges(visible_ranges(network, trace, node, unit, gates), sets=keeps_sets(trace))

    spatial = followed(gates=False)
    return Sight(spatial, spatial if trace[node].context is None else followed(gates=True))


def _fields_of_ranges(ranges: Sequence[Interval], *, sets: bool) -> VisibleFields:
    """The visible fields of a map of one unit that sees these ranges of pixels, with its set or without."""
    bits = sum([((1 << part.size) - 1) << part.first for part in ranges]) if sets else 0
    first, last = (ranges[0].first, ranges[-1].last) if ranges else (0, -1)
    return VisibleFields([first], [last], [bits] if sets else None)


def units_that_see(network: Topology, trace: Sequence[AxisNode], node: int, pixel: int) -> list[int]:
    """The units of a node whose visible field along the spatial paths holds a pixel, ascending.

    Rule: where no unit sees anything outside its field, only those are followed whose fields hold the pixel, and of the
    maps before them the units between the first and the last that they read.
    Raises: ArithmeticRefusal beyond limits, and where the visible fields are sets.
    """
    if keeps_sets(trace):
        raise ArithmeticRefusal("its padding, or a seam between its maps, leads elsewhere in the image")
    units: Sequence[int] = range(trace[node].length)
    if sees_within_fields(network, trace):
        units = [unit for unit in units if _holds(trace[node].field.at(unit), pixel)]
    if not units:
        return []
    seen = _seen_by_units(network, trace, node, Interval(units[0], units[-1]))
    return [unit for unit in units if _holds(seen.at(unit - units[0]), pixel)]


def sees_within_fields(network: Topology, trace: Sequence[AxisNode]) -> bool:
    """Whether no unit of any node sees a pixel outside its field, along the spatial paths: no real tap lies elsewhere
    than the taps on a map without ends.
    """
    return all(
        _reads_within_taps(reads, trace[node].length, trace[source].length)
        for node, layer in enumerate(network.layers, start=1)
        for source, reads in spatial_inputs(layer, trace, node)
    )


def _reads_within_taps(reads: Reads, units: int, length: int) -> bool:
    """Whether what the units really read of a map lies between their taps; the edge may be replicated within these."""
    if isinstance(reads, Window):
        return reads.edge is Edge.ZERO
    if isinstance(reads, Nearest | Interpolated):
        return reads.taps(0)[-1] >= 0 and reads.taps(units - 1)[0] < length
    return True


def _holds(field: Interval | None, pixel: int) -> bool:
    return field is not None and field.first <= pixel <= field.last


def _seen_by_units(network: Topology, trace: Sequence[AxisNode], node: int, units: Interval) -> VisibleFields:
    """What the units of a stretch see, the first of them first."""
    stretches = _stretches(network, trace, node, units)
    pixels = stretches.get(0, Interval(0, -1))
    ends = range(pixels.first, pixels.last + 1)
    seen = {0: VisibleFields(ends, ends)}
    for above in sorted(stretches.keys() - {0}):
        own = stretches[above]
        paths = [
            _seen_through(reads, seen[source], stretches[source].first, own, trace[source].length)
            for source, reads in spatial_inputs(network.layers[above - 1], trace, above)
            if source in stretches
        ]
        nothing = VisibleFields([_NOTHING.first] * own.size, [_NOTHING.last] * own.size)
        seen[above] = visible_union([nothing, *paths])
    return seen[node]


def _seen_through(reads: Reads, below: VisibleFields, first: int, units: Interval, length: int) -> VisibleFields:
    """What a stretch of units sees that reads a map of this length, whose units see ``below``, from ``first`` on.

    Rule: units and taps are counted from the beginnings of their stretches: a window then begins elsewhere.
    """
    if isinstance(reads, Window) and reads.edge is Edge.ZERO:
        moved = replace(reads, before=reads.before + first - units.first * reads.stride)
        return visible_through(moved, below, units.size)
    every = [reads.real_taps(unit, length) for unit in range(units.first, units.last + 1)]
    fields = [hull([below.at(tap - first) for tap in taps]) or _NOTHING for taps in every]
    return VisibleFields([field.first for field in fields], [field.last for field in fields])


def _stretches(network: Topology, trace: Sequence[AxisNode], node: int, units: Interval) -> dict[int, Interval]:
    """The units of every node, from the first to the last, that those of a stretch read."""
    stretches = {node: units}
    followed = 0
    for above in range(node, 0, -1):
        own = stretches.get(above)
        if own is None:
            continue
        for source, reads in spatial_inputs(network.layers[above - 1], trace, above):
            followed += own.size * reads.width
            if followed > PATHS:
                raise ArithmeticRefusal(f"it takes more than {PATHS} single reads to find the units that see a pixel")
            read = hull([stretches.get(source), *ranges_read(reads, [own], trace[source].length)])
            if read is not None:
                stretches[source] = read
    return stretches
