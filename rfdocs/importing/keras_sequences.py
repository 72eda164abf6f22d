"""The layers of Keras that go along a sequence, or attend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from math import prod
from typing import Any

from rfdocs.importing.keras_draft import LayerCall, Symbolic
from rfdocs.importing.keras_windows import LayerRule

_MODES = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn"}


def _recurrence(call: LayerCall) -> Symbolic:
    layer = call.layer
    if len(call.tensors) > 1 or layer.return_state or layer.stateful:
        return call.unknown("it starts from a state, or returns one")
    image = _flipped(call, call.first) if layer.go_backwards else call.first
    result = _steps(call, image, layer, layer.trainable_variables, 1)
    return result if layer.return_sequences else _at(call, result, result.shape[1] - 1, (0, layer.units))


def _steps(call: LayerCall, image: Symbolic, layer: Any, learned: Any, directions: int) -> Symbolic:
    cell = layer.cell
    matrices = [cell.kernel, cell.recurrent_kernel]
    return call.emit(
        "recurrence",
        image,
        shape=(*image.shape[:2], directions * layer.units),
        learned=learned,
        mode=_MODES[type(layer).__name__],
        axis=1,
        channels=layer.units,
        directions=directions,
        weights=directions * sum(prod(matrix.shape) for matrix in matrices),
    )


def _flipped(call: LayerCall, image: Symbolic) -> Symbolic:
    return call.emit("flip", image, shape=image.shape, axes=(1,))


def _at(call: LayerCall, value: Symbolic, place: int, channels: tuple[int, int]) -> Symbolic:
    """Some channels of one step, without its dimension."""
    batch, _, have = value.shape
    step = call.emit("slice", value, shape=(batch, 1, have), axis=1, start=place, stop=place + 1, step=1)
    start, stop = channels
    if stop - start < have:
        span: dict[str, Any] = {"axis": 2, "start": start, "stop": stop, "step": 1}
        step = call.emit("slice", step, shape=(batch, 1, stop - start), **span)
    return call.emit("reshape", step, shape=(batch, stop - start))


def _bidirectional(call: LayerCall) -> Symbolic:
    """Both directions, the later one's steps in the order of the image."""
    layer, forward = call.layer, call.layer.forward_layer
    usual = layer.merge_mode == "concat" and type(layer.backward_layer) is type(forward)
    if type(forward).__name__ not in _MODES or not usual or len(call.tensors) > 1 or forward.go_backwards:
        return call.unknown("of both directions, LSTM, GRU and SimpleRNN behind each other are understood")
    result = _steps(call, call.first, forward, layer.trainable_variables, 2)
    if layer.return_sequences:
        return result
    units = forward.units
    last = _at(call, result, result.shape[1] - 1, (0, units))
    first = _at(call, result, 0, (units, 2 * units))
    return call.emit("concat", last, first, axis=1)


def _attention(call: LayerCall) -> Symbolic:
    """One matrix for queries, keys and values, what attends, and one more matrix."""
    layer = call.layer
    query, value, key = (_argument(call, name, place) for place, name in enumerate(("query", "value", "key")))
    masked = call.call.kwargs.get("use_causal_mask") or call.call.kwargs.get("attention_mask") is not None
    if masked or len(call.outputs) > 1 or len(call.shape) != 3:
        return call.unknown("its attention is masked, returns its scores, or is over some axes of a map")
    if query is None or value is not query or key not in {None, query}:
        return call.unknown("its queries and its values come from different maps")
    parts = (layer.query_dense, layer.key_dense, layer.value_dense)
    scope = call.call.scope
    together = _projected(call, query, parts, f"{scope}.qkv")
    heads = _split(call, together, [_channels(query, part) for part in parts])
    attended = call.emit("attention", *heads, shape=heads[2].shape, causal=False)
    return _projected(call, attended, (layer.output_dense,), f"{scope}.{layer.output_dense.name}")


def _split(call: LayerCall, value: Symbolic, channels: Sequence[int]) -> list[Symbolic]:
    """So many channels each, one after the other."""
    ends = list(accumulate(channels, initial=0))
    return [
        call.emit("slice", value, shape=(*value.shape[:-1], end - start), axis=2, start=start, stop=end, step=1)
        for start, end in pairwise(ends)
    ]


def _argument(call: LayerCall, name: str, place: int) -> Symbolic | None:
    args = call.call.args
    value = call.call.kwargs.get(name, args[place] if place < len(args) else None)
    return value if isinstance(value, Symbolic) else None


def _channels(image: Symbolic, dense: Any) -> int:
    """The channels that a matrix gives, all heads together."""
    return int(prod(dense.kernel.shape) // image.shape[-1])


def _projected(call: LayerCall, image: Symbolic, parts: Sequence[Any], scope: str) -> Symbolic:
    """The last dimension through the matrices of some layers, beside each other."""
    channels = sum(_channels(image, part) for part in parts)
    return call.emit(
        "linear",
        image,
        shape=(*image.shape[:-1], channels),
        learned=[variable for part in parts for variable in (part.kernel, part.bias)],
        scope=scope,
        channels=channels,
        bias=parts[0].bias is not None,
        weights=channels * image.shape[-1],
    )


SEQUENCES: Mapping[str, LayerRule] = {
    **dict.fromkeys(_MODES, _recurrence),
    "Bidirectional": _bidirectional,
    "MultiHeadAttention": _attention,
}
