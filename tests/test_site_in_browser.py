"""Every page, opened: no request leaves the site, no script fails, nothing is inaccessible."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = pytest.mark.browser

WIDE: "ViewportSize" = {"width": 1440, "height": 900}
NARROW: "ViewportSize" = {"width": 390, "height": 844}

AXE = {"rules": {"region": {"enabled": False}}, "resultTypes": ["violations"]}
"""`region`: the theme's own link to the content stands outside every landmark, as it should."""

COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
"""The rules that may hold in one scheme and not in the other, for a scheme changes colours alone (AAA aside)."""


def chosen_pages(site: Path) -> list[Path]:
    """The hand-written pages and one network: the others are made alike."""
    networks = sorted((site / "networks").glob("*.html"))[:1]
    return [*sorted(site.glob("*.html")), *networks]


def opened(browser: "Browser", page: Path) -> "tuple[Page, list[str]]":
    """The page, wide and light, and what went wrong while it was opened."""
    tab = browser.new_page(viewport=WIDE, color_scheme="light")
    troubles: list[str] = []
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.on("request", lambda request: foreign(request.url, troubles))
    tab.goto(page.as_uri())
    return tab, troubles


def foreign(url: str, troubles: list[str]) -> None:
    if not url.startswith(("file:", "data:", "blob:")):
        troubles.append(f"asks for {url}")


def test_pages_are_accessible_fit_a_telephone_and_ask_no_other_host(site: Path, browser: "Browser") -> None:
    for page in chosen_pages(site):
        tab, troubles = opened(browser, page)
        violations = Axe().run(tab, options=AXE).response["violations"]
        tab.emulate_media(color_scheme="dark")
        violations += Axe().run(tab, options=COLOURS).response["violations"]
        tab.set_viewport_size(NARROW)
        width = tab.evaluate("document.documentElement.scrollWidth")
        tab.close()
        assert not troubles, page.name
        assert not [(violation["id"], violation["nodes"][0]["html"]) for violation in violations], page.name
        assert width <= NARROW["width"], page.name
