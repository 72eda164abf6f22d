"""The extension's own style sheet and scripts, on the pages that need them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from rfdocs.pages.content import Finder, Viewer
from rfdocs.sphinx.nodes import rf_content

FOLDER = Path(__file__).parent / "static"
SCRIPTS = {Viewer: "rfdocs-viewer.js", Finder: "rfdocs-finder.js"}


def add_folder(app: Sphinx) -> None:
    """Lets Sphinx copy the style sheet and the scripts."""
    if app.builder.format == "html":
        app.config.html_static_path.append(str(FOLDER))
        app.add_css_file("rfdocs.css")


def add_scripts(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Adds the scripts whose elements stand on the page."""
    if doctree is None:
        return
    kinds = {type(node["content"]) for node in doctree.findall(rf_content)}
    for kind, script in SCRIPTS.items():
        if kind in kinds:
            app.add_js_file(script, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Connects both with the build."""
    app.connect("builder-inited", add_folder)
    app.connect("html-page-context", add_scripts)
