"""Paths of the flat names that layers of Keras have: ``conv2_block1_1_conv`` stands in ``conv2.block1``.

A beginning of names is a scope where it ends with a number (``block1``, ``block_1``, ``block2a``), no layer has it for
its name, and the layers whose names begin with it stand one after the other, but for those that nobody named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

#: What ends with a number or with a numbered letter, and is more than a number.
_NUMBERED = re.compile(r".*[A-Za-z]_?\d+[a-z]?")


def is_automatic(name: str, operator: str) -> bool:
    """Whether Keras itself named a layer, by its class: such a name stands in no scope, and separates none.

    >>> is_automatic("re_lu_3", "ReLU"), is_automatic("conv2d", "Conv2D"), is_automatic("conv1", "Conv2D")
    (True, True, False)
    """
    parted = re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", operator))
    return not name or re.fullmatch(rf"{re.escape(parted.lower())}(_\d+)?", name) is not None


def paths_of(names: Sequence[str]) -> dict[str, str]:
    """The path of each name; the names are in the order in which layers are called.

    >>> paths_of(["stem", "block1_conv", "block1_add", "block_2_1_conv", "block_2_1_bn", "block_2_add", "head_1"])
    {'stem': 'stem', 'block1_conv': 'block1.conv', 'block1_add': 'block1.add', 'block_2_1_conv': 'block_2.1_conv', \
'block_2_1_bn': 'block_2.1_bn', 'block_2_add': 'block_2.add', 'head_1': 'head_1'}
    """
    scopes = _scopes(names)
    return {name: _path(name, scopes) for name in names}


def _path(name: str, scopes: set[str]) -> str:
    inner = {len(scope) for scope in _beginnings(name) if scope in scopes}
    return "".join(["." if place in inner else letter for place, letter in enumerate(name)])


def _beginnings(name: str) -> Iterator[str]:
    """What may be the scopes of a name, from the outermost on."""
    last = 0
    for place, letter in enumerate(name):
        if letter == "_" and _NUMBERED.fullmatch(name[last:place]):
            yield name[:place]
            last = place + 1


def _scopes(names: Sequence[str]) -> set[str]:
    """The beginnings that are scopes."""
    own, order = set(names), list(dict.fromkeys(names))
    possible = {scope for name in order for scope in _beginnings(name)} - own
    return {scope for scope in possible if _is_together(scope, order)}


def _is_together(scope: str, order: Sequence[str]) -> bool:
    """Whether the names in a scope are several, and stand one after the other."""
    runs = [len(list(run)) for inside, run in groupby(order, key=lambda name: name.startswith(f"{scope}_")) if inside]
    return len(runs) == 1 and runs[0] > 1
