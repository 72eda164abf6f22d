"""Layers one after the other -> groups by their dotted names, and merges written where they stand.

Where several paths leave one layer and meet again in a merge, each is a branch of this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rfdocs.importing.compaction.layer_names import LayerNames
from rfdocs.importing.compaction.parts import BRANCH, GROUP, FilePart
from rfdocs.importing.compaction.plain_layers import PlainLayer, is_name, short_name
from rfdocs.language.operations import OPERATIONS

#: How deep groups may stand in groups, and a merge in branches of others; half of what a file may have.
DEPTH = 6
#: What makes maps larger.
GROWING = frozenset({"upsample", "transposed_conv", "unpool", "pixel_shuffle"})


@dataclass(slots=True)
class Knot:
    """Layers in a row that belong together: ``first`` and ``last`` are their nodes, ``entry`` the one that they leave.

    ``scope`` is a group's name. ``knots`` are the parts of a group; ``branches`` those of a merge, the layer ``last``.
    """

    first: int
    last: int
    entry: int
    scope: str = ""
    knots: tuple[Knot, ...] | None = None
    branches: tuple[tuple[Knot, ...], ...] | None = None
    height: int = 0


class ScopeTree:
    """The parts of a network, as its names and its branches have them.

    ``flat`` leaves each layer by itself, in a scope only if its name would be too long.
    """

    def __init__(self, layers: Sequence[PlainLayer], channels: int, *, flat: bool = False) -> None:
        self.layers = layers
        self.flat = flat
        self.names = LayerNames([layer.name for layer in layers])
        self.widths = [channels, *[layer.out for layer in layers]]

    def parts(self) -> tuple[FilePart, ...]:
        """All layers as parts."""
        return self._written(self._knots(1, len(self.layers) + 1, ""), ("",), 0)

    # -- what belongs together -----------------------------------------------------------------------------

    def _knots(self, first: int, end: int, prefix: str) -> tuple[Knot, ...]:
        """The layers from a node on, all in one scope, with what can be written in place in its place."""
        knots: list[Knot] = []
        while first < end:
            scope, after = self._run(first, end, prefix)
            knots.append(self._group(first, after, prefix, scope) if scope else self._leaf(first))
            if not scope and not self.flat and OPERATIONS[self.layers[first - 1].operation].several:
                self._gather(knots)
            first = after
        return tuple(knots)

    def _run(self, first: int, end: int, prefix: str) -> tuple[str, int]:
        """The scope inside ``prefix`` that several layers share from a node on, and where it ends; or none."""
        if self.flat:
            return short_name(self.layers[first - 1].name[len(prefix) :])[0], first + 1
        scope = self._scope(first, prefix)
        after = first + 1
        while scope and after < end and self._scope(after, prefix) == scope:
            after += 1
        lonely = after == first + 1 and is_name(self.layers[first - 1].name[len(prefix) :])
        if lonely or prefix.count(".") >= DEPTH:
            return "", first + 1
        return self._whole_scope(first, after, prefix, scope), after

    def _whole_scope(self, first: int, after: int, prefix: str, scope: str) -> str:
        """The scope with the one inside it, and so on, that all its layers share."""
        while inner := self._scope(first, f"{prefix}{scope}."):
            if not is_name(f"{scope}.{inner}"):
                break
            if any(self._scope(node, f"{prefix}{scope}.") != inner for node in range(first + 1, after)):
                break
            scope = f"{scope}.{inner}"
        return scope

    def _scope(self, node: int, prefix: str) -> str:
        """The scope of a layer inside ``prefix``, nothing where it is there by itself."""
        inner = self.layers[node - 1].name[len(prefix) :]
        end = inner.find(".")
        while end > 0:
            if is_name(inner[end + 1 :]) or not is_name(inner):
                return inner[:end] if is_name(inner[:end]) and inner[end + 1 :] else ""
            end = inner.find(".", end + 1)
        return ""

    def _leaf(self, node: int) -> Knot:
        inputs = self.layers[node - 1].inputs
        return Knot(node, node, inputs[0] if len(inputs) == 1 else node - 1)

    def _group(self, first: int, end: int, prefix: str, scope: str) -> Knot:
        knots = self._knots(first, end, f"{prefix}{scope}.")
        height = 1 + max([knot.height for knot in knots])
        return Knot(first, end - 1, knots[0].entry, scope, knots, height=height)

    def _gather(self, knots: list[Knot]) -> None:
        """Puts the branches of a merge, the last of the knots, into it."""
        merge = knots[-1].last
        ends = {knot.last: place for place, knot in enumerate(knots[:-1])}
        inputs = self.layers[merge - 1].inputs
        starts = [knots[ends[node] + 1].entry for node in inputs if ends.get(node, len(knots)) + 2 < len(knots)]
        for fork in dict.fromkeys([*inputs[::-1], *starts]):
            cuts = _cuts(knots[:-1], ends, inputs, fork)
            if cuts is None:
                continue
            branches = tuple([tuple(knots[start:end]) for start, end in cuts])
            height = 1 + max([knot.height for branch in branches for knot in branch])
            start = min([start for start, end in cuts if start < end])
            if height <= DEPTH and not (fork in inputs and self._grows(knots[start].first, merge)):
                knots[start:] = [Knot(knots[start].first, merge, fork, branches=branches, height=height)]
            return

    def _grows(self, first: int, end: int) -> bool:
        """Whether some layers make maps larger: what passes them by leads to an expanding path."""
        return any(layer.operation in GROWING for layer in self.layers[first - 1 : end - 1])

    # -- how it is written ---------------------------------------------------------------------------------

    def _written(self, knots: Sequence[Knot], prefixes: tuple[str, ...], current: int) -> tuple[FilePart, ...]:
        """The knots as parts of a scope, behind the node ``current``; the last of the prefixes is its own."""
        parts = []
        for knot in knots:
            parts.append(self._part(knot, prefixes, current))
            current = knot.last
        return tuple(parts)

    def _part(self, knot: Knot, prefixes: tuple[str, ...], current: int) -> FilePart:
        layer = self.layers[knot.last - 1]
        if knot.knots is None and knot.branches is None:
            return self._layer_part(layer, knot.last, prefixes, current)
        given = {} if knot.entry == current else {"from": self.names.text(knot.entry, prefixes, knot.first)}
        key, name = (layer.operation, layer.name[len(prefixes[-1]) :]) if knot.knots is None else (GROUP, knot.scope)
        part = FilePart(key, name, given, (), self.widths[knot.entry], layer.out)
        if knot.knots is not None:
            part.parts = self._written(knot.knots, (*prefixes, f"{prefixes[-1]}{knot.scope}."), knot.entry)
            return part
        part.values |= layer.attributes
        part.parts = tuple([self._branch(branch, prefixes, knot.entry) for branch in knot.branches or ()])
        return part

    def _branch(self, knots: Sequence[Knot], prefixes: tuple[str, ...], fork: int) -> FilePart:
        out = self.widths[knots[-1].last if knots else fork]
        return FilePart(BRANCH, "", {}, self._written(knots, prefixes, fork), self.widths[fork], out)

    def _layer_part(self, layer: PlainLayer, node: int, prefixes: tuple[str, ...], current: int) -> FilePart:
        given = {}
        if layer.inputs != (current,):
            names = tuple([self.names.text(read, prefixes, node) for read in layer.inputs])
            given["from"] = names if len(names) > 1 else names[0]
        named = {key: self.names.text(read, prefixes, node) for key, read in layer.references.items()}
        values = {**given, **named, **layer.attributes}
        return FilePart(layer.operation, layer.name[len(prefixes[-1]) :], values, None, layer.channels, layer.out)


def _cuts(
    knots: Sequence[Knot], ends: dict[int, int], inputs: Sequence[int], fork: int
) -> list[tuple[int, int]] | None:
    """Where the branches from a fork to a merge begin and end, which together must be all knots up to the merge.

    ``None`` where there are no such branches. One that begins where it ends is the fork itself.
    """
    start: int | None = None
    least = ends.get(fork, -1) + 1
    cuts = []
    for node in inputs:
        place = ends.get(node)
        if node == fork:
            cuts.append((0, 0))
            continue
        if place is None or place < least:
            return None
        begin = _beginning(knots, place, least, fork) if start is None else start
        if begin is None or begin > place or knots[begin].entry != fork:
            return None
        start = place + 1
        cuts.append((begin, start))
    return cuts if start == len(knots) and len(cuts) > 1 else None


def _beginning(knots: Sequence[Knot], place: int, least: int, fork: int) -> int | None:
    """The last knot, not behind ``place``, that leaves the fork."""
    return next((begin for begin in range(place, least - 1, -1) if knots[begin].entry == fork), None)
