"""The families in the sidebar of the generated pages, made without the table of contents.

A theme resolves the whole table of contents on every page, which grows with the square of the catalogue; this list
costs next to nothing. A template shows it as ``rfdocs_families``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

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


#: The tables of contents that pages of a build share, by the folder of the page and by what is asked for.
_TREES: WeakKeyDictionary[Sphinx, dict[object, str]] = WeakKeyDictionary()


def share_tree(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Lets a theme that asks every page for the whole table of contents have it once for all pages for which it reads
    the same: the generated ones of one folder that do not stand in it themselves.
    """
    generated = page in domain_of(app.env).catalogue.family_documents
    if generated and "toctree" in context and not any(page in pages for pages in app.env.toctree_includes.values()):
        context["toctree"] = partial(_shared_tree, app, posixpath.dirname(page), context["toctree"])


def _shared_tree(app: Sphinx, folder: str, resolve: Callable[..., str], **asked: object) -> str:
    trees = _TREES.setdefault(app, {})
    key = (folder, tuple(sorted(asked.items())))
    if key not in trees:
        trees[key] = resolve(**asked)
    return trees[key]


def setup(app: Sphinx) -> None:
    """Connects the list and the table of contents with the pages, before themes ask for it."""
    app.connect("html-page-context", add_families)
    app.connect("html-page-context", share_tree, priority=400)
