"""An ONNX file as a graph without subroutines and without the numbers of large tensors; nothing in it is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import inliner, numpy_helper

from rfdocs.importing.onnx_draft import Dims, OnnxTensor
from rfdocs.importing.onnx_limits import (
    LOWEST_OPSET,
    MAX_DEPTH,
    MAX_NODES,
    MAX_TENSORS,
    MAX_VALUES,
    OnnxError,
    beside,
    checked_shape,
    external_bytes,
    file_bytes,
    short,
)

#: Element types that weights have; whole numbers are weights only behind a quantisation.
FLOATS = frozenset(
    number
    for number in range(1, 64)
    if number in onnx.TensorProto.DataType.values()
    and re.match("FLOAT|DOUBLE|BFLOAT", onnx.TensorProto.DataType.Name(number))
)
#: ONNX's own operators are of either.
OWN_DOMAINS = frozenset({"", "ai.onnx"})
#: What PyTorch notes of the tensors that an exported program has.
_SIGNATURE = "pkg.torch.export.ExportedProgram.graph_signature"
#: What PyTorch's exporter calls numbers that it computed ahead.
_AHEAD = re.compile(r"val_\d+")
_TARGET = re.compile(r"(PARAMETER|BUFFER|CONSTANT_TENSOR) target='([^']*)'")


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """A file that was read: its graph, the versions of its operators, and what it says of its tensors."""

    path: Path
    graph: Any
    opsets: Mapping[str, int]
    producer: str
    parameters: frozenset[str]
    buffers: frozenset[str]

    @property
    def opset(self) -> int:
        """The version of ONNX's own operators."""
        return self.opsets[""]

    def tensor(self, proto: Any, name: str | None = None) -> OnnxTensor:
        """What is known of a tensor that stands in the file: of an initialiser, or, if a name is given, of a literal.

        Raises: OnnxError where it is malformed.
        """
        literal, name, shape = name is not None, name or proto.name, _shape(proto)
        fixed = name in self.buffers
        value = self._value(proto, shape)
        filled = self.producer == "pytorch" and (literal or _is_filled(name, value))
        real = proto.data_type in FLOATS and not fixed and not filled
        learned = (name,) if real else ()
        return OnnxTensor(name, proto.data_type, shape, None, value, learned, fixed, _is_uniform(proto, value))

    def _value(self, proto: Any, shape: Dims) -> Any:
        """The numbers of a small tensor; nothing for a large one, or one of texts."""
        if prod(shape) > MAX_VALUES or proto.data_type in {onnx.TensorProto.STRING, onnx.TensorProto.UNDEFINED}:
            return None
        whole = self._whole(proto)
        try:
            return numpy_helper.to_array(whole)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise OnnxError(
                f"{self.path}: the tensor '{short(proto.name)}' does not hold what it says: {short(str(error))}",
                "the file is damaged: export it again",
            ) from None

    def _whole(self, proto: Any) -> Any:
        """The tensor with what stands in a file beside."""
        if proto.data_location != onnx.TensorProto.EXTERNAL:
            return proto
        copy = onnx.TensorProto()
        copy.CopyFrom(proto)
        copy.raw_data = _external(self.path, proto)
        copy.data_location = onnx.TensorProto.DEFAULT
        del copy.external_data[:]
        return copy


def _external(path: Path, proto: Any) -> bytes:
    entries = {entry.key: entry.value for entry in proto.external_data}
    try:
        offset, length = int(entries.get("offset", 0)), int(entries.get("length", 16 * MAX_VALUES))
    except ValueError:
        raise OnnxError(f"{path}: the place of its external data is no number", "export it again") from None
    return external_bytes(path, entries.get("location", ""), offset, min(length, 16 * MAX_VALUES))


def _shape(proto: Any) -> Dims:
    return checked_shape(proto.name, tuple(proto.dims))


def _is_uniform(proto: Any, value: Any) -> bool:
    """Whether all numbers are the same, as at the start of a training."""
    if value is None:
        raw = proto.raw_data
        width = len(raw) // max(1, prod(proto.dims))
        return bool(raw) and width > 0 and raw == raw[:width] * (len(raw) // width)
    return bool(value.size) and value.dtype.kind in "fiu" and bool(np.all(value == value.reshape(-1)[0]))


def _is_filled(name: str, value: Any) -> bool:
    """Whether an exporter computed numbers ahead that are all 0: nobody learned them."""
    return value is not None and _AHEAD.fullmatch(name) is not None and not value.any()


def read_sparse(sparse: Any) -> OnnxTensor:
    """What is known of a tensor of which only some numbers are not 0."""
    name, shape = sparse.values.name, checked_shape(sparse.values.name, tuple(sparse.dims))
    return OnnxTensor(name, sparse.values.data_type, shape, learned=(name,))


def read_file(path: Path) -> OnnxFile:
    """The file.

    Raises: OnnxError where it is no model, or beyond what is read.
    """
    model = _parsed(path, file_bytes(path))
    _check_size(path, model)
    _check_texts(path, model)
    for tensor in _tensors(model.graph):
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            beside(path, next((entry.value for entry in tensor.external_data if entry.key == "location"), ""))
    opsets = _opsets(path, model)
    if model.functions:
        model = _without_functions(path, model)
    notes = {note.key: note.value for note in model.graph.metadata_props}
    kinds = _TARGET.findall(notes.get(_SIGNATURE, ""))
    parameters = frozenset(name for kind, name in kinds if kind == "PARAMETER")
    buffers = frozenset(name for kind, name in kinds if kind != "PARAMETER")
    return OnnxFile(path, model.graph, opsets, model.producer_name, parameters, buffers)


def _parsed(path: Path, content: bytes) -> Any:
    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
    except Exception:  # noqa: BLE001 - whatever the parser says of it
        raise OnnxError(f"{path}: it is no model of ONNX", "SOURCE is a file that an exporter wrote") from None
    if not model.graph.node:
        raise OnnxError(f"{path}: it is no model of ONNX, or one without a node", "SOURCE is a file of an exporter")
    return model


def _opsets(path: Path, model: Any) -> dict[str, int]:
    opsets = {"" if one.domain in OWN_DOMAINS else one.domain: one.version for one in model.opset_import}
    known = onnx.defs.onnx_opset_version()
    own = opsets.setdefault("", 1)
    if own > known:
        raise OnnxError(
            f"{path}: it needs version {own} of ONNX's operators, and the installed package knows {known}",
            "pip install --upgrade onnx",
        )
    if own < LOWEST_OPSET:
        raise OnnxError(
            f"{path}: its operators are of version {own}, and are read from {LOWEST_OPSET} on",
            "onnx.version_converter.convert_version(model, 13) makes a newer model of it",
        )
    return opsets


def _check_size(path: Path, model: Any) -> None:
    """Nothing. Raises: OnnxError where there are more nodes or tensors than are read, or graphs too deep in graphs."""
    graphs = [model.graph, *model.functions]
    nodes = tensors = 0
    for graph in graphs:
        for node in _nodes(path, graph.node):
            nodes += 1
            tensors += sum(attribute.HasField("t") for attribute in node.attribute)
        _check_counts(path, nodes, tensors + len(getattr(graph, "initializer", ())))


def _check_counts(path: Path, nodes: int, tensors: int) -> None:
    if nodes > MAX_NODES or tensors > MAX_TENSORS:
        raise OnnxError(
            f"{path}: it has more than {MAX_NODES} nodes or {MAX_TENSORS} tensors",
            "import a part of it (onnx.utils.extract_model)",
        )


def _check_texts(path: Path, model: Any) -> None:
    """Nothing. Raises: OnnxError where a name is no text."""
    graphs = [model.graph, *model.functions]
    nodes = [node for graph in graphs for node in _nodes(path, graph.node)]
    inner = [model.graph, *(graph for node in nodes for graph in _subgraphs(node))]
    named = [one for graph in inner for one in (*graph.input, *graph.output, *graph.value_info, *graph.initializer)]
    notes = [note for one in (model.graph, *nodes) for note in one.metadata_props]
    texts = [
        model.producer_name,
        *(one.domain for one in (*model.opset_import, *model.functions, *nodes)),
        *(one.name for one in (*named, *model.functions, *nodes)),
        *(one.values.name for graph in inner for one in graph.sparse_initializer),
        *(name for node in nodes for name in (node.op_type, *node.input, *node.output)),
        *(one.name for node in nodes for one in node.attribute),
        *(text for note in notes for text in (note.key, note.value)),
    ]
    if not all(isinstance(text, str) for text in texts):
        raise OnnxError(f"{path}: it has names that are no text", "the file is damaged: export it again")


def _nodes(path: Path, nodes: Any, depth: int = 0) -> Iterator[Any]:
    """All nodes, those of graphs in nodes too."""
    if depth > MAX_DEPTH:
        raise OnnxError(f"{path}: it has graphs in nodes more than {MAX_DEPTH} deep", "no exporter writes such")
    for node in nodes:
        yield node
        for graph in _subgraphs(node):
            yield from _nodes(path, graph.node, depth + 1)


def _subgraphs(node: Any) -> Iterator[Any]:
    for attribute in node.attribute:
        if attribute.HasField("g"):
            yield attribute.g
        yield from attribute.graphs


def _tensors(graph: Any) -> Iterator[Any]:
    """All tensors of a graph, and of those in its nodes."""
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
        for inner in _subgraphs(node):
            yield from _tensors(inner)


def _without_functions(path: Path, model: Any) -> Any:
    """The model with every call of a function of its own replaced by the function's nodes."""
    _check_functions(path, model)
    for tensor in model.graph.initializer:
        if prod(tensor.dims) > MAX_VALUES and tensor.data_location != onnx.TensorProto.EXTERNAL:
            tensor.ClearField("raw_data")
            tensor.ClearField("float_data")
    try:
        return inliner.inline_local_functions(model)
    except Exception as error:  # noqa: BLE001 - whatever the package says of it
        raise OnnxError(
            f"{path}: its functions cannot be put in place: {short(str(error))}", "export it again"
        ) from None


def _check_functions(path: Path, model: Any) -> None:
    """Nothing. Raises: OnnxError where functions call themselves, or would be more nodes than are read."""
    bodies = {(one.domain, one.name): one for one in model.functions}
    sizes: dict[tuple[str, str], int] = {}

    def size(key: tuple[str, str], above: tuple[tuple[str, str], ...]) -> int:
        if key in above or len(above) > MAX_DEPTH:
            raise OnnxError(
                f"{path}: its function '{short(key[1])}' calls itself, or functions call functions too deep",
                f"functions are followed {MAX_DEPTH} deep",
            )
        if key not in sizes:
            sizes[key] = total(bodies[key].node, (*above, key))
        return sizes[key]

    def total(nodes: Any, above: tuple[tuple[str, str], ...]) -> int:
        keys = [(node.domain, node.op_type) for node in _nodes(path, nodes)]
        return sum([size(key, above) if key in bodies else 1 for key in keys])

    _check_counts(path, total(model.graph.node, ()), 0)
