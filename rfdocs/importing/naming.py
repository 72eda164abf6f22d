"""The layers' names: those of the model's modules where a module is one layer, and else of its scope and operation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rfdocs.graph.network import scopes_around
from rfdocs.importing.drafts import LayerDraft
from rfdocs.language.values import PATH

_FORBIDDEN = re.compile(r"[^A-Za-z0-9_.-]+")


def names_of(layers: Sequence[LayerDraft]) -> list[str]:
    """A name for each, the image's first.

    >>> conv = LayerDraft("conv", (0,), 8, (4, 4), scope="layer1.conv1")
    >>> add = LayerDraft("add", (1, 0), 8, (4, 4), scope="layer1")
    >>> names_of([LayerDraft("input", (), 8, (4, 4)), conv, add, add])
    ['input', 'layer1.conv1', 'layer1.add', 'layer1.add_2']
    """
    scopes = [_clean(layer.scope) for layer in layers]
    counts = Counter(scopes[1:])
    around = {outer for scope in counts for outer in scopes_around(scope)}
    taken = {"input"}
    names = ["input"]
    for layer, scope in zip(layers[1:], scopes[1:], strict=True):
        own = scope if scope and counts[scope] == 1 and scope not in around else _joined(scope, layer.operation)
        names.append(_free(own, taken))
        taken.add(names[-1])
    return names


def _clean(scope: str) -> str:
    """The scope in the letters that names have."""
    parts = [_FORBIDDEN.sub("_", part).lstrip("-") for part in scope.split(".")]
    return ".".join(filter(None, parts))[: PATH - 40]


def _joined(scope: str, word: str) -> str:
    return f"{scope}.{word}" if scope else word


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
