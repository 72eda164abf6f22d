"""Turns the items of a file into the layers of a network: substitution, repetition, blocks, branches.

Everything is bounded: the layers of a network, the items looked at on the way, the depth of blocks in blocks.
An item with a defect is noted and passed over, so that one run finds all defects of a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from rfdocs.algebra import ArithmeticRefusal
from rfdocs.catalogue.expression import ExpressionError, Result, bounded_list, substitute
from rfdocs.catalogue.operations import OPERATIONS, Operation
from rfdocs.catalogue.problems import Place, Problems, near_miss
from rfdocs.catalogue.source import Items, Mapping, Node, Scalar, kind, shortened
from rfdocs.catalogue.values import LAYER_NAME, LAYER_NAMES, Refused, is_whole
from rfdocs.graph import IMAGE_NAME, Layer
from rfdocs.operators import Operator

#: The limits of one network.
LAYERS = 5_000
ITEMS = 50_000
DEPTH = 16
REPEATS = 4096
#: The most keys of an item that a message names.
KEYS = 12

#: Keys that shape the file rather than the network.
CONTROL = ("when", "repeat", "first")
#: What a block cannot call its parameters: keys with a meaning of their own, and the name that is always bound.
RESERVED = (*CONTROL, "from", "note", "alias", "channels_in")
_COUNTERS = re.compile(r"\$(\([^)]*)?\b(index|number)\b")
_IDENTIFIERS = re.compile(r"\$([A-Za-z_]\w*)|\$\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")


Hint = str | Callable[[], str]


class _Bad(Exception):
    """A defect that is noted already: the item is passed over."""


class _Limit(Exception):
    """A limit is reached and noted: expansion ends."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an item stands: the prefix of its names, and the values that it may use."""

    prefix: str
    names: dict[str, Result]
    depth: int = 0

    def inside(self, name: str, names: dict[str, Result]) -> Scope:
        """The scope of a block or group of that name; without a name, its layers' names get no prefix."""
        return Scope(f"{self.prefix}{name}." if name else self.prefix, names, self.depth + 1)

    def with_names(self, **names: Result) -> Scope:
        """The same scope with more values."""
        return replace(self, names=self.names | names)


@dataclass(frozen=True, slots=True)
class Expansion:
    """The layers, and where in the file each comes from."""

    layers: tuple[Layer, ...]
    places: dict[str, Place]


class Expander:
    """Expands one network's items; what is wrong goes to ``problems``."""

    def __init__(self, problems: Problems, axes: int, channels: int, blocks: Mapping | None) -> None:
        self.problems = problems
        self.axes = axes
        self.channels = [channels]
        self.layers: list[Layer] = []
        self.places: dict[str, Place] = {}
        self.nodes = {IMAGE_NAME: 0}
        self.scopes: dict[str, int] = {}
        self.blocks = {} if blocks is None else {name: self._block(name, blocks) for name in blocks.entries}
        self.words = (*OPERATIONS, *self.blocks, "group", "for")
        self.count = 0
        self.known: dict[Hashable, tuple[Operator, dict[str, Any]]] = {}

    def expand(self, items: Node, parameters: dict[str, Result]) -> Expansion:
        """The layers that the items stand for."""
        with suppress(_Limit):
            self._all(items, Scope("", dict(parameters)), 0)
        return Expansion(tuple(self.layers), self.places)

    # -- items ---------------------------------------------------------------------------------------------

    def _all(self, items: Node, scope: Scope, current: int) -> int:
        if not isinstance(items, Items):
            self._note(items.place, f"{kind(items)} found; allowed: a list of layers", code="type")
            return current
        for item in items.items:
            try:
                current = self._item(item, scope, current)
            except _Bad:
                self._excuse(item, scope, current)
        return current

    def _excuse(self, item: Node, scope: Scope, current: int) -> None:
        """Lets later items read a defective one by its name, so that this raises no second error."""
        entries = item.entries if isinstance(item, Mapping) else {}
        for key in self.words:
            name = entries.get(key)
            if isinstance(name, Scalar) and isinstance(name.value, str):
                self._register(scope.prefix + name.value, current)

    def _item(self, item: Node, scope: Scope, current: int) -> int:
        self._bounded(item.place, scope)
        if not isinstance(item, Mapping):
            hint = "write `{conv: name, kernel: 3, ...}`"
            self._refuse(
                item.place,
                f"{kind(item)} found; allowed: a mapping with one operation",
                hint,
                "type",
            )
        if "for" in item.entries:
            return self._loop(item, scope, current)
        if not self._wanted(item, scope, current):
            return current
        key, written = self._operation_key(item, scope, current)
        if "repeat" not in item.entries:
            return self._one(item, key, written, scope, current, False)
        return self._repeated(item, key, written, scope, current)

    def _wanted(self, item: Mapping, scope: Scope, current: int) -> bool:
        return "when" not in item.entries or bool(self._value(item.entries["when"], scope, current))

    def _repeated(self, item: Mapping, key: str, written: str, scope: Scope, current: int) -> int:
        times = self._times(item.entries["repeat"], scope, current)
        for index in range(times):
            self._bounded(item.place, scope)
            turn = self._first(item, scope) if index == 0 else item
            inner = scope.with_names(index=index, number=index + 1)
            current = self._one(turn, key, written, inner, current, True)
        return current

    def _times(self, node: Node, scope: Scope, current: int) -> int:
        times = self._value(node, scope, current)
        if not isinstance(times, int) or not is_whole(times, 0, REPEATS):
            self._refuse(
                node.place,
                f"{kind(times)} found; allowed: a whole number from 0 to {REPEATS}",
                "",
                "limit",
            )
        return times

    def _first(self, item: Mapping, scope: Scope) -> Mapping:
        """The item with what `first` says in place of its own attributes."""
        first = item.entries.get("first")
        if first is None:
            return item
        if not isinstance(first, Mapping):
            self._refuse(
                first.place,
                f"{kind(first)} found; allowed: attributes for the first repetition",
                "",
                "type",
            )
        return Mapping(item.entries | first.entries, item.keys | first.keys, item.place)

    def _one(self, item: Mapping, key: str, written: str, scope: Scope, current: int, repeated: bool) -> int:
        source = self._sources(item, scope, current)
        if key == "group":
            return self._group(item, written, scope, source, current, repeated)
        if key in self.blocks:
            return self._call(item, key, written, scope, source, current, repeated)
        return self._layer(item, key, written, scope, source, current)

    def _operation_key(self, item: Mapping, scope: Scope, current: int) -> tuple[str, str]:
        """The item's one operation, and the key as it is written in the file."""
        found = []
        for written in item.entries:
            key = str(self._text(written, item.keys[written], scope, current)) if "$" in written else written
            if key in self.words:
                found.append((key, written))
        if len(found) == 1:
            return found[0]
        if found:
            names = " and ".join(f"'{key}'" for key, _ in found)
            self._refuse(item.place, f"two operations in one item: {names}", "write two items", "operation")
        keys = [key for key in item.entries if key not in CONTROL][:KEYS]
        hints = [hint for key in keys if (hint := near_miss(key, self.words)).startswith("did you mean")]
        hint = hints[0] if hints else "one key must name an operation, such as `conv`, or a block of this file"
        self._refuse(
            item.place,
            f"no operation among the keys {', '.join(keys) or '(none)'}",
            hint,
            "operation",
        )

    # -- loops, groups, blocks -----------------------------------------------------------------------------

    def _loop(self, item: Mapping, scope: Scope, current: int) -> int:
        self._only(item, ("for", "in", "layers", "number", "when"))
        layers = self._part(item, "layers")
        for turn in self._turns(item, scope, current):
            if self._wanted(item, turn, current):
                current = self._all(layers, turn, current)
        return current

    def _turns(self, item: Mapping, scope: Scope, current: int) -> Iterator[Scope]:
        """A scope for every turn of a `for`: its variables, and the counter that `number` names."""
        variables = self._variables(item.entries["for"])
        counter = item.entries.get("number")
        for number, row in enumerate(self._rows(item, scope, current), start=1):
            names = dict(zip(variables, self._row(item, row, len(variables)), strict=True))
            if isinstance(counter, Scalar):
                names[str(counter.value)] = number
            self._bounded(item.place, scope)
            yield scope.with_names(**names)

    def _variables(self, node: Node) -> list[str]:
        names = [part.value if isinstance(part, Scalar) else None for part in _parts(node)]
        if not names or not all(isinstance(name, str) and name.isidentifier() for name in names):
            self._refuse(node.place, f"{kind(node)} found; allowed: a name, or a list of names", "", "for")
        return [str(name) for name in names]

    def _rows(self, item: Mapping, scope: Scope, current: int) -> tuple[Result, ...]:
        node = self._part(item, "in")
        rows = self._value(node, scope, current)
        if isinstance(rows, int) and is_whole(rows, 0, REPEATS):
            return tuple(range(rows))
        if not isinstance(rows, tuple) or len(rows) > REPEATS:
            allowed = f"a list, or a whole number up to {REPEATS}"
            self._refuse(node.place, f"{kind(rows)} found; allowed: {allowed}", "", "for")
        return rows

    def _row(self, item: Mapping, row: Result, count: int) -> tuple[Result, ...]:
        if count == 1:
            return (row,)
        if not isinstance(row, tuple) or len(row) != count:
            found = f"a row of {len(row)}" if isinstance(row, tuple) else kind(row)
            self._refuse(
                item.entries["in"].place,
                f"{found} found; allowed: rows of {count} values",
                "",
                "for",
            )
        return row

    def _group(
        self,
        item: Mapping,
        written: str,
        scope: Scope,
        source: list[int],
        current: int,
        repeated: bool,
    ) -> int:
        self._only(item, (written, "layers", "from", "note", *CONTROL))
        name = self._scope_name(item.entries[written], scope, current, repeated)
        return self._all(self._part(item, "layers"), scope.inside(name, scope.names), source[0])

    def _call(
        self,
        item: Mapping,
        key: str,
        written: str,
        scope: Scope,
        source: list[int],
        current: int,
        repeated: bool,
    ) -> int:
        body, defaults, allowed = self.blocks[key]
        name = self._scope_name(item.entries[written], scope, source[0], repeated)
        given = item.without(written, "from", "note", "alias", *CONTROL)
        for argument in given.entries:
            if argument not in allowed:
                hint = near_miss(argument, sorted(allowed))
                self._note(
                    item.keys[argument],
                    f"the block '{key}' does not use '{argument}'",
                    hint,
                    "unknown-key",
                )
        names = scope.names | self._defaults(defaults, scope, source[0])
        values = self._values(given, scope, source[0])
        if values is None:
            raise _Bad
        names |= values
        return self._all(body, scope.inside(name, names), source[0])

    def _defaults(self, defaults: Mapping | None, scope: Scope, current: int) -> dict[str, Result]:
        if defaults is None:
            return {}
        return {
            name: self._value(node, scope, current)
            for name, node in defaults.entries.items()
            if not (isinstance(node, Scalar) and node.value is None)
        }

    def _block(self, name: str, blocks: Mapping) -> tuple[Node, Mapping | None, set[str]]:
        """A block's items, its parameters' defaults, and the arguments that it may be given."""
        node = blocks.entries[name]
        if name in OPERATIONS or name in ("group", "for"):
            self._note(
                blocks.keys[name],
                f"'{name}' is an operation already",
                "choose another name",
                "block",
            )
        if isinstance(node, Items):
            return node, None, _referenced(node)
        if isinstance(node, Mapping) and isinstance(node.entries.get("layers"), Items):
            defaults = node.entries.get("parameters")
            self._check_parameters(name, defaults)
            if set(node.entries) <= {"layers", "parameters"} and isinstance(defaults, (Mapping, type(None))):
                return (
                    node.entries["layers"],
                    defaults,
                    set(defaults.entries if defaults else _referenced(node)),
                )
        self._note(
            node.place,
            f"the block '{name}' is not a list of layers",
            "or `{parameters: ..., layers: ...}`",
            "block",
        )
        return Items((), node.place), None, set()

    def _check_parameters(self, name: str, parameters: Node | None) -> None:
        for parameter in parameters.entries if isinstance(parameters, Mapping) else ():
            if parameter in RESERVED or not parameter.isidentifier():
                assert isinstance(parameters, Mapping)
                message = f"'{parameter}' cannot be a parameter of the block '{name}'"
                self._note(parameters.keys[parameter], message, f"reserved: {', '.join(RESERVED)}", "block")

    def _scope_name(self, node: Node, scope: Scope, current: int, repeated: bool) -> str:
        value = self._value(node, scope, current)
        if value is None or value == "":
            return ""
        name = self._checked(LAYER_NAME.check, value, node.place)
        written = node.value if isinstance(node, Scalar) else None
        counted = isinstance(written, str) and _COUNTERS.search(written)
        return f"{name}.{scope.names['index']}" if repeated and not counted else str(name)

    # -- layers --------------------------------------------------------------------------------------------

    def _layer(self, item: Mapping, key: str, written: str, scope: Scope, source: list[int], current: int) -> int:
        operation, value = OPERATIONS[key], item.entries[written]
        attributes = item.without(written, "from", *CONTROL)
        if operation.several and isinstance(value, Items):
            name = self._branch_name(item, key, scope, current)
            attributes = attributes.without("name")
            inputs = self._branches(value, scope, source[0])
            if len(inputs) == 1 < len(value.items):
                return inputs[0]
        else:
            name, inputs = self._name(value, scope, current), source
        if operation.several and len(inputs) < 2:
            hint = f"write `{key}: [[...], []]`, or `from: [a, b]`"
            self._refuse(item.place, f"'{name}' reads one layer; {key} wants two or more", hint, "inputs")
        if not operation.several and len(inputs) > 1:
            self._refuse(item.place, f"'{name}' reads {len(inputs)} layers; {key} reads one", "", "inputs")
        operator, given = self._operator(operation, key, attributes, scope, inputs[0], name)
        return self._append(name, key, operator, inputs, given, item, scope)

    def _name(self, node: Node, scope: Scope, current: int) -> str:
        return str(self._checked(LAYER_NAME.check, self._value(node, scope, current), node.place))

    def _branch_name(self, item: Mapping, key: str, scope: Scope, current: int) -> str:
        if "name" in item.entries:
            return self._name(item.entries["name"], scope, current)
        name, number = key, 1
        while scope.prefix + name in self.nodes:
            number += 1
            name = f"{key}_{number}"
        return name

    def _branches(self, branches: Items, scope: Scope, fork: int) -> list[int]:
        """The ends of the branches: lists of items, names of layers, or mappings with conditions and loops."""
        ends = []
        for branch in branches.items:
            if isinstance(branch, Scalar):
                ends.extend(self._lookup(branch, scope, fork))
            elif isinstance(branch, Mapping):
                ends.extend(self._conditional_branches(branch, scope, fork))
            else:
                ends.append(self._all(branch, replace(scope, depth=scope.depth + 1), fork))
        return ends

    def _conditional_branches(self, branch: Mapping, scope: Scope, fork: int) -> Iterator[int]:
        """The ends of what `{for: ..., in: ..., when: ..., from: ..., layers: [...]}` stands for, none to many."""
        self._only(branch, ("for", "in", "number", "when", "from", "layers"))
        scopes = self._turns(branch, scope, fork) if "for" in branch.entries else [scope]
        for turn in scopes:
            if self._wanted(branch, turn, fork):
                source = self._sources(branch, turn, fork)
                items = branch.entries.get("layers", Items((), branch.place))
                for start in source:
                    yield self._all(items, replace(turn, depth=scope.depth + 1), start)

    def _operator(
        self,
        operation: Operation,
        key: str,
        attributes: Mapping,
        scope: Scope,
        source: int,
        name: str,
    ) -> tuple[Operator, dict[str, Any]]:
        raw = self._values(attributes, scope, source)
        if raw is None:
            self._mark_broken(scope.prefix + name, source)
        channels = self.channels[source]
        memo: Hashable = (key, channels, *raw.items())
        if memo in self.known:
            return self.known[memo]
        given, complaints = operation.record.check(raw, self.words)
        for complaint in complaints:
            place = self._complaint_place(attributes, complaint.key, complaint.code)
            self._note(place, f"{name}: {complaint.message}", complaint.hint, complaint.code)
        if complaints:
            self._mark_broken(scope.prefix + name, source)
        try:
            operator = operation.make(given, self.axes, channels)
        except ArithmeticRefusal as refusal:
            self._note(attributes.place, f"{name}: {refusal}", "", "value")
            self._mark_broken(scope.prefix + name, source)
        self.known[memo] = (operator, given)
        return operator, given

    def _attributes(self, attributes: Mapping, scope: Scope, source: int) -> dict[str, Result]:
        """The attributes' values; one that a substitution leaves empty is as if it were not written."""
        found = {name: (node, self._value(node, scope, source)) for name, node in attributes.entries.items()}
        return {
            name: value
            for name, (node, value) in found.items()
            if value is not None or (isinstance(node, Scalar) and node.value is None)
        }

    def _complaint_place(self, item: Mapping, key: str, code: str) -> Place:
        if key not in item.entries:
            return item.place
        return item.keys[key] if code == "unknown-key" else item.entries[key].place

    def _mark_broken(self, name: str, source: int) -> NoReturn:
        """Lets later items read a defective one, so that its name raises no second error."""
        self._register(name, source)
        raise _Bad

    def _append(
        self,
        name: str,
        key: str,
        operator: Operator,
        inputs: list[int],
        given: dict[str, Any],
        item: Mapping,
        scope: Scope,
    ) -> int:
        full = scope.prefix + name
        if full in self.nodes:
            hint = "names are unique in their scope; in a repetition use `$number`"
            self._refuse(item.place, f"the name '{full}' stands twice", hint, "twice")
        like = self._like(given.get("size"), item, scope)
        try:
            channels = operator.channels(tuple([self.channels[node] for node in inputs]))
        except ArithmeticRefusal as refusal:
            self._register(full, inputs[0])
            if not self.problems:
                self._note(item.place, f"{full}: {refusal}", self._input_hint(inputs), "channels")
            raise _Bad from None
        self.layers.append(Layer(full, key, operator, tuple(inputs), like, given.get("alias")))
        self.channels.append(channels)
        self.places[full] = item.place
        node = len(self.layers)
        self._register(full, node)
        if node >= LAYERS:
            self._note(item.place, f"more than {LAYERS} layers", "", "limit")
            raise _Limit
        return node

    def _input_hint(self, inputs: list[int]) -> str:
        names = [IMAGE_NAME if node == 0 else self.layers[node - 1].name for node in inputs]
        return "its inputs: " + ", ".join(
            f"{n} ({self.channels[i]} channels)" for n, i in zip(names, inputs, strict=True)
        )

    def _register(self, full: str, node: int) -> None:
        self.nodes.setdefault(full, node)
        parts = full.split(".")
        for count in range(1, len(parts)):
            self.scopes[".".join(parts[:count])] = node

    def _like(self, size: object, item: Mapping, scope: Scope) -> int | None:
        if not isinstance(size, str):
            return None
        return self._find(size, item.entries["size"].place, scope)

    # -- names and values ----------------------------------------------------------------------------------

    def _sources(self, item: Mapping, scope: Scope, current: int) -> list[int]:
        if "from" not in item.entries:
            return [current]
        return self._lookup(item.entries["from"], scope, current)

    def _lookup(self, node: Node, scope: Scope, current: int) -> list[int]:
        names = self._checked(LAYER_NAMES.check, self._value(node, scope, current), node.place)
        places = [part.place for part in _parts(node)] if isinstance(node, Items) else [node.place] * len(names)
        return [self._find(name, place, scope) for name, place in zip(names, places, strict=True)]

    def _find(self, name: str, place: Place, scope: Scope) -> int:
        """The node of that name in the innermost scope that has it."""
        prefix = scope.prefix
        while True:
            for known in (self.nodes, self.scopes):
                if prefix + name in known:
                    return known[prefix + name]
            if not prefix:
                break
            prefix = prefix[: prefix[:-1].rfind(".") + 1]
        names = [*self.nodes, *self.scopes]
        local = [known.removeprefix(scope.prefix) for known in names]
        self._refuse(
            place,
            f"there is no layer '{name}' before this one",
            lambda: near_miss(name, local),
            "unknown-layer",
        )

    def _values(self, attributes: Mapping, scope: Scope, current: int) -> dict[str, Result] | None:
        """The values of all attributes; ``None``, with all reasons noted, if one has none."""
        values: dict[str, Result] = {}
        for attribute, node in attributes.entries.items():
            with suppress(_Bad):
                values[attribute] = self._value(node, scope, current)
        return values if len(values) == len(attributes.entries) else None

    def _value(self, node: Node, scope: Scope, current: int) -> Result:
        if isinstance(node, Scalar):
            if isinstance(node.value, str) and "$" in node.value:
                return self._text(node.value, node.place, scope, current)
            return node.value
        if isinstance(node, Items):
            return self._list(node, scope, current)
        self._refuse(node.place, "a mapping found where a value is wanted", "", "type")

    def _list(self, node: Items, scope: Scope, current: int) -> Result:
        try:
            return bounded_list([self._value(part, scope, current) for part in node.items])
        except ExpressionError as error:
            self._refuse(node.place, str(error), error.hint, "expression")

    def _text(self, text: str, place: Place, scope: Scope, current: int) -> Result:
        scope.names["channels_in"] = self.channels[current]
        try:
            return substitute(text, scope.names)
        except ExpressionError as error:
            self._refuse(place, f"in {shortened(text)!r}: {error}", error.hint, "expression")

    def _checked(self, check: Callable[[Any], Any], value: object, place: Place) -> Any:
        try:
            return check(value)
        except Refused as refused:
            self._refuse(place, str(refused), refused.hint, "value")

    def _part(self, item: Mapping, key: str) -> Node:
        if key not in item.entries:
            self._refuse(item.place, f"'{key}' is missing", f"add `{key}: [...]`", "missing")
        return item.entries[key]

    def _only(self, item: Mapping, allowed: tuple[str, ...]) -> None:
        for key in item.entries:
            if key not in allowed:
                self._note(
                    item.keys[key],
                    f"'{key}' is not known here",
                    near_miss(key, allowed),
                    "unknown-key",
                )

    def _bounded(self, place: Place, scope: Scope) -> None:
        self.count += 1
        if self.count > ITEMS:
            self._note(place, f"more than {ITEMS} items, repetitions counted", "", "limit")
            raise _Limit
        if scope.depth > DEPTH:
            self._note(
                place,
                f"blocks and branches nested deeper than {DEPTH} levels",
                "does a block use itself?",
                "limit",
            )
            raise _Limit

    def _note(self, place: Place, message: str, hint: Hint = "", code: str = "") -> None:
        self.problems.add(place, message, hint, code)

    def _refuse(self, place: Place, message: str, hint: Hint, code: str) -> NoReturn:
        self._note(place, message, hint, code)
        raise _Bad


def _parts(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Items) else (node,)


def _referenced(node: Node) -> set[str]:
    """The names that the texts in a block refer to."""
    return {name for text in _texts(node) for name in _names_in(text)}


def _names_in(text: str) -> Iterator[str]:
    for single, code in _IDENTIFIERS.findall(text):
        if single:
            yield single
        else:
            yield from re.findall(r"[A-Za-z_]\w*", code)


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, Items):
        for item in node.items:
            yield from _texts(item)
    else:
        yield from node.entries
        for value in node.entries.values():
            yield from _texts(value)


__all__ = ["CONTROL", "Expander", "Expansion"]
