"""LSTM, GRU and RNN of ONNX: one recurrence along time, and what lays its answers out as ONNX does."""

from __future__ import annotations

from math import prod
from typing import Any

from rfdocs.importing.drafts import Puzzling
from rfdocs.importing.onnx_draft import Dims, Handler, OnnxCall, OnnxTensor

_GATES = {"lstm": 4, "gru": 3, "rnn": 1}
_ORDERS = {"forward": 1, "reverse": 1, "bidirectional": 2}


def _recurrence(mode: str) -> Handler:
    def recurrence(call: OnnxCall) -> tuple[int, ...]:
        _check_states(call)
        kernel, inner = call.constant(1, "weights"), call.constant(2, "recurrent weights")
        directions = _ORDERS.get(call.get("direction", "forward"), 0)
        channels = call.shape_of(inner)[-1]
        rows = directions, _GATES[mode] * channels
        fits = call.shape_of(kernel) == (*rows, call.dims[-1]) and call.shape_of(inner) == (*rows, channels)
        if len(call.dims) != 3 or not fits:
            raise Puzzling(f"its weights would have to be of {directions} directions, for what it reads")
        flat = (*call.dims[:2], directions * channels)
        backward = call.get("direction") == "reverse"
        axis = 1 if call.get("layout", 0) else 0
        read = _flipped(call, call.data, call.dims, axis) if backward else call.data
        number = call.add(
            "recurrence",
            read,
            shape=flat,
            learned=_learned(call),
            mode=mode,
            axis=axis,
            channels=channels,
            directions=directions,
            weights=prod(call.shape_of(kernel)) + prod(call.shape_of(inner)),
        )
        number = _flipped(call, number, flat, axis) if backward else number
        return _all(call, number, (*call.dims[:2], directions, channels)), _last(call, number, flat, axis)

    return recurrence


def _flipped(call: OnnxCall, data: OnnxTensor | int, shape: Dims, axis: int) -> int:
    return call.add("flip", data, shape=shape, axes=(axis,))


def _learned(call: OnnxCall) -> tuple[str, ...]:
    """The weights, biases and peepholes."""
    tensors = (call.input(1), call.input(2), call.input(3), call.input(7))
    return tuple(dict.fromkeys(name for tensor in tensors for name in call.draft.weights(tensor)))


def _check_states(call: OnnxCall) -> None:
    """Nothing. Raises: Puzzling where it starts from what an image changes, or does not see all steps."""
    lengths = call.value(4, "lengths")
    steps = call.dims[1 if call.get("layout", 0) else 0]
    if lengths is not None and any(int(length) != steps for length in lengths.reshape(-1)):
        raise Puzzling("its sequences would have to be as long as its input")
    for index in (5, 6):
        state = call.input(index)
        if state is not None and not state.is_constant:
            raise Puzzling("its first state must be a constant, and is computed from the image")


def _all(call: OnnxCall, number: int, split: Dims) -> int:
    """All answers: (steps, directions, images, channels), or images first and directions third."""
    apart = call.add("reshape", number, shape=split)
    return apart if call.get("layout", 0) else call.add("permute", apart, shape=_turned(split), order=(0, 2, 1, 3))


def _turned(split: Dims) -> Dims:
    return split[0], split[2], split[1], split[3]


def _last(call: OnnxCall, number: int, flat: Dims, axis: int) -> int:
    """The last state: of forward directions after the last step, of backward ones after the first."""
    directions = _ORDERS[call.get("direction", "forward")]
    ends = [call.get("direction") != "reverse", False][:directions]
    channels = flat[2] // directions
    states = [_state(call, number, flat, axis, at * channels, channels, end) for at, end in enumerate(ends)]
    if axis == 1:
        shape = flat[0], directions, channels
        return states[0] if directions == 1 else call.add("concat", *states, shape=shape, axis=1)
    shape = directions, flat[1], channels
    return states[0] if directions == 1 else call.add("concat", *states, shape=shape, axis=0)


def _state(call: OnnxCall, number: int, flat: Dims, axis: int, start: int, channels: int, end: bool) -> int:
    """The answer of one direction at one end: one step, which stands where ONNX has directions."""
    place = flat[axis] - 1 if end else 0
    one = (1, flat[1], flat[2]) if axis == 0 else (flat[0], 1, flat[2])
    step = call.add("slice", number, shape=one, axis=axis, start=place, stop=place + 1, step=1)
    if channels == flat[2]:
        return step
    span: dict[str, Any] = {"axis": 2, "start": start, "stop": start + channels, "step": 1}
    return call.add("slice", step, shape=(*one[:2], channels), **span)


TABLE: dict[str, Handler] = {"LSTM": _recurrence("lstm"), "GRU": _recurrence("gru"), "RNN": _recurrence("rnn")}
