"""A network's figures at any input size: the page's scripts draw and say what Python does, attribute by attribute."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from drawings import TREE, differences, elements

import rfdocs
from rfdocs import InputError, NetworkError
from rfdocs.catalogue import Entry
from rfdocs.figures import draw
from rfdocs.figures.drawing import Drawing
from rfdocs.formats.program import program
from rfdocs.sphinx.assets import ENGINE, FOLDER, REDRAWN

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

TOLD = f"""(asked) => {{
    {TREE}
    const [title, program, sizes] = JSON.parse(asked), network = new RfNetwork(program);
    return sizes.map((size) => {{
        const report = network.analyse(size);
        return Object.entries(rfRedrawn.KINDS).map(([kind, draw]) => {{
            const {{ canvas, told }} = draw(title, report, "x-");
            return [kind, canvas.height, told, canvas.elements.map(tree),
                canvas.spots.map(({{ first, last, box }}) => [first, last, ...box])];
        }});
    }});
}}"""


@pytest.fixture(scope="module")
def scripts(browser: "Browser") -> "Iterator[Page]":
    """A page with all that figures are drawn by, and no network."""
    page = browser.new_page()
    for name in (*ENGINE, *REDRAWN):
        page.add_script_tag(path=FOLDER / name)
    yield page
    page.close()


def sizes_of(entry: Entry) -> Iterator[Sequence[int]]:
    """One size with sides that differ, one that is small, and the network's own, as far as it takes them."""
    nominal, step = entry.network.input_size, 32 * entry.network.multiple
    rectangular = [length + place * step for place, length in enumerate(nominal, start=1)]
    for size in (rectangular, [2 * step] * len(nominal), nominal):
        try:
            entry.analyze(size).check_sight_limits()
        except (InputError, NetworkError):
            continue
        yield size


def expected(kind: str, drawing: Drawing) -> list[Any]:
    """Height, words, elements and spots of a drawing as it stands on a page."""
    height = float(drawing.svg.partition('viewBox="0 0 640 ')[2].partition('"')[0])
    return [kind, height, drawing.alternative, elements(drawing, "x"), [list(spot) for spot in drawing.spots]]


def test_figures_at_another_size_are_those_that_would_be_published_at_it(scripts: "Page") -> None:
    """The last network of every third family; the reader's tests compare whole pages."""
    drawn = 0
    for family in islice(rfdocs.Catalogue().families(), 0, None, 3):
        entry = family.entries()[-1]
        sizes = list(islice(sizes_of(entry), 2))
        asked = json.dumps([entry.title, program(entry.network), sizes])
        for size, figures in zip(sizes, scripts.evaluate(TOLD, asked), strict=True):
            for told in figures:
                wanted = expected(told[0], draw(told[0], entry.title, entry.analyze(size)))
                assert not list(differences(told, wanted)), (entry.identifier, size, told[0])
                drawn += 1
    assert drawn > 200
