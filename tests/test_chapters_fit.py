"""No chapter of the guide is cut at its side, on a phone or on a wide screen: what is wider scrolls, and says so."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


#: The elements of a chapter that are cut, each with the reason: those that hide a part of themselves, those that scroll
#: but that no key reaches or that have no shade where they are cut, and those that stick out of the chapter.
CUT = """() => {
    const chapter = document.querySelector('article'), cut = [];
    const edge = chapter.getBoundingClientRect().right + 9; // headings and tables go a little beyond the text
    const style = (one) => getComputedStyle(one), named = (one) => `${one.nodeName}.${one.className}`;
    const scrolls = (one) => ['auto', 'scroll'].includes(style(one).overflowX);
    const shaded = ({ backgroundImage, backgroundAttachment }) =>
        backgroundImage.includes('gradient') && ['local', 'scroll'].every((one) => backgroundAttachment.includes(one));
    for (const one of chapter.querySelectorAll('*:not(svg *, math *)')) {
        const box = one.getBoundingClientRect();
        if (box.width <= 1 || one.matches('.headerlink, script, style')) continue;
        if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth) {
            if (scrolls(one) && one.tabIndex < 0) cut.push([named(one), 'is not reached by keys']);
            if (scrolls(one) && !shaded(style(one))) cut.push([named(one), 'has no shade']);
            if (['hidden', 'clip'].includes(style(one).overflowX)) cut.push([named(one), 'hides a part of itself']);
        }
        let around = one;
        while (around !== chapter && style(around).overflowX === 'visible') around = around.parentElement;
        if (around === chapter && box.right > edge) cut.push([named(one), 'sticks out']);
    }
    return cut;
}"""
#: The tables that do not fit, of those that a wide screen has room for.
SCROLLED = """() => [...document.querySelectorAll('article :is(.rf-scroll, .table-wrapper, div.math, pre)')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent.trim().slice(0, 40))"""

#: The page, if a telephone has to move it aside.
WIDER = "() => [document.documentElement.scrollWidth].filter((width) => width > 390)"


#: The tables of which a part is hidden above or below.
WINDOWS = """() => [...document.querySelectorAll('.rf-scroll')]
    .filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => one.className)"""

#: What stands where an explorer does, and the explorer: whether each is shown.
EXPLORED = """() => [...document.querySelectorAll('.rf-explored, .rf-explorer')]
    .map((one) => [one.classList.contains('rf-explored'), one.checkVisibility()])"""


def chapters(site: Path) -> list[Path]:
    found = [page for page in sorted((site / "guide").glob("*.html")) if page.stem not in ("index", "print")]
    assert len(found) == 13
    return found


@pytest.mark.parametrize(("width", "more"), [(390, WIDER), (1440, SCROLLED)])
def test_nothing_of_a_chapter_is_cut_nor_scrolls_where_there_is_room(
    browser: "Browser", site: Path, width: int, more: str
) -> None:
    """Neither at its side nor above or below, where a low window leaves tables less room."""
    page = browser.new_page(viewport={"width": width, "height": 700})
    for chapter in chapters(site):
        page.goto(chapter.as_uri())
        assert [page.evaluate(one) for one in (CUT, more, WINDOWS)] == [[], [], []], chapter.stem
    page.close()


def test_where_no_scripts_run_and_in_print_explorers_have_stills(browser: "Browser", site: Path) -> None:
    explored = [chapter for chapter in chapters(site) if "rf-explorer" in chapter.read_text("utf-8")]
    assert len(explored) == 5
    plain, live = browser.new_page(java_script_enabled=False), browser.new_page()
    for chapter in explored:
        plain.goto(chapter.as_uri())
        still = plain.locator(".rf-explored")
        assert (still.locator("svg").is_visible(), still.locator("tbody tr").first.is_visible()) == (True, True)
        live.goto(chapter.as_uri())
        assert live.evaluate(EXPLORED) == [[True, False], [False, True]], chapter.stem
        live.emulate_media(media="print")
        assert live.evaluate(EXPLORED) == [[True, True], [False, False]], chapter.stem
        live.emulate_media(media="screen")
    plain.close()
    live.close()


@pytest.mark.parametrize(
    ("style", "why"),
    [
        ("overflow-x: hidden", "hides a part of itself"),
        ("overflow-x: auto", "is not reached by keys"),
        ("overflow-x: auto", "has no shade"),
        ("", "sticks out"),
    ],
)
def test_what_is_cut_is_found(browser: "Browser", style: str, why: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.set_content(f"<article><div style='{style}'><p style='width: 60em'>long</p></div></article>")
    assert why in [reason for _, reason in page.evaluate(CUT)]
    page.close()
