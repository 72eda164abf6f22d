"""Numbers as pixels: filters around a grey, answers as a colour that lets what is below them through."""

from __future__ import annotations

import numpy as np

from rfdocs.pixels.image_file import Pixels
from rfdocs.pixels.tensors import Array

#: The colour of answers, which stands out from a light ground and from a dark one.
COLOUR = (43, 140, 206)


def filter_shades(weights: Array) -> Pixels:
    """A filter's weights as colours, or as grey: 0 is an even grey, and the largest of all black or white."""
    most = float(np.abs(weights).max()) or 1.0
    channels = weights if len(weights) == 3 else np.repeat(weights[:1], 3, axis=0)
    shades: Pixels = np.rint(127.5 + 127.5 * channels.transpose(1, 2, 0) / most).astype(np.uint8)
    return shades


def answer_shades(answers: Array, most: float) -> Pixels:
    """Answers above 0 as an opacity, ``most`` and above being wholly opaque."""
    shades = np.zeros((*answers.shape, 4), np.uint8)
    shades[..., :3] = COLOUR
    shades[..., 3] = np.rint(255 * np.clip(answers / max(most, 1e-12), 0, 1)).astype(np.uint8)
    return shades
