"""The files that are copied beside the pages: the extension's own style sheet and scripts, and none that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder

from rfdocs.figures.photograph import photograph
from rfdocs.making.store import ASSETS, keep, kept_mapping, write_changed
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
    Ready,
    Scrubber,
    Stepper,
    Workbench,
)
from rfdocs.sphinx.domain import domain_of
from rfdocs.sphinx.nodes import rf_content

#: The explorer's photograph, beside them.
PHOTOGRAPH = "photograph.jpg"
FOLDER = Path(__file__).parent / "static"
#: What all scripts make parts of pages with.
PARTS = "parts.js"
#: What takes figures home.
SAVE = "save.js"
#: What fields use in which a reader names a network.
KNOWN = "palette/known.js"
#: What finds names.
RANKING = "palette/ranking.js"
#: The engine's rooms, each above those that it needs.
ENGINE = tuple(
    [
        f"engine/{room}.js"
        for room in [
            *"interval whole reads sizes field visible operators trace sight reach".split(),
            *"tile_edges tile_paths tile_search network".split(),
        ]
    ]
)
#: What counts paths on top of it.
EFFECTIVE = "engine/effective.js"
#: What draws a network's figures at any size, as they are published: what it needs, then the figures' own rooms.
REDRAWN = (
    EFFECTIVE,
    PARTS,
    *[f"reader/{part}.js" for part in "numbers summary".split()],
    *[f"figures/{room}.js" for room in "canvas labels paths condense growth cost graph tile profile redrawn".split()],
)
#: What a page does with it, likewise.
READER = (
    *REDRAWN,
    SAVE,
    *[
        f"reader/{part}.js"
        for part in [
            *"stages spelling equations formulas photograph ends explorer".split(),
            *"growth maps plates tiler copier table rows spots spreads page".split(),
        ]
    ],
)
#: What the page that compares networks does with it.
COMPARER = (
    PARTS,
    SAVE,
    KNOWN,
    *[f"reader/{part}.js" for part in "numbers summary stages growth dots".split()],
    *[f"compare/{part}.js" for part in "alignment comparer".split()],
)
#: What the page for a network of one's own does with it.
WORKBENCH = (
    PARTS,
    SAVE,
    KNOWN,
    *[
        f"reader/{part}.js"
        for part in "numbers summary stages equations photograph ends explorer growth dots maps".split()
    ],
    *[f"workbench/{part}.js" for part in "compile blocks workbench".split()],
)
#: What compares how frameworks pad: what it needs of the engine, then the rules, then their table.
PADDING = (
    *[f"engine/{room}.js" for room in "interval whole reads sizes field operators".split()],
    PARTS,
    "reader/numbers.js",
    *[f"padding/{part}.js" for part in "frameworks calculator".split()],
)
#: What plays windows that slide.
PLAYER = ("animation/player.js",)
#: What draws another window: of the engine one layer's size and reads, and the rooms of the figures under their names.
SLIDING = tuple([f"engine/{room}.js" for room in "whole reads sizes operators".split()])
FORM = tuple([f"animation/{part}.js" for part in "sliding drawing caption form".split()])
SCRIPTS = {
    Animation.__name__: (PARTS, SAVE, *PLAYER),
    AnimationForm.__name__: (*SLIDING, PARTS, SAVE, *PLAYER, *FORM),
    Stepper.__name__: (*ENGINE, PARTS, SAVE, "reader/numbers.js", "steps/stepper.js"),
    Scrubber.__name__: (*ENGINE, PARTS, SAVE, "reader/numbers.js", "reader/equations.js", "steps/scrubber.js"),
    Exercise.__name__: (PARTS, "exercise.js"),
    Picture.__name__: (PARTS, SAVE),
    Explorer.__name__: (*ENGINE, *READER),
    Influence.__name__: (*ENGINE, EFFECTIVE, PARTS, SAVE, "reader/numbers.js", "guide/influence.js"),
    HeadChooser.__name__: (PARTS, "guide/heads.js"),
    Finder.__name__: (PARTS, RANKING, "palette/listed.js", "rfdocs-finder.js"),
    Plot.__name__: (PARTS, SAVE, "rfdocs-plot.js"),
    Comparer.__name__: (*ENGINE, *COMPARER),
    PaddingCalculator.__name__: PADDING,
    Workbench.__name__: (*ENGINE, *WORKBENCH),
}


def add_style(app: Sphinx) -> None:
    """Lets every page have the style sheet."""
    if app.builder.format == "html":
        app.add_css_file("rfdocs.css")


def copy_files(app: Sphinx, builder: Builder) -> None:
    """Copies the style sheet and the scripts to where pages look for them, before Sphinx computes their digests.

    Sphinx would do it for a folder in ``html_static_path``, but to add one there is to change the configuration.
    """
    if builder.format == "html":
        for path in sorted(filter(Path.is_file, FOLDER.rglob("*"))):
            write_changed(Path(builder.outdir, "_static", path.relative_to(FOLDER)), path.read_bytes())
        content = photograph()
        if content is not None:
            write_changed(Path(builder.outdir, "_static", PHOTOGRAPH), content)


def remove_stale_files(app: Sphinx, builder: Builder) -> None:
    """Removes copies of files that were there at the last build, before Sphinx copies those that are there now.

    Sphinx never removes one. What stands in a theme, too, is copied from there then.
    """
    catalogue = domain_of(app.env).catalogue
    if builder.format != "html" or catalogue.folder is None:
        return
    before = kept_mapping(catalogue.cache, ASSETS)
    place, present = (builder.name, str(builder.outdir)), sorted(set(_copied_files(app)))
    for name in before.get(place, []):
        if name not in present:
            Path(builder.outdir, name).unlink(missing_ok=True)
    if before.get(place) != present:
        keep(catalogue.cache, ASSETS, before | {place: present})


def _copied_files(app: Sphinx) -> Iterator[str]:
    """The files that are copied from the sources, relative to the output."""
    yield from (f"{app.builder.imagedir}/{name}" for _, name in app.env.images.values())
    yield from (f"_downloads/{name}" for _, name in app.env.dlfiles.values())
    for folder in (Path(app.confdir, place) for place in app.config.html_static_path):
        for path in filter(Path.is_file, [folder, *folder.rglob("*")]):
            name = path.relative_to(folder).as_posix() if path != folder else folder.name
            yield f"_static/{name}"


def add_scripts(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Adds the scripts whose elements stand on the page."""
    if doctree is None:
        return
    kinds = {_content_kind(node["content"]) for node in doctree.findall(rf_content)}
    for kind, scripts in SCRIPTS.items():
        for script in scripts if kind in kinds else ():
            app.add_js_file(script, loading_method="defer")


def _content_kind(content: Content | Ready) -> str:
    return content.kind if isinstance(content, Ready) else type(content).__name__


def setup(app: Sphinx) -> None:
    """Connects all with the build."""
    app.connect("builder-inited", add_style)
    app.connect("write-started", remove_stale_files)
    app.connect("write-started", copy_files)
    app.connect("html-page-context", add_scripts)
