"""The normalisations of ONNX."""

from __future__ import annotations

from rfdocs.importing.drafts import Puzzling
from rfdocs.importing.onnx_draft import Handler, OnnxCall, OnnxTensor, positive


def _affine(call: OnnxCall, first: int = 1) -> tuple[tuple[str, ...], int]:
    """The learned factor and summand, and how many of the two there are."""
    names: tuple[str, ...] = ()
    count = 0
    for index in (first, first + 1):
        tensor = call.input(index)
        if tensor is not None and not tensor.is_constant:
            raise Puzzling("its factor and summand must be constants, and are computed from the image")
        own = _learned(call, tensor)
        names, count = names + own, count + bool(own)
    return names, count


def _learned(call: OnnxCall, tensor: OnnxTensor | None) -> tuple[str, ...]:
    """The names of what was learned; exporters that write weights as initialisers write ones and zeros as literals."""
    return call.draft.weights(tensor) if tensor is not None and (call.literal or tensor.learned) else ()


def _norm(call: OnnxCall, mode: str, *, groups: int | None = None, axes: tuple[int, ...] | None = None) -> int:
    learned, affine = _affine(call)
    return call.add("norm", call.data, learned=learned, mode=mode, groups=groups, axes=axes, affine=affine)


def _batch(call: OnnxCall) -> int:
    if call.get("training_mode", 0) or not call.get("spatial", 1):
        raise Puzzling("it would have to use the mean and deviation that it learned for each channel")
    for index in (3, 4):
        call.constant(index, "mean and deviation")
    return _norm(call, "batch")


def _instance(call: OnnxCall) -> int:
    return _norm(call, "instance")


def _group(call: OnnxCall) -> int:
    groups = int(call.get("num_groups", 1))
    if groups < 1 or call.dims[1] % groups:
        raise Puzzling(f"{groups} groups do not divide its {call.dims[1]} channels")
    return _norm(call, "group", groups=groups)


def _layer(call: OnnxCall) -> int:
    """Over all dimensions from its axis on."""
    return _norm(call, "layer", axes=tuple(range(call.axis(-1), len(call.dims))))


def _plain(call: OnnxCall, mode: str, axes: tuple[int, ...] | None = None) -> int:
    return call.add("norm", call.data, mode=mode, groups=None, axes=axes, affine=0)


def _local(call: OnnxCall) -> int:
    return _plain(call, "local")


def _length(call: OnnxCall) -> int:
    return _plain(call, "layer", (call.axis(-1),))


def _mean_variance(call: OnnxCall) -> int:
    """Over the dimensions that it names: those of the map, or others."""
    rank = len(call.dims)
    axes = tuple(sorted({positive(axis, rank) for axis in call.get("axes", (0, 2, 3))} - {0}))
    return _plain(call, "instance") if axes == tuple(range(2, rank)) else _plain(call, "layer", axes)


TABLE: dict[str, Handler] = {
    "BatchNormalization": _batch,
    "InstanceNormalization": _instance,
    "GroupNormalization": _group,
    "LayerNormalization": _layer,
    "RMSNormalization": _layer,
    "LRN": _local,
    "LpNormalization": _length,
    "MeanVarianceNormalization": _mean_variance,
}
