"""PyTorch's operators that compute with the numbers of one place, of two tensors, or along dimensions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from rfdocs.importing.foreign_graph import HIDING
from rfdocs.importing.torch_draft import Fixed, OperatorCall, Shape, Traced, tensors_of
from rfdocs.importing.torch_shapes import Value, axes_of, counted, expanded, sliced

Rule = Callable[[OperatorCall], Any]
_STATISTICS = "it is a mean or a deviation that a normalisation found; what it is used for would have to be known"
#: No number that hides a key has to be lower.
_LOWEST = 2 * HIDING
_WHICH = "it is the position of a number; what follows from it would have to be known"


def pointwise(word: str) -> Rule:
    """The rule of a function of every number by itself."""
    return lambda call: call.emit("pointwise", call.first, word=word)


def _limited(call: OperatorCall) -> Any:
    """A function that keeps numbers between two limits, some of which have names."""
    low, high = call.get("min", call.get("min_val")), call.get("max", call.get("max_val"))
    limits = [limit for limit in (low, high) if isinstance(limit, Traced | Fixed)]
    if limits:
        return _combined(call, "add", [call.first, *limits])
    word = {(0, 6): "relu6", (0, None): "relu"}.get((low, high), "clamp")
    return call.emit("pointwise", call.first, word=word)


def _prelu(call: OperatorCall) -> Any:
    if isinstance(call["weight"], Traced):
        return call.unknown("its slope depends on the image; on which of its numbers would have to be known")
    return call.emit("prelu", call.first, learned=(call["weight"],))


def binary(kind: str) -> Rule:
    """The rule of what computes one number of two, in the same place of two tensors or of a tensor and a number."""

    def rule(call: OperatorCall) -> Any:
        return _combined(call, kind, list(call.arguments.values())[:2])

    return rule


def _combined(call: OperatorCall, kind: str, values: Iterable[Any]) -> Traced:
    """What is computed place by place of some tensors and numbers, one after the other.

    A fixed tensor of one number is as good as that number, unless it was learned.
    """
    tensors = [value for value in values if isinstance(value, Traced | Fixed) and not _is_number(value)]
    if len(tensors) == 1:
        whole = expanded(call, tensors[0], call.shape)
        return call.emit("pointwise", whole, word=call.whereabouts.operator.rpartition(".")[2].rstrip("_"))
    result, *others = tensors
    for other in others:
        result = call.emit(kind, result, other, shape=broadcast(result.shape, other.shape))
    assert isinstance(result, Traced)
    return result


def _is_number(value: Value) -> bool:
    return isinstance(value, Fixed) and not value.learned and math.prod(value.shape) == 1


def broadcast(one: Shape, other: Shape) -> Shape:
    """The shape of what is computed of two.

    >>> broadcast((2, 1, 5), (3, 1))
    (2, 3, 5)
    """
    dimensions = max(len(one), len(other))
    pairs = zip(_aligned(one, dimensions), _aligned(other, dimensions), strict=True)
    return tuple(second if first == 1 else first for first, second in pairs)


def _aligned(shape: Shape, dimensions: int) -> Shape:
    return (1,) * (dimensions - len(shape)) + shape


def _sum_with_product(call: OperatorCall) -> Any:
    """A first tensor, and added to it the product or quotient of two others."""
    return _added(call, call.first, _product(call, call["tensor1"], call["tensor2"]))


def _lerp(call: OperatorCall) -> Any:
    """The first, and a part of the way to the second."""
    way = _added(call, call.first, call["end"])
    weight = call["weight"]
    part = _product(call, way, weight) if isinstance(weight, Traced | Fixed) else way
    return _added(call, call.first, part)


def _product(call: OperatorCall, one: Value, other: Value) -> Value:
    shape = broadcast(one.shape, other.shape)
    if isinstance(one, Fixed) and isinstance(other, Fixed):
        return Fixed(shape, one.learned + other.learned)
    return call.emit("multiply", one, other, shape=shape)


def _added(call: OperatorCall, one: Value, other: Value) -> Traced:
    return call.emit("add", one, other, shape=broadcast(one.shape, other.shape))


def _where(call: OperatorCall) -> Any:
    """One tensor or the other, place by place."""
    condition, choices = call["condition"], [*tensors_of((call["self"], call["other"]))]
    if isinstance(condition, Traced):
        return _combined(call, "add", [condition, *choices])
    traced = [value for value in choices if isinstance(value, Traced)]
    if len(traced) > 1:
        return call.unknown("it takes the one or the other tensor by a fixed mask, which would have to be known")
    [chosen] = [call["other"] if choice is call["self"] else call["self"] for choice in traced]
    lowest = _lowest(chosen)
    if lowest is not None:
        added = added_by(condition, lowest, hidden=traced[0] is not call["self"])
        return expanded(call, _added(call, traced[0], added), call.shape)
    masked = _product(call, traced[0], condition)
    learned = [value for value in choices if isinstance(value, Fixed) and value.learned]
    return _added(call, masked, learned[0]) if learned else expanded(call, masked, call.shape)


def _masked_fill(call: OperatorCall) -> Any:
    mask, value = call["mask"], call["value"]
    if isinstance(mask, Traced) or isinstance(value, Traced):
        return _combined(call, "add", [call.first, mask, value])
    lowest = _lowest(value)
    if lowest is not None:
        return expanded(call, _added(call, call.first, added_by(mask, lowest, hidden=True)), call.shape)
    return expanded(call, _product(call, call.first, mask), call.shape)


def _lowest(value: Any) -> float | None:
    """The number that is put in the place of others, where it is as low as those that hide keys from attention."""
    if isinstance(value, Fixed) and _is_number(value):
        numbers = value.numbers()
        value = None if numbers is None else numbers.item()
    return float(value) if isinstance(value, int | float) and value <= HIDING else None


def added_by(mask: Fixed, number: float, *, hidden: bool) -> Fixed:
    """What is added by a mask: the number where it is so, and else nothing."""

    def numbers() -> Any:
        known = mask.numbers()
        return None if known is None else (known.bool() == hidden).double() * max(number, _LOWEST)

    return Fixed(mask.shape, mask.learned, numbers)


def reduce(mode: str) -> Rule:
    """The rule of a mean, a sum or a maximum over dimensions; where positions come with it, nobody follows them."""

    def rule(call: OperatorCall) -> Any:
        return _reduced(call, call.first, mode)

    return rule


def _reduced(call: OperatorCall, source: Traced, mode: str) -> Any:
    axes = axes_of(call.get("dim"), len(source.shape))
    node = call.emit("reduce", source, mode=mode, axes=axes, keep=bool(call.get("keepdim")))
    if len(call.shapes) == 1:
        return node
    return node, call.emit("unknown", source, shape=call.shapes[1], why=_WHICH)


def _extreme(call: OperatorCall) -> Any:
    """The maximum or minimum of two tensors, or over dimensions."""
    return _combined(call, "add", [call.first, call["other"]]) if "other" in call.arguments else reduce("max")(call)


def _spread(call: OperatorCall) -> Any:
    """A variance, or its root: a function of the mean of the squares and of the mean."""
    axes = axes_of(call.get("dim"), len(call.first.shape))
    keep = bool(call.get("keepdim"))
    squares = call.emit("pointwise", call.first, shape=call.first.shape, word="square")
    means = [call.emit("reduce", value, mode="mean", axes=axes, keep=keep) for value in (squares, call.first)]
    spread = call.emit("add", means[0], call.emit("pointwise", means[1], word="square"))
    return spread if len(call.shapes) == 1 else (spread, means[1])


def summed(inner: str, outer: str) -> Rule:
    """The rule of a function of the sum of functions of single numbers: a length, say."""

    def rule(call: OperatorCall) -> Any:
        each = call.emit("pointwise", call.first, shape=call.first.shape, word=inner)
        return call.emit("pointwise", _reduced(call, each, "sum"), word=outer)

    return rule


def _softmax(call: OperatorCall) -> Any:
    return call.emit("softmax", call.first, axis=counted(call["dim"], len(call.shape)))


def _log_softmax(call: OperatorCall) -> Any:
    return call.emit("pointwise", _softmax(call), word="log")


def _glu(call: OperatorCall) -> Any:
    """The first half, times the sigmoid of the second."""
    axis = counted(call["dim"], len(call.shape))
    half = call.shape[axis]
    value = sliced(call, call.first, axis, 0, half)
    gate = call.emit("pointwise", sliced(call, call.first, axis, half, 2 * half), word="sigmoid")
    return call.emit("multiply", value, gate)


def _affine(call: OperatorCall) -> dict[str, Any]:
    """The learned numbers of a normalisation, and how many each channel has."""
    given = [call.get(name) for name in ("weight", "bias")]
    learned = [value for value in given if isinstance(value, Fixed) and value.learned]
    return {"learned": learned, "affine": len(learned)}


def _norm(call: OperatorCall, mode: str, *, axes: tuple[int, ...] | None = None, groups: int | None = None) -> Any:
    if any(isinstance(call.get(name), Traced) for name in ("weight", "bias", "running_mean", "running_var")):
        return call.unknown("its scale or its shift depends on the image; on which numbers would have to be known")
    node = call.emit("norm", call.first, mode=mode, axes=axes, groups=groups, **_affine(call))
    statistics = [call.emit("unknown", call.first, shape=shape, why=_STATISTICS) for shape in call.shapes[1:]]
    return (node, *statistics) if statistics else node


def _batch_norm(call: OperatorCall) -> Any:
    """With the statistics that it has learned; with those of the one image, it is an instance's."""
    own = call.get("training", default=False) or call["running_mean"] is None
    return _norm(call, "instance" if own else "batch")


def _instance_norm(call: OperatorCall) -> Any:
    return _norm(call, "instance" if call["use_input_stats"] else "batch")


def _group_norm(call: OperatorCall) -> Any:
    return _norm(call, "group", groups=call.get("num_groups", call.get("group")))


def _layer_norm(call: OperatorCall) -> Any:
    dimensions = len(call.shape)
    return _norm(call, "layer", axes=tuple(range(dimensions - len(call["normalized_shape"]), dimensions)))


_ACTIVATIONS = {
    "relu": "relu", "relu6": "relu6", "leaky_relu": "leaky_relu", "rrelu": "leaky_relu", "elu": "elu", "selu": "selu",
    "gelu": "gelu", "silu": "silu", "hardswish": "hard_swish", "hardsigmoid": "hard_sigmoid", "mish": "mish",
    "sigmoid": "sigmoid", "tanh": "tanh",
}  # fmt: skip
_FUNCTIONS = (
    "abs", "acos", "acosh", "arccos", "arcsin", "arctan", "asin", "asinh", "atan", "atanh", "bitwise_not", "ceil",
    "celu", "cos", "cosh", "deg2rad", "digamma", "erf", "erfc", "erfinv", "exp", "exp2", "expm1", "floor", "frac",
    "hardshrink", "isfinite", "isinf", "isnan", "lgamma", "log", "log10", "log1p", "log2", "log_sigmoid",
    "logical_not", "logit", "nan_to_num", "neg", "negative", "rad2deg", "reciprocal", "round", "rsqrt", "sgn", "sign",
    "signbit", "sin", "sinc", "sinh", "softplus", "softshrink", "special_expit", "sqrt", "square", "tan", "threshold",
    "trunc", "fix", "real",
)  # fmt: skip
_SUMS = (
    "add", "sub", "subtract", "rsub", "maximum", "minimum", "fmax", "fmin", "eq", "ne", "lt", "le", "gt", "ge",
    "logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor", "__and__", "__or__",
    "__xor__", "logaddexp", "hypot",
)  # fmt: skip
_PRODUCTS = (
    "mul", "multiply", "div", "divide", "true_divide", "floor_divide", "remainder", "fmod", "pow", "atan2", "arctan2",
    "float_power", "xlogy", "copysign", "heaviside",
)  # fmt: skip

NUMBERS: dict[str, Rule] = {
    **{name: pointwise(word) for name, word in _ACTIVATIONS.items()},
    **{name: pointwise(name) for name in _FUNCTIONS},
    **dict.fromkeys(("clamp", "clip", "hardtanh", "clamp_min", "clamp_max"), _limited),
    **dict.fromkeys(("prelu", "_prelu_kernel"), _prelu),
    **dict.fromkeys(_SUMS, binary("add")),
    **dict.fromkeys(_PRODUCTS, binary("multiply")),
    **dict.fromkeys(("addcmul", "addcdiv"), _sum_with_product),
    "lerp": _lerp,
    "where": _where,
    "masked_fill": _masked_fill,
    "mean": reduce("mean"),
    **dict.fromkeys(("sum", "nansum"), reduce("sum")),
    **dict.fromkeys(("amax", "amin", "any", "all"), reduce("max")),
    **dict.fromkeys(("max", "min"), _extreme),
    **dict.fromkeys(("var", "std", "var_mean", "std_mean"), _spread),
    **dict.fromkeys(("linalg_vector_norm", "norm"), summed("power", "root")),
    "logsumexp": summed("exp", "log"),
    **dict.fromkeys(("softmax", "_softmax", "_safe_softmax"), _softmax),
    **dict.fromkeys(("log_softmax", "_log_softmax"), _log_softmax),
    "glu": _glu,
    **dict.fromkeys(("batch_norm", "native_batch_norm", "_native_batch_norm_legit_no_training"), _batch_norm),
    "instance_norm": _instance_norm,
    "local_response_norm": lambda call: _norm(call, "local"),
    **dict.fromkeys(("group_norm", "native_group_norm"), _group_norm),
    **dict.fromkeys(("layer_norm", "native_layer_norm", "rms_norm", "_fused_rms_norm"), _layer_norm),
}
