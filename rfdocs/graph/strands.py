"""A network with the channels followed apart where some of a map's are chosen: what a slice really reads.

A *strand* is some of a node's channels. Only where a layer reads some of a map's channels, and these come from fewer
places than the map as a whole, is the strand a node of its own: everything else about a network, its arithmetic
included, stays as it is. A map as a whole sees what any of its channels sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.network import Layer, Network, NetworkError, Topology
from rfdocs.operators import Channels, ChannelSlice, Concat

#: The most strands of one network that are followed.
STRANDS = 1 << 14

#: For every input of a layer, which of its channels are read.
Origins = tuple[Channels, ...]


@dataclass(frozen=True)
class StrandedNetwork(Topology):
    """The layers with their strands beside them; ``nodes`` are those that stand for the network's own nodes."""

    layers: tuple[Layer, ...]
    nodes: tuple[int, ...]
    of_axes: int

    @property
    def axes(self) -> int:
        return self.of_axes


def with_strands(network: Network) -> StrandedNetwork:
    """The network with its strands. Raises: NetworkError beyond the limits.

    Rule: a chosen channel of a layer is made of the channels of its inputs that the layer's operator names
    (:meth:`rfdocs.operators.Operator.origins`); it sees what these see.
    """
    if not any(isinstance(layer.operator, ChannelSlice) for layer in network.layers):
        return StrandedNetwork(network.layers, tuple(range(len(network.layers) + 1)), network.axes)
    return _StrandBuilder(network, _demanded_channels(network)).build()


def _demanded_channels(network: Network) -> list[dict[Channels, Origins]]:
    """For every node, its channels as a whole and the strands of it that later layers read, each with its origins;
    found from the last on.
    """
    demanded: list[dict[Channels, Origins]] = [{Channels.all(count): ()} for count in network.channels]
    strands = 0
    for node in range(len(network.layers), 0, -1):
        layer = network.layers[node - 1]
        try:
            demanded[node] = {chosen: _origins(network, node, chosen) for chosen in demanded[node]}
        except ArithmeticRefusal as refusal:
            raise NetworkError(layer.name, refusal.message) from None
        for origins in demanded[node].values():
            for source, strand in zip(layer.inputs, origins, strict=True):
                if _is_part(network, source, strand):
                    demanded[source].setdefault(strand, ())
        strands += len(demanded[node])
        if strands > STRANDS + len(network.layers):
            raise NetworkError(layer.name, f"more than {STRANDS} choices of channels would have to be followed")
    return demanded


def _origins(network: Network, node: int, chosen: Channels) -> Origins:
    layer = network.layers[node - 1]
    return layer.operator.origins(chosen, tuple([network.channels[source] for source in layer.inputs]))


def _is_part(network: Network, node: int, strand: Channels) -> bool:
    """Whether a strand is not the whole node, and not nothing."""
    return node > 0 and bool(strand) and strand != Channels.all(network.channels[node])


class _StrandBuilder:
    """Puts the strands beside the layers, in the order of the layers."""

    def __init__(self, network: Network, demanded: Sequence[dict[Channels, Origins]]) -> None:
        self._network = network
        self._demanded = demanded
        self._layers: list[Layer] = []
        self._nodes = [0]
        self._strands: dict[tuple[int, Channels], int] = {}
        self._strand_nodes: dict[tuple[int, tuple[int, ...]], int] = {}

    def build(self) -> StrandedNetwork:
        """The layers with their strands."""
        for node, layer in enumerate(self._network.layers, start=1):
            whole, *parts = self._demanded[node].items()
            self._nodes.append(self._add(layer, self._inputs(layer, whole[1])))
            for chosen, origins in parts:
                self._strands[node, chosen] = self._strand(layer, node, origins)
        return StrandedNetwork(tuple(self._layers), tuple(self._nodes), self._network.axes)

    def _strand(self, layer: Layer, node: int, origins: Origins) -> int:
        """The node of a strand: the layer's own where all channels of its inputs are needed, the input's where the
        layer only passes its channels on, otherwise a new one.
        """
        if not any(_is_part(self._network, *pair) or not pair[1] for pair in zip(layer.inputs, origins, strict=True)):
            return self._nodes[node]
        inputs = self._inputs(layer, origins)
        if len(inputs) == 1 and isinstance(layer.operator, ChannelSlice | Concat):
            return inputs[0]
        if (node, inputs) not in self._strand_nodes:
            self._strand_nodes[node, inputs] = self._add(layer, inputs)
        return self._strand_nodes[node, inputs]

    def _add(self, layer: Layer, inputs: tuple[int, ...]) -> int:
        like = None if layer.like is None else self._nodes[layer.like]
        whole = self._nodes[layer.inputs[0]] if layer.operator.gate else None
        shown = None if whole in inputs[:1] else whole  # of itself a gate shows what it reads
        self._layers.append(replace(layer, inputs=inputs, like=like, shown=shown))
        return len(self._layers)

    def _inputs(self, layer: Layer, origins: Origins) -> tuple[int, ...]:
        """The nodes of the strands that are read; an input of which nothing is read is left out."""
        read = [pair for pair in zip(layer.inputs, origins, strict=True) if pair[1]]
        return tuple([self._strands.get((source, strand), self._nodes[source]) for source, strand in read])
