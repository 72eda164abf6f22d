"""A foreign graph while a reader of ONNX makes it: tensors by what is known of them, nodes by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from math import prod
from typing import Any

import numpy as np

from rfdocs.importing.drafts import Puzzling
from rfdocs.importing.foreign_graph import ForeignGraph, Node, live
from rfdocs.importing.onnx_scopes import is_path, scope_of

Dims = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OnnxTensor:
    """What is known of a tensor: of one that no image changes, perhaps the values; of another, the node's number.

    ``learned`` names the initialisers that flow into it, ``fixed`` says that it is known to be none that was learned;
    ``places`` that it holds the places of a pooling's maxima, ``doubtful`` that it follows from what is not understood.
    """

    name: str
    element: int
    shape: Dims | None
    number: int | None = None
    value: Any = None
    learned: tuple[str, ...] = ()
    fixed: bool = False
    uniform: bool = False
    places: bool = False
    doubtful: bool = False

    @property
    def is_constant(self) -> bool:
        return self.number is None

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape or ())


def _numbers(tensor: OnnxTensor) -> Any:
    """The numbers of a constant as an array, where they are known."""
    return None if tensor.value is None else np.asarray(tensor.value)


@dataclass(slots=True)
class GraphDraft:
    """The nodes so far, and how many numbers each learned tensor holds.

    ``sure`` are the tensors of which the file itself says that they are learned; ``dotted`` says that its exporter
    names by a path what a module learns.
    """

    nodes: list[Node] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    sure: frozenset[str] = frozenset()
    dotted: bool = False
    _constants: dict[tuple[str, Dims], int] = field(default_factory=dict)

    def add(self, node: Node) -> int:
        """The number of a new node."""
        self.nodes.append(node)
        return len(self.nodes) - 1

    def name(self, number: int, tensor: str) -> None:
        """Nothing: a node that gives a tensor of the file has its name, the first if it gives several."""
        if not self.nodes[number].tensor:
            self.nodes[number] = replace(self.nodes[number], tensor=tensor)

    def number(self, tensor: OnnxTensor) -> int:
        """The node of a tensor: a constant becomes one when something reads it."""
        if tensor.number is not None:
            return tensor.number
        key = tensor.name, tensor.shape or ()
        if key not in self._constants:
            learned = tuple(name for name in tensor.learned if self._counts(name))
            scope = scope_of("", "", learned, {})
            given = {"numbers": partial(_numbers, tensor)}
            self._constants[key] = self.add(Node("constant", (), key[1], given, learned, scope, "constant"))
        return self._constants[key]

    def _counts(self, name: str) -> bool:
        """Whether an initialiser that is no layer's weight was learned: a single number, only if it is named so."""
        return name in self.sure or self.counts[name] > 1 or (self.dotted and is_path(name))

    def holds_learned(self, tensor: OnnxTensor) -> bool:
        return any(map(self._counts, tensor.learned))

    def weights(self, tensor: OnnxTensor | None) -> tuple[str, ...]:
        """The learned tensors that are a layer's weights, whatever computes them from initialisers; nobody learned
        numbers that are all 0 and come from none.
        """
        if tensor is None or tensor.fixed or not tensor.is_constant:
            return ()
        if not tensor.learned and tensor.value is not None and not tensor.value.any():
            return ()
        if not tensor.learned:
            self.counts.setdefault(tensor.name, tensor.count)
        return self._once(tensor) or (tensor.name,)

    def _once(self, tensor: OnnxTensor) -> tuple[str, ...]:
        """The learned tensors that flow into a layer's weights. Of what an exporter computed ahead there may be several
        copies, laid out differently, each as large as the weights: these are the same numbers.
        """
        copies = [name for name in tensor.learned if not is_path(name) and self.counts[name] == tensor.count]
        return tuple([name for name in tensor.learned if not self.dotted or name not in copies[1:]])

    def finished(self, outputs: Iterable[int], *, channels_last: bool) -> ForeignGraph:
        """The graph of all that an output needs."""
        return live(ForeignGraph(tuple(self.nodes), tuple(dict.fromkeys(outputs)), self.counts, channels_last))


@dataclass(frozen=True, slots=True)
class OnnxCall:
    """One node of the file, with all that is known of its inputs; ``shapes`` are those of its outputs."""

    operator: str
    opset: int
    attributes: Mapping[str, Any]
    inputs: tuple[OnnxTensor | None, ...]
    shapes: tuple[Dims, ...]
    name: str
    notes: Mapping[str, str]
    line: str
    draft: GraphDraft
    #: Whether literal tensors may be learned ones: some exporters write weights so, PyTorch's does not.
    literal: bool = True

    @property
    def data(self) -> OnnxTensor:
        """Its first input, which an image changes."""
        first = self.inputs[0]
        if first is None or first.is_constant:
            raise Puzzling("its first input would have to come from the image")
        return first

    @property
    def dims(self) -> Dims:
        """The shape of its first input."""
        return self.shape_of(self.data)

    @property
    def shape(self) -> Dims:
        """The shape of its first output."""
        return self.shapes[0]

    @property
    def spatial(self) -> int:
        """How many axes a map has."""
        return len(self.dims) - 2

    def shape_of(self, tensor: OnnxTensor) -> Dims:
        """The shape of a tensor, which is known."""
        return tensor.shape or ()

    def get(self, key: str, default: Any = None) -> Any:
        """An attribute, or what it is where it is left out."""
        return self.attributes.get(key, default)

    def input(self, index: int) -> OnnxTensor | None:
        """An input, where it has one."""
        return self.inputs[index] if index < len(self.inputs) else None

    def constant(self, index: int, what: str) -> OnnxTensor:
        """An input that must be a constant.

        Raises: Puzzling where it is computed from the image.
        """
        tensor = self.input(index)
        if tensor is None or not tensor.is_constant or tensor.shape is None:
            raise Puzzling(f"its {what} must be a constant, and is computed from the image")
        return tensor

    def value(self, index: int, what: str) -> Any:
        """The values of an input, as an array; nothing where it is left out.

        Raises: Puzzling where they are not known.
        """
        tensor = self.input(index)
        if tensor is None:
            return None
        if tensor.value is None:
            raise Puzzling(f"its {what} would have to be constant, and small")
        return np.asarray(tensor.value)

    def numbers(self, key: str, index: int) -> tuple[int, ...] | None:
        """Whole numbers that older versions have as an attribute, and newer ones as an input; or nothing."""
        if self.input(index) is not None:
            return tuple(int(number) for number in self.value(index, f"`{key}`").reshape(-1).tolist())
        given = self.get(key)
        return None if given is None else tuple(given)

    def axis(self, default: int, rank: int | None = None) -> int:
        """Its ``axis``, counted from 0."""
        return positive(int(self.get("axis", default)), len(self.dims) if rank is None else rank)

    def add(
        self,
        kind: str,
        *inputs: OnnxTensor | int,
        shape: Dims | None = None,
        learned: tuple[str, ...] = (),
        **attributes: Any,
    ) -> int:
        """The number of a new node for it; of the shape of its first output, if none is given."""
        numbers = tuple(one if isinstance(one, int) else self.draft.number(one) for one in inputs)
        scope = scope_of(self.name, self.operator, learned, self.notes)
        size = self.shape if shape is None else shape
        return self.draft.add(Node(kind, numbers, size, attributes, learned, scope, self.operator, self.line))


#: What makes nodes of one call: the number of each output's.
Handler = Callable[[OnnxCall], int | tuple[int, ...]]


def positive(axis: int, rank: int) -> int:
    """A dimension counted from 0.

    >>> positive(-1, 4)
    3

    Raises: Puzzling where there is none.
    """
    if not -rank <= axis < rank:
        raise Puzzling(f"it names dimension {axis} of a tensor that has {rank}")
    return axis % rank
