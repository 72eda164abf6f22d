"""Numbers become text here, and only here: JSON, CSV, markdown, LaTeX, and text for a terminal.

What is named here is loaded when it is first used, so that a table in one format does not pay for the others.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from rfdocs.graph import Report

if TYPE_CHECKING:
    from rfdocs.report.data import json_text, query_record, seen_by_record, table_csv, table_json, table_record
    from rfdocs.report.overview import list_record, list_text
    from rfdocs.report.tables import table_html, table_latex, table_markdown, table_text
    from rfdocs.report.units import query_text, seen_by_text

_HOMES = {
    "data": ("json_text", "query_record", "seen_by_record", "table_csv", "table_json", "table_record"),
    "overview": ("list_record", "list_text"),
    "tables": ("table_html", "table_latex", "table_markdown", "table_text"),
    "units": ("query_text", "seen_by_text"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

#: The formats of a network's table.
TABLE_FORMATS = ("text", "markdown", "csv", "json", "latex")


def table(identifier: str, report: Report, form: str) -> str:
    """A network's table in one of :data:`TABLE_FORMATS`."""
    made: Callable[[str, Report], str] = __getattr__(f"table_{form}")
    return made(identifier, report)


Report._repr_html_ = lambda report: table(report.network.name, report, "html")


def __getattr__(name: str) -> Callable[..., str]:
    if name not in _HOME_OF:
        message = f"module 'rfdocs.report' has no attribute {name!r}"
        raise AttributeError(message)
    value: Callable[..., str] = getattr(import_module(f"rfdocs.report.{_HOME_OF[name]}"), name)
    return value


__all__ = [
    "TABLE_FORMATS",
    "json_text",
    "list_record",
    "list_text",
    "query_record",
    "query_text",
    "seen_by_record",
    "seen_by_text",
    "table",
    "table_csv",
    "table_html",
    "table_json",
    "table_latex",
    "table_markdown",
    "table_record",
    "table_text",
]
