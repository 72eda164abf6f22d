"""The files that are copied beside the pages: the extension's own style sheet and scripts, and none that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder

from rfdocs.figures.photograph import photograph
from rfdocs.making.scripts import BUNDLES, FOLDER, address, bundle_text, bundles_for
from rfdocs.making.store import ASSETS, keep, kept_mapping, write_changed
from rfdocs.pages.content import Content, Ready
from rfdocs.sphinx.domain import domain_of
from rfdocs.sphinx.nodes import rf_content

#: The explorer's photograph, beside them.
PHOTOGRAPH = "photograph.jpg"
STYLE = "rfdocs.css"


def add_style(app: Sphinx) -> None:
    """Lets every page have the style sheet."""
    if app.builder.format == "html":
        app.add_css_file(STYLE)


def copy_files(app: Sphinx, builder: Builder) -> None:
    """Copies the style sheet and the scripts to where pages look for them, before Sphinx computes their digests.

    Sphinx would do it for a folder in ``html_static_path``, but to add one there is to change the configuration.
    """
    if builder.format == "html":
        static = Path(builder.outdir, "_static")
        write_changed(static / STYLE, (FOLDER / STYLE).read_bytes())
        for bundle in BUNDLES:
            write_changed(static / address(bundle), bundle_text(bundle).encode())
        content = photograph()
        if content is not None:
            write_changed(static / PHOTOGRAPH, content)


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
    kinds = sorted({_content_kind(node["content"]) for node in doctree.findall(rf_content)})
    wanted = {bundle for kind in kinds for bundle in bundles_for(kind)}
    for bundle in filter(wanted.__contains__, BUNDLES):
        app.add_js_file(address(bundle), loading_method="defer")


def _content_kind(content: Content | Ready) -> str:
    return content.kind if isinstance(content, Ready) else type(content).__name__


def setup(app: Sphinx) -> None:
    """Connects all with the build."""
    app.connect("builder-inited", add_style)
    app.connect("write-started", remove_stale_files)
    app.connect("write-started", copy_files)
    app.connect("html-page-context", add_scripts)
