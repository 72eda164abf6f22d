"""A network's figures at any input size: the page's scripts draw and say what Python does, attribute by attribute; and
what is said beside the profile, letter by letter.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from drawings import TREE, differences, elements

import rfdocs
from rfdocs import InputError, Network, NetworkError, Report
from rfdocs.catalogue import Entry
from rfdocs.figures import KINDS, draw
from rfdocs.figures.drawing import Drawing
from rfdocs.formats.program import program
from rfdocs.making.scripts import ENGINE, FIGURES, FOLDER, NETWORK, SHARED
from rfdocs.pages.content import Bullets, plain
from rfdocs.pages.effective_section import effective_section

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


TOLD = f"""(asked) => {{
    {TREE}
    const [title, program, sizes, kinds] = JSON.parse(asked), network = new RfNetwork(program);
    return sizes.map((size) => {{
        const report = network.analyse(size);
        return kinds.map((kind) => {{
            const {{ canvas, told }} = rfRedrawn.KINDS[kind](title, report, "x-");
            return [kind, canvas.height, told, canvas.elements.map(tree),
                canvas.spots.map(({{ first, last, box }}) => [first, last, ...box])];
        }});
    }});
}}"""


#: All kinds but the one that counts paths, which takes longer; and those of them that show the image and fields on it.
DRAWN = [kind for kind in KINDS if kind != "profile"]
PICTURES = ["feature-maps", "nested"]


@pytest.fixture(scope="module")
def scripts(browser: "Browser") -> "Iterator[Page]":
    """A page with all that figures are drawn by, and no network."""
    page = browser.new_page()
    for name in (*SHARED, *ENGINE, *NETWORK, *FIGURES, "reader/spreads.js"):
        page.add_script_tag(path=FOLDER / name)
    yield page
    page.close()


def reports_of(network: Network) -> Iterator[Report]:
    """At one size with sides that differ, at one that is small, and at the network's own, as far as it takes them."""
    nominal, step = network.input_size, 32 * network.multiple
    rectangular = [length + place * step for place, length in enumerate(nominal, start=1)]
    for size in (rectangular, [2 * step] * len(nominal), nominal):
        try:
            report = Report(network, size)
            report.check_sight_limits()
        except (InputError, NetworkError):
            continue
        yield report


def expected(kind: str, drawing: Drawing) -> list[Any]:
    """Height, words, elements and spots of a drawing as it stands on a page."""
    height = float(drawing.svg.partition('viewBox="0 0 640 ')[2].partition('"')[0])
    return [kind, height, drawing.alternative, elements(drawing, "x"), [list(spot) for spot in drawing.spots]]


def check_figures(scripts: "Page", entry: Entry, reports: Sequence[Report], kinds: Sequence[str]) -> None:
    """Every attribute of the figures of a network at some sizes, against what would be published at them."""
    asked = json.dumps([entry.title, program(entry.network), [report.input_size for report in reports], kinds])
    for report, figures in zip(reports, scripts.evaluate(TOLD, asked), strict=True):
        for told in figures:
            wanted = expected(told[0], draw(told[0], entry.title, report))
            assert not list(differences(told, wanted)), (entry.identifier, report.input_size, told[0])


def test_figures_at_another_size_are_those_that_would_be_published_at_it(scripts: "Page") -> None:
    """The last network of every third family; the reader's tests compare whole pages."""
    drawn = 0
    for family in islice(rfdocs.Catalogue().families(), 0, None, 3):
        entry = family.entries()[-1]
        reports = list(islice(reports_of(entry.network), 2))
        check_figures(scripts, entry, reports, DRAWN)
        drawn += len(reports) * len(DRAWN)
    assert drawn > 300


#: One axis, two and three; sides that differ, so few pixels that every unit touches padding, so many that features are
#: thinned out and that a field is a speck in the image; units that differ by phase, and that see the past alone.
SIZES: dict[str, Sequence[Sequence[int]]] = {
    "alexnet": [(63, 400), (225, 224), (900, 300)],
    "c3d": [(16, 224, 224), (16, 64, 64), (40, 300, 40)],
    "deeplabv3_resnet50": [(65, 129), (520, 520)],
    "hourglass-8": [(64, 128)],
    "jasper5x3": [(64,), (1003,)],
    "patchgan-70": [(70, 70), (256, 100)],
    "resnet50": [(300, 400), (32, 32), (33, 65), (7, 500), (1080, 1920)],
    "segnet": [(64, 96), (352, 480)],
    "tcn-mnist": [(17,), (784,), (5000,)],
    "unet": [(588, 620)],
    "unet-padded": [(64, 96), (512, 512)],
    "unet3d-padded": [(64, 128, 128), (32, 48, 80)],
    "vnet": [(64, 96, 32)],
    "wavenet": [(64,), (9000,), (16000,)],
}


@pytest.mark.parametrize("name", SIZES)
def test_fields_on_the_image_are_drawn_as_they_would_be_published(scripts: "Page", name: str) -> None:
    entry = rfdocs.load(name)
    check_figures(scripts, entry, [entry.analyze(size) for size in SIZES[name]], PICTURES)


HOLED = """
input: {channels: 1, size: [48, 9, 9]}
layers:
  - {conv: a, kernel: [3, 1, 1], dilation: [2, 1, 1], channels: 1}
  - {conv: b, kernel: [3, 3, 3], dilation: [8, 1, 1], channels: 1}
"""


def test_strips_have_holes_where_nothing_is_seen(scripts: "Page", tmp_path: Path) -> None:
    file = tmp_path / "holed.yaml"
    file.write_text(HOLED, "utf-8")
    entry = rfdocs.load(str(file))
    reports = [entry.analyze(), entry.analyze((41, 12, 9))]
    check_figures(scripts, entry, reports, PICTURES)
    for report in reports:
        ranges = report.visible_ranges("b", report["b"].central_index)[0] or []
        drawn = re.findall(r'<path d="([^"]*)"[^>]*fill-opacity="0.3"', draw("nested", "Holed", report).svg)
        assert max(path.count("M") for path in drawn) == len(ranges) == 9


def test_growth_is_drawn_as_it_would_be_published_where_units_are_followed_by_themselves(scripts: "Page") -> None:
    entry = rfdocs.load("wavenet")
    check_figures(scripts, entry, [entry.analyze(16_000)], ["growth"])


SAID = """(asked) => {
    const [, program, sizes] = JSON.parse(asked), network = new RfNetwork(program);
    return sizes.map((size) => rfSpreads.sentences(network.analyse(size)));
}"""
#: Axes that agree and that do not, units that differ, holes, pooling to a fixed size, more paths than all layers' can
#: be kept; and sizes so small that another map is the last.
PROFILES = (
    "alexnet", "c3d", "densenet121", "enet", "hourglass-8", "inception-v4", "pspnet_resnet101", "quartznet15x5",
    "resnet50", "unet-padded", "wavenet-24x4",
)  # fmt: skip
SPARSE = """
title: Sparse
input: {channels: 3, size: [4, 4]}
layers:
  - {transposed_conv: up, kernel: 1, stride: 2, channels: 8}
"""


def said(report: Report) -> list[str]:
    """What the section on the effective field would say."""
    blocks = effective_section(report, None).blocks
    return [plain(item) for block in blocks if isinstance(block, Bullets) for item in block.items]


def check_profile(scripts: "Page", entry: Entry, reports: Sequence[Report]) -> None:
    check_figures(scripts, entry, reports, ["profile"])
    asked = json.dumps([entry.title, program(entry.network), [report.input_size for report in reports]])
    assert scripts.evaluate(SAID, asked) == [said(report) for report in reports], entry.identifier


def test_profiles_at_another_size_are_those_that_would_be_published_at_it(scripts: "Page") -> None:
    for name in PROFILES:
        entry = rfdocs.load(name)
        check_profile(scripts, entry, list(islice(reports_of(entry.network), 2)))


@pytest.mark.parametrize("name", ["siamfc-search", "siamfc-template"])
def test_another_input_is_no_path_of_the_image(scripts: "Page", name: str) -> None:
    entry = rfdocs.load(name)
    reports = list(islice(reports_of(entry.network), 2))
    check_figures(scripts, entry, reports, DRAWN)
    check_profile(scripts, entry, reports)


def test_a_unit_that_reads_nothing_has_no_profile_and_no_field(scripts: "Page", tmp_path: Path) -> None:
    (tmp_path / "sparse.yaml").write_text(SPARSE, "utf-8")
    entry = rfdocs.load(tmp_path / "sparse.yaml")
    reports = [entry.analyze(size) for size in ((4, 4), (3, 3), (3, 4), (1, 40))]
    check_profile(scripts, entry, reports[:3])
    check_figures(scripts, entry, reports, PICTURES)
    assert [len(said(report)) for report in reports[:3]] == [0, 1, 1]


def test_numbers_that_are_no_fractions_are_rounded_as_python_rounds_them(scripts: "Page") -> None:
    numbers = [0.0, 0.05, 0.25, 0.35, 0.75, 0.95, 1.25, 99.95, 999.95, 1501.649, 1234567.75]
    assert scripts.evaluate("(numbers) => numbers.map(rfNumbers.rounded)", numbers) == [
        f"{one:,.1f}" for one in numbers
    ]
