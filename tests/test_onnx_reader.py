"""What is read of ONNX files: every operator, in the versions that have it differently; shapes, names, and what is
learned. The files are written here.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper
from onnx_models import Small, answer, kinds, one, ones

from rfdocs.importing.foreign_graph import KINDS
from rfdocs.importing.onnx_reader import read_onnx

Case = tuple[Small, str, dict[str, Any], tuple[int, ...]]

WHOLE = np.int64

WINDOWS: list[Case] = [
    (
        one("Conv", (8, 3, 3, 5), (8,), strides=[2, 1], pads=[1, 2, 0, 2], dilations=[1, 2]),
        "conv",
        {
            "kernel": (3, 5), "stride": (2, 1), "padding": ((1, 0), (2, 2)), "dilation": (1, 2), "groups": 1,
            "channels": 8, "bias": True, "weights": 360, "edge": "zero", "last": False,
        },
        (1, 8, 8, 12),
    ),
    (one("Conv", (6, 1, 3, 3), group=3), "conv", {"groups": 3, "channels": 6, "bias": False}, (1, 6, 14, 14)),
    (one("Conv", (4, 3, 5), shape=(1, 3, 40), strides=[2]), "conv", {"kernel": (5,)}, (1, 4, 18)),
    (one("Conv", (4, 3, 2, 3, 3), shape=(1, 3, 4, 9, 9)), "conv", {"kernel": (2, 3, 3)}, (1, 4, 3, 7, 7)),
    (
        one("Conv", (4, 3, 3, 3), auto_pad="SAME_UPPER", strides=[2, 2], opset=9),
        "conv",
        {"padding": "same_upper"},
        (1, 4, 8, 8),
    ),
    (one("Conv", (4, 3, 4, 4), auto_pad="SAME_LOWER"), "conv", {"padding": "same_lower"}, (1, 4, 16, 16)),
    (one("Conv", (4, 3, 3, 3), auto_pad="VALID"), "conv", {"padding": ((0, 0), (0, 0))}, (1, 4, 14, 14)),
    (
        one("ConvTranspose", (3, 4, 3, 3), (4,), strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1]),
        "transposed_conv",
        {
            "kernel": (3, 3), "stride": (2, 2), "padding": ((1, 1), (1, 1)), "dilation": (1, 1), "groups": 1,
            "channels": 4, "bias": True, "weights": 108, "output_padding": (1, 1), "last": False,
        },
        (1, 4, 32, 32),
    ),
    (
        one("ConvTranspose", (3, 4, 2, 2), strides=[2, 2], group=3),
        "transposed_conv",
        {"groups": 3, "channels": 12, "padding": ((0, 0), (0, 0))},
        (1, 12, 32, 32),
    ),
    (
        one("ConvTranspose", (3, 4, 4, 4), strides=[2, 2], output_shape=[31, 32]),
        "transposed_conv",
        {"padding": ((2, 1), (1, 1))},
        (1, 4, 31, 32),
    ),
    (
        one("ConvTranspose", (3, 4, 3, 3), strides=[2, 2], auto_pad="SAME_UPPER", opset=11),
        "transposed_conv",
        {"padding": ((0, 1), (0, 1))},
        (1, 4, 32, 32),
    ),
    (
        one("ConvTranspose", (3, 4, 3, 3), strides=[2, 2], auto_pad="SAME_LOWER", opset=11),
        "transposed_conv",
        {"padding": ((1, 0), (1, 0))},
        (1, 4, 32, 32),
    ),
    (
        one("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], dilations=[1, 2], opset=11),
        "pool",
        {
            "mode": "max", "kernel": (3, 3), "stride": (2, 2), "padding": ((1, 1), (1, 1)), "dilation": (1, 2),
            "ceil_mode": False, "last": False,
        },
        (1, 3, 8, 7),
    ),
    (one("MaxPool", kernel_shape=[2, 2], opset=9), "pool", {"stride": (1, 1)}, (1, 3, 15, 15)),
    (
        one("MaxPool", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
        "pool",
        {"ceil_mode": True},
        (1, 3, 8, 8),
    ),
    # A last window that would start in the padding at the end: dropped by every runtime, whatever the version.
    (
        one("MaxPool", kernel_shape=[2, 2], strides=[3, 3], pads=[1, 1, 1, 1], ceil_mode=1, shape=(1, 3, 7, 7)),
        "pool",
        {"ceil_mode": True},
        (1, 3, 3, 3),
    ),
    (one("AveragePool", kernel_shape=[2, 2], strides=[2, 2], opset=9), "pool", {"mode": "avg"}, (1, 3, 8, 8)),
    (
        one("AveragePool", kernel_shape=[2, 2], dilations=[2, 2], opset=19),
        "pool",
        {"dilation": (2, 2)},
        (1, 3, 14, 14),
    ),
    (
        one("AveragePool", kernel_shape=[2, 2], auto_pad="SAME_UPPER"),
        "pool",
        {"padding": "same_upper"},
        (1, 3, 16, 16),
    ),
    (one("LpPool", kernel_shape=[2, 2], p=2), "pool", {"mode": "avg", "kernel": (2, 2)}, (1, 3, 15, 15)),
    (one("GlobalAveragePool"), "reduce", {"mode": "mean", "axes": (2, 3), "keep": True}, (1, 3, 1, 1)),
    (one("GlobalMaxPool"), "reduce", {"mode": "max", "axes": (2, 3), "keep": True}, (1, 3, 1, 1)),
]  # fmt: skip

MATRICES: list[Case] = [
    (one("Gemm", (4, 5), (5,), shape=(1, 4)), "linear", {"channels": 5, "bias": True, "weights": 20}, (1, 5)),
    (one("Gemm", (5, 4), transB=1, shape=(1, 4)), "linear", {"channels": 5, "bias": False, "weights": 20}, (1, 5)),
    (one("MatMul", (4, 5), shape=(1, 7, 4)), "linear", {"channels": 5, "bias": False, "weights": 20}, (1, 7, 5)),
    (one("MatMul", (1, 4, 5), shape=(1, 7, 4)), "matmul", {}, (1, 7, 5)),
    (one("MatMul", inputs=("x", "x"), shape=(1, 4, 4)), "matmul", {}, (1, 4, 4)),
    (one("MatMul", (7, 7), inputs=("t0", "x"), shape=(1, 7, 4)), "matmul", {}, (1, 7, 4)),
]

CHANNELS = (3,)
NORMS: list[Case] = [
    (
        one("BatchNormalization", CHANNELS, CHANNELS, CHANNELS, CHANNELS, opset=9),
        "norm",
        {"mode": "batch", "affine": 2, "groups": None, "axes": None},
        (1, 3, 16, 16),
    ),
    (one("InstanceNormalization", CHANNELS, CHANNELS), "norm", {"mode": "instance", "affine": 2}, (1, 3, 16, 16)),
    (
        one("LayerNormalization", (16,), shape=(1, 9, 16)),
        "norm",
        {"mode": "layer", "axes": (2,), "affine": 1},
        (1, 9, 16),
    ),
    (
        one("LayerNormalization", (9, 16), (9, 16), axis=1, shape=(1, 9, 16)),
        "norm",
        {"mode": "layer", "axes": (1, 2), "affine": 2},
        (1, 9, 16),
    ),
    (
        one("GroupNormalization", (2,), (2,), num_groups=2, shape=(1, 4, 8, 8)),
        "norm",
        {"mode": "group", "groups": 2, "affine": 2},
        (1, 4, 8, 8),
    ),
    (one("GroupNormalization", (4,), (4,), num_groups=2, shape=(1, 4, 8, 8), opset=21), "norm", {}, (1, 4, 8, 8)),
    (one("LRN", size=5), "norm", {"mode": "local", "affine": 0}, (1, 3, 16, 16)),
    (one("LpNormalization", axis=1), "norm", {"mode": "layer", "axes": (1,)}, (1, 3, 16, 16)),
    (one("MeanVarianceNormalization"), "norm", {"mode": "instance", "affine": 0}, (1, 3, 16, 16)),
]

POINTWISE = {
    "Relu": "relu", "LeakyRelu": "leaky_relu", "Elu": "elu", "Selu": "selu", "Celu": "celu", "Sigmoid": "sigmoid",
    "Tanh": "tanh", "HardSigmoid": "hard_sigmoid", "HardSwish": "hard_swish", "Mish": "mish", "Softplus": "softplus",
    "Softsign": "softsign", "ThresholdedRelu": "thresholded_relu", "Erf": "erf", "Abs": "abs", "Neg": "neg",
    "Exp": "exp", "Log": "log", "Sqrt": "sqrt", "Reciprocal": "reciprocal", "Floor": "floor", "Ceil": "ceil",
    "Round": "round", "Sign": "sign", "Sin": "sin", "Cos": "cos",
}  # fmt: skip
MAP = (1, 3, 16, 16)
ELEMENTS: list[Case] = [
    *((one(operator), "pointwise", {"word": word}, MAP) for operator, word in POINTWISE.items()),
    (one("Gelu", opset=20), "pointwise", {"word": "gelu"}, MAP),
    (one("Swish", opset=24), "pointwise", {"word": "silu"}, MAP),
    (one("Clip", 0.0, 6.0), "pointwise", {"word": "relu6"}, MAP),
    (one("Clip", min=0.0, max=6.0, opset=9), "pointwise", {"word": "relu6"}, MAP),
    (one("Clip", 0.0), "pointwise", {"word": "relu"}, MAP),
    (one("Clip", None, 1.0), "pointwise", {"word": "clip"}, MAP),
    (one("PRelu", (3, 1, 1)), "prelu", {}, MAP),
    (one("Add", 2.0), "pointwise", {"word": "add"}, MAP),
    (one("Sub", 2.0, inputs=("t0", "x")), "pointwise", {"word": "sub"}, MAP),
    (one("Mul", [[2.0]]), "pointwise", {"word": "mul"}, MAP),
    (one("Pow", 2.0), "pointwise", {"word": "pow"}, MAP),
    (one("Add", (3, 1, 1)), "add", {}, MAP),
    (one("Mul", (1, 3, 1, 1)), "multiply", {}, MAP),
    (one("Div", (1, 3, 1, 1)), "multiply", {}, MAP),
    (one("Max", 0.0, opset=13), "pointwise", {"word": "max"}, MAP),
    (one("Add", inputs=("x", "x")), "add", {}, MAP),
    (one("Sub", inputs=("x", "x")), "add", {}, MAP),
    (one("Min", inputs=("x", "x")), "add", {}, MAP),
    (one("Mul", inputs=("x", "x")), "multiply", {}, MAP),
    (one("Pow", inputs=("x", "x")), "multiply", {}, MAP),
    (one("Sum", inputs=("x", "x", "x")), "add", {}, MAP),
    (one("Mean", inputs=("x", "x")), "add", {}, MAP),
    (one("Dropout", opset=9), "identity", {}, MAP),
    (one("Dropout", 0.5, False, opset=13), "identity", {}, MAP),
    (one("Identity"), "identity", {}, MAP),
    (one("Cast", to=10), "identity", {}, MAP),
    (one("Softmax", axis=1, opset=13), "softmax", {"axis": 1}, MAP),
    (one("Softmax", opset=13), "softmax", {"axis": 3}, MAP),
    (one("LogSoftmax", axis=-1, opset=11), "softmax", {"axis": 3}, MAP),
    (one("Softmax", opset=9, shape=(1, 10)), "softmax", {"axis": 1}, (1, 10)),
    (one("Softmax", axis=1, opset=11, shape=(1, 10, 1, 1)), "softmax", {"axis": 1}, (1, 10, 1, 1)),
    (one("ReduceMean", axes=[2, 3], opset=9), "reduce", {"mode": "mean", "axes": (2, 3), "keep": True}, (1, 3, 1, 1)),
    (one("ReduceMean", [-1, -2], keepdims=0, opset=18), "reduce", {"axes": (2, 3), "keep": False}, (1, 3)),
    (one("ReduceSum", [1], opset=13), "reduce", {"mode": "sum", "axes": (1,)}, (1, 1, 16, 16)),
    (one("ReduceMax", axes=[1], keepdims=0, opset=11), "reduce", {"mode": "max", "keep": False}, (1, 16, 16)),
    (one("ReduceMin", keepdims=0), "reduce", {"mode": "max", "axes": (0, 1, 2, 3)}, ()),
    (one("ReduceSum", noop_with_empty_axes=1, opset=13), "identity", {}, MAP),
    (one("ReduceL2", axes=[1], opset=11), "reduce", {"mode": "sum", "axes": (1,)}, (1, 1, 16, 16)),
    (one("ArgMax", axis=1, keepdims=0), "reduce", {"mode": "max", "axes": (1,), "keep": False}, (1, 16, 16)),
]

LAYOUTS: list[Case] = [
    (one("Reshape", [0, -1]), "reshape", {}, (1, 768)),
    (one("Reshape", [1, 3, 16, 16]), "identity", {}, MAP),
    (one("Flatten"), "reshape", {}, (1, 768)),
    (one("Squeeze", axes=[2], opset=11, shape=(1, 3, 1, 16)), "reshape", {}, (1, 3, 16)),
    (one("Squeeze", [2], opset=13, shape=(1, 3, 1, 16)), "reshape", {}, (1, 3, 16)),
    (one("Unsqueeze", axes=[2], opset=11), "reshape", {}, (1, 3, 1, 16, 16)),
    (one("Unsqueeze", [2], opset=13), "reshape", {}, (1, 3, 1, 16, 16)),
    (one("Transpose", perm=[0, 2, 3, 1]), "permute", {"order": (0, 2, 3, 1)}, (1, 16, 16, 3)),
    (one("Transpose", shape=(1, 4, 5)), "permute", {"order": (2, 1, 0)}, (5, 4, 1)),
    (one("Transpose", perm=[0, 1, 2, 3]), "identity", {}, MAP),
    (one("Expand", [1, 3, 5, 16], shape=(1, 3, 1, 16)), "expand", {}, (1, 3, 5, 16)),
    (one("Expand", [1, 1, 1, 1]), "identity", {}, MAP),
    (one("Tile", [1, 1, 5, 1], shape=(1, 3, 1, 16)), "expand", {}, (1, 3, 5, 16)),
    (one("Tile", [1, 2, 1, 1]), "identity", {}, (1, 6, 16, 16)),
    (one("Concat", inputs=("x", "x"), axis=1), "concat", {"axis": 1}, (1, 6, 16, 16)),
    (one("Concat", (1, 2, 16, 16), axis=-3), "concat", {"axis": 1}, (1, 5, 16, 16)),
    (
        one("Slice", starts=[4], ends=[-2], axes=[2], opset=9),
        "slice",
        {"axis": 2, "start": 4, "stop": 14, "step": 1},
        (1, 3, 10, 16),
    ),
    (
        one("Slice", [1], [1 << 62], [3], [2], opset=13),
        "slice",
        {"axis": 3, "start": 1, "stop": 16, "step": 2},
        (1, 3, 16, 8),
    ),
    (one("Slice", [0], [16], [3]), "identity", {}, MAP),
    (one("Slice", [-1], [-(1 << 62)], [3], [-1]), "flip", {"axes": (3,)}, MAP),
    (one("Gather", 1, axis=1), "reshape", {}, (1, 16, 16)),
    (one("Gather", [0, 2], axis=1), "slice", {"axis": 1, "start": 0, "stop": 3, "step": 2}, (1, 2, 16, 16)),
    (one("Gather", [2, 1, 0], axis=1), "flip", {"axes": (1,)}, MAP),
    (one("Gather", [0, 2, 1], axis=1), "concat", {"axis": 1}, MAP),
    (
        one("Pad", pads=[0, 0, 1, 2, 0, 0, 3, 4], opset=9),
        "pad",
        {"padding": ((0, 0), (0, 0), (1, 3), (2, 4)), "edge": "zero"},
        (1, 3, 20, 22),
    ),
    (one("Pad", [0, 0, 1, 1, 0, 0, 1, 1], mode="reflect", opset=11), "pad", {"edge": "reflect"}, (1, 3, 18, 18)),
    (one("Pad", [0, 0, 1, 1, 0, 0, 1, 1], mode="edge", opset=13), "pad", {"edge": "replicate"}, (1, 3, 18, 18)),
    (one("Pad", [1, 1, 1, 1], None, [2, 3], mode="wrap", opset=19), "pad", {"edge": "circular"}, (1, 3, 18, 18)),
    (one("Pad", [0, 0, -1, 0, 0, 0, 0, -2]), "pad", {"padding": ((0, 0), (0, 0), (-1, 0), (0, -2))}, (1, 3, 15, 14)),
    (one("Pad", [0] * 8), "identity", {}, MAP),
    (one("DepthToSpace", blocksize=2, shape=(1, 8, 4, 4)), "pixel_shuffle", {"scale": (2, 2)}, (1, 2, 8, 8)),
    (
        one("DepthToSpace", blocksize=2, mode="CRD", shape=(1, 8, 4, 4)),
        "pixel_shuffle",
        {"scale": (2, 2), "last": False},
        (1, 2, 8, 8),
    ),
    (one("SpaceToDepth", blocksize=2), "space_to_depth", {"scale": (2, 2), "last": False}, (1, 12, 8, 8)),
]

PLAIN = {"align_corners": False, "coordinates": None, "nearest_mode": None, "recompute": False, "last": False}
DOUBLE = [1.0, 1.0, 2.0, 2.0]
RESIZED: list[Case] = [
    (
        one("Upsample", DOUBLE, opset=9, mode="nearest"),
        "upsample",
        {"scale": (2, 2), "size": None, "mode": "nearest", **PLAIN},
        (1, 3, 32, 32),
    ),
    (
        one("Upsample", opset=7, mode="nearest", scales=[1.0, 1.0, 1.5, 2.0]),
        "upsample",
        {"scale": (Fraction(3, 2), 2), **PLAIN},
        (1, 3, 24, 32),
    ),
    (
        one("Upsample", DOUBLE, opset=9, mode="linear"),
        "upsample",
        {"mode": "bilinear", "coordinates": "asymmetric", "nearest_mode": None},
        (1, 3, 32, 32),
    ),
    (one("Resize", DOUBLE, opset=10), "upsample", {"scale": (2, 2), **PLAIN}, (1, 3, 32, 32)),
    (
        one("Resize", np.zeros(0, np.float32), DOUBLE, opset=11),
        "upsample",
        {"coordinates": "half_pixel", "nearest_mode": "round_prefer_floor", "mode": "nearest"},
        (1, 3, 32, 32),
    ),
    (
        one("Resize", None, DOUBLE, coordinate_transformation_mode="asymmetric", nearest_mode="floor"),
        "upsample",
        {"mode": "nearest", **PLAIN},
        (1, 3, 32, 32),
    ),
    (
        one("Resize", None, DOUBLE, mode="linear", coordinate_transformation_mode="pytorch_half_pixel"),
        "upsample",
        {"mode": "bilinear", **PLAIN},
        (1, 3, 32, 32),
    ),
    (
        one(
            "Resize", None, None, [1, 3, 1, 32], mode="linear", coordinate_transformation_mode="pytorch_half_pixel"
        ),
        "upsample",
        {"coordinates": "pytorch_half_pixel", "size": (1, 32), "scale": None},
        (1, 3, 1, 32),
    ),
    (
        one("Resize", None, None, [1, 3, 24, 40], mode="linear", coordinate_transformation_mode="align_corners"),
        "upsample",
        {**PLAIN, "align_corners": True, "size": (24, 40), "scale": None, "mode": "bilinear"},
        (1, 3, 24, 40),
    ),
    (
        one("Resize", None, DOUBLE, coordinate_transformation_mode="align_corners", nearest_mode="ceil"),
        "upsample",
        {"align_corners": False, "coordinates": "align_corners", "nearest_mode": "ceil"},
        (1, 3, 32, 32),
    ),
    (
        one("Resize", None, None, [8, 8], axes=[2, 3], mode="cubic", opset=18),
        "upsample",
        {"mode": "bicubic", "size": (8, 8), **PLAIN},
        (1, 3, 8, 8),
    ),
    (
        one("Resize", None, DOUBLE, coordinate_transformation_mode="half_pixel_symmetric", mode="linear", opset=19),
        "upsample",
        {"coordinates": "half_pixel_symmetric"},
        (1, 3, 32, 32),
    ),
    (one("Resize", None, DOUBLE, antialias=1, mode="linear"), "upsample", {"mode": "bilinear"}, (1, 3, 32, 32)),
    (one("Resize", None, [1.0, 1.0, 1 / 3, 1.0]), "upsample", {"scale": (Fraction(1, 3), 1)}, (1, 3, 5, 16)),
    (one("Resize", None, [1.0] * 4), "identity", {}, MAP),
]  # fmt: skip


def name_of(case: object) -> str:
    return f"{case.nodes[0].op_type}-{case.opset}" if isinstance(case, Small) else ""


@pytest.mark.parametrize(
    ("model", "kind", "attributes", "shape"),
    [*WINDOWS, *MATRICES, *NORMS, *ELEMENTS, *LAYOUTS, *RESIZED],
    ids=name_of,
)
def test_an_operator(
    model: Small, kind: str, attributes: dict[str, Any], shape: tuple[int, ...], tmp_path: Path
) -> None:
    graph = model.read(tmp_path)
    node = answer(graph)
    assert (node.kind, node.shape) == (kind, shape)
    assert {key: node.attributes[key] for key in attributes} == attributes
    assert all(set(node.attributes) == set(KINDS[node.kind]) for node in graph.nodes)
    assert all(number < at for at, node in enumerate(graph.nodes) for number in node.inputs)
    assert node.operator == ("constant" if kind == "constant" else model.nodes[0].op_type)


UNKNOWN = [
    (one("GridSample", (1, 4, 4, 2)), "the operator GridSample is not known"),
    (one("Conv", inputs=("x", "x"), shape=(1, 1, 3, 3)), "its kernel must be a constant"),
    (one("Resize", None, DOUBLE, coordinate_transformation_mode="tf_crop_and_resize"), "`tf_crop_and_resize`"),
    (one("Resize", None, [1.0, 1.0, 0.5, 0.5], antialias=1, mode="linear"), "`antialias`"),
    (one("Resize", None, [1.0, 2.0, 1.0, 1.0]), "it resamples images or channels"),
    (
        one("BatchNormalization", *[CHANNELS] * 4, training_mode=1, outputs=("y", "m", "v")),
        "the mean and deviation",
    ),
    (one("NonZero"), "the operator NonZero is not known"),
    (one("Gather", np.arange(200) ** 2 % 199 % 16, axis=2), "jumps more than 64 times"),
    (one("ConvTranspose", (3, 4, 2, 2), strides=[2, 2], output_shape=[40, 40]), "larger than what its windows reach"),
    (one("MaxUnpool", np.zeros((1, 3, 16, 16), WHOLE), kernel_shape=[2, 2]), "must come from a MaxPool"),
    (one("Einsum", inputs=("x", "x"), equation="bchw,bchw->bc"), "the operator Einsum is not known"),
]


@pytest.mark.parametrize(("model", "why"), UNKNOWN, ids=name_of)
def test_what_is_not_understood_becomes_a_node_that_says_why(model: Small, why: str, tmp_path: Path) -> None:
    node = answer(model.read(tmp_path))
    assert node.kind == "unknown"
    assert why in node.attributes["why"]
    assert node.operator == model.nodes[0].op_type
    assert node.inputs == (0,)


def test_what_follows_an_unknown_operator_is_read_where_the_file_tells_its_shape(tmp_path: Path) -> None:
    nodes = [helper.make_node("Odd", ["x"], ["o"], domain="other"), helper.make_node("Relu", ["o"], ["y"])]
    model = Small(nodes, domains={"other": 1}).proto()
    assert kinds(read_onnx(_written(model, tmp_path))) == ["image", "unknown", "unknown"]
    model.graph.value_info.append(helper.make_tensor_value_info("o", 1, [1, 3, 4, 4]))
    graph = read_onnx(_written(model, tmp_path))
    assert kinds(graph) == ["image", "unknown", "pointwise"]
    assert graph.nodes[1].attributes["why"] == "the operator other::Odd is not known: what it reads would have to be"
    assert answer(graph).shape == (1, 3, 4, 4)


def _written(model: Any, folder: Path) -> Path:
    path = folder / "model.onnx"
    path.write_bytes(model.SerializeToString())
    return path


def test_a_split_is_slices(tmp_path: Path) -> None:
    old = one("Split", axis=1, split=[1, 2], opset=9, outputs=("a", "b"))
    new = one("Split", [1, 2], axis=1, opset=13, outputs=("a", "b"))
    for model in (old, new):
        graph = model.read(tmp_path)
        assert [(node.kind, node.shape) for node in graph.nodes[1:]] == [
            ("slice", (1, 1, 16, 16)),
            ("slice", (1, 2, 16, 16)),
        ]
        assert answer(graph, 1).attributes == {"axis": 1, "start": 1, "stop": 3, "step": 1}
    graph = one("Split", axis=2, num_outputs=3, outputs=("a", "b", "c"), opset=18).read(tmp_path)
    assert [answer(graph, at).shape[2] for at in range(3)] == [6, 6, 4]


def test_slices_of_several_dimensions_follow_each_other(tmp_path: Path) -> None:
    graph = one("Slice", [1, 2], [3, 9], [1, 3]).read(tmp_path)
    assert kinds(graph) == ["image", "slice", "slice"]
    assert [node.shape for node in graph.nodes[1:]] == [(1, 2, 16, 16), (1, 2, 16, 7)]


def test_a_softmax_of_old_is_of_all_dimensions_from_its_axis_on(tmp_path: Path) -> None:
    graph = one("Softmax", axis=1, opset=11).read(tmp_path)
    assert [(node.kind, node.shape) for node in graph.nodes[1:]] == [
        ("reshape", (1, 768)),
        ("softmax", (1, 768)),
        ("reshape", MAP),
    ]


@pytest.mark.parametrize(("other", "place", "kind"), [(-1e9, 1, "add"), (-1e9, 2, "add"), (0.0, 2, "multiply")])
def test_a_fixed_mask_chooses_numbers(other: float, place: int, kind: str, tmp_path: Path) -> None:
    read = ["x", "low"] if place == 1 else ["low", "x"]
    mask = np.tril(np.ones((16, 16), bool))
    graph = Small([helper.make_node("Where", ["m", *read], ["y"])], {"m": mask, "low": np.float32(other)}).read(
        tmp_path
    )
    number = next(node for node in graph.nodes if node.kind == "constant").attributes["numbers"]()
    shown = mask if place == 1 else ~mask
    assert answer(graph).kind == kind
    assert np.array_equal(number, np.where(shown, 0.0, -100.0) if kind == "add" else shown)


def test_a_fixed_mask_that_chooses_of_two_maps_is_not_understood(tmp_path: Path) -> None:
    nodes = [helper.make_node("Relu", ["x"], ["r"]), helper.make_node("Where", ["m", "x", "r"], ["y"])]
    graph = Small(nodes, {"m": np.eye(16, dtype=bool)}).read(tmp_path)
    assert "by a fixed mask" in answer(graph).attributes["why"]


def test_a_kernel_that_ends_with_noughts_is_shorter_than_it_says(tmp_path: Path) -> None:
    kernel = ones(4, 3, 5, 5)
    kernel[:, :, 3:] = 0
    graph = one("Conv", kernel, pads=[2, 2, 2, 2]).read(tmp_path)
    assert "its kernel is 0 for a quarter" in answer(graph).attributes["why"]


def test_values_go_back_where_a_pooling_found_them(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("MaxPool", ["x"], ["p", "i"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Relu", ["p"], ["r"]),
        helper.make_node("MaxUnpool", ["r", "i"], ["y"], kernel_shape=[2, 2], strides=[2, 2]),
    ]
    graph = Small(nodes).read(tmp_path)
    node = answer(graph)
    assert kinds(graph) == ["image", "pool", "pointwise", "unpool"]
    assert (node.inputs, node.shape) == ((2, 1), MAP)
    assert node.attributes == {"kernel": (2, 2), "stride": (2, 2), "padding": ((0, 0), (0, 0)), "last": False}


@pytest.mark.parametrize(("operator", "gates"), [("LSTM", 4), ("GRU", 3), ("RNN", 1)])
def test_a_recurrence_goes_along_its_first_dimension(operator: str, gates: int, tmp_path: Path) -> None:
    graph = _steps(operator, gates, tmp_path)
    assert kinds(graph) == ["image", "permute", "recurrence", "reshape", "permute"]
    node = graph.nodes[2]
    assert dict(node.attributes) == {
        "mode": operator.lower(), "axis": 0, "channels": 5, "directions": 1, "weights": gates * 5 * 9,
    }  # fmt: skip
    assert node.shape == (6, 1, 5)
    assert graph.learned == {"t0": gates * 20, "t1": gates * 25, "t2": gates * 10}
    assert answer(graph).shape == (6, 1, 1, 5)


def _steps(operator: str, gates: int, folder: Path, directions: int = 1, output: str = "y", **given: Any) -> Any:
    """A recurrence of 6 steps of 4 numbers, which makes 5 of each, behind what puts steps first."""
    nodes = [
        helper.make_node("Transpose", ["x"], ["s"], perm=[1, 0, 2]),
        helper.make_node(operator, ["s", "t0", "t1", "t2"], ["y", "last"], hidden_size=5, **given),
    ]
    shapes = (directions, gates * 5, 4), (directions, gates * 5, 5), (directions, 2 * gates * 5)
    return Small(nodes, {f"t{at}": shape for at, shape in enumerate(shapes)}, (1, 6, 4), (output,), 14).read(folder)


def test_a_recurrence_in_both_directions(tmp_path: Path) -> None:
    graph = _steps("LSTM", 4, tmp_path, 2, direction="bidirectional")
    assert graph.nodes[2].attributes["directions"] == 2
    assert (graph.nodes[2].shape, answer(graph).shape) == ((6, 1, 10), (6, 2, 1, 5))


def test_a_recurrence_from_the_end_reads_what_is_turned_round(tmp_path: Path) -> None:
    graph = _steps("GRU", 3, tmp_path, direction="reverse")
    assert kinds(graph) == ["image", "permute", "flip", "recurrence", "flip", "reshape", "permute"]


def test_the_last_states_are_the_answers_at_both_ends(tmp_path: Path) -> None:
    graph = _steps("GRU", 3, tmp_path, 2, "last", direction="bidirectional")
    parts = [(dict(node.attributes), node.shape) for node in graph.nodes if node.kind == "slice"]
    assert [shape for _, shape in parts] == [(1, 1, 10), (1, 1, 5)] * 2
    assert [given["start"] for given, _ in parts] == [5, 0, 0, 5]
    assert answer(graph).shape == (2, 1, 5)


def test_weights_behind_a_quantisation(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("DequantizeLinear", ["w", "s", "z"], ["real"], axis=0),
        helper.make_node("QuantizeLinear", ["x", "one", "zero"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "one", "zero"], ["back"]),
        helper.make_node("Conv", ["back", "real"], ["y"]),
    ]
    tensors = {
        "w": np.ones((4, 3, 3, 3), np.int8), "s": ones(4), "z": np.zeros(4, np.int8), "one": np.float32(0.5),
        "zero": np.uint8(0),
    }  # fmt: skip
    graph = Small(nodes, tensors, opset=13).read(tmp_path)
    assert kinds(graph) == ["image", "identity", "identity", "conv"]
    assert graph.learned == {"w": 108}


def test_quantised_operators_are_what_they_are_without(tmp_path: Path) -> None:
    inputs = ["x", "s", "z", "w", "s", "z", "s", "z", "b"]
    nodes = [
        helper.make_node("QLinearConv", inputs, ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("QLinearAdd", ["c", "s", "z", "c", "s", "z", "s", "z"], ["a"], domain="com.microsoft"),
        helper.make_node(
            "QLinearConcat", ["s", "z", "a", "s", "z", "c", "s", "z"], ["k"], "k", None, "com.microsoft", axis=1
        ),
        helper.make_node("QLinearGlobalAveragePool", ["k", "s", "z", "s", "z"], ["y"], domain="com.microsoft"),
    ]
    tensors = {
        "w": np.ones((4, 3, 3, 3), np.int8), "s": np.float32(0.5), "z": np.int8(0), "b": np.ones(4, np.int32),
    }  # fmt: skip
    graph = Small(nodes, tensors, opset=13, domains={"com.microsoft": 1}).read(tmp_path)
    assert kinds(graph) == ["image", "conv", "add", "concat", "reduce"]
    assert answer(graph).shape == (1, 8, 1, 1)
    assert graph.learned == {"w": 108, "b": 4}


def test_a_convolution_of_whole_numbers_quantised_on_the_way(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "qs", "qz"]),
        helper.make_node("ConvInteger", ["q", "w", "qz", "z"], ["c"]),
        helper.make_node("Cast", ["c"], ["f"], to=1),
        helper.make_node("Mul", ["f", "qs"], ["y"]),
    ]
    graph = Small(nodes, {"w": np.ones((4, 3, 3, 3), np.uint8), "z": np.uint8(0)}, opset=13).read(tmp_path)
    assert answer(graph).kind == "multiply"
    assert [node.kind for node in graph.nodes].count("reduce") == 1


def test_whole_numbers_stay_whole_behind_a_quantised_convolution(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Cast", ["x"], ["q"], to=2),
        helper.make_node("ConvInteger", ["q", "w"], ["c"]),
        helper.make_node("Add", ["c", "b"], ["y"]),
    ]
    graph = Small(nodes, {"w": np.ones((4, 3, 3, 3), np.uint8), "b": np.ones((4, 1, 1), np.int32)}).read(tmp_path)
    assert kinds(graph) == ["image", "identity", "conv", "constant", "add"]


def test_a_fused_activation_is_a_node_of_its_own(tmp_path: Path) -> None:
    model = one("FusedConv", (4, 3, 3, 3), activation="Relu", domain="com.microsoft", domains={"com.microsoft": 1})
    graph = model.read(tmp_path)
    assert kinds(graph) == ["image", "conv", "pointwise"]
    assert answer(graph).attributes["word"] == "relu"


def test_attention(tmp_path: Path) -> None:
    model = one("Attention", inputs=("x", "x", "x"), shape=(1, 2, 9, 4), is_causal=1, opset=23)
    assert (answer(model.read(tmp_path)).kind, answer(model.read(tmp_path)).attributes["causal"]) == ("attention", True)


def test_a_matrix_with_a_summand_from_the_image(tmp_path: Path) -> None:
    graph = one("Gemm", (4, 4), inputs=("x", "t0", "x"), shape=(1, 4)).read(tmp_path)
    assert kinds(graph) == ["image", "linear", "add"]


# Constants


def chain(*nodes: Any, shape: Any = MAP, **tensors: Any) -> Small:
    return Small(nodes, tensors, shape)


def test_a_shape_that_is_computed_is_known(tmp_path: Path) -> None:
    graph = chain(
        helper.make_node("Shape", ["x"], ["s"]),
        helper.make_node("Gather", ["s", "zero"], ["n"]),
        helper.make_node("Unsqueeze", ["n", "first"], ["u"]),
        helper.make_node("Concat", ["u", "rest"], ["to"], axis=0),
        helper.make_node("Reshape", ["x", "to"], ["y"]),
        zero=np.int64(0), first=np.array([0]), rest=np.array([-1]),
    ).read(tmp_path)  # fmt: skip
    assert [(node.kind, node.shape) for node in graph.nodes] == [("image", MAP), ("reshape", (1, 768))]
    assert graph.learned == {}


def test_sizes_from_another_map_are_numbers(tmp_path: Path) -> None:
    graph = chain(
        helper.make_node("MaxPool", ["x"], ["p"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Shape", ["x"], ["s"], start=2),
        helper.make_node("Shape", ["p"], ["q"]),
        helper.make_node("Slice", ["q", "zero", "two"], ["head"]),
        helper.make_node("Concat", ["head", "s"], ["to"], axis=0),
        helper.make_node("Resize", ["p", "", "", "to"], ["y"], mode="linear"),
        zero=np.array([0]), two=np.array([2]),
    ).read(tmp_path)  # fmt: skip
    assert answer(graph).attributes["size"] == (16, 16)


def test_literals_of_every_form(tmp_path: Path) -> None:
    graph = chain(
        helper.make_node("Constant", [], ["f"], value_float=2.0),
        helper.make_node("Constant", [], ["i"], value_ints=[0, -1]),
        helper.make_node("ConstantOfShape", ["one"], ["o"], value=helper.make_tensor("v", 1, [1], [3.0])),
        helper.make_node("Mul", ["x", "f"], ["m"]),
        helper.make_node("Add", ["m", "o"], ["a"]),
        helper.make_node("Reshape", ["a", "i"], ["y"]),
        one=np.array([1]),
    ).read(tmp_path)  # fmt: skip
    assert kinds(graph) == ["image", "pointwise", "pointwise", "reshape"]


def test_the_branch_of_a_known_condition_is_followed(tmp_path: Path) -> None:
    def branch(operator: str) -> Any:
        return helper.make_graph(
            [helper.make_node(operator, ["x"], ["b"])], operator, [], [helper.make_tensor_value_info("b", 1, None)]
        )

    for condition, word in ((True, "relu"), (False, "tanh")):
        node = helper.make_node("If", ["c"], ["y"], then_branch=branch("Relu"), else_branch=branch("Tanh"))
        graph = chain(node, c=np.array(condition)).read(tmp_path)
        assert [node.attributes.get("word") for node in graph.nodes] == [None, word]


def test_a_branch_that_the_image_decides_is_unknown(tmp_path: Path) -> None:
    empty = helper.make_graph(
        [helper.make_node("Relu", ["x"], ["b"])], "g", [], [helper.make_tensor_value_info("b", 1, None)]
    )
    graph = chain(
        helper.make_node("ReduceMax", ["x"], ["m"], keepdims=0),
        helper.make_node("Cast", ["m"], ["c"], to=9),
        helper.make_node("If", ["c"], ["y"], then_branch=empty, else_branch=empty),
    ).read(tmp_path)
    assert "would have to be constant" in answer(graph).attributes["why"]


def test_functions_are_put_in_place(tmp_path: Path) -> None:
    body = [helper.make_node("Relu", ["a"], ["b"]), helper.make_node("Tanh", ["b"], ["c"])]
    function = helper.make_function("own", "Both", ["a"], ["c"], body, [helper.make_opsetid("", 18)])
    model = Small([helper.make_node("Both", ["x"], ["y"], domain="own")], functions=[function], domains={"own": 1})
    assert [node.attributes.get("word") for node in model.read(tmp_path).nodes] == [None, "relu", "tanh"]


# What is learned


def test_mean_and_deviation_are_not_learned(tmp_path: Path) -> None:
    graph = one("BatchNormalization", CHANNELS, CHANNELS, CHANNELS, CHANNELS).read(tmp_path)
    assert graph.learned == {"t0": 3, "t1": 3}
    assert answer(graph).learned == ("t0", "t1")


def test_weights_that_are_computed_keep_the_names_of_what_flows_in(tmp_path: Path) -> None:
    graph = chain(
        helper.make_node("Mul", ["c.original0", "c.original1"], ["w"]),
        helper.make_node("Transpose", ["w"], ["t"], perm=[1, 0, 2, 3]),
        helper.make_node("Identity", ["t"], ["i"]),
        helper.make_node("Conv", ["x", "i", "c.bias"], ["y"]),
        **{"c.original0": (1, 4, 1, 1), "c.original1": (3, 4, 3, 3), "c.bias": (4,)},
    ).read(tmp_path)
    assert kinds(graph) == ["image", "conv"]
    assert graph.learned == {"c.original0": 4, "c.original1": 108, "c.bias": 4}
    assert answer(graph).scope == "c"


def test_copies_that_an_exporter_computed_ahead_count_once(tmp_path: Path) -> None:
    graph = chain(
        helper.make_node("Transpose", ["onnx::ReduceMean_2"], ["t"], perm=[1, 0, 2, 3]),
        helper.make_node("Sub", ["onnx::Sub_1", "t"], ["w"]),
        helper.make_node("Conv", ["x", "w"], ["y"]),
        **{"onnx::Sub_1": (4, 3, 1, 1), "onnx::ReduceMean_2": (3, 4, 1, 1)},
    ).read(tmp_path)
    assert graph.learned == {"onnx::Sub_1": 12}


def test_zeros_that_an_exporter_computed_ahead_are_not_learned(tmp_path: Path) -> None:
    graph = one("Conv", (4, 3, 1, 1), inputs=("x", "t0", "val_7")).proto()
    graph.graph.initializer.append(helper.make_tensor("val_7", 1, [4], [0.0] * 4))
    assert read_onnx(_written(graph, tmp_path)).learned == {"t0": 12}


def test_numbers_that_nobody_learned_do_not_count(tmp_path: Path) -> None:
    graph = chain(
        helper.make_node("Constant", [], ["k"], value=helper.make_tensor("v", 1, [3, 1, 1], [1.0, 2.0, 3.0])),
        helper.make_node("Sub", ["x", "k"], ["a"]),
        helper.make_node("Div", ["a", "onnx::Div_7"], ["b"]),
        helper.make_node("Mul", ["b", "gamma"], ["c"]),
        helper.make_node("Mul", ["c", "block.alpha"], ["y"]),
        **{"onnx::Div_7": np.float32(6), "gamma": (3, 1, 1), "block.alpha": np.float32(2)},
    ).read(tmp_path)
    assert graph.learned == {"gamma": 3, "block.alpha": 1}


def test_literals_of_other_exporters_are_learned(tmp_path: Path) -> None:
    node = helper.make_node("Constant", [], ["w"], value=helper.make_tensor("v", 1, [2, 3, 1, 1], [1.0] * 6))
    graph = Small([node, helper.make_node("Conv", ["x", "w"], ["y"])], producer="other").read(tmp_path)
    assert graph.learned == {"w": 6}


def test_a_tensor_that_two_layers_share_counts_once(tmp_path: Path) -> None:
    graph = chain(
        helper.make_node("Conv", ["x", "w"], ["a"]), helper.make_node("Conv", ["a", "w"], ["y"]), w=(3, 3, 1, 1)
    ).read(tmp_path)
    assert graph.learned == {"w": 9}
    assert [node.learned for node in graph.nodes] == [(), ("w",), ("w",)]


def test_equal_tensors_of_an_untrained_model_count_each(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Identity", ["b"], ["c"]),
        helper.make_node("Conv", ["x", "w", "b"], ["a"]),
        helper.make_node("Conv", ["a", "w", "c"], ["y"]),
    ]
    graph = chain(*nodes, w=(3, 3, 1, 1), b=np.ones(3, np.float32)).read(tmp_path)
    assert graph.learned == {"w": 9, "b": 3, "c": 3}
    shared = chain(*nodes, w=(3, 3, 1, 1), b=(3,)).read(tmp_path)
    assert shared.learned == {"w": 9, "b": 3}


def test_what_the_exporter_says_is_a_buffer_is_not_learned(tmp_path: Path) -> None:
    model = one("Conv", (3, 1, 3, 3), group=3).proto()
    note = model.graph.metadata_props.add()
    note.key = "pkg.torch.export.ExportedProgram.graph_signature"
    note.value = "\n# inputs\nb_filt: BUFFER target='t0' persistent=True\n"
    graph = read_onnx(_written(model, tmp_path))
    assert (graph.learned, answer(graph).attributes["weights"]) == ({}, 27)


def test_a_bias_of_zeros_that_is_computed_is_none(tmp_path: Path) -> None:
    graph = chain(
        helper.make_node("ConstantOfShape", ["n"], ["b"]),
        helper.make_node("Conv", ["x", "w", "b"], ["y"]),
        n=np.array([4]), w=(4, 3, 1, 1),
    ).read(tmp_path)  # fmt: skip
    assert (answer(graph).attributes["bias"], graph.learned) == (False, {"w": 12})


def test_what_no_output_needs_is_left_out(tmp_path: Path) -> None:
    graph = chain(
        helper.make_node("Conv", ["x", "unused"], ["a"]), helper.make_node("Relu", ["x"], ["y"]), unused=(4, 3, 1, 1)
    ).read(tmp_path)
    assert (kinds(graph), graph.learned) == (["image", "pointwise"], {})


# Normalisations that are spelt out


def spelt_layer_norm(*, twice: bool) -> list[Any]:
    return [
        helper.make_node("ReduceMean", ["x"], ["m"], axes=[-1]),
        helper.make_node("Sub", ["x", "m"], ["d"]),
        helper.make_node("Sub", ["x", "m"], ["e"]),
        helper.make_node("Pow", ["e" if twice else "d", "two"], ["p"]),
        helper.make_node("ReduceMean", ["p"], ["v"], axes=[-1]),
        helper.make_node("Add", ["v", "eps"], ["ve"]),
        helper.make_node("Sqrt", ["ve"], ["s"]),
        helper.make_node("Div", ["d", "s"], ["n"]),
        helper.make_node("Mul", ["n", "ln.weight"], ["w"]),
        helper.make_node("Add", ["w", "ln.bias"], ["y"]),
    ]


@pytest.mark.parametrize("twice", [False, True])
def test_a_layer_norm_that_is_spelt_out_is_one(twice: bool, tmp_path: Path) -> None:
    tensors = {"two": np.float32(2), "eps": np.float32(1e-5), "ln.weight": (16,), "ln.bias": (16,)}
    graph = Small(spelt_layer_norm(twice=twice), tensors, (1, 9, 16), opset=13).read(tmp_path)
    assert kinds(graph) == ["image", "norm"]
    node = answer(graph)
    assert dict(node.attributes) == {"mode": "layer", "axes": (2,), "groups": None, "affine": 2}
    assert (node.inputs, node.shape, graph.learned) == ((0,), (1, 9, 16), {"ln.weight": 16, "ln.bias": 16})


def test_a_root_mean_square_norm_that_is_spelt_out_is_one(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Mul", ["x", "x"], ["p"]),
        helper.make_node("ReduceMean", ["p"], ["v"], axes=[-1]),
        helper.make_node("Add", ["v", "eps"], ["ve"]),
        helper.make_node("Sqrt", ["ve"], ["s"]),
        helper.make_node("Reciprocal", ["s"], ["r"]),
        helper.make_node("Mul", ["x", "r"], ["n"]),
        helper.make_node("Mul", ["g", "n"], ["y"]),
    ]
    graph = Small(nodes, {"eps": np.float32(1e-5), "g": (16,)}, (1, 9, 16), opset=13).read(tmp_path)
    assert kinds(graph) == ["image", "norm"]
    assert answer(graph).attributes["affine"] == 1


def test_a_quotient_of_other_things_stays_one(tmp_path: Path) -> None:
    nodes = spelt_layer_norm(twice=False)
    nodes[4] = helper.make_node("ReduceMax", ["p"], ["v"], axes=[-1])
    tensors = {"two": np.float32(2), "eps": np.float32(1e-5), "ln.weight": (16,), "ln.bias": (16,)}
    graph = Small(nodes, tensors, (1, 9, 16), opset=13).read(tmp_path)
    assert "norm" not in kinds(graph)


def test_groups_that_are_normalised_as_channels_are_a_group_norm(tmp_path: Path) -> None:
    ones_of = {"value": helper.make_tensor("v", 1, [2], [1.0, 1.0])}
    graph = chain(
        helper.make_node("Constant", [], ["one"], **ones_of),
        helper.make_node("Reshape", ["x", "groups"], ["g"]),
        helper.make_node("InstanceNormalization", ["g", "one", "one"], ["i"]),
        helper.make_node("Reshape", ["i", "map"], ["b"]),
        helper.make_node("Mul", ["b", "w"], ["m"]),
        helper.make_node("Add", ["m", "c"], ["y"]),
        shape=(1, 4, 8, 8),
        groups=np.array([0, 2, -1]), map=np.array([1, 4, 8, 8]), w=(4, 1, 1), c=(4, 1, 1),
    ).read(tmp_path)  # fmt: skip
    assert kinds(graph) == ["image", "norm"]
    assert dict(answer(graph).attributes) == {"mode": "group", "groups": 2, "axes": None, "affine": 2}
    assert graph.learned == {"w": 4, "c": 4}


# The image


def test_a_size_is_asked_for_where_the_file_has_none(tmp_path: Path) -> None:
    model = one("MaxPool", kernel_shape=[2, 2], strides=[2, 2], shape=("n", 3, "h", "w"))
    graph = model.read(tmp_path, (32, 48))
    assert (graph.nodes[0].shape, answer(graph).shape) == ((1, 3, 32, 48), (1, 3, 16, 24))


def test_another_size_than_the_file_s_goes_through(tmp_path: Path) -> None:
    graph = one("Conv", (4, 3, 3, 3), shape=(8, 3, 16, 16)).read(tmp_path, (9, 11))
    assert [node.shape for node in graph.nodes] == [(1, 3, 9, 11), (1, 4, 7, 9)]


def test_the_batch_is_one_image(tmp_path: Path) -> None:
    assert one("Relu", shape=(8, 3, 16, 16)).read(tmp_path).nodes[0].shape == (1, 3, 16, 16)


def test_channels_of_any_number_are_those_of_the_first_convolution(tmp_path: Path) -> None:
    graph = one("Conv", (4, 3, 3, 3), shape=(None, None, None, None)).read(tmp_path, (8, 8))
    assert graph.nodes[0].shape == (1, 3, 8, 8)


def test_channels_stand_last_where_all_that_reads_the_image_puts_them_first(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Mul", ["x", "s"], ["m"]),
        helper.make_node("Transpose", ["m"], ["t"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["t", "w"], ["y"]),
    ]
    model = Small(nodes, {"s": np.float32(0.5), "w": (4, 3, 3, 3)}, (None, None, None, 3), producer="tf2onnx")
    graph = model.read(tmp_path, (8, 9))
    assert graph.channels_last
    assert [node.shape for node in graph.nodes] == [(1, 8, 9, 3), (1, 8, 9, 3), (1, 3, 8, 9), (1, 4, 6, 7)]
    assert not one("Transpose", perm=[0, 2, 3, 1]).read(tmp_path).channels_last


@pytest.mark.parametrize(("reader", "weight", "last"), [("Conv", (4, 8, 5), True), ("MatMul", (8, 4), False)])
def test_of_a_row_the_channels_stand_last_where_windows_go_over_it(
    reader: str, weight: tuple[int, ...], *, last: bool, tmp_path: Path
) -> None:
    nodes = [helper.make_node("Transpose", ["x"], ["t"], perm=[0, 2, 1]), helper.make_node(reader, ["t", "w"], ["y"])]
    graph = Small(nodes, {"w": weight}, (1, 40, 8) if last else (1, 8, 40)).read(tmp_path)
    assert graph.channels_last == last


def test_the_only_dimension_of_one_number_is_the_channels(tmp_path: Path) -> None:
    assert one("Reshape", [0, 1, -1], shape=(1, 400, 1)).read(tmp_path).channels_last
    assert not one("Conv", (4, 8, 1), shape=(1, 8, 1)).read(tmp_path).channels_last


def test_a_signal_without_channels(tmp_path: Path) -> None:
    nodes = [helper.make_node("Unsqueeze", ["x", "one"], ["u"]), helper.make_node("Conv", ["u", "w"], ["y"])]
    graph = Small(nodes, {"one": np.array([1]), "w": (4, 1, 5)}, (None, None)).read(tmp_path, (100,))
    assert [node.shape for node in graph.nodes] == [(1, 100), (1, 1, 100), (1, 4, 96)]


def test_several_outputs_stand_in_their_order(tmp_path: Path) -> None:
    nodes = [helper.make_node("Relu", ["x"], ["a"]), helper.make_node("Tanh", ["a"], ["b"])]
    graph = Small(nodes, outputs=("b", "a", "b")).read(tmp_path)
    assert [answer(graph, at).tensor for at in range(2)] == ["b", "a"]


# Names


@pytest.mark.parametrize(
    ("name", "weight", "scope"),
    [
        ("/layer1/layer1.0/conv1/Conv", "onnx::Conv_12", "layer1.0.conv1"),
        ("/features/features.1/block/block.0/block.0.0/Conv", "onnx::Conv_12", "features.1.block.0.0"),
        ("Conv_12", "layer1.0.conv1.weight", "layer1.0.conv1"),
        ("Conv_12", "onnx::Conv_12", ""),
        ("node_conv2d_3", "val_7", ""),
        ("/Conv", "onnx::Conv_12", ""),
        ("resnetv17_conv0_fwd", "resnetv17_conv0_weight", "resnetv17_conv0_fwd"),
        ("model/stem/Conv2D", "model/stem/kernel:0", "model.stem"),
        ("", "w", ""),
    ],
)
def test_scopes_are_found_by_the_names_of_nodes_and_weights(name: str, weight: str, scope: str, tmp_path: Path) -> None:
    node = helper.make_node("Conv", ["x", weight], ["y"], name)
    assert answer(Small([node], {weight: (4, 3, 1, 1)}).read(tmp_path)).scope == scope


def test_scopes_and_lines_are_found_in_the_exporter_s_notes(tmp_path: Path) -> None:
    node = helper.make_node("Relu", ["x"], ["y"], "node_relu")
    for key, value in (
        ("pkg.torch.onnx.name_scopes", "['', 'layer1', 'layer1.0', 'layer1.0.relu', 'relu_1']"),
        (
            "pkg.torch.onnx.stack_trace",
            'File "/a/nets.py", line 7, in forward\n  x\n  File "/a/torch/nn/modules/activation.py", line 9, in f',
        ),
    ):
        note = node.metadata_props.add()
        note.key, note.value = key, value
    read = answer(Small([node]).read(tmp_path))
    assert (read.scope, read.line, read.operator, read.tensor) == ("layer1.0.relu", "nets.py:7", "Relu", "y")


def test_a_length_of_less_than_nothing_is_any_length(tmp_path: Path) -> None:
    model = one("MaxPool", kernel_shape=[2, 2], strides=[2, 2], shape=(-1, 3, -1, -1))
    graph = model._replace(told={"y": (-1, 3, -1, -1)}).read(tmp_path, (32, 48))
    assert answer(graph).shape == (1, 3, 16, 24)
