"""The sources of a catalogue's pages, so that each is there, and none that is not wanted any more."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path

from rfdocs.making.store import write_changed
from rfdocs.pages.sources import origin_file


def write_sources(source: Path, output: str, texts: Mapping[str, str], kept_files: Container[str]) -> frozenset[str]:
    """Writes the sources that are not there yet, and removes generated ones that are not wanted any more.

    Pages of ``kept_files``, whose present state is unknown, stay: these documents.
    """
    for document, text in texts.items():
        write_changed(source / f"{document}.rst", text.encode())
    wanted, retained = {source / f"{document}.rst" for document in texts}, set()
    for path in sorted((source / output).rglob("*.rst")):
        file = None if path in wanted else origin_file(path.read_text("utf-8", errors="replace"))
        if file is not None and file in kept_files:
            retained.add(path.relative_to(source).with_suffix("").as_posix())
        elif file is not None:
            path.unlink()
    return frozenset(retained)
