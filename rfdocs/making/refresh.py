"""The records of all files of a catalogue: kept from the last build where a file has not changed, or made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rfdocs.catalogue import Catalogue
from rfdocs.catalogue.verification import FOLDER
from rfdocs.figures import ready
from rfdocs.language.problems import Problem
from rfdocs.making.records import KEPT, FileJob, FileRecord, Record
from rfdocs.making.store import STATE, bytes_of, digest_of, forget_others, keep, kept, names
from rfdocs.spelling import near_miss

Progress = Callable[[Iterator[FileRecord], int], Iterable[FileRecord]]
"""What shows, while that many records are made, how far they are."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How files are made: ``edit`` is their address for people who edit them, with ``{file}``; nothing if empty."""

    cache: Path
    edit: str
    processes: int
    progress: Progress


def refreshed(folder: Path, settings: Settings) -> tuple[list[FileRecord], list[Problem]]:
    """What is known of every file of a folder, families by their titles, and all that is wrong with any of them.

    Raises: MissingExtra.
    """
    before = kept(settings.cache, STATE)
    last: Mapping[str, FileRecord] = before if isinstance(before, dict) else {}
    present = names(settings.cache)
    jobs = [_job(path, settings) for path in Catalogue(folder).files]
    fresh = [job for job in jobs if not _still_good(last.get(Path(job.path).name), job, present)]
    fresh.sort(key=lambda job: -Path(job.path).stat().st_size)  # so that no process ends long after the others
    made = dict(zip([job.path for job in fresh], _make(fresh, settings), strict=True))
    found = [made.get(job.path) or last[Path(job.path).name] for job in jobs]
    records = [_or_last(record, last.get(record.file)) for record in found]
    if made or last.keys() != {record.file for record in records}:
        _keep(settings.cache, records)
    problems = [problem for record in found for problem in record.problems]
    single, twins = _without_twins(records)
    return sorted(single, key=_title), [*problems, *_strangers(records), *twins]


def _title(record: FileRecord) -> tuple[str, str]:
    """What orders families: their titles, as people would."""
    return (record.networks[0].facts.family_title.casefold() if record.networks else "", record.file)


def _job(path: Path, settings: Settings) -> FileJob:
    edit = settings.edit.replace("{file}", path.name)
    verified = bytes_of(path.parent / FOLDER / f"{path.stem}.json")
    return FileJob(str(path), digest_of(bytes_of(path), path.name, edit, verified), str(settings.cache), edit)


def _still_good(record: FileRecord | None, job: FileJob, present: set[str]) -> bool:
    if record is None or record.digest != job.digest or record.problems:
        return False
    return present.issuperset(network.digest + ending for network in record.networks for ending in KEPT)


def _make(jobs: Sequence[FileJob], settings: Settings) -> Iterable[FileRecord]:
    if not jobs:
        return []
    from rfdocs.making.files import each_file  # noqa: PLC0415 - a build in which nothing changed makes nothing

    ready()  # once, before the processes part
    return settings.progress(each_file(jobs, settings.processes), len(jobs))


def _or_last(record: FileRecord, last: FileRecord | None) -> FileRecord:
    """A defective file keeps what was last made of it."""
    return record if not record.problems or record.networks or last is None else replace(record, networks=last.networks)


def _keep(cache: Path, records: Sequence[FileRecord]) -> None:
    keep(cache, STATE, {record.file: record for record in records})
    forget_others(cache, [network.digest for record in records for network in record.networks])


def _without_twins(records: Sequence[FileRecord]) -> tuple[list[FileRecord], list[Problem]]:
    """The records, less networks whose id another file has already, and a problem for each of these."""
    owners: dict[str, Record] = {}
    problems: list[Problem] = []
    for network in (network for record in records for network in record.networks):
        identifier = network.facts.identifier
        owner = owners.setdefault(identifier, network)
        if owner is not network:
            message = f"the id '{identifier}' stands in {owner.path}:{owner.place.line} already"
            problems.append(network.problem(message, "ids are unique in the catalogue", "identifier"))
    return [replace(record, networks=tuple(_owned(record, owners))) for record in records], problems


def _owned(record: FileRecord, owners: Mapping[str, Record]) -> list[Record]:
    return [network for network in record.networks if owners[network.facts.identifier] is network]


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
