"""The data files of the static API: their names and their bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import rfdocs
from rfdocs.figures import KINDS
from rfdocs.formats.collection import catalogue_json, index_csv, index_json
from rfdocs.formats.data import json_text
from rfdocs.formats.data_schema import data_schema
from rfdocs.language.schema import SCHEMA_FILE, schema
from rfdocs.making.generated_catalogue import GeneratedCatalogue
from rfdocs.making.results import CSV, FIGURES, JSON, PROGRAM
from rfdocs.making.store import bytes_of, kept_mapping
from rfdocs.pages.facts import figure_file

COMMON = ("index.json", "index.csv", "catalogue.json", "schema.json", SCHEMA_FILE)
"""The data files on all networks."""


def data_names(catalogue: GeneratedCatalogue) -> list[str]:
    """The names of all data files."""
    names = {name for result in catalogue.results.values() for name in (f"{result.facts.identifier}.json", result.file)}
    names.update(f"{identifier}{ending}" for identifier in catalogue.results for ending in (CSV, PROGRAM))
    names.update(figure_file(identifier, kind) for identifier in catalogue.results for kind in KINDS)
    return sorted({*COMMON, *names})


def data_files(catalogue: GeneratedCatalogue) -> Iterator[tuple[str, bytes]]:
    """Every data file's name and content."""
    digest = hashlib.sha256()
    for identifier, result in catalogue.results.items():
        for ending in (JSON, CSV, PROGRAM):
            content = (catalogue.cache / f"{result.digest}{ending}").read_bytes()
            digest.update(content)
            yield f"{identifier}{ending}", content
        for kind, text in kept_mapping(catalogue.cache, result.digest + FIGURES).items():
            yield figure_file(identifier, kind), text.encode()
    assert catalogue.folder is not None
    for file in sorted({result.file for result in catalogue.results.values()}):
        if content := bytes_of(catalogue.folder / file):
            yield file, content
    for name, text in _common_files(catalogue, f"{rfdocs.__version__}+{digest.hexdigest()[:12]}"):
        yield name, text.encode()


def _common_files(catalogue: GeneratedCatalogue, version: str) -> Iterator[tuple[str, str]]:
    """The files on all networks: those of :data:`COMMON`."""
    items = [_index_item(catalogue, identifier) for identifier in catalogue.results]
    paths = [catalogue.cache / f"{result.digest}{JSON}" for result in catalogue.results.values()]
    yield "index.json", index_json(items, version)
    yield "index.csv", index_csv(items)
    yield "catalogue.json", catalogue_json([path.read_text("utf-8") for path in paths], version)
    yield "schema.json", json_text(data_schema())
    yield SCHEMA_FILE, json.dumps(schema(), indent=1) + "\n"


def _index_item(catalogue: GeneratedCatalogue, identifier: str) -> dict[str, object]:
    facts, file = catalogue.facts[identifier], catalogue.results[identifier].file
    files = {"json": f"{identifier}.json", "csv": f"{identifier}.csv", "source": file}
    return {**facts.index_data, "page": catalogue.documents[identifier], "files": files}
