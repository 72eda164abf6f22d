"""What the package `onnx` says of one node: the shapes of its outputs; and of small constants these themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.shape_inference import infer_node_outputs

from rfdocs.importing.onnx_draft import Dims, OnnxTensor
from rfdocs.importing.onnx_limits import MAX_VALUES, OnnxError, checked_shape, short

#: From these versions on the size of a pooling with `ceil_mode` is what all runtimes always made of it, and the group
#: normalisation is none that was withdrawn.
_CEIL_OPSET = 22
_GROUP_OPSET = 21
#: Operators that are computed on small constants: none of them loops, or knows texts.
_COMPUTED = frozenset(
    "Abs Add And ArgMax ArgMin BitShift Cast CastLike Ceil Clip Compress Concat Constant ConstantOfShape CumSum"
    " DequantizeLinear Div Dropout Equal Exp Expand EyeLike Flatten Floor Gather GatherElements GatherND Greater"
    " GreaterOrEqual Identity IsNaN Less LessOrEqual Log MatMul Max Mean Min Mod Mul Neg NonZero Not Or Pad Pow Range"
    " Reciprocal ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum Relu Reshape Round ScatterElements ScatterND"
    " Shape Sign Size Slice Split Sqrt Squeeze Sub Sum Tile Transpose Trilu Unsqueeze Where Xor".split()
)
#: Operators that the package has as functions of others, without their shape: that of their first input.
_ALIKE = frozenset({"GroupNormalization", "MeanVarianceNormalization"})
#: Those whose output is as long as what they find, and never longer than their input.
_FOUND = frozenset({"NonZero", "Compress"})
_LISTS = {onnx.AttributeProto.FLOATS, onnx.AttributeProto.INTS}
_PLAIN = _LISTS | {onnx.AttributeProto.FLOAT, onnx.AttributeProto.INT, onnx.AttributeProto.STRING}


class Outlook(NamedTuple):
    """What is known of an output before it is computed."""

    element: int
    shape: Dims | None


def _type(tensor: OnnxTensor, element: int | None) -> Any:
    return helper.make_tensor_type_proto(tensor.element if element is None else element, tensor.shape)


def _values(tensors: Mapping[str, OnnxTensor]) -> dict[str, Any]:
    return {name: numpy_helper.from_array(one.value, name) for name, one in tensors.items() if one.value is not None}


def outlooks(node: Any, tensors: Sequence[OnnxTensor | None], opset: int, element: int | None = None) -> list[Outlook]:
    """What is known of each output of a node, by the package's own inference of shapes; as if all its inputs had one
    type, if that is given.

    Raises: OnnxError where the node contradicts its operator, or its inputs each other.
    """
    known = {name: one for name, one in zip(node.input, tensors, strict=True) if one is not None}
    version = _version(node, opset)
    imports = [helper.make_opsetid("", version)]
    try:
        schema = onnx.defs.get_schema(node.op_type, version, "")
        types = {name: _type(one, element) for name, one in known.items()}
        inferred = infer_node_outputs(schema, node, types, _values(known), opset_imports=imports)
    except Exception as error:  # noqa: BLE001 - whatever the package says of it
        raise OnnxError(
            f"the node '{short(node.name)}' is no {short(node.op_type)} of these inputs: {short(str(error), 300)}"
        ) from None
    ahead = [_outlook(name, inferred.get(name)) for name in node.output]
    if node.op_type in _ALIKE and ahead[0].shape is None and tensors[0] is not None:
        ahead[0] = Outlook(ahead[0].element, tensors[0].shape)
    return ahead


def _version(node: Any, opset: int) -> int:
    """The version whose rules hold for a node."""
    if node.op_type == "GroupNormalization":
        return max(opset, _GROUP_OPSET)
    return max(opset, _CEIL_OPSET) if node.op_type.endswith("Pool") and _ceils(node) else opset


def is_known(node: Any, opset: int) -> bool:
    """Whether a version of ONNX has the operator of a node."""
    return bool(onnx.defs.has(node.op_type, max_inclusive_version=_version(node, opset)))


def attributes_of(node: Any) -> dict[str, Any]:
    """The numbers and words of a node's attributes."""
    return {one.name: _plain(one) for one in node.attribute if one.type in _PLAIN}


def _plain(attribute: Any) -> Any:
    value = helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return tuple(value) if attribute.type in _LISTS else value


def _ceils(node: Any) -> bool:
    return any(attribute.name == "ceil_mode" and attribute.i for attribute in node.attribute)


def _outlook(name: str, kind: Any) -> Outlook:
    if kind is None or not kind.HasField("tensor_type"):
        return Outlook(onnx.TensorProto.FLOAT, None)
    shape = static_shape(kind.tensor_type)
    return Outlook(kind.tensor_type.elem_type, None if shape is None else checked_shape(name, shape))


def static_shape(kind: Any) -> Dims | None:
    """The shape of a type, where all of its lengths are numbers."""
    lengths = [one.dim_value if one.HasField("dim_value") else None for one in kind.shape.dim]
    whole = [length for length in lengths if length is not None]
    return tuple(whole) if kind.HasField("shape") and len(whole) == len(lengths) else None


def computed(node: Any, tensors: Sequence[OnnxTensor | None], ahead: Sequence[Outlook], opset: int) -> dict[str, Any]:
    """The values of the outputs, by name, where all inputs have values and no output would be large."""
    given = {name: one for name, one in zip(node.input, tensors, strict=True) if one is not None}
    ready = node.op_type in _COMPUTED and all(one.value is not None for one in given.values())
    if not ready or not _is_small(node, ahead):
        return {}
    try:
        answers = _evaluator(node, given, opset).run(None, {name: one.value for name, one in given.items()})
    except Exception:  # noqa: BLE001 - then its values are not known, which what needs them says
        return {}
    arrays = zip(filter(None, node.output), map(np.asarray, answers), strict=True)
    return {name: array for name, array in arrays if array.size <= MAX_VALUES}


def _is_small(node: Any, ahead: Sequence[Outlook]) -> bool:
    """Whether all outputs are known to be small before they are computed."""
    return node.op_type in _FOUND or all(
        one.shape is not None and prod(one.shape) <= MAX_VALUES
        for name, one in zip(node.output, ahead, strict=True)
        if name
    )


def _evaluator(node: Any, given: Mapping[str, OnnxTensor], opset: int) -> ReferenceEvaluator:
    inputs = [helper.make_tensor_value_info(name, one.element, one.shape) for name, one in given.items()]
    outputs = [helper.make_tensor_value_info(name, onnx.TensorProto.UNDEFINED, None) for name in node.output if name]
    graph = helper.make_graph([node], "one", inputs, outputs)
    return ReferenceEvaluator(graph, opsets={"": opset})
