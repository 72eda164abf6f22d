"""Small models of ONNX, put together by hand and written to files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from rfdocs.importing.foreign_graph import ForeignGraph, Node
from rfdocs.importing.onnx_reader import read_onnx

FLOAT, WHOLE = TensorProto.FLOAT, TensorProto.INT64


class Small(NamedTuple):
    """A model: its nodes, its tensors, its input's shape, the names of its outputs, and the shapes that it tells."""

    nodes: Sequence[Any]
    tensors: Mapping[str, Any] = {}
    shape: Sequence[int | str | None] = (1, 3, 16, 16)
    outputs: Sequence[str] = ("y",)
    opset: int = 18
    producer: str = "pytorch"
    inputs: Sequence[str] = ("x",)
    functions: Sequence[Any] = ()
    domains: Mapping[str, int] = {}
    told: Mapping[str, Sequence[int]] = {}

    def proto(self) -> Any:
        """The model."""
        inputs = [helper.make_tensor_value_info(name, FLOAT, self.shape) for name in self.inputs]
        outputs = [helper.make_tensor_value_info(name, FLOAT, None) for name in self.outputs]
        weights = [tensor(name, value) for name, value in self.tensors.items()]
        told = [helper.make_tensor_value_info(name, FLOAT, shape) for name, shape in self.told.items()]
        graph = helper.make_graph(list(self.nodes), "small", inputs, outputs, weights, value_info=told)
        opsets = [helper.make_opsetid("", self.opset)]
        opsets += [helper.make_opsetid(domain, version) for domain, version in self.domains.items()]
        given = {"producer_name": self.producer, "functions": list(self.functions)}
        return helper.make_model(graph, opset_imports=opsets, ir_version=8, **given)

    def write(self, folder: Path) -> Path:
        """The file that it is written to."""
        path = folder / "small.onnx"
        path.write_bytes(self.proto().SerializeToString())
        return path

    def read(self, folder: Path, size: Sequence[int] | None = None) -> ForeignGraph:
        """What the reader makes of it."""
        return read_onnx(self.write(folder), size)


def tensor(name: str, value: Any) -> Any:
    """A tensor of a file; a tuple stands for numbers of its shape."""
    array = ones(*value) if isinstance(value, tuple) else np.asarray(value)
    return numpy_helper.from_array(array.astype(np.float32) if array.dtype == np.float64 else array, name)


def ones(*shape: int) -> Any:
    """Numbers of a shape, no two alike."""
    return np.arange(1, 1 + int(np.prod(shape)), dtype=np.float32).reshape(shape) / 16


def one(operator: str, *tensors: Any, inputs: Sequence[str] | None = None, **given: Any) -> Small:
    """A model of one node, which reads the input `x` and then the tensors; what else is given is the node's."""
    fields = {name: given.pop(name) for name in ("shape", "opset", "producer", "outputs", "domains") if name in given}
    named = {f"t{at}": value for at, value in enumerate(tensors) if value is not None}
    read = ["x", *(f"t{at}" if value is not None else "" for at, value in enumerate(tensors))]
    node = helper.make_node(operator, inputs or read, list(fields.get("outputs", ("y",))), **given)
    return Small([node], named, **fields)


def answer(graph: ForeignGraph, at: int = 0) -> Node:
    """The node of an output."""
    return graph.nodes[graph.outputs[at]]


def kinds(graph: ForeignGraph) -> list[str]:
    """The kinds of all nodes."""
    return [node.kind for node in graph.nodes]


def saved(model: Any, path: Path) -> Path:
    """The file that a model is written to."""
    path.write_bytes(onnx.ModelProto.SerializeToString(model))
    return path
