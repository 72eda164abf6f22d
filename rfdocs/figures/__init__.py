"""Figures as SVG, drawn by matplotlib to be read: on light and dark pages, in print, on a phone.

Importing this package does not import matplotlib; drawing does.

Speed (one core, warm): a Figure without Axes, compound paths and an own renderer (see ``renderer.py``) make each figure
in 2 to 12 ms, where one Axes with its ticks and measured texts takes 40 and more. Only ``profile`` may take longer: it
counts paths.

>>> import rfdocs
>>> from rfdocs.figures import draw
>>> entry = rfdocs.load("alexnet")
>>> draw("growth", entry, entry.analyze()).title
'AlexNet: the receptive field against depth'
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from rfdocs.errors import RfdocsError
from rfdocs.extras import needed
from rfdocs.figures.drawing import Drawing, inline, standalone, theme

if TYPE_CHECKING:
    from rfdocs.catalogue import Entry
    from rfdocs.graph import Report


class UnknownKind(RfdocsError, ValueError):
    """A kind of figure that there is not; says which there are."""


#: Every kind of figure, and what it shows.
KINDS = {
    "feature-maps": "every feature at the centre of its field, on the input's own grid, layer by layer",
    "nested": "the fields of the central unit over the image, one within the other",
    "growth": "the receptive field against depth, with the image's size",
    "graph": "the graph of layers, with every path, and the inside of its blocks",
    "profile": "the effective field's profile: how many paths lead from each pixel to the central unit",
    "cost": "where parameters and multiply-accumulates lie",
}


#: The figures of the pages on the arithmetic, made from small networks of their own.
GUIDE_KINDS = {
    "guide-example": "the guide's example in both visualisations: maps that shrink, and features in their place",
    "guide-axis": "size, jump, receptive field and start on one axis of the guide's example",
    "guide-padding": "the padding that is applied beside the padding that is used",
    "guide-same": "SAME padding on 224 and on 225 pixels",
    "guide-ceil": "pooling in floor and in ceil mode",
    "guide-dilation": "dilated convolutions with and without holes",
    "guide-transposed": "what each output of a transposed convolution reads",
}


def ready() -> None:
    """Imports matplotlib. Raises: MissingExtra where it is not installed."""
    with needed("every figure", "figures"):
        import_module("matplotlib")  # first, for it brings what else is missing
        import_module("rfdocs.figures.canvas")


def draw(kind: str, entry: Entry, report: Report) -> Drawing:
    """A figure of a network; ``kind`` is one of ``KINDS``. Raises: UnknownKind, MissingExtra."""
    module = f"rfdocs.figures.{_checked(kind, KINDS).replace('-', '_')}"
    ready()
    drawing: Drawing = import_module(module).draw(entry, report)
    return drawing


def draw_guide(kind: str) -> Drawing:
    """A figure of the pages on the arithmetic; ``kind`` is one of ``GUIDE_KINDS``. Raises as :func:`draw`."""
    name = _checked(kind, GUIDE_KINDS).removeprefix("guide-")
    module = "guide" if name in ("example", "axis") else "guide_windows"
    ready()
    drawing: Drawing = getattr(import_module(f"rfdocs.figures.{module}"), f"draw_{name}")()
    return drawing


def _checked(kind: str, kinds: Mapping[str, str]) -> str:
    if kind not in kinds:
        raise UnknownKind(f"there is no figure {kind!r}", f"there are {', '.join(kinds)}")
    return kind


__all__ = [
    "GUIDE_KINDS",
    "KINDS",
    "Drawing",
    "UnknownKind",
    "draw",
    "draw_guide",
    "inline",
    "ready",
    "standalone",
    "theme",
]
