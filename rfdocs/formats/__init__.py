"""Numbers become text here, and only here: JSON, CSV, markdown, LaTeX, and text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from rfdocs.graph import Report

if TYPE_CHECKING:
    from rfdocs.catalogue import Entry

#: The formats of a network's table.
TABLE_FORMATS = ("text", "markdown", "csv", "json", "latex")
#: The formats of a tiling.
TILING_FORMATS = ("text", "markdown", "json", "bioimageio")
#: The formats of a comparison.
COMPARISON_FORMATS = ("text", "markdown", "json")


def table(identifier: str, report: Report, form: str) -> str:
    """A network's table in one of :data:`TABLE_FORMATS`; what has no part in that one is not loaded."""
    module = "data" if form in ("csv", "json") else "tables"
    text: str = getattr(import_module(f"rfdocs.formats.{module}"), f"table_{form}")(identifier, report)
    return text


def comparison(networks: Sequence[tuple[Entry, Report]], form: str) -> str:
    """Networks side by side, each an entry of the catalogue with its report: ``text``, ``markdown`` or ``json``."""
    text: str = getattr(import_module("rfdocs.formats.comparisons"), f"comparison_{form}")(networks)
    return text


# Given to the class here, since `graph` may not know how numbers become text.
Report._repr_html_ = lambda report: table(report.network.name, report, "html")
