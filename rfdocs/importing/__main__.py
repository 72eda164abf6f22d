"""``python -m rfdocs.importing [MODEL...]``: imports a model of every family, holds it against itself, and writes down
what came of it. With ``--round-trips [ID...]`` it builds networks of the catalogue instead, and imports these; with
``--missing`` it only says which families have no row.

Exit status 1 where an import is wrong, or a row is missing: what is refused is a gap, and no mistake.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from rfdocs.catalogue import Catalogue
from rfdocs.catalogue.survey import FamilyImport, read_survey, survey_file
from rfdocs.errors import RfdocsError
from rfdocs.importing.importing import held
from rfdocs.importing.larger_images import network_of
from rfdocs.importing.model_sources import identifier_of, read_source
from rfdocs.importing.registries import SurveyedModel, forgotten_families, surveyed_models
from rfdocs.importing.round_trips import read_round_trips, round_trip, write_round_trips
from rfdocs.importing.verdicts import ImportDisagrees, untold


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 where no import is wrong."""
    parser = argparse.ArgumentParser("python -m rfdocs.importing", description=__doc__)
    parser.add_argument(
        "models",
        nargs="*",
        metavar="MODEL",
        help="models, packages, or both as `timm:resnet18`; by default all of families.toml",
    )
    parser.add_argument("--round-trips", action="store_true", help="instead, import what is built of the catalogue")
    parser.add_argument("--missing", action="store_true", help="instead, list the families that have no row")
    options = parser.parse_args(arguments)
    wanted = set(options.models)
    warnings.simplefilter("ignore")
    if options.missing:
        return _missing()
    return _travel(wanted) if options.round_trips else _survey(wanted)


def _survey(wanted: set[str]) -> int:
    """1 where an import is wrong; what came of each family is written down as soon as it is known."""
    outcomes = {(one.package.partition(" ")[0], one.model): one for one in read_survey()}
    order = [(family.package, family.model) for family in surveyed_models()]
    for family in surveyed_models():
        if not wanted or not wanted.isdisjoint((family.package, family.model, f"{family.package}:{family.model}")):
            outcomes[family.package, family.model] = _outcome(family)
            _write([outcomes[key] for key in order if key in outcomes])
    return int(any(outcome.verdict == "wrong" for outcome in outcomes.values()))


def _missing() -> int:
    """1 where a family has no row: no model stands for it, or that model was not imported yet."""
    rows = {(one.package.partition(" ")[0], one.model) for one in read_survey()}
    forgotten = [f"{package} {family}: no model stands for it" for package, family in forgotten_families()]
    unasked = [
        f"{family.package} {family.model}: it was not imported yet"
        for family in surveyed_models()
        if (family.package, family.model) not in rows
    ]
    print("\n".join([*forgotten, *unasked]) or "every family has a row")
    return int(bool(forgotten or unasked))


def _travel(wanted: set[str]) -> int:
    """0; each network's round trip is written down as soon as it is made."""
    trips, order = dict(read_round_trips()), [entry.identifier for entry in Catalogue().entries()]
    for entry in Catalogue().entries():
        if not wanted or entry.identifier in wanted:
            trips[entry.identifier] = round_trip(entry)
            print(f"{entry.identifier:40} {trips[entry.identifier][:100] or 'the same'}", flush=True)
            write_round_trips({name: trips[name] for name in order if name in trips})
    print(f"{sum(not why for why in trips.values())} of {len(trips)} networks come back as they are")
    return 0


def _outcome(family: SurveyedModel) -> FamilyImport:
    began = time.perf_counter()
    verdict, why, fields = _judged(family)
    print(f"{family.model:40} {verdict:8} {why[:100]} ({time.perf_counter() - began:.1f} s)", flush=True)
    return FamilyImport(
        family.model, f"{family.package} {metadata.version(family.package)}", family.attends, verdict, why, fields
    )


def _judged(family: SurveyedModel) -> tuple[str, str, int]:
    """``right``, ``refused`` or ``wrong``; why; and how many maps' fields were measured."""
    try:
        model = read_source(family.call, family.image)
        identifier = identifier_of(family.call)
        _, verdict = held(model, network_of(model, identifier, identifier), untold)
    except ImportDisagrees as error:
        return ("refused", error.details[0], 0) if error.elsewhere else ("wrong", "; ".join(error.details), 0)
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
    survey_file().write_text(f"[\n{text}\n]\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
