"""``python -m rfdocs.verify [ID...]``: verifies networks, prints a line for each, and writes the records.

Exit status 1 where anything disagrees, or where a reference did not run; its network's record stays as it was.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import torch

from rfdocs.catalogue import Catalogue, CatalogueError, Entry, Family, catalogue_folder
from rfdocs.catalogue.verification import FOLDER
from rfdocs.errors import RfdocsError
from rfdocs.graph import size_text
from rfdocs.graph.fingerprint import network_fingerprint
from rfdocs.verify.compared import FIELD, LAYERS, Comparison, compare
from rfdocs.verify.further_sizes import SizesComparison, compare_sizes
from rfdocs.verify.measured import Measurement, measure
from rfdocs.verify.models import is_tiled
from rfdocs.verify.record_files import Record, new_record, read_records, with_unchanged_date, write_records
from rfdocs.verify.tiled import TilesComparison, compare_tiles

Outcome = TypeVar("Outcome")
PARTS = ("measured", "compared", "sizes", "tiles")


class ReferenceFailedError(RfdocsError):
    """A reference that requirements-verify.lock installs did not run, so that nothing can be said about the network."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 where everything agrees, 1 where something does not."""
    options = _parser().parse_args(arguments)
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    agrees = True
    for family in Catalogue().families():
        identifiers = [name for name in family.identifiers if not options.networks or name in options.networks]
        if identifiers:
            agrees = _verify_family(family, identifiers, options) and agrees
    return 0 if agrees else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m rfdocs.verify", description=main.__doc__)
    parser.add_argument("networks", nargs="*", metavar="ID", help="networks; by default all of the catalogue")
    parser.add_argument("--only", choices=PARTS, help="one of the parts; the records of the others are kept")
    parser.add_argument("--stale", action="store_true", help="only networks whose record is missing or outdated")
    return parser


def _verify_family(family: Family, identifiers: Sequence[str], options: argparse.Namespace) -> bool:
    path = catalogue_folder() / FOLDER / f"{family.stem}.json"
    records, agrees = read_records(path), True
    for identifier in identifiers:
        try:
            entry = family.entry(identifier)
            if options.stale and _is_current(entry, records.get(identifier)):
                continue
            record, disagreements = _verify(entry, records.get(identifier), options.only)
        except (CatalogueError, ReferenceFailedError) as error:
            broken = isinstance(error, CatalogueError)
            text = f"BROKEN {error}" if broken else f"ERROR      {error}; its record was kept as it is"
            print(f"{identifier:30} {text}", flush=True)
            agrees = False
            continue
        records[identifier] = with_unchanged_date(records.get(identifier), record)
        agrees = agrees and not disagreements
        write_records(path, records, family.identifiers)
    write_records(path, records, family.identifiers)
    return agrees


def _is_current(entry: Entry, record: Record | None) -> bool:
    parts = [part for part in PARTS if part != "tiles" or is_tiled(entry.identifier)]
    if record is None or record["network"] != network_fingerprint(entry.network) or not set(parts) <= record.keys():
        return False
    return all(record[part] is None or record[part]["agrees"] for part in parts)


def _part_of(text: str) -> str:
    """The part to which a sentence belongs that tells what could not be verified."""
    return "compared" if text.startswith((LAYERS, FIELD)) else "measured"


def _verify(entry: Entry, old: Record | None, only: str | None) -> tuple[Record, list[str]]:
    """The record of a network, and everything that disagrees; prints both.

    Raises: ReferenceFailedError where its reference did not run.
    """
    began = time.perf_counter()
    parts = PARTS if only is None else (only,)
    comparison = _checked(compare, entry) if "compared" in parts else None
    sizes = _checked(compare_sizes, entry) if "sizes" in parts else None
    tiles = _checked(compare_tiles, entry) if "tiles" in parts else None
    measurement = measure(entry.network) if "measured" in parts else None
    record = new_record(entry, measurement, comparison, sizes, str(datetime.now(UTC).date()), tiles)
    if old is not None and old["network"] == record["network"]:
        record = _with_other_parts(record, old, parts)
    disagreements = [text for part in (measurement, comparison, sizes, tiles) if part for text in part.disagreements]
    summary = "; ".join(_summaries(measurement, comparison, sizes, tiles))
    verdict = "DISAGREES" if disagreements else "agrees"
    print(f"{entry.identifier:30} {verdict:10} {summary} ({time.perf_counter() - began:.1f} s)")
    print(*(f"    {text}\n" for text in disagreements), sep="", end="", flush=True)
    return record, disagreements


def _with_other_parts(record: Record, old: Record, parts: Sequence[str]) -> Record:
    """The record, with all that the old one holds besides these parts."""
    kept = [text for text in old["unverified"] if _part_of(text) not in parts]
    others = {part: old[part] for part in PARTS if part in old and part not in parts}
    return record | others | {"unverified": sorted([*kept, *record["unverified"]], key=_part_of, reverse=True)}


def _checked(check: Callable[[Entry], Outcome], entry: Entry) -> Outcome:
    """What a check of the reference gives. Raises: ReferenceFailedError where that cannot be imported or run."""
    try:
        return check(entry)
    except ImportError as error:
        lock = "is everything of requirements-verify.lock installed, and does it hold all that is needed?"
        raise ReferenceFailedError(f"the reference implementation cannot be imported: {error} ({lock})") from error
    except Exception as error:
        last = traceback.format_exc().strip().splitlines()[-1]
        raise ReferenceFailedError(f"the reference implementation did not run: {last}") from error


def _summaries(
    measurement: Measurement | None,
    comparison: Comparison | None,
    sizes: SizesComparison | None,
    tiles: TilesComparison | None,
) -> Iterator[str]:
    """What was done, in short."""
    if measurement:
        yield f"{measurement.layers} of {measurement.of_layers} layers measured"
    if comparison and comparison.reference:
        yield f"{comparison.layers} compared with {comparison.reference.package} {comparison.version}"
        yield from (f"{stage.layer} {stage.axes[0][0]} px there" for stage in comparison.fields[-1:])
    if sizes and sizes.reference:
        yield f"{len(sizes.sizes)} further sizes"
    if tiles:
        yield f"{tiles.record.tiles} tiles of {size_text(tiles.record.tile)} px for {tiles.record.layer}"


if __name__ == "__main__":
    sys.exit(main())
