"""The Sphinx extension: the only part of the package that imports Sphinx."""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Registers what the extension offers."""
    app.setup_extension("rfdocs.sphinx.mathml")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
