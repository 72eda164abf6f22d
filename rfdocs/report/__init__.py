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

__all__ = [
    "COLUMNS",
    "SCHEMA_VERSION",
    "Column",
    "json_text",
    "query_record",
    "seen_by_record",
    "table_csv",
    "table_json",
    "table_record",
]
