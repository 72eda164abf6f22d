"""Figures as SVG, drawn by matplotlib to be read: on light and dark pages, in print, on a phone.

Importing this package does not import matplotlib; drawing does.

Speed (one core, warm): a Figure without Axes, compound paths and an own renderer (see ``renderer.py``) make each figure
in 2 to 12 ms, where one Axes with its ticks and measured texts takes 40 and more. Only ``profile`` may take longer: it
counts paths.

>>> import rfdocs
>>> from rfdocs.figures import draw
>>> draw("growth", "AlexNet", rfdocs.load("alexnet").analyze()).title
'AlexNet: the receptive field against depth'

A new kind is a module with a function ``draw`` and a line of :data:`KINDS`; pages, directives and the command line read
that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from rfdocs.errors import RfdocsError
from rfdocs.figures.drawing import Drawing, inline, standalone, theme

if TYPE_CHECKING:
    from rfdocs.graph import Report


class UnknownKind(RfdocsError, ValueError):
    """A kind of figure that there is not; says which there are."""


class Draws(Protocol):
    """What draws a kind of figure of any network, given the network's title and its report."""

    def __call__(self, title: str, report: Report) -> Drawing:
        """The figure."""


class DrawsGuide(Protocol):
    """What draws a figure of the pages on the arithmetic."""

    def __call__(self) -> Drawing:
        """The figure."""


Function = TypeVar("Function", Draws, DrawsGuide)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Function]):
    """A kind of figure: what it shows, the module of this package and the function in it that draw it, and the section
    of a network's page that has it.
    """

    shows: str
    module: str
    function: str = "draw"
    section: str = ""

    def load(self) -> Function:
        """The function that draws it; its module is imported now."""
        function: Function = getattr(import_module(f"rfdocs.figures.{self.module}"), self.function)
        return function


#: Every kind of figure of a network.
KINDS: Mapping[str, Kind[Draws]] = {
    "feature-maps": Kind(
        "every feature at the centre of its field, on the input's own grid, layer by layer",
        "feature_maps",
        section="picture",
    ),
    "nested": Kind("the fields of the central unit over the image, one within the other", "nested", section="picture"),
    "growth": Kind("the receptive field against depth, with the image's size", "growth", section="growth"),
    "graph": Kind("the graph of layers, with every path, and the inside of its blocks", "graph", section="graph"),
    "profile": Kind(
        "the effective field's profile: how many paths lead from each pixel to the central unit",
        "profile",
        section="growth",
    ),
    "cost": Kind("where parameters and multiply-accumulates lie", "cost", section="cost"),
}


#: The figures of the pages on the arithmetic, made from small networks of their own.
GUIDE_KINDS: Mapping[str, Kind[DrawsGuide]] = {
    "guide-example": Kind(
        "the guide's example in both visualisations: maps that shrink, and features in their place",
        "guide",
        "draw_example",
    ),
    "guide-axis": Kind(
        "size, jump, receptive field and start on one axis of the guide's example", "guide", "draw_axis"
    ),
    "guide-padding": Kind(
        "the padding that is applied beside the padding that is used", "guide_windows", "draw_padding"
    ),
    "guide-same": Kind("SAME padding on 224 and on 225 pixels", "guide_windows", "draw_same"),
    "guide-ceil": Kind("pooling in floor and in ceil mode", "guide_windows", "draw_ceil"),
    "guide-dilation": Kind("dilated convolutions with and without holes", "guide_windows", "draw_dilation"),
    "guide-transposed": Kind("what each output of a transposed convolution reads", "guide_windows", "draw_transposed"),
}


def draw(kind: str, title: str, report: Report) -> Drawing:
    """A figure of a network under its title; ``kind`` is one of :data:`KINDS`. Raises: UnknownKind."""
    return _known(kind, KINDS).load()(title, report)


def draw_guide(kind: str) -> Drawing:
    """A figure of the pages on the arithmetic; ``kind`` is one of :data:`GUIDE_KINDS`. Raises: UnknownKind."""
    return _known(kind, GUIDE_KINDS).load()()


def _known(kind: str, kinds: Mapping[str, Kind[Function]]) -> Kind[Function]:
    if kind not in kinds:
        raise UnknownKind(f"there is no figure {kind!r}", f"there are {', '.join(kinds)}")
    return kinds[kind]


__all__ = [
    "GUIDE_KINDS",
    "KINDS",
    "Drawing",
    "Draws",
    "DrawsGuide",
    "Kind",
    "UnknownKind",
    "draw",
    "draw_guide",
    "inline",
    "standalone",
    "theme",
]
