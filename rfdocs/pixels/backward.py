"""A unit's answer sent back through the windows that it was found through: what of the image it came from.

Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks": through a convolution by its
own filters, through maximum pooling to where the maximum was, and at every rectifier only what is above 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rfdocs.algebra.reads import Edge
from rfdocs.operators.operator import AppliedWindow
from rfdocs.pixels.forward import unfolded
from rfdocs.pixels.tensors import Array


def sent_back(answers: Array, filters: Array, windows: Sequence[AppliedWindow], size: Sequence[int]) -> Array:
    """The map of a size that answers of filters are made of: each filter times its answer, where its window lies."""
    grown = np.zeros((filters.shape[1], *_reach(answers, windows, size)), np.float32)
    rows, columns = answers.shape[1:]
    for down in range(windows[0].kernel):
        for across in range(windows[1].kernel):
            first, left = down * windows[0].dilation, across * windows[1].dilation
            place = (
                slice(first, first + (rows - 1) * windows[0].stride + 1, windows[0].stride),
                slice(left, left + (columns - 1) * windows[1].stride + 1, windows[1].stride),
            )
            grown[:, *place] += np.einsum("orc,oi->irc", answers, filters[:, :, down, across])
    return _inner(grown, windows, size)


def unpooled(answers: Array, values: Array, windows: Sequence[AppliedWindow]) -> Array:
    """A map as large as ``values``, of which maxima were pooled, with each answer where its maximum was."""
    rows, columns = answers.shape[1:]
    view = unfolded(values, windows, (rows, columns), Edge.ZERO, -np.inf)
    places = view.reshape(*answers.shape, -1).argmax(axis=-1)
    down, across = np.unravel_index(places, view.shape[3:])
    grown = np.zeros((len(answers), *_reach(answers, windows, values.shape[1:])), np.float32)
    channel, row, column = np.indices(answers.shape)
    first, left = [row * windows[0].stride, column * windows[1].stride]
    place = (channel, first + down * windows[0].dilation, left + across * windows[1].dilation)
    np.add.at(grown, place, answers)
    return _inner(grown, windows, values.shape[1:])


def _reach(answers: Array, windows: Sequence[AppliedWindow], size: Sequence[int]) -> list[int]:
    """How far the map reaches that all windows lie in, its padding included."""
    return [
        max((count - 1) * window.stride + window.extent, length + max(window.padding[0], 0))
        for count, window, length in zip(answers.shape[1:], windows, size, strict=True)
    ]


def _inner(grown: Array, windows: Sequence[AppliedWindow], size: Sequence[int]) -> Array:
    """What of it is no padding."""
    rows, columns = [
        slice(window.padding[0], window.padding[0] + length) for window, length in zip(windows, size, strict=True)
    ]
    return grown[:, rows, columns]
