"""What stands side by side, compared by how it is made: whether a unit's field may be told axis by axis, and whether
the maps go on where they meet.

Nodes have *forms*, numbers that are equal where nodes are made alike, layer by layer, on one axis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace

from rfdocs.algebra.reads import IDENTITY, Edge, Piece, Reads, Window
from rfdocs.graph.network import Topology
from rfdocs.operators import AxisStep, SideBySide

#: Numbers by what they stand for.
Known = dict[Hashable, int]


def unlike(network: Topology, axis: int, steps: Sequence[AxisStep]) -> dict[int, tuple[int, int]]:
    """Of every layer of maps side by side along another axis that are not made alike on this one, two of these.

    Which of the maps a unit lies on depends on its place along the other axis, and so would what it sees on this one.
    Rule: alike are nodes of equal length that read the same units of nodes that are alike; the image is like itself.
    """
    if not network.side_by_side:
        return {}
    known: Known = {}
    forms, apart = [0], dict[int, tuple[int, int]]()
    for node, layer in enumerate(network.layers, start=1):
        if isinstance(layer.operator, SideBySide) and not layer.operator.along[axis]:
            first, *others = layer.inputs
            other = next((other for other in others if forms[other] != forms[first]), first)
            apart.update({} if other == first else {node: (first, other)})
        step = steps[node]
        shown = (*step.shows, forms[layer.shown_whole]) if any(step.shows) else None
        read = [(reads, forms[source]) for reads, source in zip(step.reads, layer.inputs, strict=True) if reads.width]
        passed = read == [(IDENTITY, forms[layer.inputs[0]])] and step.length == steps[layer.inputs[0]].length
        form = _numbered((step.length, frozenset(Counter(read).items()), shown), known)
        forms.append(forms[layer.inputs[0]] if passed and shown is None else form)
    return apart


def going_on(network: Topology, steps: Sequence[AxisStep]) -> frozenset[int]:
    """The layers of maps side by side along this axis each of which, on maps without ends, goes on in the next one.

    Rule: with ``b`` the units before a map, its unit ``u - b`` is then made as unit ``u`` of the first one is.
    """
    if not network.side_by_side:
        return frozenset()
    known: Known = {}
    forms, going = [(0, 0)], set[int]()
    for node, layer in enumerate(network.layers, start=1):
        pairs = [(reads, *forms[source]) for reads, source in zip(steps[node].reads, layer.inputs, strict=True)]
        pieces = {(form, moved - reads.begin) for reads, form, moved in pairs if isinstance(reads, Piece)}
        going.update([node] if len(pieces) == 1 else [])
        forms.append(pieces.pop() if len(pieces) == 1 else _endless_form(pairs, known))
    return frozenset(going)


def _endless_form(pairs: Sequence[tuple[Reads, int, int]], known: Known) -> tuple[int, int]:
    """The form of a node on maps without ends, and as which of its units the node's unit 0 is made; given what the node
    reads of others, and their forms.
    """
    read = [_moved_out(*pair) for pair in pairs if pair[0].width]
    least = min([turns for _, _, turns in read], default=0)
    if len(read) == 1 and read[0][0] == (IDENTITY, 0):
        return read[0][1], least
    whole = Counter([(reads, form, turns - least) for reads, form, turns in read])
    return _numbered(frozenset(whole.items()), known), least


def _moved_out(reads: Reads, form: int, moved: int) -> tuple[tuple[Reads, int], int, int]:
    """What is read of a node that is moved by some units against its form, told as if as few as can be; and how many
    units the layer is moved in their place.

    Rule: of a window, ``u * stride - before + moved = (u + turns) * stride + rest``.
    """
    if not isinstance(reads, Window):
        return (reads, moved), form, 0
    turns, rest = divmod(moved - reads.before, reads.stride)
    return (replace(reads, before=-rest, edge=Edge.ZERO), 0), form, turns


def _numbered(whole: Hashable, known: Known) -> int:
    return known.setdefault(whole, len(known) + 1)
