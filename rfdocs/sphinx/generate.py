"""Generates the pages of a catalogue before Sphinx looks for sources, and only what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.display import status_iterator

from rfdocs.extras import MissingExtra
from rfdocs.language.problems import Problem, one_line
from rfdocs.making.generated_catalogue import catalogue_of
from rfdocs.making.page_sources import write_sources
from rfdocs.making.refresh import Settings, refresh_files
from rfdocs.making.results import FileResult
from rfdocs.pages.sources import sources
from rfdocs.sphinx.domain import domain_of

logger = logging.getLogger(__name__)


def generate(app: Sphinx) -> None:
    """Makes what the catalogue's files ask for, and writes or removes the sources of its pages."""
    if not app.config.rfdocs_catalogue:
        return
    folder = Path(app.confdir, app.config.rfdocs_catalogue)
    cache = Path(app.doctreedir, "rfdocs")
    cache.mkdir(parents=True, exist_ok=True)
    if not folder.is_dir():
        logger.warning("rfdocs_catalogue: there is no folder %s", folder, type="rfdocs", subtype="catalogue")
    settings = Settings(cache, app.config.rfdocs_edit, app.config.rfdocs_guide, app.parallel, _progress)
    try:
        file_results, problems = refresh_files(folder, settings)
    except MissingExtra as error:
        raise ExtensionError(str(error)) from None
    warn(problems)
    output = app.config.rfdocs_output
    catalogue = catalogue_of(file_results, folder, cache, output)
    networks = [(result.file, result.facts.family, identifier) for identifier, result in catalogue.results.items()]
    texts = sources(output, catalogue.documents, networks, listed=app.config.rfdocs_toctree)
    broken = {result.file for result in file_results if result.problems and not result.networks}
    retained = write_sources(Path(app.srcdir), output, texts, broken)
    domain_of(app.env).catalogue = replace(catalogue, retained=retained)


def _progress(file_results: Iterator[FileResult], count: int) -> Iterable[FileResult]:
    text = f"analysing {count} of the catalogue's files... "
    return status_iterator(file_results, text, "brown", count, stringify_func=lambda result: result.file)


def warn(problems: Iterable[Problem], location: str | None = None) -> None:
    """Sphinx's warnings for problems of a file, each at its place there unless they have a common location."""
    for problem in problems:
        place = f"{problem.path}:{problem.line}:{problem.column}"
        where = f"{problem.where}: " if problem.where else ""
        hint = f" (hint: {problem.hint})" if problem.hint else ""
        text = one_line(f"{where}{problem.message} [{problem.code}]{hint}")
        if location is None:
            logger.warning("%s", text, location=place, type="rfdocs", subtype="catalogue")
        else:
            logger.warning("%s: %s", place, text, location=location, type="rfdocs", subtype="catalogue")


def outdated_documents(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """The documents that show something which has changed since they were read."""
    return sorted(domain_of(env).outdated())


def setup(app: Sphinx) -> None:
    """Connects the generation with the build."""
    app.connect("builder-inited", generate)
    app.connect("env-get-outdated", outdated_documents)
