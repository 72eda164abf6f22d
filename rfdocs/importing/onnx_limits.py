"""What a file of ONNX may be: how large, how deep, and where what it names may stand."""

from __future__ import annotations

from math import prod
from pathlib import Path

from rfdocs.errors import RfdocsError, system_error_text

#: What protobuf can hold at all.
MAX_BYTES = 1 << 31
MAX_NODES = 100_000
MAX_TENSORS = 100_000
#: Of a tensor in memory: larger ones have a shape and no values here.
MAX_NUMBERS = 1 << 40
MAX_VALUES = 1 << 16
MAX_RANK = 16
#: How deep graphs stand in graphs, and functions call functions.
MAX_DEPTH = 16
MAX_PIECES = 64

#: The first version of the operators whose broadcasting is today's, and read here.
LOWEST_OPSET = 7


class OnnxError(RfdocsError, ValueError):
    """A file that is no model of ONNX, or none that can be read; and what to do about it."""


def checked_shape(name: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a tensor.

    >>> checked_shape("w", (8, 3, 3, 3))
    (8, 3, 3, 3)

    Raises: OnnxError where no memory could hold it.
    """
    if len(shape) > MAX_RANK or any(length < 0 for length in shape) or prod(shape) > MAX_NUMBERS:
        lengths = " x ".join(map(str, shape[:MAX_RANK]))
        raise OnnxError(f"the tensor '{short(name)}' would be {lengths}", f"at most {MAX_NUMBERS} numbers are read")
    return shape


def short(text: str, most: int = 80) -> str:
    """A name from a file, for a message: on one line, and not too long.

    >>> short("a" * 100, 8)
    'aaaaaaa…'
    """
    clean = "".join([character if character.isprintable() else "?" for character in text])
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def file_bytes(path: Path) -> bytes:
    """What stands in a file.

    Raises: OnnxError where it is not to be read, or is too large.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise OnnxError(
                f"{path}: {path.stat().st_size} bytes are more than the {MAX_BYTES} of one file of ONNX",
                "keep its weights in a file beside it (external data)",
            )
        return path.read_bytes()
    except OSError as error:
        raise OnnxError(system_error_text(error, path), "SOURCE is the path of an .onnx file") from None


def beside(path: Path, location: str) -> Path:
    """The file of external data that a model names: one that stands in the model's own folder.

    Raises: OnnxError for every other place, and for a link that leads elsewhere.
    """
    other, folder = path.parent / location, path.parent.resolve()
    named = location not in {"", ".", ".."} and not set(location) & set("/\\\0:") and other.name == location
    if not named or (other.exists() and other.resolve().parent != folder):
        raise OnnxError(
            f"{path}: its weights are said to stand in '{short(location)}'",
            "external data is read from the model's own folder only: its name has no folder, and it is no link",
        )
    return other


def external_bytes(path: Path, location: str, offset: int, length: int) -> bytes:
    """A piece of a file of external data.

    Raises: OnnxError where that has none.
    """
    try:
        with beside(path, location).open("rb") as file:
            file.seek(offset)
            return file.read(length)
    except (OSError, OverflowError, ValueError) as error:
        why = system_error_text(error) if isinstance(error, OSError) else str(error)
        raise OnnxError(f"{path}: its external data cannot be read: {why}", "it belongs beside the model") from None
