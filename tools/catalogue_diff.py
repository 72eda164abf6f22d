"""Says what a change of the catalogue means: `python tools/catalogue_diff.py BEFORE AFTER`.

BEFORE and AFTER are two checkouts. Each is asked with its own code, so a change of the
arithmetic shows as well as a change of a file:

    resnet50: 3 of 161 layers differ
      layer4.2 receptive field 427x427 -> 483x483
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

VALUES = {
    "size": "size",
    "rf": "receptive field",
    "rf_min": "smallest receptive field",
    "jump": "jump",
    "start": "start",
    "channels": "channels",
    "parameters": "parameters",
    "macs": "multiply-accumulates",
}
"""The values that are compared, in the order in which they are told, and their names."""

SHOWN = 5
"""How many layers of one network are told in full, the one whose field is the network's among them."""

ASKER = Path(__file__).with_name("catalogue_values.py")
"""What runs once in each checkout and gives the values of all of its networks."""

Table = dict[str, Any]
Tables = dict[str, Table | str]
"""By network: its layers' values and those of the map whose field its page has; or the error's text."""


class NoAnswer(Exception):
    """A checkout that does not answer."""


def tables(checkout: Path) -> Tables:
    """Every network of a checkout; none where there is no package yet. Raises: NoAnswer."""
    if not (checkout / "rfdocs").is_dir():
        return {}
    environment = os.environ | {"PYTHONPATH": str(checkout.resolve())}
    command = [sys.executable, str(ASKER.resolve())]
    answer = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode:
        lines = answer.stderr.strip().splitlines() or ["nothing"]
        raise NoAnswer(f"{checkout} cannot be asked for its figures; it says: {lines[-1]}")
    networks: Tables = json.loads(answer.stdout)
    return networks


def compared(before: Tables, after: Tables) -> Iterator[str]:
    """Lines that tell the difference, network by network."""
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield f"{name}: new, {summary(after[name])}"
        elif name not in after:
            yield f"{name}: removed"
        elif before[name] != after[name]:
            yield from network_difference(name, before[name], after[name])


def network_difference(name: str, before: Table | str, after: Table | str) -> Iterator[str]:
    """Lines on one network that is in both checkouts."""
    if isinstance(before, str) or isinstance(after, str):
        yield f"{name}: was {summary(before)}; is {summary(after)}"
        return
    old, new = by_name(before), by_name(after)
    changed = [layer for layer in new if layer in old and old[layer] != new[layer]]
    yield f"{name}: {len(changed)} of {len(new)} layers differ{added_and_removed(old, new)}"
    last = [after["final"]["name"]]
    shown = [layer for layer in changed if layer not in last][: SHOWN - 1]
    for layer in [*shown, *(layer for layer in last if layer in changed)]:
        yield f"  {layer} {', '.join(value_differences(old[layer], new[layer])) or 'is made otherwise'}"


def added_and_removed(old: Table, new: Table) -> str:
    """How many layers came and went, if any did."""
    added, removed = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    return f", {added} came, {removed} went" if added or removed else ""


def by_name(network: Table) -> dict[str, Any]:
    """The layers of a table, by their names."""
    return {layer["name"]: layer for layer in network["layers"]}


def value_differences(before: Table, after: Table) -> Iterator[str]:
    """The values of one layer that differ."""
    for key, name in VALUES.items():
        if before.get(key) != after.get(key):
            yield f"{name} {value_text(before.get(key))} -> {value_text(after.get(key))}"


def value_text(value: object) -> str:
    """A value as text.

    >>> value_text([7, 7]), value_text(None), value_text(64)
    ('7x7', 'none', '64')
    """
    if isinstance(value, list):
        return "x".join(map(value_text, value))
    return "none" if value is None else str(value)


def summary(network: Table | str) -> str:
    """A network in a few words."""
    if isinstance(network, str):
        return f"refused ({network.splitlines()[0] if network else 'no reason given'})"
    return f"{len(network['layers'])} layers, receptive field {field(network['final'])}"


def field(final: dict[str, Any]) -> str:
    """The field of a map, from the smallest to the largest where its units differ.

    >>> field({"rf": [7, 7], "rf_min": [7, 7]}), field({"rf": [204, 204], "rf_min": [188, 188]})
    ('7x7', '188x188 to 204x204')
    """
    least, most = value_text(final["rf_min"]), value_text(final["rf"])
    return most if least == most else f"{least} to {most}"


def main(before: str, after: str) -> None:
    """Prints the difference of two checkouts, which are asked side by side; or which of them does not answer."""
    try:
        with ThreadPoolExecutor() as pool:
            old, new = pool.map(tables, (Path(before), Path(after)))
    except NoAnswer as error:
        print(error)
        return
    print("\n".join(compared(old, new)) or "No figure of the catalogue changes.")


if __name__ == "__main__":
    main(*sys.argv[1:])
