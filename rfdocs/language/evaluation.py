"""The values of a file's nodes in a scope: substitutions made, names looked up, defects noted where they stand."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, NoReturn

from rfdocs.errors import Hint
from rfdocs.language.assembly import Assembly
from rfdocs.language.expression import TEXT, ExpressionError, Names, Result, UndefinedName, bounded_list, substitute
from rfdocs.language.problems import START, Place, Problems
from rfdocs.language.source import Items, Mapping, Scalar, YamlNode, is_null, kind, shortened
from rfdocs.language.values import LAYER_NAMES, Refused, Rule, is_whole
from rfdocs.language.work import DEFECT, ITEM, NAMES, Work
from rfdocs.spelling import near_miss, nearest

#: The limits of one network.
ITEMS = 50_000
DEPTH = 16
REPEATS = 4096


#: What the first of all items reads where there are several inputs: none of these is the one before it.
NO_NODE = -1


class Skipped(Exception):
    """A defect that is noted already: the item is passed over."""


class Exceeded(Exception):
    """A limit is reached and noted: expansion ends."""


@dataclass(frozen=True, slots=True)
class BlockUse:
    """One use of a block: its name, where it stands, and the arguments that it may be given."""

    block: str
    line: int
    arguments: frozenset[str]


class Scope(NamedTuple):
    """Where an item stands: the prefix of its names, the values that it may use, and the innermost block around it.

    ``current`` is the node that an item reads there unless it says otherwise; `channels_in` stands for its channels.
    """

    prefix: str
    names: Names
    current: int = 0
    depth: int = 0
    use: BlockUse | None = None

    def inside(self, name: str = "") -> Scope:
        """The scope of a block, group or branch in this one; without a name, its layers' names get no prefix."""
        prefix = f"{self.prefix}{name}." if name else self.prefix
        return Scope(prefix, self.names, self.current, self.depth + 1, self.use)

    def with_names(self, names: Names) -> Scope:
        """The same scope with more values."""
        return Scope(self.prefix, {**self.names, **names}, self.current, self.depth, self.use)


class Evaluation:
    """What the nodes of a file mean.

    ``items`` counts the items so far, ``place`` is that of the last. ``first_noted`` holds at which item each place of
    the file was first complained of: what is wrong there in a later turn of a loop is not told again.
    """

    def __init__(self, problems: Problems, assembly: Assembly, work: Work) -> None:
        self.problems = problems
        self.assembly = assembly
        self.work = work
        self.items = 0
        self.place = START
        self.first_noted: dict[tuple[Place, str], int] = {}

    def behind(self, scope: Scope, node: int) -> Scope:
        """The same scope behind a node."""
        if scope.current == node:
            return scope
        names = {**scope.names, "channels_in": self.assembly.channels[node]}
        return Scope(scope.prefix, names, node, scope.depth, scope.use)

    def value(self, node: YamlNode, scope: Scope) -> Result:
        """A node's value, lists as tuples. Raises: Skipped."""
        self.work.spend()
        if isinstance(node, Scalar):
            if isinstance(node.value, str):
                return self._text_value(node.value, node.place, scope)
            return node.value
        if isinstance(node, Items):
            return self._list_value(node, scope)
        self.refuse(node.place, "a mapping found where a value is wanted", "", "type")

    def values(self, attributes: Mapping, scope: Scope) -> dict[str, Result]:
        """The values of all attributes; one that a substitution leaves empty is as if it were not written.

        Raises: Skipped, once the defects of all of them are noted.
        """
        self.work.spend(len(attributes.entries))
        values: dict[str, Result] = {}
        for attribute, node in attributes.entries.items():
            if isinstance(node, Scalar) and not isinstance(node.value, str):
                values[attribute] = node.value
                continue
            with suppress(Skipped):
                values[attribute] = self.value(node, scope)
        if len(values) < len(attributes.entries):
            raise Skipped
        return {key: value for key, value in values.items() if value is not None or is_null(attributes.entries[key])}

    def _text_value(self, text: str, place: Place, scope: Scope) -> Result:
        """A text's value. Raises: Skipped."""
        if "$" in text:
            return self.substituted(text, place, scope)
        if len(text) > TEXT:
            self.refuse(place, f"a text of {len(text)} characters; at most {TEXT} are allowed", "", "limit")
        return text

    def substituted(self, text: str, place: Place, scope: Scope) -> Result:
        """A text with its substitutions made. Raises: Skipped."""
        try:
            return substitute(text, scope.names, self.work.spend)
        except ExpressionError as error:
            hint = partial(_expression_hint, error, scope.use)
            self.refuse(place, f"in {shortened(text)!r}: {error.message}", hint, "expression")

    def _list_value(self, node: Items, scope: Scope) -> Result:
        try:
            return bounded_list([self.value(part, scope) for part in node.items], self.work.spend)
        except ExpressionError as error:
            self.refuse(node.place, error.message, error.hint, "expression")

    def checked(self, rule: Rule, value: object, place: Place) -> Any:
        """The value as a rule's check returns it. Raises: Skipped."""
        try:
            return rule.check(value)
        except Refused as refused:
            self.refuse(place, refused.message, refused.hint, "value")

    def condition_holds(self, item: Mapping, scope: Scope) -> bool:
        """Whether the item's condition holds. Raises: Skipped."""
        if "when" not in item.entries:
            return True
        node = item.entries["when"]
        holds = self.value(node, scope)
        if isinstance(holds, str) and holds:
            hint = "a condition is `true`, `false`, a number or, for example, `$(stride > 1)`"
            self.refuse(node.place, f"{kind(holds)} found; allowed: a condition", hint, "value")
        return bool(holds)

    def repetitions(self, node: YamlNode, scope: Scope) -> int:
        """A number of repetitions. Raises: Skipped."""
        number = self.value(node, scope)
        if isinstance(number, int) and is_whole(number, 0, REPEATS):
            return number
        code = "limit" if isinstance(number, int) and number > REPEATS else "value"
        self.refuse(node.place, f"{kind(number)} found; allowed: a whole number from 0 to {REPEATS}", "", code)

    def sources(self, item: Mapping, scope: Scope) -> list[int]:
        """The nodes that an item reads: those of its ``from``, or the one before it. Raises: Skipped."""
        if "from" in item.entries:
            return self.find_all(item.entries["from"], scope)
        if scope.current == NO_NODE:
            hint = "name an input: `from: ...`; only behind a first layer can one be left out"
            self.refuse(item.place, "'from' is missing: there are several inputs, and no layer before", hint, "missing")
        return [scope.current]

    def find_all(self, node: YamlNode, scope: Scope) -> list[int]:
        """The nodes that a name, or a list of names, stands for. Raises: Skipped."""
        names = self.checked(LAYER_NAMES, self.value(node, scope), node.place)
        places = [part.place for part in node.items] if isinstance(node, Items) else [node.place] * len(names)
        return [self.find(name, place, scope) for name, place in zip(names, places, strict=True)]

    def find(self, name: str, place: Place, scope: Scope) -> int:
        """The node of that name. Raises: Skipped."""
        self.work.spend(1 + scope.prefix.count("."))
        node = self.assembly.find(name, scope.prefix)
        if node is not None:
            return node
        message = f"there is no layer '{name}' before this one"
        self.refuse(place, message, lambda: near_miss(name, self.assembly.names(scope.prefix)), "unknown-layer")

    def required(self, item: Mapping, key: str) -> YamlNode:
        """A key's node. Raises: Skipped where it is missing."""
        if key not in item.entries:
            self.refuse(item.place, f"'{key}' is missing", f"add `{key}: [...]`", "missing")
        return item.entries[key]

    def note_unknown_keys(self, item: Mapping, allowed: tuple[str, ...]) -> None:
        """Notes every key that is not allowed."""
        for key in item.entries:
            if key not in allowed:
                hint = partial(near_miss, key, allowed)
                self.note(item.keys[key], f"'{key}' is not known here", hint, "unknown-key")

    def count_item(self, place: Place, scope: Scope) -> None:
        """Counts one item. Raises: Exceeded beyond the limits."""
        self.items += 1
        self.place = place
        self.work.spend(ITEM + len(scope.names) // NAMES)
        if self.items > ITEMS:
            self.exceed(place, f"more than {ITEMS} items, repetitions counted")
        if scope.depth > DEPTH:
            message = f"blocks and branches nested deeper than {DEPTH} levels"
            self.exceed(place, message, "does a block use itself?")

    def exceed(self, place: Place, message: str, hint: str = "") -> NoReturn:
        """Notes a limit and ends the expansion."""
        self.problems.add(place, message, hint, "limit")
        raise Exceeded

    def note(self, place: Place, message: str, hint: Hint = "", code: str = "") -> None:
        """Notes a defect, once for its place in the file: what is repeated would say it at every turn."""
        self.work.spend(DEFECT)
        if self.first_noted.setdefault((place, code), self.items) == self.items:
            self.problems.add(place, message, hint, code)

    def refuse(self, place: Place, message: str, hint: Hint, code: str) -> NoReturn:
        """Notes a defect and passes over the item."""
        self.note(place, message, hint, code)
        raise Skipped


def _expression_hint(error: ExpressionError, use: BlockUse | None) -> str:
    """How an expression is mended; what a block lacks is given where it is used, or declared where it stands."""
    if use is None or not isinstance(error, UndefinedName) or nearest(error.name, error.names):
        return error.hint
    if error.name in use.arguments:
        return f"give it where the block is used, on line {use.line}: `{{{use.block}: ..., {error.name}: ...}}`"
    return f"the `parameters` of the block '{use.block}' do not have it"
