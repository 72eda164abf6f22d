"""The catalogue, read and analysed once for all tests of a process: what it gives never changes."""

from functools import cache

import rfdocs
from rfdocs import Entry, Report


@cache
def entries() -> tuple[Entry, ...]:
    """All networks."""
    return tuple(rfdocs.Catalogue().entries())


@cache
def reports() -> dict[str, Report]:
    """Every network's figures at its published size, by its id."""
    return {entry.identifier: entry.analyze() for entry in entries()}
