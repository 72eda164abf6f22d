"""All networks in one file: the index, as JSON and as CSV, and the whole catalogue with every layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rfdocs.formats.data import SCHEMA_VERSION, JsonObject, csv_text, json_text

#: Under what the data may be used, and whom to name.
LICENCE = {
    "name": "CC BY 4.0",
    "url": "https://creativecommons.org/licenses/by/4.0/",
    "attribution": "rfdocs contributors",
}


def index_json(networks: Sequence[JsonObject], version: str) -> str:
    """All networks at a glance; ``version`` changes whenever a value of any layer does."""
    return json_text({**_head(version), "networks": networks})


def catalogue_json(networks: Iterable[str], version: str) -> str:
    """All layers of all networks, each network as its own file has it, on one line."""
    head = json_text(_head(version)).removesuffix("\n}\n")
    lines = ",\n".join(["    " + " ".join(line.strip() for line in text.splitlines()) for text in networks])
    return f'{head},\n  "networks": [\n{lines}\n  ]\n}}\n'


def index_csv(networks: Iterable[JsonObject]) -> str:
    """The index as a table: one line a network; several values in one cell are joined by spaces, axes by ``x``."""
    rows = [dict(_network_cells("", network)) for network in networks]
    names = list(dict.fromkeys([name for row in rows for name in row]))
    return csv_text([names, *([row.get(name, "") for name in names] for row in rows)])


def _head(version: str) -> JsonObject:
    return {"schema_version": SCHEMA_VERSION, "data_version": version, "licence": LICENCE}


def _network_cells(prefix: str, network: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The cells of an object; those of one in it are named after both. Exact fractions take the place of floats."""
    for key, value in network.items():
        if isinstance(value, Mapping):
            yield from _network_cells(f"{prefix}{key}_", value)
        elif not key.endswith("_exact"):
            yield f"{prefix}{key}", _cell_text(network.get(f"{key}_exact", value))


def _cell_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        texts = ["" if part is None else str(part) for part in value]
        return (" " if any(isinstance(part, str) and not part[:1].isdigit() for part in value) else "x").join(texts)
    return "" if value is None else str(value)
