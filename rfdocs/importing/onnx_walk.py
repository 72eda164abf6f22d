"""From the nodes of an ONNX file to those of a neutral graph, one after the other: constants are computed, branches
that constants decide are followed, and what is not understood becomes a node that says so.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rfdocs.importing.foreign_graph import ForeignGraph, Node, live
from rfdocs.importing.onnx_draft import GraphDraft, OnnxTensor
from rfdocs.importing.onnx_file import OnnxFile, read_file, read_sparse
from rfdocs.importing.onnx_image import image_input, image_shape, is_channels_last, is_resized
from rfdocs.importing.onnx_limits import MAX_DEPTH, OnnxError, checked_shape, short
from rfdocs.importing.onnx_nodes import NodeReader
from rfdocs.importing.onnx_patterns import with_norms
from rfdocs.importing.onnx_shapes import static_shape

Tensors = MutableMapping[str, OnnxTensor]


def graph_of(path: Path, size: Sequence[int] | None) -> ForeignGraph:
    """The neutral graph of a file.

    Raises: OnnxError.
    """
    file = read_file(path)
    image = image_input(file)
    last = is_channels_last(file, image)
    shape = image_shape(file, image, size, last=last)
    draft = GraphDraft(sure=file.parameters, dotted=file.producer == "pytorch")
    first = draft.add(Node("image", (), shape, operator="input", tensor=image.name))
    resized = is_resized(image, shape)
    walk = _GraphWalk(file, draft, NodeReader(file, draft, _declared(file, resized), resized=resized))
    known = {image.name: OnnxTensor(image.name, image.type.tensor_type.elem_type, shape, first)}
    numbers = [tensor.number for tensor in walk.run(file.graph, known) if tensor.number is not None]
    if not numbers:
        raise OnnxError(f"{path}: none of its outputs depends on its input", "export it again")
    return live(with_norms(draft.finished(numbers, channels_last=last)))


def _declared(file: OnnxFile, resized: bool) -> dict[str, tuple[int, ...]]:
    """The shapes that the file tells, for what the package does not know; none where another size is asked for. Some
    exporters write -1 for any length.
    """
    told = [] if resized else [*file.graph.value_info, *file.graph.output]
    shapes = ((one.name, static_shape(one.type.tensor_type)) for one in told if one.type.HasField("tensor_type"))
    return {name: checked_shape(name, shape) for name, shape in shapes if shape is not None and -1 not in shape}


@dataclass(slots=True)
class _GraphWalk:
    """A file while it is followed."""

    file: OnnxFile
    draft: GraphDraft
    reader: NodeReader
    depth: int = 0
    _times: dict[str, int] = field(default_factory=dict)

    def run(self, graph: Any, tensors: Tensors) -> list[OnnxTensor]:
        """The outputs of a graph; its tensors come to those that are known.

        Raises: OnnxError where it is malformed.
        """
        for proto in graph.initializer:
            self._define(tensors, self._registered(self.file.tensor(proto)))
        for sparse in graph.sparse_initializer:
            self._define(tensors, self._registered(read_sparse(sparse)))
        for node in graph.node:
            for tensor in self._outputs(node, tensors):
                self._define(tensors, tensor)
        return [self._known(one.name, tensors, "the graph") for one in graph.output]

    def _registered(self, tensor: OnnxTensor) -> OnnxTensor:
        """A tensor of the file, counted under a name that no other has."""
        times = self._times[tensor.name] = self._times.get(tensor.name, 0) + 1
        name = tensor.name if times == 1 else f"{tensor.name}#{times}"
        self.draft.counts[name] = tensor.count
        return replace(tensor, learned=(name,) if tensor.learned else ())

    def _define(self, tensors: Tensors, tensor: OnnxTensor) -> None:
        if tensor.name in (tensors.maps[0] if isinstance(tensors, ChainMap) else tensors):
            raise OnnxError(f"{self.file.path}: two nodes give '{short(tensor.name)}'", "the file is damaged")
        if tensor.name:
            tensors[tensor.name] = tensor

    def _known(self, name: str, tensors: Tensors, reader: str) -> OnnxTensor:
        if name not in tensors:
            raise OnnxError(
                f"{self.file.path}: {reader} reads '{short(name)}', which nothing before it gives",
                "the file is damaged: export it again",
            )
        return tensors[name]

    def _outputs(self, node: Any, tensors: Tensors) -> list[OnnxTensor]:
        who = f"the node '{short(node.name or node.op_type)}'"
        read = [self._known(name, tensors, who) if name else None for name in node.input]
        if node.op_type == "Constant":
            return [self._registered(tensor) for tensor in self.reader.literal(node)]
        branch = _branch(node, read)
        if branch is not None:
            return self._followed(node, branch, tensors)
        around = [tensors[name] for name in read_inside(node) if name in tensors]
        return self.reader.outputs(node, read, [*around, *self._held_inside(node)])

    def _held_inside(self, node: Any) -> list[OnnxTensor]:
        """The tensors that graphs in a node hold themselves."""
        graphs = [one.g for one in node.attribute if one.HasField("g")]
        inner = [part for graph in graphs for part in graph.node]
        own = [self.file.tensor(proto) for graph in graphs for proto in graph.initializer]
        literal = [tensor for part in inner if part.op_type == "Constant" for tensor in self.reader.literal(part)]
        deeper = [tensor for part in inner for tensor in self._held_inside(part)]
        return [*map(self._registered, [*own, *literal]), *deeper]

    def _followed(self, node: Any, branch: Any, tensors: Tensors) -> list[OnnxTensor]:
        """What the branch of an `If` gives that a constant decides."""
        if self.depth >= MAX_DEPTH:
            raise OnnxError(f"{self.file.path}: its branches are more than {MAX_DEPTH} deep", "export it again")
        answers = replace(self, depth=self.depth + 1).run(branch, ChainMap({}, tensors))
        return [replace(answer, name=name) for name, answer in zip(node.output, answers, strict=False) if name]


def _branch(node: Any, read: Sequence[OnnxTensor | None]) -> Any:
    """The graph that an `If` runs, where its condition is known."""
    value = read[0].value if read and read[0] is not None else None
    if node.op_type != "If" or value is None or value.size != 1:
        return None
    name = "then_branch" if bool(value.reshape(-1)[0]) else "else_branch"
    return next((one.g for one in node.attribute if one.name == name), None)


def read_inside(node: Any) -> list[str]:
    """What the graphs in a node read, of tensors that stand around it too."""
    graphs = [one.g for one in node.attribute if one.HasField("g")]
    inner = [part for graph in graphs for part in graph.node]
    return [name for part in inner for name in (*part.input, *read_inside(part))] + [
        one.name for graph in graphs for one in graph.output
    ]
