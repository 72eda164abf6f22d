"""Figures as SVG, of matplotlib's paths, to be read: on light and dark pages, in print, on a phone.

Importing this package does not import matplotlib; drawing does.

Speed (one core, warm): compound paths and an own renderer (see ``renderer.py``) make each figure in 1 to 4 ms, where
one Axes with its ticks and measured texts takes 40 and more. Only ``profile`` may take longer: it counts paths.

>>> import rfdocs
>>> from rfdocs.figures import draw
>>> draw("growth", "AlexNet", rfdocs.load("alexnet").analyze()).title
'AlexNet: the receptive field against depth'

A new kind is a module and a line of :data:`KINDS`, which pages, directives and the command line read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Generic, ParamSpec

from rfdocs.errors import UnknownName
from rfdocs.extras import needed
from rfdocs.figures.drawing import Drawing, Spot, inline, standalone, theme

if TYPE_CHECKING:
    from rfdocs.graph import Report

Given = ParamSpec("Given")


@dataclass(frozen=True, slots=True)
class FigureKind(Generic[Given]):
    """A kind of figure: the function of this package that draws it of what it is given, what it shows, and the section
    of a network's page that has it.
    """

    function: str
    shows: str
    section: str = ""

    def draw(self, *given: Given.args, **named: Given.kwargs) -> Drawing:
        """The figure; what draws it is imported now. Raises: MissingExtra."""
        ready()
        module, _, function = self.function.partition(".")
        drawing: Drawing = getattr(import_module(f"rfdocs.figures.{module}"), function)(*given, **named)
        return drawing


#: Every kind of figure of a network, which is drawn of its title and its report.
KINDS: Mapping[str, FigureKind[[str, Report]]] = {
    "feature-maps": FigureKind(
        "feature_maps.draw", "every feature at the centre of its field, on the input's own grid", "picture"
    ),
    "nested": FigureKind(
        "nested.draw", "the fields of the central unit over the image, one within the other", "picture"
    ),
    "growth": FigureKind("growth.draw", "the receptive field against depth, with the image's size", "growth"),
    "graph": FigureKind("graph.draw", "the graph of layers, with every path, and the inside of its blocks", "graph"),
    "profile": FigureKind("profile.draw", "how many paths lead from each pixel to the central unit", "effective"),
    "tile": FigureKind("tile_picture.draw", "a tile of a large image, and what is kept", "tiling"),
    "cost": FigureKind("cost.draw", "where parameters and multiply-accumulates lie", "cost"),
}

#: The figures of the pages on the arithmetic, made from small networks of their own.
GUIDE_KINDS: Mapping[str, FigureKind[[]]] = {
    "guide-activations": FigureKind(
        "guide_patches.draw_activations", "what four computed filters answer to a photograph"
    ),
    "guide-alike": FigureKind(
        "guide_alike.draw_alike", "layers of AlexNet and of VGG-16 that see patches of one size, with the patches"
    ),
    "guide-attended": FigureKind(
        "guide_attended.draw_attended", "what units attend to in windows, around themselves, and in a grid"
    ),
    "guide-axis": FigureKind(
        "guide.draw_axis", "size, jump, receptive field and start on one axis of the guide's example"
    ),
    "guide-blocks": FigureKind(
        "guide_blocks.draw_blocks", "blocks of pixels as the channels of a map, and these as units again"
    ),
    "guide-blurred": FigureKind(
        "guide_blurred.draw_blurred", "a map halved by pooling, by a fixed blur, and by learned weights"
    ),
    "guide-border": FigureKind("guide_border.draw_border", "what every unit of VGG-16's last map sees on one axis"),
    "guide-causal": FigureKind("guide_trees.draw_causal", "what a causal stack reads, and one that looks both ways"),
    "guide-ceil": FigureKind("guide_windows.draw_ceil", "pooling in floor and in ceil mode"),
    "guide-channels": FigureKind(
        "guide_channels.draw_channels", "what the channels of a map see: joined, some of them, dealt out, mixed"
    ),
    "guide-checkerboard": FigureKind(
        "guide_checkerboard.draw_checkerboard", "how many taps make each output of three ways to double a map"
    ),
    "guide-compared": FigureKind(
        "guide_attended.draw_compared", "what the units of a map are compared with on another map"
    ),
    "guide-depth": FigureKind("guide_influence.draw_depth", "the field and the influence against the number of layers"),
    "guide-dilation": FigureKind("guide_trees.draw_dilation", "dilated convolutions with and without holes"),
    "guide-edges": FigureKind("guide_border.draw_edges", "what padding holds, and what the first unit then sees"),
    "guide-example": FigureKind(
        "guide.draw_example", "the guide's example: maps that shrink, and features in their place"
    ),
    "guide-filters": FigureKind(
        "guide_patches.draw_filters", "filters of a first layer, computed: Gabor functions and blobs of colour"
    ),
    "guide-gridding": FigureKind("guide_trees.draw_gridding", "how often dilated convolutions in a row read each unit"),
    "guide-joined": FigureKind(
        "guide_attended.draw_joined", "what units see where two halves of a map stand side by side"
    ),
    "guide-moved-taps": FigureKind(
        "guide_moved_taps.draw_moved_taps", "what finds a deformable convolution's offsets, and what moved taps read"
    ),
    "guide-one-sided": FigureKind(
        "guide_one_sided.draw_one_sided",
        "what the units of a recurrent layer see that goes forward, back, or both ways",
    ),
    "guide-padding": FigureKind(
        "guide_windows.draw_padding", "the padding that is applied beside the padding that is used"
    ),
    "guide-pairs": FigureKind("guide_pairs.draw_pairs", "where a vision transformer's cost lies as the image grows"),
    "guide-patches": FigureKind(
        "guide_patches.draw_patches", "the patches of a photograph that computed filters answer most"
    ),
    "guide-projection": FigureKind(
        "guide_projection.draw_projection", "what units of a second layer see, and what of it excites them"
    ),
    "guide-random": FigureKind(
        "guide_influence.draw_random", "the gradients of random networks beside the number of paths"
    ),
    "guide-rolled": FigureKind(
        "guide_attended.draw_rolled", "what units see of a map that is moved round its ends, and of one moved back"
    ),
    "guide-same": FigureKind("guide_windows.draw_same", "SAME padding on 224 and on 225 pixels"),
    "guide-slid": FigureKind(
        "guide_attended.draw_slid", "what scores see of a search image and of the template that slides over it"
    ),
    "guide-tokens": FigureKind(
        "guide_whole_map.draw_tokens", "what a class token sees, and what the units beside it see"
    ),
    "guide-transposed": FigureKind(
        "guide_windows.draw_transposed", "what each output of a transposed convolution reads"
    ),
    "guide-whole-map": FigureKind(
        "guide_whole_map.draw_whole_map",
        "what units see through a gate, of mixed units, and at most",
    ),
}

#: The figure of a whole catalogue, made of what stands across, what stands up, and the networks' places by groups.
CATALOGUE_KIND: FigureKind[[str, str, Mapping[str, Sequence[tuple[float, float]]]]] = FigureKind(
    "scatter.draw", "every network as a point, one of their values against another"
)


def ready() -> None:
    """Imports matplotlib. Raises: MissingExtra where it is not installed."""
    with needed("every figure", "figures"):
        import_module("matplotlib")  # first, for it brings what else is missing
        import_module("rfdocs.figures.canvas")


def draw(kind: str, title: str, report: Report) -> Drawing:
    """A figure of a network under its title; ``kind`` is one of :data:`KINDS`. Raises: UnknownName, MissingExtra."""
    return _known(kind, KINDS).draw(title, report)


def draw_guide(kind: str) -> Drawing:
    """A figure of the pages on the arithmetic; ``kind`` is one of :data:`GUIDE_KINDS`. Raises as :func:`draw`."""
    return _known(kind, GUIDE_KINDS).draw()


def _known(kind: str, kinds: Mapping[str, FigureKind[Given]]) -> FigureKind[Given]:
    if kind not in kinds:
        raise UnknownName("figure", kind, kinds)
    return kinds[kind]


__all__ = [
    "CATALOGUE_KIND",
    "GUIDE_KINDS",
    "KINDS",
    "Drawing",
    "FigureKind",
    "Spot",
    "draw",
    "draw_guide",
    "inline",
    "ready",
    "standalone",
    "theme",
]
