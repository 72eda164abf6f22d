"""An imported network held against the ONNX model itself, run by a runtime: its sizes, and by light its fields.

A unit's field on an axis is the stretch from ``first`` to ``last`` exactly if light on all pixels before ``first`` does
not reach it and light up to ``first`` does, and likewise from behind: four images for each unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rfdocs.algebra.interval import Interval
from rfdocs.graph import Network, NetworkError, size_text
from rfdocs.importing.imported import Imported
from rfdocs.importing.measured_maps import measured_nodes_of
from rfdocs.importing.model_sources import ForeignModel
from rfdocs.importing.onnx_light import NoLight, lit_model
from rfdocs.importing.verdicts import Told, Verdict
from rfdocs.verify.strips import Strip, find_strip, inner_units, middle_unit

#: From an image to the lit maps.
Run = Callable[[Any], Sequence[Any]]


def onnx_verdict(model: ForeignModel, imported: Imported, told: Told) -> Verdict:
    """The verdict on a network that was imported from a file."""
    network, tensors = imported.entry.network, imported.tensors
    nodes = [node for node in measured_nodes_of(network) if tensors[node - 1]]
    ends = replace(network, layers=network.layers[: max(nodes)])
    agreeing: list[str] = []
    disagreements: list[str] = []
    for axes in network.uniform_axes:
        strip = _strip(network, ends, axes, nodes)
        told(f"verifying {len(nodes)} maps on an image of {size_text(strip.size)}, lit from both sides")
        try:
            run = _runtime(model, [tensors[node - 1] for node in nodes], strip.size)
        except NoLight as refusal:
            return Verdict((), (), (f"fields: {refusal.message}",))
        for place, node in enumerate(nodes):
            wrong = list(_differences(run, strip, place, node))
            disagreements += wrong
            agreeing += [] if wrong else [_agreement(strip, node)]
    return Verdict(tuple(agreeing), tuple(disagreements))


def _agreement(strip: Strip, node: int) -> str:
    layer = strip.report.layers[node - 1]
    return f"field of {layer.name}: {layer.receptive_field[strip.axis]} on axis {strip.axis}"


def _strip(network: Network, ends: Network, axes: tuple[int, ...], nodes: Sequence[int]) -> Strip:
    try:
        return find_strip(network, axes, nodes)
    except NetworkError:
        return find_strip(ends, axes, nodes)


def _differences(run: Run, strip: Strip, place: int, node: int) -> Iterator[str]:
    """In what a map differs: its size, or the fields of a period of its units."""
    layer = strip.report.layers[node - 1]
    size = tuple(run(_lit(strip, 0, 0))[place].shape[2:])
    if size != layer.size:
        yield f"{layer.name}: the model's map is {size_text(size)}, the import's {size_text(layer.size)}"
        return
    middle = [middle_unit(strip.report, layer, axis) for axis in range(len(size))]
    for number in sorted({*inner_units(layer, strip.axis), 0, size[strip.axis] - 1}):
        unit = (*middle[: strip.axis], number, *middle[strip.axis + 1 :])
        expected = strip.report.unit(layer.name, unit)[strip.axis].spatial_visible
        if not _is_field(run, strip, place, unit, expected):
            stretch = "nothing" if expected is None else f"{expected.first}..{expected.last}"
            yield f"{layer.name} {unit} at {size_text(strip.size)}: the model's unit does not see exactly {stretch}"


def _is_field(run: Run, strip: Strip, place: int, unit: Sequence[int], expected: Interval | None) -> bool:
    """Whether light reaches a unit from the pixels of a stretch, from its ends too, and from no others."""
    length = strip.size[strip.axis]

    def reached(first: int, end: int) -> bool:
        return bool(np.any(run(_lit(strip, first, end))[place][(0, slice(None), *unit)]))

    if expected is None:
        return not reached(0, length)
    return (
        reached(0, expected.first + 1)
        and reached(expected.last, length)
        and not reached(0, expected.first)
        and not reached(expected.last + 1, length)
    )


def _lit(strip: Strip, first: int, end: int) -> Any:
    """An image with light on the pixels from ``first`` to before ``end`` of the strip's axis."""
    image = np.zeros((1, strip.report.network.input_channels, *strip.size), np.float32)
    image[(slice(None), slice(None), *(slice(None),) * strip.axis, slice(first, end))] = 1
    return image


def _runtime(model: ForeignModel, tensors: Sequence[str], size: Sequence[int]) -> Run:
    """What runs the lit model: onnxruntime where it is installed, else the reference of the package `onnx`.

    Equal images are run once.
    """
    channels_last = model.graph.channels_last
    shape = (1, *size, model.image[0]) if channels_last else (1, model.image[0], *size)
    lit = lit_model(model.model, tensors, shape)
    name = lit.graph.input[0].name
    run = _session(lit)
    known: dict[bytes, Sequence[Any]] = {}

    def answers(image: Any) -> Sequence[Any]:
        key = image[0, 0].tobytes()
        if key not in known:
            known[key] = run({name: np.moveaxis(image, 1, -1) if channels_last else image})
        return known[key]

    return answers


def _session(model: Any) -> Callable[[dict[str, Any]], Sequence[Any]]:
    try:
        from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - where it is there, it is faster
    except ImportError:
        from onnx.reference import ReferenceEvaluator  # noqa: PLC0415

        evaluator = ReferenceEvaluator(model)
        return lambda image: evaluator.run(None, image)
    options = SessionOptions()
    options.log_severity_level = 3
    session = InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda image: session.run(None, image)
