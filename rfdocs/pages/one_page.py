"""Many pages as one that is printed: ids of one page never meet those of another, and links between them lead inside.

What lives by scripts is left out, with what is hidden; answers to exercises stand at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath

from markupsafe import Markup

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w:-]*)(?P<rest>[^<>]*)>")
_ATTRIBUTE = re.compile(r'(?P<before>\s(?P<name>[A-Za-z][\w:-]*)=")(?P<value>[^"]*)(?=")')
_HEADING = re.compile(r"(?<=<h)[1-5](?=[\s>])|(?<=</h)[1-5](?=>)")
_SOLUTION = re.compile(r'<details class="rf-solution">\s*<summary>[^<]*</summary>(.*?)</details>', re.DOTALL)
_EXERCISE = re.compile(r'<div class="rf-exercise[^"]*" id="([^"]*)">')
_FIRST_HEADING = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|/", re.IGNORECASE)
_NAMES = {"id", "for", "headers", "aria-labelledby", "aria-describedby", "aria-controls"}
"""The attributes that hold ids, one or several."""
_LINKS = {"href", "xlink:href", "src"}
_LEFT_OUT = re.compile(r'\shidden(?=[\s/>]|$)|\sclass="headerlink"')
_REACHED = ('<div class="table-wrapper ', '<div tabindex="0" role="group" aria-label="table" class="table-wrapper ')
"""What a theme puts around a table so that it scrolls, and the same for the keyboard."""
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """A page as it was written: its document, its address on the site, and its content as HTML."""

    document: str
    address: str
    body: str

    @property
    def prefix(self) -> str:
        """What its ids begin with on a page that has others beside it."""
        return re.sub(r"[^\w-]+", "-", self.document) + "--"


def one_page(pages: Sequence[WrittenPage], address: str) -> Markup:
    """The pages one after the other, and the answers to their exercises, as they stand on the page at an address."""
    inside = {page.address: page.prefix for page in pages}
    bodies, answers = [], []
    for page in pages:
        body, answered = _answers_apart(_placed(page, inside, address), page.prefix)
        bodies.append(Markup('<div class="rf-chapter" id="{}">\n{}\n</div>\n').format(page.prefix, body))
        answers.extend(answered)
    if answers:
        heading = Markup(
            '<div class="rf-chapter" id="rf-answers">\n<section>\n<h2>Answers</h2>\n{}</section>\n</div>\n'
        )
        bodies.append(heading.format(Markup("").join(answers)))
    return Markup("").join(bodies)


def _placed(page: WrittenPage, inside: Mapping[str, str], address: str) -> str:
    """The page's content without what scripts need, with its headings a level down, and with its ids and links."""
    body = _HEADING.sub(lambda level: str(int(level[0]) + 1), without(page.body, _is_left_out))
    body = body.replace(*_REACHED)

    def attribute(match: re.Match[str]) -> str:
        name, value = match["name"], match["value"]
        if name in _NAMES:
            value = " ".join(page.prefix + one for one in value.split())
        elif name in _LINKS:
            value = address_here(value, page, inside, address)
        elif "url(#" in value:
            value = value.replace("url(#", f"url(#{page.prefix}")
        return match["before"] + value

    return _TAG.sub(lambda tag: tag[0] if tag["close"] else _ATTRIBUTE.sub(attribute, tag[0]), body)


def address_here(link: str, page: WrittenPage, inside: Mapping[str, str], address: str) -> str:
    """Where a link of a page leads from the page at ``address``: into that page, where it has what is meant.

    >>> sees = WrittenPage("guide/sees", "guide/sees.html", "")
    >>> inside = {"guide/sees.html": "guide-sees--"}
    >>> links = "#a", "sees.html#b", "sees.html", "../cli.html"
    >>> [address_here(link, sees, inside, "guide/print.html") for link in links]
    ['#guide-sees--a', '#guide-sees--b', '#guide-sees--', '../cli.html']
    """
    if _ELSEWHERE.match(link):
        return link
    path, _, anchor = link.partition("#")
    target = normpath(join(dirname(page.address), path)) if path else page.address
    if path.endswith("/"):
        target += "/"
    if target in inside:
        return f"#{inside[target]}{anchor}"
    here = relpath(target, dirname(address) or ".") + ("/" if target.endswith("/") else "")
    return f"{here}#{anchor}" if anchor else here


def _is_left_out(tag: re.Match[str]) -> bool:
    return bool(_LEFT_OUT.search(tag["rest"]))


def without(body: str, left_out: Callable[[re.Match[str]], bool]) -> str:
    """HTML without the elements, and all inside them, whose opening tags are left out.

    >>> without('<p>one<b hidden><b>two</b></b></p>', lambda tag: "hidden" in tag["rest"])
    '<p>one</p>'
    """
    kept, place, name, depth = [], 0, "", 0
    for tag in _TAG.finditer(body):
        if name:
            if tag["name"] == name and not tag["rest"].endswith("/"):
                depth += -1 if tag["close"] else 1
            if depth == 0:
                name, place = "", tag.end()
        elif not tag["close"] and left_out(tag):
            kept.append(body[place : tag.start()])
            place = tag.end()
            if tag["name"] not in _VOID and not tag["rest"].endswith("/"):
                name, depth = tag["name"], 1
    return "".join([*kept, "" if name else body[place:]])


def _answers_apart(body: str, prefix: str) -> tuple[Markup, list[Markup]]:
    """The content with links in the places of its answers, and the answers, each with a link to its exercise."""
    heading = _FIRST_HEADING.search(body)
    title = Markup(re.sub(r"<[^>]*>", "", heading[1]).strip() if heading else "")  # noqa: S704 - it was HTML before
    exercises = _EXERCISE.findall(body)
    answers: list[Markup] = []

    def link(solution: re.Match[str]) -> str:
        number = len(answers) + 1
        identifier, exercise = f"{prefix}answer-{number}", exercises[number - 1] if number <= len(exercises) else prefix
        answered = Markup('<div class="rf-answered" id="{}">\n<p><a href="#{}">{}, exercise {}</a></p>\n{}</div>\n')
        text = Markup(solution[1])  # noqa: S704 - it was HTML before
        answers.append(answered.format(identifier, exercise, title, number, text))
        return Markup('<p class="rf-later"><a href="#{}">Answer</a></p>').format(identifier)

    return Markup(_SOLUTION.sub(link, body)), answers  # noqa: S704 - as above
