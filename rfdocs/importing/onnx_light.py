"""An ONNX model as one through which light falls: a unit is lit where any pixel that it reads is.

Every weight becomes 1, sums stay sums, functions of one number fall away, products become sums, and behind each
operator that adds numbers up stands the sign: all numbers are 0 or 1. What each operator reads is left to the runtime
that runs the model. Means of whole maps are dark, so that light goes along the spatial paths alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
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
#: What slides over a map, and what does with every channel by itself whatever it does.
_WINDOWS = {"Conv", "ConvTranspose"}
_BY_CHANNEL = _SUMS | _STATELESS | _WHOLE | {"MaxPool", "AveragePool", "LpPool"}


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
    """A graph while its nodes are exchanged.

    Of channels that are all lit alike one is kept: ``channels`` has the tensors of which that is so, with the shape to
    which they are expanded where all are wanted, (1, channels, 1, ...).
    """

    def __init__(self, graph: Any, image: str) -> None:
        self.graph = graph
        self.lit = {image}
        self.channels: dict[str, tuple[int, ...]] = {}
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
            channels = self._channels_behind(node, places)
            if channels:
                self.channels[node.output[0]] = channels
            else:
                yield from self._with_all_channels(node)
            yield from self._exchanged(node, places)

    def _channels_behind(self, node: Any, places: Sequence[int]) -> tuple[int, ...]:
        """The shape of all channels that a node gives, where one of them is enough."""
        first, *others = {self.channels.get(node.input[place], ()) for place in places}
        if node.op_type in _WINDOWS:
            return self._channels_of_window(node, alike=first != ())
        return first if not others and node.op_type in _BY_CHANNEL and self._keeps_shape(node, first) else ()

    def _channels_of_window(self, node: Any, *, alike: bool) -> tuple[int, ...]:
        """That of a convolution: all are alike, unless what it reads in groups is not."""
        groups = next((one.i for one in node.attribute if one.name == "group"), 1)
        shape = self.shapes.get(node.input[1], ())
        if not shape or not (alike or groups == 1):
            return ()
        return (1, shape[0] if node.op_type == "Conv" else shape[1] * groups, *[1] * (len(shape) - 2))

    def _keeps_shape(self, node: Any, channels: Sequence[int]) -> bool:
        """Whether a sum has no number that is not lit but those for all units of a channel, which one has as well."""
        others = [self.shapes.get(name) for name in node.input if name and name not in self.lit]
        known = [shape for shape in others if shape is not None]
        return node.op_type not in _SUMS or (known == others and np.broadcast_shapes(channels, *known) == channels)

    def _with_all_channels(self, node: Any) -> Iterator[Any]:
        """Lets a node read all channels, and yields what makes them of one."""
        for place, name in enumerate(node.input):
            if name in self.channels:
                node.input[place] = whole = f"{name}/all"
                if whole not in self.lit:
                    self.lit.add(whole)
                    yield _whole_numbers(f"{whole}/shape", self.channels[name])
                    yield helper.make_node("Expand", [name, f"{whole}/shape"], [whole])

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
        if node.output[0] in self.channels:
            yield _whole_numbers(f"{ones}/shape", self._shape_of_one(node))
            yield _of_shape(f"{ones}/shape", ones, 1.0)
            _without_attributes(node, {"group"})
        else:
            yield from _ones(node.input[1 - places[0]] if node.op_type in {"MatMul", "Gemm"} else node.input[1], ones)
        inputs = [node.input[places[0]], ones] if places[0] == 0 else [ones, node.input[places[0]]]
        del node.input[:]
        node.input.extend(inputs)
        _without_attributes(node, {"alpha", "beta"})
        yield from _signed(node)

    def _shape_of_one(self, node: Any) -> list[int]:
        """The shape of weights that make one channel, and of one where what they read is lit alike."""
        shape, own = self.shapes[node.input[1]], 0 if node.op_type == "Conv" else 1
        read = 1 if node.input[0] in self.channels else shape[1 - own]
        return [*((1, read) if own == 0 else (read, 1)), *shape[2:]]

    def _summed(self, node: Any, places: Sequence[int]) -> Iterator[Any]:
        """A sum of what is lit; what is not only has its shape, and beside one channel not that either."""
        names: list[str] = []
        for place, name in enumerate(node.input):
            if place in places:
                names.append(name)
            elif name and node.output[0] not in self.channels and self.shapes.get(name, (1, 1)) not in {(), (1,)}:
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
    """A copy of the node, without its quantisation, if it has one."""
    copy = onnx.NodeProto()
    copy.CopyFrom(plain_form(node) or node)
    return copy


def _signed(node: Any) -> Iterator[Any]:
    """The node, with 0 or 1 in place of what it gives."""
    output = node.output[0]
    node.output[0] = f"{output}/raw"
    yield node
    yield helper.make_node("Abs", [f"{output}/raw"], [f"{output}/level"])
    yield helper.make_node("Sign", [f"{output}/level"], [output])


def _darkened(node: Any) -> Iterator[Any]:
    """The node, with 0 in place of what it gives."""
    output, raw = node.output[0], f"{node.output[0]}/raw"
    del node.output[:]
    node.output.extend([raw])
    yield node
    yield from _zeros(raw, output)


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
    if node.op_type == "Pad":
        if len(node.input) > 2:
            node.input[2] = ""
        _without_attributes(node, {"value"})
    return node


def _without_attributes(node: Any, names: set[str]) -> None:
    kept = [one for one in node.attribute if one.name not in names]
    del node.attribute[:]
    node.attribute.extend(kept)
