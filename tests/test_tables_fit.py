"""The tables of every network's page on a wide screen: no one scrolls sideways to see what is usually shown."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page


#: How many cells of each column are looked at: those with the longest piece that cannot be broken.
MOST = 3
COST = {"channels", "parameters", "macs"}
"""The columns that the table of layers leaves out where there is no room; a box brings them back."""

OVER = """(tables) => {
  const place = document.querySelector("article > section");
  return tables.map(([kind, html]) => {
    const region = document.createElement("div");
    region.className = `rf-scroll rf-${kind}`;
    region.innerHTML = html;
    place.append(region);
    return region;
  }).map((region) => region.scrollWidth - region.clientWidth);
}"""


def widest(html: str, kind: str, without: set[str]) -> str:
    """The table of a kind on a page, of each column its head and the widest cells; empty where there is none."""
    _, found, rest = html.partition(f'<div class="rf-scroll rf-{kind}"')
    table = rest.partition("</table>")[0]
    head, _, body = table.partition("</thead>")
    keys = re.findall(r'<th scope="col" data-key="(\w+)"', head)
    rows = [re.findall(r"<t[hd][^>]*>.*?</t[hd]>", row) for row in body.split("<tr")]
    columns = list(zip(*[row for row in rows if len(row) == len(keys)], strict=True))
    heads = re.findall(r'<th scope="col".*?</th>', head)
    shown = [place for place, key in enumerate(keys) if key not in without]
    cells = [[heads[place], *sorted(set(columns[place]), key=longest_piece)[-MOST:]] for place in shown]
    lines = ["".join([own[row] if row < len(own) else "<td></td>" for own in cells]) for row in range(MOST + 1)]
    return f"<table><thead><tr>{lines[0]}</tr></thead><tr>{'</tr><tr>'.join(lines[1:])}</tr></table>" if found else ""


def longest_piece(cell: str) -> int:
    return max(len(re.sub("<[^>]*>", "", piece)) for piece in cell.split("<wbr>"))


def test_the_tables_of_all_networks_fit_a_wide_page(opened: "Page", site: Path) -> None:
    pages = {
        path.stem: path.read_text("utf-8") for path in sorted(site.glob("networks/*.html")) if path.stem != "index"
    }
    tables = {
        (name, kind): own
        for name, html in pages.items()
        for kind, without in (("stages", set[str]()), ("layers", COST))
        if (own := widest(html, kind, without))
    }
    assert len(tables) > 2 * len(pages) - 10
    opened.set_viewport_size({"width": 1440, "height": 900})
    opened.goto((site / "networks" / "alexnet.html").as_uri())
    over = opened.evaluate(OVER, [[kind, own] for (_, kind), own in tables.items()])
    assert {place: width for place, width in zip(tables, over, strict=True) if width > 0} == {}


@pytest.mark.parametrize(
    "page",
    [
        "resnet50.html#input=300x400",
        "efficientnet_b7.html#input=601x1023",
        "retinanet_resnet50_fpn.html#input=1080x1920",
        "i3d.html#input=64x200x300",
        "yolov3.html#input=1088x1920",
        "wavenet-24x4.html#input=16001",
    ],
)
def test_at_sizes_that_are_not_square_they_fit_too(opened: "Page", site: Path, page: str) -> None:
    name, _, state = page.partition("#")
    opened.set_viewport_size({"width": 1440, "height": 900})
    opened.goto("about:blank")
    opened.goto(f"{(site / 'networks' / name).as_uri()}#{state}")
    widths = "(all) => all.map((one) => [one.className, one.scrollWidth - one.clientWidth])"
    over = opened.locator(".rf-stages, .rf-layers").evaluate_all(widths)
    assert [one for one in over if one[1] > 0] == []
