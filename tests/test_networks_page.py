"""The page of all networks, alive: filters, columns and order, by pointer, by keyboard, and from an address."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from axe_playwright_python.sync_playwright import Axe

import rfdocs
from rfdocs.formats.overview import NETWORK_COLUMNS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


SHOWN = "[...document.querySelectorAll('.rf-networks tbody tr')].filter((row) => !row.hidden)"
TITLES = f"{SHOWN}.map((row) => row.cells[0].textContent)"
HEADS = "[...document.querySelectorAll('.rf-networks thead th')].filter((th) => !th.hidden).map((th) => th.dataset.key)"


RESNET = rfdocs.load("resnet50")
CELLS = ("427", NETWORK_COLUMNS["effective_width_95"].cell(RESNET, RESNET.analyze()), "213, 182")


@pytest.fixture(scope="module")
def address(site: Path) -> str:
    return (site / "networks" / "index.html").as_uri()


@pytest.fixture(scope="module")
def tab(address: str, browser: "Browser") -> "Iterator[Page]":
    """The page of all networks, for all tests."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    page.close()
    assert not troubles


@pytest.fixture
def opened(tab: "Page", address: str) -> "Page":
    """The page as it is without a state in its address."""
    tab.goto("about:blank")
    tab.goto(address)
    return tab


def panel(page: "Page", name: str) -> None:
    page.locator(".rf-finder summary", has_text=name).click()


def test_numbers_task_and_verification_filter_and_stand_in_the_address(opened: "Page") -> None:
    panel(opened, "numbers")
    opened.get_by_label("receptive field, pixels, at most").fill("500")
    opened.get_by_label("parameters, at least").fill("0.02G")
    opened.get_by_label("parameters, at most").fill("26M")
    task, verified = opened.locator(".rf-finder select").all()
    task.select_option("classification")
    verified.select_option("compared")
    assert dict(parse_qsl(opened.evaluate("location.href").partition("#")[2])) == {
        "task": "classification",
        "verified": "compared",
        "rf": "..500",
        "parameters": "0.02G..26M",
    }
    titles = opened.evaluate(TITLES)
    assert "ResNet-50" in titles
    assert (
        opened.locator(".rf-finder output").inner_text() == f"{len(titles)} of {len(rfdocs.Catalogue().identifiers())}"
    )


def test_a_network_is_found_by_its_words_and_not_by_the_digits_of_its_numbers(opened: "Page") -> None:
    opened.get_by_label("find").fill("resnet 50")
    titles = opened.evaluate(TITLES)
    assert "ResNet-50" in titles
    assert [title for title in titles if "50" not in title] == []


def test_a_linked_state_is_restored_and_cleared(tab: "Page", address: str) -> None:
    tab.goto("about:blank")
    tab.goto(f"{address}#task=segmentation&rf=..200&sort=-rf&without=jump")
    titles = tab.evaluate(TITLES)
    assert "U-Net" in " ".join(titles)
    assert "ResNet-50" not in titles
    assert "jump" not in tab.evaluate(HEADS)
    assert {"effective", "context", "verified"} <= set(tab.evaluate(HEADS))
    tab.get_by_role("button", name="clear").click()
    assert tab.evaluate("location.hash") == "#sort=-rf&without=jump"
    assert len(tab.evaluate(TITLES)) == tab.locator(".rf-networks tbody tr").count()


def test_the_keyboard_alone_filters_orders_and_opens_the_only_one_left(opened: "Page", address: str) -> None:
    find = opened.get_by_label("find")
    find.focus()
    opened.keyboard.type("resnet-50")
    opened.keyboard.press("Enter")
    assert opened.evaluate("location.href").partition("#")[0] == address  # several are left
    summary = opened.locator(".rf-finder summary", has_text="numbers")
    summary.focus()
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")
    opened.keyboard.type("427")
    opened.keyboard.press("Tab")
    opened.keyboard.type("427")
    opened.keyboard.press("Escape")
    assert opened.evaluate("document.activeElement.textContent") == "numbers (1)"
    opened.get_by_role("button", name="parameters", exact=True).press("Enter")
    titles = opened.evaluate(TITLES)
    assert len(titles) > 1
    opened.get_by_role("button", name="clear", exact=True).press("Enter")
    find.fill("c3d")
    assert opened.evaluate(TITLES) == ["C3D"]
    find.press("Enter")
    opened.wait_for_url("**/c3d.html")


def test_an_empty_result_says_so_and_a_number_that_is_none_is_marked(opened: "Page") -> None:
    find = opened.get_by_label("find")
    find.fill("no such network")
    assert opened.get_by_text("No network fits all of this.").is_visible()
    find.press("Enter")
    assert opened.evaluate(TITLES) == []
    find.fill("")
    assert opened.get_by_text("No network fits all of this.").is_hidden()
    panel(opened, "numbers")
    year = opened.get_by_label("year, at least")
    year.fill("soon")
    assert year.get_attribute("aria-invalid") == "true"
    assert len(opened.evaluate(TITLES)) > 300
    broken = Axe().run(opened, context=".rf-finder").response["violations"]
    assert not [(rule["id"], rule["nodes"][0]["html"]) for rule in broken]


def test_columns_are_chosen_and_without_scripts_all_are_there(opened: "Page", address: str, browser: "Browser") -> None:
    assert "effective" not in opened.evaluate(HEADS)
    panel(opened, "columns")
    opened.get_by_label("effective width", exact=True).check()
    opened.get_by_label("context for tiling").check()
    heads = opened.evaluate(HEADS)
    assert {"effective", "context"} <= set(heads)
    row = opened.locator(".rf-networks tr", has=opened.get_by_role("link", name="ResNet-50", exact=True))
    cells = row.locator("td:visible").all_inner_texts()
    named = dict(zip(heads[1:], cells, strict=True))
    assert (named["rf"], named["effective"], named["context"]) == CELLS
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(address)
    assert plain.locator(".rf-networks thead th:visible").count() == plain.locator(".rf-networks thead th").count()
    assert plain.locator(".rf-finder").is_hidden()
    assert plain.locator(".rf-plot svg[role=img]").is_visible()
    plain.close()


POINTS = ".rf-points a"
TOLD = "[...document.querySelectorAll('.rf-told text')].map((text) => text.textContent)"


def test_the_plot_has_every_network_that_the_table_shows(opened: "Page") -> None:
    listed = opened.locator(".rf-networks tbody tr").count()
    assert opened.locator(POINTS).count() == listed
    opened.get_by_label("find").fill("resnet-50")
    shown = f"{SHOWN}.map((row) => row.querySelector('a').href).sort()"
    plotted = "[...document.querySelectorAll('.rf-points a')].map((a) => new URL(a.href.baseVal, location).href).sort()"
    assert opened.evaluate(plotted) == opened.evaluate(shown)
    assert opened.locator(".rf-away circle").count() == listed - len(opened.evaluate(shown))


def test_the_plot_s_axes_are_chosen_and_stand_in_the_address(opened: "Page") -> None:
    up, across = opened.locator(".rf-plot select").all()
    assert (up.input_value(), across.input_value()) == ("rf", "macs")
    up.select_option("effective")
    across.select_option("year")
    assert dict(parse_qsl(opened.evaluate("location.href").partition("#")[2])) == {"up": "effective", "across": "year"}
    ticks = opened.locator(".rf-ticks").all_text_contents()
    assert {"2000", "2020", "100"} <= set(ticks)
    opened.get_by_label("find").fill("resnet-50")  # the finder leaves the axes alone
    assert dict(parse_qsl(opened.evaluate("location.href").partition("#")[2])) == {
        "up": "effective",
        "across": "year",
        "find": "resnet-50",
    }
    opened.reload()
    assert up.input_value() == "effective"


def test_the_saved_plot_says_by_itself_what_its_axes_and_its_colours_mean(opened: "Page", tmp_path: Path) -> None:
    with opened.expect_download() as saved:
        opened.locator(".rf-plot .rf-save").click()
    saved.value.save_as(tmp_path / "plot.svg")
    root = ET.parse(tmp_path / "plot.svg").getroot()
    words = [text.text for text in root.findall(".//{*}text")]
    colors = {circle.get("fill") for circle in root.findall(".//{*}circle")}
    assert {"receptive field, pixels", "multiply-accumulates", "others"} <= set(words)
    keys = [
        part for part in root.findall(".//{*}g") if [own.tag.partition("}")[2] for own in part] == ["circle", "text"]
    ]
    assert len(keys) == len(root.findall("./{*}g")) - 2 >= 4  # besides the hints and what is told
    assert len({key[0].get("fill") for key in keys}) == len(keys)
    assert {key[0].get("fill") for key in keys} <= colors
    height = float(root.get("viewBox", "").split()[3])
    assert max(float(key[1].get("y", "0")) for key in keys) < height


def test_a_point_tells_its_name_to_pointer_and_keyboard_and_leads_to_its_page(opened: "Page") -> None:
    opened.get_by_label("find").fill("torchvision resnet")
    point = opened.locator(".rf-points a[href$='/resnet50.html']")
    point.hover()
    name, values = opened.evaluate(TOLD)
    assert (name, values) == ("ResNet-50", "receptive field 427, multiply-accumulates 4.089 G")
    opened.locator(".rf-plot select").nth(1).focus()
    opened.keyboard.press("Tab")
    names = []
    for key in ["Home", "ArrowRight", "ArrowRight", "ArrowLeft"]:
        opened.keyboard.press(key)
        names.append(opened.evaluate(TOLD)[0])
    assert names[0] == "ResNet-18"
    assert len(set(names[:3])) == 3
    assert names[3] == names[1]
    address = opened.evaluate("document.activeElement.href.baseVal")
    opened.keyboard.press("Tab")  # one stop alone
    assert opened.evaluate("document.activeElement.closest('.rf-points')") is None
    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("Enter")
    opened.wait_for_url(address)


def test_the_usual_columns_fit_and_what_a_reader_adds_scrolls_in_its_own_region(opened: "Page") -> None:
    region, hint = opened.locator(".rf-scroll.rf-networks"), opened.locator(".rf-networks .rf-wider")
    over = "(one) => one.scrollWidth - one.clientWidth"
    assert region.evaluate(over) <= 1
    assert not hint.is_visible()
    panel(opened, "columns")
    folded = opened.locator(".rf-finder details[open] input[type=checkbox]:not(:checked)")
    while folded.count():
        folded.first.check()
    opened.keyboard.press("Escape")
    assert region.evaluate(over) > 1
    hint.wait_for(state="visible")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 1440
    region.focus()
    opened.keyboard.press("ArrowRight")
    opened.wait_for_function("() => document.querySelector('.rf-networks').scrollLeft > 0")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_scrolls_and_the_table_s_head_stays_in_sight(opened: "Page", width: int) -> None:
    region = opened.locator(".rf-scroll.rf-networks")
    opened.set_viewport_size({"width": width, "height": 900})
    assert region.evaluate("(one) => one.scrollHeight <= one.clientHeight + 1")  # no window of its own
    for down in (1500, 9000):
        region.evaluate("(one, down) => scrollTo(0, one.getBoundingClientRect().top + scrollY + down)", down)
        opened.wait_for_function(
            """() => {
              const bar = document.querySelector(".mobile-header").getBoundingClientRect().bottom;
              const head = document.querySelector(".rf-networks thead th").getBoundingClientRect();
              return Math.abs(head.top - Math.max(bar, 0)) < 2;
            }"""
        )
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    opened.get_by_label("find").fill("resnet 50")  # what is left is short: its head stays within it
    head, last = region.locator("thead"), region.locator("tbody tr:visible").last
    top, bottom = head.bounding_box(), last.bounding_box()
    assert top is not None
    assert bottom is not None
    assert top["y"] < bottom["y"]
    opened.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize(
    ("typed", "first"), [("effnet b0", "EfficientNet-B0"), ("mbv2", "MobileNet v2"), ("resent50", "ResNet-50")]
)
def test_what_people_abbreviate_or_misspell_is_found_in_the_table_too(opened: "Page", typed: str, first: str) -> None:
    opened.get_by_label("find").fill(typed)
    assert first in opened.evaluate(TITLES)
    opened.get_by_label("find").fill("deit")
    assert opened.evaluate(TITLES) == []
    assert opened.locator(".rf-none").is_visible()
