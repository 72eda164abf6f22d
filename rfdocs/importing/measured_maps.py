"""Where an imported network is measured: at the last layer of every size, at what it returns, before what is opaque."""

from __future__ import annotations

from collections.abc import Iterator

from rfdocs.graph import Network, Report
from rfdocs.operators import Bound

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
