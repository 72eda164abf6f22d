"""The operations of ``keras.ops``, as they stand in a functional model between its layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rfdocs.importing.keras_activations import WORDS
from rfdocs.importing.keras_draft import LayerCall, Shape, Symbolic
from rfdocs.importing.keras_layers import broadcast, identity, pointwise, reshape
from rfdocs.importing.keras_windows import LayerRule, resampled

#: What numpy calls what stands in a padding.
_EDGES = {"constant": "zero", "reflect": "reflect", "edge": "replicate", "symmetric": "symmetric"}


def _operands(call: LayerCall) -> list[Any]:
    """What is put together, tensors and numbers alike, by position."""
    return [*call.call.args, *call.call.kwargs.values()]


def _pair(kind: str, word: str) -> LayerRule:
    """Of two tensors a merge; of a tensor and a number a function of every number by itself."""

    def rule(call: LayerCall) -> Symbolic:
        values = [_value(call, operand) for operand in _operands(call)]
        given = [value for value in values if value is not None]
        if len(given) == 1:
            return call.emit("pointwise", given[0], word=word)
        one, other = given
        return call.emit(kind, one, other, shape=broadcast(one.shape, other.shape))

    return rule


def _value(call: LayerCall, operand: Any) -> Symbolic | None:
    """An operand as a tensor; nothing where it is a single number that nobody learns."""
    if isinstance(operand, Symbolic):
        return operand
    if id(operand) not in call.draft.learnable and not getattr(operand, "shape", ()):
        return None
    return call.constant(operand)


def _axes(given: Any, rank: int) -> tuple[int, ...]:
    """Dimensions counted from 0; all of them where none is told."""
    if given is None:
        return tuple(range(rank))
    return tuple([axis % rank for axis in (given if isinstance(given, list | tuple) else [given])])


def _reduce(mode: str) -> LayerRule:
    def rule(call: LayerCall) -> Symbolic:
        layer = call.layer
        return call.emit(
            "reduce", call.first, mode=mode, axes=_axes(layer.axis, len(call.first.shape)), keep=bool(layer.keepdims)
        )

    return rule


def _permuted(call: LayerCall, order: Sequence[int]) -> Symbolic:
    return call.emit("permute", call.first, order=tuple(order))


def _transpose(call: LayerCall) -> Symbolic:
    rank = len(call.shape)
    return _permuted(call, _axes(call.layer.axes, rank) if call.layer.axes else range(rank)[::-1])


def _moveaxis(call: LayerCall) -> Symbolic:
    rank = len(call.shape)
    sources, targets = _axes(call.layer.source, rank), _axes(call.layer.destination, rank)
    rest = iter([axis for axis in range(rank) if axis not in sources])
    moved = dict(zip(targets, sources, strict=True))
    return _permuted(call, [moved[axis] if axis in moved else next(rest) for axis in range(rank)])


def _swapaxes(call: LayerCall) -> Symbolic:
    order = list(range(len(call.shape)))
    one, other = call.layer.axis1, call.layer.axis2
    order[one], order[other] = order[other], order[one]
    return _permuted(call, order)


def _concat(call: LayerCall) -> Symbolic:
    return call.emit("concat", *call.tensors, axis=call.layer.axis % len(call.shape))


def _stack(call: LayerCall) -> Symbolic:
    axis = call.layer.axis % len(call.shape)
    single = (*call.shape[:axis], 1, *call.shape[axis + 1 :])
    return call.emit("concat", *[call.emit("reshape", one, shape=single) for one in call.tensors], axis=axis)


def _split(call: LayerCall) -> list[Symbolic]:
    axis, start = call.layer.axis % len(call.shape), 0
    parts: list[Symbolic] = []
    for output in call.outputs:
        stop = start + output.shape[axis]
        span: dict[str, Any] = {"axis": axis, "start": start, "stop": stop, "step": 1}
        parts.append(call.emit("slice", call.first, shape=tuple(output.shape), **span))
        start = stop
    return parts


def _item(call: LayerCall) -> Symbolic:
    """Numbers and slices in brackets: each cuts its dimension, and a number takes it away."""
    key = call.call.kwargs["key"] if "key" in call.call.kwargs else call.call.args[1]
    keys = list(key) if isinstance(key, tuple) else [key]
    if not all(one is None or one is Ellipsis or isinstance(one, int | slice) for one in keys):
        return call.unknown("it takes what stands at places that are themselves computed")
    rank = len(call.first.shape)
    return call.emit("reshape", _cut(call, _spread(keys, rank)))


def _spread(keys: Sequence[Any], rank: int) -> list[Any]:
    """A key for each dimension; new dimensions are left to the shape."""
    named = [key for key in keys if key is not None]
    if Ellipsis not in [key for key in named if not isinstance(key, slice)]:
        named.append(Ellipsis)
    place = next(place for place, key in enumerate(named) if key is Ellipsis)
    missing = rank - (len(named) - 1)
    return [*named[:place], *[slice(None)] * missing, *named[place + 1 :]]


def _cut(call: LayerCall, keys: Sequence[Any]) -> Symbolic:
    value = call.first
    for axis, key in enumerate(keys):
        count = value.shape[axis]
        start, stop, step = (key % count, key % count + 1, 1) if isinstance(key, int) else key.indices(count)
        if (start, stop, step) != (0, count, 1):
            shape = (*value.shape[:axis], len(range(start, stop, step)), *value.shape[axis + 1 :])
            value = call.emit("slice", value, shape=shape, axis=axis, start=start, stop=stop, step=step)
    return value


def _slice(call: LayerCall) -> Symbolic:
    starts = call.call.kwargs["start_indices"] if "start_indices" in call.call.kwargs else call.call.args[1]
    if not all(isinstance(start, int) for start in starts):
        return call.unknown("it begins at places that are themselves computed")
    return _cut(call, [slice(start, start + size) for start, size in zip(starts, call.shape, strict=True)])


def _pad(call: LayerCall) -> Symbolic:
    pairs = [tuple(pair) for pair in call.layer.pad_width]
    pairs = pairs * len(call.shape) if len(pairs) == 1 else pairs
    if call.layer.mode not in _EDGES:
        return call.unknown(f"the format has no padding by {call.layer.mode!r}")
    return call.emit("pad", call.first, padding=tuple(pairs), edge=_EDGES[call.layer.mode])


def _matmul(call: LayerCall) -> Symbolic:
    one, other = (_value(call, operand) for operand in _operands(call))
    if one is None or other is None:
        return call.unknown("it multiplies by a number as if it were a matrix")
    return call.emit("matmul", one, other)


def _softmax(call: LayerCall) -> Symbolic:
    if not isinstance(call.layer.axis, int):
        return call.unknown("its softmax is over several dimensions at once")
    return call.emit("softmax", call.first, axis=call.layer.axis % len(call.shape))


def _resize(call: LayerCall) -> Symbolic:
    layer = call.layer
    if layer.antialias or layer.crop_to_aspect_ratio or layer.pad_to_aspect_ratio:
        return call.unknown("it keeps the aspect ratio, or blurs before it makes maps smaller")
    return resampled(call, layer.interpolation, size=tuple(layer.size))


def _pool(mode: str) -> LayerRule:
    def rule(call: LayerCall) -> Symbolic:
        layer, axes = call.layer, len(call.shape) - 2
        kernel = _each(layer.pool_size, axes)
        stride = _each(layer.strides, axes) if layer.strides is not None else kernel
        padding: Any = "same" if layer.padding == "same" else ((0, 0),) * axes
        ones = (1,) * axes
        return call.emit(
            "pool", call.first, mode=mode, kernel=kernel, stride=stride, padding=padding, dilation=ones,
            ceil_mode=False, last=call.last,
        )  # fmt: skip

    return rule


def _each(given: Any, axes: int) -> Shape:
    return (given,) * axes if isinstance(given, int) else tuple(given)


def _flip(call: LayerCall) -> Symbolic:
    return call.emit("flip", call.first, axes=_axes(call.layer.axis, len(call.shape)))


def _roll(call: LayerCall) -> Symbolic:
    if call.layer.axis is None:
        return call.unknown("it rolls all numbers in one row")
    axes = _axes(call.layer.axis, len(call.shape))
    return call.emit("roll", call.first, axes=axes, shifts=_each(call.layer.shift, len(axes)))


def _expand(call: LayerCall) -> Symbolic:
    return call.emit("expand", call.first)


#: Functions of every number by itself, by the names of their classes.
_FUNCTIONS = """
Relu Relu6 Sigmoid SparseSigmoid Softplus Softsign SoftShrink Silu Squareplus LogSigmoid LeakyRelu HardSigmoid HardSilu
Elu Selu Gelu Celu TanhShrink HardTanh HardShrink Threshold Absolute Abs Fabs Negative Square Sqrt Rsqrt Exp Exp2 Expm1
Log Log1p Log2 Log10 Erf Erfc Tanh Sin Cos Tan Sinh Cosh Arctan Clip Floor Ceil Round Trunc Sign Reciprocal Cbrt
NanToNum Sinc
""".split()
_SAME = "Cast SaturateCast StopGradient Copy ConvertToTensor View Array".split()


def _snake(name: str) -> str:
    """The name of a function, of that of its class.

    >>> _snake("LeakyRelu"), _snake("Relu6")
    ('leaky_relu', 'relu6')
    """
    word = "".join([f"_{letter.lower()}" if letter.isupper() else letter for letter in name]).lstrip("_")
    return WORDS.get(word, word)


OPERATIONS: Mapping[str, LayerRule] = {
    **{name: pointwise(_snake(name)) for name in _FUNCTIONS},
    **dict.fromkeys(_SAME, identity),
    **dict.fromkeys(("Add", "Subtract", "Maximum", "Minimum", "Fmax", "Fmin", "Hypot"), _pair("add", "shifted")),
    **dict.fromkeys(
        ("Multiply", "Divide", "TrueDivide", "DivideNoNan", "Power", "FloorDivide"), _pair("multiply", "scaled")
    ),
    **dict.fromkeys(("Reshape", "Squeeze", "ExpandDims", "Ravel"), reshape),
    **dict.fromkeys(("Max", "Amax", "Min", "Amin"), _reduce("max")),
    **dict.fromkeys(("Mean",), _reduce("mean")),
    **dict.fromkeys(("Sum", "Prod", "Var", "Std"), _reduce("sum")),
    **dict.fromkeys(("Softmax", "LogSoftmax"), _softmax),
    "Transpose": _transpose,
    "Moveaxis": _moveaxis,
    "Swapaxes": _swapaxes,
    "Concatenate": _concat,
    "Stack": _stack,
    "Split": _split,
    "GetItem": _item,
    "Slice": _slice,
    "Pad": _pad,
    "Matmul": _matmul,
    "Resize": _resize,
    "MaxPool": _pool("max"),
    "AveragePool": _pool("avg"),
    "Flip": _flip,
    "Roll": _roll,
    "BroadcastTo": _expand,
}
