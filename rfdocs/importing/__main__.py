"""``python -m rfdocs.importing [MODEL...]``: imports a model of every family, holds it against itself, and writes down
what came of it. With ``--round-trips [ID...]`` it builds networks of the catalogue instead, and imports these.

Exit status 1 where an import is wrong: what is refused is a gap, and no mistake.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
import warnings
from collections.abc import Collection, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from rfdocs.catalogue import Catalogue
from rfdocs.errors import RfdocsError
from rfdocs.importing.imported import imported
from rfdocs.importing.importing import verdict_on
from rfdocs.importing.model_sources import identifier_of, read_source
from rfdocs.importing.round_trips import read_round_trips, round_trip, write_round_trips
from rfdocs.importing.survey import SURVEY, FamilyImport, read_survey
from rfdocs.importing.verdicts import ImportDisagrees, Verdict, untold

FAMILIES = Path(__file__).with_name("families.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 where no import is wrong."""
    parser = argparse.ArgumentParser("python -m rfdocs.importing", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help="models; by default all of families.toml")
    parser.add_argument("--round-trips", action="store_true", help="instead, import what is built of the catalogue")
    options = parser.parse_args(arguments)
    wanted = set(options.models)
    warnings.simplefilter("ignore")
    if options.round_trips:
        return _travel(wanted)
    outcomes = {outcome.model: outcome for outcome in read_survey()}
    for package, model, attends in _models():
        if not wanted or model in wanted:
            outcomes[model] = _outcome(package, model, attends)
            order = [name for _, name, _ in _models()]
            _write([outcomes[name] for name in order if name in outcomes])
    return int(any(outcome.verdict == "wrong" for outcome in outcomes.values()))


def _travel(wanted: Collection[str]) -> int:
    """0; each network's round trip is written down as soon as it is made."""
    trips, order = dict(read_round_trips()), [entry.identifier for entry in Catalogue().entries()]
    for entry in Catalogue().entries():
        if not wanted or entry.identifier in wanted:
            trips[entry.identifier] = round_trip(entry)
            print(f"{entry.identifier:40} {trips[entry.identifier][:100] or 'the same'}", flush=True)
            write_round_trips({name: trips[name] for name in order if name in trips})
    print(f"{sum(not why for why in trips.values())} of {len(trips)} networks come back as they are")
    return 0


def _models() -> Iterator[tuple[str, str, bool]]:
    """The package of every model, its name, and whether its units attend to others."""
    for package, lists in tomllib.loads(FAMILIES.read_text("utf-8")).items():
        for kind in ("models", "attention"):
            yield from ((package, model, kind == "attention") for model in lists[kind])


def _source(package: str, model: str) -> str:
    if package == "timm":
        return f"timm.create_model('{model}')"
    return f"{package}.models.{model}" + ("" if "(" in model else "()")


def _outcome(package: str, model: str, attends: bool) -> FamilyImport:
    began = time.perf_counter()
    verdict, why, fields = _judged(_source(package, model))
    print(f"{model:40} {verdict:8} {why[:100]} ({time.perf_counter() - began:.1f} s)", flush=True)
    return FamilyImport(model, f"{package} {metadata.version(package)}", attends, verdict, why, fields)


def _judged(source: str) -> tuple[str, str, int]:
    """``right``, ``refused`` or ``wrong``; why; and how many maps' fields were measured."""
    try:
        model = read_source(source)
        identifier = identifier_of(source)
        verdict: Verdict = verdict_on(model, imported(model.graph, identifier, identifier), untold)
    except ImportDisagrees as error:
        return "wrong", "; ".join(error.details), 0
    except RfdocsError as error:
        return (
            "refused",
            "; ".join(dict.fromkeys([detail.partition(": ")[2] for detail in error.details])) or error.message,
            0,
        )
    return "right", "; ".join(verdict.unverified), sum(text.startswith("field") for text in verdict.agreeing)


def _write(outcomes: Sequence[FamilyImport]) -> None:
    rows: list[dict[str, Any]] = [outcome._asdict() for outcome in outcomes]
    text = ",\n".join([json.dumps(row) for row in rows])
    SURVEY.write_text(f"[\n{text}\n]\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
