"""What is known of one node of a network on one axis."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from rfdocs.algebra.field import Field, overall_field
from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.reads import IDENTITY, Piece, Reads
from rfdocs.operators import AppliedWindow, ShownSides
from rfdocs.operators.operator import UNSHOWN

#: How far the centres of a node's paths lie before and after the centre of their hull. Unit: input pixels.
Skew = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class AxisNode:
    """One node on one axis.

    ``field`` follows the spatial paths alone; ``context`` is what gates add: an interval for every unit that reads
    a gated one, ``None`` for others, and ``None`` altogether without gates. ``skew`` and ``smallest_path`` (the
    smallest field along any one path) are ``None`` where no such number exists. ``window`` and ``shows`` are the
    layer's own, as in :class:`rfdocs.operators.AxisStep`.
    """

    length: int
    reads: tuple[Reads, ...]
    field: Field
    context: Field | None
    skew: Skew | None
    smallest_path: int | None
    window: AppliedWindow | None = None
    shows: ShownSides = UNSHOWN

    @property
    def central(self) -> int:
        """The central unit, ``(n - 1) // 2``."""
        return (self.length - 1) // 2

    @property
    def has_seams(self) -> bool:
        """Whether maps stand side by side in it along this axis."""
        return any(isinstance(reads, Piece) for reads in self.reads)

    @property
    def reads_pointwise(self) -> bool:
        """Whether each unit is made of the one unit in its place on the first input, as by an activation or a sum."""
        return self.window is None and self.reads[:1] == (IDENTITY,)

    @property
    def empty(self) -> bool:
        """Whether nothing of the image leads to it, through gates neither."""
        return self.field.empty and self.context is None

    def total(self, unit: int) -> Interval | None:
        """The theoretical field of a unit with the gates' context."""
        field = self.field.at(unit)
        return field if self.context is None else hull((field, self.context.at(unit)))

    def overall_field(self) -> Interval | None:
        """The hull of the theoretical fields of all real units, context included."""
        units = Interval(0, self.length - 1)
        context = None if self.context is None else overall_field(self.context, units)
        return hull((overall_field(self.field, units), context))
