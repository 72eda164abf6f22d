"""Which pixels a unit really reads inside its field, and along how many paths, on one axis of a traced network.

Only the spatial paths count: what gates add is the same for every unit.
"""

from __future__ import annotations

from collections.abc import Sequence

from rfdocs.algebra.errors import ArithmeticRefusal
from rfdocs.algebra.field import PeriodicField, TabulatedField, composed, merged, tabulated
from rfdocs.algebra.footprint import Footprint, paths_below, steps_below, union
from rfdocs.algebra.interval import Interval
from rfdocs.algebra.limits import FOOTPRINT, FOOTPRINT_BITS, FOOTPRINT_READ, FOOTPRINT_READS, PATHS
from rfdocs.algebra.reads import Reads
from rfdocs.graph.network import Layer, Network
from rfdocs.graph.trace import AxisNode, constant_paths

Footprints = PeriodicField[Footprint] | TabulatedField[Footprint] | None


def footprints(network: Network, trace: Sequence[AxisNode]) -> tuple[Footprints, ...]:
    """The sets of pixels behind the fields of all nodes, the image first; ``None`` beyond the limits."""
    made: list[Footprints] = [PeriodicField(1, 1, (Footprint(0, 1),))]
    kept = looked_at = 0
    for node, layer in enumerate(network.layers, start=1):
        cells, largest = trace[node].field.cells, trace[node].field.largest
        kept += cells * largest
        looked_at += cells * (largest + FOOTPRINT_READ) * sum([reads.width for reads in trace[node].reads])
        within = kept <= FOOTPRINT_BITS and looked_at <= FOOTPRINT_READS
        made.append(_footprints(layer, trace, node, made) if within else None)
    return tuple(made)


def _footprints(layer: Layer, trace: Sequence[AxisNode], node: int, made: Sequence[Footprints]) -> Footprints:
    field = trace[node].field
    inputs = spatial_inputs(layer, trace, node)
    below = [made[source] for source, _ in inputs]
    if field.largest > FOOTPRINT or any(part is None for part in below):
        return None
    known = [(reads, part) for (_, reads), part in zip(inputs, below, strict=True) if part is not None]
    if isinstance(field, TabulatedField):
        span = Interval(field.first, field.first + len(field.entries) - 1)
        return tabulated(known, span, field.length, union)
    periodic = [composed(reads, part, _union_over) for reads, part in known if isinstance(part, PeriodicField)]
    return merged(periodic, union)


def spatial_inputs(layer: Layer, trace: Sequence[AxisNode], node: int) -> list[tuple[int, Reads]]:
    """The inputs of a layer that are no context, with what it reads of each."""
    reads = trace[node].reads
    constant = constant_paths(reads, [trace[source] for source in layer.inputs])
    return [pair for fixed, pair in zip(constant, zip(layer.inputs, reads, strict=True), strict=True) if not fixed]


def _union_over(taps: Sequence[int], field: PeriodicField[Footprint]) -> Footprint | None:
    return union([field.at(tap) for tap in taps])


def path_counts(
    network: Network, trace: Sequence[AxisNode], node: int, unit: int, real: bool = False
) -> dict[int, int]:
    """How many paths lead from each pixel to a unit: its impulse response under uniform weights.

    With ``real`` only paths through real units count, so that pixels near the border lose some.
    Source: Luo et al. 2016, section 2. Raises: ArithmeticRefusal beyond the limits.
    """
    counts: dict[int, dict[int, int]] = {node: {unit: 1}}
    followed, most = 0, PATHS // network.axes
    for above in range(node, 0, -1):
        paths = counts.pop(above, None)
        if paths is None:
            continue
        for source, reads in spatial_inputs(network.layers[above - 1], trace, above):
            followed += steps_below(reads, paths)
            if followed > most:
                raise ArithmeticRefusal(f"its paths take more than {most} steps through the layers before it")
            below = paths_below(reads, paths, trace[source].length if real else None)
            known = counts.get(source)
            if known is None:
                counts[source] = below
                continue
            for place, count in below.items():
                known[place] = known.get(place, 0) + count
    return dict(sorted(counts.get(0, {}).items()))
