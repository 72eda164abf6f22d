"""Numbers become text here, and only here: JSON, CSV, markdown, LaTeX, and text for a terminal."""

from rfdocs.report.columns import COLUMNS, Column
from rfdocs.report.data import (
    SCHEMA_VERSION,
    json_text,
    query_record,
    seen_by_record,
    table_csv,
    table_json,
    table_record,
)
from rfdocs.report.overview import final_map, list_record, list_text
from rfdocs.report.tables import table_latex, table_markdown, table_text
from rfdocs.report.units import query_text, seen_by_text

#: The formats of a network's table, each made from its id and its report.
TABLE_FORMATS = {
    "text": table_text,
    "markdown": table_markdown,
    "csv": table_csv,
    "json": table_json,
    "latex": table_latex,
}

__all__ = [
    "COLUMNS",
    "SCHEMA_VERSION",
    "TABLE_FORMATS",
    "Column",
    "final_map",
    "json_text",
    "list_record",
    "list_text",
    "query_record",
    "query_text",
    "seen_by_record",
    "seen_by_text",
    "table_csv",
    "table_json",
    "table_latex",
    "table_markdown",
    "table_record",
    "table_text",
]
