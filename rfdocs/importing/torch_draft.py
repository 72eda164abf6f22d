"""What a reader of PyTorch writes down while it goes through an exported graph, operator by operator."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any

from rfdocs.importing.foreign_graph import Node

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """A tensor that the image changes: the number of its node, and its shape.

    ``positions`` says that it is not the node's numbers, but where in its input a maximum pooling read them.
    """

    number: int
    shape: Shape
    positions: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """A tensor that no image changes: its shape, the learned tensors that it is computed from, and, where it is not
    too long, its numbers. ``computed`` says that an operator made it.
    """

    shape: Shape
    learned: tuple[str, ...] = ()
    numbers: Callable[[], Any] = lambda: None
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The module that an operator stands in, its name, and the line that calls it."""

    scope: str = ""
    operator: str = ""
    line: str = ""


@dataclass(slots=True)
class Draft:
    """The nodes so far."""

    nodes: list[Node] = field(default_factory=list)

    def add(self, node: Node) -> Traced:
        """The tensor of a further node."""
        self.nodes.append(node)
        return Traced(len(self.nodes) - 1, node.shape)


@dataclass(slots=True)
class OperatorCall:
    """One call of an operator: its arguments by their names in the operator's schema, in that order, and the shape of
    what it returns, or of each of several tensors.
    """

    draft: Draft
    arguments: dict[str, Any]
    shapes: tuple[Shape, ...]
    whereabouts: Whereabouts

    def __getitem__(self, name: str) -> Any:
        return self.arguments[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The argument; the default where the operator has none of this name."""
        return self.arguments.get(name, default)

    @property
    def first(self) -> Any:
        """The first argument: what an operator is mostly about."""
        return next(iter(self.arguments.values()))

    @property
    def shape(self) -> Shape:
        """The shape of what it returns first."""
        return self.shapes[0]

    def emit(
        self,
        kind: str,
        *inputs: Traced | Fixed,
        shape: Iterable[int] | None = None,
        learned: Iterable[Fixed | None] = (),
        **attributes: Any,
    ) -> Traced:
        """A node of the draft; its shape is that of what the call returns, if no other is given."""
        numbers = tuple(self._number(value) for value in inputs)
        where = self.whereabouts
        return self.draft.add(
            Node(
                kind,
                numbers,
                self.shape if shape is None else tuple(shape),
                MappingProxyType(attributes),
                learned_of(learned),
                where.scope,
                where.operator,
                where.line,
            )
        )

    def unknown(self, why: str) -> Traced | tuple[Traced, ...]:
        """A node, or one for each tensor returned, that nobody understands."""
        values = [*tensors_of(self.arguments.values())]
        traced = [value for value in values if isinstance(value, Traced)]
        learned = [value for value in values if isinstance(value, Fixed)]
        nodes = tuple(self.emit("unknown", *traced, shape=shape, learned=learned, why=why) for shape in self.shapes)
        return nodes[0] if len(nodes) == 1 else nodes

    def _number(self, value: Traced | Fixed) -> int:
        if isinstance(value, Traced):
            return value.number
        return self.emit("constant", shape=value.shape, learned=(value,), numbers=partial(_array, value)).number


def _array(value: Fixed) -> Any:
    """The numbers of a fixed tensor as an array of numpy, where they are known."""
    numbers = value.numbers()
    return None if numbers is None else numbers.double().numpy()


def learned_of(values: Iterable[Fixed | None]) -> tuple[str, ...]:
    """The learned tensors behind some fixed ones, each once."""
    return tuple(dict.fromkeys(name for value in values if value is not None for name in value.learned))


def tensors_of(values: Iterable[Any]) -> Iterable[Traced | Fixed]:
    """The tensors among arguments and in lists of them."""
    for value in values:
        if isinstance(value, Traced | Fixed):
            yield value
        elif isinstance(value, list | tuple):
            yield from tensors_of(value)
