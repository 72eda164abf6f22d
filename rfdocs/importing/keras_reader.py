"""Models of Keras, read: the functional graph as a neutral one, call by call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.importing.foreign_graph import ForeignGraph, Node, live
from rfdocs.importing.keras_calls import KerasCall, KerasWalk, channels_last, learned_variables, model_graph, specs_of
from rfdocs.importing.keras_draft import KerasDraft, LayerCall, Symbolic
from rfdocs.importing.keras_itself import keras_itself
from rfdocs.importing.keras_layers import PLAIN
from rfdocs.importing.keras_names import is_automatic, paths_of
from rfdocs.importing.keras_operations import OPERATIONS
from rfdocs.importing.keras_sequences import SEQUENCES
from rfdocs.importing.keras_windows import WINDOWS, LayerRule

_LAYERS = {**WINDOWS, **PLAIN, **SEQUENCES}
#: The length of an axis that the model leaves open, for images.
_LENGTH = 224
_CHANNELS = 3
#: The dimensions of an image of two axes; and the most numbers of any.
_RANK = 3
_MOST = 1 << 28

#: A shape without the batch, open lengths as Keras has them.
Declared = tuple[int | None, ...]


def read_keras(model: Any, image: Sequence[int] | None = None) -> ForeignGraph:
    """The graph of a model, for one image; ``image`` is its channels and its size, by default what the model says, and
    224 x 224 where it leaves that open.

    Raises: RfdocsError for a model of several inputs, for an image that it does not take, and for a model whose calls
    cannot be followed.
    """
    shape = image_shape(model, image)
    graph = model_graph(model, shape)
    draft = KerasDraft(learned_variables(model))
    first = draft.add(Node("image", (), shape, operator="input", tensor="image"))
    reader = _CallReader(draft)
    walk = KerasWalk(reader.nodes_of, enters, _symbol)
    outputs = walk.through(graph, [Symbolic(first, shape, str(graph.inputs[0].dtype))])
    numbers = tuple(dict.fromkeys([output.number for output in outputs]))
    return live(ForeignGraph(_with_paths(draft.nodes), numbers, draft.counts, channels_last(model)))


def _with_paths(nodes: Sequence[Node]) -> tuple[Node, ...]:
    own = [node.scope for node in nodes if not is_automatic(node.scope.rpartition(".")[2], node.operator)]
    paths = paths_of(own)
    return tuple([replace(node, scope=paths.get(node.scope, node.scope)) for node in nodes])


def rule_of(operation: Any) -> LayerRule | None:
    """What reads a layer or an operation of Keras itself; nothing for those of others, whatever they are called."""
    kind = type(operation)
    if not kind.__module__.startswith("keras."):
        return None
    return (_LAYERS if isinstance(operation, keras_itself().Layer) else OPERATIONS).get(kind.__name__)


def enters(operation: Any) -> bool:
    """Whether a call is looked into: a layer that has no rule may be made of others that have."""
    return rule_of(operation) is None and isinstance(operation, keras_itself().Layer)


def _symbol(value: Any) -> Any:
    return value.spec() if isinstance(value, Symbolic) else None


class _CallReader:
    """The nodes of each call."""

    def __init__(self, draft: KerasDraft) -> None:
        self._draft = draft

    def nodes_of(self, call: KerasCall) -> Sequence[Symbolic]:
        """What a call gives. Raises: RfdocsError where its layer refuses what it is given."""
        layer_call = LayerCall(self._draft, call, specs_of(call, _symbol))
        rule = rule_of(call.operation)
        result = layer_call.unknown(_why_unknown(call.operation)) if rule is None else rule(layer_call)
        values = list(result) if isinstance(result, list) else [result]
        for value in values:
            self._draft.name_tensor(value.number, call.tensor)
        return values + self._further(layer_call, values[0], range(len(values), call.given))

    def _further(self, call: LayerCall, first: Symbolic, places: range) -> list[Symbolic]:
        """What a call gives besides: what it gives first, or as little understood as that."""
        node = self._draft.nodes[first.number]
        return [call.unknown(node.attributes["why"], at) if node.kind == "unknown" else first for at in places]


def _why_unknown(operation: Any) -> str:
    if isinstance(operation, keras_itself().Layer):
        return "what it does is not known, and its `call` is more than calls of layers and `keras.ops`"
    return "what it does is not known"


def image_shape(model: Any, image: Sequence[int] | None) -> tuple[int, ...]:
    """The shape of an image as the model has it, batch first.

    Raises: RfdocsError where it takes another, or one that is beyond what is read.
    """
    last, declared = channels_last(model), _declared(model)
    shape = _own_shape(declared, last=last) if image is None else _asked_shape(declared, image, last=last)
    if prod(shape) > _MOST or 0 in shape:
        raise RfdocsError(f"the model takes images of {_text(shape)}", f"at most {_MOST} numbers are read")
    return (1, *shape)


def _own_shape(declared: Declared | None, *, last: bool) -> tuple[int, ...]:
    """What the model says, its open lengths those of usual images."""
    if declared is None:
        declared = (None, None, _CHANNELS) if last else (_CHANNELS, None, None)
    if len(declared) != _RANK and None in declared:
        raise RfdocsError(f"the model takes images of {_text(declared)}", "say the open lengths with --input")
    return tuple([_LENGTH if length is None else length for length in declared])


def _asked_shape(declared: Declared | None, image: Sequence[int], *, last: bool) -> tuple[int, ...]:
    """What is asked for, if the model takes that."""
    asked = (*image[1:], image[0]) if last else tuple(image)
    own = asked if declared is None else declared
    if len(asked) != len(own) or any(length not in {None, one} for length, one in zip(own, asked, strict=True)):
        raise RfdocsError(f"the model takes images of {_text(own)}, not of {_text(asked)}")
    return asked


def _text(shape: Sequence[int | None]) -> str:
    return " x ".join(["?" if length is None else str(length) for length in shape])


def _declared(model: Any) -> Declared | None:
    """The shape of the images that a model takes, without the batch; nothing where it has not been said."""
    inputs = getattr(model, "inputs", None) if getattr(model, "built", False) else None
    if not inputs:
        return None
    if len(inputs) > 1:
        raise RfdocsError(f"the model takes {len(inputs)} inputs, and one image is read")
    return tuple(inputs[0].shape[1:])
