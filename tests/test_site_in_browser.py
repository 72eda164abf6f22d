"""Every page, opened: no request leaves the site, no script fails, nothing is inaccessible."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = pytest.mark.browser

WIDE: "ViewportSize" = {"width": 1440, "height": 900}
NARROW: "ViewportSize" = {"width": 390, "height": 844}

Scheme = Literal["light", "dark"]

AXE = {"rules": {"region": {"enabled": False}}}
"""`region`: the theme's own link to the content stands outside every landmark, as it should."""


def chosen_pages(site: Path) -> list[Path]:
    """The hand-written pages and one network: the others are made alike."""
    networks = sorted((site / "networks").glob("*.html"))[:1]
    return [*sorted(site.glob("*.html")), *networks]


def opened(browser: "Browser", page: Path, scheme: Scheme, size: "ViewportSize") -> "tuple[Page, list[str]]":
    """The page and what went wrong while it was opened."""
    tab = browser.new_page(viewport=size, color_scheme=scheme)
    troubles: list[str] = []
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.on("request", lambda request: foreign(request.url, troubles))
    tab.goto(page.as_uri())
    return tab, troubles


def foreign(url: str, troubles: list[str]) -> None:
    if not url.startswith(("file:", "data:", "blob:")):
        troubles.append(f"asks for {url}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_ask_no_other_host(site: Path, browser: "Browser", scheme: Scheme) -> None:
    for page in chosen_pages(site):
        tab, troubles = opened(browser, page, scheme, WIDE)
        found = Axe().run(tab, options=AXE).response["violations"]
        tab.close()
        assert not troubles, page.name
        assert not [(one["id"], one["nodes"][0]["html"]) for one in found], page.name


def test_pages_are_no_wider_than_a_telephone(site: Path, browser: "Browser") -> None:
    for page in chosen_pages(site):
        tab, _ = opened(browser, page, "light", NARROW)
        width = tab.evaluate("document.documentElement.scrollWidth")
        tab.close()
        assert width <= NARROW["width"], page.name
