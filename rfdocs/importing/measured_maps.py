"""Where an imported network is measured: at the last layer of every size, and at what it returns."""

from __future__ import annotations

from collections.abc import Iterator

from rfdocs.graph import Network, Report

#: The most places that are measured.
MOST = 8


def measured_nodes_of(network: Network) -> list[int]:
    """The nodes behind which maps have another size, and the outputs, as far as they are maps.

    >>> import rfdocs
    >>> network = rfdocs.load("resnet18").network
    >>> [network.names[node] for node in measured_nodes_of(network)]
    ['conv1', 'layer1.1.add', 'layer2.1.add', 'layer3.1.add', 'layer4.1.add']
    """
    nodes = sorted({*_ends(network), *network.output_nodes, network.feature_node} - {0})
    maps = [node for node in nodes if not network.collapsed[node]]
    return maps if len(maps) <= MOST else [maps[len(maps) * place // MOST] for place in range(MOST - 1)] + maps[-1:]


def _ends(network: Network) -> Iterator[int]:
    """Of every size the last node on the way to a smaller or larger one."""
    report = Report(network)
    sizes = [report.input_size, *(layer.size for layer in report)]
    last = {}
    for node, layer in enumerate(network.layers, start=1):
        for read in layer.inputs:
            if sizes[node] != sizes[read] and not network.collapsed[read]:
                last[sizes[read], sizes[node]] = read
    yield from last.values()
