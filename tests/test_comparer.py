"""The page that sets networks side by side: it says what the command line says, and is used by pointer and keyboard."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import every
import pytest

import rfdocs
from rfdocs.formats.comparisons import ROW_COLUMNS, compared_lines, rows_by_jump, stage_rows
from rfdocs.formats.numbers import per_axis
from rfdocs.formats.program import program, program_script
from rfdocs.making.scripts import FOLDER, scripts_for
from rfdocs.pages.content import Comparer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def test_a_program_is_a_script_that_any_page_may_ask_for() -> None:
    entry = rfdocs.load("lenet5")
    bracket, _, data = program_script(entry).removesuffix(";\n").partition(" = ")
    assert bracket == 'rfPrograms["lenet5"]'
    brought = json.loads(data)
    assert (brought["title"], brought["file"]) == (entry.title, "lenet.yaml")
    assert brought["program"] == json.loads(json.dumps(program(entry.network)))
    assert brought["items"][:2] == [{"conv": "C1", "kernel": 5, "channels": 6}, {"avgpool": "S2", "kernel": 2}]


@pytest.fixture(scope="module")
def aligned(browser: "Browser") -> "Iterator[Page]":
    """A page with what aligns networks, and nothing to show it."""
    page = browser.new_page()
    for script in scripts_for(Comparer):
        page.add_script_tag(path=FOLDER / script)
    yield page
    page.close()


ROWS = """(asked) => JSON.parse(asked).map((program) => {
  const network = new RfNetwork(program), report = network.analyse(network.size);
  return [...rfStages.rowsByJump(report).values()].map(
    ({ jump, layer }) => [rfNumbers.perAxis(jump), network.shownName(layer)]);
})"""


def test_maps_are_aligned_as_the_command_line_aligns_them(aligned: "Page") -> None:
    entries = every.entries()[::6]
    told = aligned.evaluate(ROWS, json.dumps([program(entry.network) for entry in entries]))
    for entry, rows in zip(entries, told, strict=True):
        report = every.reports()[entry.identifier]
        expected = rows_by_jump(report).items()
        name = report.network.shown_name
        assert rows == [[per_axis(jump), name(layer.name)] for jump, layer in expected], entry.identifier


TOLD = """(asked) => {
  const reports = JSON.parse(asked).map(([program, size]) => new RfNetwork(program).analyse(size));
  return [rfAlignment.comparedLines(reports), rfAlignment.stageRows(reports).map(({ jump, layers, differs }) =>
    [rfNumbers.perAxis(jump), layers.map((layer, place) => layer === null ? null :
      [reports[place].network.shownName(layer), ...rfAlignment.stageCells(reports[place], layer)]), differs])];
}"""


@pytest.mark.parametrize(
    "names",
    [
        "resnet50 vgg16",
        "mobilenet_v3_small unet googlenet yolov3",
        "wavenet-24x4 vggish",
        "c3d unet3d",
        "alexnet alexnet",
    ],
)
def test_what_is_said_of_networks_is_what_the_command_line_says(aligned: "Page", names: str) -> None:
    agree(aligned, [(entry, entry.analyze()) for entry in map(rfdocs.load, names.split())])


def test_of_units_that_are_too_many_to_follow_the_rest_is_compared(aligned: "Page") -> None:
    networks = [(entry, entry.analyze((160_000,))) for entry in map(rfdocs.load, ("wavenet-24x4", "jasper10x5"))]
    assert agree(aligned, networks)[:2] == ["input", "last map"]


def agree(aligned: "Page", networks: Any) -> list[str]:
    """Holds what is said of networks to the command line's; the headings of their values."""
    asked = json.dumps([[program(entry.network), report.input_size] for entry, report in networks])
    lines, stages = aligned.evaluate(TOLD, asked)
    expected = [
        {"heading": line.column.heading, "cells": list(line.cells), "differs": line.differs}
        for line in compared_lines(networks)
    ]
    assert lines == expected
    assert stages == [stage_told(networks, row) for row in stage_rows(networks)]
    return [line["heading"] for line in lines]


def stage_told(networks: Any, row: Any) -> list[Any]:
    cells = [
        None
        if layer is None
        else [report.network.shown_name(layer.name), *[column.cell(report, layer) for column in ROW_COLUMNS.values()]]
        for (_, report), layer in zip(networks, row.layers, strict=True)
    ]
    headings = {key: column.heading for key, column in ROW_COLUMNS.items()}
    return [per_axis(row.jump), cells, [headings.get(key, key) for key in row.differs]]


def heads(page: "Page") -> list[str]:
    page.wait_for_selector(".rf-wholes thead th")
    return page.locator(".rf-wholes thead th").all_text_contents()


def wait_for_heads(page: "Page", names: list[str]) -> None:
    """The networks come one after the other, and stand there when all are."""
    told = "[...document.querySelectorAll('.rf-wholes thead th')].map((one) => one.textContent).join()"
    page.wait_for_function(f"(names) => {told} === names", arg=",".join(names))


def test_networks_are_chosen_by_the_keyboard_and_by_the_pointer(opened: "Page", site: Path) -> None:
    opened.goto((site / "compare.html").as_uri())
    assert heads(opened) == ["ResNet-50", "VGG-16"]
    names = opened.locator(".rf-comparer input[list]")
    names.last.fill("unet 3d")
    names.last.press("Enter")
    opened.wait_for_function("() => document.querySelectorAll('.rf-wholes thead th').length === 3")
    assert heads(opened)[:2] == ["ResNet-50", "VGG-16"]
    assert re.search(r"#networks=resnet50,vgg16,unet3d\b", opened.evaluate("location.href"))
    opened.get_by_role("button", name="leave out VGG-16").click()
    opened.wait_for_function("() => document.querySelectorAll('.rf-wholes thead th').length === 2")
    names.first.fill("resent18")
    names.first.press("Tab")
    opened.wait_for_function("() => document.querySelector('.rf-wholes thead th').textContent === 'ResNet-18'")
    assert names.first.input_value() == "ResNet-18"
    opened.get_by_label("input size").fill("128")
    opened.get_by_label("input size").press("Enter")
    opened.wait_for_function("() => location.hash.endsWith('&input=128')")
    opened.wait_for_selector(".rf-wholes td:has-text('3 × 128 × 128')")
    assert opened.locator(".rf-growths svg circle").count() == 17  # the layers with weights, less the classifier


def test_an_address_holds_the_choice_and_what_is_refused_is_said(opened: "Page", site: Path) -> None:
    opened.goto("about:blank")
    opened.goto(f"{(site / 'compare.html').as_uri()}#networks=segnet,nothing,alexnet&input=360x350")
    refusals = opened.locator(".rf-comparer .rf-refusal")
    refusals.first.wait_for()
    said = refusals.all_text_contents()
    assert said[0].startswith("SegNet: ")
    assert said[1:] == ["There is no network 'nothing'.", "All of them take 353 × 320 or 384 × 352."]
    assert heads(opened) == ["AlexNet"]
    refusals.get_by_role("button", name="384 × 352").press("Enter")
    opened.wait_for_function("() => location.hash.endsWith('&input=384x352')")
    wait_for_heads(opened, ["SegNet", "AlexNet"])


def test_a_misspelt_network_is_said_with_the_near_one_and_the_least_size_with_its_button(
    opened: "Page", site: Path
) -> None:
    opened.goto("about:blank")
    opened.goto(f"{(site / 'compare.html').as_uri()}#networks=resent50,vgg16,segnet&input=10")
    refusals = opened.locator(".rf-comparer .rf-refusal")
    refusals.first.wait_for()
    said = refusals.all_text_contents()
    assert said[0] == "There is no network 'resent50'. The nearest: ResNet-50"
    assert said[-1] == "The least that all take is 32 × 32, the next 33 × 64."
    refusals.last.get_by_role("button").first.press("Enter")
    refusals.get_by_role("button", name="ResNet-50").press("Enter")
    opened.wait_for_function("() => location.hash.endsWith('#networks=resnet50,vgg16,segnet&input=32x32')")
    wait_for_heads(opened, ["ResNet-50", "VGG-16", "SegNet"])


def test_a_fifth_network_is_said_to_be_left_out(opened: "Page", site: Path) -> None:
    opened.goto("about:blank")
    opened.goto(f"{(site / 'compare.html').as_uri()}#networks=resnet50,vgg16,alexnet,resnet18,unet,nothing")
    assert len(heads(opened)) == 4
    refusals = opened.locator(".rf-comparer .rf-refusal")
    assert refusals.all_text_contents() == [
        "At most 4 networks are set side by side; left out: U-Net (the paper's), nothing."
    ]
    opened.get_by_role("button", name="leave out VGG-16").click()
    opened.wait_for_function("() => document.querySelectorAll('.rf-wholes thead th').length === 3")
    assert refusals.count() == 0


def test_a_size_that_one_of_two_refuses_is_offered_as_others_that_both_take(opened: "Page", site: Path) -> None:
    opened.goto("about:blank")
    opened.goto(f"{(site / 'compare.html').as_uri()}#networks=segnet,vgg16&input=100x100")
    refusals = opened.locator(".rf-comparer .rf-refusal")
    refusals.first.wait_for()
    first, last = refusals.all_text_contents()
    assert first.endswith("(at an input height of 100).")
    assert last == "All of them take 97 × 96 or 128 × 128."
    opened.goto("about:blank")
    opened.goto(f"{(site / 'compare.html').as_uri()}#networks=wavenet-24x4&input=100x100")
    refusals.first.wait_for()
    assert (refusals.first.text_content() or "").endswith(" takes one length, 1 or more.")


FOUR = (
    "resnet50,vgg16,convnext_tiny,efficientnet_b0",
    "deeplabv3plus_resnet101,retinanet_resnet50_fpn,inception-resnet-v2,mobilenet_v3_large-tf",
    "unet3d,r3d_18,unet3d-padded,c3d",
    "resnet50,wavenet-24x4,densenet121,vgg16",
)


BROKEN = """() => [...document.querySelectorAll(".rf-compared tbody td")].flatMap((cell) =>
  [...cell.childNodes].filter((one) => one.nodeType === 3).flatMap((text) =>
    [...text.data.matchAll(/\\S+/g)].flatMap(({ 0: word, index }) => {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1 ? [word] : [];
    })))"""
"""The numbers, and the parts of names between their dots, that are broken into lines."""
LABELS = """() => {
  const drawing = document.querySelector(".rf-growths svg");
  const frame = drawing.getBoundingClientRect(), box = (one) => one.getBoundingClientRect();
  const labels = [...drawing.querySelectorAll("text[class^='rf-line']")];
  const dots = [...drawing.querySelectorAll("circle")].map(box);
  return labels.filter((label, place) => {
    const own = box(label), beside = labels.slice(place + 1).map(box);
    const meets = (one, room) => one.left < own.right && own.left < one.right &&
      one.top < own.bottom - room && own.top + room < one.bottom;
    return own.right > frame.right + 0.5 || beside.some((one) => meets(one, 2)) || dots.some((one) => meets(one, 4));
  }).map((label) => label.textContent);
}"""
"""The names in the drawing that are cut, or that lie on another or on a curve."""


@pytest.mark.parametrize("networks", FOUR)
def test_four_networks_fit_a_wide_page_and_scroll_in_their_regions_on_a_narrow_one(
    opened: "Page", site: Path, networks: str
) -> None:
    opened.goto("about:blank")
    opened.goto(f"{(site / 'compare.html').as_uri()}#networks={networks}")
    assert len(heads(opened)) == 4
    over = "(all) => all.map((one) => one.scrollWidth - one.clientWidth)"
    regions = opened.locator(".rf-comparer .rf-scroll")
    size = opened.viewport_size
    opened.set_viewport_size({"width": 1440, "height": 900})
    assert max(regions.evaluate_all(over)) <= 1
    assert opened.evaluate(LABELS) == []
    assert not opened.locator(".rf-wider:visible").count()
    titles = (
        opened.locator(".rf-jumps thead tr").last.locator("th").evaluate_all("(all) => all.map((one) => one.title)")
    )
    assert titles[:5] == ["", "size", "field", "start", "visible"]
    opened.set_viewport_size({"width": 390, "height": 844})
    opened.locator(".rf-jumps .rf-wider").wait_for(state="visible")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.evaluate(BROKEN) == []
    opened.wait_for_function(f"() => String(({LABELS})()) === ''")
    if size:
        opened.set_viewport_size(size)


def test_the_dots_of_the_curves_are_reached_by_the_keyboard_alone(opened: "Page", site: Path) -> None:
    opened.goto("about:blank")
    opened.goto(f"{(site / 'compare.html').as_uri()}#networks=resnet18,vgg11")
    dots = opened.locator(".rf-growths svg [data-layer]")
    dots.first.wait_for()
    assert opened.locator(".rf-growths svg [tabindex='0']").count() == 1
    dots.first.focus()
    reached = [opened.locator(".rf-dot-words").text_content()]
    for _ in range(dots.count() - 1):
        opened.keyboard.press("ArrowRight")
        reached.append(opened.locator(".rf-dot-words").text_content())
    assert reached == opened.locator(".rf-growths svg [data-layer] title").all_text_contents()
    assert any("layer1.0.add" in (words or "") for words in reached)  # sums have their dots
    assert opened.evaluate("location.pathname").endswith("/compare.html")  # and no other page is turned to


def test_without_scripts_there_is_a_comparison_and_with_them_the_live_one(
    opened: "Page", site: Path, browser: "Browser"
) -> None:
    opened.goto("about:blank")
    opened.goto((site / "compare.html").as_uri())
    heads(opened)
    assert opened.locator(".rf-instead").count() == 0
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "compare.html").as_uri())
    table = page.locator(".rf-instead table")
    report = rfdocs.load("resnet50").analyze()
    told = next(row.split() for row in table.locator("tbody tr").all_inner_texts() if "layer3" in row)
    assert told[0] == "ResNet-50"
    assert str(report["layer3"].receptive_field[0]) in told
    assert not page.locator(".rf-comparer").is_visible()
    context.close()


def test_a_network_s_page_leads_to_it(opened: "Page", site: Path) -> None:
    opened.goto(f"{(site / 'networks' / 'vgg11.html').as_uri()}#input=96x96")
    opened.get_by_role("link", name="Compare it with other networks").press("Enter")
    opened.wait_for_url("**/compare.html#networks=vgg11&input=96x96")
    assert heads(opened) == ["VGG-11"]
    opened.wait_for_selector(".rf-wholes td:has-text('3 × 96 × 96')")


@pytest.mark.parametrize("width", [1440, 1280])
def test_four_networks_stand_side_by_side_on_a_wide_page(browser: "Browser", site: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{(site / 'compare.html').as_uri()}#networks=resnet50,vgg16,densenet121,mobilenet_v2")
    page.wait_for_selector(".rf-jumps td")
    over = page.locator(".rf-compared").evaluate_all("(all) => all.map((one) => one.scrollWidth - one.clientWidth)")
    assert len(over) == 2
    assert max(over) <= 1
    widths = page.locator(".rf-wholes thead th").evaluate_all("(all) => all.map((one) => one.offsetWidth).slice(1)")
    assert max(widths) - min(widths) <= 2
    page.close()
