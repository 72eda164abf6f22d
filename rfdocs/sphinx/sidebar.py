"""The families in the sidebar of the generated pages, made without the table of contents.

A theme resolves the whole table of contents on every page, which grows with the square of the catalogue; this list
costs next to nothing. A template shows it as ``rfdocs_families``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from rfdocs.making.generated_catalogue import GeneratedCatalogue
from rfdocs.pages.html import filled, joined
from rfdocs.sphinx.domain import domain_of


def add_families(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Gives the template the list, on pages of the generated catalogue."""
    catalogue = domain_of(app.env).catalogue
    inside = page.startswith(f"{app.config.rfdocs_output}/") and catalogue.results and app.builder.format == "html"
    shown = inside and not app.config.rfdocs_toctree
    context["rfdocs_families"] = joined(_items(app, page, catalogue)) if shown else ""


def _items(app: Sphinx, page: str, catalogue: GeneratedCatalogue) -> Iterator[Markup]:
    current = catalogue.family_documents.get(page)
    for document, title in catalogue.family_titles.items():
        here = Markup(' class="current"') if document == current else ""
        address = app.builder.get_relative_uri(page, document)
        yield filled(Markup('<li{}><a class="reference internal" href="{}">{}</a></li>\n'), here, address, title)


def setup(app: Sphinx) -> None:
    """Connects the list with the pages."""
    app.connect("html-page-context", add_families)
