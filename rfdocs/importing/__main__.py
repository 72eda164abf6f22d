"""``python -m rfdocs.importing [MODEL...]``: imports a model of every family, holds it against itself, and writes down
what came of it.

Exit status 1 where an import is wrong: what is refused is a gap, and no mistake.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
import warnings
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.importing.imported import imported
from rfdocs.importing.importing import verdict_on
from rfdocs.importing.model_sources import identifier_of, read_source
from rfdocs.importing.survey import SURVEY, FamilyImport, read_survey
from rfdocs.importing.verdicts import ImportDisagrees, Verdict, untold

FAMILIES = Path(__file__).with_name("families.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 where no import is wrong."""
    parser = argparse.ArgumentParser("python -m rfdocs.importing", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help="models; by default all of families.toml")
    wanted = set(parser.parse_args(arguments).models)
    warnings.simplefilter("ignore")
    outcomes = {outcome.model: outcome for outcome in read_survey()}
    for package, model, attends in _models():
        if not wanted or model in wanted:
            outcomes[model] = _outcome(package, model, attends)
            order = [name for _, name, _ in _models()]
            _write([outcomes[name] for name in order if name in outcomes])
    return int(any(outcome.verdict == "wrong" for outcome in outcomes.values()))


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
    time.perf_counter()
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
