"""A network's program for the browser says all that the algebra needs: read back, it is the network's operations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from fractions import Fraction
from typing import Any

import pytest

import rfdocs
from rfdocs import Network, operators
from rfdocs.algebra.reads import Edge
from rfdocs.algebra.sizes import Rounding
from rfdocs.formats.program import COUNTED, NEUTRAL, TRAITS, layer_costs, operator_attributes, program
from rfdocs.graph import Layer
from rfdocs.graph.strands import with_strands
from rfdocs.operators import (
    AdaptivePooling,
    Add,
    AttentionWeights,
    CausalContext,
    Concat,
    Convolution,
    Coordinates,
    Correlation,
    CropTo,
    CrossCorrelation,
    DeformableConvolution,
    Direction,
    Filters,
    Given,
    GlobalContext,
    GlobalPooling,
    GridAttention,
    Linear,
    Maps,
    Margins,
    Multiply,
    NearestRule,
    NeighbourhoodAttention,
    Operator,
    PadTo,
    PixelShuffle,
    Pointwise,
    Pooling,
    PutTokens,
    Recurrence,
    Roll,
    SideBySide,
    SlidingWindow,
    SpaceToDepth,
    SqueezeExcite,
    TakeToken,
    TokenMixing,
    TransposedConvolution,
    Unpooling,
    Upsample,
    WholeMap,
    WindowAttention,
)
from rfdocs.operators.operator import spatial

ENUMS: dict[str, Any] = {
    "edge": Edge,
    "rounding": Rounding,
    "coordinates": Coordinates,
    "rounded": NearestRule,
    "direction": Direction,
}
#: What is told as channels and costs.
PARTS: dict[str, Any] = {"filters": Filters(1), "weights": AttentionWeights()}
PAIRS = ("padding", "margins")
SQUARE = SlidingWindow.of(3, 2, 1)
OBLONG = SlidingWindow.of((3, 5), (1, 2), [(1, 2), (0, 0)], (2, 1), rounding=Rounding.CEIL, edge=Edge.REFLECT)
OPERATORS = [
    Convolution(SQUARE, Filters(1)),
    Convolution(SlidingWindow.of(5, 2, [(4, 0)], axes=1), Filters(1)),
    Convolution(OBLONG, Filters(1)),
    Convolution(SlidingWindow.of(3, padding=[(1, 2), (1, 2)]), Filters(1)),
    Convolution(SlidingWindow.of(3, padding=[(1, 1), (2, 2)]), Filters(1)),
    DeformableConvolution(OBLONG, Filters(1), 3),
    Pooling(SlidingWindow.of((2, 1), (2, 1), "same_lower", rounding=Rounding.CAFFE)),
    TransposedConvolution(SQUARE, Filters(1), (0, 0)),
    TransposedConvolution(OBLONG, Filters(1), (1, 0), asked=True),
    Margins(((1, -1), (1, -1)), Edge.CIRCULAR),
    Margins(((2, 2), (0, 3))),
    Roll((3, -3)),
    CropTo(None),
    CropTo((4, 5), (0, 1), evenly=True),
    PadTo(None, Edge.REPLICATE),
    PadTo((7, 7)),
    Unpooling((2, 2), (2, 1), (0, 1), SQUARE, restores=True),
    Upsample(scale=(2, Fraction(3, 2)), bicubic=True, recomputed=True),
    Upsample(size=(4, 4), coordinates=Coordinates.ASYMMETRIC, rounded=NearestRule.CEIL),
    Upsample(bilinear=True, corners=True),
    PixelShuffle((2, 2)),
    SpaceToDepth((2, 3)),
    AdaptivePooling((7, 1)),
    GlobalPooling(),
    TakeToken(1),
    PutTokens(),
    Linear(Filters(1)),
    Recurrence(8, 4, (True,)),
    Recurrence(8, 3, (False, True), Direction.BACKWARD, bias=False),
    CausalContext(1, 2, 3, 4),
    WholeMap(1, 2, 3, 4, 5),
    WholeMap(size=(3, 4)),
    TokenMixing(8, bias=False),
    WindowAttention((7, 5), AttentionWeights(), (3, 0)),
    GridAttention((7, 7), AttentionWeights(channels_out=8)),
    NeighbourhoodAttention((7, 7), AttentionWeights(2), (1, 2)),
    Add(),
    Multiply(),
    Concat(),
    SideBySide((False, True)),
    SideBySide((True,)),
    Correlation((4, 20), (1, 2)),
    CrossCorrelation(2),
    Given((7, 9), 3),
]


def read_back(own: dict[str, Any], axes: int) -> Operator:
    """The operator of some attributes; how many filters it learns is not among them."""
    rule = getattr(operators, own["is"])
    made: Operator = rule(**dict(attributes(rule, own, axes)))
    return made


def attributes(rule: Any, own: dict[str, Any], axes: int) -> Iterator[tuple[str, Any]]:
    for field in fields(rule):
        key = field.name
        if key in ("window", "pooled"):
            yield key, SlidingWindow(**dict(attributes(SlidingWindow, own, axes)))
        elif key in PARTS:
            yield key, PARTS[key]
        elif key in own or key in NEUTRAL:
            yield key, attribute(key, own.get(key, NEUTRAL.get(key)), axes)
        elif field.default is MISSING:
            yield key, unknown(field)


def attribute(key: str, value: Any, axes: int) -> Any:
    """A value on all axes, of one for all or one for each; of sides, of one number for both or a pair."""
    if key in ENUMS:
        return ENUMS[key](value)
    if (isinstance(value, bool) and key != "along") or (key in PAIRS and isinstance(value, str)):
        return value
    apart = isinstance(value, list) and (key not in PAIRS or isinstance(value[0], list))
    each = value if apart else [value] * axes
    if key in PAIRS:
        return tuple([tuple(one) if isinstance(one, list) else (one, one) for one in each])
    return tuple([Fraction(one) for one in each]) if key == "scale" else tuple(each)


def without_filters(operator: Any) -> Operator:
    """What is told of an operator: its filters are counted as costs."""
    if type(operator).axis is Operator.axis:
        return Pointwise()
    told_as_costs = {field.name: unknown(field) for field in fields(operator) if field.name in COUNTED}
    parts = {key: part for key, part in PARTS.items() if hasattr(operator, key)}
    made: Operator = replace(operator, **parts, **told_as_costs)
    return made


def unknown(field: Any) -> Any:
    """What an attribute is read back as that is not told."""
    return None if field.default is MISSING else field.default


@pytest.mark.parametrize("operator", OPERATORS, ids=repr)
def test_an_operator_is_told_whole(operator: Operator) -> None:
    told = json.loads(json.dumps(operator_attributes(operator)))
    assert read_back(told, next(map(len, spatial(operator)), 2)) == without_filters(operator)
    assert {trait for trait in TRAITS if trait in told} == {trait for trait in TRAITS if getattr(operator, trait)}


def test_every_rule_on_an_axis_is_tried() -> None:
    found = [getattr(operators, name) for name in operators.__all__]
    rules = {one for one in found if isinstance(one, type) and issubclass(one, Operator) and one.axis != Operator.axis}
    assert rules - {operators.Merge} == {type(operator) for operator in OPERATORS}


def layers_of(told: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """A program's layers: each one's name, rule, and the nodes that it reads, takes its size from and shows whole."""
    for node, own in enumerate(told["layers"], start=1):
        rule = read_back(told["operators"][own["is"]], len(told["size"]))
        yield own["name"], rule, own.get("inputs", [node - 1]), own.get("like"), own.get("shown")


@pytest.mark.parametrize("name", ["lenet5", "alexnet", "unet", "segnet", "c3d", "googlenet", "shufflenet_v2_x0_5"])
def test_a_network_is_told_whole(name: str) -> None:
    network = rfdocs.load(name).network
    told, stranded = json.loads(json.dumps(program(network))), with_strands(network)
    assert list(layers_of(told)) == [
        (layer.name, without_filters(layer.operator), list(layer.inputs), layer.like, layer.shown)
        for layer in stranded.layers
    ]
    nodes = told.get("nodes", list(range(len(told["layers"]) + 1)))
    assert nodes == list(stranded.nodes)
    assert [told["layers"][node - 1]["channels"] for node in nodes[1:]] == list(network.channels[1:])
    assert (told["name"], told["size"], told["channels"]) == (
        network.name,
        list(network.input_size),
        network.input_channels,
    )


@pytest.mark.parametrize(
    "operator",
    [
        Convolution(SlidingWindow.of(3, axes=1), Filters(8, groups=2)),
        TransposedConvolution(SlidingWindow.of(3, 2, axes=1), Filters(8, bias=False), (0,)),
        DeformableConvolution(SlidingWindow.of(3, axes=1), Filters(8), 2),
        Linear(Filters(10)),
        SqueezeExcite(2),
        GlobalContext(7, 5, 3, 2),
        TokenMixing(5),
        WholeMap(1, 2, 3, 4),
        WindowAttention((3,), AttentionWeights(2), (1,)),
        WindowAttention((3,), AttentionWeights(positions=False, channels_out=8), (1,)),
        GridAttention((3,), AttentionWeights(2, bias=False)),
        NeighbourhoodAttention((3,), AttentionWeights(channels_out=8), (1,)),
        Recurrence(4, 4, (True,), Direction.BOTH),
        Pointwise(parameters_per_channel=2),
        Add(),
    ],
    ids=repr,
)
def test_costs_follow_the_units_that_are_read_and_made(operator: Operator) -> None:
    costs = layer_costs(Layer("a", "op", operator, (0,), learned=5), 4, 8)
    assert all(costs.values())
    for units_in, units_out in ((1, 1), (6, 13), (9, 2)):
        maps = Maps(4, (units_in,), 8, (units_out,))
        parameters = costs.get("parameters", 0) + costs.get("parametersIn", 0) * units_in
        macs = costs.get("macs", 0) + costs.get("macsIn", 0) * units_in + costs.get("macsOut", 0) * units_out
        macs += costs.get("macsPairs", 0) * units_out**2 + costs.get("macsWhole", 0) * -(-units_out // 3) * 3
        assert (parameters, macs) == (operator.parameters(maps) + 5, operator.macs(maps))


@pytest.mark.parametrize("operator", [Convolution(SlidingWindow.of(1, axes=1), Filters(8)), GlobalContext(7, 5, 3, 2)])
def test_the_costs_of_class_tokens_follow_the_units_beside_them(operator: Operator) -> None:
    costs = layer_costs(Layer("a", "op", operator, (0,)), 4, 8, tokens=2)
    for units in (1, 6, 9):
        macs = costs["macs"] + costs["macsOut"] * units + costs.get("macsPairs", 0) * units**2
        assert macs == operator.macs(Maps(4, (units,), 8, (units + 2,)))


def test_the_costs_of_a_map_that_slides_follow_its_units() -> None:
    costs = layer_costs(Layer("a", "op", CrossCorrelation(2), (0, 1), learned=5), 4, 8)
    for units, slid in ((1, 1), (6, 4)):
        assert costs["macsSlid"] * units * slid == CrossCorrelation(2).macs(Maps(4, (units + slid - 1,), 8, (units,)))
    assert costs["parameters"] == 5


def test_the_commonest_is_left_out() -> None:
    """Two layers of one operation; the second one's weights, its own name and what it shows are its own."""
    convolution = Convolution(SlidingWindow.of(3, padding=1), Filters(3))
    layers = (
        Layer("a", "conv", convolution, (0,)),
        Layer("b", "conv", convolution, (1,), alias="last"),
        Layer("c", "add", Add(), (2, 1), like=1),
        Layer("d", "squeeze_excite", SqueezeExcite(1), (3,), shown=2),
    )
    window = {"op": "conv", "is": "Convolution", "kernel": 3, "padding": 1, "weighted": 1, "slides": 1}
    weights = {"parameters": 84, "macsOut": 81}
    assert program(Network("n", 3, (8, 8), layers)) == {
        "name": "n",
        "size": [8, 8],
        "channels": 3,
        "operators": [window, {"op": "add", "is": "Add"}, {"op": "squeeze_excite", "is": "Pointwise", "gate": 1}],
        "layers": [
            {"name": "a", "is": 0, "channels": 3, "costs": weights},
            {"name": "b", "is": 0, "channels": 3, "costs": weights, "alias": "last"},
            {"name": "c", "is": 1, "inputs": [2, 1], "like": 1, "channels": 3},
            {"name": "d", "is": 2, "shown": 2, "channels": 3, "costs": {"parameters": 10, "macs": 6}},
        ],
    }


@pytest.mark.parametrize(
    ("operator", "size", "multiple", "told"),
    [
        (Pooling(SlidingWindow.of(2)), (8, 8), 1, {}),
        (Pooling(SlidingWindow.of(2)), (8, 8), 4, {"multiple": 4}),
        (Pooling(SlidingWindow.of((1, 2, 2), axes=3)), (8, 8, 8), 1, {"alike": [0, 1, 1]}),
        (Pooling(SlidingWindow.of((2, 2, 1), axes=3)), (8, 8, 8), 1, {"alike": [0, 0, 2]}),
        (Unpooling((2, 2), (2, 2), (0, 0), SlidingWindow.of(2, 2)), (8, 8), 1, {"apart": 1}),
    ],
)
def test_what_all_layers_share_is_told_once(
    operator: Operator, size: tuple[int, ...], multiple: int, told: dict[str, Any]
) -> None:
    network = Network("n", 3, size, (Layer("a", "op", operator, (0,), like=0),), multiple)
    found = program(network)
    assert {key: found[key] for key in ("multiple", "apart", "alike") if key in found} == told
