"""A network run on one axis, tap by tap, whole and in tiles: what is right in a tile is what comes out the same.

Numbers are counted modulo a prime. Every tap has a weight of its own, by its layer, channels, place in the window and
phase; every unit a bias. Two units that are made of different things then differ, but once in two billion times.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache

from oracle.brute import EDGES, Axis, AxisLayer, no_taps

PRIME = (1 << 31) - 1
#: The operations whose mean is taken over the whole map.
OVER_SPACE = {"groupnorm", "instancenorm"}

Values = list[tuple[int, ...]]


@cache
def number(*key: object) -> int:
    """A number that a key stands for, other than 0."""
    text = repr(key).encode()
    return (zlib.crc32(text) << 32 | zlib.adler32(text)) * 6364136223846793005 % (PRIME - 1) + 1


def image(length: int, channels: int) -> Values:
    """An image in which no two pixels are equal."""
    return [tuple([number("pixel", place, channel) for channel in range(channels)]) for place in range(length)]


def run(axis: Axis, pixels: Values, over_space: frozenset[str] = frozenset()) -> dict[str, Values]:
    """The units of every map of a network that was laid out for so many pixels."""
    values = {"input": pixels}
    for name, layer in axis.layers.items():
        if layer.taps is no_taps:
            values[name] = [
                tuple([number("given", name, place, channel) for channel in range(len(layer.made_of))])
                for place in range(layer.size)
            ]
        elif name != "input":
            values[name] = [unit(name, layer, place, values) for place in range(layer.size)]
            if name in over_space:
                values[name] = normalised(values[name])
    return values


def normalised(values: Values) -> Values:
    """Something of all units in each."""
    sums = [sum(channel) for channel in zip(*values, strict=True)]
    return [tuple([(value + total) % PRIME for value, total in zip(unit, sums, strict=True)]) for unit in values]


def unit(name: str, layer: AxisLayer, place: int, values: dict[str, Values]) -> tuple[int, ...]:
    """The channels of one unit."""
    taps = layer.taps(place)
    if layer.moved is not None:
        taps = [(source, index) for source in layer.sources for index in layer.moved(place, len(values[source]))]
    slots = layer.slots or (0,) * len(taps)
    phase = place % layer.refinement
    total = [number("bias", name, channel) for channel in range(len(layer.made_of))]
    for order, (slot, (source, index)) in enumerate(zip(slots, taps, strict=True)):
        read = tap_values(layer.edge, values[source], index)
        for channel, origins in enumerate(layer.made_of):
            for other_slot, other in origins:
                if read and other_slot == slot:
                    total[channel] += number(name, channel, slot, other, phase, order) * read[other]
    beside = sum(
        number("beside", name, order) * sum(values[source][index % len(values[source])])
        for order, (source, index) in enumerate(layer.beside(place))
    )
    return tuple(
        [(value + beside + shown(name, layer, channel, values)) % PRIME for channel, value in enumerate(total)]
    )


def tap_values(edge: str, values: Values, index: int) -> Sequence[int]:
    """What a tap reads; nothing where that is a constant."""
    inside = index if 0 <= index < len(values) else EDGES[edge](index, len(values))
    return () if inside is None else values[inside]


def shown(name: str, layer: AxisLayer, channel: int, values: dict[str, Values]) -> int:
    """What every unit sees of its gates besides."""
    return sum(number("gate", name, channel, gate) * sum(map(sum, values[gate])) for gate in layer.gates)
