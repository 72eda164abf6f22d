"""The sources of a catalogue's pages, so that each is there, and none that is not wanted any more."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path

from rfdocs.making.known import Known
from rfdocs.making.store import write_changed
from rfdocs.pages.sources import family_source, index_source, made_from, network_source


def sources(known: Known, output: str, *, listed: bool) -> dict[str, str]:
    """The text of every generated page, by its document; ``listed`` families stand in the index's table of contents."""
    texts: dict[str, str] = {}
    for identifier, record in known.records.items():
        document, head = known.documents[identifier], known.head(record.facts)
        texts[document] = network_source(record.file, identifier, orphan=not listed or document != head)
        if document != head:
            texts[head] = family_source(record.file, record.facts.family, orphan=not listed)
    texts[f"{output}/index"] = index_source("catalogue", known.heads if listed else ())
    return texts


def write_sources(source: Path, output: str, texts: Mapping[str, str], kept_files: Container[str]) -> frozenset[str]:
    """Writes the sources that are not there yet, and removes generated ones that are not wanted any more.

    Pages of ``kept_files``, whose present state is unknown, stay: these documents.
    """
    for document, text in texts.items():
        write_changed(source / f"{document}.rst", text.encode())
    wanted, left = {source / f"{document}.rst" for document in texts}, set()
    for path in sorted((source / output).rglob("*.rst")):
        file = None if path in wanted else made_from(path.read_text("utf-8", errors="replace"))
        if file is not None and file in kept_files:
            left.add(path.relative_to(source).with_suffix("").as_posix())
        elif file is not None:
            path.unlink()
    return frozenset(left)
