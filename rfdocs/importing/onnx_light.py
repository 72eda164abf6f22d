"""An ONNX model as one through which light falls: a unit is lit where any pixel that it reads is.

Every weight becomes 1, sums stay sums, functions of one number fall away, products become sums, and behind each
operator that adds numbers up stands the sign: all numbers are 0 or 1. What each operator reads is left to the runtime
that runs the model. Means of whole maps are dark, so that light goes along the spatial paths alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import onnx
from onnx import helper

from rfdocs.importing.lit_fields import NoLight
from rfdocs.importing.onnx_file import OnnxFile
from rfdocs.importing.onnx_image import image_input
from rfdocs.importing.onnx_operators import plain_form
from rfdocs.importing.onnx_walk import read_inside

#: Operators with weights, and the place of these among their inputs.
_WEIGHTED = {"Conv": 1, "ConvTranspose": 1, "Gemm": 1, "MatMul": 1}
_SUMS = {"Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Pow", "PRelu", "Mod"}
#: What adds numbers up, or takes some of them, and is followed by the sign.
_GATHERING = {
    "MaxPool", "AveragePool", "LpPool", "Resize", "Upsample", "ReduceMean", "ReduceMax", "ReduceSum", "ReduceMin",
    "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp",
}  # fmt: skip
_WHOLE = {"GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"}
_MOVING = {
    "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Slice", "Split", "Concat", "Gather", "Pad", "Expand",
    "DepthToSpace", "SpaceToDepth", "Tile", "Shape", "Size",
}  # fmt: skip
_STATELESS = {
    "Relu", "LeakyRelu", "Elu", "Selu", "Celu", "Gelu", "HardSigmoid", "HardSwish", "Sigmoid", "Tanh", "Softplus",
    "Softsign", "Clip", "Erf", "Exp", "Log", "Sqrt", "Abs", "Neg", "Reciprocal", "Mish", "Swish", "ThresholdedRelu",
    "Softmax", "LogSoftmax", "Identity", "Dropout", "Cast", "CastLike", "QuantizeLinear", "DequantizeLinear", "Ceil",
    "Floor", "Round", "Sin", "Cos", "BatchNormalization", "InstanceNormalization", "LayerNormalization",
    "GroupNormalization", "RMSNormalization", "LRN", "LpNormalization", "MeanVarianceNormalization", "FusedGelu",
    "QuickGelu", "DynamicQuantizeLinear",
}  # fmt: skip


def lit_model(file: OnnxFile, tensors: Sequence[str], shape: Sequence[int]) -> Any:
    """The model of a file that gives these tensors, lit, of an image of this shape; without weights, which stay dark.

    Raises: NoLight.
    """
    image = image_input(file)
    lantern = _Lantern(file.graph, image.name)
    nodes = list(lantern.nodes(_leading_to(file.graph, tensors)))
    read = {name for node in nodes for name in (*node.input, *read_inside(node))}
    graph = helper.make_graph(
        nodes,
        "light",
        [helper.make_tensor_value_info(image.name, onnx.TensorProto.FLOAT, list(shape))],
        [helper.make_empty_tensor_value_info(name) for name in tensors],
        [tensor for tensor in file.graph.initializer if tensor.name in read],
    )
    opsets = [helper.make_opsetid("", max(file.opset, 9))]
    return helper.make_model(graph, opset_imports=opsets, ir_version=min(onnx.IR_VERSION, 10))


def _leading_to(graph: Any, tensors: Sequence[str]) -> list[Any]:
    """The nodes that these tensors depend on."""
    needed, kept = set(tensors), []
    for node in reversed(graph.node):
        if not needed.isdisjoint(node.output):
            needed.update((*node.input, *read_inside(node)))
            kept.append(node)
    return kept[::-1]


class _Lantern:
    """A graph while its nodes are exchanged."""

    def __init__(self, graph: Any, image: str) -> None:
        self.graph = graph
        self.lit = {image}
        self.shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
        self.rank = len(next(one for one in graph.input if one.name == image).type.tensor_type.shape.dim)

    def nodes(self, leading: Sequence[Any]) -> Iterator[Any]:
        """The nodes of the lit graph, in place of those that lead to what is wanted of it."""
        for given in leading:
            node = _plain(given)
            places = [place for place, name in enumerate(node.input) if name in self.lit]
            if not places:
                yield given
                continue
            if node.op_type not in {"Shape", "Size"}:
                self.lit.update(name for name in node.output if name)
            yield from self._exchanged(node, places)

    def _exchanged(self, node: Any, places: Sequence[int]) -> Iterator[Any]:
        operator = node.op_type
        if operator in _WEIGHTED:
            yield from self._weighted(node, places)
        elif operator in _SUMS:
            yield from self._summed(node, places)
        elif operator in _WHOLE:
            yield from _darkened(node)
        elif operator in _GATHERING:
            yield from _darkened(node) if self._is_of_all(node) else _signed(node)
        elif operator in _STATELESS:
            yield helper.make_node("Identity", node.input[places[0] : places[0] + 1], node.output[:1])
        elif operator in _MOVING:
            yield _zero_padded(node)
        else:
            raise NoLight(f"{operator} lets no light through: its reads are not known", "`--no-verify` leaves this out")

    def _weighted(self, node: Any, places: Sequence[int]) -> Iterator[Any]:
        if len(places) > 1:
            raise NoLight(f"{node.op_type} multiplies two maps", "`--no-verify` leaves this out")
        ones = f"{node.output[0]}/ones"
        weights = node.input[1 - places[0]] if node.op_type in {"MatMul", "Gemm"} else node.input[1]
        inputs = [node.input[places[0]], ones] if places[0] == 0 else [ones, node.input[places[0]]]
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        del copy.input[:]
        copy.input.extend(inputs)
        _without_attributes(copy, {"alpha", "beta"})
        shape = self.shapes.get(weights, ())
        axis = _alike(node, shape)
        if axis is None:
            yield from _ones(weights, ones)
            yield from _signed(copy)
        else:
            yield _whole_numbers(
                f"{ones}/shape", [1 if place == axis else length for place, length in enumerate(shape)]
            )
            yield _of_shape(f"{ones}/shape", ones, 1.0)
            yield from _repeated(copy, shape[axis], len(shape) - 2)

    def _summed(self, node: Any, places: Sequence[int]) -> Iterator[Any]:
        """A sum of what is lit; what is not only has its shape."""
        names: list[str] = []
        for place, name in enumerate(node.input):
            if place in places:
                names.append(name)
            elif name and self.shapes.get(name, (1, 1)) not in {(), (1,)}:
                yield from _zeros(name, f"{node.output[0]}/zeros{place}")
                names.append(f"{node.output[0]}/zeros{place}")
        if len(names) == 1:
            yield helper.make_node("Identity", names, node.output[:1])
        else:
            yield from _signed(helper.make_node("Sum", names, node.output[:1]))

    def _is_of_all(self, node: Any) -> bool:
        """Whether a reduction is over all spatial axes."""
        if not node.op_type.startswith("Reduce"):
            return False
        axes = next((list(one.ints) for one in node.attribute if one.name == "axes"), None)
        if axes is None and len(node.input) > 1:
            tensor = next((one for one in self.graph.initializer if one.name == node.input[1]), None)
            axes = None if tensor is None else onnx.numpy_helper.to_array(tensor).tolist()
        return axes is None or {axis % self.rank for axis in axes} >= set(range(2, self.rank))


def _plain(node: Any) -> Any:
    """The node without its quantisation, if it has one."""
    form = plain_form(node)
    return node if form is None else form


def _signed(node: Any) -> Iterator[Any]:
    """The node, with 0 or 1 in place of what it gives."""
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    raw, level = f"{node.output[0]}/raw", f"{node.output[0]}/level"
    outputs = [raw, *node.output[1:]]
    del copy.output[:]
    copy.output.extend(outputs)
    yield copy
    yield helper.make_node("Abs", [raw], [level])
    yield helper.make_node("Sign", [level], node.output[:1])


def _alike(node: Any, weights: Sequence[int]) -> int | None:
    """The axis of a node's weights along which all channels that it gives are lit alike, so that one tells of them all;
    nothing where there is more than one group, or nobody knows how many.
    """
    grouped = any(one.name == "group" and one.i != 1 for one in node.attribute)
    return {"Conv": 0, "ConvTranspose": 1}.get(node.op_type) if weights and not grouped else None


def _repeated(node: Any, channels: int, axes: int) -> Iterator[Any]:
    """The node, which gives one channel, with 0 or 1 in its place, so many times."""
    output, one = node.output[0], f"{node.output[0]}/one"
    node.output[0] = one
    yield from _signed(node)
    yield _whole_numbers(f"{output}/channels", [1, channels] + [1] * axes)
    yield helper.make_node("Expand", [one, f"{output}/channels"], [output])


def _darkened(node: Any) -> Iterator[Any]:
    """The node, with 0 in place of what it gives."""
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    raw = f"{node.output[0]}/raw"
    del copy.output[:]
    copy.output.extend([raw])
    yield copy
    yield from _zeros(raw, node.output[0])


def _ones(name: str, output: str) -> Iterator[Any]:
    yield from _filled(name, output, 1.0)


def _zeros(name: str, output: str) -> Iterator[Any]:
    yield from _filled(name, output, 0.0)


def _filled(name: str, output: str, value: float) -> Iterator[Any]:
    """A tensor of the shape of another."""
    yield helper.make_node("Shape", [name], [f"{output}/shape"])
    yield _of_shape(f"{output}/shape", output, value)


def _of_shape(shape: str, output: str, value: float) -> Any:
    number = helper.make_tensor("value", onnx.TensorProto.FLOAT, [1], [value])
    return helper.make_node("ConstantOfShape", [shape], [output], value=number)


def _whole_numbers(output: str, numbers: Sequence[int]) -> Any:
    tensor = helper.make_tensor("value", onnx.TensorProto.INT64, [len(numbers)], numbers)
    return helper.make_node("Constant", [], [output], value=tensor)


def _zero_padded(node: Any) -> Any:
    """Padding with another number than 0 would be lit."""
    if node.op_type != "Pad":
        return node
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    if len(copy.input) > 2:
        copy.input[2] = ""
    _without_attributes(copy, {"value"})
    return copy


def _without_attributes(node: Any, names: set[str]) -> None:
    kept = [one for one in node.attribute if one.name not in names]
    del node.attribute[:]
    node.attribute.extend(kept)
