"""What the chapters on paths, on going up and on dilation draw and list, and how networks' pages lead to chapters."""

import re
from pathlib import Path

import pytest
from processes import sphinx
from test_figures import collisions, stray

import rfdocs
from rfdocs import Report
from rfdocs.algebra import hull
from rfdocs.catalogue import Entry
from rfdocs.figures import Drawing
from rfdocs.figures.guide_checkerboard import TWICE, WAYS, taps
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.guide_trees import Tree
from rfdocs.figures.joined_paths import LAYERS, PATHS, path_names, paths_drawing, paths_to
from rfdocs.figures.ways_up import levels_drawing, ways_up
from rfdocs.graph import InputError
from rfdocs.pages.content import Grid, Link, Picture, Section, To, plain
from rfdocs.pages.facts import facts_of
from rfdocs.pages.latency_table import Heard, latency_table
from rfdocs.pages.network_page import Origin, network_page
from rfdocs.pages.phase_table import phase_table
from rfdocs.pages.read_on import CHAPTERS

SITE = Path(__file__).resolve().parent.parent / "site"
EXAMPLES = SITE / "guide" / "examples"


def analysed(name: str) -> tuple[Entry, Report]:
    entry = rfdocs.load(f"{EXAMPLES}/{name}" if ".yaml" in name else name)
    return entry, entry.analyze()


def cells(table: Grid) -> list[list[str]]:
    return [[plain(cell) for cell in row.cells] for row in table.rows]


# --- paths -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["paths.yaml:residual", "paths.yaml:inception", "paths.yaml:sideways", "enet", "bagnet9"]
)
def test_the_paths_of_a_layer_make_its_field_its_smallest_path_and_its_misalignment(name: str) -> None:
    report, drawn = analysed(name)[1], 0
    for layer in report:
        try:
            paths = paths_to(report, layer.name)
        except InputError:
            continue
        fields, axis = [path.field for path in paths], layer.axes[-1]
        centers = [field.center for field in fields]
        assert hull(fields) == axis.field.at(axis.central)
        assert min(field.size for field in fields) == layer.smallest_path[-1]
        assert max(centers) - min(centers) == layer.misalignment[-1]
        drawn += 1
    assert drawn > 2


def test_two_residual_blocks_have_four_paths() -> None:
    report = analysed("paths.yaml:residual")[1]
    paths = paths_to(report, "second.add")
    assert path_names(report, paths) == ["3×3, 3×3, 3×3, 3×3", "3×3, 3×3", "3×3, 3×3", "straight"]
    assert [path.field.size for path in paths] == [9, 5, 5, 1]


def test_branches_that_do_the_same_go_by_their_layers_names() -> None:
    report = analysed("paths.yaml:sideways")[1]
    assert path_names(report, paths_to(report, "add")) == ["back", "ahead"]


def test_the_drawing_says_what_each_path_sees_and_how_far_centres_are_apart() -> None:
    entry, report = analysed("enet")
    told = paths_drawing(entry.title, report, "stem.concat").alternative
    assert "3×3 /2: pixels 1021 to 1023, 3 in all. Their centres lie up to 0.5 px apart." in told
    assert "the hull of all is pixels 1021 to 1023, 3 pixels" in told


def test_more_paths_than_can_be_drawn_are_refused_with_a_way_out() -> None:
    report = analysed("resnet18")[1]
    told = f"16 paths through 15 layers; at most {PATHS} through {LAYERS} are drawn"
    with pytest.raises(InputError, match=f"layer2.1.add: {told}") as refused:
        paths_to(report, "layer2")
    assert "a file with one block alone" in refused.value.hint


def test_the_block_of_the_figure_and_its_chain_have_the_same_layers() -> None:
    windows = {
        name: sorted(layer.windows[0].kernel for layer in analysed(f"paths.yaml:{name}")[1] if layer.windows)
        for name in ("inception", "chained")
    }
    assert windows["inception"] == windows["chained"]


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("paths.yaml:residual", "second.add"),
        ("paths.yaml:inception", "block.concat"),
        ("paths.yaml:sideways", "add"),
        ("enet", "stem.concat"),
        ("bagnet9", "layer1.0.add"),
        ("googlenet", "inception3a"),
        ("resnet18", "layer1"),
        ("xception", "block2.add"),
        ("vgg16", "pool5"),
        ("seresnet50", "layer1.0"),
    ],
)
def test_no_text_of_drawn_paths_overlaps_or_leaves_the_page(name: str, layer: str) -> None:
    entry, report = analysed(name)
    drawing = paths_drawing(entry.title, report, layer)
    assert collisions(drawing) == []
    assert stray(drawing) == []


@pytest.mark.parametrize(
    ("name", "layer", "units"),
    [("unet", "output", [192, 200]), ("pix2pix-unet256", "up1", [128]), ("enet", "head", [500, 501, 502])],
)
def test_no_text_of_drawn_levels_overlaps_or_leaves_the_page(name: str, layer: str, units: list[int]) -> None:
    entry, report = analysed(name)
    drawing = levels_drawing(entry.title, report, layer, units)
    assert collisions(drawing) == []
    assert stray(drawing) == []


# --- going up --------------------------------------------------------------------------------------------------------


def test_the_lowest_map_of_a_u_net_decides_the_field_of_every_unit() -> None:
    report = analysed("unet")[1]
    bottom, output = report["bottom"], report["output"]
    for unit in range(160, 192):
        ways = ways_up(report, "output", unit)
        assert [way.coarse.jump for way in ways] == [2, 4, 8, 16]
        lowest = ways[-1].coarse
        assert lowest.name == bottom.name
        field = bottom.receptive_field[0] + (lowest.units.size - 1) * (bottom.jump[0] or 0)
        found = output.axes[-1].field.at(unit)
        assert found is not None
        assert found.size == field


def test_units_of_a_level_stand_a_jump_apart() -> None:
    entry, report = analysed("unet")
    coarse = ways_up(report, "output", 192)[-1].coarse
    assert [box.right - box.left for box in coarse.cells] == [16.0] * 4
    assert coarse.text == "4 × 16 px"
    told = levels_drawing(entry.title, report, "output", [192, 200]).alternative
    assert "8 units of upconv4 from 4; its field is 188 pixels." in told
    assert "8 units of upconv4 from 5; its field is 204 pixels." in told


def test_levels_are_those_of_layers_behind_an_upsampling_that_has_a_grid() -> None:
    with pytest.raises(InputError, match="pool5 reads nothing that was upsampled"):
        ways_up(analysed("vgg16")[1], "pool5", 3)
    with pytest.raises(InputError, match="has no jump, so that its units have no place"):
        ways_up(analysed("unet-bilinear-corners")[1], "output", 3)
    with pytest.raises(InputError, match="the last is"):
        ways_up(analysed("unet")[1], "output", 388)


@pytest.mark.parametrize(
    ("name", "of"), [("unet", "output"), ("unet-bilinear", "output"), ("traps.yaml:factor", "up"), ("vgg16", "pool5")]
)
def test_phases_that_see_the_same_share_a_row_and_all_phases_are_there(name: str, of: str) -> None:
    entry, report = analysed(name)
    layer, table = report[of], phase_table(entry.title, report, of)
    listed = []
    for phases, units, field, size, _ in cells(table):
        first, last = [int(one) for one in (units.split(" … ") * 2)[:2]]
        assert len(range(first, last + 1)) == len(range(*map(int, (phases.split(" … ") * 2)[:2]))) + 1
        for unit in range(first, last + 1):
            found = layer.axes[-1].field.at(unit)
            assert found is not None
            assert (f"{found.first} … {found.last}", str(found.size)) == (field, size)
            listed.append(unit % layer.axes[-1].field.period)  # type: ignore[union-attr]
    assert listed == list(range(layer.axes[-1].field.period))  # type: ignore[union-attr]


def test_fields_that_do_not_repeat_have_no_phases() -> None:
    entry, report = analysed("unet-bilinear-corners")
    with pytest.raises(InputError, match="output has no phases: its fields do not repeat"):
        phase_table(entry.title, report, "output")
    small = small_report(1, "transposed_conv: up, kernel: 2, stride: 3, channels: 1")
    with pytest.raises(InputError, match="up has 3 phases, and 2 units"):
        phase_table("small", small, "up")


def test_overlap_is_even_where_the_stride_divides_the_kernel() -> None:
    assert [taps(way.report(), 6, 4) for way in WAYS] == [[1, 2, 1, 2], [2, 2, 2, 2], [3, 3, 3, 3]]
    assert taps(TWICE.report(), 16, 8) == [1, 3, 2, 3, 1, 3, 2, 3]


# --- dilation --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "field", "ahead"), [(Tree(2, (1, 2, 4, 8), causal=True), 16, 0), (Tree(3, (1, 2, 4)), 15, 7)]
)
def test_trees_begin_with_pixel_0_and_reach_ahead_unless_they_are_causal(tree: Tree, field: int, ahead: int) -> None:
    report = tree.report()
    seen = report.last.axes[0].field.at(tree.unit)
    assert seen is not None
    assert (seen.first, seen.size, seen.last - tree.unit) == (0, field, ahead)


def test_what_lies_behind_and_ahead_makes_the_field() -> None:
    report = analysed("dilation.yaml:both-ways")[1]
    heard = [
        Heard("WaveNet", analysed("wavenet")[1], "last_conv_layers.3", None),
        Heard("Jasper", analysed("jasper5x3")[1], "output", 100),
        Heard("Both ways", report, "blocks.23.add", None),
    ]
    rows = cells(latency_table(heard, ""))
    assert rows[0] == ["WaveNet", "16,000", "191.875", "0.062", "191.812", "0.000"]
    for _, _, *lengths in rows:
        field, hop, back, ahead = [float(length.replace(",", "")) for length in lengths]
        assert field == pytest.approx(hop + back + ahead, abs=0.002)


def test_without_a_rate_or_on_two_axes_there_are_no_milliseconds() -> None:
    for name, layer, rate in (("jasper5x3", "output", None), ("vgg16", "pool5", 100)):
        entry, report = analysed(name)
        with pytest.raises(InputError, match=f"{re.escape(entry.title)} has no samples per second"):
            latency_table([Heard(entry.title, report, layer, rate)], "")


# --- from networks to chapters ---------------------------------------------------------------------------------------


PICTURES = {"graph": Picture("graph", Drawing("", "", ""))}


def led_to(name: str, guide: str = "guide") -> dict[str, list[tuple[str, str]]]:
    """By the section's id, the chapters that a network's page leads to, and in which words."""
    entry, report = analysed(name)
    page = network_page(entry, report, facts_of(entry, report), PICTURES, Origin("", guide=guide))
    return {section.identifier: links for section in page.sections if (links := _links(section))}


def _links(section: Section) -> list[tuple[str, str]]:
    links = [part for part in section.read_on if isinstance(part, Link)]
    assert all(link.to is To.PAGE for link in links)
    if links:
        assert plain(section.read_on) == f"Read on: {'; '.join(link.text for link in links)}."
    return [(link.target, link.text) for link in links]


def targets(name: str, section: str) -> list[str]:
    return [target.removeprefix("guide/") for target, _ in led_to(name).get(section, [])]


@pytest.mark.parametrize(
    ("name", "layers", "graph"),
    [
        ("vgg16", ["arithmetic"], []),
        ("resnet18", ["arithmetic"], ["paths"]),
        ("googlenet", ["arithmetic", "padding"], ["paths"]),
        ("mobilenet_v1-tf", ["arithmetic", "padding"], []),
        ("unet", ["arithmetic", "upsampling"], ["paths"]),
        ("espcn-x3", ["arithmetic", "upsampling"], []),
        ("drn-c-26", ["arithmetic", "dilation"], ["paths"]),
        ("deeplabv3plus_resnet50", ["arithmetic", "upsampling", "dilation"], ["paths"]),
        ("seresnet50", ["arithmetic"], ["paths"]),
    ],
)
def test_a_page_leads_to_the_chapters_on_what_its_network_has(name: str, layers: list[str], graph: list[str]) -> None:
    assert targets(name, "layers") == layers
    assert set(targets(name, "graph")) == set(graph)
    assert targets(name, "tiling") == ["border"]
    assert targets(name, "stages") == ["reading"]
    assert targets(name, "picture") == ["sees"]


def test_what_is_special_is_said_in_the_words_of_the_link() -> None:
    assert ("guide/paths", "paths that lie beside each other") in led_to("enet")["graph"]
    assert ("guide/paths", "why a field is the hull of all paths") in led_to("resnet18")["graph"]
    assert ("guide/paths", "what gates add") in led_to("seresnet50")["graph"]
    assert ("guide/dilation", "pixels in a field that nothing reads") in led_to("deeplabv3plus_resnet50")["layers"]
    assert ("guide/dilation", "how far a stack looks ahead") in led_to("wavenet")["tiling"]
    assert [target for target, _ in led_to("unet")["mistaken"]] == ["guide/mistakes"]


def test_without_a_guide_no_page_leads_anywhere() -> None:
    assert led_to("unet", guide="") == {}


def test_every_chapter_that_pages_lead_to_is_in_the_guide() -> None:
    listed = re.findall(r"^[a-z]+$", (SITE / "guide" / "index.md").read_text("utf-8"), re.MULTILINE)
    assert {chapter.document for chapter in CHAPTERS} <= set(listed)
    assert 'rfdocs_guide = "guide"' in (SITE / "conf.py").read_text("utf-8")


@pytest.mark.parametrize("name", ["unet-padded", "deeplabv3plus_resnet50", "mobilenet_v1-tf"])
def test_the_chapters_do_not_depend_on_the_size_of_the_image(name: str) -> None:
    report, larger = (rfdocs.load(name).analyze(size) for size in (None, 320))
    assert [chapter.concerns(report) for chapter in CHAPTERS] == [chapter.concerns(larger) for chapter in CHAPTERS]


# --- in any project --------------------------------------------------------------------------------------------------

CONF = """
extensions = ["rfdocs.sphinx"]
rfdocs_catalogue = "nets"
html_theme = "basic"
"""
BLOCK = """
title: A block
input: {channels: 4, size: 24, rate: 8000}
layers:
  - {upsample: up, scale: 2}
  - name: sum
    add:
      - [{conv: conv, kernel: 3, padding: 1, channels: 4}]
      - []
"""
INDEX = """
Title
=====

.. toctree::

   networks/index

.. rf-paths:: nets/block.yaml sum
   :caption: Both ways.

.. rf-phases:: block sum

.. rf-levels:: block sum
   :units: 4 5

.. rf-levels:: block sum

.. rf-latency::

   block sum
   block up @48 100Hz

.. rf-explorer:: block

.. rf-compare::

   block sum
   nets/block.yaml sum

.. rf-productive::

   block

.. rf-heads::

   block sum

.. rf-influence::

   block

.. rf-query:: block sum
"""
MISTAKES = """
Title
=====

.. toctree::

   networks/index

.. rf-paths:: block summ

.. rf-levels:: block sum
   :units: 1 2 3 4 5

.. rf-levels:: block sum
   :units: 99

.. rf-latency::

   block sum 16kHz
"""


def build(folder: Path, index: str, more: str = "") -> str:
    (folder / "nets").mkdir()
    (folder / "nets" / "block.yaml").write_text(BLOCK, "utf-8")
    (folder / "conf.py").write_text(CONF + more, "utf-8")
    (folder / "index.rst").write_text(index, "utf-8")
    return sphinx(folder, "-q", "-b", "html", ".", "out").stderr


@pytest.mark.slow
def test_the_directives_work_in_any_project(tmp_path: Path) -> None:
    assert build(tmp_path, INDEX) == ""
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert page.count("<figure ") == 3 + 2
    assert "Both ways." in page
    assert "A block, sum: the units of one period of 2" in page
    assert page.count("8,000") == 1
    still = re.search(
        r'<div class="rf-still rf-explored">\n<figure .*?</table>\n</div>\n</div>\n<section', page, re.DOTALL
    )
    assert still is not None
    assert "<td>11 … 12</td>" in still[0], "as the table of its central unit has it"
    way = '<a href="networks/block.html">A block</a>'
    tables = re.findall(r'rf-scroll rf-(\w+)"(.*?)</table>', page, re.DOTALL)
    assert [(kind, text.count(way)) for kind, text in tables][1:] == [
        ("comparison", 2),
        ("unit", 1),
        ("comparison", 1),  # a file of one's own has no page
        ("productive", 1),
        ("heads", 1),
        ("unit", 1),
    ]
    assert re.search(r'The networks’ pages: <a [^>]*href="networks/block.html"', page)
    assert "Read on" not in (tmp_path / "out" / "networks" / "block.html").read_text("utf-8")


@pytest.mark.slow
def test_mistakes_are_warnings_at_their_place(tmp_path: Path) -> None:
    said = build(tmp_path, MISTAKES)
    for warning in (
        "there is no layer 'summ'",
        "5 units are named; at most 4 are drawn",
        "index.rst:14: WARNING: sum is 48: there is no (99)",
        "'block sum 16kHz' should name a network, a layer, and perhaps @8192 and 16000Hz",
    ):
        assert warning in said


@pytest.mark.slow
def test_a_project_with_a_guide_of_its_own_is_led_to_it(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    documents = {chapter.document for chapter in CHAPTERS}
    for document in documents:
        (tmp_path / "course" / f"{document}.rst").write_text(f":orphan:\n\n{document}\n============\n", "utf-8")
    assert build(tmp_path, "Title\n=====\n\n.. toctree::\n\n   networks/index\n", 'rfdocs_guide = "course"\n') == ""
    page = (tmp_path / "out" / "networks" / "block.html").read_text("utf-8")
    assert '<a class="reference internal" href="../course/upsampling.html">' in page
    assert page.count("Read on: ") == 6
