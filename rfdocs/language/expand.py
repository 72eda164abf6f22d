"""Turns the items of a file into the layers of a network: substitution, repetition, blocks, branches.

Everything is bounded: the layers of a network, the items looked at on the way, the depth of blocks in blocks.
An item with a defect is noted and passed over, so that one run finds all defects of a file.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NoReturn

from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph import IMAGE_NAME, Layer
from rfdocs.language.assembly import Assembly, Expansion
from rfdocs.language.axes import AttributeRefusal, wrong_lengths
from rfdocs.language.blocks import STRUCTURE, Block
from rfdocs.language.evaluation import REPEATS, Evaluation, Exceeded, Scope, Skipped, Use, parts
from rfdocs.language.expression import Result, is_variable
from rfdocs.language.operations import ACTIVATIONS, OPERATIONS
from rfdocs.language.problems import Place, Problems
from rfdocs.language.source import Items, Mapping, Node, Scalar, kind
from rfdocs.language.synonyms import attribute_called, operation_called, told
from rfdocs.language.values import CONTROL, LAYER_NAME, PATH, is_whole
from rfdocs.language.work import NAMES, Exhausted, Work
from rfdocs.operators import Operator, Pooling, Unpooling
from rfdocs.spelling import did_you_mean, near_miss, nearest

#: The most layers of one network, and the most that all of them together read.
LAYERS = 5_000
INPUTS = 50_000
#: The names of all operations' attributes.
ATTRIBUTES = frozenset(name for operation in OPERATIONS.values() for name in operation.record.attributes)
#: The most keys of an item that a message names.
KEYS = 12

_AN_ITEM = (
    "one key is an operation (or a block of this file), its value the name: `{conv: conv1, kernel: 3, ...}`; the site "
    "lists all operations in format.html#operations, the repository in site/format.md"
)
#: Keys under which other formats have the operation.
_OPERATION_KEYS = (*"type op optype operation class classname cls layer layertype kind module".split(),)

_COUNTERS = re.compile(r"\$(\([^)]*)?\b(index|number)\b")


@dataclass(frozen=True, slots=True)
class Call:
    """One use of an operation, a block or a group: ``key`` is what it is, ``written`` the key as the file has it."""

    item: Mapping
    key: str
    written: str
    scope: Scope
    repeated: bool = False

    @property
    def named(self) -> Node:
        """The node of its name."""
        return self.item.entries[self.written]


class Expander:
    """Expands one network's items; what is wrong goes to ``problems``."""

    def __init__(
        self, problems: Problems, axes: int, channels: int, blocks: dict[str, Block], work: Work | None = None
    ) -> None:
        self.axes = axes
        self.assembly = Assembly(channels)
        self.read = Evaluation(problems, self.assembly, work or Work())
        self.blocks = blocks
        self.words = dict.fromkeys((*OPERATIONS, *blocks, *STRUCTURE))
        self.inputs = 0
        self.numbers: dict[str, int] = {}
        self.known: dict[Hashable, tuple[Operator, dict[str, Any]]] = {}

    def expand(self, items: Node, parameters: dict[str, Result]) -> Expansion:
        """The layers that the items stand for."""
        with suppress(Exceeded):
            try:
                self._all(items, Scope("", {**parameters, "channels_in": self.assembly.channels[0]}))
            except Exhausted:
                message = f"more than {self.read.work.most} steps to unfold the file's networks up to here"
                hint = "an item, a value, a part of an expression are a step or more, at every repetition"
                self.read.exceed(self.read.place, message, hint)
        return self.assembly.result()

    # -- items ---------------------------------------------------------------------------------------------

    def _all(self, items: Node, scope: Scope) -> int:
        """The node at the end of a list of items."""
        if not isinstance(items, Items):
            self.read.note(items.place, f"{kind(items)} found; allowed: a list of layers", code="type")
            return scope.current
        for item in items.items:
            try:
                scope = self.read.at(scope, self._item(item, scope))
            except Skipped:
                self._excuse(item, scope)
        return scope.current

    def _excuse(self, item: Node, scope: Scope) -> None:
        """Lets later items read a defective one by its name, so that this raises no second error."""
        entries = item.entries if isinstance(item, Mapping) else {}
        for key, name in entries.items():
            if key in self.words and isinstance(name, Scalar) and isinstance(name.value, str):
                self.assembly.stand_in(scope.prefix + name.value, scope.current)

    def _item(self, item: Node, scope: Scope) -> int:
        self.read.step(item.place, scope)
        if not isinstance(item, Mapping):
            message = f"{kind(item)} found; allowed: a mapping with one operation"
            self.read.refuse(item.place, message, "write `{conv: name, kernel: 3, ...}`", "type")
        if "for" in item.entries:
            return self._loop(item, scope)
        if not self.read.wanted(item, scope):
            return scope.current
        call = self._call(item, scope)
        if "first" in item.entries and "repeat" not in item.entries:
            self.read.refuse(item.keys["first"], "'first' stands without 'repeat'", "add `repeat: 2`", "missing")
        return self._repeated(call) if "repeat" in item.entries else self._one(call)

    def _call(self, item: Mapping, scope: Scope) -> Call:
        """The item's one operation."""
        found = []
        for written in item.entries:
            key = str(self.read.text(written, item.keys[written], scope)) if "$" in written else written
            if key in self.words:
                found.append((key, written))
        if len(found) > 1:
            names = " and ".join(f"'{key}'" for key, _ in found)
            hint = self._two(found[0][0], found[1][0])
            self.read.refuse(item.place, f"two operations in one item: {names}", hint, "operation")
        if not found:
            self._no_operation(item)
        return Call(item, *found[0], scope)

    def _two(self, first: str, second: str) -> str:
        """How an item of two operations is mended; the second is often meant as an attribute of the first."""
        folded = {"batchnorm": "norm: batch"} | {word: f"act: {word}" for word in ACTIVATIONS}
        if second in folded:
            return f"write two items, or `{folded[second]}` in one"
        meant = attribute_called(second, OPERATIONS[first].record.attributes) if first in OPERATIONS else ""
        return f"{did_you_mean(meant)} Or write two items" if meant else "write two items"

    def _no_operation(self, item: Mapping) -> NoReturn:
        keys = [key for key in item.entries if key not in CONTROL][:KEYS]
        message = f"no operation among the keys {', '.join(keys) or '(none)'}"
        self.read.refuse(item.place, message, partial(self._meant, item, keys), "operation")

    def _meant(self, item: Mapping, keys: list[str]) -> str:
        """How an item is mended whose operation has another word, stands as a value, is misspelt, or is left out."""
        unknown = [key for place, key in enumerate(keys) if place == 0 or key not in ATTRIBUTES]
        called = [found for key in unknown if (found := operation_called(key)) is not None]
        if called:
            return called[0].hint
        for key in keys:
            node = item.entries[key]
            if isinstance(node, Scalar) and isinstance(node.value, str) and (word := self._as_value(key, node.value)):
                return f"the operation is itself the key: `{{{word}: name, ...}}` in place of '{key}'"
        near = (did_you_mean(nearest(key, [*self.words])) for key in unknown if key not in ATTRIBUTES)
        return next(filter(None, near), _AN_ITEM)

    def _as_value(self, key: str, value: str) -> str:
        """The operation that stands as the value of another key, in our words or in others' words; nothing for none."""
        if value in self.words and key not in ATTRIBUTES:
            return value
        found = operation_called(value) if told(key) in _OPERATION_KEYS else None
        return found.target if found else ""

    def _repeated(self, call: Call) -> int:
        scope = call.scope
        for index in range(self.read.times(call.item.entries["repeat"], scope)):
            self.read.step(call.item.place, scope)
            turn = scope.with_names({"index": index, "number": index + 1})
            item = self._first(call.item) if index == 0 else call.item
            scope = self.read.at(scope, self._one(replace(call, item=item, scope=turn, repeated=True)))
        return scope.current

    def _first(self, item: Mapping) -> Mapping:
        """The item with what `first` says in place of its own attributes."""
        first = item.entries.get("first")
        if first is None:
            return item
        if isinstance(first, Mapping):
            for key in CONTROL:
                if key in first.entries:
                    self.read.refuse(first.keys[key], f"'{key}' cannot stand in 'first'", "", "unknown-key")
            return replace(first.over(item), place=item.place)
        message = f"{kind(first)} found; allowed: attributes for the first repetition"
        self.read.refuse(first.place, message, "", "type")

    def _one(self, call: Call) -> int:
        sources = self.read.sources(call.item, call.scope)
        call = self._reading(call, sources[0])
        if call.key == "group":
            return self._group(call)
        if call.key in self.blocks:
            return self._block(call)
        if OPERATIONS[call.key].several:
            return self._merge(call, sources)
        return self._layer(call, sources)

    def _reading(self, call: Call, node: int) -> Call:
        """The call as if it stood behind that node."""
        return call if call.scope.current == node else replace(call, scope=self.read.at(call.scope, node))

    # -- loops, groups, blocks -----------------------------------------------------------------------------

    def _loop(self, item: Mapping, scope: Scope) -> int:
        self.read.only(item, ("for", "in", "layers", "number", "when"))
        layers = self.read.part(item, "layers")
        current = scope.current
        for turn in self._turns(item, scope):
            here = self.read.at(turn, current)
            if self.read.wanted(item, here):
                current = self._all(layers, here)
        return current

    def _turns(self, item: Mapping, scope: Scope) -> Iterator[Scope]:
        """A scope for every turn of a `for`: its variables, and the counter that `number` names."""
        variables = self._variables(item.entries["for"])
        counter = self._counter(item)
        for number, row in enumerate(self._rows(item, scope), start=1):
            names = dict(zip(variables, self._row(item, row, len(variables)), strict=True))
            if counter is not None:
                names[counter] = number
            self.read.step(item.place, scope)
            yield scope.with_names(names)

    def _counter(self, item: Mapping) -> str | None:
        node = item.entries.get("number")
        if node is None:
            return None
        if not isinstance(node, Scalar) or not _is_name(node.value):
            message = f"{kind(node)} found; allowed: a name for the number of the turn"
            self.read.refuse(node.place, message, _NAMES, "for")
        return str(node.value)

    def _variables(self, node: Node) -> list[str]:
        names = [part.value if isinstance(part, Scalar) else part for part in parts(node)]
        wrong = next((name for name in names if not _is_name(name)), None)
        if not names or wrong is not None:
            found = kind(node if wrong is None else wrong)
            self.read.refuse(node.place, f"{found} found; allowed: a name, or a list of names", _NAMES, "for")
        return [str(name) for name in names]

    def _rows(self, item: Mapping, scope: Scope) -> tuple[Result, ...]:
        node = self.read.part(item, "in")
        rows = self.read.value(node, scope)
        if isinstance(rows, int) and is_whole(rows, 0, REPEATS):
            return tuple(range(rows))
        if isinstance(rows, tuple) and len(rows) <= REPEATS:
            return rows
        message = f"{kind(rows)} found; allowed: a list, or a whole number up to {REPEATS}"
        self.read.refuse(node.place, message, "", "for")

    def _row(self, item: Mapping, row: Result, count: int) -> tuple[Result, ...]:
        if count == 1:
            return (row,)
        if isinstance(row, tuple) and len(row) == count:
            return row
        found = f"a row of {len(row)}" if isinstance(row, tuple) else kind(row)
        self.read.refuse(item.entries["in"].place, f"{found} found; allowed: rows of {count} values", "", "for")

    def _group(self, call: Call) -> int:
        self.read.only(call.item, (call.written, "layers", "from", "note", *CONTROL))
        scope = call.scope.inside(self._scope_name(call))
        return self._all(self.read.part(call.item, "layers"), scope)

    def _block(self, call: Call) -> int:
        block = self.blocks[call.key]
        given = call.item.without(call.written, "from", "note", "alias", *CONTROL)
        for argument in given.entries:
            if argument not in block.arguments:
                message = f"the block '{call.key}' does not use '{argument}'"
                hint = partial(near_miss, argument, sorted(block.arguments))
                self.read.note(given.keys[argument], message, hint, "unknown-key")
        names = {key: self.read.value(node, call.scope) for key, node in given.entries.items() if key != "channels_in"}
        scope = call.scope.inside(self._scope_name(call)).with_names(names)
        for name, node in block.defaults.items():
            if name not in names:
                self.read.work.spend(len(scope.names) // NAMES)
                scope = scope.with_names({name: self.read.value(node, scope)})
        use = Use(call.key, call.item.place.line, block.arguments)
        return self._all(block.layers, scope._replace(use=use))

    def _scope_name(self, call: Call) -> str:
        """The name of a block's or group's scope; a repeated one is numbered, unless its name counts itself."""
        value = self.read.value(call.named, call.scope)
        if value is None or value == "":
            return ""
        name = self.read.checked(LAYER_NAME.check, value, call.named.place)
        written = call.named.value if isinstance(call.named, Scalar) else None
        counted = isinstance(written, str) and _COUNTERS.search(written)
        return f"{name}.{call.scope.names['index']}" if call.repeated and not counted else str(name)

    # -- layers --------------------------------------------------------------------------------------------

    def _layer(self, call: Call, sources: list[int]) -> int:
        name = self._name(call.named, call.scope)
        if len(sources) > 1:
            message = f"'{name}' reads {len(sources)} layers; {call.key} reads one"
            self.read.refuse(call.item.place, message, "", "inputs")
        return self._append(call, name, sources, call.item.without(call.written, "from", *CONTROL))

    def _merge(self, call: Call, sources: list[int]) -> int:
        """A layer that reads several, by name or as branches in place; of one branch alone nothing is left to merge."""
        attributes = call.item.without(call.written, "from", *CONTROL)
        if isinstance(call.named, Items):
            name = self._branch_name(call)
            attributes = attributes.without("name")
            sources = self._branches(call.named, call.scope)
            if len(sources) == 1 < len(call.named.items):
                return sources[0]
        else:
            name = self._name(call.named, call.scope)
        if len(sources) < 2:
            message = f"'{name}' reads one layer; {call.key} wants two or more"
            self.read.refuse(call.item.place, message, self._merge_hint(call, name), "inputs")
        return self._append(call, name, sources, attributes)

    def _merge_hint(self, call: Call, name: str) -> str:
        """How to say what is merged; the key's value is often taken for that."""
        if "name" in call.item.entries or self.assembly.find(name, call.scope.prefix) is not None:
            return f"'{name}' is its own name there; to read '{name}' write `{{{call.key}: sum, from: [{name}, ...]}}`"
        return f"write branches, `{{name: sum, {call.key}: [[...], []]}}`, or `{{{call.key}: sum, from: [a, b]}}`"

    def _name(self, node: Node, scope: Scope) -> str:
        if isinstance(node, Mapping):
            hint = "its attributes stand beside it: `{conv: conv1, kernel: 3, ...}`"
            self.read.refuse(node.place, "a mapping found; allowed: the layer's name", hint, "type")
        return str(self.read.checked(LAYER_NAME.check, self.read.value(node, scope), node.place))

    def _branch_name(self, call: Call) -> str:
        if "name" in call.item.entries:
            return self._name(call.item.entries["name"], call.scope)
        first = call.scope.prefix + call.key
        number = self.numbers.get(first, 1)
        while call.scope.prefix + _numbered(call.key, number) in self.assembly:
            self.read.work.spend()
            number += 1
        self.numbers[first] = number  # names are never given back, so that none before it is free
        return _numbered(call.key, number)

    def _branches(self, branches: Items, scope: Scope) -> list[int]:
        """The ends of the branches: lists of items, names of layers, or mappings with conditions and loops."""
        ends: list[int] = []
        for branch in branches.items:
            if isinstance(branch, Scalar):
                ends.extend(self.read.lookup(branch, scope))
            elif isinstance(branch, Mapping):
                ends.extend(self._conditional_branches(branch, scope))
            else:
                ends.append(self._all(branch, scope.inside()))
        return ends

    def _conditional_branches(self, branch: Mapping, scope: Scope) -> Iterator[int]:
        """The ends of what `{for: ..., in: ..., when: ..., from: ..., layers: [...]}` stands for, none to many."""
        self.read.only(branch, ("for", "in", "number", "when", "from", "layers"))
        layers = branch.entries.get("layers", Items((), branch.place))
        for turn in self._turns(branch, scope) if "for" in branch.entries else [scope]:
            if self.read.wanted(branch, turn):
                for start in self.read.sources(branch, turn):
                    yield self._all(layers, self.read.at(turn.inside(), start))

    def _append(self, call: Call, name: str, inputs: list[int], attributes: Mapping) -> int:
        full = call.scope.prefix + name
        if len(full) > PATH:
            message = f"a name of {len(full)} letters with its scopes; at most {PATH} are allowed"
            self.read.refuse(call.named.place, message, "", "limit")
        try:
            operator, given = self._operator(self._reading(call, inputs[0]), name, attributes)
        except Skipped:
            self.assembly.stand_in(full, inputs[0])
            raise
        if full == IMAGE_NAME:
            self.read.refuse(call.named.place, f"'{full}' is the name of the image", "choose another name", "twice")
        if full in self.assembly:
            hint = "names are unique in their scope; in a repetition use `$number`"
            self.read.refuse(call.item.place, f"the name '{full}' stands twice", hint, "twice")
        like = self._like(given.get("size"), call)
        if isinstance(operator, Unpooling):
            pool = self._partner(given["pool"], inputs[0], call)
            assert isinstance(pool.operator, Pooling)
            operator, like = replace(operator, pooled=pool.operator.window), pool.inputs[0]
        return self._add(Layer(full, call.key, operator, tuple(inputs), like, given.get("alias")), call.item.place)

    def _operator(self, call: Call, name: str, attributes: Mapping) -> tuple[Operator, dict[str, Any]]:
        """The operator and the checked attributes; most layers of a network share theirs with another."""
        raw = self.read.values(attributes, call.scope)
        channels = self.assembly.channels[call.scope.current]
        memo: Hashable = (call.key, channels, *[(key, typed(value)) for key, value in raw.items()])
        if memo not in self.known:
            given = self._checked(call, name, raw, attributes)
            try:
                self.known[memo] = (OPERATIONS[call.key].make(given, self.axes, channels), given)
            except ArithmeticRefusal as refusal:
                key = refusal.key if isinstance(refusal, AttributeRefusal) else ""
                place = _complaint_place(attributes, key, "value")
                self.read.refuse(place, f"{name}: {refusal.message}", refusal.hint, "value")
        return self.known[memo]

    def _checked(self, call: Call, name: str, raw: dict[str, Result], attributes: Mapping) -> dict[str, Any]:
        given, complaints = OPERATIONS[call.key].record.check(raw, tuple(self.words))
        complaints.extend(wrong_lengths(given, self.axes))
        for complaint in complaints:
            place = _complaint_place(attributes, complaint.key, complaint.code)
            self.read.note(place, f"{name}: {complaint.message}", complaint.hint, complaint.code)
        if complaints:
            raise Skipped
        return given

    def _like(self, size: object, call: Call) -> int | None:
        """The node whose size is taken, where the size is a name."""
        return self.read.find(size, call.item.entries["size"].place, call.scope) if isinstance(size, str) else None

    def _partner(self, name: str, source: int, call: Call) -> Layer:
        """The pooling that an unpooling of the map ``source`` undoes."""
        place = call.item.entries["pool"].place
        node = self.read.find(name, place, call.scope)
        channels = self.assembly.channels
        if node == 0 or self.assembly.layers[node - 1].operation != "maxpool":
            if self.read.problems and node and not self.assembly.layers[node - 1].name.endswith(name):
                raise Skipped  # another layer stands in for a defective one
            self.read.refuse(place, f"'{name}' is no maxpool", "an unpooling undoes a maximum pooling", "value")
        if channels[node] != channels[source]:
            message = f"the pooling '{name}' has {channels[node]} channels, and the map {channels[source]}"
            self.read.refuse(place, message, "", "channels")
        return self.assembly.layers[node - 1]

    def _add(self, layer: Layer, place: Place) -> int:
        try:
            node = self.assembly.add(layer, place)
        except ArithmeticRefusal as refusal:
            self.assembly.stand_in(layer.name, layer.inputs[0])
            if not self.read.problems:
                hint = f"its inputs: {self.assembly.described(layer.inputs)}"
                self.read.note(place, f"{layer.name}: {refusal.message}", hint, "channels")
            raise Skipped from None
        self.inputs += len(layer.inputs)
        if node >= LAYERS:
            self.read.exceed(place, f"more than {LAYERS} layers")
        if self.inputs > INPUTS:
            self.read.exceed(place, f"more than {INPUTS} layers read by the layers up to here, each time counted")
        return node


_NAMES = "letters, digits and '_', such as `width`; `channels_in` and the words of expressions (`if`, `or`) are taken"


def _is_name(value: object) -> bool:
    return isinstance(value, str) and is_variable(value) and value != "channels_in"


def typed(value: Result) -> Hashable:
    """A key that tells values apart that Python takes for equal: 1 from `true` and from 1.0.

    >>> typed(1) == typed(True), typed((1, 2)) == typed((True, 2)), typed((1, 2)) == typed((1, 2))
    (False, False, True)
    """
    return tuple([typed(part) for part in value]) if isinstance(value, tuple) else (type(value), value)


def _numbered(word: str, number: int) -> str:
    return word if number == 1 else f"{word}_{number}"


def _complaint_place(item: Mapping, key: str, code: str) -> Place:
    if key not in item.entries:
        return item.place
    return item.keys[key] if code == "unknown-key" else item.entries[key].place


__all__ = ["Expander", "Expansion"]
