"""Last touches: groups that are longer than the names they shorten, and arguments that are nearly always the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rfdocs.importing.compaction.families import BlockText
from rfdocs.importing.compaction.parts import BRANCH, GROUP, LOOP, Expression, FilePart, ScopedName, entered
from rfdocs.importing.compaction.plain_layers import NAME, REFERENCES
from rfdocs.importing.compaction.repetitions import cost
from rfdocs.importing.compaction.writing import value_text
from rfdocs.language.expand import typed

#: What the lines of parameters cost a block that had none.
_HEADING = 100


def without_short_groups(parts: Sequence[FilePart]) -> tuple[FilePart, ...]:
    """The parts with the names of groups in their layers' names where the file is shorter so."""
    flat: list[FilePart] = []
    for old in parts:
        part = replace(old, parts=None if old.parts is None else without_short_groups(old.parts))
        longer = _with_scope(part) if part.key == GROUP else None
        flat.extend(longer if longer is not None and cost(longer) < cost([part]) else [part])
    return tuple(flat)


def _with_scope(group: FilePart) -> list[FilePart] | None:
    """The parts of a group with its name in theirs; ``None`` where this cannot be."""
    parts = [_renamed(part, group.name) for part in group.parts or ()]
    first = parts[0]
    if "from" in group.values:
        if first.key == LOOP or "from" in first.values:
            return None
        parts[0] = first = replace(first, values=entered(group.values, first.values))
    inside = [inner for part in parts for inner in _in_scope(part)]
    if set(group.values) - {"from"} or any(len(part.name) >= NAME for part in inside):
        return None
    reads = [name for part in group.parts or () for inner in _in_scope(part) for name in _names_read(inner.values)]
    return None if any(isinstance(name, Expression) for name in reads) else parts


def _in_scope(part: FilePart) -> Iterator[FilePart]:
    """The part and those inside it that get no further scope."""
    yield part
    if part.key != GROUP:
        for inner in part.parts or ():
            yield from _in_scope(inner)


def _renamed(part: FilePart, scope: str) -> FilePart:
    kind = Expression if isinstance(part.name, Expression) or isinstance(scope, Expression) else str
    name = part.name if part.key in (LOOP, BRANCH) else kind(f"{scope}.{part.name}")
    inside = part.parts if part.key == GROUP or part.parts is None else [_renamed(inner, scope) for inner in part.parts]
    values = _renamed_reads(part.values, scope)
    return replace(part, name=name, values=values, parts=None if inside is None else tuple(inside))


def _names_read(values: Mapping[str, Any]) -> Iterator[str]:
    """The names of layers that a part reads."""
    for key, value in values.items():
        if key == "first":
            yield from _names_read(value)
        elif key in ("from", *REFERENCES):
            yield from [text for text in (value if isinstance(value, tuple) else (value,)) if isinstance(text, str)]


def _renamed_reads(values: Mapping[str, Any], scope: str) -> dict[str, Any]:
    """A part's values, with the names of layers in its scope as they are outside of it."""
    renamed: dict[str, Any] = {}
    for key, value in values.items():
        if key == "first":
            renamed[key] = _renamed_reads(value, scope)
        elif key in ("from", *REFERENCES):
            names = value if isinstance(value, tuple) else (value,)
            longer = tuple([name.in_scope(scope) if isinstance(name, ScopedName) else name for name in names])
            renamed[key] = longer if isinstance(value, tuple) else longer[0]
        else:
            renamed[key] = value
    return renamed


def with_defaults(blocks: Sequence[BlockText], parts: Sequence[FilePart]) -> None:
    """Gives parameters the values that most uses have, and takes these from the uses."""
    uses: dict[str, list[FilePart]] = {}
    for part in [*parts, *[part for block in blocks for part in block.parts]]:
        for inner in part.inner():
            uses.setdefault(inner.key, []).append(inner)
    for block in blocks:
        _give_defaults(block, uses.get(block.name, []))


def _give_defaults(block: BlockText, uses: Sequence[FilePart]) -> None:
    usual = {name: _usual(name, uses) for name, value in block.parameters.items() if value is None}
    saved = {name: count * len(f", {name}: {value_text(value)}") for name, (value, count) in usual.items() if count}
    worth = {name: letters for name, letters in saved.items() if letters > len(value_text(usual[name][0])) + 1}
    declared = any(value is not None for value in block.parameters.values())
    if not declared and sum(worth.values()) < _HEADING + sum([len(name) + 4 for name in block.parameters]):
        return
    for name in worth:
        block.parameters[name] = usual[name][0]
        for use in uses:
            if name in use.values and typed(use.values[name]) == typed(usual[name][0]):
                del use.values[name]


def _usual(name: str, uses: Sequence[FilePart]) -> tuple[Any, int]:
    """The value that most uses give, and how many; none of them where each use has its own."""
    given = [use.values[name] for use in uses if name in use.values]
    given = [value for value in given if not isinstance(value, (Expression, tuple))]
    counts = Counter([typed(value) for value in given])
    if not counts:
        return None, 0
    most, count = counts.most_common(1)[0]
    value = next(value for value in given if typed(value) == most)
    return value, count if None not in given and 2 * count > len(uses) else 0
