"""Every equation that a page or a directive can show, for every network: parsed, and both sides evaluated."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from math import ceil, floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import every
import pytest
from hypothesis import HealthCheck, given, settings
from oracle.networks import Description, networks, to_yaml

import rfdocs
from rfdocs.algebra.field import PeriodicField
from rfdocs.algebra.sizes import extent
from rfdocs.catalogue import Catalogue, Entry
from rfdocs.graph import LayerReport, Report
from rfdocs.making.formulas import mathml
from rfdocs.making.scripts import FOLDER, scripts_for
from rfdocs.operators import AppliedWindow
from rfdocs.pages.content import Explorer
from rfdocs.pages.equations import LayerEquations, layer_equations
from rfdocs.pages.facts import facts_of
from rfdocs.pages.html import explorer_html
from rfdocs.pages.network_page import Origin, network_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FAMILIES = [path.stem for path in Catalogue().files]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORDS = {
    r"\cdot": "*", r"\lfloor": "floor(", r"\rfloor": ")", r"\lceil": "ceil(", r"\rceil": ")", "&": "",
}  # fmt: skip


@cache
def sides(line: str) -> list[Fraction]:
    """The values of what stands between the signs of equality, less the name before the first."""
    for word, meaning in _WORDS.items():
        line = line.replace(word, meaning)
    _, *parts = line.split("=")
    assert all(re.fullmatch(r"(?:floor|ceil|[-+*/(). \d])+", part) for part in parts), line
    scope = {"__builtins__": {}, "floor": floor, "ceil": ceil, "F": Fraction}
    return [Fraction(eval(_NUMBER.sub(r"F('\g<0>')", part).strip(), scope)) for part in parts]


def lines(step: LayerEquations) -> list[str]:
    body = step.equations.removeprefix(r"\begin{aligned} ").removesuffix(r" \end{aligned}")
    return body.split(r" \\ ") if body else []


def named(layer: LayerReport) -> dict[str, Any]:
    """The figures of a layer on its last axis, by the names that equations give them."""
    return {
        "n": layer.size[-1], "j": layer.jump[-1], "r": layer.receptive_field[-1],
        r"r_{\min}": layer.receptive_field_min[-1], r"\text{start}": layer.start[-1], "start": layer.start[-1],
    }  # fmt: skip


def sliding_window(report: Report, layer: LayerReport, axis: int) -> AppliedWindow | None:
    """The window for which the four equations hold on an axis: over one plain field; ``None`` where they do not."""
    if len(layer.inputs) != 1:
        return None
    field, window = report[layer.inputs[0]].axes[axis].field, layer.axes[axis].window
    plain = isinstance(field, PeriodicField) and field.period == 1 and None not in (field.start, field.jump)
    return window if plain and window is not None and not window.transposed else None


def false(report: Report) -> Iterator[str]:
    """Every line of the report's steps whose sides differ, or whose result is not the layer's figure; and every layer
    without a line for one of its four figures, or of which nothing is said why there is none.
    """
    for step in layer_equations(report):
        found = lines(step)
        missing = {"n", "j", "r", r"\text{start}"} - {name_of(line) for line in found}
        figures = named(report[step.layer])
        if missing - {"n"} != {name for name in ("j", r"\text{start}") if figures[name] is None}:
            yield f"{step.layer}: nothing on {missing}"
        if missing and not step.remark:
            yield f"{step.layer}: not said why there is nothing on {missing}"
        for line in found:
            if {*sides(line)} != {figures[name_of(line)]}:
                yield f"{step.layer}: {line}"


def name_of(line: str) -> str:
    return line.split("&=", maxsplit=1)[0].strip()


def false_windows(report: Report) -> Iterator[tuple[str, int]]:
    """Every layer and axis with a window for which the four equations ought to hold, where one does not."""
    for layer in report:
        for axis, length in enumerate(layer.size):
            window = sliding_window(report, layer, axis)
            if window is not None:
                below, reach = report[layer.inputs[0]], extent(window.kernel, window.dilation)
                jump, start = below.jump[axis], below.start[axis]
                assert jump is not None
                assert start is not None
                four: tuple[Fraction | int | None, ...] = (
                    (below.size[axis] + sum(window.padding) - reach) // window.stride + 1,
                    jump * window.stride,
                    below.receptive_field[axis] + (reach - 1) * jump,
                    start + (Fraction(reach - 1, 2) - window.padding[0]) * jump,
                )
                if four != (length, layer.jump[axis], layer.receptive_field[axis], layer.start[axis]):
                    yield layer.name, axis


@pytest.mark.slow
@pytest.mark.parametrize("stem", FAMILIES)
def test_every_equation_of_every_network_is_true(stem: str) -> None:
    """And where one of the four is left out, a remark says why."""
    family = [entry for entry in every.entries() if entry.family == stem]
    assert family
    for entry in family:
        report = every.reports()[entry.identifier]
        assert [*false(report), *false_windows(report)] == []
        for step in layer_equations(report):
            assert not step.equations or mathml(re.sub(r"\d+", "1", step.equations), block=True)


@pytest.mark.slow
@given(description=networks())
@settings(max_examples=300, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_line_of_any_network_is_true(tmp_path_factory: pytest.TempPathFactory, description: Description) -> None:
    path = tmp_path_factory.getbasetemp() / "equations.yaml"
    path.write_text(to_yaml(description), "utf-8")
    report = rfdocs.load(path).analyze()
    assert [*false(report), *false_windows(report)] == []


def report(tmp_path: Path, text: str) -> Report:
    path = tmp_path / "network.yaml"
    path.write_text(text, "utf-8")
    return rfdocs.load(path).analyze()


@pytest.mark.parametrize(
    ("item", "size", "shown"),
    [
        ("{transposed_conv: x, kernel: 5, stride: 2, padding: same, channels: 1}", 16, (1, 2)),
        ("{transposed_conv: x, kernel: 2, stride: 2, padding: [[0, 2]], channels: 1}", 14, (0, 2)),
        ("{transposed_conv: x, kernel: 3, stride: 2, padding: 1, output_padding: 1, channels: 1}", 16, (1, 1)),
        ("{conv: x, kernel: 7, stride: 2, padding: same, channels: 1}", 4, (2, 3)),
        ("{maxpool: x, kernel: 3, stride: 2, ceil_mode: true}", 4, (0, 1)),
        ("{maxpool: x, kernel: 2, stride: 2, padding: [[0, 2]], ceil_mode: true}", 4, (0, 1)),
        ("{pad: x, padding: [[3, 1]]}", 12, (3, 1)),
        ("{crop: x, padding: [[1, 2]]}", 5, (-1, -2)),
        ("{crop: x, size: 5, offset: 1}", 5, (-1, -2)),
    ],
)
def test_both_sides_of_what_is_really_padded(tmp_path: Path, item: str, size: int, shown: tuple[int, int]) -> None:
    found = report(tmp_path, f"input: {{channels: 1, size: 8}}\nlayers:\n  - {item}\n")["x"]
    assert (found.size, found.padding[0]) == ((size,), shown)


@pytest.mark.parametrize(
    ("item", "window", "padding"),
    [
        ("{adaptive_avgpool: x, size: 4}", AppliedWindow(2, 2), (0, 0)),
        ("{adaptive_avgpool: x, size: 3}", None, (0, 0)),
        ("{transposed_conv: x, kernel: 3, stride: 2, channels: 1}", AppliedWindow(3, 2, transposed=True), (0, 0)),
        ("{pad: x, padding: [[3, 1]]}", AppliedWindow(padding=(3, 1)), (3, 1)),
        ("{upsample: x, size: 4, mode: area}", None, None),
        ("{relu: x}", None, None),
    ],
)
def test_a_window_is_what_the_operator_says(
    tmp_path: Path, item: str, window: AppliedWindow | None, padding: tuple[int, int] | None
) -> None:
    """Not what is read: windows that differ are not padded, and an operator that resamples slides none."""
    made = report(tmp_path, f"input: {{channels: 1, size: 8}}\nlayers:\n  - {item}\n")
    found = made["x"]
    assert (found.axes[0].window, found.padding) == (window, (padding,))
    assert found.windows == ((window,) if window and found.slides else ())
    assert [*false(made), *false_windows(made)] == []


def test_where_one_equation_does_not_hold_for_all_units(tmp_path: Path) -> None:
    text = """
input: {channels: 1, size: 40}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: 1, channels: 1}
  - {transposed_conv: b, kernel: 3, stride: 2, padding: 1, channels: 1}
  - {conv: c, kernel: 3, padding: 1, channels: 1}
  - {adaptive_avgpool: d, size: 7}
  - {conv: e, kernel: 3, padding: 1, channels: 1}
"""
    made = report(tmp_path, text)
    found = {step.layer: step for step in layer_equations(made)}
    assert lines(found["b"])[2:4] == [r"r &= 3 + (\lceil 3 / 2 \rceil - 1) \cdot 2 = 5",
                                      r"r_{\min} &= 3 + (\lfloor 3 / 2 \rfloor - 1) \cdot 2 = 3"]  # fmt: skip
    assert [len(lines(found[name])) for name in "abcde"] == [4, 5, 5, 2, 3]
    assert lines(found["c"])[2:] == [
        r"r &= 3 - (-3) + 1 = 7", r"r_{\min} &= 3 - (-1) + 1 = 5", r"\text{start} &= 1 - 0.5 \cdot 1 = 0.5",
    ]  # fmt: skip
    assert [found[name].remark for name in "abcde"] == [
        "",
        "",
        (
            "The units of b differ by phase: the largest field is that of unit 0, the smallest that of unit 1;"
            " the start is the mean centre of one period, less the jump times the mean index."
        ),
        (
            "What its units read moves on by no fixed step, so that there is no jump: the largest field is that of"
            " unit 3, the smallest that of unit 0."
        ),
        "The units of d have no jump: the largest field is that of unit 0, the smallest that of unit 3.",
    ]


def test_resampling_has_equations_of_its_own(tmp_path: Path) -> None:
    text = """
input: {channels: 1, size: 16}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: 1, channels: 1}
  - {upsample: b, scale: 3, mode: bilinear}
  - {upsample: c, scale: 2, from: a}
  - {crop: d, padding: [[1, 2]]}
  - {upsample: e, size: 4, mode: area, from: a}
"""
    found = {step.layer: lines(step) for step in layer_equations(report(tmp_path, text))}
    assert found["b"] == [
        r"n &= 8 \cdot 3 = 24",
        "j &= 2 / 3 = (2/3)",
        r"r &= 3 + (2 - 1) \cdot 2 = 5",
        r"r_{\min} &= 3 + (1 - 1) \cdot 2 = 3",
        r"\text{start} &= 0.5 + 0 \cdot 2 - (3 - 1) / 2 \cdot (2/3) = (-1/6)",
    ]
    assert found["c"][2:] == [
        r"r &= 3 + (1 - 1) \cdot 2 = 3",
        r"\text{start} &= 0.5 + 0 \cdot 2 - (2 - 1) / 2 \cdot 1 = 0",
    ]
    assert found["d"] == [
        r"n &= \lfloor (16 + (-1) + (-2) - 1) / 1 \rfloor + 1 = 13",
        r"j &= 1 \cdot 1 = 1",
        r"r &= 3 + (1 - 1) \cdot 1 = 3",
        r"\text{start} &= 0 + ((1 - 1) / 2 - (-1)) \cdot 1 = 1",
    ]
    assert found["e"] == [
        "n &= 8 / 2 = 4",
        r"j &= 2 \cdot 2 = 4",
        r"r &= 3 + (2 - 1) \cdot 2 = 5",
        r"\text{start} &= 0.5 + 0.5 \cdot 2 = 1.5",
    ]


def test_units_that_read_nothing_have_a_field_and_no_centre(tmp_path: Path) -> None:
    """A kernel shorter than its stride leaves every second unit empty; what reads these alone sees nothing."""
    text = """
input: {channels: 1, size: 8}
layers:
  - {transposed_conv: a, kernel: 1, stride: 2, channels: 1}
  - {crop: b, padding: [[1, 0]]}
  - {maxpool: c, kernel: 1, stride: 2}
  - {conv: d, kernel: 3, channels: 1}
  - {crop: e, padding: [[1, 0]]}
"""
    made = report(tmp_path, text)
    found = {step.layer: step for step in layer_equations(made)}
    assert [*false(made), *false_windows(made)] == []
    assert lines(found["a"])[2:4] == [r"r &= 1 + (\lceil 1 / 2 \rceil - 1) \cdot 1 = 1", r"r_{\min} &= 0"]
    assert [lines(found[name])[1:] for name in "cde"] == [["r &= 0"]] * 3
    remark = "Its units read nothing of the image, and so have neither centre nor jump."
    assert {found[name].remark for name in "cde"} == {remark}


def test_a_layer_that_is_asked_for_is_always_answered(tmp_path: Path) -> None:
    text = """
input: {channels: 1, size: 16}
layers:
  - {conv: a, kernel: 3, padding: 1, channels: 2}
  - {conv: b, kernel: 5, padding: 2, channels: 2}
  - {concat: c, from: [a, b]}
  - {slice: d, channels: 2}
  - {relu: e}
"""
    made = report(tmp_path, text)
    assert [step.layer for step in layer_equations(made)] == ["a", "b"]
    assert [tuple(step) for step in layer_equations(made, ["e", "d", "c"])] == [
        ("c", "", "2 paths meet here: no equation of one input gives the field."),
        ("d", "", "It takes some of the channels of c, and their fields."),
        ("e", "", "It has the size, jump, field and start of d."),
    ]


# -- the explorer's script, run ----------------------------------------------------------------------------------------

SCRIPTS = [FOLDER / name for name in scripts_for(Explorer)]
#: Goes through all layers by the slider; gives, by layer, the paragraphs below the fields and the last list's items.
THROUGH = """() => {
  const slider = document.querySelector("input[type=range]"), told = [];
  for (let layer = 1; layer <= +slider.max; layer++) {
    slider.value = layer;
    slider.oninput();
    const read = document.querySelector(".rf-read"), lists = [...read.querySelectorAll("dl")].slice(2);
    const words = [...read.querySelectorAll(":scope > p")].slice(2).map((one) => one.textContent);
    const terms = lists.flatMap((list) => [...list.querySelectorAll("dt")]);
    const items = terms.map((term) => [term.textContent, term.nextSibling.textContent]);
    told.push([read.querySelector("strong").textContent, words, items]);
  }
  return told;
}"""
_SIGNS = {"−": "-", "·": r"\cdot", "⌊": r"\lfloor", "⌋": r"\rfloor"}


class _Nowhere:
    """A page by itself: its links lead nowhere."""

    def address(self, link: Any) -> str:
        raise AssertionError(link)

    def unique(self, stem: str) -> str:
        return stem


def latex(name: str, shown: str) -> str:
    for sign, meaning in _SIGNS.items():
        shown = shown.replace(sign, meaning)
    return f"{name} &= {shown}"


def explored(browser: "Browser", entry: Entry) -> "Page":
    """A page with nothing but the explorer of a network."""
    report = entry.analyze()
    page = network_page(entry, report, facts_of(entry, report), {}, Origin(""))
    explorer = next(block for section in page.sections for block in section.blocks if isinstance(block, Explorer))
    tab = browser.new_page()
    tab.on("pageerror", lambda error: pytest.fail(str(error)))
    tab.set_content(explorer_html(explorer, _Nowhere()))
    for script in SCRIPTS:
        tab.add_script_tag(path=script)
    return tab


def test_a_network_whose_own_numbers_a_browser_cannot_count_stays_as_published(
    browser: "Browser", tmp_path: Path
) -> None:
    file = tmp_path / "wide.yaml"
    strided = "\n".join([f"  - {{conv: c{n}, kernel: 1, stride: 1000, channels: 1}}" for n in range(6)])
    file.write_text(f"input: {{channels: 1, size: 1}}\nlayers:\n{strided}\n", "utf-8")
    tab = explored(browser, rfdocs.load(str(file)))
    assert not tab.locator(".rf-explorer").is_visible()
    assert tab.locator(".rf-ask").count() == 0
    tab.close()


@pytest.mark.parametrize(
    "name",
    ["resnet18", "googlenet", "unet", "unet-bilinear-corners", "mobilenet_v1-tf", "vggish", "c3d", "alexnet", "swin_t"],
)
def test_the_explorer_shows_true_equations_or_says_why_not(browser: "Browser", name: str) -> None:
    entry = rfdocs.load(name)
    report = entry.analyze()
    tab = explored(browser, entry)
    told = tab.evaluate(THROUGH)
    tab.close()
    assert [layer for layer, _, _ in told] == [layer.name for layer in report]
    for (layer, words, items), figures in zip(told, report, strict=True):
        assert words or items, layer
        if [one for one, _ in items] == ["n", "j", "r", "start"]:
            for one, shown in items:
                assert {*sides(latex(one, shown))} == {named(figures)[one]}, (layer, shown)
        else:  # what stands in their place over merges and upsampling is held to the report by the reader's tests
            assert not items or sliding_window(report, figures, report.network.axes - 1) is None, layer
