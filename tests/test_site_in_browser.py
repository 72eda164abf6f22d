"""Every page, opened: no request leaves the site, no script fails, no policy is broken, nothing is inaccessible."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize


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


def check_state(tab: "Page", troubles: list[str], state: str) -> None:
    """Holds what a reader has made of a page to all rules, in the dark, too."""
    tab.evaluate(Axe().axe_script)
    assert not violations(tab, {**STRUCTURE, "resultTypes": ["violations"]}), state
    tab.emulate_media(color_scheme="dark")
    assert not violations(tab, {"runOnly": COLOURS, "resultTypes": ["violations"]}), state
    tab.emulate_media(color_scheme="light")
    assert not troubles, state


def test_what_readers_open_and_change_is_accessible_too(site: Path, tab: "Page", troubles: list[str]) -> None:
    tab.set_viewport_size(WIDE)
    tab.goto(f"{(site / 'workbench.html').as_uri()}#from=alexnet")
    tab.wait_for_selector(".rf-works tbody tr:nth-child(8)")
    check_state(tab, troubles, "a network in the workbench")
    tab.goto(f"{(site / 'networks' / 'alexnet.html').as_uri()}#input=300x260&layer=conv3&pixel=9,9")
    tab.wait_for_selector("figure.rf-redrawn svg")
    check_state(tab, troubles, "another size")
    tab.goto((site / "cite.html").as_uri())
    tab.keyboard.press("/")
    tab.keyboard.type("resnet")
    tab.wait_for_selector(".rf-palette [role=option] >> nth=3")
    check_state(tab, troubles, "the palette")


@pytest.fixture
def served(site: Path) -> "Iterator[str]":
    """The site's address below a sub-path of a server."""
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=site.parent)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{site.name}"
        server.shutdown()


def test_every_part_works_below_a_sub_path(browser: "Browser", served: str) -> None:
    page = browser.new_page(viewport=WIDE)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("response", lambda answer: troubles.append(answer.url) if answer.status >= 400 else None)
    page.on(
        "request", lambda request: None if request.url.startswith((served, "data:")) else troubles.append(request.url)
    )
    page.goto(f"{served}/networks/alexnet.html#input=300x260")
    page.locator(".rf-explorer input[type=range]").press("Home")
    assert "conv1" in page.inner_text(".rf-read")
    page.get_by_role("link", name="Compare it").click()
    page.wait_for_url("**/compare.html#networks=alexnet&input=300x260")
    page.locator(".rf-comparer input[list]").last.fill("vgg 11")
    page.locator(".rf-comparer input[list]").last.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.rf-wholes thead th').length === 2")
    page.goto(f"{served}/networks/index.html")
    page.locator(".rf-finder input").first.fill("alexnet-2012")
    page.locator(".rf-finder input").first.press("Enter")
    page.wait_for_url("**/networks/alexnet-2012.html*")
    page.get_by_role("link", name="Change it").click()
    page.wait_for_selector(".rf-works tbody tr:nth-child(5)")
    assert page.url.startswith(f"{served}/workbench.html#")
    assert not troubles
    page.close()


def test_without_scripts_pages_of_every_kind_are_whole(site: Path, browser: "Browser") -> None:
    """Each says with its own words and tables what scripts would show, and nothing waits for a script."""
    context = browser.new_context(java_script_enabled=False, viewport=WIDE)
    page = context.new_page()
    for path in chosen_pages(site):
        page.goto(path.as_uri())
        name = path.relative_to(site).as_posix()
        assert page.locator("article h1").first.is_visible(), name
        assert len(page.inner_text("article")) > (70 if name == "search.html" else 150), name  # that needs scripts
        controls = page.locator("article").locator("button, input, select").filter(visible=True)
        outside = controls.evaluate_all("(all) => all.filter((one) => !one.closest('form[action]')).length")
        assert outside == 0, name
        cut = page.locator("article .rf-scroll table").evaluate_all(
            "(all) => all.filter((one) => one.rows.length < 2).length"
        )
        assert cut == 0, name
    for name, told in {
        "index": ".rf-explored svg",
        "compare": ".rf-instead table",
        "workbench": ".rf-instead table",
        "networks/index": ".rf-networks tbody tr",
        "networks/wavenet-24x4": "#layers tbody tr",
        "networks/families/resnet": "article table tbody tr",
    }.items():
        page.goto((site / f"{name}.html").as_uri())
        assert page.locator(told).first.is_visible(), name
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_first_page_is_one_screen(site: Path, tab: "Page", scheme: Literal["light", "dark"]) -> None:
    """What this is, the search, the living picture and the three ways in."""
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size(WIDE)
    tab.goto((site / "index.html").as_uri())
    tab.wait_for_selector(".rf-canvas svg")
    shown = [
        "article h1",
        "article h1 ~ * p",
        "article .rf-search input",
        ".rf-canvas",
        ".rf-read",
        ".rf-card >> nth=2",
    ]
    for part in shown:
        box = tab.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= WIDE["height"], part
    canvas = tab.locator(".rf-canvas").bounding_box()
    assert canvas is not None
    assert canvas["height"] > 200


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
