"""The operators of ONNX that only lay numbers out: shapes, orders, parts and paddings."""

from __future__ import annotations

from math import prod
from typing import Any

from rfdocs.importing.drafts import Puzzling
from rfdocs.importing.onnx_draft import Dims, Handler, OnnxCall, OnnxTensor, positive
from rfdocs.importing.onnx_limits import MAX_PIECES, OnnxError

_EDGES = {"constant": "zero", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}


def _reshape(call: OnnxCall) -> int:
    return call.add("identity" if call.shape == call.dims else "reshape", call.data)


def _transpose(call: OnnxCall) -> int:
    rank = len(call.dims)
    order = tuple(call.get("perm") or reversed(range(rank)))
    return (
        call.add("identity", call.data) if order == tuple(range(rank)) else call.add("permute", call.data, order=order)
    )


def _expand(call: OnnxCall) -> int:
    return call.add("identity" if call.shape == call.dims else "expand", call.data)


def _tile(call: OnnxCall) -> int:
    """A dimension of one unit is expanded; a longer one stands behind itself."""
    repeats = call.numbers("repeats", 1) or ()
    data: OnnxTensor | int = call.data
    shape = call.dims
    for axis, times in enumerate(repeats):
        if times > 1 and shape[axis] > 1:
            shape = _with(shape, axis, shape[axis] * times)
            data = call.add("concat", *_times(data, times), shape=shape, axis=axis)
    return call.add("identity" if shape == call.shape else "expand", data)


def _times(data: OnnxTensor | int, times: int) -> tuple[OnnxTensor | int, ...]:
    if times > MAX_PIECES:
        raise Puzzling(f"it repeats its input {times} times, and at most {MAX_PIECES} are read")
    return (data,) * times


def _with(shape: Dims, axis: int, length: int) -> Dims:
    return (*shape[:axis], length, *shape[axis + 1 :])


def _concat(call: OnnxCall) -> int:
    read = [tensor for tensor in call.inputs if tensor is not None and tensor.count]
    return call.add("concat", *read, axis=call.axis(1, len(call.shape)))


def _part(call: OnnxCall, data: OnnxTensor | int, shape: Dims, axis: int, places: range) -> tuple[int, Dims]:
    """A node of every some-th unit along a dimension, also backwards; and its shape."""
    size = _with(shape, axis, len(places))
    forward = places if places.step > 0 else places[::-1]
    step = forward.step if len(places) > 1 else 1
    span: dict[str, Any] = {"axis": axis, "start": forward.start, "stop": forward[-1] + 1, "step": step}
    number = call.add("slice", data, shape=size, **span)
    return (number if places.step > 0 or len(places) < 2 else call.add("flip", number, shape=size, axes=(axis,))), size


def _split(call: OnnxCall) -> tuple[int, ...]:
    axis, start, numbers = call.axis(0), 0, []
    for shape in call.shapes:
        places = range(start, start + shape[axis])
        numbers.append(_part(call, call.data, call.dims, axis, places)[0] if places else _nothing(call))
        start = places.stop
    return tuple(numbers)


def _nothing(call: OnnxCall) -> int:
    return call.add("unknown", why="it has no numbers")


def _slice(call: OnnxCall) -> int:
    """Along one dimension after the other; those of which all is taken are left out."""
    starts, ends = call.numbers("starts", 1), call.numbers("ends", 2)
    if starts is None or ends is None:
        raise Puzzling("where it starts and ends would have to be known")
    axes = call.numbers("axes", 3) or tuple(range(len(starts)))
    steps = call.numbers("steps", 4) or (1,) * len(starts)
    data: OnnxTensor | int = call.data
    shape = call.dims
    if not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
        raise Puzzling("its starts, ends, axes and steps do not fit each other")
    for start, end, given, step in zip(starts, ends, axes, steps, strict=True):
        axis = positive(given, len(shape))
        places = range(shape[axis])[start:end:step]
        if not places:
            raise Puzzling("nothing is left of its input")
        if places != range(shape[axis]):
            data, shape = _part(call, data, shape, axis, places)
    return data if isinstance(data, int) else call.add("identity", data)


def _gather(call: OnnxCall) -> int:
    """One unit of a dimension, or several: parts, one behind the other."""
    first = call.inputs[0]
    if first is not None and first.is_constant:
        raise Puzzling("it looks up rows of a table by what it reads, so that its input are no numbers of an image")
    axis = call.axis(0)
    index = call.value(1, "index")
    length = call.dims[axis]
    if any(not -length <= int(place) < length for place in index.reshape(-1)):
        raise Puzzling(f"its index is none of the {length} that there are")
    runs = _runs([int(place) % length for place in index.reshape(-1)])
    pieces = [_part(call, call.data, call.dims, axis, run) for run in runs]
    shape = _with(call.dims, axis, index.size)
    number = pieces[0][0] if len(pieces) == 1 else call.add("concat", *(n for n, _ in pieces), shape=shape, axis=axis)
    return number if shape == call.shape else call.add("reshape", number)


def _runs(places: list[int]) -> list[range]:
    """Places as few ranges, one behind the other.

    >>> _runs([0, 2, 4, 3, 2])
    [range(0, 6, 2), range(3, 1, -1)]

    Raises: Puzzling where there are none, or too many.
    """
    runs: list[range] = []
    while places:
        run = _run(places)
        runs.append(run)
        places = places[len(run) :]
        if len(runs) > MAX_PIECES:
            raise Puzzling(f"its index jumps more than {MAX_PIECES} times")
    if not runs:
        raise Puzzling("its index is empty")
    return runs


def _run(places: list[int]) -> range:
    """The longest range that places begin with."""
    step = places[1] - places[0] if len(places) > 1 else 1
    if step == 0:
        return range(places[0], places[0] + 1)
    length = next((i for i in range(1, len(places)) if places[i] - places[i - 1] != step), len(places))
    return range(places[0], places[0] + length * step, step)


def _pad(call: OnnxCall) -> int:
    rank = len(call.dims)
    flat, axes = call.numbers("pads", 1), call.numbers("axes", 3)
    edge = _EDGES.get(call.get("mode", "constant"))
    if flat is None or edge is None:
        raise Puzzling(f"its `mode` {call.get('mode')} is none that is known")
    at = tuple(positive(axis, rank) for axis in axes) if axes else tuple(range(rank))
    if len(flat) != 2 * len(at):
        raise Puzzling(f"`pads` has {len(flat)} numbers for {len(at)} dimensions")
    pairs = dict(zip(at, zip(flat[: len(at)], flat[len(at) :], strict=True), strict=True))
    padding = tuple(pairs.get(axis, (0, 0)) for axis in range(rank))
    return (
        call.add("pad", call.data, padding=padding, edge=edge)
        if any(map(any, padding))
        else call.add("identity", call.data)
    )


def _block(call: OnnxCall, lengths: Dims, of: int) -> int:
    """How long its blocks are along each axis.

    Raises: OnnxError where they do not divide what they must.
    """
    scale = int(call.get("blocksize", 1))
    if len(call.dims) != 4 or scale < 1 or any(length % scale**of for length in lengths):
        raise OnnxError(f"its blocks of {scale} do not divide {list(lengths)}", "the file is damaged: export it again")
    return scale


def _depth_to_space(call: OnnxCall) -> int:
    scale = _block(call, call.dims[1:2], 2)
    return call.add("pixel_shuffle", call.data, scale=(scale, scale), last=False)


def _space_to_depth(call: OnnxCall) -> int:
    scale = _block(call, call.dims[2:], 1)
    return call.add("space_to_depth", call.data, scale=(scale, scale), last=False)


def _same_numbers(call: OnnxCall) -> int:
    if prod(call.shape) != prod(call.dims):
        raise OnnxError(
            f"it makes {list(call.shape)} of {list(call.dims)}, which is not as many numbers",
            "if it was exported for one size, leave the size out",
        )
    return _reshape(call)


def _trilu(call: OnnxCall) -> int:
    """A triangle of a matrix: every number by itself."""
    return call.add("pointwise", call.data, word="trilu")


TABLE: dict[str, Handler] = {
    **dict.fromkeys(("Reshape", "Flatten", "Squeeze", "Unsqueeze"), _same_numbers),
    "Transpose": _transpose,
    "Expand": _expand,
    "Tile": _tile,
    "Concat": _concat,
    "Split": _split,
    "Slice": _slice,
    "Gather": _gather,
    "Pad": _pad,
    "DepthToSpace": _depth_to_space,
    "SpaceToDepth": _space_to_depth,
    "Trilu": _trilu,
}
