"""Networks that a reader steps through: every unit and every equation in a browser against the report; the stills."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from processes import sphinx
from test_figures import areas, collisions, stray

import rfdocs
from rfdocs import LayerReport, Report
from rfdocs.algebra.reads import Window
from rfdocs.figures.drawing import Drawing
from rfdocs.figures.unit_stills import TooLargeToStep, unit_stills
from rfdocs.figures.window_lines import window_lines
from rfdocs.formats.numbers import by_axis, text_number
from rfdocs.pages.equations import layer_equations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
NETWORKS = """
input: {channels: 1, size: [5, 5]}
variants:
  guide:
    title: The guide
    layers:
      - {conv: first, kernel: 3, stride: 2, padding: 1, channels: 1}
      - {conv: second, kernel: 3, stride: 2, padding: 1, channels: 1}
  ragged:
    title: Uneven sides
    input: {channels: 1, size: [5, 8]}
    layers:
      - {conv: a, kernel: [2, 3], padding: [[1, 0], [0, 2]], channels: 1}
      - {conv: b, kernel: 3, stride: [1, 2], channels: 1}
  holes:
    title: Dilated
    input: {channels: 1, size: [12]}
    layers: [{conv: a, kernel: 3, dilation: 3, padding: 3, channels: 1}, {conv: b, kernel: 2, stride: 3, channels: 1}]
  circular:
    title: Around
    input: {channels: 1, size: [9]}
    layers: [{conv: a, kernel: 5, padding: 2, padding_mode: circular, channels: 1}]
  up:
    title: Up again
    input: {channels: 1, size: [3, 4]}
    layers: [{conv: a, kernel: 2, channels: 1}, {transposed_conv: b, kernel: 3, stride: 2, padding: 1, channels: 1}]
  paths:
    title: Two paths
    input: {channels: 1, size: [7]}
    layers:
      - {conv: a, kernel: 3, padding: 1, channels: 1}
      - {conv: b, kernel: 3, padding: 1, channels: 1}
      - {add: sum, from: [b, input]}
  deep: {title: Deep, layers: [DEEP]}
  wide: {title: Wide, input: {channels: 1, size: [50]}, layers: [{conv: a, kernel: 1, channels: 1}]}
  solid: {title: Solid, input: {channels: 1, size: [4, 4, 4]}, layers: [{conv: a, kernel: 1, channels: 1}]}
""".replace("DEEP", ", ".join([f"{{conv: c{number}, kernel: 1, channels: 1}}" for number in range(7)]))
SHOWN = ("guide", "ragged", "holes", "circular", "up", "paths")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stepping") / "nets.yaml"
    path.write_text(NETWORKS, "utf-8")
    return path


@pytest.fixture(scope="module")
def page(networks: Path) -> Path:
    """A page of a project without this site's theme, with every network as both."""
    folder = networks.parent
    blocks = [f".. {name}:: nets.yaml:{net}\n" for name in ("rf-stepper", "rf-scrubber") for net in SHOWN]
    (folder / "conf.py").write_text('extensions = ["rfdocs.sphinx"]\nhtml_theme = "basic"\n', "utf-8")
    (folder / "index.rst").write_text("\n".join(["Title\n=====\n", *blocks]), "utf-8")
    done = sphinx(folder, "-W", "-q", "-b", "html", ".", "out")
    assert done.returncode == 0, done.stderr
    return folder / "out" / "index.html"


def report_of(networks: Path, name: str) -> Report:
    return rfdocs.load(f"{networks}:{name}").analyze()


# -- what is seen without scripts -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("draw", [unit_stills, window_lines])
def test_stills_are_valid_told_and_have_room_for_their_words(networks: Path, name: str, draw: Any) -> None:
    drawing: Drawing = draw(name, report_of(networks, name))
    assert ET.fromstring(drawing.svg).findtext(f"{SVG}desc") == drawing.alternative
    assert areas(drawing)
    assert collisions(drawing) == []
    assert stray(drawing) == []


@pytest.mark.parametrize("name", SHOWN)
def test_stills_tell_what_their_units_see(networks: Path, name: str) -> None:
    report = report_of(networks, name)
    drawing = unit_stills(name, report)
    units = list(product(*map(range, report.last.size)))
    told = re.findall(r"Unit (?:\((.*?)\)|(\d+)) looks at (.*?) and sees (.*?)\.(?: |$)", drawing.alternative)
    assert len(told) == min(4, len(units))
    for several, one, looked, seen in told:
        index = tuple(map(int, (several or one).split(", ")))
        assert index in units
        fields = [axis.spatial_field for axis in report.unit(report.last.name, index)]
        assert looked == " × ".join([f"{field.first} to {field.last}" for field in fields if field is not None])
        ranges = report.visible_ranges(report.last.name, index, gates=False)
        assert seen == " × ".join([", ".join([f"{a} to {b}" for a, b in own or []]) for own in ranges])


@pytest.mark.parametrize(("name", "why"), [("deep", "7 layers"), ("wide", "50 cells wide"), ("solid", "3 axes")])
def test_what_is_too_large_is_refused(networks: Path, name: str, why: str) -> None:
    for draw in (unit_stills, window_lines):
        with pytest.raises(TooLargeToStep, match=why):
            draw(name, report_of(networks, name))


def test_the_page_warns_of_what_is_too_large(networks: Path, tmp_path: Path) -> None:
    (tmp_path / "nets.yaml").write_text(networks.read_text("utf-8"), "utf-8")
    (tmp_path / "conf.py").write_text('extensions = ["rfdocs.sphinx"]\n', "utf-8")
    (tmp_path / "index.rst").write_text("Title\n=====\n\n.. rf-stepper:: nets.yaml:deep\n", "utf-8")
    done = sphinx(tmp_path, "-q", "-b", "text", ".", "out")
    assert "index.rst:4: WARNING: it has 7 layers; at most 6 are stepped through" in done.stderr


def test_other_builders_have_the_words(networks: Path, page: Path) -> None:
    done = sphinx(networks.parent, "-W", "-q", "-b", "text", ".", "text")
    assert done.returncode == 0, done.stderr
    text = " ".join((networks.parent / "text" / "index.txt").read_text("utf-8").split())
    assert "The guide on 5 × 5 pixels, unit by unit" in text
    assert "Unit (0, 0) looks at -3 to 3 × -3 to 3 and sees 0 to 3 × 0 to 3." in text


# -- unit by unit in a browser --------------------------------------------------------------------------------

STEPPER = """(place) => {
  const figure = document.querySelectorAll("figure.rf-stepper")[place];
  const grids = [];
  for (const mark of figure.querySelectorAll(".rf-canvas svg path")) {
    const name = mark.getAttribute("class"), numbers = (mark.getAttribute("d").match(/[MHV][^a-zMHVZ]+/g) ?? []);
    if (name === "rf-cells") {
      const [x, y] = numbers[0].slice(1).split(" ").map(Number);
      grids.push({ x, y, cell: Number(mark.getAttribute("d").match(/h([\\d.]+)/)[1]), marks: {} });
    }
    const { x, y, cell, marks } = grids[grids.length - 1];
    marks[name] = numbers.map((one) => {
      const ends = one.slice(1).split(" ").map(Number);
      if (one[0] === "M") return [(ends[0] - x) / cell, (ends[1] - y) / cell];
      return (ends[0] - (one[0] === "H" ? x : y)) / cell;
    });
  }
  const rows = [...figure.querySelectorAll(".rf-told tr")].slice(1);
  return {
    head: figure.querySelector(".rf-told p").textContent,
    rows: rows.map((row) => [...row.children].map((cell) => cell.textContent)),
    names: [...figure.querySelectorAll(".rf-canvas svg text")].map((one) => one.textContent).slice(2),
    grids: grids.map(({ marks }) => marks),
  };
}"""
WALK = f"""([place, layer, units]) => {{
  const figure = document.querySelectorAll("figure.rf-stepper")[place], select = figure.querySelector("select");
  select.selectedIndex = layer;
  select.dispatchEvent(new Event("change"));
  return Array.from({{ length: units }}, () => {{
    const told = ({STEPPER})(place);
    figure.querySelectorAll("button")[1].click();
    return told;
  }});
}}"""
"""What is told of so many units of a layer, from the first one on."""


def minus(words: str) -> str:
    return words.replace("-", "−")


def ranges(units: Sequence[int]) -> str:
    """Units as the page has them: what follows without a gap as its ends."""
    starts = [unit for unit in units if unit - 1 not in units]
    stops = [unit for unit in units if unit + 1 not in units]
    ends = [f"{a} … {b}" if a != b else f"{a}" for a, b in zip(starts, stops, strict=True)]
    return minus(", ".join(ends)) or "nothing"


def followed(report: Report, layer: LayerReport, axis: int, unit: int, *, real: bool) -> dict[str, set[int]]:
    """What a unit looks at of every map, or what it sees where only what is there counts: tap by tap."""
    sets: dict[str, set[int]] = {one.name: set() for one in [report.image, *report.layers]}
    sets[layer.name].add(unit)
    lengths = {one.name: one.size[axis] for one in [report.image, *report.layers]}
    for one in reversed(report.layers):
        for source, reads in zip(one.inputs, one.axes[axis].reads, strict=True):
            for own in sets[one.name]:
                sets[source].update(reads.real_taps(own, lengths[source]) if real else reads.taps(own))
    return sets


def expected_rows(report: Report, layer: LayerReport, index: Sequence[int]) -> list[list[str]]:
    unit = report.unit(layer.name, index) if layer.inputs else ()
    sees = [followed(report, layer, axis, place, real=True)["input"] for axis, place in enumerate(index)]
    fields = (
        [axis.spatial_field for axis in unit] if unit else [rfdocs.algebra.Interval(place, place) for place in index]
    )
    if unit:
        hulls = [axis.spatial_visible for axis in unit]
        for own, whole in zip(sees, hulls, strict=True):
            assert whole is not None
            assert (min(own), max(own)) == whole
    rows = [
        [f"reads of {'the image' if source == 'input' else source}",
         *[ranges(sorted(layer.axes[axis].reads[place].taps(at))) for axis, at in enumerate(index)]]
        for place, source in enumerate(layer.inputs)
    ]  # fmt: skip
    known = [field for field in fields if field is not None]
    rows.append(["field", *[ranges(range(field.first, field.last + 1)) for field in known]])
    rows.append(["length", *[text_number(field.size) for field in known]])
    rows.append(["centre", *[minus(text_number(field.center)) for field in known]])
    rows.append(["sees", *[ranges(sorted(own)) for own in sees]])
    return rows


def cells(places: Sequence[Sequence[float]], axes: int) -> set[tuple[int, ...]]:
    """Cells by their indices, height before width."""
    rounded = {(round(y), round(x)) for x, y in places}
    assert all(abs(x - round(x)) + abs(y - round(y)) < 0.01 for x, y in places)
    return {place[2 - axes :] for place in rounded}


def check_picture(report: Report, layer: LayerReport, index: Sequence[int], grids: Sequence[Any]) -> None:
    axes = len(index)
    maps = [report.image, *report.layers]
    looked = [followed(report, layer, axis, place, real=False) for axis, place in enumerate(index)]
    seen = [followed(report, layer, axis, place, real=True) for axis, place in enumerate(index)]
    for one, (alone, in_place) in zip(maps, zip(grids[::2], grids[1::2], strict=True), strict=True):
        assert len(alone["rf-cells"]) == len(set(product(*map(range, one.size))))
        filled = alone["rf-unit" if one is layer or one.name == layer.name else "rf-seen"]
        shown = set(product(*[own[one.name] for own in seen]))
        assert cells(filled, axes) == shown
        corners = alone["rf-hatch"]
        assert cells(corners, axes) == set(product(*[own[one.name] for own in looked])) - shown
        if one.inputs:
            centers = [
                {float(field.center) for unit in range(n) if (field := node.field.at(unit)) is not None}
                for node, n in zip(one.axes, one.size, strict=True)
            ]
            places = {(round(y, 2), round(x, 2))[2 - axes :] for x, y in in_place["rf-units"]}
            assert places == {tuple(round(at, 2) for at in place) for place in product(*centers)}
    own = grids[2 * [one.name for one in maps].index(layer.name) + 1]
    unit = [axis.field for axis in report.unit(layer.name, index)] if layer.inputs else []
    if unit:
        (x, y), right, bottom, *_ = own["rf-frame"]
        ends = [(round(y), round(bottom) - 1), (round(x), round(right) - 1)][2 - axes :]
        assert ends == unit
    ((x, y),) = own["rf-chosen"]
    centre = [Fraction(place) + Fraction(1, 2) for place in index] if not unit else [
        Fraction(field.first + field.last + 1, 2) for field in unit if field is not None
    ]  # fmt: skip
    assert [round(at, 2) for at in (y, x)[2 - axes :]] == [round(float(at), 2) for at in centre]


@pytest.mark.parametrize("place", range(len(SHOWN)), ids=SHOWN)
def test_every_unit_is_drawn_and_told_as_the_report_has_it(
    opened: "Page", page: Path, networks: Path, place: int
) -> None:
    report = report_of(networks, SHOWN[place])
    opened.goto(page.as_uri())
    maps = [report.image, *report.layers]
    for number, layer in enumerate(maps):
        units = list(product(*map(range, layer.size)))
        walked = [*units, units[0]]
        for index, told in zip(walked, opened.evaluate(WALK, [place, number, len(walked)]), strict=True):
            name = layer.name if number else "the image"
            assert told["head"] == f"{name}, unit ({', '.join(map(str, index))}) of {by_axis(layer.size)}"
            assert told["rows"] == expected_rows(report, layer, index)
            check_picture(report, layer, index, told["grids"])
        assert [words.split(":")[0] for words in told["names"]] == ["the image", *[one.name for one in report.layers]]


def test_a_unit_is_pointed_at_in_either_column_or_reached_by_keys(opened: "Page", page: Path) -> None:
    opened.goto(page.as_uri())
    figure = opened.locator("figure.rf-stepper").first
    head = figure.locator(".rf-told p")
    picture = figure.locator(".rf-canvas")
    picture.focus()
    for key, expected in (
        ("ArrowRight", "(0, 1)"),
        ("ArrowDown", "(1, 1)"),
        ("ArrowRight", "(1, 1)"),
        ("ArrowUp", "(0, 1)"),
    ):
        picture.press(key)
        assert f"unit {expected} of 2 × 2" in (head.text_content() or "")
    figure.get_by_role("button", name="unit back").click()
    assert "unit (0, 0) of 2 × 2" in (head.text_content() or "")
    middle = """(one, at) => {
      const { x, y } = one.getBBox(), box = one.ownerSVGElement.getBoundingClientRect();
      return [box.x + x + at, box.y + y + at];
    }"""
    for grid, at, expected in [
        (2, 27, "first, unit (1, 1)"),
        (3, 40, "first, unit (1, 1)"),
        (5, 80, "second, unit (1, 1)"),
    ]:
        picture.scroll_into_view_if_needed()
        opened.mouse.click(*figure.locator(".rf-live .rf-cells").nth(grid).evaluate(middle, at))
        assert (head.text_content() or "").startswith(expected)
    assert picture.get_attribute("aria-label") == "Unit 1, 1 of second, on its map and on the image's grid"


# -- equation by equation in a browser ------------------------------------------------------------------------

SCRUBBER = """(place) => {
  const figure = document.querySelectorAll("figure.rf-scrubber")[place];
  const first = figure.querySelector(".rf-cells").getAttribute("d").match(/M([\\d.]+) [\\d.]+H([\\d.]+)/);
  const [start, pixel] = [Number(first[1]), Number(first[2]) - Number(first[1])];
  const places = (name) => [...figure.querySelectorAll(".rf-live ." + name)].map((one) =>
    (one.getAttribute("d").match(/M[\\d.]+|H[\\d.]+/g) ?? []).map((at) => (Number(at.slice(1)) - start) / pixel));
  return {
    words: [...figure.querySelectorAll(".rf-told p")].map((one) => one.textContent),
    lines: [...figure.querySelectorAll(".rf-live text")].map((one) => one.textContent),
    steps: Number(figure.querySelector("input").max),
    units: places("rf-units"), field: places("rf-frame"), taps: places("rf-taps"), leader: places("rf-leader"),
  };
}"""
SCRUB = f"""([place, steps]) => {{
  const slider = document.querySelectorAll("figure.rf-scrubber")[place].querySelector("input");
  return Array.from({{ length: steps }}, (_, step) => {{
    slider.value = String(step + 1);
    slider.dispatchEvent(new Event("input"));
    return ({SCRUBBER})(place);
  }});
}}"""
"""What is told at so many steps, from the first one on."""


def test_a_finger_goes_from_unit_to_unit_on_both_axes(browser: "Browser", page: Path) -> None:
    narrow = browser.new_page(viewport={"width": 390, "height": 800}, has_touch=True)
    narrow.goto(page.as_uri())
    stepper = narrow.locator(".rf-stepper").first
    stepper.locator("select").select_option("the image")
    cells = stepper.locator(".rf-cells").first
    cells.scroll_into_view_if_needed()
    box = cells.bounding_box()
    assert box is not None
    touch, cell = narrow.context.new_cdp_session(narrow), box["width"] / 5
    for kind, step in (("touchStart", 4), *(("touchMove", step / 2) for step in range(7, -1, -1))):
        point = {"x": box["x"] + (4.5 - step) * cell, "y": box["y"] + (step + 0.5) * cell}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert "unit (0, 4)" in stepper.locator(".rf-told").inner_text()
    narrow.close()


def steps_of(report: Report) -> Iterator[tuple[LayerReport, int]]:
    """The layers with how much is known of them; 4 at once where the four equations do not hold."""
    for layer in report.layers:
        node, below = layer.axes[-1], report[layer.inputs[0]] if layer.inputs[0] != "input" else report.image
        plain = len(layer.inputs) == 1 and isinstance(node.reads[0], Window) and node.window is not None
        plain = plain and below.receptive_field == below.receptive_field_min
        yield from [(layer, known) for known in ((1, 2, 3, 4) if plain else (4,))]


def rounded(places: Sequence[float]) -> list[float]:
    return [round(at, 2) for at in places]


@pytest.mark.parametrize("place", range(len(SHOWN)), ids=SHOWN)
def test_every_equation_is_drawn_and_told_as_the_report_has_it(
    opened: "Page", page: Path, networks: Path, place: int
) -> None:
    report = report_of(networks, SHOWN[place])
    opened.goto(page.as_uri())
    assert opened.evaluate(SCRUBBER, place)["words"][0].startswith("the image: n = ")
    steps = list(steps_of(report))
    for (layer, known), told in zip(steps, opened.evaluate(SCRUB, [place, len(steps)]), strict=True):
        assert told["steps"] == len(steps)
        row = [one.name for one in report.layers].index(layer.name) + 1
        node = layer.axes[-1]
        n, j, r, start = node.length, node.field.jump, node.field.largest, node.field.start
        values = [f"n {n}", f"j {text_number(j)}", f"r {r}", f"start {text_number(start)}"]
        assert told["lines"][row] == minus(f"{layer.name}: {', '.join(values[:known])}")
        fields = [field for unit in range(n) if (field := node.field.at(unit)) is not None]
        apart = float(j or 0) if known > 1 else 1.0
        expected = (
            [float(field.center) for field in fields] if known == 4 else [0.5 + unit * apart for unit in range(n)]
        )
        assert rounded(told["units"][row]) == rounded(expected)
        if known > 2:
            assert rounded(told["field"][-1])[0] == round(expected[0] - r / 2, 2)
            assert rounded(told["field"][-1])[-1] == round(expected[0] + r / 2, 2)
        check_words(told, report, layer, known, [n, j, r, start])
        check_windows(told, report, layer, known)


def check_words(told: Any, report: Report, layer: LayerReport, known: int, values: Sequence[Any]) -> None:
    """The equation ends with its value, and is that which the built page has as a formula."""
    if told["words"][0] == layer.name:
        assert len(told["words"][1]) > 20
        return
    symbol = ("n", "j", "r", "start")[known - 1]
    assert told["words"][0].startswith(f"{layer.name}: {symbol} = ")
    assert told["words"][0].endswith(f" = {minus(text_number(values[known - 1]))}")
    (step,) = layer_equations(report, [layer.name])
    formula = step.equations.split(r"\\")[known - 1]
    for command, sign in ((r"\lfloor", "⌊"), (r"\rfloor", "⌋"), (r"\cdot", "·")):
        formula = formula.replace(command, sign)
    digits = re.findall(r"-?[\d.]+", formula.split("&=")[1].split(r"\end")[0])
    assert re.findall(r"[\d.]+", told["words"][0].split(" = ", 1)[1]) == [digit.strip("-") for digit in digits]


def check_windows(told: Any, report: Report, layer: LayerReport, known: int) -> None:
    """The windows that hang below what they read lie where its units are, there or not."""
    below = next((one for one in report.layers if one.name == layer.inputs[0]), report.image).axes[-1]
    shown = min(layer.size[-1], (0, layer.size[-1], 2, 1, 1)[known])
    windows = [layer.axes[-1].reads[0].taps(unit) for unit in range(shown)]
    fields = [[below.field.at(tap) for tap in taps] for taps in windows if len(taps)]
    expected = [rounded([float(field.center) for field in own if field is not None]) for own in fields]
    assert [rounded(own) for own in told["taps"]] == expected
    if len({len(own) for own in expected}) == 1 and len(expected) > 1:
        assert len({round(b[0] - a[0], 2) for a, b in pairwise(expected)}) == 1


def test_the_scrubber_goes_on_and_back_and_says_where_it_is(opened: "Page", page: Path) -> None:
    opened.goto(page.as_uri())
    figure = opened.locator("figure.rf-scrubber").first
    slider = figure.get_by_role("slider")
    figure.get_by_role("button", name="on ›").click()
    assert slider.get_attribute("aria-valuetext") == "first: n = ⌊(5 + 1 + 1 − 3) / 2⌋ + 1 = 3"
    slider.press("End")
    assert (figure.locator(".rf-told p").first.text_content() or "").startswith("second: start = ")
    figure.get_by_role("button", name="on ›").click()
    figure.get_by_role("button", name="‹ back").click()
    assert (figure.locator(".rf-told p").first.text_content() or "").startswith("second: r = ")


def test_without_scripts_and_in_print_the_stills_are_seen(browser: "Browser", opened: "Page", page: Path) -> None:
    plain = browser.new_page(java_script_enabled=False)
    plain.goto(page.as_uri())
    assert plain.locator(".rf-still:visible").count() == 2 * len(SHOWN)
    assert plain.locator(".rf-live:visible").count() == 0
    plain.close()
    opened.goto(page.as_uri())
    assert opened.locator(".rf-still:visible").count() == 0
    opened.emulate_media(media="print")
    assert opened.locator(".rf-still:visible").count() == 2 * len(SHOWN)
    assert opened.locator(".rf-live:visible").count() == 0
    opened.emulate_media(media="screen")
