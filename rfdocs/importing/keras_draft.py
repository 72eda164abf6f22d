"""What a reader of Keras writes down while it goes through a model, call by call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from math import prod
from typing import Any

from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.keras_calls import KerasCall, is_channels_last
from rfdocs.importing.keras_itself import keras_itself

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Symbolic:
    """A tensor that the image changes: the number of its node, its shape, and the type of its numbers."""

    number: int
    shape: Shape
    dtype: str

    def spec(self) -> Any:
        """A symbol of Keras for it."""
        return keras_itself().KerasTensor(self.shape, dtype=self.dtype)


@dataclass(slots=True)
class KerasDraft:
    """The nodes so far, and how many numbers each learned tensor holds; ``learnable`` are the identities of variables
    that are learned.
    """

    learnable: frozenset[int]
    nodes: list[Node] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)

    def add(self, node: Node) -> int:
        """The number of a new node."""
        self.nodes.append(node)
        return len(self.nodes) - 1

    def learned(self, variables: Iterable[Any], scope: str) -> tuple[str, ...]:
        """The names of variables; one that several layers share has that of the first."""
        return tuple([self._name(variable, scope) for variable in variables if variable is not None])

    def _name(self, variable: Any, scope: str) -> str:
        if id(variable) not in self._names:
            name = f"{scope}/{variable.name}#{len(self._names)}"
            self._names[id(variable)] = name
            self.counts[name] = prod(variable.shape)
        return self._names[id(variable)]

    def name_tensor(self, number: int, tensor: str) -> None:
        """Notes which tensor of the model a node is."""
        if not self.nodes[number].tensor:
            self.nodes[number] = replace(self.nodes[number], tensor=tensor)


@dataclass(frozen=True, slots=True)
class LayerCall:
    """A call, what it gives, and where its nodes go."""

    draft: KerasDraft
    call: KerasCall
    outputs: tuple[Any, ...]

    @property
    def layer(self) -> Any:
        """The layer or operation itself."""
        return self.call.operation

    @property
    def tensors(self) -> list[Symbolic]:
        """All that the image changes of what it is given."""
        given = keras_itself().tree.flatten((self.call.args, dict(self.call.kwargs)))
        return [value for value in given if isinstance(value, Symbolic)]

    @property
    def first(self) -> Symbolic:
        """What it is given first."""
        return self.tensors[0]

    @property
    def shape(self) -> Shape:
        """The shape of what it gives first."""
        return tuple(self.outputs[0].shape)

    @property
    def last(self) -> bool:
        """Whether channels stand last."""
        return is_channels_last(self.layer)

    def get(self, name: str, default: Any = None) -> Any:
        """An attribute of the layer or operation."""
        return getattr(self.layer, name, default)

    def emit(
        self,
        kind: str,
        *inputs: Symbolic,
        shape: Iterable[int] | None = None,
        learned: Iterable[Any] = (),
        scope: str = "",
        **attributes: Any,
    ) -> Symbolic:
        """A new node; its shape is that of what the call gives, if no other is told."""
        own = self.shape if shape is None else tuple(shape)
        where = scope or self.call.scope
        names = self.draft.learned(learned, where)
        numbers = tuple([value.number for value in inputs])
        line = "" if isinstance(self.layer, keras_itself().Layer) else self.layer.name
        number = self.draft.add(Node(kind, numbers, own, attributes, names, where, self.call.word, line))
        return Symbolic(number, own, str(self.outputs[0].dtype))

    def constant(self, value: Any) -> Symbolic:
        """A tensor that no image changes, as a node; what a layer keeps in it may be anything else later."""
        learned = [value] if id(value) in self.draft.learnable else []
        known = not isinstance(value, keras_itself().Variable)
        numbers = partial(keras_itself().ops.convert_to_numpy, value) if known else lambda: None
        return self.emit("constant", shape=tuple(value.shape), learned=learned, numbers=numbers)

    def unknown(self, why: str, place: int = 0) -> Symbolic:
        """A node that nobody understands, of what the call gives in this place."""
        shape = self.outputs[place].shape
        return self.emit("unknown", *self.tensors, shape=shape, learned=_weights(self.layer), why=why)


def _weights(layer: Any) -> list[Any]:
    return list(getattr(layer, "trainable_weights", ()))
