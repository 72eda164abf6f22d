"""The form by which a reader has another window slide: its script draws and says what Python does, letter by letter."""

import json
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rfdocs.algebra.reads import TransposedWindow
from rfdocs.errors import ArithmeticRefusal, RfdocsError
from rfdocs.figures import inline
from rfdocs.figures.animation import moving_drawing, still_drawing
from rfdocs.figures.asked_window import AskedWindow, WrongWindow, asked_window
from rfdocs.figures.drawing import Drawing
from rfdocs.figures.sliding import sliding
from rfdocs.making.scripts import ENGINE, FOLDER, SHARED, SLIDING
from rfdocs.operators import Convolution, Pooling, SlidingWindow, TransposedConvolution
from rfdocs.operators.operator import Filters, Operator
from rfdocs.pages.relations import Setting
from rfdocs.pages.window_caption import SizedWindow, relation_templates, sized_windows, window_caption, zeros_text
from rfdocs.sphinx.course import BOUNDS, OFFERED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


#: What a window of the form is told by, in its order.
NAMES = ("operation", "axes", *BOUNDS)
TOLD = """(asked) => {
    const tree = (one) => one.nodeType === Node.TEXT_NODE ? one.textContent : [
        one.nodeName, Object.fromEntries([...one.attributes].map(({ name, value }) => [name, value])),
        [...one.childNodes].map(tree)];
    const [settings, relations, drawn] = JSON.parse(asked);
    return settings.map((own) => rfWhole.answered(() => {
        const shown = rfSliding.motion(own), caption = rfCaption.caption(own, shown.size, relations[own.operation]);
        if (!drawn) return caption;
        const whole = ({ height, shapes }) => [height.toFixed(2), shapes.map(tree)];
        return [whole(rfDrawing.movingDrawing(shown)), whole(rfDrawing.stillDrawing(shown)), shown.title, shown.words,
            caption];
    }, (why) => why));
}"""
SIZES = """(asked) => JSON.parse(asked).map(([operator, length, kernel, stride, before, behind, dilation, added]) => {
    const own = { kernel, stride, dilation, padding: [[before, behind]], output_padding: added };
    return rfWhole.answered(() => rfOperators.OPERATORS[operator](own, 0, [length], 0).length, (why) => why);
})"""


@pytest.fixture(scope="module")
def scripts(browser: "Browser") -> "Iterator[Page]":
    """A page with all that the form draws by, and no form."""
    page = browser.new_page()
    for name in (*ENGINE, *SHARED, *SLIDING):
        page.add_script_tag(path=FOLDER / name)
    yield page
    page.close()


def asked_of(given: dict[str, Any]) -> AskedWindow:
    """The same as a directive has it."""
    padding = [[given["before"], given["behind"]]] * given["axes"]
    size = (given["input"],) * given["axes"]
    window = {name: given[name] for name in ("kernel", "stride", "dilation")}
    added = given["added"] if given["operation"] == "transposed_conv" else None
    return asked_window(
        {"operation": given["operation"], "input": size, "padding": padding, "output-padding": added, **window}
    )


def tree(drawing: Drawing) -> list[Any]:
    """Height and shapes of a drawing as it stands on a page."""
    root = ET.fromstring(re.sub("<style>.*?</style>", "", inline(drawing, "x")))
    height = f"{float(str(root.get('viewBox')).split()[-1]):.2f}"
    return [height, [branch(one) for one in root if not one.tag.endswith(("title", "desc"))]]


def branch(one: ET.Element) -> list[Any]:
    text = [one.text] if one.text else []
    return [one.tag.rpartition("}")[2], dict(one.attrib), [*text, *map(branch, one)]]


def by_python(given: dict[str, Any]) -> Any:
    try:
        asked = asked_of(given)
        report = asked.report()
        shown = asked.motion(report)
    except RfdocsError as error:
        return str(error)
    caption = window_caption(asked.operation, sized_windows(report))
    return [tree(moving_drawing(shown)), tree(still_drawing(shown)), shown.title, shown.words, caption]


def drawn_by_chance(count: int) -> list[dict[str, Any]]:
    chance = random.Random(3)
    most = {"input": 9, "kernel": 5, "stride": 4, "before": 4, "behind": 4, "dilation": 3, "added": 3}
    settings = []
    for turn in range(count):
        numbers = {name: chance.randint(least, most[name]) for name, (least, _) in BOUNDS.items()}
        if turn % 2:
            numbers |= {"behind": numbers["before"], "stride": 1, "dilation": 1}
        operation, axes = OFFERED[turn % len(OFFERED)], chance.choice((1, 1, 2, 2, 3))
        settings.append({"operation": operation, "axes": axes, **numbers, "added": numbers["added"] * (turn % 3 == 1)})
    return settings


def test_what_the_script_draws_is_what_python_draws(scripts: "Page") -> None:
    settings = drawn_by_chance(300)
    told = scripts.evaluate(TOLD, json.dumps([settings, relation_templates(), True]))
    drawn = refused = 0
    for own, one in zip(settings, told, strict=True):
        expected = by_python(own)
        if isinstance(expected, str):
            assert same_refusal(one, expected), (own, one, expected)
            refused += 1
        else:
            assert one == expected, own
            drawn += 1
    assert drawn > 150
    assert refused > 40


def same_refusal(told: object, expected: str) -> bool:
    """Whether a script refuses for the same reason; where a file is at fault, that is told in other words."""
    if "it must be smaller than the stride" in expected:
        return isinstance(told, str) and expected.rpartition("; ")[2] in told
    return re.sub(r" \(at an input \w+ of \d+\)", "", expected) == told


OPERATORS: dict[str, Callable[[SlidingWindow, int], Operator]] = {
    "conv": lambda window, added: Convolution(window, Filters(1)),
    "transposed_conv": lambda window, added: TransposedConvolution(window, Filters(1), (added,)),
    "maxpool": lambda window, added: Pooling(window),
}


def size(operation: str, numbers: tuple[int, ...]) -> int | str:
    length, kernel, stride, before, behind, dilation, added = numbers
    window = SlidingWindow.of(kernel, stride, ((before, behind),), dilation, axes=1)
    try:
        return OPERATORS[operation](window, added).axis(0, (length,), None).length
    except ArithmeticRefusal as error:
        return error.message


@pytest.mark.parametrize("operation", OFFERED)
def test_all_sizes_up_to_small_bounds_are_python_s(scripts: "Page", operation: str) -> None:
    added = range(3) if operation == "transposed_conv" else range(1)
    grid = list(product(range(1, 9), range(1, 6), range(1, 5), range(4), range(4), range(1, 4), added))
    name = type(OPERATORS[operation](SlidingWindow.of(1, axes=1), 0)).__name__
    told = scripts.evaluate(SIZES, json.dumps([[name, *numbers] for numbers in grid]))
    assert told == [size(operation, numbers) for numbers in grid]


@pytest.mark.parametrize("operation", OFFERED)
def test_all_captions_up_to_small_bounds_are_python_s(scripts: "Page", operation: str) -> None:
    added = range(3) if operation == "transposed_conv" else range(1)
    grid = list(product(range(1, 8), range(1, 5), range(1, 4), range(3), range(3), range(1, 3), added))
    settings: list[dict[str, Any]] = [dict(zip(NAMES, (operation, 1, *numbers), strict=True)) for numbers in grid]
    told = scripts.evaluate(TOLD, json.dumps([settings, relation_templates(), False]))
    for own, one in zip(settings, told, strict=True):
        i, k, s, p, behind, d, a = (own[name] for name in BOUNDS)
        length = size(operation, (i, k, s, p, behind, d, a))
        if operation == "transposed_conv" and a >= max(s, d):
            assert one == f"output padding {a}: it must be smaller than the stride {s} or the dilation {d}"
        elif isinstance(length, int):
            assert one == window_caption(operation, [SizedWindow(Setting(i, k, s, p, d, a), behind, length)])
        else:
            assert one == length


def test_the_zeros_that_a_caption_counts_are_those_drawn() -> None:
    for k, s, p, behind, d, a in product(range(1, 5), range(1, 4), range(3), range(3), range(1, 3), range(2)):
        length = size("transposed_conv", (4, k, s, p, behind, d, a))
        if isinstance(length, str) or a >= max(s, d):
            continue
        shown = sliding(TransposedWindow(k, s, d, p), 4, length)
        told = zeros_text(Setting(4, k, s, p, d, a), behind).replace("\N{MINUS SIGN}", "-")
        between, before, *after = map(int, re.findall(r"= (-?\d+)", told))
        assert between == shown.real[1] - shown.real[0] - 1
        assert (before, after[0] if after else before) == (
            -shown.starts[0],
            shown.starts[-1] + shown.offsets[-1] - shown.real[-1],
        )


def test_output_padding_is_refused_where_the_format_refuses_it(scripts: "Page") -> None:
    given: dict[str, Any] = dict(zip(NAMES, ("transposed_conv", 1, 4, 3, 2, 1, 1, 1, 2), strict=True))
    (told,) = scripts.evaluate(TOLD, json.dumps([[given], relation_templates(), False]))
    with pytest.raises(WrongWindow, match="it must be smaller than the stride 2 or the dilation 1"):
        asked_of(given).report()
    assert told == "output padding 2: it must be smaller than the stride 2 or the dilation 1"


# -- on the page ----------------------------------------------------------------------------------------------


def start(page: "Page", site: Path, address: str = "") -> None:
    page.goto("about:blank")
    page.goto((site / "guide" / "convolution.html").as_uri() + address)
    page.wait_for_selector(".rf-form form")


def caption(page: "Page") -> str:
    return page.locator(".rf-form figcaption").text_content() or ""


def expected_caption(**changed: Any) -> str:
    given = {**dict(zip(NAMES, ("conv", 2, 5, 3, 2, 1, 1, 1, 0), strict=True)), **changed}
    asked = asked_of(given)
    return window_caption(asked.operation, sized_windows(asked.report()))


def test_a_reader_tries_another_and_the_address_keeps_it(opened: "Page", site: Path) -> None:
    start(opened, site)
    form = opened.locator(".rf-form")
    assert caption(opened) == expected_caption()
    form.get_by_label("input i").fill("7")
    form.get_by_label("stride s").fill("3")
    form.get_by_label("stride s").press("ArrowDown")
    assert caption(opened) == expected_caption(input=7)
    assert form.locator("output").text_content() == "step 1 of 16"
    assert form.get_by_label("output padding a").is_hidden()
    form.get_by_label("operation").select_option("transposed convolution")
    form.get_by_label("output padding a").fill("1")
    form.get_by_label("axes").select_option("1")
    changed = {"operation": "transposed_conv", "axes": 1, "input": 7, "added": 1}
    assert caption(opened) == expected_caption(**changed)
    assert form.locator("output").text_content() == "step 1 of 14"
    form.get_by_label("step", exact=True).press("End")
    assert form.locator("output").text_content() == "step 14 of 14"
    shown = form.locator(".rf-motion").inner_html()
    start(opened, site, opened.evaluate("() => location.hash"))
    assert caption(opened) == expected_caption(**changed)
    assert form.locator(".rf-motion").inner_html() == shown
    opened.evaluate("() => { location.hash = '#kernel=4&stride=1' }")
    opened.wait_for_function("() => document.querySelector('.rf-form figcaption').textContent.includes('k = 4')")
    assert caption(opened) == expected_caption(kernel=4, stride=1)


def test_every_window_that_the_form_knows_leads_to_it(opened: "Page", site: Path) -> None:
    start(opened, site)
    figures = opened.locator("figure.rf-animation")
    links = opened.get_by_role("link", name="Change its numbers")
    with_channels = figures.filter(has_text="filters reads")
    assert links.count() == figures.count() - with_channels.count() - 2, "nor the form's, nor one that differs by axis"
    assert with_channels.get_by_role("link", name="Change its numbers").count() == 0
    told = [words.split(". ")[0] for words in figures.filter(has=links).locator("figcaption").all_text_contents()]
    for turn, link in list(enumerate(links.all()))[::7]:
        link.click()
        assert caption(opened).split(". ")[0] == told[turn]
        assert opened.locator(":focus").evaluate("(one) => one.closest('figure').classList.contains('rf-form')")
    opened.go_back()
    links.first.press("Enter")
    assert caption(opened).split(". ")[0] == told[0]


def test_what_cannot_be_is_said_in_one_line_and_nothing_else_is_shown(opened: "Page", site: Path) -> None:
    start(opened, site)
    form = opened.locator(".rf-form")
    said = form.get_by_role("alert")
    assert said.count() == 0
    form.get_by_label("dilation d").fill("4")
    assert said.text_content() == "Its window of 9 does not fit: the map has 5, 7 with its padding."
    assert form.locator(".rf-motion, .rf-still, figcaption").filter(visible=True).count() == 0
    for name, words in [("9999", "from 1 to 4"), ("", "from 1 to 4"), ("1.5", "from 1 to 4")]:
        form.get_by_label("dilation d").fill(name)
        assert said.text_content() == f"Dilation d is a whole number {words} here."
    form.get_by_label("dilation d").fill("1")
    assert said.count() == 0
    assert caption(opened) == expected_caption()
    start(opened, site, "#kernel=wide&operation=sorting&axes=9")
    assert form.get_by_label("operation").input_value() == "conv"
    assert said.text_content() == "Kernel k is a whole number from 1 to 7 here."


def test_a_single_step_is_not_played(opened: "Page", site: Path) -> None:
    opened.emulate_media(reduced_motion="no-preference")
    start(opened, site, "#kernel=3&axes=2&input=5&stride=1&before=0&behind=0")
    form = opened.locator(".rf-form")
    form.get_by_role("button", name="pause").wait_for()
    form.get_by_label("kernel k").fill("5")
    assert form.locator("output").text_content() == "step 1 of 1"
    assert form.get_by_role("button", name="pause").count() == 0
    assert all(one.is_disabled() for one in form.locator(".rf-motion + .rf-controls :is(button, input)").all())
    form.get_by_label("kernel k").fill("3")
    form.get_by_role("button", name="a step on").click()
    assert form.locator("output").text_content() == "step 2 of 9"


def test_a_number_that_is_missing_is_not_in_the_address(opened: "Page", site: Path) -> None:
    start(opened, site)
    opened.locator(".rf-form").get_by_label("kernel k").fill("")
    address = opened.evaluate("() => location.hash")
    assert "kernel" not in address
    assert "NaN" not in address
    assert "stride=2" in address


def test_print_and_rest_show_stills_of_what_was_tried(opened: "Page", site: Path) -> None:
    opened.emulate_media(reduced_motion="reduce")
    start(opened, site, "#kernel=2&axes=3&input=3&stride=1&before=0&behind=0")
    still, moving = opened.locator(".rf-form .rf-still"), opened.locator(".rf-form .rf-motion")
    assert "step 8 of 8" in (still.text_content() or "")
    assert (still.is_visible(), moving.is_visible()) == (True, False), "a reader who wants no motion has stills"
    opened.locator(".rf-form").get_by_role("button", name="a step on").click()
    assert (still.is_visible(), moving.is_visible()) == (False, True)
    opened.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert (still.is_visible(), moving.is_visible()) == (True, False)
    opened.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert (still.is_visible(), moving.is_visible()) == (False, True)
    opened.emulate_media(reduced_motion="no-preference")


def test_it_fits_a_phone_and_a_finger(browser: "Browser", site: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800}, has_touch=True)
    start(page, site, "#operation=transposed_conv&kernel=3")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    for control in page.locator(".rf-animation :is(input, select, button:not(.rf-save))").all()[-16:]:
        box = control.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 44, control
    page.close()


def test_without_scripts_there_are_stills_and_no_form(browser: "Browser", site: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((site / "guide" / "convolution.html").as_uri())
    assert page.locator(".rf-form .rf-still").is_visible()
    assert page.locator(".rf-form form").count() == 0
    assert caption(page) == expected_caption()
    page.close()
