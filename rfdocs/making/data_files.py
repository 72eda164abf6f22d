"""The data files of the static API: their names and their bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import rfdocs
from rfdocs.formats.collection import catalogue_json, index_csv, index_json
from rfdocs.formats.data import json_text
from rfdocs.formats.data_schema import data_schema
from rfdocs.language.schema import SCHEMA_FILE, schema
from rfdocs.making.known import Known
from rfdocs.making.results import CSV, JSON
from rfdocs.making.store import bytes_of

COMMON = ("index.json", "index.csv", "catalogue.json", "schema.json", SCHEMA_FILE)
"""The data files on all networks."""


def data_names(known: Known) -> list[str]:
    """The names of all data files."""
    names = {name for one in known.results.values() for name in (f"{one.facts.identifier}.json", one.file)}
    names.update(f"{identifier}.csv" for identifier in known.results)
    return sorted({*COMMON, *names})


def data_files(known: Known) -> Iterator[tuple[str, bytes]]:
    """Every data file's name and content."""
    digest = hashlib.sha256()
    for identifier, result in known.results.items():
        for ending in (JSON, CSV):
            content = (known.cache / f"{result.digest}{ending}").read_bytes()
            digest.update(content)
            yield f"{identifier}{ending}", content
    assert known.folder is not None
    for file in sorted({result.file for result in known.results.values()}):
        if content := bytes_of(known.folder / file):
            yield file, content
    for name, text in _common_files(known, f"{rfdocs.__version__}+{digest.hexdigest()[:12]}"):
        yield name, text.encode()


def _common_files(known: Known, version: str) -> Iterator[tuple[str, str]]:
    """The files on all networks: those of :data:`COMMON`."""
    listed = [_listed(known, identifier) for identifier in known.results]
    networks = [(known.cache / f"{result.digest}{JSON}").read_text("utf-8") for result in known.results.values()]
    yield "index.json", index_json(listed, version)
    yield "index.csv", index_csv(listed)
    yield "catalogue.json", catalogue_json(networks, version)
    yield "schema.json", json_text(data_schema())
    yield SCHEMA_FILE, json.dumps(schema(), indent=1) + "\n"


def _listed(known: Known, identifier: str) -> dict[str, object]:
    facts, file = known.facts[identifier], known.results[identifier].file
    files = {"json": f"{identifier}.json", "csv": f"{identifier}.csv", "source": file}
    return {**facts.index_data, "page": known.documents[identifier], "files": files}
