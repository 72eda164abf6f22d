"""What kind of layer stands at a place: each has one colour in every figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from rfdocs import operators as ops
from rfdocs.figures.canvas import Stroke
from rfdocs.figures.legend import Key
from rfdocs.figures.operation_words import ENLARGING
from rfdocs.figures.palette import CONVOLUTION, MERGE, OTHER, POOLING, UPSAMPLING, Color
from rfdocs.graph import Layer


class LayerKind(Enum):
    """A kind of layer: what it is called and its colour."""

    CONVOLUTION = ("convolution", CONVOLUTION)
    POOLING = ("pooling", POOLING)
    UPSAMPLING = ("upsampling", UPSAMPLING)
    MERGE = ("paths join", MERGE)
    OTHER = ("other", OTHER)

    @property
    def color(self) -> Color:
        """The colour of its marks."""
        return self.value[1]

    @property
    def words(self) -> str:
        """What it is called."""
        return self.value[0]


def layer_kind(layer: Layer) -> LayerKind:
    """The kind of a layer; where several paths join that is what it is, whatever it computes.

    >>> import rfdocs
    >>> [layer_kind(layer).words for layer in rfdocs.load("alexnet").network.layers if layer.name in ("pool1", "fc6")]
    ['pooling', 'other']
    """
    operator = layer.operator
    if len(layer.inputs) > 1:
        return LayerKind.MERGE
    if isinstance(operator, (ops.Convolution, ops.DeformableConvolution)):
        return LayerKind.CONVOLUTION
    if isinstance(operator, (ops.Pooling, ops.AdaptivePooling, ops.GlobalPooling)):
        return LayerKind.POOLING
    return LayerKind.UPSAMPLING if isinstance(operator, ENLARGING) else LayerKind.OTHER


def kind_keys(kinds: Iterable[LayerKind]) -> Iterator[Key]:
    """What the colours of dots mean, where several kinds are drawn."""
    drawn = set(kinds)
    if len(drawn) > 1:
        yield from ((kind.words, Stroke(kind.color, 9, 1, (), True)) for kind in LayerKind if kind in drawn)
