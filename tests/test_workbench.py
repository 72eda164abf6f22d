"""A network of one's own in the browser: what it says is what the file that one takes home says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import every
import pytest
from drawings import TREE, differences, elements

import rfdocs
from rfdocs.catalogue.explicit import explicit_yaml, json_items
from rfdocs.figures import draw
from rfdocs.formats.columns import COLUMNS
from rfdocs.formats.program import program
from rfdocs.language.values import LAYER_NAME, PATH
from rfdocs.making.scripts import FOLDER, scripts_for
from rfdocs.pages.content import Workbench

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def compiler(browser: "Browser") -> "Iterator[Page]":
    """A page with what compiles networks, and nothing to show it."""
    page = browser.new_page()
    for script in scripts_for(Workbench):
        page.add_script_tag(path=FOLDER / script)
    yield page
    page.close()


COMPILED = """(asked) => JSON.parse(asked).map(([program, items]) => {
  // whatever can be compiled is: nothing of it is kept as it was brought
  const own = rfCompile.layersOf(program, items);
  const layers = own.map((layer) => rfCompile.isKnown(layer.item) ? { item: layer.item } : layer);
  return [rfCompile.program(program, layers), rfCompile.yaml({ ...program, title: program.name }, items)];
})"""


def test_what_is_compiled_is_the_program_that_the_package_makes(compiler: "Page") -> None:
    entries = [entry for entry in every.entries()[::3] if "nodes" not in program(entry.network)]
    asked = json.dumps([[program(entry.network), json_items(entry.items)] for entry in entries])
    for entry, (compiled, text) in zip(entries, compiler.evaluate(COMPILED, asked), strict=True):
        own = json.loads(json.dumps(program(entry.network)))
        for sharing in ("alike", "apart"):  # which axes have one arithmetic in common
            own.pop(sharing, None)
            compiled.pop(sharing, None)
        assert compiled == own, entry.identifier
        assert text.partition("layers:")[2] == explicit_yaml(entry).partition("layers:")[2], entry.identifier


TOKENS = """
input: {channels: 3, size: [32, 32]}
layers:
  - {conv: patches, kernel: 16, stride: 16, channels: 6}
  - {class_token: token, count: 2}
  - {conv: keys, kernel: 1, channels: KEYS}
  - {batchnorm: norm}
  - {attention: attend, macs_per_pair: 12}
  - {take_token: taken}
  - {linear: head, channels: 10}
"""
EDITED = """([program, items, change]) => {
  const layers = rfCompile.layersOf(program, items);
  for (const [place, item] of Object.entries(change))
    if (item) layers[place] = { item }; else layers.splice(Number(place), 1);
  return rfWhole.answered(() => rfCompile.program(program, layers), String);
}"""


def test_what_is_edited_among_class_tokens_counts_them_or_is_refused(compiler: "Page", tmp_path: Path) -> None:
    def read(keys: int) -> rfdocs.Entry:
        (tmp_path / "net.yaml").write_text(TOKENS.replace("KEYS", str(keys)), "utf-8")
        return rfdocs.load(str(tmp_path / "net.yaml"))

    own, wider = read(6), json.loads(json.dumps(program(read(8).network)))

    def edited(change: dict[int, Any], count: int = 7) -> Any:
        return compiler.evaluate(EDITED, [program(own.network), json_items(own.items)[:count], change])

    made = edited({2: {"conv": "keys", "kernel": 1, "channels": 6, "bias": True}})
    assert made["layers"] == json.loads(json.dumps(program(own.network)))["layers"]
    keys = json_items(own.items)[2] | {"channels": 8}
    assert edited({2: keys}, count=4)["layers"] == wider["layers"][:4]
    by_place = "it reads units by their places, and its input has class tokens, which have none"
    assert edited({2: keys | {"kernel": 3, "padding": 1}}) == f"keys: {by_place}"
    assert edited({6: {"global_avgpool": "head", "from": ["norm"]}}) == f"head: {by_place}"
    assert edited({1: None}) == "attend: it was made for 2 class tokens, and now reads 0"


WHOLE = """(asked) => JSON.parse(asked).map(([program, items]) =>
  rfCompile.program(program, items.map((item) => ({ item })), { program, count: items.length }))"""


def test_what_is_kept_whole_is_the_program_that_the_package_made(compiler: "Page") -> None:
    entries = [entry for entry in every.entries() if "nodes" in program(entry.network)][:6]
    assert len(entries) > 3
    asked = json.dumps([[program(entry.network), json_items(entry.items)] for entry in entries])
    for entry, compiled in zip(entries, compiler.evaluate(WHOLE, asked), strict=True):
        own = json.loads(json.dumps(program(entry.network)))
        for sharing in ("alike", "apart"):
            own.pop(sharing, None)
            compiled.pop(sharing, None)
        assert compiled == own, entry.identifier


def go(page: "Page", site: Path, state: str = "") -> None:
    page.goto("about:blank")
    page.goto(f"{(site / 'workbench.html').as_uri()}{state}")
    page.wait_for_selector(".rf-works tbody tr")


def told(page: "Page") -> list[list[str]]:
    """What stands in the rows: n, j, r, start, parameters."""
    lines = "(rows) => rows.map((row) => [...row.querySelectorAll('.rf-told-here')].map((cell) => cell.textContent))"
    return page.locator(".rf-works tbody tr").evaluate_all(lines)  # type: ignore[no-any-return]


def taken_home(page: "Page", folder: Path) -> rfdocs.Report:
    """The report of the file that the page gives."""
    file = folder / "network.yaml"
    file.write_text(page.locator(".rf-home textarea").input_value(), "utf-8")
    return rfdocs.load(str(file)).analyze()


def row_of(report: rfdocs.Report, layer: rfdocs.LayerReport, parameters: int) -> list[str]:
    columns = [COLUMNS[key] for key in ("size", "jump", "rf", "start")]
    return [*[column.cell(report, layer).replace("-", "−") for column in columns], f"{parameters:,}"]


def link_of(opened: "Page") -> str:
    """The link that holds the network as it is now: it is busy until it does."""
    opened.wait_for_selector(".rf-home a[href^='#network=']:not([aria-busy])")
    return str(opened.evaluate("document.querySelector('.rf-home a').href"))


def test_a_network_is_made_by_the_keyboard_alone_and_taken_home(opened: "Page", site: Path, tmp_path: Path) -> None:
    go(opened, site)
    field = opened.locator(".rf-works tbody tr").first.get_by_label("kernel")
    field.focus()
    field.press("Control+a")
    opened.keyboard.type("5")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Control+a")
    opened.keyboard.type("2")
    opened.get_by_role("button", name="add a layer at the end").press("Enter")
    assert opened.evaluate("document.activeElement.getAttribute('aria-label')") == "name"
    last = opened.locator(".rf-works tbody tr").last
    last.get_by_label("repeat").fill("3")
    last.get_by_label("padding").fill("same")
    last.get_by_label("operation").select_option("transposed_conv")
    last = opened.locator(".rf-works tbody tr").last
    last.get_by_label("kernel").fill("4 x 2")
    last.get_by_label("stride").fill("2 x 1")
    opened.get_by_label("input size").fill("40 x 33")
    report = taken_home(opened, tmp_path)
    assert [layer.name for layer in report] == ["conv1", "conv2_1", "conv2_2", "conv2_3"]
    assert report.input_size == (40, 33)
    many = sum(layer.parameters for layer in report.layers[1:])
    assert told(opened) == [
        row_of(report, report["conv1"], report["conv1"].parameters),
        row_of(report, report["conv2_3"], many),
    ]
    address = link_of(opened)
    opened.goto("about:blank")
    opened.goto(address)
    opened.wait_for_selector(".rf-works tbody tr:nth-child(2)")
    assert taken_home(opened, tmp_path).input_size == (40, 33)
    assert len(told(opened)) == 2


def test_a_network_of_the_catalogue_is_changed_by_the_pointer(opened: "Page", site: Path, tmp_path: Path) -> None:
    opened.goto((site / "networks" / "resnet34.html").as_uri())
    opened.get_by_role("link", name="Change it").click()
    opened.wait_for_selector(".rf-works tbody tr:nth-child(10)")
    assert link_of(opened) == opened.evaluate("location.href")
    original = rfdocs.load("resnet34").analyze()
    layers = list(taken_home(opened, tmp_path))
    assert [(one.name, one.receptive_field, one.start) for one in layers] == [
        (one.name, one.receptive_field, one.start) for one in original
    ]
    assert sum(one.parameters for one in layers) == original.parameters
    opened.get_by_role("button", name="remove layer3.5", exact=True).click()
    opened.get_by_role("button", name="move down maxpool").click()
    assert opened.locator(".rf-works tbody tr").nth(2).get_by_label("name").input_value() == "maxpool"
    opened.locator(".rf-works tbody tr").first.get_by_label("stride").fill("1")
    report = taken_home(opened, tmp_path)
    assert "layer3.5.add" not in [layer.name for layer in report]
    assert report.layers[0].size == (224, 224)
    assert told(opened)[-3] == row_of(
        report, report["layer4"], sum(report[f"layer4.2.conv{n}"].parameters for n in (1, 2))
    )
    opened.locator(".rf-explorer select").select_option("layer4.2.add")
    assert "unit (" in (opened.locator(".rf-read").text_content() or "")


def explored(opened: "Page") -> str | None:
    return opened.locator(".rf-explorer .rf-read strong").first.text_content()


def test_the_explorer_follows_the_layer_that_is_edited_until_the_reader_chooses_one(opened: "Page", site: Path) -> None:
    go(opened, site)
    rows = opened.locator(".rf-works tbody tr")
    add = opened.get_by_role("button", name="add a layer at the end")
    assert explored(opened) == "conv1"
    add.press("Enter")
    assert explored(opened) == "conv2"
    add.click()
    assert explored(opened) == "conv3"
    rows.first.get_by_label("kernel").fill("5")
    assert explored(opened) == "conv1"
    rows.nth(1).get_by_label("repeat").fill("2")
    assert explored(opened) == "conv2_2"
    opened.get_by_role("button", name="remove conv2").click()
    assert explored(opened) == "conv3"
    opened.locator(".rf-explorer select").select_option("conv1")
    add.click()
    assert (explored(opened), rows.count()) == ("conv1", 3)  # the reader chose it
    opened.locator(".rf-explorer input[type=range]").press("End")
    add.click()
    assert explored(opened) == opened.locator(".rf-explorer option").last.text_content()  # the last one is followed


def test_a_network_is_changed_at_the_size_that_it_has_on_its_page(opened: "Page", site: Path) -> None:
    opened.goto((site / "networks" / "vgg11.html").as_uri() + "#input=160x320&layer=conv1_1&unit=0,0")
    opened.get_by_role("link", name="Change it").press("Enter")
    opened.wait_for_selector(".rf-works tbody tr:nth-child(12)")
    assert opened.get_by_label("input size").input_value() == "160 x 320"
    assert told(opened)[0][0] == "160×320"
    assert explored(opened) == "avgpool"
    opened.goto(link_of(opened).replace("#", "?again#"))
    opened.wait_for_selector(".rf-works tbody tr:nth-child(12)")
    assert opened.get_by_label("input size").input_value() == "160 x 320"


def test_what_is_refused_is_said_and_what_stands_before_it_is_told(opened: "Page", site: Path) -> None:
    go(opened, site, "#from=vgg11")
    opened.wait_for_selector(".rf-works tbody tr:nth-child(12)")
    refusal = opened.locator(".rf-workbench > .rf-refusal")
    rows = opened.locator(".rf-works tbody tr")
    rows.nth(3).get_by_label("kernel").fill("300")
    assert "pool2: its window of 300 does not fit" in (refusal.text_content() or "")
    assert [bool(row[0]) for row in told(opened)][:5] == [True, True, True, False, False]
    rows.nth(3).get_by_label("kernel").fill("two")
    assert "pool2: 'kernel' is \"two\"" in (refusal.text_content() or "")
    rows.nth(3).get_by_label("kernel").fill("2")
    assert refusal.text_content() == ""
    rows.nth(2).get_by_label("name").fill("pool1")
    assert "pool1: another layer has this name" in (refusal.text_content() or "")
    rows.nth(2).get_by_label("name").fill(PATH * "x")
    assert refusal.text_content() == ""
    for name in ((PATH + 1) * "x", "-x"):
        rows.nth(2).get_by_label("name").fill(name)
        assert f"{name}: a name has {LAYER_NAME.allowed}" in (refusal.text_content() or "")
    rows.nth(2).get_by_label("name").fill("conv2")
    opened.get_by_label("start from").fill("shufflenet v2 x1.0")
    opened.get_by_label("start from").press("Enter")
    said = "(words) => document.querySelector('.rf-workbench > .rf-refusal').textContent.includes(words)"
    opened.wait_for_selector(".rf-works tbody th:has-text('ShuffleNet v2')")
    assert refusal.text_content() == ""
    go(opened, site, "#network=nonsense")
    opened.wait_for_function(said, arg="no network that can be read")


def test_a_network_opens_at_its_own_size_on_any_number_of_axes(opened: "Page", site: Path) -> None:
    for name, size in (("m5", "32000"), ("vgg11", "224 x 224")):
        go(opened, site, f"#from={name}")
        opened.wait_for_selector(".rf-works tbody tr:nth-child(5)")
        assert opened.get_by_label("input size").input_value() == size


@pytest.mark.parametrize(("name", "title"), [("lenet5", "LeNet-5 (the paper's)"), ("wavenet-24x4", "WaveNet")])
def test_a_network_that_follows_channels_apart_is_kept_whole_and_goes_on_behind_it(
    opened: "Page", site: Path, tmp_path: Path, name: str, title: str
) -> None:
    opened.goto((site / "networks" / f"{name}.html").as_uri())
    opened.get_by_role("link", name="Change it").press("Enter")
    opened.wait_for_selector(".rf-works tbody th")
    assert (opened.locator(".rf-works tbody th").text_content() or "").startswith(title)
    original = rfdocs.load(name).analyze()
    values = [(one.name, one.receptive_field, one.start, one.parameters) for one in original]
    assert [(one.name, *values_of(one)) for one in taken_home(opened, tmp_path)] == values
    last = original.layers[-1]
    assert told(opened) == [row_of(original, last, sum(one.parameters for one in original))]
    opened.get_by_role("button", name="add a layer at the end").press("Enter")
    if len(original.input_size) == 1:
        opened.locator(".rf-works tbody tr").last.get_by_label("dilation").fill("4")
    else:  # behind fully connected layers there is one unit
        opened.locator(".rf-works tbody tr").last.get_by_label("padding").fill("same")
    report = taken_home(opened, tmp_path)
    assert told(opened)[1] == row_of(report, report.layers[-1], report.layers[-1].parameters)
    address = link_of(opened)
    opened.goto("about:blank")
    opened.goto(address)
    opened.wait_for_selector(".rf-works tbody tr:nth-child(2)")
    assert told(opened)[1] == row_of(report, report.layers[-1], report.layers[-1].parameters)
    opened.get_by_role("button", name="move up").last.press("Enter")
    refusal = opened.locator(".rf-workbench > .rf-refusal")
    assert (refusal.text_content() or "").endswith(
        ": its channels are followed apart, and nothing can stand before it."
    )
    opened.get_by_role("button", name="move up").last.press("Enter")
    assert refusal.text_content() == ""
    opened.get_by_label("channels of the image").fill("7")
    assert "channels of the image" in (refusal.text_content() or "")


def values_of(layer: rfdocs.LayerReport) -> tuple[object, ...]:
    return layer.receptive_field, layer.start, layer.parameters


IN_SIGHT = """() => [...document.querySelectorAll(".rf-beside svg")].map((drawing) => {
  const { top, bottom } = drawing.getBoundingClientRect();
  return top >= -1 && bottom <= innerHeight + 1;
})"""


def test_the_picture_and_the_growth_curve_stay_in_sight_while_rows_are_edited(opened: "Page", site: Path) -> None:
    opened.set_viewport_size({"width": 1440, "height": 900})
    go(opened, site, "#from=resnet50&input=300x400")
    opened.wait_for_selector(".rf-works tbody tr:nth-child(10)")
    region = opened.locator(".rf-works")
    assert region.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0
    for row in ("first", "last"):
        opened.get_by_role("button", name="insert a layer after").locator(
            "nth=0" if row == "first" else "nth=-1"
        ).click()
        name = opened.locator(":focus")
        name.fill(f"new_{row}")
        assert opened.evaluate(IN_SIGHT) == [True, True]
        box = name.bounding_box()
        assert box is not None
        assert box["y"] > opened.locator(".rf-beside").evaluate("(one) => one.getBoundingClientRect().bottom") - 1
        assert box["y"] + box["height"] <= 900
    opened.set_viewport_size({"width": 390, "height": 844})
    top = "(one) => one.getBoundingClientRect().top"
    assert opened.locator(".rf-beside").evaluate(top) > region.evaluate("(one) => one.getBoundingClientRect().bottom")
    opened.set_viewport_size({"width": 1440, "height": 1000})


def focused(opened: "Page") -> str:
    """What has the keyboard: the place of its row and its label."""
    own = "document.activeElement"
    words: str = opened.evaluate(f"`${{{own}.closest('tr')?.rowIndex}} ${{{own}.getAttribute('aria-label')}}`")
    return words


def test_the_keyboard_stays_with_the_row_that_is_changed(opened: "Page", site: Path) -> None:
    go(opened, site)
    for _ in range(2):
        opened.get_by_role("button", name="add a layer at the end").press("Enter")
    opened.get_by_role("button", name="move down conv1").press("Enter")
    assert focused(opened) == "2 move down conv1"
    opened.keyboard.press("Enter")
    assert focused(opened) == "3 move down conv1"
    opened.get_by_role("button", name="move up conv1").press("Enter")
    assert focused(opened) == "2 move up conv1"
    opened.locator(".rf-works tbody tr").nth(1).get_by_label("operation").select_option("maxpool")
    assert focused(opened) == "2 operation"
    opened.get_by_role("button", name="remove conv3").press("Enter")
    assert focused(opened) == "2 remove conv1"
    opened.keyboard.press("Enter")
    assert focused(opened) == "1 remove conv2"
    opened.keyboard.press("Enter")
    assert focused(opened) == "1 remove conv2"  # the last row stays


def test_without_scripts_there_is_a_file_with_its_table_and_with_them_the_workbench(
    opened: "Page", site: Path, browser: "Browser", tmp_path: Path
) -> None:
    go(opened, site)
    assert opened.locator(".rf-instead").count() == 0
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "workbench.html").as_uri())
    file = tmp_path / "own.yaml"
    file.write_text(page.locator(".rf-instead pre").inner_text(), "utf-8")
    report = rfdocs.load(str(file)).analyze()
    names = page.locator(".rf-instead tbody th").all_inner_texts()
    assert names == [layer.name for layer in report]
    last = page.locator(".rf-instead tbody tr").last.inner_text().split()
    assert str(report.last.receptive_field[0]) in last
    assert not page.locator(".rf-workbench").is_visible()
    context.close()


@pytest.mark.parametrize("name", ["c3d", "resnet18", "tcn-mnist", "unet-padded"])
def test_the_picture_beside_the_rows_is_the_published_one(opened: "Page", site: Path, name: str) -> None:
    go(opened, site, f"#from={name}")
    figure = opened.locator(".rf-beside .rf-figure").first
    figure.wait_for()
    wanted = draw("feature-maps", "this network", rfdocs.load(name).analyze())
    assert figure.get_attribute("aria-label") == wanted.alternative
    marks = figure.evaluate(f"(own) => {{ {TREE} return [...own.children].map(tree); }}")
    assert not list(differences(marks, elements(wanted, "rf-maps")))
