"""Files of numpy's ``savez``: an archive of arrays, of which nothing is unpickled and no more is unpacked than told."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy

from rfdocs.pixels.tensors import StoredTensor, WeightsFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How much of an array's file is read to find out what it is. Unit: bytes.
HEAD = 1 << 14
ENDING = ".npy"
#: What numpy packs archives with; others unpack without bounds.
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class NpzFile(WeightsFile):
    """A file of that format. Raises: WeightsError, OSError."""

    def _index(self) -> Mapping[str, StoredTensor]:
        with self._archive() as archive:
            members = [member for member in archive.infolist() if member.filename.endswith(ENDING)]
            return {member.filename.removesuffix(ENDING): self._stored(archive, member) for member in members}

    @contextmanager
    def _archive(self) -> Iterator[zipfile.ZipFile]:
        with self.path.open("rb") as file:
            try:
                with warnings.catch_warnings(), zipfile.ZipFile(file) as archive:
                    warnings.simplefilter("ignore")
                    yield archive
            except Exception:  # noqa: BLE001 - a broken archive makes its readers raise nearly anything
                raise self.wrong("it is no whole .npz file") from None

    def _stored(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> StoredTensor:
        if member.compress_type not in PACKED:
            raise ValueError(member.compress_type)
        with archive.open(member) as packed:
            head = BytesIO(packed.read(HEAD))
        readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        shape, by_columns, kind = readers.get(npy.read_magic(head), _of_unknown_version)(head)
        if not all(length >= 0 for length in shape):
            raise ValueError(shape)
        return StoredTensor(shape, kind.str, head.tell(), by_columns)

    def _values(self, name: str, stored: StoredTensor) -> NDArray[Any]:
        kind = np.dtype(stored.kind)
        if kind.kind != "f":
            told = "Python objects" if kind.hasobject else str(kind)
            raise self.wrong(f"{name} is of {told}; weights are float16, float32 or float64")
        with self._archive() as archive, archive.open(name + ENDING) as packed:
            packed.read(stored.begin)
            values: NDArray[Any] = np.frombuffer(packed.read(stored.count * kind.itemsize), kind)
            return values.reshape(stored.shape, order="F" if stored.by_columns else "C")


def _of_unknown_version(head: BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    raise ValueError(f"{len(head.getvalue())} bytes of another version")
