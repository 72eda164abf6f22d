"""Prints the values of all networks of the `rfdocs` that it imports, as JSON: `python tools/catalogue_values.py`.

It asks only for what the package names in public, so that an older checkout can answer as well as a newer one.
"""

import json
from fractions import Fraction
from typing import Any

from rfdocs import Catalogue, CatalogueError, InputError, LayerReport, Report

NAMES = {"rf": "receptive_field", "rf_min": "receptive_field_min"}
"""What a value's key in data is called in Python, where that is another name."""

KEYS = ("size", "rf", "rf_min", "jump", "start", "channels", "parameters", "macs")

Values = dict[str, Any]


def network_values(report: Report) -> Values:
    """All layers, and the last spatial map: the one whose field the network's page has."""
    return {"final": layer_values(report.features), "layers": [compared_values(report, layer) for layer in report]}


def layer_values(layer: LayerReport) -> Values:
    """A layer's values by their keys in data."""
    return {"name": layer.name} | {key: getattr(layer, NAMES.get(key, key)) for key in KEYS}


def compared_values(report: Report, layer: LayerReport) -> Values:
    """A layer's values, and what else tells whether it is made as it was."""
    try:
        share = report.visible_share(layer.name)
    except InputError:  # more units than can be followed
        share = None
    return layer_values(layer) | {"operation": [layer.operation, layer.inputs, layer.global_context, share]}


def number(value: object) -> int | float | str:
    """A fraction in JSON: as a number where one is exact, otherwise as text."""
    assert isinstance(value, Fraction)
    if value.denominator == 1:
        return value.numerator
    return float(value) if Fraction(float(value)) == value else str(value)


def main() -> None:
    """Prints every network's values, or the text of why there are none."""
    networks: dict[str, Values | str] = {}
    for family in Catalogue().families():
        for identifier in family.identifiers:
            try:
                networks[identifier] = network_values(family.entry(identifier).analyze())
            except (CatalogueError, InputError) as error:
                networks[identifier] = str(error)
    print(json.dumps(networks, default=number))


if __name__ == "__main__":
    main()
