"""Prints the figures of all networks of the `rfdocs` that it imports, as JSON: `python tools/catalogue_figures.py`.

It asks only for what the package names in public, so that an older checkout can answer as well as a newer one.
"""

import json
from fractions import Fraction
from typing import Any

from rfdocs import Catalogue, CatalogueError, InputError, LayerReport, Report

NAMES = {"rf": "receptive_field", "rf_min": "receptive_field_min"}
"""What a figure's key in data is called in Python, where that is another name."""

KEYS = ("size", "rf", "rf_min", "jump", "start", "channels", "parameters", "macs")

Record = dict[str, Any]


def network(report: Report) -> Record:
    """All layers, and the last spatial map: the one whose field the network's page has."""
    return {"final": figures(report.features), "layers": [layer(report, one) for one in report]}


def figures(one: LayerReport) -> Record:
    """A layer's figures by their keys in data."""
    return {"name": one.name} | {key: getattr(one, NAMES.get(key, key)) for key in KEYS}


def layer(report: Report, one: LayerReport) -> Record:
    """A layer's figures, and what else tells whether it is made as it was."""
    try:
        share = report.visible_share(one.name)
    except InputError:  # more units than can be followed
        share = None
    return figures(one) | {"made": [one.operation, one.inputs, one.global_context, share]}


def number(value: object) -> int | float | str:
    """A fraction in JSON: as a number where one is exact, otherwise as text."""
    assert isinstance(value, Fraction)
    if value.denominator == 1:
        return value.numerator
    return float(value) if Fraction(float(value)) == value else str(value)


def main() -> None:
    """Prints every network's figures, or the text of why there are none."""
    found: dict[str, Record | str] = {}
    for family in Catalogue().families():
        for identifier in family.identifiers:
            try:
                found[identifier] = network(family.entry(identifier).analyze())
            except (CatalogueError, InputError) as error:
                found[identifier] = str(error)
    print(json.dumps(found, default=number))


if __name__ == "__main__":
    main()
