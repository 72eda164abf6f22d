"""Says what a change of the catalogue means: `python tools/catalogue_diff.py BEFORE AFTER`.

BEFORE and AFTER are two checkouts. Each is asked with its own code, so a change of the
arithmetic shows as well as a change of a file:

    resnet50: 3 of 161 layers differ
      layer4.2 receptive field 427x427 -> 483x483
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIGURES = {
    "size": "size",
    "rf": "receptive field",
    "rf_min": "smallest receptive field",
    "jump": "jump",
    "start": "start",
    "channels": "channels",
    "parameters": "parameters",
    "macs": "multiply-accumulates",
}
"""The figures that are compared, in the order in which they are told, and their names."""

SHOWN = 5
"""How many layers of one network are told in full, the one whose field is the network's among them."""

ASKED = """
import json
from rfdocs.catalogue import Catalogue, CatalogueError
from rfdocs.graph import InputError

NAMES = {"rf": "receptive_field", "rf_min": "receptive_field_min"}

def figures(layer):
    values = {key: getattr(layer, NAMES.get(key, key)) for key in KEYS}
    return {"name": layer.name, "made": [layer.operation, layer.inputs], **values}

def found(family, identifier):
    try:
        report = family.entry(identifier).analyze()
    except (CatalogueError, InputError) as error:
        return str(error)
    return {"final": report.features.name, "layers": [figures(layer) for layer in report]}

def number(value):
    whole = value.denominator == 1
    return int(value) if whole else float(value) if float(value) == value else str(value)

networks = {name: found(family, name) for family in Catalogue().families() for name in family.identifiers}
print(json.dumps(networks, default=number))
"""
"""What a checkout's own Python is asked, once for all of its networks. A fraction that no float is comes as text."""

Table = dict[str, Any]
Tables = dict[str, Table | str]
"""By network: its layers' figures and the name of the layer whose field its page has; or the error's text."""


def tables(checkout: Path) -> Tables:
    """Every network of a checkout; none where there is no package that can be asked."""
    command = [sys.executable, "-c", f"KEYS = {list(FIGURES)}\n{ASKED}"]
    answer = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    if answer.returncode:
        print(f"{checkout} cannot be asked: {answer.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return {}
    found: Tables = json.loads(answer.stdout)
    return found


def compared(before: Tables, after: Tables) -> Iterator[str]:
    """Lines that tell the difference, network by network."""
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield f"{name}: new, {summary(after[name])}"
        elif name not in after:
            yield f"{name}: removed"
        elif before[name] != after[name]:
            yield from told(name, before[name], after[name])


def told(name: str, before: Table | str, after: Table | str) -> Iterator[str]:
    """Lines on one network that is in both checkouts."""
    if isinstance(before, str) or isinstance(after, str):
        yield f"{name}: was {summary(before)}; is {summary(after)}"
        return
    old, new = by_name(before), by_name(after)
    changed = [layer for layer in new if layer in old and old[layer] != new[layer]]
    yield f"{name}: {len(changed)} of {len(new)} layers differ{moved(old, new)}"
    last = [after["final"]]
    chosen = [layer for layer in changed if layer not in last][: SHOWN - 1]
    for layer in [*chosen, *(layer for layer in last if layer in changed)]:
        yield f"  {layer} {', '.join(figures(old[layer], new[layer])) or 'is made otherwise'}"


def moved(old: Table, new: Table) -> str:
    """How many layers came and went, if any did."""
    came, went = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    return f", {came} came, {went} went" if came or went else ""


def by_name(network: Table) -> dict[str, Any]:
    """The layers of a table, by their names."""
    return {layer["name"]: layer for layer in network["layers"]}


def figures(before: Table, after: Table) -> Iterator[str]:
    """The figures of one layer that differ."""
    for key, name in FIGURES.items():
        if before.get(key) != after.get(key):
            yield f"{name} {worded(before.get(key))} -> {worded(after.get(key))}"


def worded(figure: object) -> str:
    """A figure as text.

    >>> worded([7, 7]), worded(None), worded(64)
    ('7x7', 'none', '64')
    """
    if isinstance(figure, list):
        return "x".join(map(worded, figure))
    return "none" if figure is None else str(figure)


def summary(network: Table | str) -> str:
    """A network in a few words."""
    if isinstance(network, str):
        return f"refused ({network.splitlines()[0] if network else 'no reason given'})"
    final = by_name(network)[network["final"]]
    return f"{len(network['layers'])} layers, receptive field {worded(final['rf'])}"


def main(before: str, after: str) -> None:
    """Prints the difference of two checkouts."""
    lines = list(compared(tables(Path(before)), tables(Path(after))))
    print("\n".join(lines) or "No figure of the catalogue changes.")


if __name__ == "__main__":
    main(*sys.argv[1:])
