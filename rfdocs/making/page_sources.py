"""The sources of a catalogue's pages, so that each is there, and none that is not wanted any more."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from rfdocs.making.records import FileRecord
from rfdocs.making.store import write_changed
from rfdocs.pages.sources import documents, family_source, index_source, made_from, network_source


def documents_of(records: Iterable[FileRecord], output: str) -> dict[str, str]:
    """Every network's document by its id, and every family's own page."""
    return documents(output, [(Path(record.file).stem, record.identifiers) for record in records])


def sources(records: Iterable[FileRecord], named: Mapping[str, str], output: str, *, listed: bool) -> dict[str, str]:
    """The text of every generated page, by its document; ``listed`` families stand in the index's table of contents."""
    texts: dict[str, str] = {}
    tree: list[str] = []
    for record in records:
        heads = _heads(record, named)
        tree.extend(heads)
        for identifier in record.identifiers:
            document = named[identifier]
            texts[document] = network_source(record.file, identifier, orphan=not listed or document not in heads)
        stem = Path(record.file).stem
        if f"family:{stem}" in named:
            texts[named[f"family:{stem}"]] = family_source(record.file, stem, orphan=not listed)
    texts[f"{output}/index"] = index_source("catalogue", tree if listed else [])
    return texts


def _heads(record: FileRecord, named: Mapping[str, str]) -> Sequence[str]:
    """The documents that stand for a family: its own page, or that of its only network."""
    own = named.get(f"family:{Path(record.file).stem}")
    return [named[identifier] for identifier in record.identifiers] if own is None else [own]


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
