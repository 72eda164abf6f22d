"""Reads YAML text into values that know where they stand. The only importer of yaml.

Plain scalars mean what YAML 1.2 says: ``true`` and ``false`` are the only booleans, ``no`` and ``1:30`` are text,
a number with a point is an exact fraction. A key that stands twice, a file beyond the limits and aliases that
unfold beyond them are errors.
"""

from __future__ import annotations

import re
from collections import abc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

import yaml
from yaml import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from rfdocs.language.problems import START, Place, Places, Problems

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: The limits of a file.
BYTES = 256 * 1024
DEPTH = 32
NODES = 50_000
KEY = 100

Value = str | int | bool | Fraction | None

#: The most digits of what is read as a number, and the most that a message repeats.
DIGITS = 40
DIGITS_SHOWN = 24

_INTEGER = re.compile(rf"[-+]?[0-9]{{1,{DIGITS}}}\Z")
_DECIMAL = re.compile(rf"[-+]?[0-9]{{1,{DIGITS}}}\.[0-9]{{1,{DIGITS}}}\Z")
_DIGITS = re.compile(rf"[-+]?[0-9]{{{DIGITS_SHOWN + 1},}}\Z")
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value."""

    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[YamlNode, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values; ``keys`` holds where each key stands."""

    entries: YamlNodes
    keys: Places
    place: Place

    def over(self, other: Mapping) -> Mapping:
        """The mapping, and of another what only that one has."""
        return Mapping({**other.entries, **self.entries}, {**other.keys, **self.keys}, self.place)

    def place_of(self, key: str, *, value: bool) -> Place:
        """Where a key stands, or its value; the mapping's own place where it has no such key."""
        if key not in self.entries:
            return self.place
        return self.entries[key].place if value else self.keys[key]

    def without(self, *names: str) -> Mapping:
        """The mapping less some keys."""
        return Mapping({key: node for key, node in self.entries.items() if key not in names}, self.keys, self.place)


YamlNode = Scalar | Items | Mapping
YamlNodes = abc.Mapping[str, YamlNode]


class _Stop(Exception):
    """Reading cannot go on; the problem is noted."""


def read_document(text: bytes, problems: Problems, most: int = BYTES) -> Mapping | None:
    """The document as a mapping; ``None`` where it cannot be read, with the reason in ``problems``."""
    if len(text) > most:
        problems.add(START, f"the file has more than {most} bytes", "a family needs about 100 lines", "limit")
        return None
    try:
        document = _NodeBuilder(problems).document(text.decode("utf-8"))
    except UnicodeDecodeError as error:
        place = _place_behind(text[: error.start])
        problems.add(place, f"byte {error.start} is not UTF-8", "save the file as UTF-8", "yaml")
    except yaml.YAMLError as error:
        problems.add(_error_place(error, text), *_yaml_message(error), code="yaml")
    except _Stop:
        pass
    else:
        if isinstance(document, Mapping):
            return document
        problems.add(START, f"the file holds {kind(document)}; a mapping of keys is wanted", code="type")
    return None


def _place_behind(before: bytes) -> Place:
    """The place behind some bytes of a file."""
    lines = before.decode("utf-8", "replace").split("\n")
    return Place(len(lines), len(lines[-1]) + 1, "")


def _error_place(error: yaml.YAMLError, text: bytes) -> Place:
    if isinstance(error, yaml.reader.ReaderError):
        return _place_behind(text[: error.position])
    mark = getattr(error, "problem_mark", None)
    return START if mark is None else Place(mark.line + 1, mark.column + 1, "")


def _yaml_message(error: yaml.YAMLError) -> tuple[str, str]:
    """What is wrong with the YAML, and a hint."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
    hints = (hint for words, hint in _YAML_HINTS.items() if words in problem)
    return f"not valid YAML: {problem}", next(hints, "see whether brackets, quotes and indentation match")


_YAML_HINTS = {
    "cannot start any token": "a tab cannot indent, and a text that begins with @, ` or % needs quotes",
    "control characters": "remove them",
    "expected ','": "see whether brackets and quotes match, here and on the line before; "
    'an expression with a bracket needs quotes: "$(widths[0])"',
    "mapping values are not allowed": "a text that holds a colon needs quotes",
}


class _NodeBuilder:
    """Builds nodes from YAML events, without recursion into what a hostile file unfolds."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.anchors: dict[str, tuple[YamlNode, int]] = {}
        self.count = 0

    def document(self, text: str) -> YamlNode | None:
        events = iter(yaml.parse(text, Loader=_Loader))
        document: YamlNode | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if document is not None:
                    place = _event_place(event, "")
                    self._stop(place, "a second document begins", "one file holds one document", "yaml")
                document = self._node(next(events), events, "", 0)
        return document

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], where: str, depth: int) -> YamlNode:
        place = _event_place(event, where)
        if depth > DEPTH:
            self._stop(place, f"nested deeper than {DEPTH} levels", "", "limit")
        before = self.count
        self._count(place, 1)
        if isinstance(event, AliasEvent):
            return self._alias(event, place)
        assert isinstance(event, (ScalarEvent, SequenceStartEvent, MappingStartEvent))
        if event.tag is not None and event.tag != "!":
            message = f"the tag {shortened(event.tag)!r} is not allowed"
            self._stop(place, message, "write the value without a tag", "yaml")
        node: YamlNode
        if isinstance(event, ScalarEvent):
            node = Scalar(_plain_scalar(event.value) if event.implicit[0] else event.value, place)
        elif isinstance(event, SequenceStartEvent):
            node = self._items(events, place, depth)
        else:
            node = self._mapping(events, place, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.count - before)
        return node

    def _alias(self, event: AliasEvent, place: Place) -> YamlNode:
        if event.anchor is None or event.anchor not in self.anchors:
            self._stop(place, f"the alias *{shortened(event.anchor or '')} has no anchor before it", "", "yaml")
        node, size = self.anchors[event.anchor]
        self._count(place, size)
        return node

    def _items(self, events: Iterator[yaml.Event], place: Place, depth: int) -> Items:
        items: list[YamlNode] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, f"{place.where}[{len(items)}]", depth + 1))
        return Items(tuple(items), place)

    def _mapping(self, events: Iterator[yaml.Event], place: Place, depth: int) -> Mapping:
        entries: dict[str, YamlNode] = {}
        keys: dict[str, Place] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key, where = self._key(event, place)
            node = self._node(next(events), events, where.where, depth + 1)
            if key in entries:
                first = keys[key].line
                self.problems.add(where, f"the key '{key}' stands twice (first on line {first})", "remove one", "twice")
                continue
            entries[key], keys[key] = node, where
        return Mapping(entries, keys, place)

    def _key(self, event: yaml.Event, place: Place) -> tuple[str, Place]:
        here = _event_place(event, place.where)
        self._count(here, 1)
        if not isinstance(event, ScalarEvent) or event.anchor or event.tag not in {None, "!"}:
            self._stop(here, "a key must be plain text", "", "yaml")
        key = str(event.value)
        if len(key) > KEY:
            self._stop(here, f"a key of {len(key)} characters; at most {KEY} are allowed", "", "limit")
        if event.implicit[0] and key == "<<":
            self._stop(here, "merge keys (<<) are not allowed", "write the keys out, or use a block", "yaml")
        return key, Place(here.line, here.column, f"{place.where}.{key}" if place.where else key)

    def _count(self, place: Place, nodes: int) -> None:
        self.count += nodes
        if self.count > NODES:
            self._stop(place, f"more than {NODES} values, aliases unfolded", "", "limit")

    def _stop(self, place: Place, message: str, hint: str, code: str) -> NoReturn:
        self.problems.add(place, message, hint, code)
        raise _Stop


def _event_place(event: yaml.Event, where: str) -> Place:
    mark = event.start_mark
    assert mark is not None
    return Place(mark.line + 1, mark.column + 1, where)


def _plain_scalar(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return Fraction(text)
    return text


def plain_value(node: YamlNode) -> object:
    """The value as Python's own types: dict, list, str, int, bool, Fraction, None."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Items):
        return [plain_value(item) for item in node.items]
    return {key: plain_value(value) for key, value in node.entries.items()}


def value_count(node: YamlNode) -> int:
    """How many values there are, lists and mappings in one another counted, aliases unfolded."""
    if isinstance(node, Scalar):
        return 1
    inside = node.items if isinstance(node, Items) else node.entries.values()
    return 1 + sum(map(value_count, inside))


def is_null(node: YamlNode) -> bool:
    """Whether nothing stands there: an empty value, `null` or `~`."""
    return isinstance(node, Scalar) and node.value is None


def kind(value: object) -> str:
    """What a value is, in words and with the value, for messages.

    >>> kind("no"), kind(3), kind(None)
    ("the text 'no'", '3', 'nothing')
    >>> kind(10**30)
    'a number of 31 digits'
    """
    bare = value.value if isinstance(value, Scalar) else value
    for types, in_words in _KINDS:
        if isinstance(bare, types):
            return in_words(bare)
    return str(bare)


_KINDS: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    ((Items, list, tuple), lambda value: f"a list of {len(value.items if isinstance(value, Items) else value)}"),
    ((Mapping, dict), lambda _: "a mapping"),
    (type(None), lambda _: "nothing"),
    (bool, lambda value: str(value).lower()),
    (Fraction, lambda value: str(float(value))),
    (str, lambda value: _digits_in_words(value) or f"the text {shortened(value)!r}"),
    (int, lambda value: _digits_in_words(str(value)) or str(value)),
)


def _digits_in_words(text: str) -> str:
    """A number that is too long to be repeated, in words; nothing for any other text."""
    return f"a number of {len(text.lstrip('+-'))} digits" if _DIGITS.match(text) else ""


def shortened(text: str) -> str:
    """The text, cut where it is longer than 60 characters."""
    return text if len(text) <= 60 else text[:57] + "..."
