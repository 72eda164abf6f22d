"""A network for the engine in the browser: its operations and numbers, without any input size.

The engine (``rfdocs/sphinx/static/engine``) answers at every size what :class:`rfdocs.Report` answers. What it needs
for that is little: the distinct operations, each once, and for each layer which of them it is and what it reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any

from rfdocs.catalogue import Entry
from rfdocs.catalogue.explicit import json_items
from rfdocs.graph import Layer, Network
from rfdocs.graph.strands import with_strands
from rfdocs.operators import AttentionWeights, Bound, CrossCorrelation, Filters, Maps, Operator, WindowAttention

#: What the engine asks of an operator besides its attributes.
TRAITS = ("gate", "given", "collapses", "spreads", "over_space", "weighted", "slides")
#: Attributes that an operator's channels and costs follow from alone, which a program tells as such.
COUNTED = frozenset((
    "hidden", "matrices", "bias", "channels_out", "extra_parameters", "extra_macs", "macs_per_unit", "macs_per_pair",
    "unknown", "offset_maps", "groups", "count", "index",
))  # fmt: skip
#: What attributes are where they are left out; others are nothing.
NEUTRAL = {"stride": 1, "dilation": 1, "padding": 0, "output_padding": 0}


@lru_cache(maxsize=1)  # a page has it, and the file beside the page
def program(network: Network) -> dict[str, Any]:
    """The network as an object for JSON; keys with the commonest value are left out.

    ``operators`` are distinct; a layer's ``is`` is the place of its operator among them, its ``inputs`` are nodes, by
    default the node before it, and its ``costs`` what :func:`layer_costs` gives. ``alike`` has for each axis the first
    one of the same arithmetic. Where channels are followed apart, ``nodes`` are the nodes that stand for the image and
    the network's own layers, and ``reads`` tells which of its own each of these reads.
    """
    stranded = with_strands(network)
    operators: dict[str, tuple[int, dict[str, Any]]] = {}
    layers = [_layer(layer, node, operators) for node, layer in enumerate(stranded.layers, start=1)]
    for own, node in enumerate(stranded.nodes[1:], start=1):
        layers[node - 1] |= _numbers(network, own)
    plain = stranded.nodes == tuple(range(len(layers) + 1))
    alike = [axes[0] for axis in range(network.axes) for axes in network.uniform_axes if axis in axes]
    return {
        "name": network.name,
        "size": list(network.input_size),
        "channels": network.input_channels,
        **({} if network.multiple == 1 else {"multiple": network.multiple}),
        **({"apart": 1} if network.first_axis_apart else {}),
        **({"alike": alike} if any(alike) else {}),
        "operators": [attributes for _, attributes in operators.values()],
        "layers": layers,
        **(
            {}
            if plain
            else {"nodes": list(stranded.nodes), "reads": [[], *[layer.sources for layer in network.layers]]}
        ),
    }


def program_script(entry: Entry) -> str:
    """The script that brings a network to a page that asks for it: ``rfPrograms["id"] = {...}``, with its title, the
    file it is in, its program, and its layers as items of a file.

    A script and not a file of data, since pages that were opened from a disk may not ask for those.
    """
    data = {
        "title": entry.title,
        "file": f"{entry.family}.yaml",
        "program": program(entry.network),
        "items": json_items(entry.items),
    }
    return f"rfPrograms[{json.dumps(entry.identifier)}] = {json.dumps(data, separators=(',', ':'))};\n"


def _layer(layer: Layer, node: int, operators: dict[str, tuple[int, dict[str, Any]]]) -> dict[str, Any]:
    attributes = {"op": layer.operation, **operator_attributes(layer.operator)}
    place, _ = operators.setdefault(repr(attributes), (len(operators), attributes))
    data: dict[str, Any] = {"name": layer.name, "is": place}
    if layer.inputs != (node - 1,):
        data["inputs"] = list(layer.inputs)
    if layer.like is not None:
        data["like"] = layer.like
    if layer.shown is not None:
        data["shown"] = layer.shown
    return data


def _numbers(network: Network, node: int) -> dict[str, Any]:
    """A layer's channels, their groups and its costs, and the other name that people know it by."""
    layer = network.layers[node - 1]
    tokens = network.tokens[node]
    costs = layer_costs(layer, network.channels[layer.inputs[0]], network.channels[node], tokens)
    groups = layer.operator.groups or 1
    alias = {"alias": layer.alias} if layer.alias else {}
    return {
        "channels": network.channels[node],
        **({"tokens": tokens} if tokens else {}),
        **({"groups": groups} if groups > 1 else {}),
        **({"costs": costs} if costs else {}),
        **alias,
    }


def layer_costs(layer: Layer, channels_in: int, channels_out: int, tokens: int = 0) -> dict[str, int]:
    """What makes a layer's parameters and multiply-accumulates at any size; none that is 0.

    Rule: ``parameters + parametersIn * u_in`` and ``macs + macsIn * u_in + macsOut * u_out + macsPairs * u_out**2``,
    with the units of the first input's map and of the layer's own; of attention in windows ``macsWhole * u_whole``,
    with those of the map filled up to whole windows; of a map that slides ``macsSlid * u_slid * u_out``, with its own.

    >>> from rfdocs.operators import Linear
    >>> layer_costs(Layer("fc", "linear", Linear(Filters(10)), (0,)), 4, 10)
    {'parameters': 10, 'parametersIn': 40, 'macsIn': 40}
    """

    def maps(units_in: int = 0, units_out: int = 0) -> Maps:
        return Maps(channels_in, (units_in,), channels_out, (units_out,), tokens)

    operator = layer.operator
    if isinstance(operator, CrossCorrelation):
        return _costs(parameters=layer.parameters(maps()), macsSlid=operator.macs_per_tap(channels_in, channels_out))
    if isinstance(operator, WindowAttention):
        return _costs(parameters=layer.parameters(maps()), macsWhole=operator.macs_per_unit(channels_in))
    parameters, macs = layer.parameters(maps()), operator.macs(maps())
    one, two = [operator.macs(maps(units_out=units)) - macs for units in (1, 2)]
    pairs = (two - 2 * one) // 2
    return _costs(
        parameters=parameters,
        parametersIn=layer.parameters(maps(units_in=1)) - parameters,
        macs=macs,
        macsIn=operator.macs(maps(units_in=1)) - macs,
        macsOut=one - pairs,
        macsPairs=pairs,
    )


def _costs(**costs: int) -> dict[str, int]:
    """Those that are not 0."""
    return {key: value for key, value in costs.items() if value}


def operator_attributes(operator: Operator) -> dict[str, Any]:
    """What an operator does on the axes: the name of its rule, its attributes that are not their default, its traits.

    A tuple with one value for each axis is one value where all are the same; a pair of equal sides is one number.

    >>> from rfdocs.operators import Pooling, SlidingWindow
    >>> operator_attributes(Pooling(SlidingWindow.of(3, 2, 1)))
    {'is': 'Pooling', 'kernel': 3, 'stride': 2, 'padding': 1, 'slides': 1}
    """
    rule = type(operator)
    named: dict[str, Any] = {"is": "Pointwise"}
    if rule.axis is not Operator.axis:
        named = {"is": rule.__name__, **dict(_attributes(operator))}
    bound = {} if operator.bound is Bound.EXACT else {"bound": operator.bound.value}
    return named | {trait: int(value) for trait in TRAITS if (value := getattr(operator, trait))} | bound


def _attributes(value: Any) -> Iterator[tuple[str, Any]]:
    """The attributes of a value and of its parts, flat."""
    for field in fields(value):
        held = getattr(value, field.name)
        if isinstance(held, Filters | AttentionWeights) or held == field.default or field.name in COUNTED:
            continue
        if is_dataclass(held):
            yield from _attributes(held)
        elif (compact := _compact(held)) != NEUTRAL.get(field.name):
            yield field.name, compact


def _compact(value: Any) -> Any:
    """A value as JSON has it; one where all axes have the same, and one number where its two sides have."""
    if isinstance(value, tuple):
        parts = [list(part) if isinstance(part, tuple) else _compact(part) for part in value]
        return _one_for_both(parts[0]) if all(part == parts[0] for part in parts) else parts
    if isinstance(value, Fraction):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def _one_for_both(value: Any) -> Any:
    match value:
        case [before, after] if before == after:
            return before
    return value
