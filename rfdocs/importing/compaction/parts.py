"""The parts of a file while it is made: items, with the items inside them, and what they read and give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from rfdocs.language.operations import OPERATIONS

#: Stands in the name of a repeated part where its turns are counted.
COUNTER = "\0"
#: What has items inside it, besides merges of branches written in place.
GROUP, LOOP, BRANCH = "group", "for", "branch"

_DIGITS = re.compile("[0-9]+")


class Expression(str):
    """A text with substitutions, written as it is."""

    __slots__ = ()


class ScopedName(str):
    """The name of a layer as it is read in scopes; it belongs to the scope so many outside the innermost.

    >>> ScopedName("conv1", 0).in_scope("block"), ScopedName("conv1", 1).in_scope("block")
    ('block.conv1', 'conv1')
    """

    __slots__ = ("outwards",)

    outwards: int

    def __new__(cls, name: str, outwards: int) -> Self:
        """The name with its scope."""
        scoped = super().__new__(cls, name)
        scoped.outwards = outwards
        return scoped

    def in_scope(self, scope: str) -> ScopedName:
        """The name as it is read outside the innermost scope, which is called so."""
        return ScopedName(self, self.outwards - 1) if self.outwards else ScopedName(f"{scope}.{self}", 0)


@dataclass(slots=True)
class FilePart:
    """One item: an operation, a merge with branches, a branch, a group, a loop, the use of a block.

    ``key`` says which; ``values`` are its attributes or arguments; ``parts`` what stands inside it. ``channels`` and
    ``out`` are those of what it reads and gives.
    """

    key: str
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    parts: tuple[FilePart, ...] | None = None
    channels: int = 0
    out: int = 0

    def inner(self) -> Iterator[FilePart]:
        """The part and all that stand inside it."""
        yield self
        for part in self.parts or ():
            yield from part.inner()


def entered(given: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the first part of a group that is written without it, with what the group is ``given``: of a part
    that is repeated this is about the first turn alone.

    >>> entered({"from": "p5"}, {"kernel": 3, "repeat": 2})
    {'kernel': 3, 'repeat': 2, 'first': {'from': 'p5'}}
    """
    if not given or values.get("repeat", 1) == 1:
        return {**given, **values}
    return {**values, "first": {**given, **values.get("first", {})}}


def masked(name: str) -> str:
    """A name with its numbers hidden.

    >>> masked("layer1.0.conv12")
    'layer#.#.conv#'
    """
    return _DIGITS.sub("#", name)


def cut_at_numbers(name: str) -> list[str]:
    """A name cut at its numbers: these stand at the odd places.

    >>> cut_at_numbers("layer1.0")
    ['layer', '1', '.', '0', '']
    """
    return re.split("([0-9]+)", name)


def is_call(part: FilePart) -> bool:
    """Whether the part is the use of a block."""
    return part.key not in OPERATIONS and part.key not in (GROUP, LOOP, BRANCH)


def shape(part: FilePart, exact: bool) -> tuple[Any, ...]:
    """What parts have in common that differ in numbers alone, and in which layers they read; ``exact`` compares names
    as they are.
    """
    if part.key == LOOP:
        name = f"{part.values['for']} {part.values.get('number')}"
    else:
        name = part.name if exact else "" if is_call(part) else masked(part.name)
    names = part.values.get("from", ())
    reads = len(names) if isinstance(names, tuple) else 1
    return (part.key, name, reads, *[shape(inner, exact) for inner in part.parts or ()])
