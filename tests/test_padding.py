"""How frameworks pad: the rules against windows counted one by one, their table in a browser, and its calculator."""

import json
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from padded_layers import Taps, computed, layers

from rfdocs.making.scripts import FOLDER, scripts_for
from rfdocs.pages.content import PaddingCalculator
from rfdocs.pages.frameworks import FRAMEWORKS, SlidLayer, Told, half_padding, ways
from rfdocs.pages.padding_table import framework_rows, layer_text, padding_grid

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# -- windows, one by one ----------------------------------------------------------------------------------------------


def shifted_until(layer: SlidLayer, first: int, may_start: Any) -> Taps:
    """Windows from ``first`` on, a stride apart, as long as the next one may start where it does."""
    windows = []
    while may_start(first):
        places = [first + layer.dilation * tap for tap in range(layer.kernel)]
        windows.append([place for place in places if 0 <= place < layer.length])
        first += layer.stride
    return windows or None


def same_total(layer: SlidLayer) -> int:
    """The least padding with which windows begin at every stride-th unit."""
    starts = len(range(0, layer.length, layer.stride))
    return next(
        total
        for total in range(10**3)
        if (starts - 1) * layer.stride + layer.dilation * (layer.kernel - 1) < layer.length + total
    )


def counted(layer: SlidLayer, told: Told) -> Taps:
    """What every unit reads, found by shifting a window, or by spreading every unit of the input."""
    return counted_transposed(layer, told) if layer.operation == "transposed_conv" else counted_windows(layer, told)


def counted_windows(layer: SlidLayer, told: Told) -> Taps:
    if told.padding in ("same", "same_upper", "same_lower"):
        total = same_total(layer)
        before = total - total // 2 if told.padding == "same_lower" else total // 2
        after = total - before
    else:
        before, after = (0, 0) if isinstance(told.padding, str) else told.padding
    end, reach = layer.length + after, layer.dilation * (layer.kernel - 1) + 1
    fits = lambda start: start + reach <= end  # noqa: E731
    if told.rounding.value == "floor":
        return shifted_until(layer, -before, fits)
    padded = bool(before or after)

    def kept(start: int) -> bool:
        """Whether the window before it left something over, and it starts where the framework keeps it."""
        unread = start - layer.stride + reach < end
        inside = start < (end if told.apart else layer.length)
        return unread and (inside or (told.rounding.value == "caffe" and not padded))

    if before + end < reach and -(-(before + end - reach) // layer.stride) < 0:
        return None
    return shifted_until(layer, -before, lambda start: start == -before or kept(start))


def counted_transposed(layer: SlidLayer, told: Told) -> Taps:
    """Every unit of the input spread over its kernel; what is cut off, and added at the end."""
    reach = layer.dilation * (layer.kernel - 1) + 1
    whole = (layer.length - 1) * layer.stride + reach
    readers: dict[int, list[int]] = {}
    for index, tap in product(range(layer.length), range(layer.kernel)):
        readers.setdefault(index * layer.stride + layer.dilation * tap, []).append(index)
    if isinstance(told.padding, str):
        before, count = transposed_rule(layer, told, reach)
    else:
        before, count = told.padding[0], whole - sum(told.padding) + told.added
    return [readers.get(place, []) for place in range(before, before + count)] if count > 0 else None


def transposed_rule(layer: SlidLayer, told: Told, reach: int) -> tuple[int, int]:
    """What SAME and VALID cut off before, and the units that they leave: Keras has others where it is asked."""
    if told.padding == "valid":
        least = (layer.length - 1) * layer.stride + reach + told.added
        return 0, least if told.asked else max(least, layer.length * layer.stride)
    asked = (layer.length - 1) * layer.stride + reach % 2 + told.added
    count = asked if told.asked else layer.length * layer.stride
    cut = max((layer.length - 1) * layer.stride + reach - count, 0)
    return (cut - cut // 2 if told.padding == "same_lower" else cut // 2), count


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_rule_reads_what_windows_read_that_are_shifted_one_by_one(framework: str) -> None:
    told_of, agreed = FRAMEWORKS[framework], 0
    for layer in layers():
        told = told_of(layer)
        if isinstance(told, Told):
            assert computed(layer, told) == counted(layer, told), (layer, told)
            agreed += 1
    assert agreed > 100


# -- what is said of them ---------------------------------------------------------------------------------------------


def rows_of(*layer: Any, **named: Any) -> dict[str, Any]:
    return {row.framework: row for row in framework_rows(SlidLayer(*layer, **named))}


def test_same_is_told_in_four_ways_and_not_at_all_in_two() -> None:
    rows = rows_of("conv", 224, 7, 2, padding="same")
    told = {name: (row.padding, row.start) for name, row in rows.items() if not row.words}
    assert told == {
        "TensorFlow, Keras": ("2, 3", "1.5"),
        "ONNX": ("2, 3", "1.5"),
        "ONNX, lower": ("3, 2", "0.5"),
        "JAX, Flax": ("2, 3", "1.5"),
    }
    assert rows["PyTorch"].words == "It has SAME for stride 1 alone."
    assert rows["Caffe"].words == "It has no SAME."


def test_caffe_keeps_a_window_that_pytorch_drops_where_nothing_is_padded() -> None:
    rows = rows_of("maxpool", 5, 1, 3, rounds_up=True)
    assert (rows["PyTorch"].size, rows["Caffe"].size, rows["Caffe"].last) == ("2", "3", "nothing")
    padded = rows_of("maxpool", 5, 2, 3, padding=(1, 1), rounds_up=True)
    assert (padded["PyTorch"].size, padded["Caffe"].size) == ("2", "2")
    before = rows_of("maxpool", 5, 2, 3, padding=(1, 2), rounds_up=True)
    assert before["PyTorch"].code == "MaxPool1d(2, stride=3, padding=0, ceil_mode=True)(F.pad(x, (1, 2), value=-inf))"


def test_numbers_of_a_transposed_convolution_are_others_in_jax() -> None:
    rows = rows_of("transposed_conv", 8, 3, 2, padding=(1, 1), added=1)
    assert {row.size for row in rows.values() if not row.words} == {"16"}
    assert rows["JAX, Flax"].code == "nn.ConvTranspose(…, (3,), strides=(2,), padding=[(1, 2)])"
    assert rows["Caffe"].words == "It has no output padding."
    assert rows["PyTorch"].padding == "cut 1, 1; 1 added"


def test_a_window_that_does_not_fit_says_so() -> None:
    rows = rows_of("conv", 3, 5)
    assert {row.words for row in rows.values()} == {"Its window of 5 does not fit: the map has 3."}
    assert {row.size for row in rows.values()} == {""}


def test_the_table_has_a_row_of_each_and_the_layer_is_told_in_words() -> None:
    layer = SlidLayer("transposed_conv", 8, 3, 2, 2, half_padding(3, 2), added=1)
    grid = padding_grid(layer, "")
    assert len(grid.rows) == len(list(ways(layer))) == 5
    assert layer_text(layer) == (
        "transposed convolution of 8 units, kernel 3, stride 2, dilation 2, padding 2, output padding 1"
    )
    assert layer_text(SlidLayer("conv", 8, 3, padding=(0, 1))).endswith("padding 0, 1")
    assert layer_text(SlidLayer("conv", 8, 3, padding="same")).endswith("padding SAME")


# -- in a browser -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scripted(browser: "Browser") -> "Iterator[Page]":
    """A page with the rules, and without the form."""
    page = browser.new_page()
    for script in scripts_for(PaddingCalculator)[:-1]:
        page.add_script_tag(path=FOLDER / script)
    yield page
    page.close()


def test_the_browser_says_letter_by_letter_the_same(scripted: "Page") -> None:
    asked = [*layers((1, 8)), SlidLayer("conv", 12_345, 7, 2, padding="same"), SlidLayer("conv", 50, 9, 1, 3, (4, 7))]
    texts = json.dumps([layer._asdict() for layer in asked])
    found = scripted.evaluate("(asked) => JSON.parse(asked).map(rfFrameworks.rows)", texts)
    assert len(asked) > 2000
    for layer, rows in zip(asked, found, strict=True):
        assert rows == [list(row) for row in framework_rows(layer)], layer


PAGE = """<section class="rf-padding"><script type="application/json" class="rf-data">{data}</script>
<table><caption><span>A layer.</span></caption><thead><tr>{heads}</tr></thead><tbody></tbody></table></section>"""


def answers(page: "Page") -> list[list[str]]:
    """The table as it is read."""
    cells = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    found: list[list[str]] = page.locator("tbody tr").evaluate_all(cells)
    return found


def expected(layer: SlidLayer) -> list[list[str]]:
    return [[row.framework, f"{row.code} {row.words}".strip(), *row[3:]] for row in framework_rows(layer)]


@pytest.fixture
def calculator(browser: "Browser") -> "Iterator[Page]":
    """A page with the form and the table."""
    layer = SlidLayer("conv", 224, 7, 2, padding="same")
    heads = "".join(f"<th>{heading.text}</th>" for heading in padding_grid(layer, "").headings)
    page = browser.new_page()
    page.set_content(PAGE.format(data=json.dumps(layer._asdict()), heads=heads))
    for script in scripts_for(PaddingCalculator):
        page.add_script_tag(path=FOLDER / script)
    yield page
    page.close()


def test_a_reader_asks_of_any_layer(calculator: "Page") -> None:
    page, told = calculator, calculator.locator("output")
    rule = page.get_by_role("combobox", name="padding")
    assert page.get_by_label("before, after").is_disabled()
    assert told.inner_text() == "They differ in start."
    page.get_by_label("input length").fill("225")
    assert answers(page) == expected(SlidLayer("conv", 225, 7, 2, padding="same"))
    assert told.inner_text() == "Those that have it agree."
    page.get_by_label("input length").fill("224")
    assert told.inner_text() == "They differ in start."
    page.get_by_label("operation").select_option("maxpool")
    rule.select_option("numbers")
    page.get_by_label("before, after").fill("1, 2")
    page.get_by_label("ceil mode").check()
    assert answers(page) == expected(SlidLayer("maxpool", 224, 7, 2, 1, (1, 2), rounds_up=True))
    rule.select_option("half")
    assert answers(page) == expected(SlidLayer("maxpool", 224, 7, 2, 1, (3, 3), rounds_up=True))
    page.get_by_label("operation").select_option("transposed_conv")
    assert page.get_by_label("ceil mode").is_disabled()
    assert told.inner_text() == "Those that have it agree."
    page.get_by_label("output padding").fill("1")
    assert answers(page) == expected(SlidLayer("transposed_conv", 224, 7, 2, 1, (3, 3), added=1))


def test_what_cannot_be_is_said_and_changes_nothing(calculator: "Page") -> None:
    page, told = calculator, calculator.locator("output")
    before = expected(SlidLayer("conv", 224, 5, 2, padding="same"))
    page.get_by_label("kernel").fill("5")
    assert answers(page) == before
    page.get_by_label("kernel").fill("0")
    assert "kernel takes a whole number from 1 to 500" in told.inner_text()
    assert page.get_by_label("kernel").get_attribute("aria-invalid") == "true"
    page.get_by_label("kernel").fill("5")
    page.get_by_role("combobox", name="padding").select_option("numbers")
    page.get_by_label("before, after").fill("-1")
    assert "one number or two" in told.inner_text()
    page.get_by_label("input length").fill("")
    assert "input length takes" in told.inner_text()
    assert answers(page) != before, "with padding 0"
    kept = answers(page)
    page.get_by_label("before, after").fill("9 9 9")
    assert answers(page) == kept
