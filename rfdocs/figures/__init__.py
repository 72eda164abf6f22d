"""Figures as SVG, drawn by matplotlib to be read: on light and dark pages, in print, on a phone.

Importing this package does not import matplotlib; drawing does.

Speed (one core, warm): a Figure without Axes, compound paths and an own renderer (see ``renderer.py``) make a network's
figures cost some 5 ms each; with Axes, ticks and measured texts it was 60 ms each.

>>> import rfdocs
>>> from rfdocs.figures import draw
>>> entry = rfdocs.load("alexnet")
>>> draw("growth", entry, entry.analyze()).title
'AlexNet: the receptive field against depth'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from rfdocs.figures.drawing import Drawing, inline, standalone, theme

if TYPE_CHECKING:
    from rfdocs.catalogue import Entry
    from rfdocs.graph import Report

#: Every kind of figure, and what it shows.
KINDS = {
    "feature-maps": "every feature at the centre of its field, on the input's own grid, layer by layer",
    "nested": "the fields of the central unit over the image, one within the other",
    "growth": "the receptive field against depth, with the image's size",
    "cost": "where parameters and multiply-accumulates lie",
}


def draw(kind: str, entry: Entry, report: Report) -> Drawing:
    """A figure of a network; ``kind`` is one of ``KINDS``."""
    module = import_module(f"rfdocs.figures.{_checked(kind).replace('-', '_')}")
    drawing: Drawing = module.draw(entry, report)
    return drawing


def _checked(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"there is no figure {kind!r}; there are {', '.join(KINDS)}")
    return kind


__all__ = ["KINDS", "Drawing", "draw", "inline", "standalone", "theme"]
