"""The extension's own style sheet and scripts, on the pages that need them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder

from rfdocs.pages.content import Content, Finder, Ready, Viewer
from rfdocs.sphinx.generate import write_changed
from rfdocs.sphinx.nodes import rf_content

FOLDER = Path(__file__).parent / "static"
SCRIPTS = {Viewer.__name__: "rfdocs-viewer.js", Finder.__name__: "rfdocs-finder.js"}


def add_style(app: Sphinx) -> None:
    """Lets every page have the style sheet."""
    if app.builder.format == "html":
        app.add_css_file("rfdocs.css")


def copy_files(app: Sphinx, builder: Builder) -> None:
    """Copies the style sheet and the scripts to where pages look for them, before Sphinx computes their digests.

    Sphinx would do it for a folder in ``html_static_path``, but to add one there is to change the configuration.
    """
    if builder.format == "html":
        for path in sorted(FOLDER.iterdir()):
            write_changed(Path(builder.outdir, "_static", path.name), path.read_text("utf-8"))


def add_scripts(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Adds the scripts whose elements stand on the page."""
    if doctree is None:
        return
    kinds = {_kind(node["content"]) for node in doctree.findall(rf_content)}
    for kind, script in SCRIPTS.items():
        if kind in kinds:
            app.add_js_file(script, loading_method="defer")


def _kind(content: Content | Ready) -> str:
    return content.kind if isinstance(content, Ready) else type(content).__name__


def setup(app: Sphinx) -> None:
    """Connects both with the build."""
    app.connect("builder-inited", add_style)
    app.connect("write-started", copy_files)
    app.connect("html-page-context", add_scripts)
