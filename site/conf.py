"""Sphinx's configuration of the site. Nothing here lets a page ask another host for anything."""

import os
from typing import Any

from sphinx.application import Sphinx

from rfdocs.catalogue.catalogue import catalogue_folder

project = "rfdocs"
author = "The rfdocs contributors"
copyright = "the rfdocs contributors; data CC BY 4.0"

extensions = ["myst_parser", "sphinx.ext.autodoc", "rfdocs.sphinx", "rfdocs.sphinx.described", "rfdocs.sphinx.mathml"]
exclude_patterns = ["**/.*"]
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(collections|enum|fractions|pathlib)\..*")]  # their pages are on another host

# The Python interface: in the order of the source, defaults as they are written there.
autodoc_inherit_docstrings = False  # what an override means is said where it is first declared
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
toc_object_entries_show_parents = "hide"
html_domain_indices = False

# A page for every network of the catalogue that comes with the package.
rfdocs_catalogue = str(catalogue_folder())
rfdocs_toctree = False  # the sidebar lists the families itself: sidebar/families.html
rfdocs_compare = "compare"
rfdocs_workbench = "workbench"
rfdocs_addition = "format"
rfdocs_guide = "guide"
rfdocs_edit = os.environ.get("RFDOCS_EDIT_URL", "")

# Where the site will live; only the 404 page and the canonical links need to know.
html_baseurl = os.environ.get("RFDOCS_BASE_URL", "")

# MyST: formulas, definition lists and colon fences. No markup passes through as it stands:
# `raw` and `include` are off, and so are HTML blocks.
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_disable_syntax = ["html_block", "html_inline"]
myst_heading_anchors = 3
myst_url_schemes = {"https": None, "mailto": None}
myst_update_mathjax = False
math_numfig = False
html_math_renderer = "mathml"

# The theme: one sidebar of families, no time stamps, no icons from elsewhere.
html_theme = "furo"
html_title = "rfdocs"
templates_path = ["_templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/families.html",
        "sidebar/scroll-end.html",
    ]
}
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = html_logo = "_static/favicon.svg"
html_last_updated_fmt = None
html_show_search_summary = False  # of every page that has the word, whole
html_show_sphinx = False
html_show_sourcelink = False  # the sources of generated pages say nothing
html_permalinks_icon = "#"
html_theme_options = {
    "navigation_with_keys": False,  # arrow keys move what a reader tries, and scroll tables
    "light_css_variables": {"color-brand-primary": "#0b5cad", "color-brand-content": "#0b5cad"},
    "dark_css_variables": {"color-brand-primary": "#7cb8ff", "color-brand-content": "#7cb8ff"},
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

linkcheck_timeout = 30
linkcheck_retries = 2
linkcheck_workers = 4


def setup(app: Sphinx) -> None:
    """Gives the captions of the sidebar, which Sphinx marks as headings, the level that a heading must have."""

    def level(*event: Any) -> None:
        context = event[3]
        tree = context.get("furo_navigation_tree", "")
        context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')

    app.connect("html-page-context", level, priority=900)
