"""Figures: what their artists hold, that their bytes are stable, and that nothing in them runs or collides."""

import os
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from inspect import signature
from itertools import combinations, pairwise
from typing import Any, NamedTuple

import every
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rfdocs
from rfdocs.algebra import Interval
from rfdocs.catalogue.family import Family
from rfdocs.figures import (
    CATALOGUE_KIND,
    GUIDE_KINDS,
    KINDS,
    Drawing,
    FigureKind,
    cost,
    draw,
    draw_guide,
    feature_maps,
    growth,
    inline,
    labels,
    nested,
    profile,
    scatter,
    standalone,
    theme,
)
from rfdocs.figures import graph as layer_graph
from rfdocs.figures.canvas import Box, Canvas, Shape, Words
from rfdocs.figures.condense import LayerGraph, condensed
from rfdocs.figures.drawing import PHONE_TEXT, TEXT, WIDTH
from rfdocs.figures.lanes import edges, lanes, last_readers
from rfdocs.figures.layer_kinds import LayerKind
from rfdocs.figures.operation_words import operation_words
from rfdocs.figures.palette import COLORS, DARK_GROUND, INK, LIGHT_GROUND
from rfdocs.figures.preview import preview
from rfdocs.figures.scales import places_apart, powers, ticks
from rfdocs.figures.stages import changing_layers, main_path, stage_ends
from rfdocs.figures.text_widths import width
from rfdocs.graph import Layer, Network, Report
from rfdocs.graph.effective import spread
from rfdocs.operators import Add, Pointwise
from rfdocs.pages.content import Picture
from rfdocs.pages.facts import facts_of
from rfdocs.pages.network_page import Origin, network_page

SVG = "{http://www.w3.org/2000/svg}"

FILES = {
    "one-axis": """
        title: One axis
        input: {channels: 1, size: [4000]}
        layers:
          - {conv: c1, kernel: 80, stride: 4, padding: 38, channels: 8}
          - {maxpool: p1, kernel: 4}
          - {conv: c2, kernel: 3, padding: 1, channels: 8}
          - {maxpool: p2, kernel: 4}
          - {conv: c3, kernel: 3, padding: 1, channels: 8}
        """,
    "three-axes": """
        title: Three axes
        input: {channels: 3, size: [16, 56, 64]}
        layers:
          - {conv: c1, kernel: 3, padding: 1, channels: 8}
          - {maxpool: p1, kernel: [1, 2, 2]}
          - {conv: c2, kernel: [3, 5, 5], padding: [1, 2, 2], channels: 8}
          - {maxpool: p2, kernel: 2}
          - {linear: fc, channels: 10}
        """,
    "phases": """
        title: A U-Net whose field changes with the phase
        input: {channels: 1, size: [64, 64]}
        layers:
          - {conv: down1, kernel: 3, padding: 1, channels: 8}
          - {maxpool: pool1, kernel: 2}
          - {conv: down2, kernel: 3, padding: 1, channels: 16}
          - {maxpool: pool2, kernel: 2}
          - {conv: bottom, kernel: 3, padding: 1, channels: 32}
          - {transposed_conv: up2, kernel: 2, stride: 2, channels: 16}
          - {concat: skip2, from: [up2, down2]}
          - {conv: level2, kernel: 3, padding: 1, channels: 16}
          - {transposed_conv: up1, kernel: 2, stride: 2, channels: 8}
          - {concat: skip1, from: [up1, down1]}
          - {conv: out, kernel: 3, padding: 1, channels: 2}
        """,
    "no-jump": """
        title: No jump
        input: {channels: 3, size: [40, 40]}
        layers:
          - {conv: c1, kernel: 3, stride: 2, padding: 1, channels: 8}
          - {maxpool: p1, kernel: 2}
          - {adaptive_avgpool: seven, size: 7}
          - {conv: c2, kernel: 3, padding: 1, channels: 8}
        """,
    "gate": """
        title: A gate
        input: {channels: 3, size: [64, 64]}
        layers:
          - {conv: c1, kernel: 3, padding: 1, channels: 8}
          - {squeeze_excite: se, squeeze: 4}
          - {conv: c2, kernel: 3, stride: 2, padding: 1, channels: 8}
          - {global_context: gc}
        """,
    "empty": """
        title: Empty fields
        input: {channels: 3, size: [12, 12]}
        layers:
          - {conv: c1, kernel: 3, padding: 1, channels: 8}
          - {transposed_conv: t, kernel: 1, stride: 3, channels: 8}
        """,
    "nothing": """
        title: The central unit reads nothing
        input: {channels: 3, size: [5, 5]}
        layers:
          - {transposed_conv: t, kernel: 1, stride: 3, output_padding: 1, channels: 8}
        """,
    "only-a-gate": """
        title: Nothing but a gate
        input: {channels: 3, size: [20, 20]}
        layers:
          - {squeeze_excite: gate, squeeze: 1}
        """,
    "off-centre": """
        title: Padding without end
        input: {channels: 3, size: [20, 20]}
        layers:
          - {conv: c1, kernel: 3, padding: 30, channels: 8}
          - {conv: c2, kernel: 5, stride: 2, channels: 8}
        """,
    "resampled": """
        title: PageSurroundings the ends, down and up
        input: {channels: 3, size: [20, 24]}
        layers:
          - {conv: c1, kernel: 5, padding: 2, padding_mode: circular, channels: 8}
          - {upsample: down, scale: 0.5, mode: bicubic}
          - {conv: c2, kernel: 3, padding: 1, channels: 8}
          - {upsample: up, scale: [1.5, 4/3], mode: bilinear}
          - {upsample: there, size: input, mode: area}
        """,
}
"""Networks that are awkward to draw."""

NETWORKS = [*FILES, "alexnet", "inception-v3", "vgg16", "resnet50", "resnet152", "googlenet", "densenet121", "unet"]
"""All networks that are drawn here; those of the catalogue besides."""

TYPES = {
    "feature-maps": "Feature maps",
    "nested": "Nested receptive fields",
    "growth": "Line chart",
    "graph": "Graph",
    "profile": "Area chart",
    "cost": "Bar chart",
    "tile": "Tile",
}
"""How the alternative of each kind begins."""


@cache
def entry(name: str) -> rfdocs.Entry:
    if name not in FILES:
        return rfdocs.load(name)
    lines = FILES[name].splitlines()
    text = "\n".join(line[8:] for line in lines)
    return Family(f"{name}.yaml", name, text.encode()).entry(name)


@cache
def report(name: str) -> Report:
    return entry(name).analyze()


@cache
def drawn(kind: str, name: str) -> Drawing:
    return draw(kind, entry(name).title, report(name))


def shapes(canvas: Canvas, label: str) -> list[Shape]:
    return [a for a in canvas.artists if isinstance(a, Shape) and a.label == label]


def written(canvas: Canvas) -> list[str]:
    """All texts of a figure."""
    return [artist.text for artist in canvas.artists if isinstance(artist, Words)]


def shape(canvas: Canvas, label: str) -> Shape:
    (found,) = shapes(canvas, label)
    return found


def vertices(found: Shape) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in np.asarray(found.path.vertices)]


# Every kind for every network


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_every_network_is_valid_and_light(kind: str, name: str) -> None:
    drawing = drawn(kind, name)
    root = ET.fromstring(drawing.svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == drawing.title
    assert root.findtext(f"{SVG}desc") == drawing.alternative
    assert len(drawing.svg) < 30_000


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("kind", ["growth", "graph"])
def test_the_spots_of_layers_lie_in_the_figure_beside_each_other(kind: str, name: str) -> None:
    drawing, layers = drawn(kind, name), report(name).layers
    width, height = map(float, str(ET.fromstring(drawing.svg).get("viewBox")).split()[2:])
    assert all(1 <= one.first <= one.last <= len(layers) for one in drawing.spots)
    assert all(0 <= one.left < one.right <= width and 0 <= one.top < one.bottom <= height for one in drawing.spots)
    for one, other in pairwise(drawing.spots):
        assert one.right <= other.left + 1e-6 or one.bottom <= other.top + 1e-6


def test_a_spot_of_the_growth_is_around_its_layer_and_one_of_the_graph_is_a_whole_row() -> None:
    resnet = report("resnet50")
    layers = changing_layers(resnet)
    canvas = growth.compose(resnet, layers, growth.shown_curves(resnet, layers))
    curve = vertices(shape(canvas, "largest"))
    middles = [canvas.spots[place - 1].left + canvas.spots[place - 1].right for place in range(1, len(layers))]
    scale = canvas.spots[-1].right - canvas.spots[-1].left
    assert [round((middle / 2 - canvas.spots[0].left) / scale + 0.5, 6) for middle in middles] == [
        x for x, _ in curve[1:]
    ]
    assert [layers[0].name, *[resnet.layers[one.first - 1].name for one in canvas.spots]] == [
        one.name for one in layers
    ]
    rows = {
        (resnet.layers[one.first - 1].name, resnet.layers[one.last - 1].name)
        for one in drawn("graph", "resnet50").spots
    }
    assert {("layer3.1.conv1", "layer3.5.add"), ("layer1.1.conv2", "layer1.1.conv2"), ("fc", "fc")} <= rows


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_alternative_names_type_range_and_final_value(kind: str, name: str) -> None:
    told = drawn(kind, name).alternative
    assert told.startswith(TYPES[kind])
    assert entry(name).title in told
    assert re.search(r"\bfrom\b.*\bto\b|\brange\b|on the grid|reads? (nothing|anything)|too many", told, re.IGNORECASE)
    assert re.search(
        r"in the end|at the end|at the last map|last part|reads nothing|reads anything", told, re.IGNORECASE
    )


def test_the_alternative_holds_the_figures_themselves() -> None:
    assert "at the end 619" in drawn("growth", "resnet50").alternative
    assert "at the last map, layer4.2.add, 427" in drawn("graph", "resnet50").alternative
    assert "layer4 427" in drawn("nested", "resnet50").alternative
    assert "n 7, j 32, r 427, start 0.5" in drawn("feature-maps", "resnet50").alternative
    assert "25,557,032 parameters" in drawn("cost", "resnet50").alternative
    assert "427 pixels" in drawn("profile", "resnet50").alternative
    assert "1,024 px in its middle are kept, 224 px before" in drawn("tile", "resnet50").alternative


@pytest.mark.parametrize("kind", GUIDE_KINDS)
def test_the_guides_figures_are_valid_and_told(kind: str) -> None:
    drawing = draw_guide(kind)
    assert ET.fromstring(drawing.svg).findtext(f"{SVG}desc") == drawing.alternative
    assert len(drawing.alternative) > 80
    assert len(re.sub('href="data:[^"]*"', "", drawing.svg)) < 12_000
    assert len(drawing.svg) < 250_000


CATALOGUE = {"segmentation": [(1e6, 10.0), (2e9, 400.0)], "detection": [(5e7, 35.0)], "others": [(3e8, 90.0)]}


def test_networks_are_points_on_logarithmic_axes_coloured_by_groups() -> None:
    spans = [scatter.ValueRange(1e6, 2e9), scatter.ValueRange(10, 400)]
    canvas = scatter.compose("MACs", "field", CATALOGUE, spans)
    for name, places in CATALOGUE.items():
        assert set(vertices(shape(canvas, name))) == set(places)
    drawn_points = [shape(canvas, name).stroke for name in CATALOGUE]
    assert len({stroke.color for stroke in drawn_points if stroke is not None}) == 3
    assert {"1 M", "1 G", "10", "100", *CATALOGUE} <= set(written(canvas))


def test_the_catalogue_s_figure_is_told_and_no_text_overlaps() -> None:
    plot = CATALOGUE_KIND.draw("multiply-accumulates", "receptive field, pixels", CATALOGUE)
    assert "4 networks" in plot.alternative
    assert "from 10 to 400, on a logarithmic axis" in plot.alternative
    assert "segmentation 2, detection 1, others 1" in plot.alternative
    assert not collisions(plot)
    assert not stray(plot)


def test_few_networks_or_one_stand_on_linear_axes() -> None:
    plot = CATALOGUE_KIND.draw("MACs", "field", {"others": [(0.0, 5.0)]})
    assert "Across: MACs, from 0 to 0; up: field, from 5 to 5." in plot.alternative


def test_an_unknown_kind_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(rfdocs.UnknownName, match="there is no figure 'histogram'; allowed: feature-maps, nested"):
        draw("histogram", "AlexNet", report("alexnet"))
    with pytest.raises(rfdocs.UnknownName, match="there is no figure 'growth'; allowed: guide-activations"):
        draw_guide("growth")


@pytest.mark.parametrize(("kinds", "pattern"), [(KINDS, draw), (GUIDE_KINDS, draw_guide)])
def test_every_kind_in_the_register_has_a_function_that_takes_what_it_is_given(
    kinds: Mapping[str, FigureKind[...]], pattern: Callable[..., Drawing]
) -> None:
    _, *wanted = signature(pattern).parameters.values()
    for kind, known in kinds.items():
        module, _, function = known.function.partition(".")
        found = signature(getattr(import_module(f"rfdocs.figures.{module}"), function))
        assert list(found.parameters.values()) == wanted, kind
        assert found.return_annotation == "Drawing", kind


def test_every_kind_in_the_register_stands_on_a_networks_page() -> None:
    pictures = {kind: Picture(kind, Drawing("", "", kind)) for kind in KINDS}
    known, made = entry("alexnet"), report("alexnet")
    page = network_page(known, made, facts_of(known, made), pictures, Origin("alexnet.yaml"))
    shown = [block.kind for section in page.sections for block in section.blocks if isinstance(block, Picture)]
    assert sorted(shown) == sorted(KINDS)


# What the artists hold


def positions(canvas: Canvas, label: str) -> tuple[list[float], list[float]]:
    """Where the dots of a map stand across and down, from its rows and their dashes. Unit: input pixels."""
    found = shape(canvas, label)
    rows = vertices(found)[::2]
    assert found.stroke is not None
    x, far = [found.panel.at(place, 0)[0] for place in (0, 1)]
    gaps = [part / (far - x) for part in found.stroke.dashes[1::2]] or [float("inf")]
    across, end = [rows[0][0]], vertices(found)[1][0]
    while across[-1] + gaps[(len(across) - 1) % len(gaps)] <= end:
        across.append(across[-1] + gaps[(len(across) - 1) % len(gaps)])
    return across, [y for _, y in rows]


@pytest.mark.parametrize("name", ["alexnet", "vgg16", "resnet50"])
def test_every_feature_stands_at_start_plus_unit_times_jump(name: str) -> None:
    shown = feature_maps.shown_maps(report(name))
    canvas = feature_maps.compose(report(name), shown)
    for found in shown:
        start, jump, size = found.layer.start[0], found.layer.jump[0], found.layer.size[0]
        assert start is not None
        assert jump is not None
        expected = [float(start + unit * jump) for unit in range(size)]
        across, down = positions(canvas, f"features {found.layer.name}")
        assert down == expected
        assert across == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("name", ["phases", "no-jump", "empty"])
def test_features_stand_at_the_centres_of_their_fields_where_no_jump_tells(name: str) -> None:
    shown = feature_maps.shown_maps(report(name))
    canvas = feature_maps.compose(report(name), shown)
    for found in shown:
        axis, row = found.layer.axes[1], found.axes[1]
        units = range(found.layer.central_index[1] % row.stride, axis.length, row.stride)
        fields = [axis.field.at(unit) for unit in units]
        expected = sorted({float(field.center) for field in fields if field is not None})
        across, down = positions(canvas, f"features {found.layer.name}")
        assert across == pytest.approx(expected, abs=1e-3)
        assert down == expected


def test_the_last_map_is_always_among_the_feature_maps() -> None:
    for name in NETWORKS:
        assert feature_maps.shown_maps(report(name))[-1].layer.name == report(name).features.name


@pytest.mark.parametrize(("name", "cut"), [("resnet152", True), ("c3d", True), ("alexnet", False), ("resnet50", False)])
def test_a_field_that_the_frame_cuts_off_is_said_to_be_cut_off(name: str, cut: bool) -> None:
    texts = written(feature_maps.compose(report(name), feature_maps.shown_maps(report(name))))
    assert ("field cut off" in " ".join(texts)) is cut


def test_negative_figures_below_feature_maps_have_a_minus() -> None:
    assert not [
        line for found in feature_maps.shown_maps(report("off-centre")) for line in found.caption[1:] if "-" in line
    ]


def test_a_legend_names_only_the_marks_that_are_drawn() -> None:
    told = {
        name: set(written(layer_graph.compose(layer_graph.shown_subgraphs(report(name)))))
        for name in ("vgg16", "resnet50")
    }
    assert {"convolution", "pooling", "block of layers", "paths join"} <= told["resnet50"]
    assert not {"block of layers", "paths join"} & told["vgg16"]


def test_a_kind_of_layer_has_one_colour_in_every_figure() -> None:
    layers = changing_layers(report("unet"))
    curve = growth.compose(report("unet"), layers, growth.shown_curves(report("unet"), layers))
    graph = layer_graph.compose(layer_graph.shown_subgraphs(report("unet")))
    for kind in (LayerKind.POOLING, LayerKind.UPSAMPLING):
        strokes = [found.stroke for found in (shape(graph, kind.words), shape(curve, f"layers: {kind.words}"))]
        assert [stroke and stroke.color for stroke in strokes] == [kind.color] * 2
        assert kind.words in written(curve)
    assert len({kind.color for kind in LayerKind}) == len(LayerKind)


def test_a_label_beside_the_images_line_stands_clear_of_it() -> None:
    shown = changing_layers(report("vgg16"))
    canvas = growth.compose(report("vgg16"), shown, growth.shown_curves(report("vgg16"), shown))
    label = next(a for a in canvas.artists if isinstance(a, Words) and a.text == "212")
    line = next(a for a in canvas.artists if isinstance(a, Words) and a.text == "224")
    assert label.place[1] < line.place[1] - 6  # a text beside a line has its baseline 6 pixels below it


def test_a_run_of_layers_is_named_by_its_first() -> None:
    assert cost.Part("down1.conv1 – down2.conv2", 1, 1).label == "down1.conv1 …"
    assert [part.label for part in cost.shown_parts(report("unet"))][-2:] == ["up1", "output"]


@pytest.mark.parametrize("name", ["alexnet", "resnet50", "off-centre", "phases"])
def test_the_fields_that_are_drawn_are_those_of_the_central_units(name: str) -> None:
    shown = feature_maps.shown_maps(report(name))
    canvas = feature_maps.compose(report(name), shown)
    frames = [a for a in canvas.artists if isinstance(a, Shape) and a.label.startswith("field")]
    hulls: dict[Box, list[tuple[float, float]]] = {}
    for found in frames:
        places = vertices(found)
        hulls.setdefault(found.panel.frame, []).extend(places)
    expected = [
        [axis.spatial_field for axis in report(name).unit(found.layer.name, found.layer.central_index)]
        for found in shown
    ]
    assert [hull(places) for places in hulls.values()] == [box(down, across) for down, across in expected]


def box(down: Interval | None, across: Interval | None) -> tuple[int, ...]:
    """The edges of what two intervals of pixels enclose, as `hull` has them."""
    assert down is not None
    assert across is not None
    return across.first, down.first, across.last + 1, down.last + 1


def hull(places: list[tuple[float, float]]) -> tuple[float, ...]:
    xs, ys = zip(*places, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def test_what_lies_outside_the_image_is_dashed() -> None:
    canvas = nested.compose(report("resnet50"), nested.shown_nests(report("resnet50")))
    outside, inside = shapes(canvas, "field outside"), shapes(canvas, "field")
    assert [found.stroke and found.stroke.dashes for found in outside] == [(5, 4)] * 2
    assert all(found.stroke and found.stroke.dashes == () for found in inside)
    assert len(inside) == 3  # conv1, layer1, layer2; the others reach beyond the image on every side
    for found in inside:
        assert all(0 <= x <= 224 and 0 <= y <= 224 for x, y in vertices(found))


@pytest.mark.parametrize("name", ["vgg16", "resnet152", "three-axes"])
def test_nested_fields_and_what_is_seen_are_the_reports(name: str) -> None:
    found = nested.shown_nests(report(name))
    assert found[-1].layer.name == report(name).features.name
    canvas = nested.compose(report(name), found)
    seen = [hull(vertices(s)) for s in shapes(canvas, "seen")][: len(found)]
    units = [report(name).unit(nest.layer.name, nest.layer.central_index) for nest in found]
    visible = [[axis.spatial_visible for axis in unit[-2:]] for unit in units]
    assert seen == [box(down, across) for down, across in visible]
    assert [nest.field for nest in found] == [tuple(axis.spatial_field for axis in unit) for unit in units]


def test_names_beside_nested_fields_stand_in_the_order_of_the_fields() -> None:
    beyond = nested.compose(report("densenet121"), nested.shown_nests(report("densenet121")))
    words = [artist for artist in beyond.artists if isinstance(artist, Words)]
    numbers = sorted((artist.place[1], artist.text) for artist in words if artist.style.strong)
    fields = [int(text.replace(",", "")) for _, text in numbers]
    assert fields == sorted(fields, reverse=True)
    assert fields[0] == 2071


@pytest.mark.parametrize("name", ["alexnet", "resnet50", "densenet121", "phases"])
def test_the_growth_curve_is_the_fields_along_the_longest_path(name: str) -> None:
    layers = changing_layers(report(name))
    canvas = growth.compose(report(name), layers, growth.shown_curves(report(name), layers))
    expected = [(place, layer.receptive_field[0]) for place, layer in enumerate(layers)]
    assert vertices(shape(canvas, "largest")) == expected
    size = report(name).input_size[0]
    assert vertices(shape(canvas, "image")) == [(0, size), (len(layers) - 1, size)]


def test_the_first_layer_to_see_the_whole_image_is_marked() -> None:
    layers = changing_layers(report("resnet50"))
    canvas = growth.compose(report("resnet50"), layers, growth.shown_curves(report("resnet50"), layers))
    ((place, value), _) = vertices(shape(canvas, "first to see all"))
    assert layers[int(place)] == report("resnet50").first_to_see_all
    assert value == layers[int(place)].receptive_field[0]


def test_where_units_differ_every_figure_says_the_range_or_whose_field_it_shows() -> None:
    """The paper's U-Net: 188 to 204 by unit, and 188 of the central one."""
    unet = report("unet")
    assert written(layer_graph.compose(layer_graph.shown_subgraphs(unet))).count("188–204") == 5
    assert {"188", "204"} < set(
        written(growth.compose(unet, changing_layers(unet), growth.shown_curves(unet, changing_layers(unet))))
    )
    nests, spreads = nested.shown_nests(unet), profile.shown_profiles(unet)
    for texts in (written(nested.compose(unet, nests)), written(profile.compose(unet, spreads))):
        assert "output: 188–204 px, by unit" in texts
    assert any("r 188–204" in text for text in written(feature_maps.compose(unet, feature_maps.shown_maps(unet))))
    for kind in ("graph", "growth", "nested", "profile", "feature-maps"):
        assert re.search("188( to |–)204", drawn(kind, "unet").alternative), kind
    assert not any(
        "by unit" in text for text in written(nested.compose(report("vgg16"), nested.shown_nests(report("vgg16"))))
    )


def test_a_gaussian_stands_beside_the_profile_and_holds_as_many_paths() -> None:
    (found,) = profile.shown_profiles(report("vgg16"))
    bell = vertices(shape(profile.compose(report("vgg16"), [found]), "Gaussian"))
    (first, *_), (last, *_) = bell[0], bell[-1]
    area = sum((one[1] + other[1]) / 2 for one, other in pairwise(bell)) * (last - first) / (len(bell) - 1)
    assert area == pytest.approx(sum(found.counts.values()) / max(found.counts.values()), rel=0.01)
    assert max(bell, key=lambda place: place[1])[0] == pytest.approx(float(found.spread.mean), abs=2)


def test_a_profile_has_the_spread_of_the_report() -> None:
    (found,) = profile.shown_profiles(report("vgg16"))
    assert found.spread is report("vgg16").effective("pool5")[0]


def test_paths_of_one_unit_are_drawn_where_those_of_all_layers_are_too_many() -> None:
    hourglass = report("hourglass-8")
    assert hourglass.effective(hourglass.features.name) == (None, None)
    (found,) = profile.shown_profiles(hourglass)
    assert found.spread == spread(found.counts)


def test_axes_of_one_profile_are_drawn_once() -> None:
    assert len(profile.shown_profiles(report("inception-v3"))) == 1


def test_phases_make_a_band_and_several_paths_a_second_line() -> None:
    layers = changing_layers(report("phases"))
    shown_curves = growth.shown_curves(report("phases"), layers)
    band = vertices(shape(growth.compose(report("phases"), layers, shown_curves), "phases"))
    assert band[len(layers) :] == [(place, layers[place].receptive_field_min[0]) for place in range(len(layers))][::-1]
    layers = changing_layers(report("resnet50"))
    canvas = growth.compose(report("resnet50"), layers, growth.shown_curves(report("resnet50"), layers))
    last = vertices(shape(canvas, "smallest path"))[-1]
    assert last == (len(layers) - 1, report("resnet50").last.smallest_path[0])


def test_marks_are_named_where_they_stand_and_below_where_there_is_no_room() -> None:
    def composed(name: str) -> Canvas:
        layers = changing_layers(report(name))
        return growth.compose(report(name), layers, growth.shown_curves(report(name), layers))

    for name in ("alexnet", "resnet50", "ssd300"):
        assert {"image", "whole image seen from"} <= set(written(composed(name))), name
    assert len(shapes(composed("alexnet"), "key")) == 3  # of the kinds of layers
    assert [text for text in written(composed("densenet201")) if text.startswith("whole image seen from ")]


@pytest.mark.slow
def test_no_name_lies_across_the_line_from_where_the_whole_image_is_seen() -> None:
    checked = 0
    for own in list(every.reports().values())[::4]:
        layers = changing_layers(own)
        canvas = growth.compose(own, layers, growth.shown_curves(own, layers))
        for artist in shapes(canvas, "drop"):
            line = [artist.panel.at(x, y) for x, y in np.asarray(artist.path.vertices).tolist()]
            for words in canvas.artists:
                if isinstance(words, Words) and not words.style.strong:
                    spot = labels.LabelPlace(*words.place, words.style.anchor)
                    inside = line[0][1] < words.place[1] < line[1][1]
                    assert not inside or not labels.crosses(line, labels.text_box(words.text, spot)), words.text
                    checked += inside
    assert checked > 20


def test_a_name_keeps_clear_of_lines_and_of_other_names() -> None:
    free = labels.Labels(Box(0, 0, 400, 100))
    free.lines.append([(0, 50), (400, 50)])
    spots = [labels.LabelPlace(0, 55), labels.LabelPlace(0, 40), labels.LabelPlace(0, 95)]
    assert free.place("name", spots) == spots[1]
    assert free.place("name", spots) == spots[2]
    assert free.place("name", [*spots, labels.LabelPlace(380, 95)]) is None


def test_axes_that_differ_have_a_curve_each() -> None:
    found = growth.shown_curves(report("three-axes"), changing_layers(report("three-axes")))
    assert [curve.name for curve in found] == ["depth", "height", "width"]
    assert [curve.image for curve in found] == [16, 56, 64]
    assert [curve.largest[-1] for curve in found] == list(report("three-axes").last.receptive_field)


def test_an_image_of_one_unit_is_not_the_first_layer_to_see_it() -> None:
    generator = rfdocs.load("dcgan-generator").analyze()
    layers = changing_layers(generator)
    assert (layers[0].size, generator.first_to_see_all) == ((1, 1), layers[1])
    assert growth.first_seeing_all(generator, layers) == 1


def test_a_gate_is_marked_where_it_stands() -> None:
    layers = changing_layers(report("gate"))
    canvas = growth.compose(report("gate"), layers, growth.shown_curves(report("gate"), layers))
    place = vertices(shape(canvas, "gate"))[0][0]
    assert layers[int(place)].global_context
    assert not layers[int(place) - 1].global_context


def test_resnet_50_is_drawn_as_blocks_with_both_paths() -> None:
    whole, *blocks = layer_graph.shown_subgraphs(report("resnet50"))
    assert [row.name for row in whole.rows][:6] == ["image", "conv1", "maxpool", "layer1.0", "layer1.1–2", "layer2.0"]
    assert [row.layer.receptive_field[0] for row in whole.rows][-4:] == [299, 427, 619, 619]
    strided = blocks[-1]
    assert [f"{row.name} {row.words}" for row in strided.rows[1:]] == [
        "conv1 1×1",
        "conv2 3×3 /2",
        "conv3 1×1",
        "downsample.0 1×1 /2",
        "add add",
    ]
    assert strided.inputs == ((), (0,), (1,), (2,), (0,), (3, 4))
    assert lanes(strided.inputs) == [0, 1, 1, 1, 0, 0]


def test_a_u_net_takes_the_shape_of_a_u() -> None:
    (whole,) = layer_graph.shown_subgraphs(report("phases"))
    assert lanes(whole.inputs) == [0, 0, 1, 1, 2, 2, 2, 1, 1, 1, 0, 0]


def test_parameters_and_macs_are_all_in_the_bars() -> None:
    from rfdocs.figures import cost

    for name in NETWORKS:
        found = cost.shown_parts(report(name))
        assert sum(part.parameters for part in found) == report(name).parameters
        assert sum(part.macs for part in found) == report(name).macs
        assert len(found) <= 16
    canvas = cost.compose(report("resnet50"), cost.shown_parts(report("resnet50")))
    ends = [x for x, _ in vertices(shape(canvas, "parameters"))][1::5]
    assert sum(ends) == 25_557_032


# Texts


class Area(NamedTuple):
    text: str
    left: float
    top: float
    right: float
    bottom: float


def areas(drawing: Drawing, size: int = PHONE_TEXT) -> list[Area]:
    """Where the texts of a drawing stand at most, on a phone or where letters have another size."""
    away = "rf-wide" if size == PHONE_TEXT else "rf-narrow"
    texts = ET.fromstring(drawing.svg).iter(f"{SVG}text")
    return [area(element, size) for element in texts if away not in element.get("class", "").split()]


def area(element: ET.Element, size: int) -> Area:
    text = element.text or ""
    length = width(text, size)
    anchor = element.get("text-anchor", "start")
    left = float(element.get("x", "")) - {"start": 0, "middle": length / 2, "end": length}[anchor]
    base = float(element.get("y", "")) + size * float(element.get("dy", "0em").removesuffix("em"))
    return Area(text, left, base - 0.72 * size, left + length, base)


def overlap(one: Area, other: Area) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 2 and down > 2


def stray(drawing: Drawing) -> list[Area]:
    """The texts that leave the page."""
    height = float(ET.fromstring(drawing.svg).get("viewBox", "").split()[3])
    shown = [*areas(drawing), *areas(drawing, TEXT)]
    return [a for a in shown if a.left < -2 or a.right > WIDTH + 2 or a.top < -2 or a.bottom > height]


def collisions(drawing: Drawing) -> list[tuple[Area, Area]]:
    return [(a, b) for size in (PHONE_TEXT, TEXT) for a, b in combinations(areas(drawing, size), 2) if overlap(a, b)]


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_text_overlaps_another_or_leaves_the_page_even_on_a_phone(kind: str, name: str) -> None:
    assert areas(drawn(kind, name))
    assert collisions(drawn(kind, name)) == []
    assert stray(drawn(kind, name)) == []


@pytest.mark.parametrize("kind", GUIDE_KINDS)
def test_no_text_of_the_guides_figures_overlaps_or_leaves_the_page(kind: str) -> None:
    assert areas(draw_guide(kind))
    assert collisions(draw_guide(kind)) == []
    assert stray(draw_guide(kind)) == []


# Pages


def test_two_figures_of_one_page_share_no_id_and_every_reference_is_met() -> None:
    page = inline(drawn("feature-maps", "resnet50"), "first") + inline(drawn("nested", "resnet50"), "second")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    used = re.findall(r"url\(#([^)]+)\)", page) + re.findall(r' aria-(?:labelledby|describedby)="([^"]+)"', page)
    assert len(used) > 6
    assert set(used) <= set(ids)


def test_a_prefix_may_be_anything() -> None:
    page = inline(drawn("cost", "alexnet"), 'a b"><script>')
    assert 'id="a-b-script--title"' in page
    ET.fromstring(page)


def test_an_inlined_figure_follows_the_theme_and_fits_its_column() -> None:
    for kind in KINDS:
        page = inline(drawn(kind, "resnet50"), "figure")
        root = ET.fromstring(page)
        assert "<?xml" not in page
        assert root.get("viewBox", "").startswith(f"0 0 {WIDTH} ")
        assert root.get("width") is None
        assert f"max-width:{WIDTH}px" in root.get("style", "")
        colours = {e.get(part, "none") for e in root.iter() for part in ("fill", "stroke")} - {"none", "currentColor"}
        assert all(re.fullmatch(r"var\(--rf-accent-[1-4],#[0-9a-f]{6}\)", colour) for colour in colours)


def test_a_file_of_its_own_has_its_colours_for_light_and_dark() -> None:
    text = standalone(drawn("growth", "resnet50"))
    root = ET.fromstring(text)
    style = root.findtext(f"{SVG}style") or ""
    assert "prefers-color-scheme:dark" in style
    used = {e.get(part) for e in root.iter() for part in ("fill", "stroke")} - {None, "none"}
    for colour in used:
        assert f'[fill="{colour}"]{{fill:' in style
    assert "var(" not in text
    assert "currentColor" not in text


def test_a_file_of_its_own_is_headed_by_its_title() -> None:
    drawing = drawn("growth", "resnet50")
    heading, *_ = ET.fromstring(standalone(drawing)).iter(f"{SVG}text")
    assert heading.text == drawing.title
    assert heading.get("fill") == INK.light


def test_nothing_asks_another_host_and_nothing_runs() -> None:
    for kind in KINDS:
        for text in (inline(drawn(kind, "resnet50"), "figure"), standalone(drawn(kind, "resnet50"))):
            assert re.findall(r"(?:https?:)?//[^\s\"<]+", text) == ["http://www.w3.org/2000/svg"]
            assert "<script" not in text


HOSTILE = '</title><script>alert(1)</script> "onload="x" url(#clip-0) id="title" #0072b2 & ]]> \x00\x1b\u202e d="M0 0"'


class Elements(HTMLParser):
    """All elements of a page as a browser's HTML parser sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def hostile(name: str) -> Report:
    """A network whose layers are called as nobody should."""
    known = entry(name).network
    layers = tuple(replace(layer, name=f"{layer.name}{HOSTILE}") for layer in known.layers)
    return Report(replace(known, layers=layers))


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_from_a_file_stays_text(kind: str) -> None:
    drawing = draw(kind, HOSTILE, hostile("phases"))
    for text in (inline(drawing, "f"), standalone(drawing)):
        root = ET.fromstring(text)
        assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
            "svg", "title", "desc", "style", "defs", "clipPath", "rect", "path", "text",
        }  # fmt: skip
        page = Elements()
        page.feed(text)
        assert "script" not in page.names
        assert not [name for name in page.attributes if name.startswith("on")]
        assert HOSTILE.translate({0: "?", 0x1B: "?", 0x202E: "?"}) in (root.findtext(f"{SVG}title") or "")


# Bytes

PRINT = """
import hashlib, sys, rfdocs
from rfdocs.figures import GUIDE_KINDS, KINDS, draw, draw_guide, inline, standalone
report = (entry := rfdocs.load("resnet50")).analyze()
drawings = [draw(kind, entry.title, report) for kind in KINDS] + [draw_guide(kind) for kind in GUIDE_KINDS]
text = "".join(inline(drawing, "f") + standalone(drawing) for drawing in drawings)
print(hashlib.sha256(text.encode()).hexdigest())
"""


@pytest.mark.slow
def test_the_bytes_are_the_same_in_every_process() -> None:
    def run(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(
            [sys.executable, "-c", PRINT], env=environment, check=True, capture_output=True, text=True
        ).stdout

    first, second = run("1"), run("2")
    assert len(first) == 65
    assert first == second


def test_a_readers_own_settings_of_matplotlib_change_nothing() -> None:
    import matplotlib as mpl

    settings: Any = {"lines.scale_dashes": False, "path.simplify": False, "svg.fonttype": "path", "font.size": 30}
    with mpl.rc_context(settings):
        again = draw("feature-maps", entry("resnet50").title, report("resnet50"))
    assert again == drawn("feature-maps", "resnet50")


def test_the_list_of_kinds_does_not_cost_matplotlib() -> None:
    code = "import sys, rfdocs.figures; print(len(rfdocs.figures.KINDS), 'matplotlib' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.split() == [str(len(KINDS)), "False"]


# Colours


def luminance(color: str) -> float:
    """The relative luminance of ``#rrggbb``, 0 for black to 1 for white. Source: WCAG 2.2.

    >>> luminance("#ffffff"), luminance("#000000")
    (1.0, 0.0)
    """
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21. Source: WCAG 2.2.

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_every_accent_stands_out_from_both_grounds() -> None:
    for color in COLORS:
        assert contrast(color.light, LIGHT_GROUND) >= 3
        assert contrast(color.dark, DARK_GROUND) >= 3
    assert contrast(INK.light, LIGHT_GROUND) >= 7
    assert contrast(INK.dark, DARK_GROUND) >= 7


def test_an_accent_is_legible_on_a_dark_page_that_does_not_know_it() -> None:
    for color in COLORS[1:]:
        assert contrast(color.light, DARK_GROUND) >= 3


def test_the_theme_gives_each_accent_its_dark_colour_in_both_ways() -> None:
    for color in COLORS[1:]:
        assert theme().count(color.dark) == 2
    assert all(rule.startswith("@media screen") for rule in theme().splitlines())  # dark readers print on white paper


# Laws


@given(st.lists(st.floats(0, 500), max_size=12), st.floats(1, 30))
def test_labels_keep_their_order_and_their_distance(places: list[float], pitch: float) -> None:
    moved = places_apart(sorted(places), pitch, 0, 500)
    assert len(moved) == len(places)
    assert all(later - earlier >= pitch - 1e-6 for earlier, later in pairwise(moved))
    if len(places) * pitch <= 500:
        assert all(-1e-6 <= place <= 500 + 1e-6 for place in moved)


@given(st.integers(1, 10**7))
def test_ticks_are_few_and_end_below_the_limit(limit: int) -> None:
    for found in (ticks(limit), powers(limit)):
        assert 1 <= len(found) <= 6
        assert found == sorted(set(found))
        assert found[-1] <= limit
        assert found[-1] * 10 >= limit or found is not ticks(limit)


@st.composite
def readers(draw_: st.DrawFn) -> list[list[int]]:
    """Rows of a graph: each reads one to three earlier ones."""
    rows: list[list[int]] = [[]]
    count = draw_(st.integers(2, 25))
    return rows + [draw_(st.lists(st.integers(0, r - 1), min_size=1, max_size=3, unique=True)) for r in range(1, count)]


@given(readers())
def test_no_edge_runs_through_another_node(inputs: list[list[int]]) -> None:
    places = lanes(inputs)
    for edge in edges(inputs):
        passed = range(edge.row + 1, edge.to_row)
        assert all(places[row] != edge.lane for row in passed)


@given(readers())
def test_a_node_keeps_its_lane_until_its_last_reader(inputs: list[list[int]]) -> None:
    places, last = lanes(inputs), last_readers(inputs)
    for row, reader in enumerate(last):
        between = {places[other] for other in range(row + 1, reader)}
        assert places[row] not in between


def network_of(inputs: list[list[int]], name: str) -> Network:
    """A network of additions; ``name`` says how the scopes are written."""
    layers = [
        Layer(name.format(node, node // 7, node // 3), "add", Add(), tuple(sources))
        for node, sources in enumerate(inputs)
        if sources
    ]
    return Network("drawn", 1, (8, 8), tuple(layers))


@given(readers(), st.sampled_from(["n{0}", "s{1}.n{0}", "s{1}.b{2}.n{0}"]), st.integers(3, 12))
def test_condensing_keeps_every_layer_once_and_reads_only_backwards(
    inputs: list[list[int]], name: str, most: int
) -> None:
    graph = LayerGraph(network_of(inputs, name))
    found = condensed(graph, graph.nodes, most, [0] * len(inputs))
    assert [node for group in found.rows for node in group.nodes] == list(graph.nodes)
    assert all(source < row for row, sources in enumerate(found.inputs) for source in sources)
    assert len(found.rows) <= 1.5 * most


def test_a_thousand_layers_are_drawn_in_few_rows() -> None:
    inputs: list[list[int]] = [[]] + [[max(0, node - 1), max(0, node - 13)] for node in range(1, 1000)]
    network = network_of([sorted(set(sources)) for sources in inputs], "n{0}")
    (whole, *_) = layer_graph.shown_subgraphs(Report(network))
    assert len(whole.rows) <= 41


def test_pointwise_layers_take_no_row() -> None:
    layers = (Layer("a", "relu", Pointwise(), (0,)), Layer("b", "add", Add(), (0, 1)))
    graph = LayerGraph(Network("drawn", 1, (8,), layers))
    assert graph.nodes == (2,)
    assert graph.inputs[2] == [0, 0]


@pytest.mark.parametrize("name", NETWORKS)
def test_the_longest_path_leads_from_the_image_to_the_end(name: str) -> None:
    network = entry(name).network
    path = main_path(network)
    assert path[0] == 0
    assert path[-1] == len(network.layers)
    assert all(before in network.layers[after - 1].inputs for before, after in pairwise(path))


def test_stages_end_where_people_name_them() -> None:
    names = [report("resnet50").network.shown_name(layer.name) for layer in stage_ends(report("resnet50"), 9)]
    assert names == ["conv1", "layer1", "layer2", "layer3", "layer4"]


def test_a_resampling_is_said_in_short_by_its_factor() -> None:
    layers = [layer for layer in entry("resampled").network.layers if layer.operation == "upsample"]
    assert [operation_words(layer) for layer in layers] == ["resize ×0.5", "up ×1.5×4/3", "resize"]


def test_the_picture_of_the_site_is_as_large_as_its_readers_expect() -> None:
    drawn = preview("rfdocs", rfdocs.load("resnet18").analyze())
    assert drawn.startswith(b"\x89PNG")
    assert struct.unpack(">II", drawn[16:24]) == (1200, 630)
    assert drawn == preview("rfdocs", rfdocs.load("resnet18").analyze())
