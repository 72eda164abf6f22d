"""PyTorch's operators that lay the numbers of a tensor out in another way, take some of them, or join tensors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from rfdocs.importing.torch_draft import Fixed, OperatorCall, Shape, Traced
from rfdocs.importing.torch_windows import both_sides, per_axis

Rule = Callable[[OperatorCall], Any]
Value = Traced | Fixed
#: So many slices at most stand for one operator.
_MOST_PARTS = 1024
_SCATTERED = "it takes numbers at positions that the image decides; which ones would have to be known"


def counted(axis: int, dimensions: int) -> int:
    """An axis counted from 0.

    >>> counted(-1, 4)
    3
    """
    return axis + dimensions if axis < 0 else axis


def axes_of(given: Any, dimensions: int) -> tuple[int, ...]:
    """Axes counted from 0, in their order; all, where none is given."""
    if given is None or given == []:
        return tuple(range(dimensions))
    return tuple(sorted(counted(axis, dimensions) for axis in ([given] if isinstance(given, int) else given)))


def reshaped(call: OperatorCall, value: Value, shape: Iterable[int]) -> Value:
    """The same numbers, in their order, in another shape."""
    shape = tuple(shape)
    if value.shape == shape:
        return value
    return Fixed(shape, value.learned) if isinstance(value, Fixed) else call.emit("reshape", value, shape=shape)


def permuted(call: OperatorCall, value: Value, order: Sequence[int]) -> Value:
    """A tensor with its dimensions in another order."""
    order = tuple(counted(axis, len(order)) for axis in order)
    shape = tuple(value.shape[axis] for axis in order)
    if isinstance(value, Fixed):
        return Fixed(shape, value.learned)
    return value if order == tuple(range(len(order))) else call.emit("permute", value, shape=shape, order=order)


def expanded(call: OperatorCall, value: Value, shape: Shape) -> Value:
    """A tensor repeated along dimensions that have a length of 1 or are not there."""
    value = reshaped(call, value, (1,) * (len(shape) - len(value.shape)) + value.shape)
    if isinstance(value, Fixed):
        return Fixed(shape, value.learned)
    return value if value.shape == shape else call.emit("expand", value, shape=shape)


def sliced(call: OperatorCall, value: Value, axis: int, start: int, stop: int, step: int = 1) -> Value:
    """Every so many-th number along an axis; all of them are the tensor itself, and none follow from no image."""
    length = max(0, -((start - stop) // step))
    shape = (*value.shape[:axis], length, *value.shape[axis + 1 :])
    if shape == value.shape:
        return value
    if isinstance(value, Fixed):
        return Fixed(shape, value.learned)
    if not length:
        return Fixed(shape)
    return call.emit("slice", value, shape=shape, axis=axis, start=start, stop=stop, step=step)


def joined(call: OperatorCall, values: Sequence[Value], axis: int) -> Value:
    """Tensors one after the other; of none but one, itself."""
    if len(values) == 1:
        return values[0]
    length = sum(value.shape[axis] for value in values)
    shape = (*values[0].shape[:axis], length, *values[0].shape[axis + 1 :])
    if not any(isinstance(value, Traced) for value in values):
        return Fixed(shape, tuple(name for value in values if isinstance(value, Fixed) for name in value.learned))
    return call.emit("concat", *values, shape=shape, axis=axis)


def _reshape(call: OperatorCall) -> Any:
    return reshaped(call, call.first, call.shape)


def _permute(call: OperatorCall) -> Any:
    return permuted(call, call.first, call["dims"])


def _transpose(call: OperatorCall) -> Any:
    dimensions = len(call.shape)
    order = list(range(dimensions))
    one, other = (counted(axis, dimensions) for axis in list(call.arguments.values())[1:3])
    order[one], order[other] = other, one
    return permuted(call, call.first, order)


def _transpose_last(call: OperatorCall) -> Any:
    order = list(range(len(call.shape)))
    return permuted(call, call.first, [*order[:-2], *order[-2:][::-1]])


def _reverse(call: OperatorCall) -> Any:
    return permuted(call, call.first, range(len(call.shape))[::-1])


def _movedim(call: OperatorCall) -> Any:
    dimensions = len(call.shape)
    places = ([axis] if isinstance(axis, int) else axis for axis in (call["source"], call["destination"]))
    sources, destinations = ([counted(axis, dimensions) for axis in one] for one in places)
    moved = dict(zip(destinations, sources, strict=True))
    rest = iter(axis for axis in range(dimensions) if axis not in sources)
    return permuted(call, call.first, [moved[axis] if axis in moved else next(rest) for axis in range(dimensions)])


def _expand(call: OperatorCall) -> Any:
    return expanded(call, call.first, call.shape)


def _broadcast(call: OperatorCall) -> Any:
    return tuple(expanded(call, value, shape) for value, shape in zip(call.first, call.shapes, strict=True))


def _repeat(call: OperatorCall) -> Any:
    times = tuple(call.get("repeats") or call["dims"])
    missing = len(call.shape) - len(call.first.shape)
    times = (1,) * (len(call.shape) - len(times)) + times
    value = reshaped(call, call.first, (1,) * missing + call.first.shape)
    for axis, number in enumerate(times):
        if number > _MOST_PARTS and value.shape[axis] > 1:
            return call.unknown(f"it repeats a tensor {number} times")
        value = _repeated(call, value, axis, number)
    return value


def _repeated(call: OperatorCall, value: Value, axis: int, number: int) -> Value:
    if value.shape[axis] == 1:
        return expanded(call, value, (*value.shape[:axis], number, *value.shape[axis + 1 :]))
    return joined(call, [value] * number, axis)


def _repeat_interleave(call: OperatorCall) -> Any:
    number, axis = call["repeats"], call.get("dim")
    if not isinstance(number, int):
        return call.unknown("how often it repeats each number would have to be known")
    value = call.first if axis is not None else reshaped(call, call.first, (math.prod(call.first.shape),))
    axis = counted(axis or 0, len(value.shape))
    before, length, after = value.shape[:axis], value.shape[axis], value.shape[axis + 1 :]
    apart = reshaped(call, value, (*before, length, 1, *after))
    return reshaped(call, expanded(call, apart, (*before, length, number, *after)), call.shape)


def _slice(call: OperatorCall) -> Any:
    axis, length = _axis(call)
    start = _bounded(call["start"] or 0, length)
    stop = length if call["end"] is None else _bounded(call["end"], length)
    return sliced(call, call.first, axis, start, stop, call["step"])


def _narrow(call: OperatorCall) -> Any:
    axis, length = _axis(call)
    if not isinstance(call["start"], int):
        return call.unknown("where it begins would have to be known")
    start = _bounded(call["start"], length)
    return sliced(call, call.first, axis, start, start + call["length"])


def _select(call: OperatorCall) -> Any:
    axis, length = _axis(call)
    index = counted(call["index"], length)
    return reshaped(call, sliced(call, call.first, axis, index, index + 1), call.shape)


def _axis(call: OperatorCall) -> tuple[int, int]:
    """The axis that an operator is about, and its length."""
    axis = counted(call["dim"], len(call.first.shape))
    return axis, call.first.shape[axis]


def _bounded(index: int, length: int) -> int:
    return min(max(counted(index, length), 0), length)


def _split(call: OperatorCall) -> Any:
    axis, _ = _axis(call)
    stops = [0]
    for shape in call.shapes:
        stops.append(stops[-1] + shape[axis])
    return tuple(sliced(call, call.first, axis, start, stop) for start, stop in pairwise(stops))


def _unbind(call: OperatorCall) -> Any:
    axis, length = _axis(call)
    parts = (sliced(call, call.first, axis, index, index + 1) for index in range(length))
    return tuple(reshaped(call, part, shape) for part, shape in zip(parts, call.shapes, strict=True))


def _concat(call: OperatorCall) -> Any:
    values = [value for value in call.first if math.prod(value.shape)] or call.first
    return joined(call, values, counted(call["dim"], len(call.shape)))


def _stack(call: OperatorCall) -> Any:
    axis = counted(call["dim"], len(call.shape))
    values = [reshaped(call, value, (*value.shape[:axis], 1, *value.shape[axis:])) for value in call.first]
    return joined(call, values, axis)


def _concat_at(axis: int) -> Rule:
    """The rule of an operator that joins tensors along this axis, if they have it."""

    def rule(call: OperatorCall) -> Any:
        if min(len(value.shape) for value in call.first) <= max(axis, 1):
            return call.unknown("it joins tensors of too few dimensions")
        return joined(call, call.first, axis)

    return rule


def _flip(call: OperatorCall) -> Any:
    return call.emit("flip", call.first, axes=axes_of(call["dims"], len(call.shape)))


def _roll(call: OperatorCall) -> Any:
    dimensions = len(call.shape)
    axes = [counted(axis, dimensions) for axis in call["dims"]]
    if not axes:
        flat = reshaped(call, call.first, (math.prod(call.shape),))
        rolled = call.emit("roll", flat, shape=flat.shape, axes=(0,), shifts=tuple(per_axis(call["shifts"], 1)))
        return reshaped(call, rolled, call.shape)
    return call.emit("roll", call.first, axes=tuple(axes), shifts=per_axis(call["shifts"], len(axes)))


def _index(call: OperatorCall) -> Any:
    """One fixed list of positions along one axis; it stands where this was."""
    given = [(axis, index) for axis, index in enumerate(call["indices"]) if index is not None]
    if any(isinstance(index, Traced) for _, index in given):
        return call.unknown(_SCATTERED)
    if len(given) != 1:
        return call.unknown("it takes numbers at positions along several axes at once")
    axis, index = given[0]
    return _taken(call, axis, index)


def _index_select(call: OperatorCall) -> Any:
    return (
        call.unknown(_SCATTERED) if isinstance(call["index"], Traced) else _taken(call, _axis(call)[0], call["index"])
    )


def _taken(call: OperatorCall, axis: int, index: Fixed) -> Any:
    numbers = index.numbers()
    if numbers is None:
        return call.unknown("the positions at which it takes numbers would have to be known")
    length = call.first.shape[axis]
    runs = list(runs_of([counted(position, length) for position in numbers.flatten().tolist()]))
    if not runs or len(runs) > _MOST_PARTS:
        return call.unknown(f"it takes numbers at positions of no order, in {len(runs)} pieces")
    parts = [_run(call, axis, *run) for run in runs]
    return reshaped(call, joined(call, parts, axis), call.shape)


def _run(call: OperatorCall, axis: int, first: int, number: int, step: int) -> Value:
    if not step:
        part = sliced(call, call.first, axis, first, first + 1)
        return expanded(call, part, (*part.shape[:axis], number, *part.shape[axis + 1 :]))
    last = first + (number - 1) * step
    part = sliced(call, call.first, axis, min(first, last), max(first, last) + 1, abs(step))
    return part if step > 0 or isinstance(part, Fixed) else call.emit("flip", part, shape=part.shape, axes=(axis,))


def runs_of(positions: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Positions as evenly spaced runs: the first of each, how many, and how far apart.

    >>> list(runs_of([0, 2, 4, 3, 2, 1, 1]))
    [(0, 3, 2), (3, 3, -1), (1, 1, 0)]
    """
    begin = 0
    while begin < len(positions):
        step = positions[begin + 1] - positions[begin] if begin + 1 < len(positions) else 0
        end = begin + 1
        while end < len(positions) and positions[end] - positions[end - 1] == step:
            end += 1
        yield positions[begin], end - begin, step
        begin = end


def _slice_scatter(call: OperatorCall) -> Any:
    axis, length = _axis(call)
    start = _bounded(call["start"] or 0, length)
    stop = length if call["end"] is None else _bounded(call["end"], length)
    if call["step"] > 1 and stop - start > _MOST_PARTS:
        return call.unknown("it writes at more places than are followed one by one")
    return _replaced(call, call["src"], axis, range(start, stop, call["step"]))


def _select_scatter(call: OperatorCall) -> Value:
    axis, length = _axis(call)
    index, source = counted(call["index"], length), call["src"]
    part = reshaped(call, source, (*source.shape[:axis], 1, *source.shape[axis:]))
    return _replaced(call, part, axis, range(index, index + 1))


def _replaced(call: OperatorCall, part: Value, axis: int, places: range) -> Value:
    """The first argument with other numbers at some places along an axis."""
    width = max(1, len(places)) if places.step == 1 else 1
    pieces, done = [], 0
    for number in range(0, len(places), width):
        pieces.append(sliced(call, call.first, axis, done, places[number]))
        pieces.append(sliced(call, part, axis, number, number + width))
        done = places[number] + width
    pieces.append(sliced(call, call.first, axis, done, call.first.shape[axis]))
    return joined(call, [piece for piece in pieces if piece.shape[axis]], axis)


def put_back(call: OperatorCall, key: str, part: Value) -> Any:
    """The first argument of a call that showed a part of it, when the part has other numbers; nothing for others."""
    replaced = OperatorCall(call.draft, {**call.arguments, "src": part}, (call.first.shape,), call.whereabouts)
    if key in {"slice", "select"}:
        return _SCATTERS[key](replaced)
    return reshaped(replaced, part, call.first.shape) if key in _VIEWS or key in _NOTHING else None


_SCATTERS: dict[str, Callable[[OperatorCall], Any]] = {"slice": _slice_scatter, "select": _select_scatter}


def _copy(call: OperatorCall) -> Any:
    return expanded(call, call["src"], call.shape)


def _unfold(call: OperatorCall) -> Any:
    """Windows along one axis, laid out along a new last one."""
    axis = counted(call["dimension"], len(call.first.shape))
    size, step, number = call["size"], call["step"], call.shape[axis]
    if size > _MOST_PARTS:
        return call.unknown(f"it lays out windows of {size}")
    if size == step:
        whole = sliced(call, call.first, axis, 0, number * size)
        apart = reshaped(call, whole, (*whole.shape[:axis], number, size, *whole.shape[axis + 1 :]))
        order = [place for place in range(len(apart.shape)) if place != axis + 1]
        return permuted(call, apart, [*order, axis + 1])
    reach = (number - 1) * step + 1
    taps = [sliced(call, call.first, axis, tap, tap + reach, step) for tap in range(size)]
    return joined(call, [reshaped(call, tap, (*tap.shape, 1)) for tap in taps], len(call.shape) - 1)


def _im2col(call: OperatorCall) -> Any:
    """The windows of a map, laid out as channels: those of a channel one after the other."""
    padding, kernel = call["padding"], call["kernel_size"]
    if len(call.first.shape) != 4 or math.prod(kernel) > _MOST_PARTS:
        return call.unknown(f"it lays out windows of {kernel}")
    source, channels = call.first, call.first.shape[1]
    if any(padding):
        pairs = ((0, 0), (0, 0), *both_sides(padding, 2))
        shape = [length + sum(pair) for length, pair in zip(source.shape, pairs, strict=True)]
        source = call.emit("pad", source, shape=shape, padding=pairs, edge="zero")
    columns = _patches(call, source) if _tiles(call, source) else _windows(call, source)
    return reshaped(call, columns, (source.shape[0], channels * math.prod(kernel), call.shape[-1]))


def _tiles(call: OperatorCall, source: Value) -> bool:
    """Whether the windows lie side by side and fill the map."""
    kernel, whole = call["kernel_size"], zip(source.shape[2:], call["kernel_size"], strict=True)
    return (
        kernel == call["stride"] and set(call["dilation"]) == {1} and all(not length % size for length, size in whole)
    )


def _patches(call: OperatorCall, source: Value) -> Value:
    batch, channels, height, width = source.shape
    one, other = call["kernel_size"]
    apart = reshaped(call, source, (batch, channels, height // one, one, width // other, other))
    return permuted(call, apart, (0, 1, 3, 5, 2, 4))


def _windows(call: OperatorCall, source: Value) -> Value:
    taps = [_tap(call, source, (i, j)) for i in range(call["kernel_size"][0]) for j in range(call["kernel_size"][1])]
    batch, channels = source.shape[:2]
    return joined(call, [reshaped(call, tap, (batch, channels, 1, call.shape[-1])) for tap in taps], 2)


def _tap(call: OperatorCall, source: Value, tap: tuple[int, int]) -> Value:
    """What one place of the window reads, over all windows."""
    windows = zip(source.shape[2:], call["kernel_size"], call["stride"], call["dilation"], tap, strict=True)
    for axis, (length, size, stride, dilation, place) in enumerate(windows, 2):
        number = (length - dilation * (size - 1) - 1) // stride + 1
        begin = place * dilation
        source = sliced(call, source, axis, begin, begin + (number - 1) * stride + 1, stride)
    return source


def _col2im(call: OperatorCall) -> Any:
    """Windows that lie side by side, put back."""
    kernel, size = tuple(call["kernel_size"]), tuple(call["output_size"])
    side_by_side = kernel == tuple(call["stride"]) and not any(call["padding"]) and set(call["dilation"]) == {1}
    rest = [length % step for length, step in zip(size, kernel, strict=True)]
    if not side_by_side or any(rest) or len(call.shape) != 4:
        return call.unknown("it adds up windows that overlap")
    batch, channels = call.shape[:2]
    apart = (batch, channels, *kernel, size[0] // kernel[0], size[1] // kernel[1])
    return reshaped(call, permuted(call, reshaped(call, call.first, apart), (0, 1, 4, 2, 5, 3)), call.shape)


def identity(call: OperatorCall) -> Any:
    """The first argument itself: nothing is left of the operator."""
    return call.first


_VIEWS = (
    "view", "reshape", "flatten", "unflatten", "squeeze", "unsqueeze", "_unsafe_view", "_reshape_alias", "view_as",
    "reshape_as", "ravel", "view_copy", "reshape_copy", "squeeze_copy", "unsqueeze_copy", "atleast_1d", "atleast_2d",
    "atleast_3d",
)  # fmt: skip
_NOTHING = (
    "dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout", "detach", "contiguous", "clone", "alias",
    "lift_fresh_copy", "lift_fresh", "lift", "to", "_to_copy", "type_as", "float", "double", "half", "positive",
    "conj", "resolve_conj", "resolve_neg", "detach_copy", "alias_copy", "requires_grad",
)  # fmt: skip

SHAPES: dict[str, Rule] = {
    **dict.fromkeys(_NOTHING, identity),
    **dict.fromkeys(_VIEWS, _reshape),
    **dict.fromkeys(("permute", "permute_copy"), _permute),
    **dict.fromkeys(("transpose", "swapaxes", "swapdims"), _transpose),
    **dict.fromkeys(("mT", "mH", "adjoint"), _transpose_last),
    **dict.fromkeys(("t", "numpy_T", "matrix_H"), _reverse),
    **dict.fromkeys(("movedim", "moveaxis"), _movedim),
    **dict.fromkeys(("expand", "expand_as", "broadcast_to", "expand_copy"), _expand),
    "broadcast_tensors": _broadcast,
    **dict.fromkeys(("repeat", "tile"), _repeat),
    "repeat_interleave": _repeat_interleave,
    "slice": _slice,
    "narrow": _narrow,
    "select": _select,
    **dict.fromkeys(
        (
            "split", "split_with_sizes", "chunk", "tensor_split", "unsafe_split", "unsafe_chunk",
            "unsafe_split_with_sizes", "split_copy", "split_with_sizes_copy",
        ),
        _split,
    ),
    "unbind": _unbind,
    **dict.fromkeys(("cat", "concat", "concatenate"), _concat),
    "stack": _stack,
    "hstack": _concat_at(1),
    "vstack": _concat_at(0),
    "dstack": _concat_at(2),
    "flip": _flip,
    "roll": _roll,
    "index": _index,
    "index_select": _index_select,
    "slice_scatter": _slice_scatter,
    "select_scatter": _select_scatter,
    "copy": _copy,
    "unfold": _unfold,
    "im2col": _im2col,
    "col2im": _col2im,
}  # fmt: skip
