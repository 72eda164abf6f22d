"""Turns the items of a file into the layers of a network: substitution, repetition, blocks, branches.

Everything is bounded: the layers of a network, the items looked at on the way, the depth of blocks in blocks.
An item with a defect is noted and passed over, so that one run finds all defects of a file.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NoReturn

from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph import IMAGE_NAME, Layer
from rfdocs.language.assembly import Assembly, Expansion
from rfdocs.language.axes import AttributeRefusal, length_complaints
from rfdocs.language.blocks import STRUCTURE, Block
from rfdocs.language.evaluation import NO_NODE, REPEATS, BlockUse, Evaluation, Exceeded, Scope, Skipped
from rfdocs.language.expression import Result, is_variable
from rfdocs.language.inputs import Inputs
from rfdocs.language.operations import ACTIVATIONS, OPERATIONS
from rfdocs.language.problems import Place, Problems
from rfdocs.language.source import Items, Mapping, Scalar, YamlNode, kind
from rfdocs.language.synonyms import attribute_synonym, normalised, operation_synonym
from rfdocs.language.values import CONTROL, LAYER_NAME, PATH, is_whole
from rfdocs.language.work import NAMES, Exhausted, Work
from rfdocs.operators import Given, Operator, Pooling, Unpooling
from rfdocs.spelling import did_you_mean, near_miss, nearest

#: The most layers of one network, and the most that all of them together read.
LAYERS = 5_000
INPUTS = 50_000
#: The names of all operations' attributes.
ATTRIBUTES = frozenset(name for operation in OPERATIONS.values() for name in operation.mapping.attributes)
#: What a loop can give its turns, by the key that names it: where the count begins.
COUNTERS = {"index": 0, "number": 1}
#: The most keys of an item that a message names.
KEYS_SHOWN = 12

_ITEM_HINT = (
    "one key is an operation (or a block of this file), its value the name: `{conv: conv1, kernel: 3, ...}`; the site "
    "lists all operations in format.html#operations, the repository in site/format.md"
)
#: Keys under which other formats have the operation.
_OPERATION_KEYS = (*"type op optype operation class classname cls layer layertype kind module".split(),)

_COUNTER_USE = re.compile(r"\$(\([^)]*)?\b(index|number)\b")


@dataclass(frozen=True, slots=True)
class Call:
    """One use of an operation, a block or a group: ``key`` is what it is, ``written`` the key as the file has it."""

    item: Mapping
    key: str
    written: str
    scope: Scope
    repeated: bool = False

    @property
    def name_node(self) -> YamlNode:
        """The node of its name."""
        return self.item.entries[self.written]


class Expander:
    """Expands one network's items; what is wrong goes to ``problems``."""

    def __init__(
        self,
        problems: Problems,
        axes: int,
        channels: int,
        blocks: dict[str, Block],
        work: Work | None = None,
        inputs: Inputs | None = None,
    ) -> None:
        self.axes = axes
        self.given = inputs.given if inputs else ()
        image = inputs.followed.name if inputs else IMAGE_NAME
        self.input_names = frozenset([image, *[one.name for one in self.given]]) - {IMAGE_NAME}
        self.assembly = Assembly(channels, image)
        self.evaluation = Evaluation(problems, self.assembly, work or Work())
        self.blocks = blocks
        self.keywords = dict.fromkeys((*OPERATIONS, *blocks, *STRUCTURE))
        self.inputs = 0
        self.merge_numbers: dict[str, int] = {}
        self.operators: dict[Hashable, tuple[Operator, dict[str, Any], dict[str, Result]]] = {}

    def expand(self, items: YamlNode, parameters: dict[str, Result]) -> Expansion:
        """The layers that the items stand for."""
        with suppress(Exceeded):
            try:
                self._expand_list(items, self._first_scope(parameters))
            except Exhausted:
                message = f"more than {self.evaluation.work.most} steps to unfold the file's networks up to here"
                hint = "an item, a value, a part of an expression are a step or more, at every repetition"
                self.evaluation.exceed(self.evaluation.place, message, hint)
        return self.assembly.expansion()

    def _first_scope(self, parameters: dict[str, Result]) -> Scope:
        """The scope of the first item, behind the image, or behind none of several inputs."""
        if not self.given:
            return Scope("", {**parameters, "channels_in": self.assembly.channels[0]})
        for name, values, place in self.given:
            written = {key: values[key] for key in ("channels", "size")}
            self.assembly.add(Layer(name, "given", Given(values["size"], values["channels"]), (0,)), written, place)
        return Scope("", parameters, NO_NODE)

    # -- items ---------------------------------------------------------------------------------------------

    def _expand_list(self, items: YamlNode, scope: Scope) -> int:
        """The node at the end of a list of items."""
        if not isinstance(items, Items):
            self.evaluation.note(items.place, f"{kind(items)} found; allowed: a list of layers", code="type")
            return scope.current
        for item in items.items:
            try:
                scope = self.evaluation.behind(scope, self._expand_item(item, scope))
            except Skipped:
                self._bind_defective(item, scope)
        return scope.current

    def _bind_defective(self, item: YamlNode, scope: Scope) -> None:
        """Lets later items read a defective one by its name, so that this raises no second error."""
        entries = item.entries if isinstance(item, Mapping) else {}
        for key, name in entries.items():
            if key in self.keywords and isinstance(name, Scalar) and isinstance(name.value, str):
                self.assembly.bind(scope.prefix + name.value, max(scope.current, 0))

    def _expand_item(self, item: YamlNode, scope: Scope) -> int:
        self.evaluation.count_item(item.place, scope)
        if not isinstance(item, Mapping):
            message = f"{kind(item)} found; allowed: a mapping with one operation"
            self.evaluation.refuse(item.place, message, "write `{conv: name, kernel: 3, ...}`", "type")
        if "for" in item.entries:
            return self._expand_loop(item, scope)
        if not self.evaluation.condition_holds(item, scope):
            return scope.current
        call = self._call_of(item, scope)
        if "first" in item.entries and "repeat" not in item.entries:
            self.evaluation.refuse(item.keys["first"], "'first' stands without 'repeat'", "add `repeat: 2`", "missing")
        return self._repeat(call) if "repeat" in item.entries else self._expand_call(call)

    def _call_of(self, item: Mapping, scope: Scope) -> Call:
        """The item's one operation."""
        operations = []
        for written in item.entries:
            key = str(self.evaluation.substituted(written, item.keys[written], scope)) if "$" in written else written
            if key in self.keywords:
                operations.append((key, written))
        if len(operations) > 1:
            names = " and ".join(f"'{key}'" for key, _ in operations)
            hint = self._two_operations_hint(operations[0][0], operations[1][0])
            self.evaluation.refuse(item.place, f"two operations in one item: {names}", hint, "operation")
        if not operations:
            self._refuse_without_operation(item)
        return Call(item, *operations[0], scope)

    def _two_operations_hint(self, first: str, second: str) -> str:
        """How an item of two operations is mended; the second is often meant as an attribute of the first."""
        folded = {"batchnorm": "norm: batch"} | {word: f"act: {word}" for word in ACTIVATIONS}
        if second in folded:
            return f"write two items, or `{folded[second]}` in one"
        meant = attribute_synonym(second, OPERATIONS[first].mapping.attributes).target if first in OPERATIONS else ""
        return f"{did_you_mean(meant)} Or write two items" if meant else "write two items"

    def _refuse_without_operation(self, item: Mapping) -> NoReturn:
        keys = [key for key in item.entries if key not in CONTROL][:KEYS_SHOWN]
        message = f"no operation among the keys {', '.join(keys) or '(none)'}"
        self.evaluation.refuse(item.place, message, partial(self._operation_hint, item, keys), "operation")

    def _operation_hint(self, item: Mapping, keys: list[str]) -> str:
        """How an item is mended whose operation has another word, stands as a value, is misspelt, or is left out."""
        unknown = [key for place, key in enumerate(keys) if place == 0 or key not in ATTRIBUTES]
        if hint := next(filter(None, (operation_synonym(key).hint for key in unknown)), ""):
            return hint
        for key in keys:
            node = item.entries[key]
            if isinstance(node, Scalar) and (word := self._operation_as_value(key, node.value)):
                return f"the operation is itself the key: `{{{word}: name, ...}}` in place of '{key}'"
        near = (did_you_mean(nearest(key, [*self.keywords])) for key in unknown if key not in ATTRIBUTES)
        return next(filter(None, near), _ITEM_HINT)

    def _operation_as_value(self, key: str, value: object) -> str:
        """The operation that stands as the value of another key, in our words or in others' words; nothing for none."""
        if not isinstance(value, str):
            return ""
        if value in self.keywords and key not in ATTRIBUTES:
            return value
        return operation_synonym(value).target if normalised(key) in _OPERATION_KEYS else ""

    def _repeat(self, call: Call) -> int:
        scope = call.scope
        for index in range(self.evaluation.repetitions(call.item.entries["repeat"], scope)):
            self.evaluation.count_item(call.item.place, scope)
            turn = scope.with_names({"index": index, "number": index + 1})
            item = self._first_repetition(call.item) if index == 0 else call.item
            end = self._expand_call(replace(call, item=item, scope=turn, repeated=True))
            scope = self.evaluation.behind(scope, end)
        return scope.current

    def _first_repetition(self, item: Mapping) -> Mapping:
        """The item with what `first` says in place of its own attributes."""
        first = item.entries.get("first")
        if first is None:
            return item
        if isinstance(first, Mapping):
            for key in CONTROL:
                if key in first.entries:
                    self.evaluation.refuse(first.keys[key], f"'{key}' cannot stand in 'first'", "", "unknown-key")
            return replace(first.over(item), place=item.place)
        message = f"{kind(first)} found; allowed: attributes for the first repetition"
        self.evaluation.refuse(first.place, message, "", "type")

    def _expand_call(self, call: Call) -> int:
        if call.key == "given":
            return self._add_given(call)
        sources = self.evaluation.sources(call.item, call.scope)
        call = self._behind(call, sources[0])
        if call.key == "group":
            return self._expand_group(call)
        if call.key in self.blocks:
            return self._expand_block(call)
        if OPERATIONS[call.key].several:
            return self._add_merge(call, sources)
        return self._add_single_input(call, sources)

    def _behind(self, call: Call, node: int) -> Call:
        """The call as if it stood behind that node."""
        return call if call.scope.current == node else replace(call, scope=self.evaluation.behind(call.scope, node))

    # -- loops, groups, blocks -----------------------------------------------------------------------------

    def _expand_loop(self, item: Mapping, scope: Scope) -> int:
        self.evaluation.note_unknown_keys(item, ("for", "in", "layers", *COUNTERS, "when"))
        layers = self.evaluation.required(item, "layers")
        current = scope.current
        for turn in self._turns(item, scope):
            here = self.evaluation.behind(turn, current)
            if self.evaluation.condition_holds(item, here):
                current = self._expand_list(layers, here)
        return current

    def _turns(self, item: Mapping, scope: Scope) -> Iterator[Scope]:
        """A scope for every turn of a `for`: its variables, and the counters that `index` and `number` name."""
        variables = self._variables(item.entries["for"])
        starts = [(self._counter_name(item, key), start) for key, start in COUNTERS.items() if key in item.entries]
        self._check_unlike(item, [*variables, *(name for name, _ in starts)])
        for index, row in enumerate(self._rows(item, scope)):
            names = dict(zip(variables, self._row_values(item, row, len(variables)), strict=True))
            names |= {counter: start + index for counter, start in starts}
            self.evaluation.count_item(item.place, scope)
            yield scope.with_names(names)

    def _check_unlike(self, item: Mapping, names: Sequence[str]) -> None:
        twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
        if twice is not None:
            hint = "each variable and each counter of a loop needs a name of its own"
            self.evaluation.refuse(item.entries["for"].place, f"'{twice}' would mean two things in a turn", hint, "for")

    def _counter_name(self, item: Mapping, key: str) -> str:
        node = item.entries[key]
        if not isinstance(node, Scalar) or not _is_variable_name(node.value):
            message = f"{kind(node)} found; allowed: a name for the {key} of the turn"
            self.evaluation.refuse(node.place, message, _NAMES, "for")
        return str(node.value)

    def _variables(self, node: YamlNode) -> list[str]:
        parts = node.items if isinstance(node, Items) else (node,)
        names = [part.value if isinstance(part, Scalar) else part for part in parts]
        wrong = next((name for name in names if not _is_variable_name(name)), None)
        if not names or wrong is not None:
            message = f"{kind(node if wrong is None else wrong)} found; allowed: a name, or a list of names"
            self.evaluation.refuse(node.place, message, _NAMES, "for")
        return [str(name) for name in names]

    def _rows(self, item: Mapping, scope: Scope) -> tuple[Result, ...]:
        node = self.evaluation.required(item, "in")
        rows = self.evaluation.value(node, scope)
        if isinstance(rows, int) and is_whole(rows, 0, REPEATS):
            return tuple(range(rows))
        if isinstance(rows, tuple) and len(rows) <= REPEATS:
            return rows
        message = f"{kind(rows)} found; allowed: a list, or a whole number up to {REPEATS}"
        self.evaluation.refuse(node.place, message, "", "for")

    def _row_values(self, item: Mapping, row: Result, count: int) -> tuple[Result, ...]:
        if count == 1:
            return (row,)
        if isinstance(row, tuple) and len(row) == count:
            return row
        wrong = f"a row of {len(row)}" if isinstance(row, tuple) else kind(row)
        self.evaluation.refuse(item.entries["in"].place, f"{wrong} found; allowed: rows of {count} values", "", "for")

    def _expand_group(self, call: Call) -> int:
        self.evaluation.note_unknown_keys(call.item, (call.written, "layers", "from", "note", *CONTROL))
        scope = call.scope.inside(self._scope_name(call))
        return self._expand_list(self.evaluation.required(call.item, "layers"), scope)

    def _expand_block(self, call: Call) -> int:
        block = self.blocks[call.key]
        arguments = call.item.without(call.written, "from", "note", "alias", *CONTROL)
        for argument in arguments.entries:
            if argument not in block.arguments:
                message = f"the block '{call.key}' does not use '{argument}'"
                hint = partial(near_miss, argument, sorted(block.arguments))
                self.evaluation.note(arguments.keys[argument], message, hint, "unknown-key")
        nodes = arguments.without("channels_in").entries
        names = {key: self.evaluation.value(node, call.scope) for key, node in nodes.items()}
        scope = call.scope.inside(self._scope_name(call)).with_names(names)
        for name, node in block.defaults.items():
            if name not in names:
                self.evaluation.work.spend(len(scope.names) // NAMES)
                scope = scope.with_names({name: self.evaluation.value(node, scope)})
        use = BlockUse(call.key, call.item.place.line, block.arguments)
        return self._expand_list(block.layers, scope._replace(use=use))

    def _scope_name(self, call: Call) -> str:
        """The name of a block's or group's scope; a repeated one is numbered, unless its name counts itself."""
        value = self.evaluation.value(call.name_node, call.scope)
        if value is None or value == "":
            return ""
        name = self.evaluation.checked(LAYER_NAME, value, call.name_node.place)
        written = call.name_node.value if isinstance(call.name_node, Scalar) else None
        counted = isinstance(written, str) and _COUNTER_USE.search(written)
        return f"{name}.{call.scope.names['index']}" if call.repeated and not counted else str(name)

    # -- layers --------------------------------------------------------------------------------------------

    def _add_single_input(self, call: Call, sources: list[int]) -> int:
        name = self._layer_name(call.name_node, call.scope)
        if len(sources) > 1:
            message = f"'{name}' reads {len(sources)} layers; {call.key} reads one"
            self.evaluation.refuse(call.item.place, message, "", "inputs")
        return self._add_layer(call, name, sources, call.item.without(call.written, "from", *CONTROL))

    def _add_given(self, call: Call) -> int:
        """Another input, which reads nothing: it stands behind the image, as it were."""
        if "from" in call.item.entries:
            message = "'from' is not known here"
            self.evaluation.refuse(call.item.keys["from"], message, "a given map reads nothing", "unknown-key")
        name = self._layer_name(call.name_node, call.scope)
        return self._add_layer(call, name, [0], call.item.without(call.written, *CONTROL))

    def _add_merge(self, call: Call, sources: list[int]) -> int:
        """A layer that reads several, by name or as branches in place; of one branch alone nothing is left to merge."""
        attributes = call.item.without(call.written, "from", *CONTROL)
        if isinstance(call.name_node, Items):
            name = self._merge_name(call)
            attributes = attributes.without("name")
            sources = self._branch_ends(call.name_node, call.scope)
            if len(sources) == 1 < len(call.name_node.items):
                return sources[0]
        else:
            name = self._layer_name(call.name_node, call.scope)
        if len(sources) < 2:
            message = f"'{name}' reads one layer; {call.key} wants two or more"
            self.evaluation.refuse(call.item.place, message, self._merge_hint(call, name), "inputs")
        return self._add_layer(call, name, sources, attributes)

    def _merge_hint(self, call: Call, name: str) -> str:
        """How to say what is merged; the key's value is often taken for that."""
        if "name" in call.item.entries or self.assembly.find(name, call.scope.prefix) is not None:
            return f"'{name}' is its own name there; to read '{name}' write `{{{call.key}: sum, from: [{name}, ...]}}`"
        return f"write branches, `{{name: sum, {call.key}: [[...], []]}}`, or `{{{call.key}: sum, from: [a, b]}}`"

    def _layer_name(self, node: YamlNode, scope: Scope) -> str:
        if isinstance(node, Mapping):
            hint = "its attributes stand beside it: `{conv: conv1, kernel: 3, ...}`"
            self.evaluation.refuse(node.place, "a mapping found; allowed: the layer's name", hint, "type")
        return str(self.evaluation.checked(LAYER_NAME, self.evaluation.value(node, scope), node.place))

    def _merge_name(self, call: Call) -> str:
        if "name" in call.item.entries:
            return self._layer_name(call.item.entries["name"], call.scope)
        first = call.scope.prefix + call.key
        number = self.merge_numbers.get(first, 1)
        while call.scope.prefix + _numbered_name(call.key, number) in self.assembly:
            self.evaluation.work.spend()
            number += 1
        self.merge_numbers[first] = number  # names are never given back, so that none before it is free
        return _numbered_name(call.key, number)

    def _branch_ends(self, branches: Items, scope: Scope) -> list[int]:
        """The ends of the branches: lists of items, names of layers, or mappings with conditions and loops."""
        ends: list[int] = []
        for branch in branches.items:
            if isinstance(branch, Scalar):
                ends.extend(self.evaluation.find_all(branch, scope))
            elif isinstance(branch, Mapping):
                ends.extend(self._conditional_ends(branch, scope))
            else:
                ends.append(self._expand_list(branch, scope.inside()))
        return ends

    def _conditional_ends(self, branch: Mapping, scope: Scope) -> Iterator[int]:
        """The ends of what `{for: ..., in: ..., when: ..., from: ..., layers: [...]}` stands for, none to many."""
        self.evaluation.note_unknown_keys(branch, ("for", "in", *COUNTERS, "when", "from", "layers"))
        layers = branch.entries.get("layers", Items((), branch.place))
        for turn in self._turns(branch, scope) if "for" in branch.entries else [scope]:
            if self.evaluation.condition_holds(branch, turn):
                for start in self.evaluation.sources(branch, turn):
                    yield self._expand_list(layers, self.evaluation.behind(turn.inside(), start))

    def _add_layer(self, call: Call, name: str, inputs: list[int], attributes: Mapping) -> int:
        full = call.scope.prefix + name
        if len(full) > PATH:
            message = f"a name of {len(full)} letters with its scopes; at most {PATH} are allowed"
            self.evaluation.refuse(call.name_node.place, message, "", "limit")
        try:
            operator, values, written = self._operator_and_attributes(self._behind(call, inputs[0]), name, attributes)
        except Skipped:
            self.assembly.bind(full, inputs[0])
            raise
        if full == IMAGE_NAME:
            place, message = call.name_node.place, f"'{full}' is the name of the image"
            self.evaluation.refuse(place, message, "choose another name", "twice")
        if "." in full and (scope := full.split(".", 1)[0]) in self.input_names:
            hint = "choose another name for the scope: it would stand for its last layer"
            self.evaluation.refuse(call.name_node.place, f"'{scope}' is the name of an input", hint, "twice")
        if full in self.assembly:
            hint = "names are unique in their scope; in a repetition use `$number`"
            self.evaluation.refuse(call.item.place, f"the name '{full}' stands twice", hint, "twice")
        like = self._size_node(values.get("size"), call)
        if isinstance(operator, Unpooling):
            pool = self._undone_pooling(values["pool"], inputs[0], call)
            assert isinstance(pool.operator, Pooling)
            operator, like = replace(operator, pooled=pool.operator.window), pool.inputs[0]
            written = {**written, "pool": pool.name}
        layer = Layer(full, call.key, operator, tuple(inputs), like, values["alias"], learned=values.get("learned", 0))
        return self._append(layer, written, call.item.place)

    def _operator_and_attributes(
        self, call: Call, name: str, attributes: Mapping
    ) -> tuple[Operator, dict[str, Any], dict[str, Result]]:
        """The operator, the attributes checked and as written; most layers of a network share theirs with another."""
        raw = self.evaluation.values(attributes, call.scope)
        channels = self.assembly.channels[call.scope.current]
        memo: Hashable = (call.key, channels, *[(key, typed(value)) for key, value in raw.items()])
        if memo not in self.operators:
            values = self._checked_attributes(call, name, raw, attributes)
            try:
                written = {key: value for key, value in raw.items() if values[key] is not None}
                self.operators[memo] = (OPERATIONS[call.key].make(values, self.axes, channels), values, written)
            except ArithmeticRefusal as refusal:
                key = refusal.key if isinstance(refusal, AttributeRefusal) else ""
                place = attributes.place_of(key, value=True)
                self.evaluation.refuse(place, f"{name}: {refusal.message}", refusal.hint, "value")
        return self.operators[memo]

    def _checked_attributes(self, call: Call, name: str, raw: dict[str, Result], attributes: Mapping) -> dict[str, Any]:
        values, complaints = OPERATIONS[call.key].mapping.check(raw, tuple(self.keywords))
        complaints.extend(length_complaints(values, self.axes))
        for complaint in complaints:
            place = attributes.place_of(complaint.key, value=complaint.code == "value")
            self.evaluation.note(place, f"{name}: {complaint.message}", complaint.hint, complaint.code)
        if complaints:
            raise Skipped
        return values

    def _size_node(self, size: object, call: Call) -> int | None:
        """The node whose size is taken, where the size is a name."""
        place = call.item.place_of("size", value=True)
        return self.evaluation.find(size, place, call.scope) if isinstance(size, str) else None

    def _undone_pooling(self, name: str, source: int, call: Call) -> Layer:
        """The pooling that an unpooling of the map ``source`` undoes."""
        place = call.item.entries["pool"].place
        node = self.evaluation.find(name, place, call.scope)
        channels = self.assembly.channels
        if node == 0 or self.assembly.layers[node - 1].operation != "maxpool":
            if self.evaluation.problems and node and not self.assembly.layers[node - 1].name.endswith(name):
                raise Skipped  # another layer stands in for a defective one
            self.evaluation.refuse(place, f"'{name}' is no maxpool", "an unpooling undoes a maximum pooling", "value")
        if channels[node] != channels[source]:
            message = f"the pooling '{name}' has {channels[node]} channels, and the map {channels[source]}"
            self.evaluation.refuse(place, message, "", "channels")
        return self.assembly.layers[node - 1]

    def _append(self, layer: Layer, written: dict[str, Result], place: Place) -> int:
        try:
            node = self.assembly.add(layer, written, place)
        except ArithmeticRefusal as refusal:
            self.assembly.bind(layer.name, layer.inputs[0])
            if not self.evaluation.problems:
                hint = refusal.hint or f"its inputs: {self.assembly.with_channels(layer.inputs)}"
                self.evaluation.note(place, f"{layer.name}: {refusal.message}", hint, "channels")
            raise Skipped from None
        self.inputs += len(layer.inputs)
        if node >= LAYERS:
            self.evaluation.exceed(place, f"more than {LAYERS} layers")
        if self.inputs > INPUTS:
            self.evaluation.exceed(place, f"more than {INPUTS} layers read by the layers up to here, each time counted")
        return node


_NAMES = "letters, digits and '_', such as `width`; `channels_in` and the words of expressions (`if`, `or`) are taken"


def _is_variable_name(value: object) -> bool:
    return isinstance(value, str) and is_variable(value) and value != "channels_in"


def typed(value: Result) -> Hashable:
    """A key that tells values apart that Python takes for equal: 1 from `true` and from 1.0.

    >>> typed(1) == typed(True), typed((1, 2)) == typed((True, 2)), typed((1, 2)) == typed((1, 2))
    (False, False, True)
    """
    return tuple([typed(part) for part in value]) if isinstance(value, tuple) else (type(value), value)


def _numbered_name(word: str, number: int) -> str:
    return word if number == 1 else f"{word}_{number}"
