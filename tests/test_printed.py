"""A course as one page: whole, with ids and links of its own, and made anew only where one of its pages changes."""

import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from processes import sphinx

from rfdocs.making.name_index import NAME_INDEX
from rfdocs.pages.one_page import WrittenPage, one_page, without

if TYPE_CHECKING:
    from playwright.sync_api import Page

GUIDE = Path(__file__).resolve().parent.parent / "site" / "guide"
FIRST = """<section id="one"><h1>1. One<a class="headerlink" href="#one">#</a></h1>
<p>See <a href="two.html#deep">two</a>, <a href="two.html">all of it</a>, <a href="../cli.html#table">commands</a> and
<a href="https://example.org/#one">others</a>.</p>
<div class="rf-motion" hidden><div>it moves</div><svg hidden><g/></svg></div>
<figure aria-labelledby="t d"><svg><title id="t">T</title><g id="c"/>
<path clip-path="url(#c)"/><use href="#c"/></svg></figure>
<div class="rf-exercise docutils container" id="exercise-1"><p>What?</p><details class="rf-solution">
<summary>Answer</summary>
<p>That: <a href="#one">one</a>.</p></details>
</div></section>"""
SECOND = """<section id="two"><h1>2. Two</h1><h2 id="deep">Deep</h2><p>See <a href="#deep">above</a>.</p>
<div class="table-wrapper docutils"><table></table></div></section>"""


def printed() -> str:
    pages = [WrittenPage("guide/one", "guide/one.html", FIRST), WrittenPage("guide/two", "guide/two.html", SECOND)]
    return str(one_page(pages, "guide/print.html"))


def test_ids_and_links_stay_apart_and_inside() -> None:
    page = printed()
    ids = Counter(re.findall(r' id="([^"]*)"', page))
    assert max(ids.values()) == 1
    for link in re.findall(r'href="#([^"]*)"', page):
        assert link in ids, link
    assert '<a href="#guide-two--deep">two</a>, <a href="#guide-two--">all of it</a>' in page
    assert '<a href="../cli.html#table">' in page
    assert '<a href="https://example.org/#one">' in page
    assert 'aria-labelledby="guide-one--t guide-one--d"' in page
    assert 'clip-path="url(#guide-one--c)"' in page


def test_headings_are_a_level_down_and_nothing_hidden_is_left() -> None:
    page = printed()
    headings = re.findall(r"<h(\d)[^>]*>([^<]*)", page)
    assert headings == [("2", "1. One"), ("2", "2. Two"), ("3", "Deep"), ("2", "Answers")]
    assert "moves" not in page
    assert "headerlink" not in page
    assert page.count("<svg>") == 1
    assert '<div tabindex="0" role="group" aria-label="table" class="table-wrapper docutils"><table>' in page


def test_answers_stand_at_the_end_and_lead_back() -> None:
    page = printed()
    assert "<details" not in page
    assert '<p>What?</p><p class="rf-later"><a href="#guide-one--answer-1">Answer</a></p>' in page
    answers = page[page.index('id="rf-answers"') :]
    assert '<p><a href="#guide-one--exercise-1">1. One, exercise 1</a></p>' in answers
    assert '<p>That: <a href="#guide-one--one">one</a>.</p>' in answers


def test_elements_are_left_out_with_all_inside_them() -> None:
    def hidden(tag: re.Match[str]) -> bool:
        return "hidden" in tag["rest"]

    assert without("<p>a<br hidden>b<i hidden>c<i>d</i></i>e<b>f</b></p>", hidden) == "<p>abe<b>f</b></p>"
    assert without("<svg hidden><g/><svg/></svg>x", hidden) == "x"


# -- in any project -----------------------------------------------------------------------------------------------

FILES = {
    "conf.py": 'extensions = ["rfdocs.sphinx"]\nhtml_theme = "basic"\nhtml_baseurl = "https://example.org/"\n',
    "index.rst": "Course\n======\n\n.. toctree::\n\n   deep/one\n   deep/two\n\n:doc:`print`\n",
    "deep/one.rst": "One\n===\n\nWords, and :ref:`more <more>`.\n",
    "deep/two.rst": "Two\n===\n\n.. _more:\n\nMore\n----\n\nOthers.\n",
    "print.rst": "To print\n========\n\n.. rf-print:: index\n",
}


class Course:
    """A project with a course, and its builds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")

    def build(self, *options: str, builder: str = "html") -> None:
        done = sphinx(self.folder, "-W", "-b", builder, "-d", "trees", *options, ".", f"_{builder}")
        assert done.returncode == 0, done.stderr + done.stdout

    def printed(self, builder: str = "html") -> str:
        name = "print.html" if builder == "html" else "print/index.html"
        return (self.folder / f"_{builder}" / name).read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_a_course_is_printed_and_follows_its_pages(tmp_path: Path, builder: str) -> None:
    course = Course(tmp_path)
    course.build("-j2", builder=builder)
    page = course.printed(builder)
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Course", "One", "Two"]
    assert 'href="#deep-two--more"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "canonical" not in page
    course.write("deep/one.rst", FILES["deep/one.rst"].replace("Words", "Sentences"))
    course.build(builder=builder)
    assert course.printed(builder) != page
    assert "<p>Sentences, and" in course.printed(builder)
    course.write("index.rst", FILES["index.rst"].replace("   deep/one\n   deep/two", "   deep/two\n   deep/one"))
    course.build(builder=builder)
    assert re.findall(r"<h2>(.*?)</h2>", course.printed(builder)) == ["Course", "Two", "One"]


@pytest.mark.slow
def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    course = Course(tmp_path)
    course.build()
    path = tmp_path / "_html" / "print.html"
    os.utime(path, ns=(2 * 10**18,) * 2)  # far from now, and later than the sources
    before = path.stat().st_mtime_ns
    course.build()
    assert path.stat().st_mtime_ns == before


@pytest.mark.slow
def test_a_page_that_is_printed_later_finds_what_was_written_before(tmp_path: Path) -> None:
    course = Course(tmp_path)
    (tmp_path / "print.rst").unlink()
    course.write("index.rst", FILES["index.rst"].replace(":doc:`print`", ""))
    course.build()
    course.write("print.rst", FILES["print.rst"])
    course.build()
    assert re.findall(r"<h2>(.*?)</h2>", course.printed()) == ["Course", "One", "Two"]


@pytest.mark.slow
def test_other_builders_leave_it_out_and_a_lost_document_is_a_warning(tmp_path: Path) -> None:
    course = Course(tmp_path)
    course.build(builder="text")
    course.build(builder="singlehtml")
    course.write("print.rst", FILES["print.rst"].replace("index", "nowhere"))
    done = sphinx(tmp_path, "-b", "html", ".", "_lost")
    assert "there is no other document 'nowhere'" in done.stderr


# -- the guide ------------------------------------------------------------------------------------------------------


def chapters() -> list[str]:
    tree = re.search(r"```\{toctree\}(.*?)```", (GUIDE / "index.md").read_text("utf-8"), re.DOTALL)
    assert tree is not None
    return [line for line in tree[1].splitlines() if line and not line.startswith(":")]


def test_the_front_page_tells_of_every_chapter_in_its_order() -> None:
    told = re.findall(r"^(\d+)\. \[\]\((\w+)\.md\): .*\?$", (GUIDE / "index.md").read_text("utf-8"), re.MULTILINE)
    assert told == [(str(number), name) for number, name in enumerate(chapters(), 1)]
    assert sorted(chapters()) == sorted(path.stem for path in GUIDE.glob("*.md") if path.stem not in {"index", "print"})


@pytest.mark.slow
def test_the_guide_is_printed_whole_and_found_by_its_chapters_alone(site: Path) -> None:
    page = (site / "guide" / "print.html").read_text("utf-8")
    ids = Counter(re.findall(r'\sid="([^"]*)"', page))
    assert [one for one, count in ids.items() if count > 1] == []
    assert [link for link in re.findall(r'href="#([^"]+)"', page) if link not in ids] == []
    for number, name in enumerate(chapters(), 1):
        chapter = (site / "guide" / f"{name}.html").read_text("utf-8")
        assert f'id="guide-{name}--"' in page
        assert re.search(rf'<h2><span class="section-number">{number}\. </span>', page), name
        inside = page[page.index(f'id="guide-{name}--"') :].partition('class="rf-chapter"')[0]
        assert inside.count('class="rf-still"') == chapter.count('class="rf-still"')
    assert "rf-motion" not in page
    assert page.count('class="rf-answered"') == page.count('class="rf-later"') > 10
    assert "noindex" in page
    index = (site / "searchindex.js").read_text("utf-8")
    found = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))
    place = found["docnames"].index("guide/print")
    assert not any(place == one or (isinstance(one, list) and place in one) for one in found["terms"].values())
    names = [path.read_text("utf-8") for path in (site / "_static").glob(NAME_INDEX)]
    assert not any("guide/print" in text for text in names)


@pytest.mark.slow
def test_it_prints_each_chapter_on_a_page_of_its_own(opened: "Page", site: Path) -> None:
    opened.goto((site / "guide" / "print.html").as_uri())
    opened.emulate_media(media="print")
    breaks = opened.locator(".rf-chapter").evaluate_all("(all) => all.map((one) => getComputedStyle(one).breakBefore)")
    assert breaks[1:] == ["page"] * (len(chapters()) + 1)
    pdf = opened.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) > len(chapters()) + 2
    opened.emulate_media(media="screen")
    opened.set_viewport_size({"width": 390, "height": 844})
    assert opened.evaluate("() => document.documentElement.scrollWidth") <= 390
    opened.set_viewport_size({"width": 1440, "height": 1000})
