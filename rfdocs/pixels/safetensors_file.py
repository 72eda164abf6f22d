"""Files of safetensors: a header in JSON that says where each tensor's numbers lie, and the numbers.

Source: the format's description in huggingface/safetensors: 8 bytes with the header's length, low byte first, the
header, and then the data, which the offsets count from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from rfdocs.pixels.tensors import AXES, StoredTensor, WeightsFile, shape_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The most bytes of a header.
HEADER = 1 << 23
#: The bytes of one number, by type; what is not listed is not known, and refused if it is read.
SIZES = {
    **dict.fromkeys(("F64", "I64", "U64"), 8),
    **dict.fromkeys(("F32", "I32", "U32"), 4),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 2),
    **dict.fromkeys(("I8", "U8", "BOOL"), 1),
}
#: The types that are read, and how; the 16 bits of BF16 are the upper half of an F32.
READ = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}


class SafetensorsFile(WeightsFile):
    """A file of that format. Raises: WeightsError, OSError."""

    def _index(self) -> Mapping[str, StoredTensor]:
        size = self.path.stat().st_size
        with self.path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or length > size - 8:
                raise self.wrong("it is no whole .safetensors file: it ends before its header does")
            if length > HEADER:
                raise self.wrong(f"its header has {length} bytes; at most {HEADER} are read")
            text = file.read(length)
        told = self._parsed(text)
        return {name: self._stored(name, entry, 8 + length, size) for name, entry in told.items()}

    def _parsed(self, text: bytes) -> dict[str, Any]:
        try:
            told = json.loads(text.decode("utf-8"))
        except (ValueError, RecursionError):
            raise self.wrong("it is no .safetensors file: its header is no JSON") from None
        if not isinstance(told, dict):
            raise self.wrong("it is no .safetensors file: its header is no mapping")
        return {name: entry for name, entry in told.items() if name != "__metadata__"}

    def _stored(self, name: str, entry: Any, data: int, size: int) -> StoredTensor:
        """A tensor of the header, whose data lie in the file and are as long as its shape says."""
        told: dict[str, Any] = entry if isinstance(entry, dict) else {}
        shape, offsets, kind = told.get("shape", ""), told.get("data_offsets", ""), told.get("dtype")
        if not (_is_list(shape) and len(shape) <= AXES and _is_list(offsets) and len(offsets) == 2):
            raise self.wrong(f"its header tells no shape and no offsets of {name[:80]!r}")
        kind = str(kind)[:20]
        stored = StoredTensor(tuple(shape), kind, data + offsets[0])
        length = offsets[1] - offsets[0]
        if not 0 <= length <= size - stored.begin:
            raise self.wrong(f"it ends before {name[:80]!r} does")
        if kind in SIZES and length != stored.count * SIZES[kind]:
            raise self.wrong(f"{name[:80]!r} has {length} bytes, which are not {shape_text(stored.shape)} of {kind}")
        return stored

    def _values(self, name: str, stored: StoredTensor) -> NDArray[Any]:
        if stored.kind not in READ:
            raise self.wrong(f"{name} is of {stored.kind}; weights are {', '.join(READ)}")
        with self.path.open("rb") as file:
            file.seek(stored.begin)
            data = file.read(stored.count * SIZES[stored.kind])
        values: NDArray[Any] = np.frombuffer(data, READ[stored.kind]).reshape(stored.shape)
        return (values.astype("<u4") << 16).view("<f4") if stored.kind == "BF16" else values


def _is_list(told: Any) -> bool:
    """Whether it is a list of whole numbers, none below 0."""
    return isinstance(told, list) and all(type(number) is int and number >= 0 for number in told)
