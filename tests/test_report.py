"""Numbers become text: the JSON of the interface, CSV, markdown, LaTeX and text for a terminal."""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rfdocs
from rfdocs import Report, formats
from rfdocs.algebra import Interval
from rfdocs.formats import data, overview, tables, units
from rfdocs.formats.columns import COLUMNS, Shown, text
from rfdocs.formats.numbers import is_binary, json_number, per_axis, ranges_text, text_number
from rfdocs.formats.tables import Table, aligned, latex, markdown
from rfdocs.graph import reach
from rfdocs.pages.phrases import unit_value
from rfdocs.pages.unit_tables import unit_table

Make = Callable[..., Report]

TALL = "{conv: conv1, kernel: [3, 5], stride: [1, 2], channels: 4}"
TRIPLED = "{upsample: up, scale: 3}"
PHASED = "{transposed_conv: up, kernel: 3, stride: 2, padding: 1, channels: 4}"
WITHOUT_JUMP = "{adaptive_avgpool: pool, size: 7}"
GATED = "{conv: conv1, kernel: 3, padding: 1, channels: 4}, {squeeze_excite: gate, squeeze: 2}"
BOUNDED = (
    "{conv: a, kernel: 3, padding: 1, channels: 4}, {deformable_conv: b, kernel: 3, padding: 1, channels: 4},"
    " {opaque: c, from: a}, {conv: d, kernel: 3, padding: 1, channels: 4}, {add: e, from: [b, d]}"
)
MISALIGNED = "{add: [[{maxpool: a, kernel: 3, stride: 2, padding: same}], [{maxpool: b, kernel: 1, stride: 2}]]}"
STARVED = "{transposed_conv: up, kernel: 1, stride: 2, channels: 4}"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(layers: str, size: Sequence[int] = (10, 10), channels: int = 3) -> Report:
        file = tmp_path / "net.yaml"
        file.write_text(f"input: {{channels: {channels}, size: {list(size)}}}\nlayers: [{layers}]\n", "utf-8")
        return rfdocs.load(file).analyze()

    return made


@pytest.fixture(scope="module")
def alexnet() -> Report:
    return rfdocs.load("alexnet").analyze()


def layer(made: Report, position: int = -1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data.table_json("net", made))["layers"][position]
    return found


def rows(made: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.table_csv("net", made))))


# The interface, to the letter


def test_the_table_is_the_interface_s(alexnet: Report) -> None:
    table = json.loads(data.table_json("alexnet", alexnet))
    assert table["network"] == "alexnet"
    assert table["input"] == {"channels": 3, "size": [224, 224]}
    expected = {
        "name": "conv1", "op": "conv", "inputs": ["input"], "channels": 64, "size": [55, 55], "jump": [4, 4],
        "rf": [11, 11], "rf_min": [11, 11], "start": [3.5, 3.5], "global_context": False, "parameters": 23296,
        "macs": 70276800,
    }  # fmt: skip
    assert {key: table["layers"][0][key] for key in expected} == expected


def test_the_table_s_totals_are_the_network_s(alexnet: Report) -> None:
    table = json.loads(data.table_json("alexnet", alexnet))
    assert (table["schema_version"], table["parameters"], table["macs"], table["depth"]) == (1, 61100840, 714188480, 8)
    assert sum(row["parameters"] for row in table["layers"]) == table["parameters"]


def test_the_query_is_the_interface_s(alexnet: Report) -> None:
    found = data.query_data("alexnet", alexnet, "conv2", (0, 3))
    expected = {
        "network": "alexnet", "layer": "conv2", "index": [0, 3], "field": [[-18, 32], [6, 56]],
        "visible": [[0, 32], [6, 56]], "center": [7.5, 31.5], "size": [51, 51],
        "spatial_field": [[-18, 32], [6, 56]], "spatial_visible": [[0, 32], [6, 56]], "global_context": False,
    }  # fmt: skip
    assert {key: found[key] for key in expected} == expected


def test_another_input_size_is_said(alexnet: Report) -> None:
    del alexnet
    made = rfdocs.load("alexnet").analyze((320, 480))
    table = data.table_data("alexnet", made)
    assert (table["input"]["size"], table["nominal_size"]) == ([320, 480], [224, 224])
    assert table["layers"][0]["size"] == [79, 119]


def test_whole_numbers_are_integers_and_halves_floats(make: Make) -> None:
    found = layer(make("{conv: c, kernel: 3, stride: 2, channels: 4}"))
    assert [type(found[key][0]) for key in ("size", "jump", "rf", "start", "misalignment")] == [
        int, int, int, float, int,
    ]  # fmt: skip


def test_a_jump_that_no_float_holds_is_exact_beside_the_nearest(make: Make) -> None:
    found = layer(make(TRIPLED))
    assert found["jump"] == [1 / 3, 1 / 3]
    assert found["jump_exact"] == ["1/3", "1/3"]
    assert rows(make(TRIPLED))[0]["jump_height"] == "1/3"


def test_exact_texts_stand_only_where_floats_fail(alexnet: Report) -> None:
    assert not any(key.endswith("_exact") for key in layer(alexnet))


def test_figures_that_do_not_exist_are_null_and_empty(make: Make) -> None:
    made = make(WITHOUT_JUMP)
    found = layer(made)
    assert (found["jump"], found["start"], found["smallest_path"]) == ([None, None], [None, None], [None, None])
    assert (rows(made)[0]["jump_width"], rows(made)[0]["start_width"]) == ("", "")


def test_phases_have_a_largest_and_a_smallest_field(make: Make) -> None:
    made = make(PHASED)
    assert (layer(made)["rf"], layer(made)["rf_min"]) == ([2, 2], [1, 1])
    assert "1–2" in tables.table_text("net", made)


def test_a_gate_leaves_the_spatial_figures_and_is_marked(make: Make) -> None:
    made = make(GATED)
    assert (layer(made)["rf"], layer(made)["global_context"]) == ([3, 3], True)
    unit = data.query_data("net", made, "gate", (5, 5))
    assert (unit["field"], unit["spatial_field"]) == ([[-1, 10], [-1, 10]], [[4, 6], [4, 6]])
    assert (unit["visible"], unit["spatial_visible"]) == ([[0, 9], [0, 9]], [[4, 6], [4, 6]])


def test_a_field_that_is_a_bound_is_told_as_one_everywhere(make: Make) -> None:
    """At least so large behind a deformable convolution, at most behind an opaque layer, and neither behind both."""
    made = make(BOUNDED)
    bounds = ["exact", "at least", "at most", "at most", "unknown"]
    assert [layer(made, place)["bound"] for place in range(5)] == [row["bound"] for row in rows(made)] == bounds
    assert tables.table_text("net", made).splitlines()[-1].startswith("field is: at most or at least so large")
    assert data.query_data("net", made, "e", (0, 0))["bound"] == "unknown"
    told = {name: units.query_text("net", made, name, (0, 0)) for name in "abce"}
    assert "reads this at least" in told["b"]
    assert "reads this at most" in told["c"]
    assert "more or less than this" in told["e"]
    assert "reads this" not in told["a"]
    assert "field is" not in tables.table_text("net", make(GATED))


def test_what_reads_the_whole_map_has_no_jump_and_no_gate(make: Make) -> None:
    made = make(
        "{conv: a, kernel: 3, padding: 1, channels: 4}, {fourier: b, parameters: 7}, {token_mixing: c, hidden: 2}"
    )
    assert [layer(made)[key] for key in ("rf", "jump", "global_context")] == [[12, 12], [None, None], False]
    assert (layer(made)["parameters"], layer(made)["macs"]) == (2 * 2 * 100 + 100 + 2, 2 * 2 * 100 * 4)


def test_a_map_too_long_to_read_whole_unit_by_unit_is_read_once(make: Make) -> None:
    """Ten thousand units that read ten thousand each: all read the same."""
    made = make("{fourier: a}, {conv: b, kernel: 3, padding: 1, channels: 4}, {opaque: c, size: 5000}", (10_000,))
    assert layer(made)["rf"] == [10_000]
    assert made.unit("c", (0,))[0].visible == made.unit("c", (4999,))[0].visible


def test_text_leads_with_the_spatial_path_and_names_what_gates_add(make: Make) -> None:
    made = make(GATED)
    table = units.query_text("net", made, "gate", (5, 5)).split("\n\n")[1]
    rows = [line.split("  ")[0] for line in table.splitlines()[1:]]
    gates = ["through gates: field", "through gates: length", "through gates: visible"]
    assert rows == ["field", "length", "centre", "visible", *gates]
    told = re.sub(" {2,}", "  ", units.query_text("net", made, "gate", (5, 5)))
    assert "\nfield  4..6  4..6\nlength  3  3\n" in told
    assert "\nthrough gates: length  12  12\n" in told
    assert "through gates" not in units.query_text("net", made, "conv1", (5, 5))


def test_units_that_see_a_pixel_are_those_of_the_spatial_path_unless_gates_are_named(make: Make) -> None:
    made = make(GATED)
    found = data.seen_by_data("net", made, "gate", (0, 9))
    assert (found["spatial_units"], found["units"]) == ([[0, 1], [8, 9]], [[*range(10)], [*range(10)]])
    told = units.seen_by_text("net", made, "gate", (0, 9))
    assert "4 of the 10 × 10 units see pixel (0, 9)" in told
    assert told.endswith("along the spatial path; through gates 100 see it\n")


def test_what_the_central_unit_sees_stands_with_and_without_gates(make: Make) -> None:
    """``visible`` and ``visible_share`` count gates, ``spatial_visible`` and ``spatial_visible_share`` do not."""
    gated, plain = layer(make(GATED)), layer(make("{conv: conv1, kernel: 3, padding: 1, channels: 4}"))
    assert (gated["visible"], gated["visible_share"]) == ([10, 10], 1.0)
    assert (gated["spatial_visible"], gated["spatial_visible_share"]) == ([3, 3], 0.09)
    assert plain["visible"] == plain["spatial_visible"] == [3, 3]
    assert plain["visible_share"] == plain["spatial_visible_share"] == 0.09


def test_a_unit_that_reads_nothing_is_null(make: Make) -> None:
    made = make(STARVED)
    unit = data.query_data("net", made, "up", (1, 0))
    assert (unit["field"], unit["visible"], unit["center"]) == ([None, [0, 0]], [None, [0, 0]], [None, 0.5])
    assert "nothing" in units.query_text("net", made, "up", (1, 0))


def test_the_query_names_the_layer_as_asked_and_in_full() -> None:
    found = data.query_data("resnet18", rfdocs.load("resnet18").analyze(), "layer4", (0, 0))
    assert (found["layer"], found["name"], found["map"]) == ("layer4", "layer4.1.add", [7, 7])


@pytest.mark.slow
def test_paths_without_number_are_not_counted(make: Make) -> None:
    made = make("{conv: c$number, repeat: 2100, kernel: 3, padding: 1, channels: 4}", [4000], 1)
    with pytest.raises(ValueError, match=r"^c2100: its paths take more than 4194304 steps"):
        made.path_counts("c2100", 2000, 0)


def test_units_that_see_a_pixel_are_listed_per_axis(alexnet: Report) -> None:
    found = data.seen_by_data("alexnet", alexnet, "conv2", (100, 3))
    assert found["units"] == [[9, 10, 11, 12, 13, 14], [0, 1, 2]]
    told = units.seen_by_text("alexnet", alexnet, "conv2", (100, 3))
    assert "18 of the 27 × 27 units see pixel (100, 3)" in told
    assert told.endswith("\n\n        units\nheight  9..14\nwidth   0..2\n")


# Padding that leads around the ends of the image

AROUND = "{conv: a, kernel: 5, padding: 2, padding_mode: circular, channels: 3}"
TURNED = "{pad: a, padding: [[5, 0]], mode: circular}, {crop: b, padding: [[0, 5]]}, {conv: c, kernel: 2, channels: 3}"
DILATED = "{conv: a, kernel: 3, dilation: 2, padding: 2, channels: 3}"


def test_a_field_around_the_ends_is_the_set_that_it_is(make: Make) -> None:
    query = data.query_data("net", make(AROUND, [16]), "a", [0])
    assert (query["field"], query["visible"]) == ([[-2, 2]], [[0, 15]])
    assert (query["visible_pixels"], query["visible_ranges"]) == ([5], [[[0, 2], [14, 15]]])
    told = units.query_text("net", make(AROUND, [16]), "a", [0])
    assert "pixels seen       5 of 16\nwhich        0..2, 14..15\n" in told


def test_the_length_of_a_visible_field_and_the_pixels_seen_are_two_numbers(make: Make) -> None:
    made = make(DILATED, [15, 15])
    table = unit_table("net", made, "a", (7, 7))
    shown = dict(zip([heading.text for heading in table.headings], table.rows[0].cells, strict=True))
    assert (shown["visible length"], "pixels seen" in shown) == ("5", False)
    assert COLUMNS["spatial_visible"].heading == "visible length"
    assert COLUMNS["spatial_visible"].cell(made, made["a"]) == unit_value(made, "a", [7], "seen") == "5"
    assert "pixels seen   3 of 5" in units.query_text("net", made, "a", [7, 7])


def test_holes_of_other_fields_are_told_as_well(make: Make) -> None:
    query = data.query_data("net", make(DILATED), "a", [0, 5])
    assert query["visible_ranges"] == [[[0, 0], [2, 2]], [[3, 3], [5, 5], [7, 7]]]
    assert query["visible_pixels"] == [2, 3]
    assert "which          0, 2  3, 5, 7\n" in units.query_text("net", make(DILATED), "a", [0, 5])
    assert "which" not in units.query_text("net", make(GATED), "conv1", [0, 5])


def test_the_pixels_seen_are_those_of_the_spatial_path_unless_gates_are_named(make: Make) -> None:
    told = units.query_text("net", make(f"{DILATED}, {{squeeze_excite: gate, squeeze: 1}}", [15]), "gate", [7])
    assert "pixels seen              3 of 5\nwhich                   5, 7, 9\n" in told


def test_many_ranges_are_counted(make: Make) -> None:
    wide = "{conv: a, kernel: 9, dilation: 2, channels: 3}"
    assert "9 ranges" in units.query_text("net", make(wide, [32]), "a", [3])
    eight = wide.replace("9", "8")
    assert "which        3, 5, 7, 9, 11, 13, 15, 17\n" in units.query_text("net", make(eight, [32]), "a", [3])


def test_beside_an_axis_with_holes_another_may_see_nothing(make: Make) -> None:
    holes = "{conv: a, kernel: 3, dilation: [2, 1], padding: [2, 1], channels: 3}"
    made = make(f"{holes}, {{transposed_conv: up, kernel: 1, stride: [1, 2], channels: 4}}")
    told = re.sub(" {2,}", "  ", units.query_text("net", made, "up", [5, 1]))
    assert "\npixels seen  3 of 5  –\nwhich  3, 5, 7  –\n" in told


def test_beside_an_axis_with_holes_another_may_be_too_large_to_follow(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One unit of three taps takes 3 single reads, and one that pools 32 of them 96."""
    monkeypatch.setattr(reach, "PATHS", 95)
    made = make(f"{DILATED}, {{avgpool: p, kernel: [1, 32]}}", [9, 32])
    told = re.sub(" {2,}", "  ", units.query_text("net", made, "p", [4, 0]))
    assert "\npixels seen  3 of 5  –\nwhich  2, 4, 6  –\n" in told


@pytest.mark.parametrize(("size", "said"), [([10], False), ([10, 10], True), ([10, 10, 10], True)])
def test_a_legend_speaks_of_all_axes_where_there_are_several(make: Make, size: list[int], said: bool) -> None:
    assert ("one number stands for all axes" in tables.legend(make("{relu: a}", size))) == said


@pytest.mark.slow
def test_pixels_beyond_the_limits_are_left_out(make: Make) -> None:
    """A unit that sees all of a very long map, through windows that do not join."""
    long = "{conv: a, kernel: 3, dilation: 2, padding: 2, channels: 3}, {global_avgpool: p}"
    query = data.query_data("net", make(f"{{relu: r}}, {long}", [1 << 20]), "a", [0])
    assert query["visible_ranges"] == [[[0, 0], [2, 2]]]
    twice = make(long.replace("kernel: 3", "kernel: 9").replace("padding: 2", "padding: 8"), [1 << 19])
    assert data.query_data("net", twice, "p", [0])["visible_ranges"] == [None]
    assert "which" not in units.query_text("net", twice, "p", [0])


def test_what_is_counted_around_the_ends_is_the_set(make: Make) -> None:
    """The middle unit of a map that was turned by a half sees pixels 9 and 0 of 10: the hull is all, the set is two."""
    turned = make(TURNED, [10])
    assert turned.unit("c", [4])[0].visible == Interval(0, 9)
    assert turned.unit("c", [4])[0].visible_size == 2
    assert turned.visible_share("c") == Fraction(1, 5)
    assert turned.first_to_see_all is None
    assert turned.seen_by("c", [0]) == ([4, 5],)
    assert turned.seen_by("c", [3]) == ([7, 8],)
    assert layer(turned)["visible"] == [2]


def test_sets_that_are_too_large_are_refused_and_one_unit_is_not(make: Make) -> None:
    around = make(AROUND, [1 << 16])
    for ask in (lambda: around.visible_fields("a", 0), lambda: around.every_unit_sees_all("a")):
        with pytest.raises(rfdocs.InputError, match="more than can be followed one by one"):
            ask()
    with pytest.raises(rfdocs.InputError, match="its padding, or a seam between its maps, leads elsewhere"):
        around.seen_by("a", [0])
    (unit,) = around.unit("a", [0])
    assert (unit.visible, unit.visible_size) == (
        Interval(0, (1 << 16) - 1),
        sum(part.size for part in around.visible_ranges("a", [0])[0] or ()),
    )


def test_a_unit_says_in_short_what_it_sees(make: Make) -> None:
    """The spatial path only where gates show more; nothing where nothing is read, whose length is 0."""
    item = "{conv: a, kernel: 3, padding: 1, channels: 1}, {squeeze_excite: gate, squeeze: 1}"
    (gated,) = make(item, [8]).unit("gate", [0])
    fields = "field=-1..8, visible=0..7, spatial_field=-1..1, spatial_visible=0..1"
    assert (repr(gated), gated.size, gated.spatial_size) == (f"UnitField({fields})", 10, 3)
    assert (gated.center, gated.spatial_center) == (Fraction(4), Fraction(1, 2))
    (empty,) = make("{transposed_conv: a, kernel: 1, stride: 2, channels: 1}", [8]).unit("a", [1])
    assert (repr(empty), empty.size, empty.center) == ("UnitField(field=nothing, visible=nothing)", 0, None)
    assert (empty.spatial_size, empty.spatial_center, empty.visible_size) == (0, None, 0)


def test_a_gate_adds_the_whole_map_to_the_set(make: Make) -> None:
    gated = make(f"{AROUND}, {{squeeze_excite: gate, squeeze: 2}}", [16])
    assert gated.unit("gate", [0])[0].visible_size == 16
    assert gated.visible_fields("gate", 0).count(0) == 5
    assert gated.visible_ranges("gate", [0]) == ([Interval(0, 15)],)


def test_a_pixel_that_no_unit_sees_is_said(make: Make) -> None:
    made = make("{conv: c, kernel: 1, stride: 3, channels: 4}")
    assert data.seen_by_data("net", made, "c", (1, 0))["units"] == [[], [0]]
    assert "none" in units.seen_by_text("net", made, "c", (1, 0))


def test_maps_too_large_to_follow_leave_only_their_own_figures_out(make: Make) -> None:
    made = make("{conv: c$number, repeat: 12, kernel: 3, padding: 1, channels: 4}", [1 << 20], 1)
    assert (layer(made)["rf"], layer(made)["visible"], layer(made)["visible_share"]) == ([25], [None], None)


# Every format from one declaration


def test_json_and_csv_hold_every_column(alexnet: Report) -> None:
    keys = list(COLUMNS)
    assert list(layer(alexnet)) == keys
    heads = [re.sub("(_before|_after)?_(height|width)$", "", key) for key in rows(alexnet)[0]]
    assert list(dict.fromkeys(heads)) == keys


@pytest.mark.parametrize(("size", "axes"), [([9], 1), ([9, 8], 2), ([9, 8, 7], 3)])
def test_csv_has_a_column_for_every_axis(make: Make, size: list[int], axes: int) -> None:
    row = rows(make("{conv: c, kernel: 3, channels: 2}", size))[0]
    names = {1: ["length"], 2: ["height", "width"], 3: ["depth", "height", "width"]}[axes]
    assert [row[f"size_{name}"] for name in names] == [str(length - 2) for length in size]


def test_csv_quotes_what_needs_it_and_nothing_else() -> None:
    assert data.csv_text([['a"b', "c,d", "e\nf", "g\rh"], ["plain", "", "i j", "k'l"]]) == (
        '"a""b","c,d","e\nf","g\rh"\nplain,,i j,k\'l\n'
    )


@given(st.lists(st.lists(st.text(), min_size=1)))
def test_csv_holds_any_text(rows: list[list[str]]) -> None:
    assert list(csv.reader(io.StringIO(data.csv_text(rows), newline=""))) == rows


def test_json_has_one_layer_a_line(alexnet: Report) -> None:
    lines = data.table_json("alexnet", alexnet).splitlines()
    assert sum(line.strip().startswith('{"name"') for line in lines) == len(alexnet.layers)


def test_json_is_plain_ascii() -> None:
    assert data.json_text({"title": "Å × ’"}).isascii()
    assert json.loads(data.json_text({"title": "Å × ’"})) == {"title": "Å × ’"}


def test_square_figures_stand_once_and_others_apart(make: Make) -> None:
    made = make(TALL, [10, 15])
    lines = tables.table_text("net", made).splitlines()
    assert lines[0].startswith("net, image 3 × 10 × 15: ")
    assert lines[3].split() == ["conv1", "conv", "4", "8×6", "1×2", "3×5", "1.5×2.5", "184", "8,640"]


def test_the_text_table_s_columns_stand_under_one_another(alexnet: Report) -> None:
    lines = tables.table_text("alexnet", alexnet).splitlines()[2:-2]
    ends = {line.rstrip().__len__() for line in lines}
    assert len(ends) == 1
    assert len(lines) == 1 + len(alexnet.layers)


def test_columns_that_tell_nothing_are_left_out(make: Make) -> None:
    assert "gate" not in tables.table_text("net", make("{conv: c, kernel: 3, channels: 4}")).splitlines()[2]
    told = tables.table_text("net", make(GATED))
    assert "gate" in told.splitlines()[2]
    assert told.endswith(
        "all along the spatial path; gate: through gates its units see more, as a rule the whole image\n"
    )


def test_misaligned_paths_show(make: Make) -> None:
    made = make(MISALIGNED)
    assert "misaligned" in tables.table_text("net", made)


@pytest.mark.parametrize("form", formats.TABLE_FORMATS)
def test_every_format_ends_its_last_line_and_names_every_layer(alexnet: Report, form: str) -> None:
    made = formats.table("alexnet", alexnet, form)
    assert made.endswith("\n")
    assert all(name in made for name in ("conv1", "pool5", "fc8"))


def test_an_unknown_format_is_refused(alexnet: Report) -> None:
    with pytest.raises(AttributeError, match="table_rtf"):
        formats.table("alexnet", alexnet, "rtf")


# Escaping


def test_a_bar_stays_in_its_cell_of_markdown() -> None:
    assert markdown(Table(["layer"], [["a|b"]])).splitlines()[-1] == r"| a\|b |"


@pytest.mark.parametrize("text", ["<script>", "`code`", "*bold*", "_em_", "[link](x)", "&amp;", "~x~", "$x$", "\\"])
def test_markup_is_text_in_markdown(text: str) -> None:
    import markdown_it

    shown = markdown_it.MarkdownIt("commonmark").enable("table").render(markdown(Table(["layer"], [[text]])))
    assert "<td>" in shown
    assert all(tag not in shown for tag in ("<script", "<code", "<em", "<strong", "<a "))


def test_what_latex_takes_for_commands_is_escaped() -> None:
    row = latex(Table(["layer"], [["a_b & 5% #1 $x$ {y} ~ ^ \\z × – <|>"]])).splitlines()[4]
    assert row == (
        r"a\_b \& 5\% \#1 \$x\$ \{y\} \textasciitilde{} \textasciicircum{} \textbackslash{}z $\times$ --"
        r" \textless{}\textbar{}\textgreater{} \\"
    )


def test_latex_stands_between_booktabs_rules(alexnet: Report) -> None:
    lines = tables.table_latex("alexnet", alexnet).splitlines()
    assert [lines[2], lines[3], lines[5], lines[-2], lines[-1]] == [
        r"\begin{tabular}{llrrrrrrr}", r"\toprule", r"\midrule", r"\bottomrule", r"\end{tabular}",
    ]  # fmt: skip
    assert lines[6] == r"conv1 & conv & 64 & 55 & 4 & 11 & 3.5 & 23\,296 & 70\,276\,800 \\"


@pytest.mark.parametrize("form", ["text", "markdown", "latex"])
def test_an_id_with_control_characters_cannot_reach_the_terminal(alexnet: Report, form: str) -> None:
    made = formats.table("a\x1b[31m\nb", alexnet, form)
    assert "\x1b" not in made
    assert "?31m?b" in made.replace("\\", "").replace("[", "")


def test_cells_of_a_terminal_s_table_stay_on_their_line() -> None:
    assert len(aligned(Table(["id"], [["a\nb"]])).splitlines()) == 2


# Numbers

fractions = st.fractions(max_denominator=10**6)


@given(fractions)
def test_text_is_exact(value: Fraction) -> None:
    assert Fraction(text_number(value, "")) == value


@given(fractions)
def test_grouping_changes_only_commas(value: Fraction) -> None:
    assert text_number(value).replace(",", "") == text_number(value, "")


@given(fractions)
def test_a_binary_fraction_survives_json(value: Fraction) -> None:
    through = Fraction(json.loads(json.dumps(json_number(value))))
    assert (through == value) is is_binary(value)


@given(st.sets(st.integers(0, 200)))
def test_spans_hold_exactly_the_numbers(numbers: set[int]) -> None:
    found: set[int] = set()
    for part in filter(None, ranges_text(sorted(numbers)).split(", ")):
        first, _, last = part.partition("..")
        found.update(range(int(first), int(last or first) + 1))
    assert found == numbers


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Fraction(-63, 2), "-31.5"), (Fraction(1, 3), "1/3"), (0, "0"), (None, "–"), (Fraction(1, 64), "0.015625"),
     (Fraction(1, 128), "1/128")],
)  # fmt: skip
def test_a_number_s_text(value: Fraction | None, shown: str) -> None:
    assert text_number(value) == shown


def test_axes_that_agree_stand_once() -> None:
    assert (per_axis((7, 7, 7)), per_axis((7, 8, 7)), per_axis((None, None))) == ("7", "7×8×7", "–")


def test_truth_is_a_word_for_people() -> None:
    assert (text(True), text(False)) == ("yes", "")


# The list


def test_the_list_has_each_network_with_its_final_map() -> None:
    entry = rfdocs.load("vgg16")
    listed = overview.list_data([(entry, entry.analyze())])
    final = listed["networks"][0]["final"]
    assert listed["networks"][0]["id"] == "vgg16"
    assert (final["rf"], final["jump"], final["start"], final["size"]) == ([212, 212], [32, 32], [16, 16], [7, 7])


def test_the_last_spatial_layer_is_before_those_that_change_nothing() -> None:
    entry = rfdocs.load("vgg16")
    analysed = entry.analyze()
    assert (analysed.features.name, analysed["avgpool"].receptive_field) == ("pool5", (212, 212))
    assert overview.list_data([(entry, analysed)])["networks"][0]["final"]["name"] == "pool5"
    assert overview.list_text([(entry, analysed)]).splitlines()[1].endswith(" pool5")


@pytest.mark.parametrize(
    ("layer", "last"),
    [
        ("{relu: a}", "conv1"),
        ("{pad: moved, padding: [[1, -1], [1, -1]]}", "moved"),  # nothing but its place
        ("{pad: moved, padding: [[0, 0], [1, -1]]}", "moved"),
        ("{pad: cut, padding: [[0, -1], [0, 0]]}", "cut"),
        ("{maxpool: wider, kernel: 3, stride: 1, padding: 1}", "wider"),
        ("{conv: weighted, kernel: 1, channels: 4}", "weighted"),
        ("{add: sum, from: [conv1, conv1]}", "sum"),
    ],
)
def test_a_layer_changes_nothing_if_it_keeps_every_unit_of_its_one_input(make: Make, layer: str, last: str) -> None:
    assert make(f"{{conv: conv1, kernel: 3, channels: 4}}, {layer}, {{relu: z}}").features.name == last


def test_the_list_s_text_has_a_line_a_network() -> None:
    entry = rfdocs.load("vgg16")
    lines = overview.list_text([(entry, entry.analyze())]).splitlines()
    assert lines[1].split()[:7] == ["vgg16", "VGG-16", "3", "×", "224", "×", "224"]


def test_the_list_s_words_and_inputs_stand_to_the_left_and_its_figures_to_the_right() -> None:
    pairs = [(entry := rfdocs.load(name), entry.analyze()) for name in ("lenet5", "resnext101_64x4d")]
    lines = overview.list_text(pairs).splitlines()[:3]
    columns = list(zip(*[re.finditer(r"\S+(?: \S+)*", line) for line in lines], strict=True))
    left = [column[0].group() for column in columns if len({cell.start() for cell in column}) == 1]
    right = [column[0].group() for column in columns if len({cell.end() for cell in column}) == 1]
    assert (left, right) == (["id", "title", "input", "at"], ["layers", "depth", "field", "jump"])


def test_what_a_network_does_not_have_is_an_empty_cell(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text("input: {channels: 3, size: [8, 8]}\nlayers: [{conv: a, kernel: 3, channels: 3}]\n", "utf-8")
    entry = rfdocs.load(file)
    cells = {key: column.cell(entry, entry.analyze()) for key, column in overview.NETWORK_COLUMNS.items()}
    assert (cells["year"], cells["implementation"], cells["gates"], cells["whole_image_from"]) == ("", "", "", "none")
    assert cells["global_context_from"] == "–"
    data_of_site = overview.network_data(entry, entry.analyze(), Shown.SITE)
    assert (data_of_site["whole_image_from"], data_of_site["global_context_from"]) == (None, None)


def test_what_a_network_has_is_named() -> None:
    entry = rfdocs.load("mobilenet_v3_large")
    cells = {key: column.cell(entry, entry.analyze()) for key, column in overview.NETWORK_COLUMNS.items()}
    assert (cells["year"], cells["implementation"], cells["size"]) == ("2019", "torchvision", "7 × 7")
    assert cells["gates"] == cells["global_context_from"] == "block4.se"
    assert cells["whole_image_from"] == "block12.depthwise"
