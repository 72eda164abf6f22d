"""What stands beside the pages: the data files of the static API, without those of networks that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from rfdocs.making.data_files import data_files, data_names
from rfdocs.making.known import Known
from rfdocs.making.store import MANIFEST, digest_of, keep, kept, names, write_changed
from rfdocs.sphinx.domain import domain_of


def serves_files(app: Sphinx) -> bool:
    """Whether the builder makes a site that can serve files beside its pages."""
    return isinstance(app.builder, StandaloneHTMLBuilder) and app.builder.name != "epub"


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Writes the data files whose bytes change; removes files and pages of networks that are gone."""
    known = domain_of(app.env).known
    if exception is not None or known.folder is None or not serves_files(app):
        return
    api, folder = app.config.rfdocs_api, Path(app.outdir, app.config.rfdocs_api)
    places = (str(app.outdir), api, app.config.rfdocs_output, app.builder.name)
    state = digest_of(*places, *(result.digest for result in known.results.values()))
    before = kept(known.cache, MANIFEST)
    old, written = before if isinstance(before, tuple) else ("", [])
    data = data_names(known)
    if old == state and folder.is_dir() and names(folder).issuperset(data):
        return
    for name, content in data_files(known):
        write_changed(folder / name, content)
    wanted = [*(f"{api}/{name}" for name in data), *_page_names(app, known)]
    for name in sorted(set(written) - set(wanted)):
        Path(app.outdir, name).unlink(missing_ok=True)
    keep(known.cache, MANIFEST, (state, wanted))


def _page_names(app: Sphinx, known: Known) -> Iterator[str]:
    """The files that pages become, relative to the output."""
    builder = app.builder
    assert isinstance(builder, StandaloneHTMLBuilder)
    for document in known.documents.values():
        yield Path(builder.get_outfilename(document)).relative_to(app.outdir).as_posix()
        if app.config.html_copy_source:
            yield f"_sources/{document}.rst{app.config.html_sourcelink_suffix}"


def setup(app: Sphinx) -> None:
    """Connects the writing with the build's end."""
    app.connect("build-finished", finish)
