"""The calls of layers and operations that a model of Keras makes, in the order in which each reads earlier ones.

Models in a model are entered, and so is what only calls other layers and operations: it is called on symbols, which
note what happens to them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.importing.foreign_code import first_line
from rfdocs.importing.keras_itself import keras_itself

#: How deep models may stand in models.
MAX_DEPTH = 32
MAX_CALLS = 100_000


@dataclass(frozen=True, slots=True)
class KerasCall:
    """One call: of what, with which arguments; ``tensor`` names what it gives, and ``given`` says how much that is.

    ``scope`` is the path of a layer, and for an operation that of what it stands in. Tensors among the arguments are
    values of whoever follows the model.
    """

    operation: Any
    scope: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    tensor: str
    given: int

    @property
    def word(self) -> str:
        """What Keras calls the layer or operation."""
        return type(self.operation).__name__


class Untraced(Exception):
    """What happens inside cannot be seen."""


#: What a call makes of its arguments: as many values as it gives tensors.
Does = Callable[[KerasCall], Sequence[Any]]
#: A symbol for a value, of its very shape.
Symbol = Callable[[Any], Any]


class KerasWalk:
    """A model while it is followed: ``does`` is asked for each call, ``enters`` whether to look inside it instead, and
    ``symbol`` for a symbol of a value.
    """

    def __init__(self, does: Does, enters: Callable[[Any], bool], symbol: Symbol) -> None:
        self._does, self._enters, self._symbol = does, enters, symbol
        self._calls = 0

    def through(self, model: Any, values: Sequence[Any], scope: str = "", depth: int = 0) -> list[Any]:
        """What a model makes of these values. Raises: RfdocsError where it is too deep, or too long."""
        if depth > MAX_DEPTH:
            raise RfdocsError(f"{scope}: more than {MAX_DEPTH} models stand in each other")
        if len(model.inputs) != len(values):
            raise RfdocsError(f"{scope or 'the model'} takes {len(model.inputs)} tensors, and is given {len(values)}")
        return self._between(model.inputs, model.outputs, values, scope, depth)

    def _between(
        self, inputs: Sequence[Any], outputs: Sequence[Any], values: Sequence[Any], scope: str, depth: int
    ) -> list[Any]:
        known = {id(tensor): value for tensor, value in zip(inputs, values, strict=True)}
        for node in _ordered(inputs, outputs):
            args, kwargs = node.arguments.fill_in(known)
            results = self._called(node, args, kwargs, scope, depth)
            known.update(zip(map(id, node.outputs), results, strict=True))
        return [known[id(tensor)] for tensor in outputs]

    def _called(self, node: Any, args: Any, kwargs: Any, scope: str, depth: int) -> Sequence[Any]:
        operation = node.operation
        inner = joined(scope, operation.name) if isinstance(operation, keras_itself().Layer) else scope
        if is_graph(operation):
            return self.through(operation, _tensors(args, node), inner, depth + 1)
        self._calls += 1
        if self._calls > MAX_CALLS:
            raise RfdocsError(f"the model makes more than {MAX_CALLS} calls")
        call = KerasCall(operation, inner, tuple(args), kwargs, str(self._calls), len(node.outputs))
        if not self._enters(operation):
            return self._does(call)
        try:
            return self.inside(call, depth)
        except Untraced:
            return self._does(call)

    def inside(self, call: KerasCall, depth: int = 0) -> Sequence[Any]:
        """What the calls that a layer makes itself give. Raises: Untraced where it does more than that."""
        values = [
            value
            for value in keras_itself().tree.flatten((call.args, dict(call.kwargs)))
            if self._symbol(value) is not None
        ]
        symbols = {id(value): self._symbol(value) for value in values}
        args, kwargs = keras_itself().tree.map_structure(
            lambda one: symbols.get(id(one), one), (call.args, dict(call.kwargs))
        )
        outputs = traced(call.operation, args, kwargs)
        unique = {id(value): value for value in values}
        inputs = [symbols[key] for key in unique]
        if depth > MAX_DEPTH:
            raise RfdocsError(f"{call.scope}: more than {MAX_DEPTH} layers stand in each other")
        return self._between(inputs, outputs, list(unique.values()), call.scope, depth + 1)


def traced(operation: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    """The symbols that a layer makes of symbols, at inference. Raises: Untraced."""
    given = dict(kwargs)
    if "training" in inspect.signature(operation.call).parameters:
        given["training"] = False
    try:
        outputs: list[Any] = keras_itself().tree.flatten(operation.call(*args, **given))
    except Exception as error:
        raise Untraced(first_line(error)) from error
    if not outputs or not all(isinstance(output, keras_itself().KerasTensor) for output in outputs):
        raise Untraced("what it gives does not follow from what it is given")
    return outputs


def is_graph(operation: Any) -> bool:
    """Whether an operation is a model whose graph is known, and which does nothing else when it is called."""
    if not type(operation).call.__module__.startswith("keras."):
        return False
    if isinstance(operation, keras_itself().Sequential):
        return bool(operation.built and operation.layers)
    return isinstance(operation, keras_itself().Function)


def specs_of(call: KerasCall, symbol: Symbol) -> tuple[Any, ...]:
    """The symbols of what a call gives, for its very arguments. Raises: RfdocsError where its layer refuses them."""
    tree = keras_itself().tree

    def symbolic(value: Any) -> Any:
        own = symbol(value)
        return value if own is None else own

    args, kwargs = tree.map_structure(symbolic, (call.args, dict(call.kwargs)))
    try:
        return tuple(tree.flatten(call.operation.compute_output_spec(*args, **kwargs)))
    except Exception as error:
        why = f"{call.scope}: {call.word} does not take what it is given: {first_line(error)}"
        raise RfdocsError(why, "say a size that the model takes with --input") from error


def learned_variables(model: Any) -> frozenset[int]:
    """The identities of the variables that are learned, whether they are frozen at the moment or not."""
    layers = model._flatten_layers()  # noqa: SLF001 - a layer keeps apart what it learns and what it counts
    return frozenset([id(variable) for layer in layers for variable in layer._trainable_variables])  # noqa: SLF001


def is_channels_last(layer: Any) -> bool:
    """Whether a layer has channels last, as all have that know nothing else."""
    if not hasattr(layer, "data_format"):
        return True
    return bool((layer.data_format or keras_itself().config.image_data_format()) != "channels_first")


def channels_last(model: Any) -> bool:
    """Whether the images of a model have their channels last: those of its first layer that says so."""
    first = next((layer for layer in _layers(model) if hasattr(layer, "data_format")), None)
    return keras_itself().config.image_data_format() != "channels_first" if first is None else is_channels_last(first)


def _layers(model: Any) -> Iterator[Any]:
    for layer in getattr(model, "layers", ()):
        yield layer
        yield from _layers(layer)


class _Graph:
    """The symbols that a model was called on, and those that it gave."""

    def __init__(self, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        self.inputs, self.outputs = inputs, outputs


def model_graph(model: Any, shape: Sequence[int]) -> Any:
    """What has the symbols of a model's inputs and outputs: itself, or a trace of it.

    Raises: RfdocsError where it does more than call layers and operations.
    """
    if isinstance(model, keras_itself().Sequential) and not model.built:
        model.build((None, *shape[1:]))
    if is_graph(model):
        return model
    image = keras_itself().KerasTensor(tuple(shape))
    try:
        return _Graph([image], traced(model, (image,), {}))
    except Untraced as reason:
        hint = "a functional model is read, and one whose `call` only calls layers and `keras.ops`"
        raise RfdocsError(f"the calls of {type(model).__name__} cannot be followed: {reason}", hint) from reason


def joined(scope: str, name: str) -> str:
    """A name in a scope.

    >>> joined("encoder", "block1/conv")
    'encoder.block1.conv'
    """
    own = name.replace("/", ".")
    return f"{scope}.{own}" if scope else own


def _tensors(args: Sequence[Any], node: Any) -> list[Any]:
    """The values of a model's inputs: those in place of the symbols that it was called on."""
    return [value for value in keras_itself().tree.flatten(args) if value is not None][: len(node.input_tensors)]


def _ordered(inputs: Sequence[Any], outputs: Sequence[Any]) -> Iterator[Any]:
    """The calls between tensors, one branch after the other."""
    entries = {id(tensor) for tensor in inputs}
    waiting = [(node, False) for node in _sources(reversed(outputs), entries)]
    seen: set[int] = set()
    while waiting:
        node, ready = waiting.pop()
        if ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            waiting += [(one, False) for one in _sources(reversed(node.input_tensors), entries)]


def _sources(tensors: Any, entries: set[int]) -> Iterator[Any]:
    """The calls that gave these tensors. Raises: RfdocsError for another input than the model's."""
    for tensor in tensors:
        if id(tensor) in entries:
            continue
        operation, number, _ = tensor._keras_history  # noqa: SLF001 - a functional model keeps its graph there
        node = operation._inbound_nodes[number] if operation is not None else None  # noqa: SLF001
        if node is None or node.is_input:
            raise RfdocsError(f"{tensor.name} is an input of its own, and one image is read")
        yield node
