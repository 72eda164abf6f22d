"""The Sphinx extension: the only part of the package that imports Sphinx.

It offers directives on any network, of the catalogue or of one's own file (``rf-table``, ``rf-figure``, ``rf-query``,
``rf-network``), the role ``rf`` for one figure in a sentence, and, with ``rfdocs_catalogue``, a page for every network
of a folder, kept up to date, with its data beside it.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

import rfdocs
from rfdocs.sphinx import assets, directives, generate, lost, nodes, output, reference, sidebar, whole
from rfdocs.sphinx.domain import NetworkDomain
from rfdocs.sphinx.store import fingerprint

STATIC = Path(__file__).parent / "static"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Registers what the extension offers."""
    app.add_config_value("rfdocs_catalogue", "", "env", str, "the folder whose networks get pages; none if empty")
    app.add_config_value("rfdocs_output", "networks", "env", str, "the folder of the generated pages")
    app.add_config_value("rfdocs_toctree", True, "env", bool, "whether families stand in the index's table of contents")
    app.add_config_value("rfdocs_api", "api", "html", str, "the folder of the data files, in the output")
    app.add_config_value("rfdocs_edit", "", "env", str, "where a file is edited, with {file}; no link if empty")
    app.setup_extension("rfdocs.sphinx.mathml")
    app.add_domain(NetworkDomain)
    for part in (nodes, directives, whole, reference, generate, output, lost, assets, sidebar):
        part.setup(app)
    return {
        "version": rfdocs.__version__,
        "env_version": int(fingerprint()[:12], 16),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
