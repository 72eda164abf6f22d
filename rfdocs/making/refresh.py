"""The results of all files of a catalogue: kept from the last build where a file has not changed, or made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rfdocs.catalogue import Catalogue
from rfdocs.catalogue.verification import FOLDER
from rfdocs.figures import ready
from rfdocs.language.problems import Problem
from rfdocs.making.results import KEPT, FileJob, FileResult, NetworkResult
from rfdocs.making.store import STATE, bytes_of, digest_of, forget_others, keep, kept_mapping, stored_names
from rfdocs.spelling import near_miss

Progress = Callable[[Iterator[FileResult], int], Iterable[FileResult]]
"""What shows, while that many results are made, how far they are."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How files are made: ``edit`` is their address for people who edit them, with ``{file}``, ``guide`` the folder of
    the chapters that their pages lead to; nothing if empty.
    """

    cache: Path
    edit: str
    guide: str
    processes: int
    progress: Progress


def refresh_files(folder: Path, settings: Settings) -> tuple[list[FileResult], list[Problem]]:
    """What is known of every file of a folder, families by their titles, and all that is wrong with any of them.

    Raises: MissingExtra.
    """
    last: Mapping[str, FileResult] = kept_mapping(settings.cache, STATE)
    present = stored_names(settings.cache)
    jobs = [_file_job(path, settings) for path in Catalogue(folder).files]
    fresh = [job for job in jobs if not _is_up_to_date(last.get(Path(job.path).name), job, present)]
    fresh.sort(key=lambda job: -Path(job.path).stat().st_size)  # so that no process ends long after the others
    made_now = dict(zip([job.path for job in fresh], _make_anew(fresh, settings), strict=True))
    results = [made_now.get(job.path) or last[Path(job.path).name] for job in jobs]
    usable = [_with_last_networks(result, last.get(result.file)) for result in results]
    if made_now or last.keys() != {result.file for result in usable}:
        _keep_results(settings.cache, usable)
    problems = [problem for result in results for problem in result.problems]
    unique, duplicate_problems = _with_unique_networks(usable)
    return sorted(unique, key=_title_order), [*problems, *_dispute_problems(usable), *duplicate_problems]


def _title_order(result: FileResult) -> tuple[str, str]:
    """What orders families: their titles, as people would."""
    return (result.networks[0].facts.family_title.casefold() if result.networks else "", result.file)


def _file_job(path: Path, settings: Settings) -> FileJob:
    edit = settings.edit.replace("{file}", path.name)
    verified = bytes_of(path.parent / FOLDER / f"{path.stem}.json")
    digest = digest_of(bytes_of(path), path.name, edit, settings.guide, verified)
    return FileJob(str(path), digest, str(settings.cache), edit, settings.guide)


def _is_up_to_date(result: FileResult | None, job: FileJob, present: set[str]) -> bool:
    if result is None or result.digest != job.digest or result.problems:
        return False
    return present.issuperset(network.digest + ending for network in result.networks for ending in KEPT)


def _make_anew(jobs: Sequence[FileJob], settings: Settings) -> Iterable[FileResult]:
    if not jobs:
        return []
    from rfdocs.making.files import make_files  # noqa: PLC0415 - a build in which nothing changed makes nothing

    ready()  # once, before the processes part
    return settings.progress(make_files(jobs, settings.processes), len(jobs))


def _with_last_networks(result: FileResult, last: FileResult | None) -> FileResult:
    """A defective file keeps what was last made of it."""
    return result if not result.problems or result.networks or last is None else replace(result, networks=last.networks)


def _keep_results(cache: Path, results: Sequence[FileResult]) -> None:
    keep(cache, STATE, {result.file: result for result in results})
    forget_others(cache, [network.digest for result in results for network in result.networks])


def _with_unique_networks(results: Sequence[FileResult]) -> tuple[list[FileResult], list[Problem]]:
    """The results, less networks whose id another file has already, and a problem for each of these."""
    owners: dict[str, NetworkResult] = {}
    problems: list[Problem] = []
    for network in (network for result in results for network in result.networks):
        identifier = network.facts.identifier
        owner = owners.setdefault(identifier, network)
        if owner is not network:
            message = f"the id '{identifier}' stands in {owner.path}:{owner.place.line} already"
            problems.append(network.problem(message, "ids are unique in the catalogue", "identifier"))
    return [replace(result, networks=tuple(_owned_networks(result, owners))) for result in results], problems


def _owned_networks(result: FileResult, owners: Mapping[str, NetworkResult]) -> list[NetworkResult]:
    return [network for network in result.networks if owners[network.facts.identifier] is network]


def _dispute_problems(results: Sequence[FileResult]) -> Iterator[Problem]:
    """A problem for every network to differ from that is not there; none while a file says nothing of what it has."""
    if any(result.problems and not result.networks for result in results):
        return
    networks = [network for result in results for network in result.networks]
    identifiers = sorted(network.facts.identifier for network in networks)
    for network in networks:
        for other, _ in network.facts.disputes:
            if other not in identifiers:
                message = f"{network.facts.identifier}: there is no network '{other}' to differ from"
                yield network.problem(message, near_miss(other, identifiers), "dispute")
