"""How many single reads it takes to find the fields of one layer: known before any of them is followed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import lcm

from rfdocs.algebra.field import Field, PeriodicField, distinct_units, followed_reads
from rfdocs.algebra.interval import Interval
from rfdocs.algebra.limits import PERIOD
from rfdocs.algebra.one_sided import in_order
from rfdocs.algebra.reads import Reads
from rfdocs.graph.axis_node import AxisNode
from rfdocs.operators import ShownSides


def effort(reads: Sequence[Reads], sources: Sequence[AxisNode], span: Callable[[], Interval]) -> int:
    """The single reads that are followed for a layer's field and context.

    A plain window over a plain field is an equation, and takes none.
    """
    fields: list[Field] = [source.field for source in sources]
    contexts = [(read, source.context) for read, source in zip(reads, sources, strict=True) if source.context]
    steps = _followed_for_inputs(reads, fields, span)
    return steps + _followed_for_inputs([read for read, _ in contexts], [context for _, context in contexts], span)


def shown_fields(shows: ShownSides, source: AxisNode, shown: AxisNode, span: Callable[[], Interval]) -> int:
    """How many fields are looked at for what a gate shows of a map to the units that read ``source``."""
    if not any(shows):
        return 0
    if all(shows) or goes_on(shown, source):
        return source.field.field_count
    return shown.length + span().size


def goes_on(shown: AxisNode, source: AxisNode) -> bool:
    """Whether all that is shown of a map besides what lies at its end is what its own units read, in order."""
    context = shown.context
    steady = context is None or (isinstance(context, PeriodicField) and in_order(context) and context.constant)
    return shown is source and steady and in_order(shown.field)


def _followed_for_inputs(reads: Sequence[Reads], fields: Sequence[Field], span: Callable[[], Interval]) -> int:
    """The reads of all inputs together: unit by unit where one of them has no period, else over their common one."""
    periodic = [field for field in fields if isinstance(field, PeriodicField)]
    if len(periodic) < len(fields) or not all(read.steady for read in reads):
        return span().size + distinct_units(reads, span()).size * sum([read.width for read in reads])
    if all(field.period == 1 for field in periodic) and len(fields) > 1:
        return 0
    followed = sum([followed_reads(read, field) for read, field in zip(reads, periodic, strict=True)])
    common = min(lcm(*[field.period for field in periodic]), PERIOD) if len(fields) > 1 else 0
    return followed + common * len(fields)
