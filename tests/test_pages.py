"""What pages say: tables, sentences and their HTML, without Sphinx."""

import json
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from xml.etree.ElementTree import Element

import every
import pytest
from html5lib import HTMLParser

import rfdocs
from rfdocs import Entry, Report
from rfdocs.errors import UnknownName
from rfdocs.figures import theme
from rfdocs.figures.drawing import drawn
from rfdocs.formats.numbers import percent
from rfdocs.graph import UnknownLayer
from rfdocs.language.operations import OPERATIONS
from rfdocs.making.scripts import BUNDLES, PALETTE, WANTED
from rfdocs.pages import content, html, listing, prose, sources
from rfdocs.pages.bibtex import YEAR
from rfdocs.pages.checks import check_table
from rfdocs.pages.content import Grid, Group, Heading, InlineCode, Link, Picture, Row, To, plain
from rfdocs.pages.equations import layer_equations
from rfdocs.pages.facts import Facts, facts_of
from rfdocs.pages.format_reference import operation_sections
from rfdocs.pages.layers import columns_for, layer_table
from rfdocs.pages.network_page import Origin, network_page
from rfdocs.pages.stages_section import stages_section
from rfdocs.pages.unit_tables import comparison, every_unit_table, single_value, unit_table

STATIC = Path(rfdocs.__file__).parent / "sphinx" / "static"
TRAPS = Path(__file__).resolve().parent.parent / "site" / "guide" / "examples" / "traps.yaml"


def analysed(name: str, size: int | None = None) -> tuple[Entry, Report]:
    entry = rfdocs.load(name)
    return entry, entry.analyze(size)


def trap(name: str, size: int | None = None) -> Report:
    return analysed(f"{TRAPS}:{name}", size)[1]


def texts(grid: Grid) -> list[list[str]]:
    return [[content.plain(cell) for cell in row.cells] for row in grid.rows]


def table_of(report: Report, *keys: str, only: Sequence[str] = ()) -> list[list[str]]:
    return texts(layer_table(report, "caption", columns_for(report, keys), only=only))


class PageSurroundings:
    """A page that knows nothing."""

    def address(self, link: Link) -> str:
        return f"{link.to.value}:{link.target}"

    def unique(self, stem: str) -> str:
        return f"{stem}-1"


def parsed(text: str) -> Element:
    """The elements of a valid piece of HTML. Raises: ParseError for any mistake in it."""
    parser = HTMLParser(strict=True, namespaceHTMLElements=False)
    root = parser.parse(f"<!DOCTYPE html><html><head><title>x</title></head><body>{text}</body></html>")
    assert isinstance(root, Element)
    return root


# -- the per-layer table ------------------------------------------------------------------------------------------


def test_the_guides_table_is_as_the_guide_prints_it() -> None:
    _, report = analysed("alexnet-guide")
    assert table_of(report, "size", "jump", "rf", "start") == [
        ["conv1", "55", "4", "11", "5.5"],
        ["pool1", "27", "8", "19", "9.5"],
        ["conv2", "27", "8", "51", "9.5"],
        ["pool2", "13", "16", "67", "17.5"],
        ["conv3", "13", "16", "99", "17.5"],
        ["conv4", "13", "16", "131", "17.5"],
        ["conv5", "13", "16", "163", "17.5"],
        ["pool5", "6", "32", "195", "33.5"],
        ["fc6-conv", "1", "32", "355", "113.5"],
        ["fc7-conv", "1", "32", "355", "113.5"],
    ]


@pytest.mark.parametrize(
    ("name", "size", "padding"),
    [("same", 224, "2, 3"), ("same", 225, "3"), ("floor", 112, "0"), ("ceil", 112, "0, 1"), ("even-same", 64, "1, 2")],
)
def test_the_padding_shown_is_the_one_applied(name: str, size: int, padding: str) -> None:
    assert table_of(trap(name, size), "padding")[0][1] == padding


@pytest.mark.parametrize(
    ("network", "size", "layer", "used", "applied"),
    [
        ("resnet18", 224, "layer4", "31.5", "0.5"),
        ("alexnet", 224, "pool5", "32.5", "31.5"),
        ("alexnet-2012", 227, "pool5", "33.5", "33.5"),
        ("alexnet-2012", 224, "pool5", "62.5", "33.5"),
        ("vgg16", 225, "pool5", "17", "16"),
    ],
)
def test_the_start_by_used_padding(network: str, size: int, layer: str, used: str, applied: str) -> None:
    """Source: the guide's program, and models measured by gradients."""
    _, report = analysed(network, size)
    assert single_value(report, [layer, "guide_start"]) == used
    assert single_value(report, [layer, "start"]) == applied


def test_rows_are_grouped_by_stage_and_have_addresses() -> None:
    _, report = analysed("resnet18")
    table = layer_table(report, "caption", columns_for(report), anchor="layer", grouped=True)
    assert [group.heading for group in table.groups][:5] == [
        "112 × 112 · jump 2",
        "56 × 56 · jump 4",
        "layer1 · 56 × 56 · jump 4",
        "layer1.0 to layer1.1, twice",
        "layer2 · 28 × 28 · jump 8",
    ]
    assert [group.folded for group in table.groups][:5] == [False, False, False, True, False]
    assert table.rows[2].identifier == "layer-layer1.0.conv1"


def test_columns_that_say_nothing_are_left_out() -> None:
    keys = [column.key for column in columns_for(analysed("vgg16")[1])]
    assert "dilation" not in keys
    assert "global_context" not in keys
    gated = [column.key for column in columns_for(trap("gate"))]
    assert "global_context" in gated


def test_columns_come_in_the_order_asked_for() -> None:
    assert table_of(trap("gate"), "rf", "size") == [["conv", "3", "64"], ["gate", "3", "64"]]


def test_unknown_columns_and_layers_are_refused_with_what_is_near() -> None:
    with pytest.raises(UnknownName, match="there is no column 'sise'") as refused:
        columns_for(trap("gate"), ["sise"])
    assert refused.value.hint == "did you mean 'size'?"
    with pytest.raises(UnknownLayer, match="there is no layer 'cov'"):
        table_of(trap("gate"), "rf", only=["cov"])
    with pytest.raises(UnknownName, match="there is no layer with figures 'input'"):
        single_value(trap("gate"), ["input", "rf"])


# -- units --------------------------------------------------------------------------------------------------------


def test_every_unit_of_vgg16_sees_what_was_measured() -> None:
    """Source: VGG-16 measured by gradients."""
    entry, report = analysed("vgg16")
    seen = [row[-1] for row in texts(every_unit_table(entry.title, report, "pool5", 1))]
    assert seen == ["122", "154", "186", "212", "186", "154", "122"]


def test_a_unit_is_shown_axis_by_axis() -> None:
    entry = rfdocs.load("resnet18")
    rows = texts(unit_table(entry.title, entry.analyze((224, 320)), "layer4", (0, 3)))
    assert rows == [
        ["height", "0", "-217 … 217", "435", "0.5", "0 … 217", "218"],
        ["width", "3", "-121 … 313", "435", "96.5", "0 … 313", "314"],
    ]


def test_networks_are_compared_layer_by_layer() -> None:
    networks = [analysed("resnet50"), analysed("resnet50-paper")]
    chosen = [(entry.title, report, "layer4") for entry, report in networks]
    assert [row[3] for row in texts(comparison(chosen, ["rf"], "caption"))] == ["427", "483"]


def test_the_steps_of_the_guides_example() -> None:
    report = rfdocs.load(TRAPS.with_name("guide.yaml")).analyze()
    first, second = layer_equations(report)
    assert (first.layer, second.layer, second.remark) == ("first", "second", "")
    latex = second.equations
    assert r"n &= \lfloor (3 + 1 + 1 - 3) / 2 \rfloor + 1 = 2" in latex
    assert r"r &= 3 + (3 - 1) \cdot 2 = 7" in latex


# -- the explorer -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "layer"), [("vgg16", "pool5"), ("resnet50", "layer4.2.add"), ("unet", "output")])
def test_the_explorer_begins_where_the_summary_does(name: str, layer: str) -> None:
    entry, report = analysed(name)
    page = network_page(entry, report, facts(name), {}, Origin(""))
    explorer = next(
        block for section in page.sections for block in section.blocks if isinstance(block, content.Explorer)
    )
    assert report.layers[explorer.first - 1].name == layer == facts(name).layer


# -- sentences ----------------------------------------------------------------------------------------------------


def facts(name: str) -> Facts:
    entry, report = analysed(name)
    return facts_of(entry, report)


def test_a_summary_says_the_figures_that_people_come_for() -> None:
    assert unbroken(prose.summary(facts("resnet50"))) == (
        "A unit of its last spatial layer, layer4.2.add, has a receptive field of 427 pixels on every axis; "
        "neighbouring units are 32 pixels apart. The layer has 7 × 7 units, and the central one sees 100 % of the "
        "image. The first layer whose central unit sees the whole image is layer3.5.conv2. The network has 50 layers "
        "with weights on its longest path and 25.56 M parameters, and needs 4.089 G multiply-accumulates for one input."
    )


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("unet", "1 pixel apart"),
        ("slowfast_r50", "1 × 32 × 32 pixels apart"),
        ("dcgan-generator", "0.0625 pixels apart"),
    ],
)
def test_a_summary_counts_pixels_as_people_do(name: str, apart: str) -> None:
    assert f"; neighbouring units are {apart}" in unbroken(prose.summary(facts(name)))


def unbroken(words: content.Words) -> str:
    """The sentence with plain spaces."""
    return content.plain(words).replace(prose.FIXED, " ")


def test_no_line_is_broken_between_a_number_and_its_unit() -> None:
    told = content.plain(prose.summary(facts("resnet50")))
    for figure in ("7 × 7", "100 %", "25.56 M", "4.089 G"):
        assert figure.replace(" ", prose.FIXED) in told


def test_an_introduction_says_who_made_the_network_and_whose_padding_is_followed() -> None:
    entry, report = analysed("unet")
    told = unbroken(prose.introduction(entry, facts_of(entry, report)))
    assert told == (
        "U-Net (the paper's) by Olaf Ronneberger, Philipp Fischer and Thomas Brox (2015), as jvanvugt/pytorch-unet has "
        "it, on an input of 1 × 572 × 572."
    )


def test_a_summary_of_a_gated_network_keeps_path_and_gate_apart() -> None:
    told = facts("seresnet50")
    words = content.plain(prose.summary(told))
    assert (
        " All this is along the spatial path; through gates every unit sees the whole image, in layer1.0.se_module "
        "and in every layer after it."
    ) in words
    cards = {number.name: (content.plain(number.value), number.meaning) for number in prose.key_numbers(told).numbers}
    assert cards["through gates"] == ("layer1.0.se_module", "first layer of which every unit sees the whole image")
    assert cards["image seen"] == ("100 %", "by the central unit, along the spatial path")
    assert "through gates" not in [number.name for number in prose.key_numbers(facts("resnet50")).numbers]


def test_a_summary_of_a_vit_says_that_attention_shows_the_whole_image_before_it_names_the_patch() -> None:
    told = unbroken(prose.summary(facts("vit_base_patch16_gap_224")))
    assert told.startswith(
        "Through attention, first in blocks.0.attn, every unit of its last spatial layer, blocks.11.add, sees the "
        "whole image. What follows is along the spatial path, to which attention adds nothing: there such a unit has a "
        "receptive field of 16 pixels on every axis; neighbouring units are 16 pixels apart."
    )
    assert "All this" not in told


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("yolo11n", "model.10.m.0.attn.attend"),
        ("sd-vae", "encoder.mid_block.attentions.0.attend"),
        ("swin_t", None),
        ("maxvit_t", None),
        ("seresnet50", None),
    ],
)
def test_attention_is_named_where_the_last_layer_sees_all_through_it(name: str, layer: str | None) -> None:
    assert facts(name).attention == layer


@pytest.mark.parametrize(
    ("items", "layer"),
    [
        ("{attention: a}, {conv: b, kernel: 3, channels: 4}", "a"),
        ("{conv: b, kernel: 3, channels: 4}, {squeeze_excite: c, squeeze: 2}", None),
        ("{attention: a}, {squeeze_excite: c, from: input, squeeze: 2}", None),  # it is beside the last layer
        ("{attention: a, causal: true}, {conv: b, kernel: 3, channels: 4}, {squeeze_excite: c, squeeze: 2}", None),
    ],
)
def test_attention_beside_the_last_layer_or_to_one_side_is_not_named(
    tmp_path: Path, items: str, layer: str | None
) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(f"input: {{channels: 4, size: 12}}\nlayers: [{items}]\n", "utf-8")
    entry = rfdocs.load(file)
    assert facts_of(entry, entry.analyze()).attention == layer


@pytest.mark.slow
def test_what_is_said_of_gates_holds_for_every_unit_behind_them() -> None:
    """Of every network of the catalogue: no unit of the layer named, or of one that reads it, misses a pixel."""
    gated = 0
    for identifier, report in every.reports().items():
        first = report.first_through_gates
        gates = [layer.name for layer in report if layer.global_context]
        assert (first is None) == (not any(map(report.every_unit_sees_all, gates))), identifier
        if first is not None:
            gated += 1
            assert all(report.every_unit_sees_all(name) for name in behind(report, first.name)), identifier
    assert gated > 50
    assert every.reports()["encodec-24khz"].first_through_gates is None  # its gate shows no unit what comes after it


def behind(report: Report, name: str) -> set[str]:
    """A layer and all that read it, through others or not."""
    found = {name}
    for layer in report:
        if found.intersection(layer.inputs):
            found.add(layer.name)
    return found


def test_a_gate_that_shows_less_than_the_whole_image_is_not_said_to_show_all(tmp_path: Path) -> None:
    """A stem that never reads the last pixel hides it from the gate, too."""
    file = tmp_path / "net.yaml"
    layers = "[{conv: stem, kernel: 3, stride: 2, channels: 4}, {squeeze_excite: gate, squeeze: 2}]"
    file.write_text(f"input: {{channels: 3, size: [12, 12]}}\nlayers: {layers}\n", "utf-8")
    entry = rfdocs.load(file)
    told = facts_of(entry, entry.analyze())
    assert (told.gate, told.through_gates) == ("gate", None)
    assert "gates show units more, first in gate." in content.plain(prose.summary(told))


def test_the_image_seen_is_one_figure_in_card_list_and_table(tmp_path: Path) -> None:
    """On 64 pixels two 3x3 convolutions see 25 of 4,096; that a gate between them shows it all is said beside it."""
    file = tmp_path / "net.yaml"
    conv = "{conv: %s, kernel: 3, padding: 1, channels: 4}"
    layers = f"[{conv % 'a'}, {{squeeze_excite: gate, squeeze: 2}}, {conv % 'b'}]"
    file.write_text(f"input: {{channels: 3, size: [64, 64]}}\nlayers: {layers}\n", "utf-8")
    entry = rfdocs.load(file)
    told, report = facts_of(entry, entry.analyze()), entry.analyze()
    cards = {number.name: content.plain(number.value) for number in prose.key_numbers(told).numbers}
    cells = zip(listing.headings(), listing.network_row(told, {}, listing.headings()).cells, strict=True)
    listed = {heading.key: content.plain(cell) for heading, cell in cells}
    assert table_of(report, "spatial_visible_share", "visible_share")[-1] == ["b", "0.61 %", "100 %"]
    assert (cards["image seen"], listed["share"]) == ("0.61 %", "0.61 %")
    assert (told.index_data["spatial_visible_share"], told.index_data["visible_share"]) == (25 / 4096, 1.0)
    assert (cards["whole image"], listed["whole"], told.index_data["whole_image_from"]) == ("none", "none", None)
    assert (cards["through gates"], listed["gates"], told.index_data["global_context_from"]) == ("gate", "gate", "gate")
    keys = [column.key for column in columns_for(report)]
    assert "spatial_visible_share" in keys
    assert "visible_share" not in keys


def test_a_unit_is_shown_along_the_spatial_path_with_what_gates_add_beside_it() -> None:
    entry, report = analysed(f"{TRAPS}:gate")
    table = unit_table(entry.title, report, "gate", (0, 31))
    assert [heading.text for heading in table.headings[-2:]] == ["field through gates", "seen through gates"]
    assert texts(table)[1] == ["width", "31", "30 … 32", "3", "31.5", "30 … 32", "3", "-1 … 64", "0 … 63"]
    assert len(unit_table(entry.title, report, "conv", (0, 31)).headings) == 7


def test_a_field_that_differs_from_unit_to_unit_is_a_range() -> None:
    assert prose.field_range(facts("unet")) == "188 to 204"


@pytest.mark.parametrize(
    ("share", "text"),
    [(Fraction(1), "100 %"), (Fraction(0), "0 %"), (Fraction(1, 8), "12.5 %"), (Fraction(1, 5000), "< 0.1 %")],
)
def test_shares_are_never_rounded_to_all_or_nothing(share: Fraction, text: str) -> None:
    assert percent(share) == text


# -- what others say ----------------------------------------------------------------------------------------------


def test_every_expectation_stands_beside_what_is_computed() -> None:
    entry, report = analysed("alexnet-guide")
    table = check_table(entry, report)
    assert table is not None
    expected = sum(len(one.facts) for one in entry.description.expectations)
    assert len(table.rows) == expected
    assert {content.plain(row.cells[4]) for row in table.rows} == {"✓ yes"}


def test_a_contradiction_is_marked(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    layers = "layers: [{conv: a, kernel: 3, channels: 1}]"
    file.write_text(f"input: {{channels: 1, size: [9]}}\n{layers}\nexpect: [{{parameters: 5, source: me}}]\n")
    entry, report = analysed(str(file))
    table = check_table(entry, report)
    assert table is not None
    assert table.rows[0].marked
    assert texts(table)[0][2:5] == ["5", "4", "✗ no"]


def test_disputes_show_on_both_pages_whoever_says_so() -> None:
    known = {one.identifier: one for one in (facts("resnet50"), facts("resnet50-paper"))}
    for one, other in (("resnet50", "resnet50-paper"), ("resnet50-paper", "resnet50")):
        section = listing.dispute_section(known[one], listing.disputed(known[one], known), {})
        assert section is not None
        table = section.blocks[1]
        assert isinstance(table, Grid)
        assert texts(table)[1][0] == known[other].title
        assert [row[2] for row in texts(table)] == [prose.field_range(known[one]), prose.field_range(known[other])]


def test_a_familys_page_does_not_repeat_the_family_in_every_row() -> None:
    page = listing.family_page([facts("resnet18"), facts("resnet50")], {})
    table = page.blocks[1]
    assert isinstance(table, Grid)
    assert [heading.key for heading in table.headings] == [one.key for one in listing.headings() if one.key != "family"]


def test_a_page_says_plainly_that_nothing_was_verified() -> None:
    entry, report = analysed("alexnet")
    page = network_page(entry, report, facts_of(entry, report), {}, Origin("alexnet.yaml"))
    checked = next(section for section in page.sections if section.identifier == "checked")
    assert "not been checked against a running model" in str(checked)


def stages_of(network: str) -> Grid:
    entry, report = analysed(network)
    _, table = stages_section(entry, facts_of(entry, report), report).blocks
    assert isinstance(table, Grid)
    return table


def test_several_outputs_stand_in_a_group_of_their_own_behind_the_maps_that_they_are_made_from() -> None:
    table = stages_of("ssd300")
    assert [group.heading for group in table.groups] == ["Stages", "Source maps", "Outputs"]
    assert len(table.groups[2].rows) == len(analysed("ssd300")[1].outputs)
    sources = ["conv4_3_norm", "conv7", "conv8_2", "conv9_2", "conv10_2", "conv11_2"]
    assert [plain(row.cells[0]) for row in table.groups[1].rows] == sources


def test_a_page_is_cited_with_its_paper_in_one_year_with_the_site() -> None:
    entry, report = analysed("unet")
    page = network_page(entry, report, facts_of(entry, report), {}, Origin("unet.yaml"))
    said = next(section for section in page.sections if section.identifier == "sources").blocks[-1]
    assert isinstance(said, content.Excerpt)
    assert "@misc{rfdocs-unet," in said.text
    assert "@misc{ronneberger2015unet," in said.text
    assert f"  year   = {{{YEAR}}}," in (TRAPS.parents[2] / "cite.md").read_text("utf-8")
    assert f"  year   = {{{YEAR}}}," in said.text


def test_stages_have_the_names_that_people_know_them_by() -> None:
    table = stages_of("resnet50")
    assert [heading.text for heading in table.headings[-3:]] == ["paper", "torchvision", "timm"]
    cells = [plain(cell) for cell in table.rows[3].cells]
    assert (cells[:4], cells[-3:]) == (["layer3", "14", "16", "267"], ["conv4_x", "layer3", "3"])
    names = [plain(row.cells[0]) for row in stages_of("unet").rows]
    assert names == ["down1", "down2", "down3", "down4", "bottom", "up4", "up3", "up2", "output"]


# -- HTML ---------------------------------------------------------------------------------------------------------

EVIL = "<script>alert('\"')</script> & ]( javascript: | ` {raw} html"


def test_networks_are_plotted_by_the_first_of_their_tasks() -> None:
    networks = [facts(name) for name in ("resnet18", "resnet50", "unet", "wavenet-24x4", "c3d", "espcn-x2")]
    assert listing.coloured_tasks(networks) == ("classification", "generation", "segmentation", "super-resolution")
    across, up, groups = listing.plotted(networks)
    assert (across, up) == ("multiply-accumulates", "receptive field, pixels")
    assert list(groups) == ["classification", "generation", "segmentation", "super-resolution", "others"]
    assert groups["classification"] == [(networks[0].macs, 435), (networks[1].macs, 427)]
    assert [len(places) for places in groups.values()] == [2, 1, 1, 1, 1]


def test_a_context_is_sorted_by_its_larger_side_and_a_record_by_words_told() -> None:
    told = facts("resnet50")
    assert (told.cells["context"], told.sort["context"], told.verified) == ("213, 182", 213, ())
    headings = listing.headings(["verified", "effective"])
    assert content.plain(listing.network_row(told, {}, headings).cells[1]) == "not yet"
    assert [heading.name for heading in headings] == ["", "", "effective width, pixels"]


def test_texts_are_escaped_wherever_they_stand() -> None:
    heading = Heading(EVIL, EVIL, EVIL)
    row = Row((EVIL, (EVIL, content.InlineCode(EVIL), Link(EVIL, To.ROW, EVIL))), EVIL)
    grid = Grid(EVIL, (heading, heading), (Group(EVIL, (row,)),), "plain")
    contents = (
        grid,
        content.KeyNumbers((content.KeyNumber(EVIL, EVIL, (EVIL,), EVIL),)),
        Picture("kind", drawn("", 1, EVIL, EVIL), EVIL),
        content.Explorer({EVIL: EVIL}, (EVIL,), 1, EVIL, ((EVIL, (1,)),)),
        content.Finder("networks", (EVIL,)),
    )
    for one in contents:
        tree = parsed(html.content_html(one, PageSurroundings()))
        assert not [element for element in tree.iter("script") if element.get("type") != "application/json"]


def test_a_text_is_escaped_though_the_same_letters_stood_there_as_markup() -> None:
    heading = Heading("a", "a")
    for one, other in ((InlineCode("x"), "<code>x</code>"), ("<code>y</code>", InlineCode("y"))):
        grid = Grid("x", (heading, heading), (Group("", (Row(("", one)), Row(("", other)))),))
        cells = [list(cell) for cell in parsed(html.content_html(grid, PageSurroundings())).iter("td")]
        assert [len(inside) for inside in cells] == [isinstance(cell, InlineCode) for cell in (one, other)]


def test_data_in_a_page_cannot_end_its_element_and_is_still_json() -> None:
    data = {"a": "</script><!-- \u2028 &amp;", "b": [1, None, "é"]}
    text = html.json_script(data, "rf-data")
    inner = re.fullmatch(r"<script[^>]*>(.*)</script>", text)
    assert inner is not None
    assert not re.search("[<>&\u2028]", inner[1])
    assert json.loads(inner[1]) == data


def test_a_table_is_reached_by_keyboard_and_read_by_headings() -> None:
    _, report = analysed("resnet18")
    table = layer_table(report, "The caption", columns_for(report), anchor="layer", grouped=True)
    region = parsed(html.content_html(table, PageSurroundings())).find("body/div")
    assert region is not None
    caption = region.find("table/caption")
    assert caption is not None
    assert (region.get("role"), region.get("tabindex")) == ("region", "0")
    assert region.get("aria-labelledby") == caption.get("id")
    scopes = {cell.get("scope") for cell in region.iter("th")}
    assert scopes == {"col", "row", "rowgroup"}


def test_cells_stand_apart_for_whoever_strips_the_markup() -> None:
    _, report = analysed("vgg16")
    text = html.content_html(layer_table(report, "x", columns_for(report)), PageSurroundings())
    assert "</td><td" not in text
    assert "</th><td" not in text


def test_long_names_of_layers_may_break_behind_their_dots_only_where_they_are_read() -> None:
    text = str(html.part_html(Link("layer1.0.add", To.ROW, "layer-layer1.0.add"), PageSurroundings()))
    assert text.endswith(">layer1.<wbr>0.<wbr>add</a>")
    assert "<wbr>" not in text.partition(">")[0]


def test_negative_numbers_have_a_minus_sign() -> None:
    grid = Grid("x", (Heading("a", "a"), Heading("b", "b", "", numeric=True)), (Group("", (Row(("a-b", "-3")),)),))
    text = html.content_html(grid, PageSurroundings())
    assert "<td>−3</td>" in text
    assert ">a-b<" in text


# -- sources and the reference --------------------------------------------------------------------------------------


def test_sources_know_what_they_were_made_from() -> None:
    networks = [("a.yaml", "a", "b"), ("a.yaml", "a", "c"), ("d.yaml", "d", "d")]
    named = sources.documents("networks", [("a", ["b", "c"]), ("d", ["d"])])
    for listed in (True, False):
        made = sources.sources("networks", named, networks, listed=listed)
        assert {document: sources.origin_file(text) for document, text in made.items()} == {
            "networks/b": "a.yaml",
            "networks/c": "a.yaml",
            "networks/families/a": "a.yaml",
            "networks/d": "d.yaml",
            "networks/index": "catalogue",
        }
        orphans = {document for document, text in made.items() if ":orphan:" in text}
        assert orphans == ({"networks/b", "networks/c"} if listed else made.keys() - {"networks/index"})
        assert ("toctree" in made["networks/index"]) == listed
    assert "toctree" not in sources.sources("networks", {}, [], listed=True)["networks/index"]
    assert sources.origin_file(".. rf-network:: a\n") is None


def cells_of(grids: Iterator[Grid]) -> set[str]:
    return {content.plain(cell) for grid in grids for row in grid.rows for cell in row.cells}


def test_the_reference_has_every_operation_and_attribute() -> None:
    sections = operation_sections()
    grids = (block for section in sections for block in section.blocks if isinstance(block, Grid))
    known = cells_of(grids)
    assert not {name for operation in OPERATIONS.values() for name in operation.mapping.attributes} - known
    said = " ".join(str(section) for section in sections)
    assert not [name for name in OPERATIONS if f"'{name}'" not in said and f"operation-{name}'" not in said]


# -- what pages load ------------------------------------------------------------------------------------------------


def test_the_style_sheet_has_the_figures_dark_colours() -> None:
    style = re.sub(r"\s+", "", (STATIC / "rfdocs.css").read_text("utf-8")).replace(";}", "}")
    for rule in theme().splitlines():
        assert re.sub(r"\s+", "", rule).replace(";}", "}") in style


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.js")), ids=lambda path: path.name)
def test_scripts_are_small_and_ask_for_nothing(path: Path) -> None:
    script = path.read_text("utf-8")
    assert len(script.encode()) < (10_000 if path.name == "rfdocs-finder.js" else 24_000)
    assert not re.search(r"\bfetch\b|XMLHttpRequest|\bimport\b|https?://(?!www\.w3\.org/)", script)
    assert "innerHTML" not in script


def test_every_script_is_served_once() -> None:
    served = [script for bundle in BUNDLES.values() for script in bundle]
    assert sorted(served) == sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))


@pytest.mark.parametrize("bundles", [*WANTED.values(), PALETTE])
def test_bundles_are_asked_for_in_the_order_in_which_they_are_served(bundles: tuple[str, ...]) -> None:
    assert list(bundles) == [bundle for bundle in BUNDLES if bundle in bundles]
