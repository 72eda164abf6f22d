"""What values that differ from use to use have to do with each other: constants, variables, and arithmetic of these.

A column is one value of a part, for each use. The first of some values that nothing explains becomes a variable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, count
from keyword import iskeyword
from re import search, sub
from typing import Any

from rfdocs.importing.compaction.parts import Expression, cut_at_numbers
from rfdocs.language.expand import typed


class Missing:
    """Stands in a column where its part is not there."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = Missing()
Column = Sequence[Any]


class Mismatch(ValueError):
    """Parts that cannot be one."""


#: Values of which one can explain another, by the attribute that they are of.
_FAMILIES = {
    "channels": "channels", "squeeze": "channels", "groups": "channels", "offset": "channels",
    "padding": "padding", "dilation": "padding",
    "name": "name", "counter": "name", "from": "name", "pool": "name", "size": "name",
}  # fmt: skip
#: What a variable is called that stands for an attribute, where that is not the attribute's own name.
_WORDS = {
    "channels": "width", "from": "source", "repeat": "times", "name": "place", "counter": "place", "pool": "pooling",
    "size": "like", "in": "rows",
}  # fmt: skip
_MEANT = {word: attribute for attribute, word in reversed(_WORDS.items())}
#: More variables than these are not looked for.
VARIABLES = 24
#: The largest numbers of a ratio between two columns.
_FACTOR, _PART = 64, 8


class Explainer:
    """Finds texts for columns, and variables for what they cannot say.

    ``counter`` is the name of the number of the use, from 1, if there is one; ``entry`` the channels at the beginning
    of each use, where variables may be derived from it; ``taken`` are names that mean something else.
    """

    def __init__(
        self, rows: int, counter: str = "", entry: Sequence[int] = (), taken: Collection[str] = frozenset()
    ) -> None:
        self.rows = range(rows)
        self.counter = counter
        self.counted = False
        self.entry = entry
        self.taken = {*taken, counter}
        self.variables: dict[str, list[Any]] = {}
        self.families: dict[str, str] = {}
        self.derived: dict[str, Expression] = {}
        self.widths: dict[str, list[Any]] = {}

    # -- values --------------------------------------------------------------------------------------------

    def value(self, attribute: str, column: Column, channels: Column | None, label: str) -> Any:
        """What stands in place of a column; ``channels`` are those read where it stands, if they may be used.

        Raises: Mismatch.
        """
        rows = [row for row in self.rows if column[row] is not MISSING]
        kinds = {str if isinstance(column[row], str) else type(column[row]) for row in rows}
        if len({typed(column[row]) for row in rows}) < 2:
            return column[rows[0]] if rows else None
        if any(isinstance(column[row], Expression) for row in rows):
            raise Mismatch
        if kinds == {str} and _family(attribute) == "name":
            return self._text(attribute, column, rows, label)
        if kinds == {int}:
            return _expression(self._number(attribute, column, rows, channels, label))
        if kinds == {tuple} and _family(attribute) == "name":
            return self._names(attribute, column, rows, label)
        if attribute == "from":
            raise Mismatch
        if kinds == {tuple} and (sides := self._sides(attribute, column, rows)) is not None:
            return sides
        return _expression(self._equal(attribute, column, rows) or self._variable(attribute, column, label))

    def _names(self, attribute: str, column: Column, rows: Sequence[int], label: str) -> tuple[Any, ...]:
        """A text for each of several names."""
        if len({len(column[row]) for row in rows}) > 1:
            raise Mismatch
        count = len(column[rows[0]])
        columns = [[MISSING if names is MISSING else names[place] for names in column] for place in range(count)]
        return tuple([self.value(attribute, names, None, label) for names in columns])

    def _sides(self, attribute: str, column: Column, rows: Sequence[int]) -> Any:
        """Values in which some numbers differ, if there are variables for all of these; ``None`` where not."""
        kinds = {type(column[row]) for row in rows}
        if kinds == {tuple} and len({len(column[row]) for row in rows}) == 1:
            parts = range(len(column[rows[0]]))
            columns = [[MISSING if value is MISSING else value[part] for value in column] for part in parts]
            sides = [self._sides(attribute, values, rows) for values in columns]
            return None if any(side is None for side in sides) else tuple(sides)
        if len({typed(column[row]) for row in rows}) == 1:
            return column[rows[0]]
        code = next(filter(None, self._codes(_family(attribute), column, rows, None)), "") if kinds == {int} else ""
        return _expression(code) if code else None

    def _text(self, attribute: str, column: Column, rows: Sequence[int], label: str) -> Any:
        """A name in which numbers differ, or all that is between what is the same."""
        cut = {row: cut_at_numbers(column[row]) for row in rows}
        if len({tuple(parts[::2]) for parts in cut.values()}) > 1 or not _countable(cut.values()):
            return self._word(attribute, column, rows, label)
        parts: list[str] = []
        for place, piece in enumerate(cut[rows[0]]):
            if place % 2 == 0 or len({pieces[place] for pieces in cut.values()}) == 1:
                parts.append(piece)
                continue
            numbers = [int(cut[row][place]) if row in cut else MISSING for row in self.rows]
            parts.append("$" + self._number("name", numbers, rows, None, label))
        return _joined(attribute, parts)

    def _word(self, attribute: str, column: Column, rows: Sequence[int], label: str) -> Any:
        texts = [column[row] for row in rows]
        before = _whole_words(_common_beginning(texts), texts)
        rest = [text[len(before) :] if isinstance(text, str) else text for text in column]
        variable = self._equal("word", rest, rows) or self._variable(attribute, rest, label, "word")
        return _joined(attribute, [before, f"${variable}"])

    # -- numbers -------------------------------------------------------------------------------------------

    def _number(self, attribute: str, column: Column, rows: Sequence[int], channels: Column | None, label: str) -> str:
        """The code that gives a column of whole numbers."""
        for code in self._codes(_family(attribute), column, rows, channels):
            if code:
                break
        else:
            code = self._derived(attribute, column, rows, label)
            code = code or self._ratio(attribute, column, rows, channels, label)
            code = code or self._variable(attribute, column, label)
        if (_family(attribute) == "channels" and code in self.variables) or _times(code):
            self.widths.setdefault(code, [*column])
        return code

    def _codes(self, family: str, column: Column, rows: Sequence[int], channels: Column | None) -> Iterator[str]:
        """What the column may be, nothing where it is not."""
        if family == "channels":
            yield from self._width_codes(column, rows, channels)
        else:
            yield self._equal(family, column, rows)
        if family == "name":
            yield self._counted(column, rows)
            for name in self._related(family):
                yield _offset(name, column, self.variables[name], rows)
        if family == "padding":
            halves = ((name, [_half(value) for value in self.variables[name]]) for name in self._related("kernel"))
            yield from (f"{name} // 2" if _agree(column, half, rows) else "" for name, half in halves)

    def _width_codes(self, column: Column, rows: Sequence[int], channels: Column | None) -> Iterator[str]:
        yield self._equal("channels", column, rows)
        if channels is not None and _same(column, channels, rows):
            yield "channels_in"
        for name in self._related("channels"):
            yield _multiple(name, column, self.variables[name], rows)
        if channels is not None:
            yield _multiple("channels_in", column, channels, rows)

    def _equal(self, attribute: str, column: Column, rows: Sequence[int]) -> str:
        """The variable that has the same values."""
        same = (name for name in self._related(_family(attribute)) if _same(column, self.variables[name], rows))
        return next(same, "")

    def _related(self, family: str) -> list[str]:
        return [name for name in self.variables if self.families[name] == family]

    def _counted(self, column: Column, rows: Sequence[int]) -> str:
        if not self.counter:
            return ""
        code = _offset(self.counter, column, [row + 1 for row in self.rows], rows)
        self.counted |= bool(code)
        return code

    # -- variables -----------------------------------------------------------------------------------------

    def _derived(self, attribute: str, column: Column, rows: Sequence[int], label: str) -> str:
        """A variable that the channels at the beginning explain."""
        if not self.entry or _family(attribute) != "channels":
            return ""
        code = "channels_in" if _same(column, self.entry, rows) else _multiple("channels_in", column, self.entry, rows)
        if not code:
            return ""
        name = self._variable(attribute, column, label)
        self.derived[name] = Expression(_expression(code))
        return name

    def _ratio(self, attribute: str, column: Column, rows: Sequence[int], channels: Column | None, label: str) -> str:
        """A variable for how many times the channels a column is, where that is the same more often."""
        if channels is None or _family(attribute) != "channels" or not all(channels[row] for row in rows):
            return ""
        ratios = {row: Fraction(column[row], channels[row]) for row in rows}
        if any(ratio.denominator > 1 or ratio < 2 for ratio in ratios.values()):
            return ""
        if 2 * len(set(ratios.values())) > len({column[row] for row in rows}):
            return ""
        values = [int(ratios[row]) if row in ratios else MISSING for row in self.rows]
        name = self._equal("expand", values, rows) or self._variable("expand", values, label)
        return f"{name} * channels_in"

    def _variable(self, attribute: str, column: Column, label: str, family: str = "") -> str:
        """A new variable for a column."""
        word = attribute if attribute == "name" and family else _WORDS.get(attribute, attribute)
        base = sub("[^A-Za-z0-9]+", "_", label).strip("_").lower()
        spare = f"{base}_{word}" if base and not base[0].isdigit() else word
        if len(self.variables) >= VARIABLES:
            raise Mismatch
        names = chain([word, *([spare] if len(spare) < 24 else [])], (f"{word}{number}" for number in count(2)))
        name = next(name for name in names if name not in self.taken and not iskeyword(name))
        self.taken.add(name)
        self.variables[name] = [*column]
        self.families[name] = family or _family(attribute)
        return name

    def fill(self) -> None:
        """Gives every variable a value where nothing asks for one."""
        for column in self.variables.values():
            present = [typed(value) for value in column if value is not MISSING]
            usual = Counter(present).most_common(1)[0][0]
            value = next(value for value in column if value is not MISSING and typed(value) == usual)
            column[:] = [value if held is MISSING else held for held in column]

    # -- conditions ----------------------------------------------------------------------------------------

    def condition(self, holds: Sequence[bool | Missing], channels: Column | None, label: str) -> Expression:
        """What says for each use whether a part is there."""
        rows = [row for row in self.rows if holds[row] is not MISSING]
        for code, truths in self._conditions(rows, channels):
            if all(truths[row] == holds[row] for row in rows):
                self.counted |= code.startswith(f"{self.counter} ")
                return _expression(code)
        word = "shortcut" if not label else "with_" + sub("[^A-Za-z0-9]+", "_", label).strip("_").lower()
        return _expression(self._equal("when", holds, rows) or self._variable(word, holds, ""))

    def _conditions(self, rows: Sequence[int], channels: Column | None) -> Iterator[tuple[str, Mapping[int, bool]]]:
        """Conditions that can be written, with their truth for each use."""
        if self.counter:
            last = len(self.rows)
            yield f"{self.counter} < {last}", {row: row + 1 < last for row in rows}
            yield f"{self.counter} > 1", {row: row > 0 for row in rows}
        same = [*self._same_widths(rows, channels)]
        more = [*self._more_than_one(rows)]
        yield from ((f"channels_in != {code}", _not(truths)) for code, truths in same)
        yield from ((f"channels_in == {code}", truths) for code, truths in same)
        yield from ((f"{name} > 1", truths) for name, truths in more)
        yield from ((f"{name} == 1", _not(truths)) for name, truths in more)
        for name, above in more:
            for code, truths in same:
                both = {row: truths[row] and not above[row] for row in rows}
                yield f"{name} == 1 and channels_in == {code}", both
                yield f"{name} > 1 or channels_in != {code}", _not(both)
        for name in self._related("when"):
            yield name, {row: self.variables[name][row] for row in rows}
            yield f"not {name}", {row: not self.variables[name][row] for row in rows}

    def _same_widths(self, rows: Sequence[int], channels: Column | None) -> Iterator[tuple[str, Mapping[int, bool]]]:
        if channels is None:
            return
        columns = {name: self.variables[name] for name in self._related("channels")} | self.widths
        for code, column in columns.items():
            values = self._computed(code, column)
            if all(values[row] is not MISSING for row in rows):
                yield code, {row: channels[row] == values[row] for row in rows}

    def _computed(self, code: str, column: Column) -> Column:
        """The values of a code that is a multiple of a variable, where it is not asked for, too."""
        factor, _, name = code.partition(" * ")
        return [int(factor) * value for value in self.variables[name]] if name in self.variables else column

    def _more_than_one(self, rows: Sequence[int]) -> Iterator[tuple[str, Mapping[int, bool]]]:
        for name, column in self.variables.items():
            if self.families[name] in ("stride", "expand") and all(type(column[row]) is int for row in rows):
                yield name, {row: column[row] > 1 for row in rows}


def _family(attribute: str) -> str:
    """The attributes that can explain one; that of a block's parameter is told from its name.

    >>> _family("groups"), _family("conv2_width"), _family("with_expand")
    ('channels', 'channels', 'when')
    """
    if attribute.startswith("with_") or attribute == "shortcut":
        return "when"
    word = sub("[0-9]+$", "", attribute.rpartition("_")[2]) if attribute not in _FAMILIES else attribute
    word = _MEANT.get(word, word)
    return _FAMILIES.get(word, word)


def _expression(code: str) -> Expression:
    """The text of a code by itself.

    >>> _expression("width"), _expression("4 * width")
    ('$width', '$(4 * width)')
    """
    return Expression(f"${code}" if code.isidentifier() else f"$({code})")


def _joined(attribute: str, parts: Sequence[str]) -> Expression:
    """Texts and codes, these with a dollar, in one text.

    >>> _joined("name", ["layer", "$stage", ".conv"]), _joined("name", ["layer", "$stage", "a"])
    ('layer$stage.conv', 'layer$(stage)a')
    """
    text = ""
    for part, after in zip(parts, [*parts[1:], ""], strict=True):
        bare = part.startswith("$") and part[1:].isidentifier() and not sub("[^A-Za-z0-9_$(]", "", after[:1])
        text += part if bare or not part.startswith("$") else f"$({part[1:]})"
    if attribute == "size" and text.startswith("$") and len([part for part in parts if part]) == 1:
        raise Mismatch
    return Expression(text)


def _common_beginning(texts: Sequence[str]) -> str:
    """What all texts begin with."""
    first, last = min(texts), max(texts)
    return first[: next((at for at, letter in enumerate(first) if last[at : at + 1] != letter), len(first))]


def _whole_words(prefix: str, texts: Sequence[str]) -> str:
    """A prefix of some texts without the beginning of a word or number that goes on in one of them.

    >>> _whole_words("inception4", ["inception4a", "inception4b"]), _whole_words("le", ["left", "leaf"])
    ('inception4', '')
    """
    after = "".join([text[len(prefix) : len(prefix) + 1] or prefix[-1:] for text in texts])
    for kind in ("[0-9]", "[A-Za-z]"):
        if search(kind, after):
            prefix = sub(f"{kind}+$", "", prefix)
    return prefix


def _countable(names: Collection[Sequence[str]]) -> bool:
    """Whether the numbers in names are as arithmetic writes them."""
    return all(number == str(int(number)) for parts in names for number in parts[1::2])


def _agree(column: Column, other: Column, rows: Sequence[int]) -> bool:
    return all(other[row] is not MISSING and typed(other[row]) == typed(column[row]) for row in rows)


def _same(column: Column, other: Column, rows: Sequence[int]) -> bool:
    """Whether two columns agree; what the second lacks it takes from the first."""
    if not any(other[row] is not MISSING for row in rows):
        return False
    if any(other[row] is not MISSING and typed(other[row]) != typed(column[row]) for row in rows):
        return False
    if isinstance(other, list):
        for row in rows:
            other[row] = column[row]
    return True


def _offset(name: str, column: Column, other: Column, rows: Sequence[int]) -> str:
    """One column as another and a number."""
    if any(other[row] is MISSING for row in rows):
        return ""
    by = {column[row] - other[row] for row in rows}
    if len(by) > 1:
        return ""
    number = by.pop()
    return name if number == 0 else f"{name} {'+' if number > 0 else '-'} {abs(number)}"


def _multiple(name: str, column: Column, other: Column, rows: Sequence[int]) -> str:
    """One column as a multiple, or as a part, of another."""
    if any(other[row] is MISSING or not other[row] for row in rows):
        return ""
    ratios = {Fraction(column[row], other[row]) for row in rows}
    if len(ratios) > 1:
        return ""
    times, parts = ratios.pop().as_integer_ratio()
    if parts == 1:
        return f"{times} * {name}" if 1 < times <= _FACTOR else ""
    if times == 1:
        return f"{name} // {parts}" if parts <= _FACTOR else ""
    return f"{times} * {name} // {parts}" if max(times, parts) <= _PART and parts in (2, 3, 4, 8) else ""


def _times(code: str) -> bool:
    factor, _, name = code.partition(" * ")
    return factor.isdigit() and name.isidentifier() and name != "channels_in"


def _half(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple([_half(part) for part in value])
    return value // 2 if type(value) is int else value


def _not(truths: Mapping[int, bool]) -> Mapping[int, bool]:
    return {row: not truth for row, truth in truths.items()}
