"""Models of ONNX, read: a file as a neutral graph, of operators of version 7 to today's."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from rfdocs.extras import needed
from rfdocs.importing.foreign_graph import ForeignGraph


def read_onnx(path: Path, size: Sequence[int] | None = None) -> ForeignGraph:
    """The graph of the model in a file, for one image; ``size`` has one length for each axis of the map, and is needed
    where the file has none.

    Raises: OnnxError for a file that is malformed, of several inputs, or beyond what is read; MissingExtra without the
    package `onnx`.
    """
    with needed("every ONNX file", "onnx"):
        walk = import_module("rfdocs.importing.onnx_walk")
    graph: ForeignGraph = walk.graph_of(Path(path), None if size is None else tuple(size))
    return graph
