"""How many single reads it takes to find the fields of one layer: known before any of them is followed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import lcm

from rfdocs.algebra.field import Field, PeriodicField, followed_reads
from rfdocs.algebra.interval import Interval
from rfdocs.algebra.limits import PERIOD
from rfdocs.algebra.reads import Reads
from rfdocs.graph.axis_node import AxisNode


def effort(reads: Sequence[Reads], sources: Sequence[AxisNode], span: Callable[[], Interval], gate: bool) -> int:
    """The single reads that are followed for a layer's field and context, and for what its gate adds to every unit.

    A plain window over a plain field is an equation, and takes none.
    """
    fields: list[Field] = [source.field for source in sources]
    contexts = [(read, source.context) for read, source in zip(reads, sources, strict=True) if source.context]
    steps = _followed_for_inputs(reads, fields, span)
    steps += _followed_for_inputs([read for read, _ in contexts], [context for _, context in contexts], span)
    return steps + (sources[0].field.field_count if gate else 0)


def _followed_for_inputs(reads: Sequence[Reads], fields: Sequence[Field], span: Callable[[], Interval]) -> int:
    """The reads of all inputs together: unit by unit where one of them has no period, else over their common one."""
    periodic = [field for field in fields if isinstance(field, PeriodicField)]
    if len(periodic) < len(fields) or not all(read.steady for read in reads):
        return span().size * (1 + sum([read.width for read in reads]))
    if all(field.period == 1 for field in periodic) and len(fields) > 1:
        return 0
    followed = sum([followed_reads(read, field) for read, field in zip(reads, periodic, strict=True)])
    common = min(lcm(*[field.period for field in periodic]), PERIOD) if len(fields) > 1 else 0
    return followed + common * len(fields)
