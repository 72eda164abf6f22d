"""An imported network held against the ONNX model itself, run by a runtime: its sizes, and by light its fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np

from rfdocs.importing.foreign_code import first_line
from rfdocs.importing.imported import Imported
from rfdocs.importing.lit_fields import NoLight, Run, lit_verdict
from rfdocs.importing.measured_maps import measured_nodes_of
from rfdocs.importing.model_sources import ForeignModel
from rfdocs.importing.onnx_file import OnnxFile, read_file
from rfdocs.importing.onnx_light import lit_model
from rfdocs.importing.verdicts import Told, Verdict

T = TypeVar("T")


def onnx_verdict(model: ForeignModel, imported: Imported, told: Told) -> Verdict:
    """The verdict on a network that was imported from a file."""
    network, tensors = imported.entry.network, imported.tensors
    nodes = [node for node in measured_nodes_of(network) if tensors[node - 1]]
    names = [tensors[node - 1] for node in nodes]
    file = read_file(model.model)
    return lit_verdict(network, nodes, partial(_runtime, model, file, names), told)


def _runtime(model: ForeignModel, file: OnnxFile, tensors: Sequence[str], size: Sequence[int]) -> Run:
    """What runs the lit model of a file on images of a size: onnxruntime where it is installed, else the reference of
    the package `onnx`.
    """
    lit = lit_model(file, tensors, model.shape(size))
    name = lit.graph.input[0].name
    run = _lighting(lambda: _session(lit))

    def lit_maps(image: Any) -> Sequence[Any]:
        feed = {name: np.moveaxis(image, 1, -1) if model.graph.channels_last else image}
        return _lighting(lambda: run(feed))

    return lambda images: map(lit_maps, images)


def _lighting(does: Callable[[], T]) -> T:
    """What this gives. Raises: NoLight where the runtime does not take the model, or the image."""
    try:
        return does()
    except Exception as error:
        raise NoLight(f"the runtime does not run it: {first_line(error)}") from error


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
