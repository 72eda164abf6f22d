"""The image of an ONNX graph: which of its inputs it is, how large, and whether channels stand last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rfdocs.importing.onnx_draft import Dims
from rfdocs.importing.onnx_file import OnnxFile
from rfdocs.importing.onnx_limits import OnnxError, checked_shape, short

#: What may stand between an image and the transposition that puts its channels first.
_BETWEEN = {"Cast", "Identity", "Sub", "Add", "Mul", "Div", "Clip", "QuantizeLinear", "DequantizeLinear"}

#: What has the channels of its input as the second dimension.
_OF_SECOND = ("Conv", "ConvTranspose", "ConvInteger", "Pool", "BatchNormalization", "InstanceNormalization", "Pad")


def image_input(file: OnnxFile) -> Any:
    """The one input of the graph that is no initialiser, and that something reads.

    Raises: OnnxError where there are none, or several.
    """
    own = {tensor.name for tensor in file.graph.initializer} | {
        one.values.name for one in file.graph.sparse_initializer
    }
    inputs = [one for one in file.graph.input if one.name not in own]
    read = [one for one in inputs if _is_read(file.graph, one.name)]
    if len(read) != 1:
        names = ", ".join([short(one.name, 40) for one in (read or inputs)][:20]) or "none"
        raise OnnxError(
            f"{file.path}: a network with one input is read, and this has {len(read)}: {names}",
            "onnx.utils.extract_model makes a file of the part between one input and what is asked for",
        )
    return read[0]


def _is_read(graph: Any, name: str) -> bool:
    """Whether a node reads a tensor; graphs in nodes read what stands around them."""
    outputs = any(one.name == name for one in graph.output)
    return outputs or any(name in node.input or _is_read_inside(node, name) for node in graph.node)


def _is_read_inside(node: Any, name: str) -> bool:
    return any(attribute.HasField("g") and _is_read(attribute.g, name) for attribute in node.attribute)


def image_shape(file: OnnxFile, image: Any, size: Sequence[int] | None, *, last: bool) -> Dims:
    """The shape of the image: one image, of the size that is asked for or that the file has.

    Raises: OnnxError where lengths are not known.
    """
    kind = image.type.tensor_type
    if not image.type.HasField("tensor_type") or not kind.HasField("shape") or len(kind.shape.dim) < 2:
        raise OnnxError(
            f"{file.path}: its input '{short(image.name)}' is no tensor of (batch, channels, ...)", "export it with one"
        )
    dims: list[int | None] = [one.dim_value if one.dim_value > 0 else None for one in kind.shape.dim]
    spatial, channel = _places(len(dims), last=last)
    if channel is not None and dims[channel] is None:
        dims[channel] = _first_channels(file, image.name)
    if size is not None:
        _check_axes(file, size, spatial)
        for axis, length in zip(spatial, size, strict=True):
            dims[axis] = length
    return checked_shape(image.name, (1, *_all_known(file, image.name, dims)[1:]))


def _places(rank: int, *, last: bool) -> tuple[tuple[int, ...], int | None]:
    """The dimensions of the map, and that of the channels; a tensor of two has none."""
    if rank == 2:
        return (1,), None
    return (tuple(range(1, rank - 1)), rank - 1) if last else (tuple(range(2, rank)), 1)


def _check_axes(file: OnnxFile, size: Sequence[int], spatial: tuple[int, ...]) -> None:
    if len(size) != len(spatial) or any(length < 1 for length in size):
        raise OnnxError(
            f"{file.path}: its input has {len(spatial)} axes, and the size is {'x'.join(map(str, size))}",
            "give one length for each axis",
        )


def _all_known(file: OnnxFile, name: str, dims: list[int | None]) -> Dims:
    known = tuple(length for length in dims[1:] if length is not None)
    if len(known) != len(dims) - 1:
        told = ", ".join("?" if length is None else str(length) for length in dims)
        raise OnnxError(
            f"{file.path}: its input '{short(name)}' is ({told}), of any size", "say which: --input 3x224x224"
        )
    return (1, *known)


def _first_channels(file: OnnxFile, name: str) -> int | None:
    """The channels that the first convolution of the image reads."""
    shapes = {tensor.name: tuple(tensor.dims) for tensor in file.graph.initializer}
    for node in file.graph.node:
        if node.op_type == "Conv" and node.input[:1] == [name] and len(shapes.get(node.input[1], ())) > 1:
            groups = next((one.i for one in node.attribute if one.name == "group"), 1)
            return int(shapes[node.input[1]][1]) * max(1, int(groups))
    return None


def is_resized(image: Any, shape: Dims) -> bool:
    """Whether an image is of another size than the file says; one that is of any size is not."""
    told = [one.dim_value for one in image.type.tensor_type.shape.dim]
    return any(length > 0 and length != new for length, new in zip(told[1:], shape[1:], strict=True))


def _is_read_by_windows(file: OnnxFile, name: str) -> bool:
    """Whether all that reads a tensor goes over it, or has its channels second in another way."""
    readers = [node.op_type for node in file.graph.node if name in node.input]
    return bool(readers) and all(word.endswith(_OF_SECOND) for word in readers)


def is_channels_last(file: OnnxFile, image: Any) -> bool:
    """Whether the channels are the last dimension: all that reads the image puts that second, or it is the only one of
    one number, and nothing that has windows reads it so. Of three dimensions the last two may be put last or first by
    the same order: what has windows has to read them then.
    """
    told = [one.dim_value for one in image.type.tensor_type.shape.dim]
    if len(told) > 2 and told[-1] == 1 and 1 not in told[1:-1]:
        return not any(node.op_type.endswith(("Conv", "Pool")) and image.name in node.input for node in file.graph.node)
    rank = len(told)
    order = [0, rank - 1, *range(1, rank - 1)]
    names, turned = {image.name}, False
    for node in file.graph.node if rank > 2 else ():
        if not names.intersection(node.input):
            continue
        if node.op_type == "Transpose":
            if [list(one.ints) for one in node.attribute if one.name == "perm"] != [order]:
                return False
            turned = rank > 3 or _is_read_by_windows(file, node.output[0])
        elif node.op_type in _BETWEEN:
            names.update(node.output)
        else:
            return False
    return turned
