"""What a name means at a place of a file, and the shortest by which a layer can be read there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from rfdocs.graph import IMAGE_NAME
from rfdocs.importing.compaction.parts import ScopedName


class LayerNames:
    """The names of all layers and scopes, and when each is there to be read. Layer 0 is the image."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = (IMAGE_NAME, *names)
        self._nodes = {name: node for node, name in enumerate(self.names)}
        self._scopes: dict[str, list[int]] = {}
        for node, name in enumerate(names, start=1):
            for scope in scopes_of(name):
                self._scopes.setdefault(scope, []).append(node)

    def _meant(self, name: str, before: int) -> int | None:
        """The layer of a whole name, or the last of a scope, among those before a layer."""
        node = self._nodes.get(name)
        if node is not None and node < before:
            return node
        inside = self._scopes.get(name, ())
        count = bisect_left(inside, before)
        return inside[count - 1] if count else None

    def meaning(self, name: str, prefix: str, before: int) -> int | None:
        """The layer that a name means in the scope ``prefix``, looking outwards, as the expander does."""
        while True:
            node = self._meant(prefix + name, before)
            if node is not None or not prefix:
                return node
            prefix = prefix[: prefix[:-1].rfind(".") + 1]

    def text(self, node: int, prefixes: Sequence[str], before: int) -> str:
        """The name to read a layer by where a file opens scopes one in the other, with these prefixes, the first empty.

        What is left out of the name is one of the prefixes, so that it stays true when a scope is written as a part of
        names instead.
        """
        prefix = prefixes[-1]
        for whole in self._candidates(node, prefix, before):
            for outwards, outer in enumerate(reversed(prefixes)):
                text = whole[len(outer) :]
                if whole.startswith(outer) and text and self.meaning(text, prefix, before) == node:
                    return ScopedName(text, outwards)
        return self.names[node]

    def _candidates(self, node: int, prefix: str, before: int) -> Iterator[str]:
        """The scopes that end with a layer, the widest first, unless their layers go by numbers; and its own name."""
        name = self.names[node]
        ending: list[str] = []
        for scope in reversed([*scopes_of(name)]):
            last = name[len(scope) + 1 :]
            if prefix.startswith(f"{scope}.") or self._meant(scope, before) != node or (not ending and last.isdigit()):
                break
            ending.append(scope)
        yield from reversed(ending)
        yield name


def scopes_of(name: str) -> Iterator[str]:
    """The scopes that a layer stands in, the outermost first.

    >>> list(scopes_of("layer1.0.conv1"))
    ['layer1', 'layer1.0']
    """
    end = name.find(".")
    while end >= 0:
        yield name[:end]
        end = name.find(".", end + 1)
