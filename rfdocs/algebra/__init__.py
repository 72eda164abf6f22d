"""The pure algebra of one axis: integers and fractions in, integers and fractions out, standard library only."""

from rfdocs.algebra.field import IMAGE, Field, PeriodicField, TabulatedField
from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.reads import Edge, Reads
from rfdocs.algebra.sizes import Rounding

__all__ = [
    "IMAGE",
    "Edge",
    "Field",
    "Interval",
    "PeriodicField",
    "Reads",
    "Rounding",
    "TabulatedField",
    "hull",
]
