"""Images as arrays: from a file that somebody names, or the photograph that comes with matplotlib."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from rfdocs.errors import RfdocsError
from rfdocs.pixels.tensors import Array, is_file

Pixels = NDArray[np.uint8]
#: The files that are read, and the most pixels of one.
FORMATS, PIXELS = ("PNG", "JPEG"), 1 << 24
#: How Pillow calls images of 8 bits.
MODES = frozenset("1 L LA La P PA RGB RGBA RGBa RGBX CMYK YCbCr".split())
_TRANSPARENT = frozenset("LA La PA RGBA RGBa".split())
#: The mean and the deviation of the three colours over ImageNet, as torchvision's models want them.
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class ImageError(RfdocsError, ValueError):
    """An image that cannot be taken; the message begins with its file."""


def read_image(path: Path) -> Pixels:
    """The image of a file, rows of pixels of three colours, as it is meant to be seen. Raises: ImageError."""
    if not is_file(path):
        raise ImageError(f"{path}: there is no such file")
    with path.open("rb") as file:
        return _whole(file, str(path))


def _whole(file: IO[bytes], name: str) -> Pixels:
    """The image, or what is wrong with it in one line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _decoded(file, name)
    except Image.DecompressionBombError:
        raise _too_large(name) from None
    except ImageError:
        raise
    except Exception:  # noqa: BLE001 - a broken image makes Pillow raise nearly anything
        raise ImageError(f"{name}: it is no whole image; {' and '.join(FORMATS)} are read") from None


def _too_large(name: str) -> ImageError:
    return ImageError(f"{name}: it has too many pixels; at most {PIXELS} are read", "make it smaller")


def _decoded(file: IO[bytes], name: str) -> Pixels:
    with Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > PIXELS:
            raise _too_large(name)
        if image.mode not in MODES:
            raise ImageError(f"{name}: its pixels are of mode {image.mode}; 8 bits a colour are read")
        upright = ImageOps.exif_transpose(image)
        if upright.mode in _TRANSPARENT or "transparency" in upright.info:
            ground = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(ground, upright.convert("RGBA"))
        return np.array(upright.convert("RGB"))


def photograph_pixels(content: bytes | None) -> Pixels:
    """The photograph that comes with matplotlib. Raises: ImageError where it does not."""
    if content is None:
        raise ImageError(
            "matplotlib came without its sample data, of which the photograph is", "pip install matplotlib"
        )
    return _decoded(BytesIO(content), "the photograph")


def fitted(pixels: Pixels, height: int, width: int) -> Pixels:
    """The image in another size: scaled until it covers that, and what is over cut off both ends alike."""
    image = Image.fromarray(pixels)
    return np.array(ImageOps.fit(image, (width, height), Image.Resampling.BICUBIC))


def normalised(pixels: Pixels, channels: int, mean: tuple[float, ...], deviation: tuple[float, ...]) -> Array:
    """The image as a network takes it: ``channels`` maps, each less its mean and in its deviations; one is grey."""
    values: Array = pixels.astype(np.float32)
    values /= 255
    if channels == 1:
        values = values @ np.array([[0.299], [0.587], [0.114]], np.float32)
    values -= np.array(mean, np.float32)
    values /= np.array(deviation, np.float32)
    return np.ascontiguousarray(values.transpose(2, 0, 1))
