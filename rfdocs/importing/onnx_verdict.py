"""An imported network held against the ONNX model itself, run by a runtime: its sizes, and by light its fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from rfdocs.importing.imported import Imported
from rfdocs.importing.lit_fields import Run, lit_verdict
from rfdocs.importing.measured_maps import measured_nodes_of
from rfdocs.importing.model_sources import ForeignModel
from rfdocs.importing.onnx_file import OnnxFile, read_file
from rfdocs.importing.onnx_light import lit_model
from rfdocs.importing.verdicts import Told, Verdict


def onnx_verdict(model: ForeignModel, imported: Imported, told: Told) -> Verdict:
    """The verdict on a network that was imported from a file."""
    network, tensors = imported.entry.network, imported.tensors
    nodes = [node for node in measured_nodes_of(network) if tensors[node - 1]]
    names = [tensors[node - 1] for node in nodes]
    file = read_file(model.model)
    return lit_verdict(
        network, nodes, partial(_runtime, file, model.image[0], names, last=model.graph.channels_last), told
    )


def _runtime(file: OnnxFile, channels: int, tensors: Sequence[str], size: Sequence[int], *, last: bool) -> Run:
    """What runs the lit model on images of a size, with so many channels, ``last`` or first: onnxruntime where it is
    installed, else the reference of the package `onnx`.
    """
    lit = lit_model(file, tensors, (1, *size, channels) if last else (1, channels, *size))
    name = lit.graph.input[0].name
    run = _session(lit)
    return lambda images: (run({name: np.moveaxis(one, 1, -1) if last else one}) for one in images)


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
