"""What stands beside the pages: the data files of the static API, without those of networks that are gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

import rfdocs
from rfdocs.language.schema import SCHEMA_FILE, schema
from rfdocs.report.collection import catalogue_json, index_csv, index_json
from rfdocs.report.data import json_text
from rfdocs.report.data_schema import data_schema
from rfdocs.sphinx.domain import Known, domain_of
from rfdocs.sphinx.generate import write_changed
from rfdocs.sphinx.records import CSV, JSON
from rfdocs.sphinx.store import MANIFEST, bytes_of, digest_of, keep, kept, names

COMMON = ("index.json", "index.csv", "catalogue.json", "schema.json", SCHEMA_FILE)
"""The data files on all networks."""


def serves_files(app: Sphinx) -> bool:
    """Whether the builder makes a site that can serve files beside its pages."""
    return isinstance(app.builder, StandaloneHTMLBuilder) and app.builder.name != "epub"


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Writes the data files whose bytes change; removes files and pages of networks that are gone."""
    known = domain_of(app.env).known
    if exception is not None or known.folder is None or not serves_files(app):
        return
    places = (str(app.outdir), app.config.rfdocs_api, app.config.rfdocs_output, app.builder.name)
    state = digest_of(*places, *(record.digest for record in known.records.values()))
    before = kept(known.cache, MANIFEST)
    old, written = before if isinstance(before, tuple) else ("", [])
    if old == state and _present(app).issuperset(_data_names(app, known)):
        return
    for name, content in _files(known):
        write_changed(Path(app.outdir, app.config.rfdocs_api, name), content)
    wanted = [*_data_names(app, known), *_page_names(app, known)]
    for name in sorted(set(written) - set(wanted)):
        Path(app.outdir, name).unlink(missing_ok=True)
    keep(known.cache, MANIFEST, (state, wanted))


def _present(app: Sphinx) -> set[str]:
    """The data files that are there, relative to the output."""
    folder = Path(app.outdir, app.config.rfdocs_api)
    return {f"{app.config.rfdocs_api}/{name}" for name in names(folder)} if folder.is_dir() else set()


def _page_names(app: Sphinx, known: Known) -> Iterator[str]:
    """The files that pages become, relative to the output."""
    builder = app.builder
    assert isinstance(builder, StandaloneHTMLBuilder)
    for document in known.documents.values():
        yield Path(builder.get_outfilename(document)).relative_to(app.outdir).as_posix()
        if app.config.html_copy_source:
            yield f"_sources/{document}.rst{app.config.html_sourcelink_suffix}"


def _data_names(app: Sphinx, known: Known) -> Iterator[str]:
    """The data files, relative to the output."""
    names = {name for one in known.records.values() for name in (f"{one.facts.identifier}.json", one.file)}
    names.update(f"{identifier}.csv" for identifier in known.records)
    return (f"{app.config.rfdocs_api}/{name}" for name in sorted({*COMMON, *names}))


def _files(known: Known) -> Iterator[tuple[str, bytes]]:
    """Every data file's name and content."""
    digest = hashlib.sha256()
    for identifier, record in known.records.items():
        for ending in (JSON, CSV):
            content = (known.cache / f"{record.digest}{ending}").read_bytes()
            digest.update(content)
            yield f"{identifier}{ending}", content
    assert known.folder is not None
    for file in sorted({record.file for record in known.records.values()}):
        if content := bytes_of(known.folder / file):
            yield file, content
    for name, text in _common_files(known, f"{rfdocs.__version__}+{digest.hexdigest()[:12]}"):
        yield name, text.encode()


def _common_files(known: Known, version: str) -> Iterator[tuple[str, str]]:
    """The files on all networks: those of :data:`COMMON`."""
    listed = [_listed(known, identifier) for identifier in known.records]
    networks = [(known.cache / f"{record.digest}{JSON}").read_text("utf-8") for record in known.records.values()]
    yield "index.json", index_json(listed, version)
    yield "index.csv", index_csv(listed)
    yield "catalogue.json", catalogue_json(networks, version)
    yield "schema.json", json_text(data_schema())
    yield SCHEMA_FILE, json.dumps(schema(), indent=1) + "\n"


def _listed(known: Known, identifier: str) -> dict[str, object]:
    facts, file = known.facts[identifier], known.records[identifier].file
    files = {"json": f"{identifier}.json", "csv": f"{identifier}.csv", "source": file}
    return {**facts.record, "page": known.documents[identifier], "files": files}


def setup(app: Sphinx) -> None:
    """Connects the writing with the build's end."""
    app.connect("build-finished", finish)
