"""Generates the pages of a catalogue before Sphinx looks for sources, and only what changed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.display import status_iterator

from rfdocs.catalogue import Catalogue
from rfdocs.catalogue.verification import FOLDER
from rfdocs.language.problems import Problem, one_line
from rfdocs.pages.sources import documents, family_source, index_source, made_from, network_source
from rfdocs.spelling import near_miss
from rfdocs.sphinx.domain import Known, domain_of
from rfdocs.sphinx.records import KEPT, FileJob, FileRecord, Record
from rfdocs.sphinx.store import STATE, bytes_of, digest_of, forget_others, keep, kept, names

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
    records = _records(app, folder, cache)
    named = documents(app.config.rfdocs_output, [(Path(one.file).stem, _identifiers(one)) for one in records])
    networks = {record.facts.identifier: record for one in records for record in one.networks}
    broken = {one.file for one in records if one.problems and not one.networks}
    left = write_sources(Path(app.srcdir), app.config.rfdocs_output, _sources(app, records, named), broken)
    domain_of(app.env).known = Known(folder, cache, networks, named, left)


def _identifiers(record: FileRecord) -> list[str]:
    return [network.facts.identifier for network in record.networks]


def _records(app: Sphinx, folder: Path, cache: Path) -> list[FileRecord]:
    """What is known of every file: kept from the last build where the file has not changed."""
    before = kept(cache, STATE)
    last: Mapping[str, FileRecord] = before if isinstance(before, dict) else {}
    present = names(cache)
    jobs = [_job(app, path, cache) for path in Catalogue(folder).files]
    fresh = [job for job in jobs if not _still_good(last.get(Path(job.path).name), job, present)]
    fresh.sort(key=lambda job: -Path(job.path).stat().st_size)  # so that no process ends long after the others
    made = dict(zip([job.path for job in fresh], _make(fresh, app.parallel), strict=True))
    found = [made.get(job.path) or last[Path(job.path).name] for job in jobs]
    for record in found:
        warn(record.problems)
    records = [_or_last(record, last.get(record.file)) for record in found]
    if made or last.keys() != {record.file for record in records}:
        _keep(cache, records)
    warn(_strangers(records))
    return sorted(_without_twins(records), key=_title)


def _title(record: FileRecord) -> tuple[str, str]:
    """What orders families: their titles, as people would."""
    return (record.networks[0].facts.family_title.casefold() if record.networks else "", record.file)


def _job(app: Sphinx, path: Path, cache: Path) -> FileJob:
    edit = app.config.rfdocs_edit.replace("{file}", path.name)
    verified = bytes_of(path.parent / FOLDER / f"{path.stem}.json")
    return FileJob(str(path), digest_of(bytes_of(path), path.name, edit, verified), str(cache), edit)


def _still_good(record: FileRecord | None, job: FileJob, present: set[str]) -> bool:
    if record is None or record.digest != job.digest or record.problems:
        return False
    return present.issuperset(network.digest + ending for network in record.networks for ending in KEPT)


def _make(jobs: Sequence[FileJob], processes: int) -> Iterable[FileRecord]:
    if not jobs:
        return []
    from rfdocs.sphinx.make import each_file  # noqa: PLC0415 - a build in which nothing changed makes nothing

    if processes > 1 and len(jobs) > 1:
        import_module("rfdocs.figures.canvas")  # matplotlib, once, before the processes part
    text = f"analysing {len(jobs)} of the catalogue's files... "
    return list(status_iterator(each_file(jobs, processes), text, "brown", len(jobs), stringify_func=_file))


def _file(record: FileRecord) -> str:
    return record.file


def _or_last(record: FileRecord, last: FileRecord | None) -> FileRecord:
    """A defective file keeps what was last made of it."""
    if not record.problems or record.networks or last is None:
        return record
    return FileRecord(record.file, record.digest, last.networks, record.problems)


def _keep(cache: Path, records: Sequence[FileRecord]) -> None:
    keep(cache, STATE, {record.file: record for record in records})
    forget_others(cache, [network.digest for record in records for network in record.networks])


def _without_twins(records: Sequence[FileRecord]) -> list[FileRecord]:
    """The records, less networks whose id another file has already: those are said."""
    owners: dict[str, Record] = {}
    for network in (network for record in records for network in record.networks):
        identifier = network.facts.identifier
        owner = owners.setdefault(identifier, network)
        if owner is not network:
            message = f"the id '{identifier}' stands in {owner.path}:{owner.place.line} already"
            warn([network.problem(message, "ids are unique in the catalogue", "identifier")])
    return [
        FileRecord(
            record.file,
            record.digest,
            tuple(network for network in record.networks if owners[network.facts.identifier] is network),
            record.problems,
        )
        for record in records
    ]


def _strangers(records: Sequence[FileRecord]) -> Iterator[Problem]:
    """A problem for every network to differ from that is not there; none while a file says nothing of what it has."""
    if any(record.problems and not record.networks for record in records):
        return
    networks = [network for record in records for network in record.networks]
    known = sorted(network.facts.identifier for network in networks)
    for network in networks:
        for other, _ in network.facts.disputes:
            if other not in known:
                message = f"{network.facts.identifier}: there is no network '{other}' to differ from"
                yield network.problem(message, near_miss(other, known), "dispute")


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


# -- sources --------------------------------------------------------------------------------------------------


def _sources(app: Sphinx, records: Sequence[FileRecord], named: Mapping[str, str]) -> dict[str, str]:
    """The text of every generated page, by its document."""
    sources: dict[str, str] = {}
    listed: bool = app.config.rfdocs_toctree
    families = [(record, heads(record, named)) for record in records]
    for record, own in families:
        for identifier in _identifiers(record):
            document = named[identifier]
            sources[document] = network_source(record.file, identifier, orphan=not listed or document not in own)
        stem = Path(record.file).stem
        if f"family:{stem}" in named:
            sources[named[f"family:{stem}"]] = family_source(record.file, stem, orphan=not listed)
    tree = [document for _, own in families for document in own] if listed else []
    sources[f"{app.config.rfdocs_output}/index"] = index_source("catalogue", tree)
    return sources


def heads(record: FileRecord, named: Mapping[str, str]) -> list[str]:
    """The documents that stand for a family: its own page, or that of its only network."""
    own = named.get(f"family:{Path(record.file).stem}")
    return [named[identifier] for identifier in _identifiers(record)] if own is None else [own]


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


def write_changed(path: Path, content: bytes) -> None:
    """Writes a file, its folder with it, unless it has these very bytes already."""
    try:
        if path.read_bytes() == content:
            return
    except OSError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def outdated(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """The documents that show something which has changed since they were read."""
    return sorted(domain_of(env).outdated())


def setup(app: Sphinx) -> None:
    """Connects the generation with the build."""
    app.connect("builder-inited", generate)
    app.connect("env-get-outdated", outdated)
