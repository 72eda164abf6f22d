"""A model of Keras as one through which light falls: weights are 1, and what adds numbers up is followed by the sign.

What each layer reads is left to Keras: its layers run, on maps of 0 and 1, with ones for weights. Functions of one
number fall away, and means of whole maps are dark, so that light goes along the spatial paths alone. Behind a matrix
all channels are lit alike, and one of them is kept until something tells them apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from rfdocs.importing.foreign_code import first_line
from rfdocs.importing.keras_calls import KerasCall, KerasWalk, channels_last, is_channels_last, model_graph
from rfdocs.importing.keras_itself import keras_itself
from rfdocs.importing.keras_reader import enters
from rfdocs.importing.lit_fields import NoLight, Run

_HINT = "`--no-verify` leaves this out"
#: How many images are lit at once.
_AT_ONCE = 16
#: Layers with weights, which run with ones in their place.
_WEIGHTED = {
    *(f"{kind}{axes}D" for kind in ("Conv", "DepthwiseConv", "SeparableConv") for axes in (1, 2, 3)),
    *(f"Conv{axes}DTranspose" for axes in (1, 2, 3)), "Dense",
}  # fmt: skip
#: What puts several tensors together.
_SUMS = frozenset({
    "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Divide", "TrueDivide", "DivideNoNan",
    "FloorDivide", "Power", "Fmax", "Fmin", "Hypot",
})  # fmt: skip
#: What adds numbers up, or takes some of them.
_GATHERING = {
    *(f"{kind}{axes}D" for kind in ("MaxPooling", "AveragePooling", "UpSampling") for axes in (1, 2, 3)),
    *(f"Adaptive{kind}Pooling{axes}D" for kind in ("Average", "Max") for axes in (1, 2, 3)),
    "Resizing", "Resize", "MaxPool", "AveragePool",
}  # fmt: skip
_REDUCING = frozenset({"Max", "Amax", "Min", "Amin", "Mean", "Sum", "Prod", "Var", "Std"})
_WHOLE = {f"Global{kind}Pooling{axes}D" for kind in ("Average", "Max") for axes in (1, 2, 3)}
_PADDING = {f"{kind}{axes}D" for kind in ("ZeroPadding", "Cropping") for axes in (1, 2, 3)}
#: What moves numbers and leaves them as they are.
_MOVING = frozenset({
    "Reshape", "Permute", "Flatten", "Concatenate", "Squeeze", "ExpandDims", "Ravel", "Transpose", "Moveaxis",
    "Swapaxes", "Stack", "Split", "GetItem", "Slice", "Pad", "Flip", "Roll", "BroadcastTo",
})  # fmt: skip
_DARK = frozenset({
    "LSTM", "GRU", "SimpleRNN", "Bidirectional", "MultiHeadAttention", "Matmul", "Lambda", "Dot", "TimeDistributed",
})  # fmt: skip


#: Layers with ones for weights, by the layer that each stands for, and by how many rows of channels it reads.
LayersOfOnes = dict[tuple[int, int], Any]


class _Enough(Exception):
    """All maps that are asked for are there."""


@dataclass(frozen=True, slots=True, eq=False)
class _Light:
    """A tensor of 0 and 1; where neighbouring channels are alike, one of each row of them, how many each row has, and
    the channels' dimension.
    """

    numbers: Any
    counts: tuple[int, ...] = ()
    axis: int = 0

    @property
    def full(self) -> Any:
        """All channels."""
        if not self.counts:
            return self.numbers
        ops = keras_itself().ops
        rows = ops.split(self.numbers, len(self.counts), axis=self.axis) if len(self.counts) > 1 else [self.numbers]
        whole = [ops.repeat(row, count, axis=self.axis) for row, count in zip(rows, self.counts, strict=True)]
        return ops.concatenate(whole, axis=self.axis)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of all channels."""
        own = tuple(self.numbers.shape)
        return (*own[: self.axis], sum(self.counts), *own[self.axis + 1 :]) if self.counts else own

    def symbol(self) -> Any:
        """A symbol of Keras for it."""
        return keras_itself().KerasTensor(self.shape, dtype="float32")

    def in_rows(self, counts: Sequence[int]) -> Any:
        """One channel of each of these rows, into which its own ones are cut."""
        if self.counts == counts:
            return self.numbers
        ends = list(accumulate(self.counts))
        rows = [bisect_left(ends, end) for end in accumulate(counts)]
        return keras_itself().ops.take(self.numbers, rows, axis=self.axis)

    def alike(self, numbers: Any) -> _Light:
        """Other numbers with the same rows of channels."""
        return _Light(numbers, self.counts, self.axis)


def lit_run(model: Any, tensors: Sequence[str], shape: Sequence[int], ones: LayersOfOnes) -> Run:
    """What gives these tensors of a model, lit, of an image; ``shape`` is the image's as the model has it. Its layers
    with ``ones`` for weights are kept there, for images of other sizes.

    What it gives raises: NoLight where it cannot be run on an image of that size, or does what lets no light through.
    """
    lantern = _KerasLantern(model, tensors, shape, ones)
    last, several = channels_last(model), 1 if _has_batch(model) else _AT_ONCE

    def run(images: Sequence[Any]) -> Iterator[Sequence[Any]]:
        for begin in range(0, len(images), several):
            together = np.concatenate(images[begin : begin + several])
            maps = lantern.run(np.moveaxis(together, 1, -1) if last else together)
            firsts = [np.moveaxis(one, -1, 1) if last else one for one in maps]
            yield from ([one[place : place + 1] for one in firsts] for place in range(len(together)))

    return run


def _has_batch(model: Any) -> bool:
    """Whether the model takes so many images at once, and no others."""
    inputs = getattr(model, "inputs", None) or [None]
    return inputs[0] is not None and inputs[0].shape[0] is not None


class _KerasLantern:
    """A model whose layers are exchanged when they are first lit."""

    def __init__(self, model: Any, tensors: Sequence[str], shape: Sequence[int], ones: LayersOfOnes) -> None:
        self._graph, self._tensors = model_graph(model, shape), tensors
        self._last = channels_last(model)
        self._ones = ones
        self._maps: dict[str, Any] = {}

    def run(self, image: Any) -> Sequence[Any]:
        """The maps that are asked for, all channels or one. Raises: NoLight."""
        self._maps = {}
        walk = KerasWalk(self._lit, enters, lambda value: value.symbol() if isinstance(value, _Light) else None)
        try:
            walk.through(self._graph, [self._image(image)])
        except _Enough:
            pass
        except NoLight:
            raise
        except Exception as error:
            raise NoLight(f"the model does not run on another image: {first_line(error)}", _HINT) from error
        return [keras_itself().ops.convert_to_numpy(self._maps[name]) for name in self._tensors]

    def _image(self, image: Any) -> _Light:
        axis = len(image.shape) - 1 if self._last else 1
        one = np.take(image, [0], axis=axis)
        return _Light(keras_itself().ops.convert_to_tensor(one), (image.shape[axis],), axis)

    def _lit(self, call: KerasCall) -> Sequence[_Light]:
        lights = self._exchanged(call)
        if call.tensor in self._tensors:
            self._maps[call.tensor] = lights[0].numbers
            if len(self._maps) == len(set(self._tensors)):
                raise _Enough
        return lights

    def _exchanged(self, call: KerasCall) -> Sequence[_Light]:
        word, lights = call.word, _lights(call)
        if word in _DARK:
            raise NoLight(f"{call.scope}: {word} lets no light through: it is no window", _HINT)
        if word in _MOVING:
            return _moved(call, lights)
        return [self._one(call, word, lights)]

    def _one(self, call: KerasCall, word: str, lights: Sequence[_Light]) -> _Light:
        """What gives one tensor; a function of every number by itself leaves light as it is."""
        if word in _SUMS:
            return _sum(lights)
        if word in _WEIGHTED:
            return self._through_ones(call.operation, lights[0])
        if word in _WHOLE | _REDUCING:
            dark = word in _WHOLE or self._is_of_all(call, lights[0])
            return _Light(_zero(_run(call)) if dark else _sign(_run(call)))
        if word in _GATHERING | _PADDING:
            return _by_channel(call, lights[0])
        return lights[0]

    def _is_of_all(self, call: KerasCall, light: _Light) -> bool:
        """Whether a reduction is over all spatial axes."""
        rank = len(light.shape)
        axes = call.operation.axis
        given = range(rank) if axes is None else axes if isinstance(axes, list | tuple) else [axes]
        spatial = range(1, rank - 1) if self._last else range(2, rank)
        return {axis % rank for axis in given} >= set(spatial)

    def _through_ones(self, layer: Any, light: _Light) -> _Light:
        """What a layer with ones for weights makes of light: one channel of each group, for those are alike."""
        axis, groups = _channel_axis(layer, light), getattr(layer, "groups", 1)
        counts = light.counts if light.axis == axis and groups == 1 else ()
        lit = keras_itself().ops.sign(self._with_ones(layer, len(counts))(light.numbers if counts else light.full))
        filters = getattr(layer, "filters", getattr(layer, "units", 0))
        if filters:
            return _Light(lit, (filters // groups,) * groups, axis)
        return _Light(lit, tuple([count * layer.depth_multiplier for count in counts]), axis)

    def _with_ones(self, layer: Any, rows: int) -> Any:
        """A layer of the same kind with ones for weights, one channel for each group, and nothing behind; for so many
        rows of channels that are alike.
        """
        key = id(layer), rows
        if key not in self._ones:
            own: Mapping[str, Any] = layer.get_config()
            settings = {name: _plain(name, value) for name, value in own.items()}
            settings |= {name: getattr(layer, "groups", 1) for name in ("filters", "units") if own.get(name)}
            settings |= {"depth_multiplier": 1} if rows and "depth_multiplier" in own else {}
            self._ones[key] = type(layer).from_config({**settings, "dtype": "float32", "trainable": False})
        return self._ones[key]


def _channel_axis(layer: Any, light: _Light) -> int:
    return len(light.numbers.shape) - 1 if is_channels_last(layer) else 1


def _by_channel(call: KerasCall, light: _Light) -> _Light:
    """What a layer that knows no channels makes of light: of one of each row, where they are alike."""
    if light.counts and light.axis == _channel_axis(call.operation, light):
        return light.alike(_sign(call.operation(light.numbers)))
    return _Light(_sign(_run(call)))


def _moved(call: KerasCall, lights: Sequence[_Light]) -> list[_Light]:
    """What only moves numbers; rows of channels are put behind each other as they are."""
    joins = call.word == "Concatenate" and all(one.counts for one in lights)
    rank = len(lights[0].shape)
    if joins and {one.axis for one in lights} == {call.operation.axis % rank}:
        axis = lights[0].axis
        numbers = keras_itself().ops.concatenate([one.numbers for one in lights], axis=axis)
        return [_Light(numbers, tuple([count for one in lights for count in one.counts]), axis)]
    return [_Light(one) for one in keras_itself().tree.flatten(_run(call))]


def _plain(key: str, value: Any) -> Any:
    """A setting of a layer, or what it is where weights are ones and nothing is added."""
    if key.endswith(("_initializer", "_regularizer", "_constraint", "_rank", "_config")) or key == "activation":
        return "ones" if key.endswith("_initializer") else None
    return False if key == "use_bias" else value


def _lights(call: KerasCall) -> list[_Light]:
    given = keras_itself().tree.flatten((call.args, dict(call.kwargs)))
    return [value for value in given if isinstance(value, _Light)]


def _run(call: KerasCall) -> Any:
    """What the layer or operation itself makes of what is lit."""
    args, kwargs = keras_itself().tree.map_structure(
        lambda value: value.full if isinstance(value, _Light) else value, (call.args, dict(call.kwargs))
    )
    kwargs.pop("constant_values", None)  # any other than 0 would be lit
    return call.operation(*args, **kwargs)


def _sum(lights: Sequence[_Light]) -> _Light:
    first, *others = lights
    if not others:
        return first
    counts = _common_rows(lights)
    numbers = [one.in_rows(counts) if counts else one.full for one in lights]
    total = numbers[0]
    for other in numbers[1:]:
        total = total + other
    return _Light(_sign(total), counts, first.axis)


def _common_rows(lights: Sequence[_Light]) -> tuple[int, ...]:
    """Rows of channels that are alike in each of several tensors; none where their channels are others."""
    channels = {(sum(one.counts), one.axis, len(one.numbers.shape)) for one in lights}
    if len(channels) > 1 or any(not one.counts for one in lights):
        return ()
    ends = sorted({end for one in lights for end in accumulate(one.counts)})
    return tuple([end - before for before, end in pairwise([0, *ends])])


def _sign(numbers: Any) -> Any:
    ops = keras_itself().ops
    return ops.sign(ops.abs(numbers))


def _zero(numbers: Any) -> Any:
    return keras_itself().ops.zeros_like(numbers)
