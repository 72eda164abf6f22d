"""Filters as first layers learn them, but computed: gratings under a bell, and blobs of a colour.

Source: the 96 filters of AlexNet's first layer are of these two kinds (Krizhevsky, Sutskever and Hinton 2012,
figure 3); gratings under a bell are Gabor's (1946).
"""

from __future__ import annotations

from math import cos, pi, sin
from typing import NamedTuple

import numpy as np

from rfdocs.pixels.tensors import Array

#: The side of a filter. Unit: pixels.
SIDE = 11
#: How many directions gratings have, and how many hues blobs.
DIRECTIONS, HUES = 8, 8
#: The wavelengths of gratings. Unit: pixels.
WAVELENGTHS = (4.0, 8.0)
#: The width of the bell, its sigma. Unit: pixels.
BELL = 2.4


class ComputedFilter(NamedTuple):
    """A filter of three colours, and what it is in words."""

    words: str
    weights: Array


def filter_bank() -> tuple[ComputedFilter, ...]:
    """Gratings by their wavelengths and directions, then blobs by their hues.

    All have length 1, and none answers an even grey, for its weights add up to 0.

    >>> bank = filter_bank()
    >>> len(bank), bank[0].words, bank[-8].words
    (24, 'vertical stripes, 4 pixels apart', 'a blob of red')
    """
    gratings = [
        ComputedFilter(f"{_direction_words(turn)} stripes, {wavelength:g} pixels apart", _grating(turn, wavelength))
        for wavelength in WAVELENGTHS
        for turn in range(DIRECTIONS)
    ]
    return *gratings, *[ComputedFilter(f"a blob of {hue}", _blob(turn)) for turn, hue in enumerate(_HUES)]


_HUES = ("red", "orange", "yellow-green", "green", "cyan", "blue", "violet", "magenta")


def _direction_words(turn: int) -> str:
    named = {0: "vertical", DIRECTIONS // 2: "horizontal"}
    return named.get(turn, f"{180 * turn / DIRECTIONS:g} degrees turned")


def _places() -> tuple[Array, Array]:
    """The places of a filter's weights, down and across, from its middle. Unit: pixels."""
    line = np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2
    down, across = np.meshgrid(line, line, indexing="ij")
    return down, across


def _bell() -> Array:
    down, across = _places()
    bell: Array = np.exp(-(down**2 + across**2) / (2 * BELL**2))
    return bell


def _grating(turn: int, wavelength: float) -> Array:
    """A grey cosine across a direction, under the bell."""
    down, across = _places()
    angle = pi * turn / DIRECTIONS
    wave = np.cos(2 * pi / wavelength * (across * cos(angle) + down * sin(angle)))
    grey = _bell() * (wave - (_bell() * wave).sum() / _bell().sum())
    return _of_length_one(np.stack([grey] * 3))


def _blob(turn: int) -> Array:
    """A bell of one hue against the opposite one: the three colours' weights add up to 0."""
    angle = 2 * pi * turn / HUES
    hue = [cos(angle - 2 * pi * colour / 3) for colour in range(3)]
    return _of_length_one(np.stack([part * _bell() for part in hue]))


def _of_length_one(weights: Array) -> Array:
    scaled: Array = (weights / np.sqrt((weights**2).sum())).astype(np.float32)
    return scaled
