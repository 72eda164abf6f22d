"""Parts that are alike -> one part with variables, and what these are for each of them (anti-unification)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rfdocs.importing.compaction.explaining import MISSING, Column, Explainer, Mismatch, Missing
from rfdocs.importing.compaction.parts import BRANCH, COUNTER, LOOP, FilePart, cut_at_numbers, is_call
from rfdocs.importing.compaction.plain_layers import place_of_key
from rfdocs.language.operations import OPERATIONS

Row = FilePart | None


@dataclass(slots=True)
class Wait:
    """A part that is not always there, whose condition is found when all variables are."""

    part: FilePart
    holds: list[bool | Missing]
    channels: Column | None
    label: str


@dataclass(slots=True)
class Pattern:
    """Generalises lists of parts; ``in_order`` says that they are alike one by one, and not by their names;
    ``optional`` that some may lack some.
    """

    explainer: Explainer
    in_order: bool
    optional: bool = True
    waits: list[Wait] = field(default_factory=list)

    def parts(
        self, rows: Sequence[tuple[FilePart, ...] | None], channels: Sequence[int] | None
    ) -> tuple[FilePart, ...]:
        """The parts that stand for each row's, ``None`` for a row without a list.

        ``channels`` are read at the beginning; ``None`` where they may not be used. Raises: Mismatch.
        """
        current = channels
        general = []
        for column in aligned(rows, self.in_order):
            general.append(self._part(column, [row is not None for row in rows], current))
            current = current and [part.out if part else width for part, width in zip(column, current, strict=True)]
        return tuple(general)

    def finish(self) -> None:
        """Finds the conditions."""
        self.explainer.fill()
        for wait in self.waits:
            channels = None if "from" in wait.part.values else wait.channels
            wait.part.values["when"] = self.explainer.condition(wait.holds, channels, wait.label)
        self.explainer.fill()

    def _part(self, column: Sequence[Row], there: Sequence[bool], current: Sequence[int] | None) -> FilePart:
        column = _counted_alike(column)
        some = next(part for part in column if part)
        label = _label(some)
        general = FilePart(some.key, "", {}, None)
        if not all(part for part, exists in zip(column, there, strict=True) if exists):
            if not self.optional:
                raise Mismatch
            general.values["when"] = None
            holds = [part is not None if exists else MISSING for part, exists in zip(column, there, strict=True)]
            self.waits.append(Wait(general, holds, current, "" if some.key == BRANCH else label))
        reads = current and [part.channels if part else width for part, width in zip(column, current, strict=True)]
        usable = None if any(part and part.values.get("repeat", 1) != 1 for part in column) else reads
        general.name = self._name(column, label)
        for key in _keys(column):
            general.values[key] = self._value(key, column, usable, label)
        general.parts = self._inner(some, column, reads)
        return general

    def _name(self, column: Sequence[Row], label: str) -> str:
        return self.explainer.value("name", [part.name if part else MISSING for part in column], None, label)  # type: ignore[no-any-return]

    def _value(self, key: str, column: Sequence[Row], channels: Column | None, label: str) -> Any:
        if key == "first":
            return self._first(column, label)
        values = [_given(part, key) if part else MISSING for part in column]
        if key in ("for", "number") and len({repr(value) for value in values}) > 1:
            raise Mismatch
        return self.explainer.value(key, values, channels, label)

    def _first(self, column: Sequence[Row], label: str) -> dict[str, Any]:
        """What is different the first time, for each key that is so in any row."""
        firsts = [part.values.get("first", {}) if part else {} for part in column]
        values = {}
        for key in dict.fromkeys(key for first in firsts for key in first):
            given = [
                MISSING if not part else first[key] if key in first else _given(part, key)
                for first, part in zip(firsts, column, strict=True)
            ]
            values[key] = self.explainer.value(key, given, None, label)
        return values

    def _inner(self, some: FilePart, column: Sequence[Row], reads: Sequence[int] | None) -> tuple[FilePart, ...] | None:
        if some.parts is None:
            return None
        rows = [part.parts if part else None for part in column]
        if some.key == LOOP:
            return self.parts(rows, None)
        if some.key not in OPERATIONS:
            return self.parts(rows, reads)
        branches = []
        for place in range(len(some.parts)):
            branch = [row[place] if row and row[place].key else None for row in rows]
            branches.append(self._part(branch, [row is not None for row in rows], reads))
        return tuple(branches)


def _given(part: FilePart, key: str) -> Any:
    """An attribute, as it is given or else as it usually is. Raises: Mismatch where it has no usual value."""
    return part.values[key] if key in part.values else _usual(part, key)


def _usual(part: FilePart, key: str) -> Any:
    """An attribute that is not given. Raises: Mismatch where it has no usual value."""
    if key == "repeat":
        return 1
    if key == "first":
        return {}
    attributes = {} if is_call(part) or part.key not in OPERATIONS else OPERATIONS[part.key].mapping.attributes
    if key == "from" or key not in attributes or attributes[key].required:
        raise Mismatch
    return attributes[key].default


def _keys(column: Sequence[Row]) -> list[str]:
    """The keys of some parts, an operation's in the order in which people write them."""
    some = next(part for part in column if part)
    keys = [*dict.fromkeys(key for part in column if part for key in part.values)]
    return sorted(keys, key=lambda key: place_of_key(some.key, key))


def _label(part: FilePart) -> str:
    """What a part is called, for variables of it."""
    words = [word for word in re.split("[^A-Za-z0-9_]+", part.name.replace("$", "")) if not word.isdigit()]
    return words[-1] if words and words[-1] else part.key


def _counted_alike(column: Sequence[Row]) -> Sequence[Row]:
    """The parts all repeated, those that stand once one time, where any is repeated."""
    if not any(part and "repeat" in part.values for part in column):
        return column
    return [part and counted(part) for part in column]


def counted(part: FilePart) -> FilePart:
    """A part that stands once as one that is repeated once. Raises: Mismatch where its name has no number."""
    if "repeat" in part.values:
        return part
    cut = cut_at_numbers(part.name)
    if len(cut) < 3 or cut[-2] != str(int(cut[-2])):
        raise Mismatch
    name = "".join([*cut[:-2], COUNTER, cut[-1]])
    return replace(part, name=name, values={**part.values, "repeat": 1, "counter": int(cut[-2])})


# -- which belong together ---------------------------------------------------------------------------------------


def aligned(rows: Sequence[tuple[FilePart, ...] | None], in_order: bool) -> list[list[Row]]:
    """Lists of parts as columns of those that are the same, ``None`` where a row has none. Raises: Mismatch."""
    present = [row for row in rows if row is not None]
    if in_order:
        return _side_by_side(rows)
    identities = {tuple([_identity(part) for part in row]) for row in present}
    if len(identities) == 1:
        return _side_by_side(rows)
    completed = _with_vanished_merges(rows)
    order = _common_order([[_identity(part) for part in row] for row in completed if row is not None])
    named = [{_identity(part): part for part in row or ()} for row in completed]
    return [[row.get(identity) for row in named] for identity in order]


def _side_by_side(rows: Sequence[tuple[FilePart, ...] | None]) -> list[list[Row]]:
    """The parts by their places; those that a row lacks are at its end."""
    most = max([len(row) for row in rows if row is not None], default=0)
    columns = [[row[place] if row and place < len(row) else None for row in rows] for place in range(most)]
    if any(len({part.key for part in column if part}) > 1 for column in columns):
        raise Mismatch
    return columns


def _identity(part: FilePart) -> tuple[str, str, int]:
    return (part.key, part.name, len(part.parts or ()) if part.key in OPERATIONS else 0)


def _common_order(rows: Sequence[Sequence[tuple[str, str, int]]]) -> list[tuple[str, str, int]]:
    """All parts of some rows in an order that each row keeps. Raises: Mismatch where there is none."""
    order = [*max(rows, key=len)]
    for row in rows:
        if len({*row}) < len(row):
            raise Mismatch
        at = 0
        for identity in row:
            if identity in order:
                if order.index(identity) < at:
                    raise Mismatch
                at = order.index(identity) + 1
            else:
                order.insert(at, identity)
                at += 1
    return order


def _with_vanished_merges(rows: Sequence[tuple[FilePart, ...] | None]) -> list[tuple[FilePart, ...] | None]:
    """The rows, with a merge of a path and a shortcut in those, too, that have the path alone."""
    merges = [part for row in rows for part in row or () if _has_shortcut(part)]
    completed = [*rows]
    for merge in {_identity(part): part for part in merges}.values():
        path = {_identity(inner) for part in merges if part.name == merge.name for inner in _path(part).parts or ()}
        completed = [row if row is None else _wrapped(row, merge, path) for row in completed]
    return completed


def _has_shortcut(part: FilePart) -> bool:
    """Whether the part is a merge of two branches, one of which is the identity."""
    return part.key in OPERATIONS and sorted([bool(branch.parts) for branch in part.parts or ()]) == [False, True]


def _path(merge: FilePart) -> FilePart:
    return next(branch for branch in merge.parts or () if branch.parts)


def _wrapped(row: tuple[FilePart, ...], merge: FilePart, path: set[tuple[str, str, int]]) -> tuple[FilePart, ...]:
    """A row with its path in a merge whose shortcut is not there."""
    if any(_identity(part) == _identity(merge) for part in row):
        return row
    inside = [place for place, part in enumerate(row) if _identity(part) in path]
    if not inside or inside != [*range(inside[0], inside[-1] + 1)] or "from" in row[inside[0]].values:
        return row
    start, end = inside[0], inside[-1] + 1
    channels, out = row[start].channels, row[end - 1].out
    whole = FilePart(BRANCH, "", {}, row[start:end], channels, out)
    nothing = FilePart("", "")
    branches = tuple([whole if branch.parts else nothing for branch in merge.parts or ()])
    values: Mapping[str, Any] = {key: value for key, value in merge.values.items() if key != "from"}
    return (*row[:start], FilePart(merge.key, merge.name, {**values}, branches, channels, out), *row[end:])
