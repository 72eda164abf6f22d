"""Parts as the lines of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from rfdocs.catalogue.explicit import flow
from rfdocs.importing.compaction.parts import BRANCH, COUNTER, LOOP, Expression, FilePart
from rfdocs.language.operations import OPERATIONS

#: How long a line may be, and how many layers a line may hold inside another.
LINE = 120
INSIDE = 2


def lines_of(parts: Sequence[FilePart], indent: int) -> Iterator[str]:
    """The lines of a list of parts."""
    for part in parts:
        yield from _item_lines(part, indent, "- ")


def one_line(part: FilePart) -> str:
    """A part as a flow mapping or, for a branch without conditions, a list.

    >>> one_line(FilePart("conv", "conv1", {"kernel": 3, "channels": Expression("$(4 * width)")}))
    '{conv: conv1, kernel: 3, channels: $(4 * width)}'
    """
    if part.key == BRANCH and not part.values:
        return f"[{', '.join([one_line(inner) for inner in part.parts or ()])}]"
    pairs = [f"{key}: {value}" for key, value in _pairs(part)]
    if part.parts is not None and (part.parts or part.key != BRANCH):
        pairs.append(f"{_inner_key(part)}: [{', '.join([one_line(inner) for inner in part.parts])}]")
    return f"{{{', '.join(pairs)}}}"


def _item_lines(part: FilePart, indent: int, dash: str) -> Iterator[str]:
    """The lines of an item; ``dash`` is what stands before it, a dash for each list that begins with it."""
    space, line = " " * indent, one_line(part)
    leaves = sum([not inner.parts and inner.key != BRANCH for inner in part.inner()])
    if part.parts is None or (len(line) + indent + len(dash) <= LINE and leaves <= INSIDE):
        yield from wrapped(space + dash, line)
        return
    deeper = indent + len(dash)
    if part.key == BRANCH and not part.values:
        for inner in part.parts:
            yield from _item_lines(inner, indent, f"{dash}- ")
            dash = " " * len(dash)
        return
    for key, value in _pairs(part):
        yield from wrapped(f"{space}{dash}", f"{key}: {value}")
        dash = " " * len(dash)
    if part.parts:
        yield f"{space}{dash}{_inner_key(part)}:"
        for inner in part.parts:
            yield from _item_lines(inner, deeper + 2, "- ")


def _inner_key(part: FilePart) -> str:
    return part.key if part.key in OPERATIONS else "layers"


def _pairs(part: FilePart) -> Iterator[tuple[str, str]]:
    """The keys of a part, but for what stands inside it, with their values as text."""
    if part.key not in (BRANCH, LOOP):
        merge = part.key in OPERATIONS and part.parts is not None
        if not merge or part.name != part.key:
            yield "name" if merge else part.key, _name(part)
    for key, value in part.values.items():
        if key == "first":
            inner = ", ".join([f"{name}: {value_text(held)}" for name, held in value.items()])
            yield key, f"{{{inner}}}"
        elif key != "counter" and (key, value) != ("repeat", 1):
            yield key, value_text(value, plain_numbers=key == "from")


def _name(part: FilePart) -> str:
    """The name, with the counter of its turns in it unless that goes without saying."""
    name, base = part.name, part.values.get("counter", 0)
    if COUNTER not in name:
        return value_text(name, plain_numbers=True)
    if base == 0 and part.values["repeat"] != 1 and name.endswith(f".{COUNTER}") and part.key not in OPERATIONS:
        return value_text(type(name)(name[: -len(COUNTER) - 1]), plain_numbers=True)
    before, _, after = name.partition(COUNTER)
    if part.values["repeat"] == 1:
        return _once(before, base, after)
    return value_text(Expression(before + _counter(base, after) + after))


def _once(before: str, base: Any, after: str) -> str:
    if isinstance(base, str):
        return value_text(Expression(f"{before}$({base.removeprefix('$')}){after}"))
    kind = Expression if "$" in before + after else str
    return value_text(kind(f"{before}{base}{after}"), plain_numbers=True)


def _counter(base: Any, after: str) -> str:
    """The number of the turn, counted from a base."""
    if isinstance(base, str):
        return f"$({base.removeprefix('$').removeprefix('(').removesuffix(')')} + index)"
    word = {0: "index", 1: "number"}.get(base, "")
    if not word:
        return f"$(index + {base})"
    return f"$({word})" if after[:1].isalnum() or after[:1] == "_" else f"${word}"


def value_text(value: Any, plain_numbers: bool = False) -> str:
    """A value in a flow mapping.

    >>> value_text((1, "relu", None)), value_text(Expression("$(min(width, 4))")), value_text("3", plain_numbers=True)
    ('[1, relu, null]', '"$(min(width, 4))"', '3')
    """
    if isinstance(value, str):
        return _text(value, plain_numbers)
    if isinstance(value, (tuple, list)):
        return f"[{', '.join([value_text(part, plain_numbers) for part in value])}]"
    return str(value) if type(value) is int else flow(value)


def _text(text: str, plain_numbers: bool) -> str:
    """A text in a flow mapping; ``plain_numbers`` where a number is taken as a name."""
    if isinstance(text, Expression):
        return f'"{text}"' if set(text) & set(",[]{}#") or ": " in text else str(text)
    if plain_numbers and text.isdigit() and text == str(int(text)) and len(text) < 9:
        return text
    return _word(text)


@lru_cache(maxsize=4096)
def _word(text: str) -> str:
    """A text that is taken as it is."""
    return flow(text.replace("$", "$$"))


def wrapped(before: str, text: str) -> Iterator[str]:
    """A line, continued on the next at its commas where it is too long."""
    after = " " * (len(before) + 1)
    while len(before) + len(text) > LINE and (end := _break(text, LINE - len(before))) > 0:
        yield before + text[: end + 1]
        before, text = after, text[end + 2 :]
    yield before + text


def _break(text: str, room: int) -> int:
    """The comma at which a line is broken, between rows if there are any."""
    comma = text.rfind(", ", 0, room)
    row = text.rfind("], [", 0, room)
    return row + 1 if row > room // 2 and "[[" in text[:row] else comma
