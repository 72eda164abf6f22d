"""Every word of the glossary is linked from each chapter that uses it, where it is used first."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parent.parent / "site" / "guide"
NARROW = {
    "start": r"(?<=the )start\b(?! of)",
    "path": r"\b(?<!shortest )(?<!smallest )(?<!spatial )paths?\b",
    "jump": r"\b(?<!to )jumps?\b",
    "context": r"(?<!global )\bcontext\b",
    "aligned": r"\baligned\b(?! corners)",
    "rectifier": r"\brectifiers?\b|\bReLU\b",
}
"""How a word is found that has other meanings, or is part of other words."""
ONLY = {"context": {"border"}, "grid": {"border"}, "activation": {"patches"}, "causal": {"dilation", "convolution"}}
"""The chapters in which a word is the glossary's, where it has other meanings elsewhere."""
HIDDEN = re.compile(
    r"^(`{3,}).*?^\1\s*$|^\$\$.*?^\$\$|^---\n.*?^---$|^#.*?$|^\|.*?$|^:.{0,12}:.*?$|\[[^\]]*\]\([^)]*\)|<https[^>]*>"
    r"|\{[a-z-]+\}`[^`]*`|`[^`]*`|\$[^$\n]+\$|\"[^\"\n]{1,60}\"",
    re.MULTILINE | re.DOTALL,
)
LINK = re.compile(r"\{term\}`(?:[^`<]*<)?([^`<>]+)>?`")


@cache
def terms() -> list[str]:
    """The words of the glossary, those first of which others are part."""
    block = re.search(r"^```\{glossary\}\n(.*?)^```", (GUIDE / "words.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert block is not None
    words = [line for line in block[1].splitlines() if line and not line.startswith(" ")]
    return sorted(words, key=lambda word: (-len(word), word))


def pattern(term: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, term.split()))
    return re.compile(NARROW.get(term, rf"\b{words}(?:e?s)?\b"), re.IGNORECASE)


def first_uses(text: str, chapter: str) -> Iterator[tuple[str, int, int]]:
    """Where words are first used in prose, with where that ends; those linked before are left out."""
    hide = HIDDEN.sub(lambda found: re.sub(r"[^\n]", "\0", found[0]), text)
    linked: dict[str, int] = {}
    for link in LINK.finditer(text):
        linked.setdefault(link[1].strip(), link.start())
    for term in terms():
        if chapter not in ONLY.get(term, {chapter}):
            continue
        if found := pattern(term).search(hide):
            if found.start() < linked.get(term, len(text)):
                yield term, found.start(), found.end()
            hide = pattern(term).sub(lambda use: re.sub(r"[^\n]", "\0", use[0]), hide)


def with_links(text: str, chapter: str) -> str:
    """A chapter with a link from the first use of each word; whoever writes one may use it."""
    for term, start, end in sorted(first_uses(text, chapter), key=lambda use: -use[1]):
        used = " ".join(text[start:end].split())
        role = f"{{term}}`{used}`" if used == term else f"{{term}}`{used} <{term}>`"
        text = text[:start] + role + text[end:]
    return text


CHAPTERS = sorted(path.stem for path in GUIDE.glob("*.md") if path.stem not in {"index", "print", "words"})


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_links_each_word_where_it_is_first_used(chapter: str) -> None:
    text = (GUIDE / f"{chapter}.md").read_text("utf-8")
    if "{term}`" not in text:
        pytest.skip("its words are not linked yet")
    assert [term for term, _, _ in first_uses(text, chapter)] == []


def test_words_are_found_in_prose_alone() -> None:
    text = "# A unit\n\nThe `jump` $j$ of [units](x.md).\n\nA unit has\na receptive field. Units\n\n```\njump\n```\n"
    linked = with_links(text, "sees")
    assert "A {term}`unit` has\na {term}`receptive field`. Units" in linked
    assert linked.count("{term}") == 2
    assert with_links(linked, "sees") == linked
    assert with_links("The transposed convolutions' padding", "sees") == (
        "The {term}`transposed convolutions <transposed convolution>`' {term}`padding`"
    )


def test_the_glossary_is_in_order_and_says_one_sentence_of_each() -> None:
    text = (GUIDE / "words.md").read_text("utf-8")
    entries = re.findall(r"^(\w[^\n]*)\n  ([^\n]*)$", text[: text.index("## Symbols")], re.MULTILINE)
    assert [term for term, _ in entries] == sorted(terms())
    for term, said in entries:
        assert re.fullmatch(r"[^.]*\. \[\]\(\w+\.md\)(; \[definition\]\(\.\./\w+\.md(#[\w-]+)?\))?\.", said), term
