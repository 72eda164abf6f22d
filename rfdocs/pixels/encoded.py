"""Small images as addresses that hold them whole, so that a figure needs no file beside it."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from io import BytesIO

import numpy as np
from PIL import Image

from rfdocs.pixels.image_file import Pixels

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = {3: 2, 4: 6}


def png(pixels: Pixels) -> bytes:
    """Rows of pixels of three colours, or of four numbers with what is opaque, as PNG: the same bytes everywhere.

    >>> png(np.zeros((1, 2, 3), np.uint8))[1:4]
    b'PNG'
    """
    height, width, depth = pixels.shape
    rows = np.ascontiguousarray(pixels).reshape(height, width * depth)
    lines = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1).tobytes()
    head = struct.pack(">IIBBBBB", width, height, 8, _COLOURS[depth], 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join([_chunk(name, content) for name, content in parts])


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def address(pixels: Pixels) -> str:
    """The image as an address: of a photograph's parts that nobody counts pixels in a JPEG, of all others a PNG."""
    if pixels.shape[2] == 3 and pixels.shape[0] * pixels.shape[1] > 1 << 12:
        file = BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=88)
        return f"data:image/jpeg;base64,{b64encode(file.getvalue()).decode()}"
    return f"data:image/png;base64,{b64encode(png(pixels)).decode()}"
