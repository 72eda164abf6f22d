"""Where an imported network is measured: at the last layer of every size, at what it returns, before what is opaque."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rfdocs.graph import Network, Report
from rfdocs.operators import Bound
from rfdocs.verify.strips import network_strides

#: The most places that are measured.
MOST = 8


def measured_nodes_of(network: Network) -> list[int]:
    """The nodes behind which maps have another size, or fields that are only bounds, and the outputs, as far as they
    are maps whose fields are exact.

    >>> import rfdocs
    >>> network = rfdocs.load("resnet18").network
    >>> [network.names[node] for node in measured_nodes_of(network)]
    ['conv1', 'layer1.1.add', 'layer2.1.add', 'layer3.1.add', 'layer4.1.add']
    """
    report = Report(network)
    nodes = sorted({*_ends(network, report), *network.output_nodes, network.feature_node} - {0})
    maps = [node for node in nodes if not network.collapsed[node] and _is_exact(report, node)]
    return maps if len(maps) <= MOST else [maps[len(maps) * place // MOST] for place in range(MOST - 1)] + maps[-1:]


def other_sizes(network: Network) -> list[tuple[int, ...]]:
    """Other sizes to try: one more, and one less, than a multiple of the network's stride, axis by axis in turn, both
    for one axis; of a network that is no multiple long, one whose rest by the stride is another; and for networks that
    take multiples only the nominal one, longer by three strides on the last axis.

    Halved by windows with padding the one stays odd at every level, without padding the other: a map that is doubled
    there is never as long as the one before it was halved. Filled up by as many units at every size, a map is too short
    where one that is filled up to whole strides would get more. Of a network with an opaque layer, whose map may be of
    any size at another one, there are none.

    >>> import rfdocs
    >>> other_sizes(rfdocs.load("resnet18").network)
    [(225, 223), (224, 320)]
    """
    if any(layer.operation == "opaque" for layer in network.layers):
        return []
    nominal, strides = tuple(network.input_size), network_strides(network)
    pairs = zip(nominal, strides, strict=True)
    wholes = [-(-length // stride) * stride if stride <= length else length + length % 2 for length, stride in pairs]
    sizes = [_beside(wholes, 1)] if len(wholes) > 1 else [_beside(wholes, 1), _beside(wholes, -1)]
    rests = [length % stride for length, stride in zip(nominal, strides, strict=True)]
    filled = [tuple([whole + 1 + (rest == 1) for whole, rest in zip(wholes, rests, strict=True)])] if any(rests) else []
    longer = (*nominal[:-1], nominal[-1] + 3 * strides[-1])
    return [size for size in dict.fromkeys((*sizes, *filled, longer)) if 0 not in size and size != nominal]


def is_filled_up(ours: Sequence[int], theirs: Sequence[int], nominal: Sequence[int]) -> bool:
    """Whether a map of a model that should be of our size is as long as at the nominal size, along axes on which ours
    has one unit: something fixed was added to it, that is so long.

    >>> is_filled_up((1, 12), (7, 12), (7, 12)), is_filled_up((2, 12), (7, 12), (7, 12))
    (True, False)
    """
    alike = all(one in (1, length) for one, length in zip(ours, theirs, strict=False))
    return ours != theirs == nominal and alike


def _beside(wholes: Sequence[int], first: int) -> tuple[int, ...]:
    return tuple([length + (-first if axis % 2 else first) for axis, length in enumerate(wholes)])


def _is_exact(report: Report, node: int) -> bool:
    return node == 0 or report.layers[node - 1].bound is Bound.EXACT


def _ends(network: Network, report: Report) -> Iterator[int]:
    """Of every size the last node on the way to a smaller or larger one; and the last whose fields are exact."""
    sizes = [report.input_size, *(layer.size for layer in report)]
    last = {}
    for node, layer in enumerate(network.layers, start=1):
        for read in layer.inputs:
            if sizes[node] != sizes[read] and not network.collapsed[read]:
                last[sizes[read], sizes[node]] = read
            if _is_exact(report, read) and not _is_exact(report, node):
                yield read
    yield from last.values()
