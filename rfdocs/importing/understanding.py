"""From a foreign graph to layers of the format: what every node is, and all that is not understood, at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from rfdocs.errors import RfdocsError
from rfdocs.importing import merge_nodes, mixing_nodes, sequence_nodes, shape_nodes, window_nodes
from rfdocs.importing.drafts import (
    Drafts,
    FixedTensor,
    HalfMixed,
    LayerDraft,
    Lost,
    Puzzling,
    Scores,
    Undecided,
    Value,
    View,
)
from rfdocs.importing.foreign_graph import ForeignGraph, Node
from rfdocs.importing.maps import map_of
from rfdocs.importing.opaque_nodes import opaque
from rfdocs.importing.repeated_maps import repeated
from rfdocs.importing.token_nodes import BETWEEN
from rfdocs.importing.views import CHANNELS, axes_of, is_moved, lengths, with_channels_last

Rule = Callable[[Drafts, Node, list[Value]], Value]

#: The most nodes that a message names.
SHOWN = 20

_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "conv": window_nodes.convolution,
        "transposed_conv": window_nodes.transposed,
        "pool": window_nodes.pool,
        "adaptive_pool": window_nodes.adaptive_pool,
        "unpool": window_nodes.unpool,
        "linear": window_nodes.linear,
        "reduce": window_nodes.reduce,
        "upsample": window_nodes.upsample,
        "pixel_shuffle": window_nodes.shuffle,
        "space_to_depth": window_nodes.shuffle,
        "channel_shuffle": window_nodes.shuffle,
        "norm": mixing_nodes.normalisation,
        "softmax": mixing_nodes.softmax,
        "matmul": mixing_nodes.product,
        "attention": mixing_nodes.attention,
        "recurrence": sequence_nodes.recurrence,
        "pointwise": merge_nodes.pointwise,
        "prelu": merge_nodes.pointwise,
        "add": merge_nodes.merge,
        "multiply": merge_nodes.merge,
        "concat": shape_nodes.concat,
        "slice": shape_nodes.cut,
        "reshape": shape_nodes.reshape,
        "permute": shape_nodes.permute,
        "expand": shape_nodes.expand,
        "pad": shape_nodes.pad,
        "roll": shape_nodes.roll,
        "identity": shape_nodes.unchanged,
    }
)
_ONE_WAY = "it takes a part of what a recurrent layer finds in two directions; which of both it is has no word"
#: What leaves the scores of an attention what they are.
_OF_SCORES = frozenset({"reshape", "permute", "pointwise", "prelu", "softmax", "reduce", "expand"})
#: What may read, and give, a tensor that repeats its map along dimensions in which the map has one place.
_OF_REPEATED = frozenset({"expand", "pointwise", "prelu", "identity", "permute", "add", "multiply"})


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A foreign node that is not understood, and why; it is ``undecided`` where a larger image may tell."""

    node: Node
    why: str
    undecided: bool = False

    def __str__(self) -> str:
        place = f" ({self.node.line})" if self.node.line else ""
        return f"{self.node.scope or 'the model'}: {self.node.operator or self.node.kind}{place}: {self.why}"


class ModelNotUnderstood(RfdocsError, ValueError):
    """What of a foreign model is not understood: every node with its layer, its line and the reason."""

    def __init__(self, puzzles: list[Puzzle]) -> None:
        lines = [str(puzzle) for puzzle in puzzles[:SHOWN]]
        more = [f"... and {len(puzzles) - SHOWN} more"] if len(puzzles) > SHOWN else []
        what = "one operator of the model is" if len(puzzles) == 1 else f"{len(puzzles)} operators of the model are"
        super().__init__(f"{what} not understood", "nothing is guessed, and nothing was written", [*lines, *more])
        self.puzzles = tuple(puzzles)


@dataclass(frozen=True, slots=True)
class Understood:
    """The layers of a model, the image first, and which of them it returns; and what became ``opaque`` layers."""

    layers: tuple[LayerDraft, ...]
    outputs: tuple[int, ...]
    opaque: tuple[Puzzle, ...] = ()


def understood(graph: ForeignGraph, *, allow_opaque: bool = False) -> Understood:
    """The layers that a model is made of; what is not understood is ``opaque`` where that is allowed, and possible.

    Raises: ModelNotUnderstood.
    """
    understanding = _Understanding(graph, allow_opaque=allow_opaque)
    return understanding.result()


class _Understanding:
    def __init__(self, graph: ForeignGraph, *, allow_opaque: bool) -> None:
        self._graph = graph
        self._allow_opaque = allow_opaque
        _, *shape = graph.nodes[0].shape
        self._channels_last = graph.channels_last
        channels, size = (shape[-1], shape[:-1]) if graph.channels_last else (shape[0], shape[1:])
        self._drafts = Drafts(channels, tuple(size))
        self._puzzles: list[Puzzle] = []
        self._opaque: list[Puzzle] = []

    def result(self) -> Understood:
        values: list[Value] = [self._image()]
        for node in self._graph.nodes[1:]:
            values.append(self._value(node, [values[place] for place in node.inputs]))
        outputs = [self._output(values[place]) for place in self._graph.outputs]
        self._puzzles += [Puzzle(node, _ONE_WAY) for part, node in self._drafts.halves.items() if self._is_alone(part)]
        if not any(outputs) and not self._puzzles:
            self._puzzles.append(Puzzle(self._graph.nodes[-1], "no layer stands between the image and what it returns"))
        if self._puzzles:
            raise ModelNotUnderstood(self._puzzles)
        returned = tuple(node for node in outputs if node is not None)
        return Understood(tuple(self._drafts.layers), returned, tuple(self._opaque))

    def _is_alone(self, part: int) -> bool:
        """Whether a part of what a recurrent layer of two directions gives is read without all its others."""
        layers = self._drafts.layers
        readers = [layer for layer in layers if part in layer.inputs]
        together = [{node for node in reader.inputs if node in self._drafts.halves} for reader in readers]
        sums = [sum([layers[node].channels for node in nodes]) for nodes in together]
        return not readers or min(sums) < layers[layers[part].inputs[0]].channels

    def _image(self) -> View:
        view = self._drafts.view(0)
        if not self._channels_last:
            return view
        return View(0, with_channels_last(view.dimensions))

    def _value(self, node: Node, inputs: list[Value]) -> Value:
        if any(isinstance(value, Lost) for value in inputs):
            return Lost()
        if node.kind == "constant":
            return FixedTensor(node.shape, node.learned, node.attributes.get("numbers") or (lambda: None))
        if inputs and all(isinstance(value, FixedTensor) for value in inputs):
            return _fixed(node, inputs)
        layers = len(self._drafts.layers)
        try:
            value = _passed_on(node, inputs) or self._layers_of(node, inputs)
        except Puzzling as reason:
            self._puzzles.append(Puzzle(node, str(reason), isinstance(reason, Undecided)))
            return Lost()
        if isinstance(value, View) and value.node >= layers and not value.words and self._is_a_map(value):
            self._drafts.name_tensor(value.node, node.tensor)
        return value

    def _is_a_map(self, view: View) -> bool:
        """Whether a tensor has its map's channels and axes in their places."""
        as_map = self._drafts.standard(view.node)
        return view.dimensions == as_map or (self._channels_last and view.dimensions == with_channels_last(as_map))

    def _layers_of(self, node: Node, inputs: list[Value]) -> Value:
        """What a node gives, as its rule has it, or else as what is opaque. Raises: Puzzling."""
        try:
            value = self._rule(node)(self._drafts, node, self._with_repeated(node, inputs))
            _check_shape(node, value)
        except Puzzling as reason:
            if not self._allow_opaque:
                raise
            value = opaque(self._drafts, node, inputs, str(reason), channels_last=self._channels_last)
            self._opaque.append(Puzzle(node, str(reason), isinstance(reason, Undecided)))
        return value

    def _with_repeated(self, node: Node, inputs: list[Value]) -> list[Value]:
        """The inputs; where a node reads maps that tensors repeat, as maps that hold so many. Raises: Puzzling."""
        if node.kind in _OF_REPEATED:
            return inputs
        shapes = [self._graph.nodes[place].shape for place in node.inputs]
        return [
            repeated(self._drafts, value, shape, node.scope) if isinstance(value, View) else value
            for value, shape in zip(inputs, shapes, strict=True)
        ]

    def _rule(self, node: Node) -> Rule:
        if node.kind not in _RULES:
            raise Puzzling(node.attributes.get("why", f"the format has no word for {node.kind!r}"))
        return _RULES[node.kind]

    def _output(self, value: Value) -> int | None:
        if isinstance(value, View):
            if is_moved(value.dimensions):
                self._puzzles.append(Puzzle(self._graph.nodes[-1], "what it returns is rolled round the map"))
            return self._returned(self._drafts.settled(value))
        if isinstance(value, Scores | HalfMixed):
            self._puzzles.append(Puzzle(self._graph.nodes[-1], "it returns what is half of an attention, or a mixing"))
        return None

    def _returned(self, view: View) -> int:
        """The map that a tensor which the model returns is, where its units became channels, or these units; of one in
        another order, the map that it shows.
        """
        mixed = any({CHANNELS} < axes_of(dimension) for dimension in view.dimensions)
        if mixed and len(view.dimensions) == self._drafts.axes + 2:
            with suppress(Puzzling):
                return map_of(self._drafts, view, last=self._channels_last)
        return view.node


def _passed_on(node: Node, inputs: list[Value]) -> Value | None:
    """What is no map yet, and stays what it is: scores of an attention, and what a matrix over all units made."""
    match inputs:
        case [Scores() as scores, *_] if node.kind in _OF_SCORES:
            return mixing_nodes.same_scores(node, scores)
        case [HalfMixed() as half] if node.kind in BETWEEN:
            return half
    return None


def _check_shape(node: Node, value: Value) -> None:
    """Raises: Puzzling where a tensor would not have the node's shape, but for what it repeats."""
    if not isinstance(value, View):
        return
    have, wanted = lengths(value.dimensions), tuple(node.shape)
    repeats = node.kind in _OF_REPEATED and len(have) == len(wanted)
    if have != wanted and not (repeats and all(one in (1, count) for one, count in zip(have, wanted, strict=True))):
        raise Puzzling("its shape is not that of any layer that it may be")


def _fixed(node: Node, inputs: list[Value]) -> FixedTensor:
    learned = [name for value in inputs if isinstance(value, FixedTensor) for name in value.learned]
    return FixedTensor(node.shape, tuple(dict.fromkeys([*learned, *node.learned])))
