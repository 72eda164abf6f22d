"""The operators of ONNX that look at every number by itself, at two tensors, or at one dimension."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from rfdocs.importing.drafts import Puzzling
from rfdocs.importing.foreign_graph import HIDING, Node
from rfdocs.importing.onnx_draft import Dims, Handler, OnnxCall, OnnxTensor, positive

#: Functions of one number, by their word.
FUNCTIONS = {
    "Relu": "relu", "LeakyRelu": "leaky_relu", "Elu": "elu", "Selu": "selu", "Celu": "celu", "Gelu": "gelu",
    "FastGelu": "gelu", "QuickGelu": "gelu", "Swish": "silu", "Sigmoid": "sigmoid", "Tanh": "tanh",
    "HardSigmoid": "hard_sigmoid", "HardSwish": "hard_swish", "Mish": "mish", "Softplus": "softplus",
    "Softsign": "softsign", "ThresholdedRelu": "thresholded_relu", "Shrink": "shrink", "Abs": "abs", "Neg": "neg",
    "Exp": "exp", "Log": "log", "Sqrt": "sqrt", "Reciprocal": "reciprocal", "Erf": "erf", "Floor": "floor",
    "Ceil": "ceil", "Round": "round", "Sign": "sign", "Not": "not", "BitwiseNot": "not", "IsNaN": "isnan",
    "IsInf": "isinf", "Sin": "sin", "Cos": "cos", "Tan": "tan", "Asin": "asin", "Acos": "acos", "Atan": "atan",
    "Sinh": "sinh", "Cosh": "cosh", "Asinh": "asinh", "Acosh": "acosh", "Atanh": "atanh",
}  # fmt: skip
#: Functions of several tensors, broadcast: what each is like, and its word with constants.
_SEVERAL = {
    "Add": "add", "Sub": "add", "Sum": "add", "Mean": "add", "Max": "add", "Min": "add", "Mul": "multiply",
    "Div": "multiply", "Pow": "multiply", "Mod": "multiply", "Equal": "add", "Greater": "add", "Less": "add",
    "GreaterOrEqual": "add", "LessOrEqual": "add", "And": "multiply", "Or": "add", "Xor": "add",
    "BitwiseAnd": "multiply", "BitwiseOr": "add", "BitwiseXor": "add", "BitShift": "multiply",
}  # fmt: skip
#: What only looks, or only changes how numbers are stored.
_KEEPING = ("Identity", "Cast", "CastLike", "Dropout", "QuantizeLinear", "DequantizeLinear")


def _function(word: str) -> Handler:
    return lambda call: call.add("pointwise", call.data, word=word)


def _keep(call: OnnxCall) -> int:
    return call.add("identity", call.data)


def _clip(call: OnnxCall) -> int:
    return call.add("pointwise", call.data, word=_clipped(_bound(call, "min", 1), _bound(call, "max", 2)))


def _bound(call: OnnxCall, key: str, index: int) -> Any:
    """A bound of a clipping, if it has one; a word where it is none that is known."""
    tensor = call.input(index)
    if tensor is None:
        return call.get(key)
    if not tensor.is_constant:
        raise Puzzling(f"its `{key}` must be a constant, and is computed from the image")
    return "?" if tensor.value is None else float(tensor.value.reshape(-1)[0]) if tensor.value.size else None


def _clipped(low: Any, high: Any) -> str:
    """The word for a clipping.

    >>> _clipped(0.0, 6.0), _clipped(0.0, None), _clipped(-1.0, 1.0)
    ('relu6', 'relu', 'clip')
    """
    unbounded = high is None or (isinstance(high, float) and high > 3e38)
    return "relu6" if (low, high) == (0, 6) else "relu" if low == 0 and unbounded else "clip"


def _prelu(call: OnnxCall) -> int:
    slope = call.constant(1, "slope")
    return call.add("prelu", call.data, learned=call.draft.weights(slope))


def _several(kind: str) -> Handler:
    def several(call: OnnxCall) -> int:
        tensors = [tensor for tensor in call.inputs if tensor is not None]
        read = [tensor for tensor in tensors if not _vanishes(call, tensor)]
        if len(read) == 1 and read[0].shape == call.shape:
            return call.add("pointwise", read[0], word=call.operator.lower())
        return _paired(call, kind, read if len(read) > 1 else tensors)

    return several


def _paired(call: OnnxCall, kind: str, tensors: list[OnnxTensor]) -> int:
    """All of several tensors, the first two put together, and that with the next."""
    first, *others = tensors
    number, shape = call.draft.number(first), call.shape_of(first)
    for other in others:
        shape = broadcast((shape, call.shape_of(other)))
        number = call.add(kind, number, other, shape=shape)
    return number


def _where(call: OnnxCall) -> int:
    """One tensor or the other, place by place; by a fixed mask, numbers that hide keys from attention are added, and
    others take the place of what is multiplied by 0.
    """
    condition, *choices = (tensor for tensor in call.inputs if tensor is not None)
    if not condition.is_constant:
        return _paired(call, "add", [tensor for tensor in (condition, *choices) if not _vanishes(call, tensor)])
    if condition.value is None or not any(choice.is_constant for choice in choices):
        raise Puzzling("it takes the one or the other tensor by a fixed mask, which would have to be known")
    place = next(place for place, choice in enumerate(choices) if not choice.is_constant)
    kept, chosen = choices[place], choices[1 - place]
    known = np.asarray(condition.value, bool)
    shows = ~known if place else known
    lowest = float(np.asarray(chosen.value)) if chosen.count == 1 and chosen.value is not None else 0.0
    if lowest <= HIDING:
        return call.add("add", kept, _mask(call, np.where(shows, 0.0, max(lowest, 2 * HIDING))))
    masked = call.add("multiply", kept, _mask(call, shows), shape=broadcast((call.shape_of(kept), shows.shape)))
    return call.add("add", masked, chosen) if call.draft.holds_learned(chosen) else masked


def _mask(call: OnnxCall, numbers: Any) -> int:
    """The node of numbers that nobody learned."""
    given = {"numbers": lambda: numbers}
    return call.draft.add(Node("constant", (), numbers.shape, given, (), "", "constant"))


def _vanishes(call: OnnxCall, tensor: OnnxTensor) -> bool:
    """Whether a tensor is one number that nobody learned: part of the function of the others."""
    return tensor.is_constant and tensor.count == 1 and not call.draft.holds_learned(tensor)


def _softmax(call: OnnxCall) -> int:
    """A softmax: before version 13 over all dimensions from its axis on, as if they were one."""
    rank = len(call.dims)
    if call.opset >= 13:
        return call.add("softmax", call.data, axis=call.axis(-1))
    axis = call.axis(1)
    if prod(call.dims[axis + 1 :]) == 1:
        return call.add("softmax", call.data, axis=min(axis, rank - 1))
    flat = prod(call.dims[:axis]), prod(call.dims[axis:])
    first = call.add("reshape", call.data, shape=flat)
    return call.add("reshape", call.add("softmax", first, shape=flat, axis=1))


_REDUCED = {
    "ReduceMean": "mean", "ReduceMax": "max", "ReduceMin": "max", "ReduceSum": "sum", "ReduceL1": "sum",
    "ReduceL2": "sum", "ReduceLogSum": "sum", "ReduceLogSumExp": "sum", "ReduceProd": "sum", "ReduceSumSquare": "sum",
}  # fmt: skip


def _reduce(mode: str) -> Handler:
    def reduce(call: OnnxCall) -> int:
        rank = len(call.dims)
        axes = call.numbers("axes", 1)
        if not axes and call.get("noop_with_empty_axes", 0):
            return _keep(call)
        counted = tuple(sorted({positive(axis, rank) for axis in axes})) if axes else tuple(range(rank))
        return call.add("reduce", call.data, mode=mode, axes=counted, keep=bool(call.get("keepdims", 1)))

    return reduce


def _arg(call: OnnxCall) -> int:
    """The place of an extreme: it looks at all along its axis."""
    return call.add("reduce", call.data, mode="max", axes=(call.axis(0),), keep=bool(call.get("keepdims", 1)))


def _dynamic_quantisation(call: OnnxCall) -> tuple[int, ...]:
    """The numbers, and their scale and zero: these come from the extremes of all of them."""
    axes = tuple(range(len(call.dims)))
    least, zero = (call.add("reduce", call.data, shape=(), mode="max", axes=axes, keep=False) for _ in "sz")
    return _keep(call), least, zero


def last_matrix(
    call: OnnxCall, data: OnnxTensor | int, weights: OnnxTensor, bias: OnnxTensor | None, channels: int
) -> int:
    """The last dimension of a tensor through a matrix that is a constant."""
    own = call.draft.weights(bias)
    given: dict[str, Any] = {"channels": channels, "bias": bool(own), "weights": weights.count}
    return call.add("linear", data, learned=call.draft.weights(weights) + own, **given)


def _matmul(call: OnnxCall) -> int:
    left, right = call.inputs[0], call.inputs[1]
    assert left is not None
    assert right is not None
    if right.is_constant and len(call.shape_of(right)) == 2 and not left.is_constant:
        return last_matrix(call, left, right, None, call.shape_of(right)[1])
    return call.add("matmul", left, right)


def _gemm(call: OnnxCall) -> int:
    left, right, bias = call.inputs[0], call.inputs[1], call.input(2)
    assert left is not None
    assert right is not None
    if call.get("alpha", 1.0) == 0:
        raise Puzzling("its `alpha` is 0, so that nothing of its first input is left")
    first = _turned(call, left, bool(call.get("transA", 0)))
    if not right.is_constant or left.is_constant:
        product = call.add("matmul", first, _turned(call, right, bool(call.get("transB", 0))))
        return product if bias is None else call.add("add", product, bias)
    constant = bias if bias is not None and bias.is_constant else None
    product = last_matrix(call, first, right, constant, call.shape[-1])
    return product if bias is None or bias.is_constant else call.add("add", product, bias)


def _turned(call: OnnxCall, tensor: OnnxTensor, turn: bool) -> OnnxTensor | int:
    shape = call.shape_of(tensor)
    return call.add("permute", tensor, shape=shape[::-1], order=(1, 0)) if turn else tensor


def _attention(call: OnnxCall) -> int:
    inputs = call.inputs[:3]
    if len(inputs) < 3 or any(tensor is None or tensor.is_constant for tensor in inputs):
        raise Puzzling("its queries, keys and values would have to come from the image")
    if any(tensor is not None for tensor in call.inputs[4:]) or len(call.dims) != 4:
        raise Puzzling("only attention of (batch, heads, length, channels) without a past is known")
    if call.input(3) is not None:
        raise Puzzling("its mask would have to be known")
    read = [tensor for tensor in inputs if tensor is not None]
    return call.add("attention", *read, causal=bool(call.get("is_causal", 0)))


def broadcast(shapes: tuple[Dims, ...]) -> Dims:
    """The shape that several have together.

    >>> broadcast(((1, 8, 7, 7), (8, 1, 1)))
    (1, 8, 7, 7)
    """
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    return tuple(max(lengths) for lengths in zip(*padded, strict=True))


TABLE: dict[str, Handler] = {
    **{operator: _function(word) for operator, word in FUNCTIONS.items()},
    **{operator: _several(kind) for operator, kind in _SEVERAL.items()},
    **dict.fromkeys(_KEEPING, _keep),
    **{operator: _reduce(mode) for operator, mode in _REDUCED.items()},
    "Where": _where,
    "ArgMax": _arg,
    "ArgMin": _arg,
    "Clip": _clip,
    "PRelu": _prelu,
    "Softmax": _softmax,
    "LogSoftmax": _softmax,
    "Hardmax": _softmax,
    "DynamicQuantizeLinear": _dynamic_quantisation,
    "MatMul": _matmul,
    "Gemm": _gemm,
    "Attention": _attention,
}
