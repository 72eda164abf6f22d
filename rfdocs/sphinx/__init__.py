"""The Sphinx extension: the only part of the package that imports Sphinx.

It offers directives on any network, of the catalogue or of one's own file (``rf-table``, ``rf-figure``, ``rf-query``,
``rf-network``), the role ``rf`` for one value in a sentence, and, with ``rfdocs_catalogue``, a page for every network
of a folder, kept up to date, with its data beside it.
"""

from __future__ import annotations

from importlib import import_module

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import is_directive_registered
from sphinx.util.typing import ExtensionMetadata

import rfdocs
from rfdocs.publish import code_digest
from rfdocs.sphinx import assets, generate, lost, names, nodes, output, printed, search, shared, sidebar, watched
from rfdocs.sphinx.domain import NetworkDomain

DIRECTIVES = ("directives", "whole", "reference", "course", "stepping", "reading", "chapters", "padding", "exercises")
"""The modules that register directives and roles."""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Registers what the extension offers."""
    app.add_config_value("rfdocs_catalogue", "", "env", str, "the folder whose networks get pages; none if empty")
    app.add_config_value("rfdocs_output", "networks", "env", str, "the folder of the generated pages")
    app.add_config_value("rfdocs_toctree", True, "env", bool, "whether families stand in the index's table of contents")
    app.add_config_value("rfdocs_api", "api", "html", str, "the folder of the data files, in the output")
    app.add_config_value("rfdocs_compare", "", "env", str, "the document with rf-comparer; no links to it if empty")
    app.add_config_value("rfdocs_workbench", "", "env", str, "the document with rf-workbench; no links to it if empty")
    app.add_config_value("rfdocs_addition", "", "html", str, "the document on how a network is added; none if empty")
    app.add_config_value("rfdocs_guide", "", "env", str, "the folder of the guide's chapters; no links to it if empty")
    app.add_config_value("rfdocs_edit", "", "env", str, "where a file is edited, with {file}; no link if empty")
    app.setup_extension("rfdocs.sphinx.mathml")
    app.add_domain(NetworkDomain)
    for part in (nodes, generate, watched, shared, search, output, lost, assets, names, sidebar, printed):
        part.setup(app)
    app.connect("env-before-read-docs", offer_directives)
    return {
        "version": rfdocs.__version__,
        "env_version": int(code_digest()[:12], 16),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def offer_directives(app: Sphinx, env: BuildEnvironment, documents: list[str]) -> None:
    """Registers directives and roles when there is something to read: a build in which nothing changed needs none."""
    if documents and not is_directive_registered("rf-table"):
        for name in DIRECTIVES:
            import_module(f"rfdocs.sphinx.{name}").setup(app)
