"""What the algebra refuses."""

from __future__ import annotations


class ArithmeticRefusal(ValueError):
    """A layer that cannot be applied to the map that it is given, or a figure beyond the limits."""
