"""How paths are spread, in a browser and in pictures; which heads hold an object, and which layers gain no context."""

import json
from collections.abc import Iterator
from fractions import Fraction
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import every
import numpy as np
import pytest
from hypothesis import given
from oracle.networks import Description, networks
from processes import sphinx
from test_against_oracle import ORACLE_SETTINGS, written

import rfdocs
from rfdocs import InputError, Report
from rfdocs.algebra import Interval
from rfdocs.figures.guide_border import _held_units
from rfdocs.figures.guide_influence import (
    LAYERS,
    deviation,
    gradients,
    plain_report,
    random_gradients,
    residual_report,
    widths,
)
from rfdocs.formats.program import program
from rfdocs.making.scripts import ENGINE, FOLDER
from rfdocs.pages.heads import Head, heads_table, held_size
from rfdocs.pages.productive import all_is_seen, field_is_beyond, productive_table, smallest_path_is_beyond, wide_layers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# --- held by a field -------------------------------------------------------------------------------------------------


def test_a_head_holds_what_its_units_hold_on_the_shorter_axis() -> None:
    report = rfdocs.load("ssd300").analyze()
    assert [held_size(report, report[name]) for name in ("conv4_3_norm_loc", "conv11_2_loc")] == [108 - 8 + 1, 300]
    row = heads_table([Head("SSD300", report, "conv4_3_norm_loc", ("30",))], "").rows[0]
    assert row.cells == ("conv4_3_norm_loc", "8", "57", "108", "101", "30")
    assert heads_table([Head("SSD300", report, "conv7_loc")], "").rows[0].cells[-1] == "300"


def test_layers_gain_no_context_by_three_measures() -> None:
    report = rfdocs.load("vgg16").analyze(32)
    wide = wide_layers(report)
    assert len(wide) == 13
    for judge, first in ((field_is_beyond, "conv4_1"), (smallest_path_is_beyond, "conv4_1"), (all_is_seen, "conv4_2")):
        assert next(layer.name for layer in wide if judge(report, layer)) == first
    for layer in wide:
        source = layer.inputs[0]
        every = source != "input" and all(
            axis.visible == Interval(0, 31)
            for unit in range(report[source].size[0])
            for axis in report.unit(source, (unit, unit))
        )
        assert all_is_seen(report, layer) == every
    assert productive_table([("VGG-16", report)], "").rows[0].cells[2:] == ("13", "6", "conv4_1", "6", "5", "164")


# --- pictures --------------------------------------------------------------------------------------------------------


def test_padding_holds_what_numpy_pads_with() -> None:
    modes = {"zeros": "", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    for mode, theirs in modes.items():
        padded = ["·", "·", *"012345", "·", "·"] if not theirs else map(str, np.pad(range(6), 2, mode=theirs))  # type: ignore[call-overload]
        assert list(_held_units(mode).values()) == list(padded), mode


def test_shortcuts_make_the_influence_narrower_and_leave_the_field() -> None:
    plain, residual = plain_report(32), residual_report(32)
    assert plain.last.receptive_field == residual.last.receptive_field == (65,)
    assert widths(plain, "conv")[-1] > widths(residual, "add")[-1]
    for depth in range(1, 33):
        for report, name, variance in ((plain, f"conv{depth - 1}", 2 / 3), (residual, f"add{depth - 1}", 1 / 2)):
            spread = report.effective(name)[0]
            assert spread is not None
            assert spread.deviation == pytest.approx(sqrt(depth * variance))


@pytest.mark.parametrize("rectified", [False, True])
def test_gradients_are_what_a_small_change_of_a_pixel_makes(rectified: bool) -> None:
    draws = np.random.RandomState(7)
    weights, image = draws.standard_normal((4, 2, 3, 3, 3)), draws.standard_normal((2, 3, 9))
    told = gradients(weights, image, rectified=rectified)
    assert told.shape == (2, 3, 3, 9)
    for network in range(2):
        before = run_forwards(weights[:, network], image[network], rectified)
        for channel in range(3):
            for pixel in range(9):
                changed = image[network].copy()
                changed[channel, pixel] += 1e-7
                change = (run_forwards(weights[:, network], changed, rectified) - before) / 1e-7
                assert told[network, :, channel, pixel] == pytest.approx(change, abs=1e-5)


def run_forwards(weights: Any, values: Any, rectified: bool) -> Any:
    """What the one unit that is left has, tap by tap."""
    for place, layer in enumerate(weights):
        length = values.shape[1] - 2
        values = sum(layer[..., tap] @ values[:, tap : tap + length] for tap in range(3))
        if rectified and place < len(weights) - 1:
            values = np.maximum(values, 0)
    return values[:, 0]


def test_the_mean_square_is_the_number_of_paths_and_the_mean_magnitude_wider() -> None:
    paths = np.array(list(plain_report(LAYERS).path_counts(f"conv{LAYERS - 1}", 0, 0).values()), float)
    for rectified in (False, True):
        drawn = random_gradients(rectified=rectified)
        assert deviation(drawn.squares) == pytest.approx(deviation(paths), rel=0.05)
        assert deviation(drawn.magnitudes) == pytest.approx(deviation(np.sqrt(paths)), rel=0.05)


# --- in a browser ----------------------------------------------------------------------------------------------------

SPREADS = """([program, size, names]) => {
  const network = new RfNetwork(program), report = network.analyse(size);
  return names.map((name) => report.traces.map((trace, axis) => {
    const layer = network.find(name) ?? 0;
    const paths = rfEffective.response(network, trace, network.nodes[layer], report.central(layer)[axis]);
    return paths && [paths.first, paths.counts.map(String), Object.values(rfEffective.spread(paths))];
  }));
}"""


@pytest.fixture(scope="module")
def counter(browser: "Browser") -> "Iterator[Page]":
    """A page with the engine and what counts paths."""
    page = browser.new_page()
    for script in ENGINE:
        page.add_script_tag(path=FOLDER / script)
    yield page
    page.close()


def told_by_counter(counter: "Page", report: Report, names: list[str]) -> Any:
    asked = [program(report.network), list(report.input_size), names]
    return counter.evaluate(f"(asked) => ({SPREADS})(JSON.parse(asked))", json.dumps(asked))


def counted(report: Report, name: str) -> list[object]:
    """What the algebra says of a layer's central unit: the paths from each pixel, and their spread."""
    return [axis_counts(report, name, axis) for axis in range(len(report.input_size))]


def axis_counts(report: Report, name: str, axis: int) -> object:
    counts, spread = report.central_path_counts(name, axis), report.effective(name)[axis]
    if not counts or spread is None:
        return None
    paths = [str(counts.get(pixel, 0)) for pixel in range(min(counts), max(counts) + 1)]
    return [min(counts), paths, [float(spread.mean), spread.deviation, spread.first, spread.end]]


def test_the_browser_counts_the_paths_of_every_sixth_network_to_the_last_digit(counter: "Page") -> None:
    for entry in every.entries()[::6]:
        report = every.reports()[entry.identifier]
        names = list(dict.fromkeys([report.features.name, report.layers[len(report.layers) // 2].name]))
        try:
            expected = [counted(report, name) for name in names]
        except InputError:
            continue
        if all(axis is not None for layer in expected for axis in layer):
            assert told_by_counter(counter, report, names) == expected, entry.identifier


def test_the_browser_counts_the_paths_of_any_network(counter: "Page", tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("counter") / "network.yaml"

    @ORACLE_SETTINGS
    @given(networks())
    def agrees(description: Description) -> None:
        try:
            report = written(file, description).analyze()
        except (rfdocs.CatalogueError, InputError, rfdocs.NetworkError):
            return
        names = [layer.name for layer in report]
        assert told_by_counter(counter, report, names) == [counted(report, name) for name in names]

    agrees()


CHAPTER = """
Title
=====

.. rf-influence::
   :caption: Paths.
   :further: unet-padded resnet18

   vgg16 conv3_3
   unet-padded

.. rf-heads::
   :object: 96

   ssd300 conv4_3_norm_loc 30
   ssd300 conv7_loc 60
   ssd300 conv9_2_loc 162
   yolov5s model.24.m.0
"""


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("chapter")
    (folder / "conf.py").write_text('extensions = ["rfdocs.sphinx"]\nhtml_theme = "basic"\n', "utf-8")
    (folder / "index.rst").write_text(CHAPTER, "utf-8")
    done = sphinx(folder, "-W", "-q", "-b", "html", ".", "out")
    assert done.returncode == 0, done.stderr
    return Path(folder, "out", "index.html").as_uri()


def test_a_reader_chooses_a_network_and_a_layer(opened: "Page", chapter: str) -> None:
    opened.goto(chapter)
    figure = opened.locator("figure.rf-influence")
    told = figure.locator("> .rf-told")
    assert told.text_content() == sentence("vgg16", "VGG-16", "conv3_3")
    assert figure.locator("> svg").get_attribute("aria-label") == told.text_content()
    figure.get_by_label("along the network").press("End")
    assert told.text_content() == sentence("vgg16", "VGG-16", "pool5")
    figure.get_by_label("along the network").press("ArrowLeft")
    assert told.text_content() == sentence("vgg16", "VGG-16", "conv5_3")
    figure.locator("select").first.select_option(index=1)
    assert told.text_content() == sentence("unet-padded", rfdocs.load("unet-padded").title, "output")
    figure.locator("select").last.select_option(index=0)
    assert "the field has 3 px" in str(told.text_content())


def test_where_units_differ_the_field_is_said_to_be_one_unit_s(opened: "Page", chapter: str) -> None:
    opened.goto(chapter)
    figure = opened.locator("figure.rf-influence")
    figure.locator("select").first.select_option(index=1)
    layer = rfdocs.load("unet-padded").analyze()["output"]
    words = f"188 px ({layer.receptive_field_min[0]} to {layer.receptive_field[0]} by unit)"
    assert f"this unit's field has {words}, σ" in str(figure.locator("> .rf-told").text_content())
    assert f"this unit's field: {words}" in figure.locator("> svg text").all_text_contents()


def test_further_networks_stand_in_print_alone(opened: "Page", chapter: str) -> None:
    opened.goto(chapter)
    further = opened.locator(".rf-further")
    assert not further.is_visible()
    opened.emulate_media(media="print")
    assert further.is_visible()
    opened.emulate_media(media="screen")


def sentence(identifier: str, title: str, name: str) -> str:
    report = rfdocs.load(identifier).analyze()
    counts, spread = report.central_path_counts(name, 0), report.effective(name)[0]
    assert spread is not None
    field, layer = max(counts) - min(counts) + 1, report[name]
    least, most = layer.receptive_field_min[0], layer.receptive_field[0]
    told = (
        f"the field has {field} px"
        if least == most
        else f"this unit's field has {field} px ({least} to {most} by unit)"
    )
    return (
        f"{title}, {name}: {told}, σ = {spread.deviation:.1f} px; 95 % of the paths begin within"
        f" {spread.width} px, {round(Fraction(100 * spread.width, field))} % of that field."
    )


def test_a_reader_asks_which_head_holds_an_object(opened: "Page", chapter: str) -> None:
    opened.goto(chapter)
    told, words = (
        opened.locator(".rf-chooser output"),
        opened.locator(".rf-heads tbody tr:not(.rf-group) td:nth-child(2)"),
    )
    assert words.all_text_contents() == ["held, not in 95 %", "held", "held", "held"]
    size = opened.get_by_label("object, px")
    size.fill("7")
    assert words.all_text_contents() == ["too small"] * 4
    size.fill("57")
    assert "conv4_3_norm_loc (SSD300), model.24.m.0 (YOLOv5s)" in str(told.text_content())
    size.fill("102")
    assert words.first.text_content() == "too large"
    assert opened.get_by_label("the object's size").input_value() == "102"
    opened.get_by_label("detector").select_option("SSD300")
    assert str(told.text_content()).endswith("is conv7_loc (SSD300).")
    assert opened.locator(".rf-heads tbody:visible").count() == 1


def test_without_a_size_no_head_keeps_its_answer(opened: "Page", chapter: str) -> None:
    opened.goto(chapter)
    told, size = opened.locator(".rf-chooser output"), opened.get_by_label("object, px")
    for typed in ("", "0", "-7", "1.5"):
        size.fill(typed)
        assert str(told.text_content()).startswith("Write the object's size"), typed
        answers = opened.locator(".rf-heads tbody tr:not(.rf-group) td:nth-child(2)")
        assert set(answers.all_text_contents()) == {""}, typed
        assert opened.locator(".rf-heads .rf-chosen").count() == 0
        assert size.get_attribute("aria-invalid") == "true"
    opened.get_by_label("detector").select_option("SSD300")
    assert (size.input_value(), opened.locator(".rf-heads tbody:visible").count()) == ("1.5", 1)
    opened.get_by_label("the object's size").press("ArrowRight")
    assert size.input_value() == "97", "the slider stays where the last size was, and goes on from there"
    assert str(told.text_content()).startswith("97 px: the finest head that holds it")
    size.fill("5000")
    assert str(told.text_content()).endswith("is none (SSD300).")


def test_both_stand_there_without_scripts(browser: "Browser", chapter: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(chapter)
    pictures, words = page.locator("figure.rf-influence svg"), page.locator("figure.rf-influence .rf-told")
    assert [one.is_visible() for one in pictures.all()] == [True] * 3
    own = [("vgg16", "pool5"), ("unet-padded", "output"), ("resnet18", "layer4.1.add")]
    assert words.all_text_contents() == [sentence(name, rfdocs.load(name).title, layer) for name, layer in own]
    assert page.locator(".rf-chooser").is_hidden()
    assert page.locator(".rf-heads tbody tr:not(.rf-group)").count() == 4
    page.close()
