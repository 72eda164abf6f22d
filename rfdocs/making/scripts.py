"""Which scripts a page's elements need, and the few files in which the scripts are served.

Each script is one room of ours, a classic script with one constant, and each is served in one bundle: a page asks for
a handful of files and not for half a hundred. Rule: bundles share no script, and within a bundle, and where several
are asked for, each script stands behind those that it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import rfdocs
from rfdocs.pages.content import (
    Animation,
    AnimationForm,
    Comparer,
    Content,
    Exercise,
    Explorer,
    Finder,
    HeadChooser,
    Influence,
    PaddingCalculator,
    Picture,
    Plot,
    Scrubber,
    Stepper,
    Workbench,
)

FOLDER = Path(rfdocs.__file__).parent / "sphinx" / "static"


def _rooms(folder: str, names: str) -> tuple[str, ...]:
    return tuple([f"{folder}/{name}.js" for name in names.split()])


#: The engine's rooms, each above those that it needs, and what counts paths on top of them.
ENGINE = (
    *_rooms("engine", "interval whole reads sizes field one_sided visible operators alike trace sight reach alone"),
    *_rooms("engine", "tile_edges tile_paths tile_search network effective"),
)
#: What all parts of pages are made with: elements, figures to take home, names, numbers.
SHARED = ("parts.js", "kept_head.js", "save.js", "palette/ranking.js", *_rooms("reader", "numbers equations"))
#: What several pages tell of a network.
NETWORK = (
    "palette/known.js",
    *_rooms("reader", "summary stages photograph ends offers inverse derivation picture explorer growth dots"),
)
#: What draws the fixed-size picture at any size, as it is published; and what draws a network's other figures.
MAPS = _rooms("figures", "canvas labels paths fields features feature_maps")
FIGURES = (*MAPS, *_rooms("figures", "nested condense growth cost graph tile profile redrawn"))
#: What draws another window.
SLIDING = _rooms("animation", "sliding drawing caption")
#: The files that are served, by their names.
BUNDLES: Mapping[str, tuple[str, ...]] = {
    "shared": SHARED,
    "engine": ENGINE,
    "network": NETWORK,
    "maps": MAPS,
    "page": (
        *FIGURES[len(MAPS) :],
        *_rooms("reader", "spelling formulas tiler copier table why rows spots spreads places page"),
    ),
    "palette": ("palette/palette.js",),
    "finder": ("palette/listed.js", "rfdocs-finder.js"),
    "plot": ("rfdocs-plot.js",),
    "comparer": _rooms("compare", "alignment comparer"),
    "workbench": _rooms("workbench", "compile blocks workbench"),
    "padding": _rooms("padding", "frameworks calculator"),
    "player": ("animation/player.js",),
    "form": (*SLIDING, "animation/form.js"),
    "stepper": ("steps/stepper.js",),
    "scrubber": ("steps/scrubber.js",),
    "exercise": ("exercise.js",),
    "influence": ("guide/influence.js",),
    "heads": ("guide/heads.js",),
}
#: The search of every page.
PALETTE = ("shared", "palette")
#: The bundles that each kind of content asks for.
WANTED: Mapping[type[Content], tuple[str, ...]] = {
    Animation: ("shared", "player"),
    AnimationForm: ("shared", "engine", "player", "form"),
    Stepper: ("shared", "engine", "stepper"),
    Scrubber: ("shared", "engine", "scrubber"),
    Exercise: ("shared", "exercise"),
    Picture: ("shared",),
    Explorer: ("shared", "engine", "network", "maps", "page"),
    Influence: ("shared", "engine", "influence"),
    HeadChooser: ("shared", "heads"),
    Finder: ("shared", "finder"),
    Plot: ("shared", "plot"),
    Comparer: ("shared", "engine", "network", "comparer"),
    PaddingCalculator: ("shared", "engine", "padding"),
    Workbench: ("shared", "engine", "network", "maps", "workbench"),
}
_WANTED_BY_NAME = {kind.__name__: bundles for kind, bundles in WANTED.items()}


def bundles_for(kind: str) -> tuple[str, ...]:
    """The bundles that a kind of content asks for, by the name of its class; none for most."""
    return _WANTED_BY_NAME.get(kind, ())


def scripts_for(kind: type[Content]) -> tuple[str, ...]:
    """All scripts that a kind of content asks for, in their order.

    >>> scripts_for(Plot)[-1]
    'rfdocs-plot.js'
    """
    return tuple([script for bundle in WANTED[kind] for script in BUNDLES[bundle]])


def address(bundle: str) -> str:
    """Where a bundle is served, among a site's static files."""
    return f"rfdocs/{bundle}.js"


def bundle_text(bundle: str) -> str:
    """The scripts of a bundle, one behind the other."""
    return "\n".join([(FOLDER / script).read_text("utf-8") for script in BUNDLES[bundle]])
