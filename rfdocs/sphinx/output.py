"""What stands beside the pages: the data files of the static API, without those of networks that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder

from rfdocs.making.data_files import data_files, data_names
from rfdocs.making.generated_catalogue import GeneratedCatalogue
from rfdocs.making.store import MANIFEST, digest_of, keep, kept_value, stored_names, write_changed
from rfdocs.sphinx.domain import domain_of


def serves_files(app: Sphinx) -> bool:
    """Whether the builder makes a site that can serve files beside its pages."""
    return isinstance(app.builder, StandaloneHTMLBuilder) and app.builder.name != "epub"


def write_data_files(app: Sphinx, exception: Exception | None) -> None:
    """Writes the data files whose bytes change; removes files and pages of networks that are gone."""
    catalogue = domain_of(app.env).catalogue
    if exception is not None or catalogue.folder is None or not serves_files(app):
        return
    api, folder = app.config.rfdocs_api, Path(app.outdir, app.config.rfdocs_api)
    places = (str(app.outdir), api, app.config.rfdocs_output, app.builder.name)
    state = digest_of(*places, *(result.digest for result in catalogue.results.values()))
    before = kept_value(catalogue.cache, MANIFEST)
    old, written = before if isinstance(before, tuple) else ("", [])
    data = data_names(catalogue)
    if old == state and folder.is_dir() and stored_names(folder).issuperset(data):
        return
    for name, content in data_files(catalogue):
        write_changed(folder / name, content)
    wanted = [*(f"{api}/{name}" for name in data), *_page_names(app, catalogue)]
    for name in sorted(set(written) - set(wanted)):
        Path(app.outdir, name).unlink(missing_ok=True)
    keep(catalogue.cache, MANIFEST, (state, wanted))


def _page_names(app: Sphinx, catalogue: GeneratedCatalogue) -> Iterator[str]:
    """The files that pages become, relative to the output."""
    builder = app.builder
    assert isinstance(builder, StandaloneHTMLBuilder)
    for document in catalogue.documents.values():
        yield Path(builder.get_outfilename(document)).relative_to(app.outdir).as_posix()
        if app.config.html_copy_source:
            yield f"_sources/{document}.rst{app.config.html_sourcelink_suffix}"


def write_with_all(app: Sphinx, builder: Builder) -> None:
    """Lets as many processes write pages as were asked for: Sphinx counts the one that only hands pages out, too."""
    app.parallel += app.parallel > 1


def setup(app: Sphinx) -> None:
    """Connects the writing with its beginning and the build's end."""
    app.connect("write-started", write_with_all)
    app.connect("build-finished", write_data_files)
