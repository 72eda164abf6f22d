"""A network's page at the reader's own input size, layer, unit and tile: by pointer, by keyboard, by its address."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, prod
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from drawings import TREE, differences, elements

import rfdocs
from rfdocs.figures import KINDS, draw
from rfdocs.formats.numbers import percent
from rfdocs.formats.places import axes_places
from rfdocs.formats.program import program
from rfdocs.pages.content import Bullets, Grid, plain
from rfdocs.pages.effective_section import effective_section
from rfdocs.pages.facts import facts_of
from rfdocs.pages.layers import columns_for, known_columns, layer_table
from rfdocs.pages.prose import key_numbers
from rfdocs.pages.tiling_section import tiling_section

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page


CARDS = """() => Object.fromEntries([...document.querySelectorAll(".rf-key [data-key]")].map(
    (card) => [card.dataset.key, card.querySelector("dd").textContent]))"""
ROWS = """() => [...document.querySelectorAll("#layers tbody tr:not(.rf-group)")].map(
    (row) => [...row.children].map((cell) => cell.textContent))"""
GROUPS = '() => [...document.querySelectorAll("#layers .rf-group, #layers caption")].map((group) => group.textContent)'
#: Networks of one, two and three axes, with gates, several paths, several fields by phase, layers cut to the size.
SAMPLE = {
    "resnet50": (300, 400), "unet-padded": (256, 320), "mobilenet_v3_small": (256, 192), "alexnet": (300, 260),
    "unet3d": (140, 132, 148), "wavenet-24x4": (9000,), "deeplabv3_resnet50": (321, 481), "yolov3": (320, 608),
}  # fmt: skip


TILES = """async () => {
  await new Promise((resolve) => setTimeout(resolve, 0));  // tiles are told after the page has been painted
  const words = [
    ...document.querySelectorAll("#tiling > p:not(.rf-refusal, .rf-published, .rf-read-on), #tiling > ul > li"),
  ];
  const rows = [...document.querySelectorAll("#tiling > .rf-tiling")][0]?.querySelectorAll("tr") ?? [];
  return [
    words.map((one) => one.textContent),
    [...rows].map((row) => [...row.children].map((cell) => cell.textContent)),
    document.querySelector("#tiling .rf-refusal")?.textContent ?? "",
  ];
}"""


def expected_tiles(name: str, size: tuple[int, ...]) -> tuple[list[str], list[list[str]], str]:
    """The words and the table of the section on tiles, if the network were published at this size."""
    entry = rfdocs.load(name)
    blocks = tiling_section(name, entry.title, entry.analyze(size), None).blocks
    grid = next(block for block in blocks if isinstance(block, Grid))
    texts = [block for block in blocks if isinstance(block, tuple)]
    items = [item for block in blocks if isinstance(block, Bullets) for item in block.items]
    words = [plain(texts[0]), *map(plain, items), *map(plain, texts[1:])]
    rows = [[plain(cell).replace("-", "−") for cell in row.cells] for row in grid.rows]
    return words, [[head.text for head in grid.headings], *rows], ""


def go(page: "Page", site: Path, name: str, state: str = "") -> None:
    page.goto("about:blank")
    page.goto(f"{(site / 'networks' / f'{name}.html').as_uri()}{state}")


def drag_finger(page: "Page", picture: "Locator", right: float, down: float) -> None:
    """Moves a finger from the middle of a picture, 80 times so many pixels to the right and down."""
    box = picture.bounding_box()
    assert box is not None
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, step in (("touchStart", 0), *(("touchMove", step) for step in range(8, 81, 8))):
        point = {"x": x + right * step, "y": y + down * step}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def told(page: "Page") -> tuple[Any, Any]:
    return page.evaluate(CARDS), page.evaluate(ROWS)


def expected(name: str, size: tuple[int, ...]) -> tuple[dict[str, str], list[list[str]]]:
    """The cards and the rows that the page would have if the network were published at this size."""
    entry = rfdocs.load(name)
    report = entry.analyze(size)
    columns = columns_for(report, [column.key for column in columns_for(entry.analyze())])
    rows = layer_table(report, "", columns).rows
    numbers = key_numbers(facts_of(entry, report)).numbers
    signed = {column.key for column in columns if column.numeric}
    return (
        {number.key: plain(number.value) + number.meaning for number in numbers},
        [
            [
                plain(cell).replace("-", "−") if column.key in signed else plain(cell)
                for column, cell in zip(columns, row.cells, strict=True)
            ]
            for row in rows
        ],
    )


def spaced(texts: Any) -> Any:
    """The texts without what the typography of a page changes."""
    return json.loads(json.dumps(texts).replace("\\u2019", "'"))


def turn_to(page: "Page", size: tuple[int, ...]) -> None:
    page.evaluate("(size) => { location.hash = '#input=' + size.join('x'); }", list(size))
    there = "(size) => [...document.querySelectorAll('.rf-ask input')].map((input) => input.value).join() === size"
    page.wait_for_function(there, arg=",".join(map(str, size)))


@pytest.fixture(scope="module", params=SAMPLE)
def sample(request: pytest.FixtureRequest, browser: "Browser", site: Path) -> Iterator[tuple[str, "Page"]]:
    """A network of the sample and its page at the published size: opened once for tests that leave it at that size."""
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    go(page, site, request.param)
    yield request.param, page
    page.close()
    assert not troubles


def test_a_page_at_another_size_is_as_if_it_were_published_at_it(sample: tuple[str, "Page"]) -> None:
    name, opened = sample
    nominal = rfdocs.load(name).network.input_size
    assert told(opened) == expected(name, nominal)
    assert spaced(opened.evaluate(TILES)) == spaced(expected_tiles(name, nominal))
    published = opened.evaluate(GROUPS)
    turn_to(opened, SAMPLE[name])
    assert told(opened) == expected(name, SAMPLE[name])
    assert spaced(opened.evaluate(TILES)) == spaced(expected_tiles(name, SAMPLE[name]))
    assert opened.evaluate(GROUPS) != published
    turn_to(opened, nominal)
    assert (told(opened), opened.evaluate(GROUPS)) == (expected(name, nominal), published)


def test_a_size_is_typed_or_chosen_and_the_address_holds_it(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50")
    height, width = opened.locator(".rf-ask input").all()
    height.fill("320")
    width.fill("480")
    width.press("Enter")
    card = opened.locator(".rf-key [data-key=map] dd")
    assert "10 × 15" in (card.text_content() or "")
    opened.wait_for_function("() => location.hash === '#input=320x480&layer=layer4.2.add'")
    opened.get_by_role("button", name="16:9").click()
    assert "23 × 40" in (card.text_content() or "")
    opened.wait_for_function("() => location.hash.startsWith('#input=720x1280')")
    assert "720" in opened.locator("#places").inner_text()
    opened.get_by_role("button", name="as published").press("Enter")
    assert "7 × 7" in (card.text_content() or "")
    assert opened.locator(".rf-published:visible").count() == 0


def test_a_unit_that_nobody_chose_is_the_central_one_of_every_size(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50")
    opened.get_by_role("button", name="512").click()
    assert "unit (7, 7) of" in opened.inner_text(".rf-read")
    opened.wait_for_function("() => location.hash === '#input=512x512&layer=layer4.2.add'")
    opened.locator(".rf-canvas").press("ArrowLeft")
    opened.get_by_role("button", name="as published").click()
    assert "unit (3, 3) of" in opened.inner_text(".rf-read")  # (7, 6) is none of its units
    opened.wait_for_function("() => location.hash === '#input=224x224&layer=layer4.2.add&unit=3,3'")


@pytest.mark.parametrize(
    ("name", "presets", "size"),
    [
        ("c3d", ["as published", "224", "512", "16:9"], "16x720x1280"),
        ("unet3d-padded", ["as published", "2 times", "4 times"], "256x512x512"),
        ("wavenet-24x4", ["as published", "2 times", "4 times"], "32768"),
    ],
)
def test_sounds_volumes_and_videos_have_sizes_to_choose_from(
    opened: "Page", site: Path, name: str, presets: list[str], size: str
) -> None:
    opened.goto("about:blank")
    opened.goto((site / "networks" / f"{name}.html").as_uri())
    buttons = opened.locator(".rf-input button")
    assert buttons.all_text_contents() == presets
    buttons.last.click()
    opened.wait_for_function(f"() => location.hash.includes('input={size}')")
    assert opened.locator(".rf-ask").get_by_role("alert").all_text_contents() in ([], [""])


def test_a_refused_size_says_why_and_offers_the_nearest(opened: "Page", site: Path) -> None:
    go(opened, site, "segnet", "#input=512x350")
    refusal = opened.locator(".rf-ask .rf-refusal")
    assert (refusal.text_content() or "").endswith("(at an input width of 350). It takes 512 × 320 or 512 × 352.")
    assert opened.locator(".rf-ask input").last.get_attribute("aria-invalid") == "true"
    refusal.get_by_role("button").last.press("Enter")
    assert refusal.text_content() == ""
    assert "352" in (opened.locator(".rf-key [data-key=map] dd").text_content() or "")
    opened.locator(".rf-ask input").first.fill("0")
    opened.locator(".rf-ask input").first.press("Enter")
    assert "whole numbers, 1 or more" in (refusal.text_content() or "")


def test_below_the_least_size_it_is_said_which_that_is(opened: "Page", site: Path) -> None:
    go(opened, site, "vgg16", "#input=20x20")
    refusal = opened.locator(".rf-ask .rf-refusal")
    assert (refusal.text_content() or "").endswith("The least that it takes is 32 × 32, the next 33 × 33.")
    assert rfdocs.load("vgg16").analyze((32, 32)).input_size == (32, 32)
    go(opened, site, "vgg16", "#input=20x300")
    assert (refusal.text_content() or "").endswith("It takes 32 × 300 or 33 × 300; its least height is 32.")


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("segnet", "100", "(at an input height of 100). It takes 97 × 96 or 128 × 128."),
        ("unet", "571x100", "It takes 571 × 188 or 571 × 189; its least width is 188."),
        ("vgg16", "1x1", "The least that it takes is 32 × 32, the next 33 × 33."),
    ],
)
def test_a_refusal_names_the_axis_and_offers_two_sizes_also_where_only_larger_ones_are_taken(
    opened: "Page", site: Path, name: str, asked: str, said: str
) -> None:
    go(opened, site, name, f"#input={asked}")
    refusal = opened.locator(".rf-ask .rf-refusal")
    words = refusal.text_content() or ""
    assert words.endswith(said)
    assert " on axis " not in words
    for offered in refusal.get_by_role("button").all_text_contents():
        size = tuple(map(int, offered.split(" × ")))
        assert rfdocs.load(name).analyze(size).input_size == size


def test_one_number_in_an_address_stands_for_all_axes_as_at_the_command_line(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#input=300")
    assert [field.input_value() for field in opened.locator(".rf-ask input").all()] == ["300", "300"]
    assert "10 × 10" in (opened.locator(".rf-key [data-key=map] dd").text_content() or "")
    go(opened, site, "c3d", "#input=112")
    assert [field.input_value() for field in opened.locator(".rf-ask input").all()] == ["112"] * 3


LONG = {"resnet50": (1_048_576, 1_048_576), "wavenet-24x4": (16_000,)}


@pytest.mark.parametrize("name", LONG)
def test_of_more_units_than_can_be_followed_all_is_told_that_needs_no_single_ones(
    opened: "Page", site: Path, name: str
) -> None:
    go(opened, site, name, f"#input={'x'.join(map(str, LONG[name]))}&layer=100%&unit=1")
    assert opened.locator(".rf-ask .rf-refusal").text_content() == ""
    report = rfdocs.load(name).analyze(LONG[name])
    last = report.features
    cards = opened.locator(".rf-key [data-key]").all_inner_texts()
    assert any(f"{last.receptive_field[0]:,}" in card and "px" in card for card in cards)
    assert any(f"{last.size[0]:,}" in card and "units" in card for card in cards)
    share = percent(report.spatial_visible_share(last.name))
    assert any(f"{share}\nby the central unit" in card for card in cards)  # one unit is followed by itself
    first = report.first_to_see_all
    whole = first.name if first else "none"
    assert any(f"{whole}\nfirst layer whose central unit sees it" in card for card in cards)
    row = opened.locator(f"[id='layer-{last.name}']").inner_text()
    assert f"{last.size[0]:,}" in row
    words = opened.locator(".rf-read").text_content() or ""  # one unit is followed by itself
    assert f"of {report.input_size[0]:,} px" in words
    opened.get_by_label("which units see the pixel?").check()
    told = opened.locator(".rf-read").text_content() or ""
    pixel = [length // 2 for length in report.input_size]
    for field, place in zip(opened.locator(".rf-explorer .rf-units input").all(), pixel, strict=True):
        field.fill(str(place))
    told = opened.locator(".rf-read").text_content() or ""
    layer = opened.locator(".rf-read a").first.text_content() or ""
    units = report.seen_by(layer, pixel)
    assert f"is seen by {prod(map(len, units)):,} of {prod(report[layer].size):,} units" in told
    opened.get_by_label("which units see the pixel?").uncheck()


def test_an_address_shows_a_colleague_the_same(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#input=300x400&layer=layer3&unit=9,12")
    report = rfdocs.load("resnet50").analyze((300, 400))
    height, width = report.unit("layer3", (9, 12))
    assert height.field is not None
    assert width.field is not None
    words = opened.locator(".rf-read").text_content() or ""
    assert f"layer3.5.add (add), unit (9, 12) of {report['layer3'].size[0]} × {report['layer3'].size[1]}" in words
    assert f"{height.field.first} … {height.field.last}, 267 px".replace("-", "−") in words
    assert f"{width.field.first} … {width.field.last}, 267 px".replace("-", "−") in words


IN_SIGHT = """() => {
  const { top, bottom } = document.querySelector(".rf-explorer").getBoundingClientRect();
  return scrollY > 0 && top >= 0 && top < 200 && bottom > top + 300;
}"""


@pytest.mark.parametrize("state", ["layer=layer3&unit=9,12", "layer=layer2", "unit=1,2", "pixel=10,20"])
def test_a_link_opens_with_what_it_shows_in_sight_and_the_page_stays_while_a_reader_changes_it(
    opened: "Page", site: Path, state: str
) -> None:
    opened.set_viewport_size({"width": 1440, "height": 900})
    go(opened, site, "resnet50", f"#input=300x400&{state}")
    opened.wait_for_function(IN_SIGHT)
    opened.evaluate("() => scrollTo({ top: 0, behavior: 'instant' })")
    opened.get_by_role("button", name="as published").click()
    opened.locator(".rf-explorer select").select_option("layer1.0.conv1")
    opened.wait_for_function("() => location.hash.includes('layer1.0.conv1')")
    assert opened.evaluate("scrollY") < 200  # no more than the browser's own way to what is worked with
    go(opened, site, "resnet50", "#input=300x400")
    assert opened.evaluate("scrollY") == 0


def test_a_unit_or_a_pixel_that_is_none_is_said(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#input=300x400&layer=layer3&unit=99,12")
    lacking = opened.locator(".rf-explorer .rf-lacking")
    said = "Unit (99, 12) is none of the 19 × 25 of layer3.5.add: the central one is shown."
    assert lacking.text_content() == said
    assert "unit (9, 12) of" in opened.inner_text(".rf-read")
    opened.locator(".rf-canvas").press("ArrowLeft")
    assert lacking.text_content() == ""
    for asked in ("1.5,2", "1", "a,b"):
        go(opened, site, "resnet50", f"#layer=layer3&unit={asked}")
        assert (lacking.text_content() or "").endswith("of layer3.5.add: the central one is shown.")
    go(opened, site, "resnet50", "#pixel=224,0")
    assert lacking.text_content() == "Pixel (224, 0) is none of the 224 × 224 of the image."


def test_an_address_holds_the_pixel_that_is_asked_for(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#layer=layer1&pixel=100,1")
    rows, columns = rfdocs.load("resnet50").analyze().seen_by("layer1", (100, 1), gates=False)
    words = f"Pixel (100, 1) is seen by {len(rows) * len(columns)} of 3,136 units"
    assert words in (opened.locator(".rf-read").text_content() or "")
    assert opened.get_by_label("which units see the pixel?").is_checked()
    opened.locator(".rf-canvas").press("ArrowRight")
    opened.wait_for_function("() => location.hash.endsWith('&pixel=100,2')")
    opened.get_by_label("which units see the pixel?").press("Space")
    opened.wait_for_function("() => /&unit=\\d+,\\d+$/.test(location.hash)")
    go(opened, site, "resnet50", opened.evaluate("location.hash"))
    assert not opened.get_by_label("which units see the pixel?").is_checked()


NAMED = """async (asked) => {
  const box = document.querySelector(".rf-explorer select"), shown = [];
  const layerShown = () => document.querySelector(".rf-read strong").textContent;
  const missing = () => [...document.querySelectorAll(".rf-ask [role=alert]")].at(-1).textContent;
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const go = async (hash, layer) => {
    location.hash = hash;
    for (let turn = 0; turn < 100 && layerShown() !== layer; turn += 1) await painted();
  };
  const choose = (value) => { box.value = value; box.dispatchEvent(new Event("change", { bubbles: true })); };
  for (const [address, called, layer] of asked) {
    const other = [...box.options].find(({ value }) => value !== layer && value !== called).value;
    choose(other);
    await go(address, layer);
    const own = [layerShown(), missing()];
    choose(other);
    choose(called);
    shown.push([...own, layerShown()]);
  }
  return shown;
}"""
"""What is shown, and what is said to be missing, at each address; and what once a name is chosen in the box."""


@pytest.mark.parametrize("name", ["resnet50", "efficientnet_b0", "convnext_tiny", "unet-padded", "ssd300"])
def test_every_name_of_a_stage_is_known_to_the_address_and_to_the_box(opened: "Page", site: Path, name: str) -> None:
    go(opened, site, name)
    network = rfdocs.load(name).network
    taken = opened.evaluate("rfParts.taken()")
    names = [called for layer in taken for called in [layer["title"], *[one["name"] for one in layer["elsewhere"]]]]
    assert taken
    wanted = [network.names[network.node(called)] for called in names]
    addresses = [f"#layer{'-='[place % 2]}{quote(called)}" for place, called in enumerate(names)]  # a row's, a state's
    assert opened.evaluate(NAMED, [*zip(addresses, names, wanted, strict=True)]) == [
        [layer, "", layer] for layer in wanted
    ]


def test_keys_in_the_growth_curve_stop_at_sums_and_go_on_from_any_layer(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet18", "#layer=conv1")
    report = rfdocs.load("resnet18").analyze()
    growth, strong = opened.locator("#growth .rf-spots"), opened.locator(".rf-read strong").first
    growth.press("Home")
    reached = []
    while (name := strong.text_content()) not in reached:
        reached.append(name)
        assert opened.locator("#growth .rf-spot:not(.rf-hover)").count() == 1  # it is marked
        growth.press("ArrowRight")
    sums = [layer.name for layer in report if len(layer.inputs) > 1]
    assert set(sums) <= set(reached)
    assert reached == [layer.name for layer in report if layer.name in reached]
    growth.press("ArrowLeft")
    assert strong.text_content() == reached[-2]
    opened.locator(".rf-explorer select").select_option("layer2.0.downsample.0")  # no stop
    growth.press("ArrowRight")
    after = [layer.name for layer in report].index("layer2.0.downsample.0")
    assert [layer.name for layer in report].index(strong.text_content() or "") > after


def test_a_name_that_no_layer_has_is_said_with_the_nearest(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#input=300x400&layer=conv4_y")
    missing = opened.locator(".rf-ask [role=alert]").last
    assert (missing.text_content() or "").startswith("There is no layer “conv4_y”. The nearest: conv4_x or ")
    assert opened.locator(".rf-input input").first.input_value() == "300"
    missing.get_by_role("button", name="conv4_x").press("Enter")
    assert opened.locator(".rf-read strong").first.text_content() == "layer3.5.add"
    assert missing.text_content() == ""
    opened.wait_for_function("() => location.hash === '#input=300x400&layer=layer3.5.add'")
    for asked, near in {"stage5": "conv5_x", "res5": "conv5_x", "layre3": "layer3 or conv3_x or layer1"}.items():
        opened.evaluate("(asked) => { location.hash = '#layer=' + asked; }", asked)
        opened.wait_for_function(
            "(asked) => document.querySelector('.rf-missing').textContent.includes(asked)", arg=asked
        )
        assert missing.text_content() == f"There is no layer “{asked}”. The nearest: {near}"
    go(opened, site, "resnet50", "#layer=qqqq")
    assert opened.locator(".rf-ask [role=alert]").last.text_content() == "There is no layer “qqqq”."


def test_layers_and_units_are_chosen_by_pointer_and_by_keyboard(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50")
    strong = opened.locator(".rf-read strong").first
    slider = opened.locator(".rf-explorer input[type=range]")
    slider.press("Home")
    assert strong.text_content() == "conv1"
    slider.press("ArrowRight")
    assert strong.text_content() == "maxpool"
    opened.locator(".rf-explorer select").select_option("layer2.3.add")
    assert strong.text_content() == "layer2.3.add"
    canvas = opened.locator(".rf-canvas")
    canvas.press("ArrowLeft")
    canvas.press("ArrowDown")
    assert opened.evaluate("location.pathname").endswith("/resnet50.html")  # and no other page is turned to
    assert [field.input_value() for field in opened.locator(".rf-explorer input[type=number]").all()] == ["14", "12"]
    canvas.click(position={"x": 40, "y": 40})
    assert [field.input_value() for field in opened.locator(".rf-explorer input[type=number]").all()] == ["0", "0"]
    opened.locator(".rf-explorer input[type=number]").first.fill("99")
    assert "unit (27, 0)" in (opened.locator(".rf-read").text_content() or "")
    opened.get_by_role("button", name="layer3.1 to layer3.5, five times").click()
    opened.locator("#layers tr[id='layer-layer3.5.add'] td").nth(2).click()
    assert strong.text_content() == "layer3.5.add"
    assert opened.locator("#layers tr.rf-chosen").get_attribute("id") == "layer-layer3.5.add"
    opened.locator("#stages tbody tr").nth(1).locator("td").last.click()
    assert strong.text_content() == "layer1.2.add"
    opened.locator("#layers a[href='#layer-layer1.0.conv1']").press("Enter")
    opened.wait_for_function("() => document.querySelector('.rf-read strong').textContent === 'layer1.0.conv1'")


def test_a_link_that_is_followed_before_the_address_was_written_is_followed(opened: "Page", site: Path) -> None:
    """The address is written a while after the last choice: here when a link has changed it and was not read yet."""
    go(opened, site, "resnet50")
    opened.evaluate("""async () => {
      document.querySelectorAll("#stages tbody tr")[1].lastElementChild.click();
      history.replaceState(null, "", "#layer-layer1.0.conv1");
      await new Promise((go) => setTimeout(go, 300));
      dispatchEvent(new HashChangeEvent("hashchange"));
    }""")
    assert opened.locator(".rf-read strong").first.text_content() == "layer1.0.conv1"
    opened.wait_for_function("() => location.hash.endsWith('&layer=layer1.0.conv1')")


DRAWN = r"""(axis) => {
  const place = document.querySelector(axis ? ".rf-explorer .rf-canvas" : ".rf-explorer .rf-strip");
  const sides = (name) => [...place.querySelector(name).getAttribute("d").matchAll(/M([-\d.]+) [-\d.]+H([-\d.]+)/g)]
    .map((one) => [Number(one[1]), Number(one[2])]);
  const [[left, right]] = sides(".rf-image"), size = document.querySelectorAll(".rf-ask input")[axis].valueAsNumber;
  const pixel = (x) => Math.round(((x - left) / (right - left)) * size * 1000) / 1000;
  return sides(".rf-seen").map(([first, last]) => [pixel(first), pixel(last) - 1]);
}"""
"""The stretches of an axis, the first or the last, that are drawn as seen. Unit: pixels of the image."""


@pytest.mark.parametrize(
    ("name", "size", "layer", "unit"),
    [
        ("c3d", (20, 112, 112), "conv3b", (2, 5, 6)),
        ("i3d", (64, 224, 224), "Mixed_3b", (0, 7, 20)),
        ("slowfast_r50", (32, 256, 256), "fast5", (3, 4, 5)),
    ],
)
def test_the_first_of_three_axes_has_a_strip_of_its_own(
    opened: "Page", site: Path, name: str, size: tuple[int, ...], layer: str, unit: tuple[int, ...]
) -> None:
    report = rfdocs.load(name).analyze(size)
    layer = report[layer or report.features.name].name
    state = f"#input={'x'.join(map(str, size))}&layer={layer}&unit={','.join(map(str, unit))}"
    go(opened, site, name, state)
    seen = report.visible_ranges(layer, unit, gates=False)
    for axis in (0, 2):
        assert opened.evaluate(DRAWN, axis) == [[part.first, part.last] for part in seen[axis] or ()]
    strip = opened.locator(".rf-explorer .rf-strip")
    assert strip.get_attribute("aria-label") == (
        f"The depth of the image, {size[0]} pixels, and the field of unit {', '.join(map(str, unit))} of {layer}"
    )
    field = report.unit(layer, unit)[0].spatial_field
    assert field is not None
    ends = [text.strip("←→ ").replace("\u2212", "-") for text in strip.locator("text").all_text_contents()[:2]]
    assert ends == [str(field.first), str(field.last)]


DILATED = """
input: {channels: 1, size: [24, 9, 9]}
layers:
  - {conv: a, kernel: [3, 1, 1], dilation: [2, 1, 1], channels: 1}
  - {conv: b, kernel: [3, 1, 1], dilation: [6, 1, 1], channels: 1}
"""
EXPLORED = """([program, axes, unit]) => {
  const report = new RfNetwork(program).analyse([24, 9, 9]), place = document.createElement("div");
  document.querySelector(".rf-explorer").replaceChildren(place);
  new rfExplorer.Explorer(place, axes, report, () => {}).take(report, 2, unit);
}"""


def test_a_strip_shows_holes(opened: "Page", site: Path, tmp_path: Path) -> None:
    file = tmp_path / "dilated.yaml"
    file.write_text(DILATED, "utf-8")
    entry = rfdocs.load(str(file))
    seen = entry.analyze().visible_ranges("b", (2, 4, 4))[0]
    assert seen is not None
    assert len(seen) > 1
    go(opened, site, "c3d", "#input=24x9x9")
    opened.evaluate(EXPLORED, [program(entry.network), ["depth", "height", "width"], [2, 4, 4]])
    assert opened.evaluate(DRAWN, 0) == [[part.first, part.last] for part in seen]


def test_a_unit_is_picked_on_the_strip_by_pointer_by_keys_and_by_a_finger(
    browser: "Browser", opened: "Page", site: Path
) -> None:
    go(opened, site, "c3d", "#input=32x112x112&layer=conv2a&unit=9,5,6")
    units = opened.locator(".rf-explorer .rf-units input")
    strip = opened.locator(".rf-explorer .rf-strip")
    for _ in range(3):
        strip.press("ArrowRight")
    strip.press("ArrowLeft")
    strip.press("ArrowUp")  # a strip has no such axis
    assert [one.input_value() for one in units.all()] == ["11", "5", "6"]
    assert "Along the depth it reads the units" in opened.inner_text(".rf-read")
    opened.locator(".rf-canvas").press("ArrowUp")
    assert [one.input_value() for one in units.all()] == ["11", "4", "6"]
    assert "Along the width it reads the units" in opened.inner_text(".rf-read")
    box = strip.bounding_box()
    assert box is not None
    strip.click(position={"x": box["width"] - 40, "y": box["height"] / 2})
    assert [one.input_value() for one in units.all()] == ["31", "4", "6"]
    opened.wait_for_function("() => location.hash.endsWith('&unit=31,4,6')")
    opened.get_by_label("which units see the pixel?").check()
    opened.locator(".rf-strip").press("Home")
    strip.press("ArrowLeft")
    assert [one.input_value() for one in units.all()] == ["30", "9", "13"]
    assert opened.locator(".rf-strip .rf-pixel").count() == 1

    page = browser.new_page(viewport={"width": 390, "height": 800}, has_touch=True)
    go(page, site, "c3d", "#input=32x112x112&layer=conv2a&unit=9,5,6")
    strip = page.locator(".rf-explorer .rf-strip")
    strip.scroll_into_view_if_needed()
    drag_finger(page, strip, 1, 0)
    depth, *others = [one.input_value() for one in page.locator(".rf-explorer .rf-units input").all()]
    assert (int(depth) > 20, others) == (True, ["5", "6"])
    page.close()


def test_a_mouse_that_is_dragged_takes_the_unit_along(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#input=300x400&layer=layer3")
    opened.locator(".rf-canvas").scroll_into_view_if_needed()
    box = opened.locator(".rf-canvas").bounding_box()
    assert box is not None
    opened.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    opened.mouse.down()
    seen = []
    for share in (0.45, 0.3, 0.05):
        opened.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * share)
        seen.append(opened.locator(".rf-read p").first.text_content())
    assert len(set(seen)) == 3
    opened.mouse.move(box["x"] - 40, box["y"] - 40)  # beside the picture it is still held
    opened.mouse.up()
    assert "unit (0, 0) of" in opened.inner_text(".rf-read")
    opened.wait_for_function("() => location.hash.endsWith('&unit=0,0')")
    opened.mouse.move(box["x"] + box["width"] / 2, box["y"] - 60)
    assert "unit (0, 0) of" in opened.inner_text(".rf-read")


def marked(page: "Page", name: str) -> list[str]:
    """The layers that are marked so in the table, and how many parts of each figure are."""
    rows = page.locator(f"#layers tr.{name}").evaluate_all("(rows) => rows.map((row) => row.id)")
    figures = [page.locator(f"#{section} .rf-spot") for section in ("growth", "graph")]
    hovered = name == "rf-hover"
    counts = [
        one.evaluate_all(f"(all) => all.filter((one) => one.matches('.rf-hover') === {str(hovered).lower()}).length")
        for one in figures
    ]
    return [*rows, *map(str, counts)]


def test_figures_choose_and_mark_layers_as_the_table_does(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#layer=conv1")
    growth, graph = (opened.locator(f"#{section} .rf-spots") for section in ("growth", "graph"))
    strong = opened.locator(".rf-read strong").first
    report = rfdocs.load("resnet50").analyze()
    spots = draw("growth", "", report).spots
    wide, high = (growth.evaluate(f"(one) => one.{side}") for side in ("clientWidth", "clientHeight"))
    third = spots[len(spots) // 3]
    height = float(opened.locator("#growth .rf-spotted svg").first.get_attribute("viewBox").split()[3])  # type: ignore[union-attr]
    place = {"x": (third.left + third.right) / 2 / 640 * wide, "y": third.top / height * high + 30}
    name = report.layers[third.last - 1].name
    growth.hover(position=place)  # type: ignore[arg-type]
    assert marked(opened, "rf-hover") == [f"layer-{name}", "1", "1"]
    assert strong.text_content() == "conv1"
    growth.click(position=place)  # type: ignore[arg-type]
    assert strong.text_content() == name
    assert marked(opened, "rf-chosen")[0] == f"layer-{name}"
    growth.press("ArrowRight")
    assert strong.text_content() == report.layers[spots[len(spots) // 3 + 1].last - 1].name
    growth.press("End")
    assert (strong.text_content(), growth.get_attribute("aria-valuetext")) == ("fc", "fc: 619 px")
    graph.press("Home")
    graph.press("ArrowDown")
    graph.press("ArrowDown")
    assert (strong.text_content(), graph.get_attribute("aria-valuetext")) == ("layer1.0.add", "layer1.0.add: 19 px")
    opened.locator("#layers tr[id='layer-maxpool'] td").first.hover()
    assert marked(opened, "rf-hover") == ["layer-maxpool", "1", "1"]
    opened.mouse.move(0, 0)
    assert marked(opened, "rf-hover") == ["0", "0"]


REDRAWN = f"""async () => {{
    {TREE}
    const figures = [...document.querySelectorAll("figure.rf-plate")].filter((one) => one.hasAttribute("aria-busy"));
    while (figures.some((one) => one.getAttribute("aria-busy") === "true"))
        await new Promise((resolve) => setTimeout(resolve, 5));
    return figures.map((one) => [one.className.split(" ")[1].slice(3), one.querySelector("desc").textContent,
        [...one.querySelector("svg").children].filter((own) => !["style", "title", "desc"].includes(own.nodeName))
            .map(tree)]);
}}"""


def test_figures_at_another_size_are_those_of_a_page_published_at_it(sample: tuple[str, "Page"]) -> None:
    name, opened = sample
    entry = rfdocs.load(name)
    for report in map(entry.analyze, (SAMPLE[name], entry.network.input_size)):
        size = report.input_size
        turn_to(opened, size)
        figures = opened.evaluate(REDRAWN)
        assert {kind for kind, *_ in figures} == set(KINDS)
        for kind, told, marks in figures:
            wanted = draw(kind, entry.title, report)
            assert told == wanted.alternative
            assert not list(differences(marks, elements(wanted, f"rf-{kind}"))), kind
        assert spaced(opened.evaluate(EFFECTIVE)) == spaced(effective_words(report))
        assert opened.locator("#effective .rf-published:visible, #effective figcaption:visible").count() == (
            size != entry.network.input_size
        )


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("c3d", [(16, 224, 224), (32, 64, 96)]),
        ("enet", [(512, 512)]),
        ("edsr-x4", [(1, 2), (31, 48)]),
        ("m5-tutorial", [(7000,), (16000,)]),
        ("resnet50", [(300, 400), (32, 33), (7, 500)]),
        ("unet-padded", [(64, 96)]),
    ],
)
def test_where_a_unit_is_follows_the_size(opened: "Page", site: Path, name: str, sizes: list[tuple[int, ...]]) -> None:
    report = rfdocs.load(name).analyze()
    go(opened, site, name)
    published = opened.locator("#places > :is(p, ul)").all_text_contents()
    for size in sizes:
        turn_to(opened, size)
        own = rfdocs.load(name).analyze(size)
        wanted = []
        for places in axes_places(own, own.features):
            wanted.append(f"The centre x of unit u of {own.features.name}, {places.whose}, and back:")
            wanted.append(" ".join(f"{line.convention}: {line.forward}, {line.back}" for line in places.lines))
        blocks = opened.locator("#places > :is(p, ul)")
        assert [" ".join(text.split()) for text in blocks.all_inner_texts()] == wanted, size
        assert opened.locator("#places").is_visible() == bool(wanted)
        links = opened.locator("#places a[href^='#layer-']")
        assert {link.get_attribute("href") for link in links.all()} <= {f"#layer-{own.features.name}"}
    turn_to(opened, report.input_size)
    assert opened.locator("#places > :is(p, ul)").all_text_contents() == published


EFFECTIVE = """async () => {
    const section = document.querySelector("#effective"), figure = section.querySelector("figure");
    const busy = () => [figure, section.querySelector("ul")].some((one) => one.getAttribute("aria-busy") === "true");
    while (busy()) await new Promise((resolve) => setTimeout(resolve, 5));
    const words = [...section.querySelectorAll(":scope > p:not(.rf-published, .rf-read-on), :scope > ul > li")];
    return words.map((one) => one.textContent);
}"""


def effective_words(report: rfdocs.Report) -> list[str]:
    """The words of the section on the effective field, if the network were published at this size."""
    opening, bullets = effective_section(report, None).blocks
    assert isinstance(opening, tuple)
    assert isinstance(bullets, Bullets)
    return [plain(opening), *map(plain, bullets.items)]


def test_the_effective_field_of_another_last_map_leads_to_its_row(opened: "Page", site: Path) -> None:
    entry = rfdocs.load("resnet50")
    go(opened, site, "resnet50", "#input=32x32")
    assert spaced(opened.evaluate(EFFECTIVE)) == spaced(effective_words(entry.analyze(32)))
    last = entry.analyze(32).features.name
    assert last != entry.analyze().features.name
    row = opened.locator("#effective a[href^='#layer-']")
    assert row.get_attribute("href") == f"#layer-{last}"
    row.press("Enter")
    opened.wait_for_function("(own) => document.querySelector('.rf-read strong').textContent === own", arg=last)
    assert opened.locator(".rf-ask input").first.input_value() == "32"
    opened.get_by_role("button", name="as published").click()
    assert spaced(opened.evaluate(EFFECTIVE)) == spaced(effective_words(entry.analyze()))


def test_paths_that_would_take_too_long_to_count_leave_the_published_section(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50")
    marks = "[...document.querySelectorAll('#effective svg > *')].map((one) => one.outerHTML)"
    words, published = opened.evaluate(EFFECTIVE), opened.evaluate(marks)
    opened.evaluate("() => { rfEffective.response = () => { throw new RfRefusal('it would take too long'); }; }")
    turn_to(opened, (320, 480))
    assert opened.evaluate(EFFECTIVE) == words
    assert opened.evaluate(marks) == published
    said = "For 224 × 224 pixels, as published: it would take too long."
    assert opened.locator("#effective .rf-published:visible").all_text_contents() == [said]
    assert opened.locator("#effective figcaption:visible").all_text_contents() == [said]


def test_a_redrawn_figure_chooses_layers_as_the_published_one_does(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#input=48x320&layer=conv1")
    opened.evaluate(REDRAWN)
    spots = draw("growth", "", rfdocs.load("resnet50").analyze((48, 320))).spots
    growth, strong = opened.locator("#growth .rf-spots"), opened.locator(".rf-read strong").first
    assert growth.get_attribute("aria-valuemax") == str(len(spots))
    growth.press("End")
    assert strong.text_content() == "fc"
    mark = opened.locator("#growth .rf-spot").first
    left = float((mark.get_attribute("style") or "").partition("left: ")[2].partition("%")[0])
    assert left == pytest.approx(100 * spots[-1].left / 640, abs=0.01)


def test_a_photograph_lies_where_the_image_is_and_is_seen_through_the_field(opened: "Page", site: Path) -> None:
    go(opened, site, "alexnet", "#input=300x400&layer=conv5&unit=6,6")
    photograph, image = opened.locator(".rf-photograph"), opened.locator(".rf-explorer path.rf-image")
    assert photograph.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 100
    sides = "(one) => ['x', 'y', 'width', 'height'].map((side) => one.getBoundingClientRect()[side])"
    assert photograph.evaluate(sides) == pytest.approx(image.evaluate(sides), abs=0.1)
    seen, veil = (opened.locator(f".rf-explorer path.rf-{name}").get_attribute("d") for name in ("seen", "veil"))
    assert veil == f"{image.get_attribute('d')}{seen}"
    assert seen
    box = opened.get_by_label("on a photograph")
    box.press("Space")
    assert photograph.is_hidden()
    assert opened.locator(".rf-explorer path.rf-veil").count() == 0
    box.click()
    assert photograph.is_visible()
    go(opened, site, "wavenet")
    assert opened.get_by_label("on a photograph").is_hidden()
    assert photograph.is_hidden()


def test_a_pixel_is_asked_for_the_units_that_see_it_and_a_unit_for_its_way_back(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#layer=layer1&unit=0,0")
    opened.get_by_label("which units see the pixel?").press("Space")
    words = opened.locator(".rf-read").text_content() or ""
    assert "Pixel (0, 0) is seen by 25 of 3,136 units" in words
    opened.locator(".rf-canvas").press("ArrowRight")
    opened.locator(".rf-explorer input[type=number]").first.fill("100")
    rows, columns = rfdocs.load("resnet50").analyze().seen_by("layer1", (100, 1), gates=False)
    words = opened.locator(".rf-read").text_content() or ""
    assert f"Pixel (100, 1) is seen by {len(rows) * len(columns)} of 3,136 units" in words
    opened.get_by_label("which units see the pixel?").click()
    opened.locator(".rf-explorer summary").press("Enter")
    opened.wait_for_function("() => document.querySelectorAll('.rf-trail li').length > 5")
    assert "input: 0…17" in " ".join(opened.locator(".rf-trail li").all_text_contents())


def test_what_gates_add_to_who_sees_a_pixel_is_said_besides(opened: "Page", site: Path) -> None:
    go(opened, site, "mobilenet_v3_small", "#input=142x342&layer=block6.add&unit=0,0")
    opened.get_by_label("which units see the pixel?").check()
    for axis, place in enumerate(("35", "316")):
        opened.locator(".rf-explorer input[type=number]").nth(axis).fill(place)
    along, through = (
        prod(map(len, rfdocs.load("mobilenet_v3_small").analyze((142, 342)).seen_by("block6.add", (35, 316), gates)))
        for gates in (False, True)
    )
    words = opened.inner_text(".rf-read")
    assert f"Pixel (35, 316) is seen by {along} of 198 units" in words
    assert f"Along the spatial path; through gates {through} see it." in words


def test_a_tile_of_one_s_own_is_asked_for_any_map(opened: "Page", site: Path) -> None:
    go(opened, site, "unet-padded", "#input=1024x1536")
    height, width = opened.locator("#tiling form input").all()
    height.fill("256")
    width.fill("512")
    width.press("Tab")
    tiling = rfdocs.load("unet-padded").analyze((1024, 1536)).tiling("output", (256, 512))
    rows = {cells[0]: cells[1:] for cells in opened.evaluate(TILES)[1]}
    assert rows["tiles along each axis"] == [str(axis.count) for axis in tiling.axes]
    assert rows["kept of it, units"] == [str(axis.kept) for axis in tiling.axes] == ["64", "320"]
    opened.locator("#tiling form select").select_option("down3.conv2")
    assert "Tiles for down3.conv2" in (opened.locator("#tiling caption").first.text_content() or "")
    height.fill("32")
    height.press("Enter")
    opened.locator("#tiling form select").focus()
    assert opened.evaluate(TILES)[2].startswith("down3.conv2: a tile of 32 keeps nothing")


@pytest.mark.parametrize("tile", [("100", "100"), ("0", "5"), ("", "-3")])
def test_of_a_refused_tile_only_why_and_the_least_that_works_are_said(
    opened: "Page", site: Path, tile: tuple[str, str]
) -> None:
    go(opened, site, "resnet50")
    for field, length in zip(opened.locator("#tiling form input").all(), tile, strict=True):
        field.fill(length)
    opened.locator("#tiling form input").first.press("Enter")
    opened.locator("#tiling form select").focus()
    said = opened.inner_text("#tiling .rf-refusal")
    assert "no tiles" not in said
    least = int(said.removesuffix(" or more.").rpartition(" ")[2])
    assert rfdocs.load("resnet50").analyze().tiling("layer4", least).axes[0].kept
    shown = "(all) => all.filter((one) => one.checkVisibility()).map((one) => one.tagName)"
    assert opened.locator("#tiling > *").evaluate_all(shown) == ["H2", "FORM", "P"]


def test_every_name_of_a_stage_is_known_to_the_tiles(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50")
    network = rfdocs.load("resnet50").network
    box, caption = opened.locator("#tiling form select"), opened.locator("#tiling caption").first
    names = opened.locator(".rf-explorer select option").all_text_contents()
    assert box.locator("option").all_text_contents() == names
    for layer in opened.evaluate("rfParts.taken()"):
        for called in [layer["title"], *[other["name"] for other in layer["elsewhere"]]]:
            wanted = network.names[network.node(called)]
            box.select_option(called)
            assert (caption.text_content() or "").startswith(f"Tiles for {wanted} of ")
            assert box.input_value() == wanted


def test_the_first_page_s_explorer_walks_by_itself_and_leaves_other_networks_alone(opened: "Page", site: Path) -> None:
    opened.emulate_media(reduced_motion="no-preference")
    opened.goto((site / "index.html").as_uri())
    opened.get_by_role("button", name="pause").wait_for()
    assert "#" not in opened.evaluate("location.href")
    report = rfdocs.load("alexnet-guide").analyze()
    rows = opened.locator(".rf-layers").first.locator("tbody tr").all()
    assert [row.locator("td").nth(2).text_content() for row in rows] == [
        str(layer.receptive_field[0]) for layer in report.layers
    ]
    strong = opened.locator(".rf-read strong").first
    opened.get_by_role("button", name="pause").press("Enter")
    before = strong.text_content()
    opened.locator(".rf-explorer input[type=range]").press("Home")
    assert strong.text_content() == "conv1" != before
    opened.get_by_role("button", name="play").click()
    opened.wait_for_function("() => document.querySelector('.rf-read strong').textContent === 'maxpool'")
    opened.locator(".rf-canvas").click()
    opened.get_by_role("button", name="play").wait_for()
    opened.locator(".rf-search input").click()
    assert opened.locator(".rf-palette").is_visible()
    opened.keyboard.press("Escape")
    opened.emulate_media(reduced_motion="reduce")
    opened.goto((site / "index.html").as_uri())
    opened.get_by_role("button", name="play").wait_for()


@pytest.mark.parametrize("name", ["resnet50", "ssd300", "deeplabv3_resnet50"])
def test_stages_and_outputs_follow_the_size(opened: "Page", site: Path, name: str) -> None:
    entry = rfdocs.load(name)
    size = (321, 481) if name != "ssd300" else (320, 352)
    go(opened, site, name, f"#input={size[0]}x{size[1]}")
    opened.evaluate("() => new Promise((resolve) => setTimeout(resolve, 0))")
    report = entry.analyze(size)
    shown = opened.evaluate(ROWS.replace("#layers", "#stages"))
    keys = opened.evaluate("() => [...document.querySelectorAll('#stages thead th')].map((head) => head.dataset.key)")
    layers = opened.locator("#stages tbody a").all()
    columns = known_columns()
    for row, link in zip(shown, layers, strict=True):
        layer = report[(link.get_attribute("href") or "").removeprefix("#layer-")]
        for key, text in zip(keys, row, strict=True):
            if key in columns and key != "name":
                assert text == columns[key].cell(report, layer).replace("-", "−")


SHOWN = "() => [...document.querySelectorAll('#layers tbody tr[id]')].filter((row) => row.checkVisibility()).length"


def test_equal_blocks_are_folded_until_they_are_asked_for(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50")
    assert opened.evaluate(SHOWN) == 24
    fold = opened.get_by_role("button", name="layer3.1 to layer3.5, five times")
    fold.click()
    assert (opened.evaluate(SHOWN), fold.get_attribute("aria-expanded")) == (44, "true")
    fold.press("Enter")
    assert opened.evaluate(SHOWN) == 24
    opened.evaluate("() => document.querySelector('#layers .rf-fold small').dispatchEvent(new Event('beforematch'))")
    assert opened.evaluate(SHOWN) == 32
    opened.get_by_role("button", name="unfold all").press("Space")
    assert opened.evaluate(SHOWN) == 72
    go(opened, site, "resnet50", "#layer-layer3.4.conv2")
    assert opened.locator("[id='layer-layer3.4.conv2']").is_visible()
    opened.evaluate("() => { location.hash = '#layer-layer2.2.conv1'; }")
    opened.wait_for_function("() => document.getElementById('layer-layer2.2.conv1').checkVisibility()")


def test_a_layer_inside_a_fold_is_marked_and_an_address_unfolds_it(opened: "Page", site: Path) -> None:
    row, held = opened.locator("[id='layer-layer3.4.conv2']"), opened.locator("#layers .rf-holds")
    go(opened, site, "resnet50", "#input=224x224&layer=layer3.4.conv2")
    assert row.is_visible()
    assert "rf-chosen" in (row.get_attribute("class") or "")
    assert held.count() == 0
    fold = opened.get_by_role("button", name="layer3.1 to layer3.5, five times")
    fold.press("Enter")
    assert held.get_by_role("button").inner_text() == fold.inner_text()
    opened.locator(".rf-explorer select").select_option("conv1")
    assert held.count() == 0
    opened.locator(".rf-explorer select").select_option("layer3.1.add")
    assert (held.count(), row.is_visible()) == (1, False)


def test_columns_are_chosen_in_groups_and_the_head_stays_in_sight(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50")
    heads = "() => [...document.querySelectorAll('#layers thead th')].filter((head) => head.checkVisibility()).length"
    before = opened.evaluate(heads)
    opened.locator("#layers").get_by_label("window").press("Space")
    assert opened.evaluate(heads) == before - 3
    opened.locator("#layers").get_by_label("cost").click()  # as there is not room for all of them
    assert opened.evaluate(heads) == before
    opened.wait_for_function("() => location.hash.endsWith('&columns=cost,seen,names')")
    address = opened.evaluate("location.href")
    opened.goto("about:blank")
    opened.goto(address)
    assert opened.evaluate(heads) == before
    assert opened.locator("#layers").get_by_label("cost").is_checked()
    assert not opened.locator("#layers").get_by_label("window").is_checked()
    for width in (1440, 390):
        opened.set_viewport_size({"width": width, "height": 1000})
        opened.locator("[id='layer-layer4.0.add']").evaluate(
            "(row) => row.scrollIntoView({ block: 'center', behavior: 'instant' })"
        )
        opened.wait_for_function(
            "() => { const top = document.querySelector('#layers thead th').getBoundingClientRect().top;"
            " return top >= 0 && top < 80; }"
        )
        assert opened.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    opened.set_viewport_size({"width": 1440, "height": 1000})


def test_a_cell_tells_how_it_comes_about(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#input=300x400")
    told = opened.get_by_role("tooltip")
    row = opened.locator("[id='layer-layer4.0.conv2']")
    row.evaluate("(row) => row.scrollIntoView({ block: 'center', behavior: 'instant' })")
    row.locator("td").nth(0).hover()
    assert told.text_content() == "r = 267 + (3 − 1) · 16 = 299"
    opened.mouse.move(0, 0)
    assert told.count() == 0
    row.locator("td").nth(2).click()
    assert "height: n = ⌊(19 + 1 + 1 − 3) / 2⌋ + 1 = 10" in (told.text_content() or "")
    first = opened.locator("#layers td[tabindex='0']")
    first.press("ArrowRight")
    assert opened.locator(":focus").get_attribute("aria-describedby") == "rf-why"
    assert told.text_content() == "j = 1 · 2 = 2"
    opened.keyboard.press("ArrowDown")
    assert told.text_content() == "j = 2 · 2 = 4"
    opened.keyboard.press("Escape")
    assert told.count() == 0


def test_cells_of_windows_and_of_stages_tell_how_they_come_about(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#input=300x400")
    told = opened.get_by_role("tooltip")

    def lines(table: str, row: str, key: str) -> list[str]:
        column = opened.locator(f"{table} thead th").evaluate_all(
            "(heads, key) => heads.findIndex((head) => head.dataset.key === key)", key
        )
        opened.locator(f"{table} tbody tr:has(th a[href='#layer-{row}'], th:text-is('{row}'))").locator("td").nth(
            column - 1
        ).click()
        return told.locator("div").all_text_contents()

    assert lines("#layers", "conv1", "kernel") == ["k = 7: a unit reads 7 neighbours"]
    assert lines("#layers", "conv1", "stride") == ["s = 2 / 1 = 2"]
    assert lines("#layers", "conv1", "padding") == [
        "height: p = 3 before, 3 behind: n = ⌊(300 + 3 + 3 − 7) / 2⌋ + 1 = 150",
        "width: p = 3 before, 3 behind: n = ⌊(400 + 3 + 3 − 7) / 2⌋ + 1 = 200",
    ]
    end = "layer4.2.add"
    assert lines("#stages", end, "jump") == ["j = 32 · 1 = 32", "that of layer4.2.conv3 and layer4.1.add"]
    assert lines("#stages", end, "spatial_visible") == [
        "height: unit 4: of pixels 0 … 299 of 300 it sees 300",
        "width: unit 6: of pixels 0 … 399 of 400 it sees 400",
    ]
    assert lines("#stages", end, "context") == ["the larger of 213 before and 182 behind: 213"]
    assert lines("#stages", end, "channels") == ["as many as layer4.2.conv3 and layer4.1.add: 2,048"]


SILENT = """() => [...document.querySelectorAll("#stages td, #layers td")].filter((cell) => {
  const key = cell.closest("table").querySelectorAll("thead th")[cell.cellIndex].dataset.key;
  const words = ["op", "inputs", "alias", "paper", "torchvision", "timm", "global_context", "density", "misalignment"];
  if (!cell.textContent || cell.closest("tr").hidden || words.includes(key)) return false;
  cell.click();
  return document.querySelector(".rf-why").hidden;
}).map((cell) => [cell.closest("tr").textContent, cell.cellIndex])"""

#: Where a cell is, and whether it is in sight, is the same for all: the page is not laid out anew after each.
NOWHERE = "() => { Element.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 9, 9); }"


@pytest.mark.parametrize("name", ["resnet50", "unet-padded", "mobilenet_v3_small", "wavenet-24x4", "i3d"])
def test_no_number_of_stages_and_layers_is_silent(opened: "Page", site: Path, name: str) -> None:
    go(opened, site, name)
    opened.evaluate(NOWHERE)
    assert opened.evaluate(SILENT) == []


FORMULAS = """(size) => {
  const { program } = JSON.parse(document.querySelector(".rf-explorer .rf-data").textContent);
  const report = new RfNetwork(program).analyse(size);
  const keys = ["size", "jump", "rf", "start", "parameters", "macs"];
  return Array.from({ length: report.count - 1 }, (_, index) => index + 1).flatMap((layer) => keys.map((key) =>
    [key, rfSummary.CELLS[key](report, layer), rfFormulas.explain(report, layer, key)]));
}"""


#: Signs of formulas, and what Python has in their places.
SIGNS = {"; …": "", ";": " ,", "−": "-", "·": "*", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")"}


def computed(formula: str) -> Fraction:
    """What a formula comes to."""
    words = formula.replace(",", "")
    for sign, code in SIGNS.items():
        words = words.replace(sign, code)
    numbers = re.sub(r"\d+(?:\.\d+)?", r"Fraction('\g<0>')", words)
    return Fraction(eval(numbers, {"Fraction": Fraction, "floor": floor, "ceil": ceil, "min": min, "max": max}))


def test_every_formula_comes_to_the_value_of_its_cell(sample: tuple[str, "Page"]) -> None:
    name, opened = sample
    for key, cell, lines in opened.evaluate(FORMULAS, list(SAMPLE[name])):
        assert lines
        values = [line.partition(": ")[2] or line for line in lines if " = " in line]
        for line in values:
            named = key in ("size", "jump", "rf", "start")
            first, *others = line.split(" = ")[named:]
            assert {computed(other) for other in others} <= {computed(first)}
            assert line.split(" = ")[-1].replace("−", "-") in cell.replace(" ", "") or "min" in line or "–" in cell


DERIVED = """([program, size]) => {
    const report = new RfNetwork(program).analyse(size), told = [];
    for (let layer = 1; layer < report.count; layer++)
        report.size.forEach((_, axis) => {
            const length = report.lengths(layer)[axis];
            for (const unit of new Set([0, Math.floor(length / 2), Math.min(length - 1, 5), length - 1]))
                told.push([layer, axis, unit, rfDerivation.tell(report, layer, axis, unit)]);
        });
    return told;
}"""
#: Merges of paths that agree and that do not, of gates and of hundreds of paths; transposed, interpolated, nearest and
#: unpooled maps, such as are pooled to a fixed size, and windows of attention.
DERIVING: dict[str, tuple[int, ...]] = {
    "c3d": (16, 112, 112),
    "centernet-dla34": (512, 512),
    "densenet121": (224, 256),
    "enet": (256, 512),
    "hourglass-8": (256, 128),
    "inception-v4": (299, 299),
    "pspnet_resnet101": (473, 473),
    "resnet50": (300, 400),
    "segnet": (352, 480),
    "seresnet50": (224, 224),
    "swin_t": (200, 448),
    "unet": (572, 572),
    "unet-padded": (64, 96),
    "wavenet": (8192,),
}


def check_derived(report: rfdocs.Report, layer: rfdocs.LayerReport, axis: int, unit: int, told: Any) -> None:
    """Each equation comes to what stands behind its last sign, and that is the report's."""
    node = layer.axes[axis]
    field = node.field.at(unit)
    values: dict[str, Any] = {
        "n": node.length,
        "j": node.field.jump,
        "r": None if field is None else field.size,
        "start": node.field.start,
        "first pixel": None if field is None else field.first,
        "last pixel": None if field is None else field.last,
        "centre": None if field is None else field.center,
    }
    merged = re.match(r"Several paths meet here. Unit ([\d,]+) ", told["words"])
    wanted = node.field.at(int(merged[1].replace(",", ""))) if merged else field
    if wanted is not None:
        values |= {"first pixel": wanted.first, "last pixel": wanted.last}
    found = []
    for term, words in told["lines"]:
        name, _, whose = term.partition(" of unit ")
        if " = " in words:
            first, *others = words.split(" = ")
            assert {computed(other) for other in others} == {computed(first)}, (layer.name, term, words)
        if name not in values:
            continue
        found.append(name)
        assert whose in {"", str(unit)} or layer.name == term
        end = words.split(" = ")[-1]
        if end not in {"none", "it reads nothing of the image"}:
            assert computed(end) == values[name], (layer.name, term, words)
        else:
            assert values[name] is None, (layer.name, term, words)
    if told["words"].startswith("It has the size"):
        assert found == []
        below = report[layer.inputs[0]].axes[axis]
        assert (below.length, below.field) == (node.length, node.field)
    elif field is not None:
        assert {"n", "j", "r", "start"} <= set(found), (layer.name, found)


@pytest.mark.parametrize("name", DERIVING)
def test_every_layer_tells_its_numbers_in_equations(opened: "Page", site: Path, name: str) -> None:
    entry = rfdocs.load(name)
    report = entry.analyze(DERIVING[name])
    go(opened, site, name)
    for layer, axis, unit, told in opened.evaluate(DERIVED, [program(entry.network), list(DERIVING[name])]):
        check_derived(report, report.layers[layer - 1], axis, unit, told)


JOINED = """
input: {channels: 3, size: [12, 16]}
layers:
  - {crop: l, padding: [[0, 0], [0, 8]]}
  - {conv: a, kernel: 3, padding: 1, channels: 4}
  - {crop: r, padding: [[0, 0], [8, 0]], from: input}
  - {conv: b, kernel: 3, padding: 1, channels: 4}
  - {concat: order, from: [a, b], axis: width}
  - {concat: swapped, from: [b, a], axis: width}
  - {conv: c, kernel: 3, padding: 1, channels: 4}
"""


def test_maps_side_by_side_tell_on_which_a_unit_lies(opened: "Page", site: Path, tmp_path: Path) -> None:
    (tmp_path / "joined.yaml").write_text(JOINED, "utf-8")
    entry = rfdocs.load(tmp_path / "joined.yaml")
    report = entry.analyze()
    go(opened, site, "resnet50")
    answers = opened.evaluate(DERIVED, [program(entry.network), list(report.input_size)])
    for layer, axis, unit, told in answers:
        check_derived(report, report.layers[layer - 1], axis, unit, told)
    told = {(report.layers[layer - 1].name, axis, unit): told for layer, axis, unit, told in answers}
    assert told["swapped", 1, 15]["words"].startswith("Maps stand side by side here")
    assert dict(told["swapped", 1, 15]["lines"])["it lies on a, as unit"] == "15 − 8 = 7"
    assert told["swapped", 0, 0]["words"].startswith("It has the size, jump, field and start of b: the maps stand")


def test_a_merge_and_an_upsampling_show_their_equations(opened: "Page", site: Path) -> None:
    told = "document.querySelector('.rf-read').innerText.replaceAll(/\\s+/g, ' ')"
    go(opened, site, "resnet50", "#layer=layer4.2.add")
    merge = str(opened.evaluate(told))
    assert "layer4.2.conv3 r 427, start 0.5: pixels −213 … 213" in merge
    assert "layer4.1.add r 363, start 0.5: pixels −181 … 181" in merge
    assert "first pixel min(−213; −181) = −213 last pixel max(213; 181) = 213" in merge
    assert "r 213 − (−213) + 1 = 427 start ((−213) + 213 + 1) / 2 = 0.5" in merge
    go(opened, site, "unet", "#layer=upconv1&unit=20,20")
    transposed = str(opened.evaluate(told))
    assert "n (196 − 1) · 2 + 2 − 0 − 0 = 392 j 2 / 2 = 1 it reads (20 + 0 − 0) / 2 = 10" in transposed
    assert "r of unit 20 203 − 16 + 1 = 188" in transposed


def test_stages_are_copied_by_pointer_and_by_keyboard(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50")
    area, status = opened.locator("#stages .rf-copy textarea"), opened.locator("#stages [role=status]")
    opened.locator("#stages").get_by_role("button", name="copy as Markdown").click()
    opened.wait_for_function("() => document.querySelector('#stages [role=status]').textContent")
    assert "| layer3 | 14 | 16 | 267 | 0.5 |" in area.input_value()
    assert "| conv4_x | layer3 | 3 |" in area.input_value()
    opened.locator("#stages").get_by_role("button", name="copy as CSV").press("Enter")
    opened.wait_for_function("() => document.querySelector('#stages textarea').value.includes('conv5_x,layer4')")
    assert area.input_value().splitlines()[5].endswith(",213,2048,conv5_x,layer4,4")
    opened.evaluate(
        "() => { document.execCommand = () => false; navigator.clipboard.writeText = () => Promise.reject(); }"
    )
    opened.locator("#stages").get_by_role("button", name="copy as LaTeX").press("Space")
    opened.wait_for_function("() => !document.querySelector('#stages textarea').hidden")
    assert (status.text_content() or "").startswith("marked")
    selected = opened.evaluate("() => document.activeElement.value.slice(0, document.activeElement.selectionEnd)")
    assert selected.startswith(r"\begin{tabular}{lrrrrrrrrllr}")
    assert "layer4 & 7 & 32 & 427" in selected
    assert r"conv5\_x & layer4 & 4" in selected


def test_without_scripts_the_page_is_whole(site: Path, browser: "Browser") -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "networks" / "resnet50.html").as_uri())
    assert not page.locator(".rf-explorer").is_visible()
    assert page.locator("#layers tbody tr").count() > 70
    assert page.locator("#stages tbody tr").count() == 5
    context.close()


@pytest.mark.parametrize("size", ["", "#input=256x320"])
def test_figures_are_taken_home_as_files_that_stand_by_themselves(
    opened: "Page", site: Path, tmp_path: Path, size: str
) -> None:
    go(opened, site, "resnet50", size)
    for way in ("pointer", "keyboard"):
        button = opened.locator("#growth figure:visible .rf-save")
        with opened.expect_download() as download:
            button.click() if way == "pointer" else button.press("Enter")
        download.value.save_as(tmp_path / "figure.svg")
    text = (tmp_path / "figure.svg").read_text("utf-8")
    assert not re.search(r"var\(|currentcolor|class=|style=|<style", text, re.IGNORECASE)
    words = opened.locator("#growth figure:visible svg text").all_text_contents()
    assert [one.text for one in ET.fromstring(text).iter("{http://www.w3.org/2000/svg}text")] == words
    assert download.value.suggested_filename.startswith("resnet50-growth")
    shown = opened.locator("figure.rf-plate:visible")
    assert shown.locator(".rf-save").count() == shown.count() > 5


def test_contested_values_and_checks_are_whole_at_every_width(browser: "Browser", site: Path) -> None:
    """Without scripts, which have no part in it and would draw all figures anew at every width."""
    contested = [
        page for page in sorted((site / "networks").glob("*.html")) if "rf-disputes" in page.read_text("utf-8")
    ]
    assert len(contested) > 20
    cut = (
        "() => [...document.querySelectorAll('.rf-stacks')]"
        ".filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.className)"
    )
    tab = browser.new_page(java_script_enabled=False)
    for page in contested[::6]:
        tab.goto(page.as_uri())
        tab.evaluate(
            "() => document.querySelectorAll('svg').forEach((one) => one.remove())"
        )  # to lay them out takes long
        for width in (1440, 1024, 800, 390):
            tab.set_viewport_size({"width": width, "height": 1000})
            assert tab.evaluate(cut) == [], (page.name, width)
    tab.close()


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("resnet50", "22x4x4", "An input size is 2 whole numbers, 1 or more."),
        ("resnet50", "abc", "An input size is 2 whole numbers, 1 or more."),
        ("resnet50", "0x5", "An input size is 2 whole numbers, 1 or more. It takes 1 × 5"),
        ("c3d", "16x112", "An input size is 3 whole numbers, 1 or more."),
        ("segnet", "350x320&layer=pool2", "It takes 321 × 320 or 352 × 320"),
    ],
)
def test_an_address_whose_size_is_refused_shows_the_published_one(
    opened: "Page", site: Path, name: str, asked: str, said: str
) -> None:
    go(opened, site, name)
    known = opened.inner_text(".rf-read")
    go(opened, site, name, f"#input={asked}")
    assert said in opened.inner_text(".rf-ask .rf-refusal")
    layer = asked.partition("layer=")[2]
    assert opened.inner_text(".rf-read").startswith(layer or known.partition("\n")[0])
    assert "NaN" not in opened.inner_html(".rf-explorer")
    assert told(opened) == expected(name, rfdocs.load(name).network.input_size)


FITTED = """() => document.querySelector(".rf-canvas").clientWidth ===
  Number(document.querySelector(".rf-canvas svg").getAttribute("width"))"""
"""Whether the picture has the width of its place: a page is told a little later that it has another."""


@pytest.mark.parametrize(
    ("name", "size"), [("resnet50", (300, 400)), ("c3d", (16, 112, 112)), ("densenet201", (224, 224))]
)
def test_the_explorer_opens_on_the_central_unit_and_the_field_s_ends_stand_in_the_picture(
    opened: "Page", site: Path, name: str, size: tuple[int, ...]
) -> None:
    go(opened, site, name, f"#input={'x'.join(map(str, size))}")
    report = rfdocs.load(name).analyze(size)
    unit = ", ".join(map(str, report.features.central_index))
    assert f"unit ({unit}) of" in opened.inner_text(".rf-read")
    outside = """() => { const box = document.querySelector(".rf-canvas").getBoundingClientRect();
      return [...document.querySelectorAll(".rf-canvas text")].map((one) => one.getBoundingClientRect())
        .filter((one) => one.left < box.left || one.right > box.right || one.top < box.top || one.bottom > box.bottom)
        .length; }"""
    for width in (1440, 390):
        opened.set_viewport_size({"width": width, "height": 1000})
        opened.wait_for_function(FITTED)
        assert opened.evaluate(outside) == 0
    opened.set_viewport_size({"width": 1440, "height": 1000})
    fields = [axis.field for axis in report.central_unit(report.features.name)][-2:]
    cut = any(field.first < -1.5 * length for field, length in zip(fields, size[-2:], strict=True) if field)
    dotted = opened.get_attribute(".rf-canvas .rf-beyond", "d")
    assert (dotted != "") == cut
    assert ("←" in "".join(opened.locator(".rf-canvas text").all_text_contents())) == cut


OVERPRINTED = """() => {
  const rows = [];
  const slider = document.querySelector(".rf-explorer input[type=range]");
  const step = Math.max(1, Math.floor(slider.max / 12));
  for (let layer = 1; layer <= slider.max; layer += step) {
    slider.value = layer;
    slider.dispatchEvent(new Event("input"));
    const all = [...document.querySelectorAll(".rf-canvas text")].map((one) => one.getBoundingClientRect());
    const own = document.querySelector(".rf-canvas").getBoundingClientRect();
    for (const [place, one] of all.entries()) {
      const beyond = one.left < own.left || one.right > own.right || one.top < own.top || one.bottom > own.bottom;
      const over = all.slice(place + 1).some((other) => one.left < other.right && other.left < one.right &&
        one.top < other.bottom && other.top < one.bottom);
      if (beyond || over) rows.push([layer, place, beyond]);
    }
  }
  return rows;
}"""
"""The layers whose field's ends are printed over each other, or beyond the picture."""


@pytest.mark.parametrize("name", ["mobilenet_v3_small", "wavenet-24x4", "m5", "bagnet9", "densenet201", "unet3d"])
def test_the_numbers_of_a_field_s_ends_stand_apart(opened: "Page", site: Path, name: str) -> None:
    go(opened, site, name)
    for width in (1440, 390):
        opened.set_viewport_size({"width": width, "height": 1000})
        opened.wait_for_function(FITTED)
        assert opened.evaluate(OVERPRINTED) == []
    opened.set_viewport_size({"width": 1440, "height": 1000})


def test_a_glance_of_the_pointer_chooses_nothing(opened: "Page", site: Path) -> None:
    """What it passes is shown; a click chooses it."""
    go(opened, site, "resnet50", "#layer=layer3&unit=3,9")
    opened.locator(".rf-canvas").scroll_into_view_if_needed()
    box = opened.locator(".rf-canvas").bounding_box()
    assert box is not None
    opened.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "unit (3, 9)" not in opened.inner_text(".rf-read")
    opened.mouse.move(box["x"] - 30, box["y"] - 30)
    assert "unit (3, 9)" in opened.inner_text(".rf-read")
    assert opened.evaluate("location.hash") == "#layer=layer3&unit=3,9"
    opened.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    opened.wait_for_function("() => location.hash.startsWith('#input=224x224&layer=layer3')")
    assert "unit=3,9" not in opened.evaluate("location.hash")


def test_a_link_to_a_row_keeps_the_size(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50", "#input=512x512")
    opened.click("#stages tbody a >> nth=2")
    opened.wait_for_function("() => location.hash.startsWith('#input=512x512&layer=layer2')")


TOLD = """(seen) => {
  const report = { size: [224], axes: () => [{ field: {} }] };
  const own = { fields: [[0, 54]], seen: [seen], report, layer: 1, unit: [0] };
  return rfExplorer.Explorer.prototype.axisLines.call(own, "width", 0)[1];
}"""


def test_holes_are_told_beside_what_they_lie_in(opened: "Page", site: Path) -> None:
    go(opened, site, "resnet50")
    assert opened.evaluate(TOLD, [[0, 54]]) == ["sees", "0…54: 55 of 224 px"]
    assert opened.evaluate(TOLD, [[0, 2], [6, 8]]) == ["sees", "0…2, 6…8: 6 px, spanning 9 of 224 px"]


@pytest.mark.parametrize("name", ["densenet201", "hourglass-2"])
def test_long_names_of_layers_stay_within_a_narrow_page(opened: "Page", site: Path, name: str) -> None:
    go(opened, site, name)
    opened.set_viewport_size({"width": 390, "height": 1000})
    right = "(one) => one.getBoundingClientRect().right"
    edge = opened.locator(".rf-explorer").evaluate(right)
    assert (
        opened.locator(".rf-explorer :is(select, input)").evaluate_all(f"(all) => Math.max(...all.map({right}))") < edge
    )
    opened.set_viewport_size({"width": 1440, "height": 1000})


def test_a_finger_on_the_picture_moves_the_unit_on_both_axes(browser: "Browser", site: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800}, has_touch=True)
    go(page, site, "resnet50", "#layer=layer1")
    canvas = page.locator(".rf-canvas")
    canvas.scroll_into_view_if_needed()
    fields = page.locator(".rf-explorer input[type=number]")
    before, scrolled = [int(field.input_value()) for field in fields.all()], page.evaluate("scrollY")
    drag_finger(page, canvas, 0.5, -1)
    row, column = [int(field.input_value()) for field in fields.all()]
    assert (row < before[0] - 5, column > before[1] + 2) == (True, True)
    assert page.evaluate("scrollY") == scrolled
    page.close()


def test_a_page_opens_after_a_search_for_words_in_its_drawings(opened: "Page", site: Path) -> None:
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.goto(f"{(site / 'search.html').as_uri()}?q=receptive+field")
    opened.wait_for_function("() => localStorage.getItem('sphinx_highlight_terms') !== null")
    go(opened, site, "resnet50")
    opened.wait_for_selector(".rf-explorer svg")
    assert not troubles


@pytest.mark.parametrize("name", ["c3d", "slowfast_r50", "unet3d-padded"])
def test_the_sides_of_a_volume_stand_in_one_line(opened: "Page", site: Path, name: str) -> None:
    go(opened, site, name)
    lines = """(all) => all.map((one) => {
      const range = document.createRange();
      range.selectNode(one.firstChild);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    })"""
    cards = opened.locator(".rf-key :is([data-key=field], [data-key=jump], [data-key=map]) dd")
    assert cards.evaluate_all(lines) == [1, 1, 1]
