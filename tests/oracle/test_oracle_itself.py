"""The judge is judged: the oracle against the figures that the brief knows to be right."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from oracle import known
from oracle.brute import InvalidNetworkError, Oracle, centre, density, extent
from oracle.drawn import DRAWN, REFUSED, Drawn, Refused
from oracle.networks import Description, networks, to_yaml

HALF = Fraction(1, 2)


def row(oracle: Oracle, name: str) -> tuple[Any, ...]:
    """What a table says of a layer: its field, jump and start."""
    axis = oracle.axes[0]
    return axis.rf(name), axis.jump(name), axis.start(name)


def seen(oracle: Oracle, name: str) -> list[int]:
    axis = oracle.axes[0]
    return [extent(axis.reached(name, u, visible=True)) for u in axis.units(name)]


# Networks


def test_the_guides_table_of_alexnet() -> None:
    oracle = Oracle.of(known.alexnet_one_tower())
    axis = oracle.axes[0]
    assert [axis.rf(name) for name in oracle.names] == [
        11, 19, 51, 67, 99, 131, 163, 195, 355, 355,
    ]  # fmt: skip
    assert [axis.jump(name) for name in oracle.names] == [4, 8, 8, 16, 16, 16, 16, 32, 32, 32]
    assert [float(axis.start(name) or 0) for name in oracle.names] == [
        5.5, 9.5, 9.5, 17.5, 17.5, 17.5, 17.5, 33.5, 113.5, 113.5,
    ]  # fmt: skip


def test_the_alexnet_that_people_run() -> None:
    oracle = Oracle.of(known.alexnet_torchvision())
    assert row(oracle, "conv1") == (11, 4, Fraction(7, 2))
    assert row(oracle, "pool5") == (195, 32, Fraction(63, 2))


def test_the_cost_of_alexnets_first_convolution() -> None:
    conv = {"conv": "conv1", "kernel": 11, "stride": 4, "padding": 2, "channels": 64}
    oracle = Oracle.of({"input": {"channels": 3, "size": [224, 224]}, "layers": [conv]})
    assert (oracle.parameters["conv1"], oracle.macs["conv1"]) == (23296, 70276800)


def test_vgg16_and_what_its_seven_units_see() -> None:
    oracle = Oracle.of(known.vgg((2, 2, 3, 3, 3)))
    assert row(oracle, "pool5") == (212, 32, 16)
    assert seen(oracle, "pool5") == [122, 154, 186, 212, 186, 154, 122]
    assert row(oracle, "fc7")[0] == 404


def test_vgg16_starts_at_16_whatever_the_input() -> None:
    assert row(Oracle.of(known.vgg((2, 2, 3, 3, 3), size=225)), "pool5") == (212, 32, 16)


def test_resnet18_sees_218_pixels_from_unit_0() -> None:
    oracle = Oracle.of(known.resnet18())
    assert row(oracle, "layer4.1") == (435, 32, HALF)
    assert seen(oracle, "layer4.1")[0] == 218


@pytest.mark.parametrize(("first", "field"), [(True, 483), (False, 427)])
def test_where_resnet50s_stride_sits(first: bool, field: int) -> None:
    assert row(Oracle.of(known.resnet50(first=first)), "layer4.2") == (field, 32, HALF)


@pytest.mark.slow
@pytest.mark.parametrize(("five", "field"), [(3, 379), (5, 715)])
def test_googlenet_as_torchvision_and_as_the_paper_has_it(five: int, field: int) -> None:
    assert Oracle.of(known.googlenet(five=five)).axes[0].rf("inception5b") == field


@pytest.mark.parametrize(("mode", "sizes"), [("transposed", (188, 204)), ("bilinear", (220, 236))])
def test_a_unets_field_depends_on_the_phase(mode: str, sizes: tuple[int, int]) -> None:
    axis = Oracle.of(known.unet(mode)).axes[0]
    assert (axis.rf_min("up0.2"), axis.rf("up0.2")) == sizes
    assert axis.jump("up0.2") == Fraction(1)


def test_patchgan_is_70() -> None:
    assert row(Oracle.of(known.patchgan()), "conv4") == (70, 8, 12)


@pytest.mark.parametrize(("size", "padding"), [(224, 126), (321, 157)])
def test_mobilenets_effective_padding_depends_on_the_size(size: int, padding: int) -> None:
    ((lo, hi),) = Oracle.of(known.mobilenet_v1(size)).field("conv13", [0])
    assert (-lo, hi - lo + 1) == (padding, 315)


@pytest.mark.parametrize(("with_3x3", "field"), [((1, 1, 0, 0), 9), ((1, 1, 1, 0), 17), ((1, 1, 1, 1), 33)])
def test_bagnets_are_called_by_their_fields(with_3x3: tuple[int, int, int, int], field: int) -> None:
    oracle = Oracle.of(known.bagnet(with_3x3))
    assert row(oracle, oracle.last)[:2] == (field, 8)


@pytest.mark.parametrize(("dilations", "hull", "read"), [((2, 2, 2), 13, 7), ((2, 4, 8), 29, 15), ((1, 2, 5), 17, 17)])
def test_dilation_leaves_holes(dilations: tuple[int, ...], hull: int, read: int) -> None:
    oracle = Oracle.of(known.dilated(dilations))
    pixels = oracle.axes[0].reached(oracle.last, 30)
    assert (extent(pixels), len(pixels)) == (hull, read)
    assert density(pixels) == Fraction(read, hull)


# Networks drawn by hand


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda drawn: drawn.title)
def test_a_network_drawn_by_hand(drawn: Drawn) -> None:
    oracle = Oracle.of(drawn.description)
    assert {key: figure(oracle, drawn.layer, key) for key in drawn.figures} == drawn.figures


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda drawn: drawn.title)
def test_the_units_of_a_network_drawn_by_hand(drawn: Drawn) -> None:
    oracle, rest = Oracle.of(drawn.description), [0] * (len(drawn.size) - 1)
    name = drawn.layer
    assert {u: oracle.field(name, [u, *rest])[0] for u in drawn.fields} == drawn.fields
    assert {u: oracle.visible(name, [u, *rest])[0] for u in drawn.units} == drawn.units


def figure(oracle: Oracle, name: str, key: str) -> Any:
    axis = oracle.axes[0]
    if key == "size":
        return axis.layers[name].size
    if key == "read":
        return max(len(axis.reached(name, u)) for u in axis.phases(name))
    if key == "paths":
        return dict(axis.paths_from(name, 0, visible=True))
    if key == "global_context":
        return bool(oracle.gated[name])
    return getattr(axis, key)(name)


def test_no_two_drawn_networks_share_a_title() -> None:
    assert len({drawn.title for drawn in DRAWN}) == len(DRAWN) >= 40


# The equations and laws that the sets have to obey


@pytest.mark.slow
@given(networks())
@settings(max_examples=60, derandomize=True, deadline=None, database=None)
def test_a_drawn_network_is_valid_and_survives_its_yaml(description: Description) -> None:
    text = to_yaml(description)
    assert yaml.safe_load(text) == description
    assert Oracle.of(yaml.safe_load(text)).names


@given(networks())
@settings(max_examples=60, derandomize=True, deadline=None, database=None)
def test_what_is_seen_is_real_and_theoretically_reached(description: Description) -> None:
    oracle = Oracle.of(description)
    for axis in oracle.axes:
        image = set(axis.units("input"))
        for name in oracle.names:
            mirrored = any(layer.edge != "zero" or layer.moved for layer in axis.layers.values())
            for u in axis.units(name):
                reached = image if mirrored else axis.reached(name, u)
                assert axis.reached(name, u, visible=True) <= reached & image
                assert axis.reached(name, u, gated=False) <= axis.reached(name, u)


def test_the_four_equations_on_one_path() -> None:
    layers = [known.conv("a", 4, stride=3, padding=2), known.conv("b", 3, dilation=2, stride=2)]
    oracle = Oracle.of(known.network(60, layers))
    n, r, j, start = 60, 1, 1, HALF
    for name, k, s, p in (("a", 4, 3, 2), ("b", 5, 2, 0)):
        n = (n + 2 * p - k) // s + 1
        start += (Fraction(k - 1, 2) - p) * j
        r, j = r + (k - 1) * j, j * s
        assert oracle.size(name) == [n]
        assert row(oracle, name) == (r, j, start)


def test_the_centre_of_an_even_field_lies_between_pixels() -> None:
    assert centre(frozenset({0, 1})) == 1


# What no framework would run


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.title)
def test_an_invalid_network_is_refused(refused: Refused) -> None:
    with pytest.raises(InvalidNetworkError, match=refused.message):
        Oracle.of(refused.description)
