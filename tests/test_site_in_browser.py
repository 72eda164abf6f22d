"""Every page, opened: no request leaves the site, no script fails, no policy is broken, nothing is inaccessible."""

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = pytest.mark.browser

WIDE: "ViewportSize" = {"width": 1440, "height": 900}
NARROW: "ViewportSize" = {"width": 390, "height": 844}
SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]

COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that follow from colours, and take most of the time."""

STRUCTURE = {
    "rules": {"region": {"enabled": False}, **{rule: {"enabled": False} for rule in COLOURS}},
    "resultTypes": ["violations"],
}
"""All others. `region`: the theme's own link to the content stands outside every landmark, as it should."""

WITHOUT_REPETITION = """(seen) => {
  const counts = new Map(JSON.parse(seen)), changed = new Map();
  const short = (text) => {
    let one = 5381, other = 52711;
    for (let place = 0; place < text.length; place += 1) {
      const code = text.charCodeAt(place);
      one = (one * 33) ^ code;
      other = Math.imul(other, 31) + code | 0;
    }
    return (one >>> 0) * 2097152 + (other >>> 11);
  };
  const own = (element) => [element.tagName, element.getAttribute("class"), element.getAttribute("style")].join();
  const deep = (element) => `${own(element)}(${[...element.children].map(deep).join("")})`;
  const prune = (element, above) => {
    for (const child of [...element.children]) {
      const key = short(`${above}>${deep(child)}`), count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      changed.set(key, count);
      if (count > 2) child.remove();
      else prune(child, `${above}>${own(child)}`);
    }
  };
  prune(document.body, own(document.body));
  return JSON.stringify([...changed]);
}"""
"""Leaves two of all elements that stand in the same place and are made of the same: they have the same colours.

It is given how many of each there were on the pages before, and gives those that this page has, by short numbers and
as one text: long words, or thousands of pairs, would take long to pass.
"""


def chosen_pages(site: Path) -> list[Path]:
    """The hand-written pages, the list of networks, a family, and networks of one, two and three axes, one with gates:
    the others are made alike, and the page to print of the chapters.
    """
    networks = [
        site / "networks" / f"{name}.html" for name in ("index", "alexnet", "wavenet-24x4", "mobilenet_v3_small", "c3d")
    ]
    return [
        *sorted(site.glob("*.html")),
        *sorted(page for page in site.glob("guide/*.html") if page.stem != "print"),
        *networks,
        site / "networks" / "families" / "resnet.html",
    ]


@pytest.fixture
def troubles() -> list[str]:
    """What goes wrong while pages are opened."""
    return []


@pytest.fixture
def tab(browser: "Browser", troubles: list[str]) -> "Iterator[Page]":
    """One tab for all pages."""
    tab = browser.new_page()
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.on("console", lambda said: forbidden(said.text, troubles))
    tab.on("request", lambda request: foreign(request.url, troubles))
    yield tab
    tab.close()


def foreign(url: str, troubles: list[str]) -> None:
    if not url.startswith(("file:", "data:", "blob:")):
        troubles.append(f"asks for {url}")


def forbidden(said: str, troubles: list[str]) -> None:
    """What a page's policy kept it from; axe asks for style sheets, which is none of the page's doing."""
    if "Content Security Policy" in said and "connect-src" not in said:
        troubles.append(said)


BROKEN = """async (options) => {
  const { violations } = await axe.run(options);
  return violations.map((rule) => [rule.id, rule.nodes[0].html]);
}"""


def violations(tab: "Page", options: Mapping[str, object]) -> list[tuple[str, str]]:
    """The rules that the page breaks, each with the first element that does; axe is there already."""
    broken: list[tuple[str, str]] = tab.evaluate(BROKEN, dict(options))
    return broken


def test_pages_are_accessible_fit_a_telephone_and_ask_no_other_host(
    site: Path, tab: "Page", troubles: list[str]
) -> None:
    """At both widths by all rules, and in both schemes by those on colours: a scheme changes colours alone."""
    seen: dict[int, int] = {}
    for page in chosen_pages(site):
        tab.goto(page.as_uri())
        tab.evaluate(Axe().axe_script)
        broken: list[tuple[str, str]] = []
        for size in (WIDE, NARROW):
            tab.set_viewport_size(size)
            broken += violations(tab, STRUCTURE)
        width = tab.evaluate("document.documentElement.scrollWidth")
        seen |= dict(json.loads(tab.evaluate(WITHOUT_REPETITION, json.dumps([*seen.items()]))))
        for size, scheme in product((NARROW, WIDE), SCHEMES):
            tab.set_viewport_size(size)
            tab.emulate_media(color_scheme=scheme)
            broken += violations(tab, {"runOnly": COLOURS, "resultTypes": ["violations"]})
        assert not troubles, page.name
        assert not broken, page.name
        assert width <= NARROW["width"], page.name
