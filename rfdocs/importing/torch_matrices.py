"""PyTorch's operators that multiply by matrices, attend, or go along a sequence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from rfdocs.importing.torch_draft import Fixed, OperatorCall, Traced, tensors_of
from rfdocs.importing.torch_numbers import added_by, broadcast
from rfdocs.importing.torch_shapes import Value, joined, permuted, reshaped, sliced

Rule = Callable[[OperatorCall], Any]
#: Learned matrices stand on either side of a product.
_MATRIX = 2


def _linear(call: OperatorCall) -> Any:
    weight, bias = call["weight"], call["bias"]
    if isinstance(weight, Fixed) and not isinstance(bias, Traced) and len(weight.shape) == _MATRIX:
        return _through(call, call.first, weight, call.shape[-1], bias)
    if len(weight.shape) != _MATRIX:
        return call.unknown("it multiplies by a vector")
    return _shifted(call, multiplied(call, call.first, permuted(call, weight, (1, 0))), bias)


def _through(call: OperatorCall, value: Traced, weight: Fixed, channels: int, bias: Fixed | None = None) -> Traced:
    """A tensor's last dimension through a fixed matrix."""
    return call.emit(
        "linear",
        value,
        shape=(*value.shape[:-1], channels),
        learned=(weight, bias),
        channels=channels,
        bias=bias is not None,
        weights=math.prod(weight.shape),
    )


def _shifted(call: OperatorCall, value: Value, bias: Value | None) -> Value:
    if bias is None:
        return value
    return call.emit("add", value, bias, shape=broadcast(value.shape, bias.shape))


def multiplied(call: OperatorCall, one: Value, other: Value) -> Value:
    """The product of two matrices, or of two tensors of them; a vector is a row before, and a column after."""
    if len(one.shape) == 1:
        return _without(call, multiplied(call, reshaped(call, one, (1, *one.shape)), other), -2)
    if len(other.shape) == 1:
        return _without(call, multiplied(call, one, reshaped(call, other, (*other.shape, 1))), -1)
    if isinstance(other, Fixed) and isinstance(one, Traced) and len(other.shape) == _MATRIX:
        return _through(call, one, other, other.shape[1])
    if isinstance(one, Fixed) and isinstance(other, Traced) and len(one.shape) == _MATRIX:
        turned = _turned(call, other)
        assert isinstance(turned, Traced)
        return _turned(call, _through(call, turned, one, one.shape[0]))
    shape = (*broadcast(one.shape[:-2], other.shape[:-2]), one.shape[-2], other.shape[-1])
    return call.emit("matmul", one, other, shape=shape)


def _without(call: OperatorCall, value: Value, axis: int) -> Value:
    """A tensor without a dimension of length 1."""
    shape = list(value.shape)
    del shape[axis]
    return reshaped(call, value, shape)


def _turned(call: OperatorCall, value: Value) -> Value:
    order = list(range(len(value.shape)))
    return permuted(call, value, [*order[:-2], order[-1], order[-2]])


def _matmul(call: OperatorCall) -> Any:
    one, other = [*tensors_of(call.arguments.values())][:2]
    return multiplied(call, one, other)


def _add_matmul(call: OperatorCall) -> Any:
    """A product of matrices that something is added to."""
    bias, one, other = [*tensors_of(call.arguments.values())][:3]
    if isinstance(one, Traced) and isinstance(other, Fixed) and isinstance(bias, Fixed) and len(bias.shape) == 1:
        return _through(call, one, other, other.shape[-1], bias)
    return _shifted(call, multiplied(call, one, other), bias)


def _einsum(call: OperatorCall) -> Any:
    """A sum of products of two tensors, as a product of matrices: what both have and the result has not is summed."""
    tensors = call["tensors"]
    left, _, result = call["equation"].replace(" ", "").partition("->")
    words = left.split(",")
    if len(tensors) != 2 or len(words) != 2 or not _is_plain(words, result):
        return call.unknown(f"the sum of products '{call['equation']}' is none of two matrices")
    return _contracted(call, tensors, words, result)


def _is_plain(words: Sequence[str], result: str) -> bool:
    """Whether each letter stands once in a word, and what only one tensor has stays."""
    single = set(words[0]) ^ set(words[1])
    letters = "".join(words)
    unique = all(len(set(word)) == len(word) for word in (*words, result))
    return letters.isalpha() and unique and set(result) <= set(letters) and single <= set(result)


def _contracted(call: OperatorCall, tensors: Sequence[Value], words: Sequence[str], result: str) -> Value:
    one, other = words
    lengths = dict(zip(one + other, tensors[0].shape + tensors[1].shape, strict=True))
    both = [letter for letter in one if letter in other]
    kept, summed = [letter for letter in both if letter in result], [letter for letter in both if letter not in result]
    rows = [letter for letter in one if letter not in other]
    columns = [letter for letter in other if letter not in one]
    first = _arranged(call, tensors[0], one, (kept, rows, summed), lengths)
    second = _arranged(call, tensors[1], other, (kept, summed, columns), lengths)
    order = [*kept, *rows, *columns]
    whole = reshaped(call, multiplied(call, first, second), [lengths[letter] for letter in order])
    return permuted(call, whole, [order.index(letter) for letter in result])


def _arranged(
    call: OperatorCall, value: Value, word: str, groups: Sequence[Sequence[str]], lengths: dict[str, int]
) -> Value:
    """A tensor as matrices: a dimension for each group of letters, none for a first group that is empty."""
    turned = permuted(call, value, [word.index(letter) for group in groups for letter in group])
    sizes = [math.prod(lengths[letter] for letter in group) for group in groups]
    return reshaped(call, turned, sizes if groups[0] else sizes[1:])


def _attention(call: OperatorCall) -> Any:
    """Attention; a mask, fixed or not, is a fourth input."""
    three = [call["query"], call["key"], call["value"]]
    mask = [_added_mask(call["attn_mask"])] if isinstance(call["attn_mask"], Traced | Fixed) else []
    return call.emit("attention", *three, *mask, causal=bool(call["is_causal"]))


def _added_mask(mask: Value) -> Value:
    """What a mask adds to the scores: one of truths hides keys where it is false."""
    if isinstance(mask, Traced):
        return mask

    def numbers() -> Any:
        known = mask.numbers()
        return (
            known if known is None or known.is_floating_point() else added_by(mask, -math.inf, hidden=False).numbers()
        )

    return Fixed(mask.shape, mask.learned, numbers)


def recurrence(mode: str) -> Rule:
    """The rule of a recurrent network: a node for each of its layers."""

    def rule(call: OperatorCall) -> Any:
        if "batch_sizes" in call.arguments:
            return call.unknown("it goes along sequences of several lengths, which would have to be known")
        if any(isinstance(value, Traced) for value in tensors_of((call["hx"], call["params"]))):
            return call.unknown("its first state or its weights depend on the image; on which numbers is not known")
        return _layers(call, mode)

    return rule


def _layers(call: OperatorCall, mode: str) -> Any:
    directions, axis = 1 + call["bidirectional"], int(call["batch_first"] and len(call.shape) > _MATRIX)
    channels = call.shape[-1] // directions
    each = len(call["params"]) // call["num_layers"]
    value, states = call.first, list[Value]()
    for layer in range(call["num_layers"]):
        weights = call["params"][layer * each : (layer + 1) * each]
        value = call.emit(
            "recurrence",
            value,
            shape=(*value.shape[:-1], channels * directions),
            learned=weights,
            mode=mode,
            axis=axis,
            channels=channels,
            directions=directions,
            weights=sum(math.prod(weight.shape) for weight in weights if len(weight.shape) == _MATRIX),
        )
        states.extend(_last_state(call, value, axis, channels, direction) for direction in range(directions))
    memory = [call.emit("unknown", value, shape=shape, why=_MEMORY) for shape in call.shapes[2:]]
    return value, reshaped(call, joined(call, states, 0), call.shapes[1]), *memory


_MEMORY = "it is the inner memory of a recurrent layer; what it depends on would have to be known"


def _last_state(call: OperatorCall, value: Traced, axis: int, channels: int, direction: int) -> Value:
    """What a direction gives last: at the end, and against the sequence at its beginning."""
    place = 0 if direction else value.shape[axis] - 1
    last = sliced(call, value, axis, place, place + 1)
    own = sliced(call, last, len(value.shape) - 1, direction * channels, (direction + 1) * channels)
    return reshaped(call, own, (1, *(length for place, length in enumerate(own.shape) if place != axis)))


MATRICES: dict[str, Rule] = {
    "linear": _linear,
    **dict.fromkeys(("matmul", "mm", "bmm", "mv", "__matmul__", "linalg_matmul"), _matmul),
    **dict.fromkeys(("addmm", "baddbmm", "addmv"), _add_matmul),
    "einsum": _einsum,
    "scaled_dot_product_attention": _attention,
    "lstm": recurrence("lstm"),
    "gru": recurrence("gru"),
    **dict.fromkeys(("rnn_tanh", "rnn_relu"), recurrence("rnn")),
}
