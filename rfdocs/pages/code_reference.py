"""What the documentation says of each code of a problem: a file that has it, the message, the file mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rfdocs.catalogue.check import family_problems, missing_key_problems
from rfdocs.catalogue.codes import CODES
from rfdocs.catalogue.family import Family
from rfdocs.language.problems import Problem
from rfdocs.pages.content import Words
from rfdocs.pages.format_reference import words_with_code

#: The name of the examples' file in their messages.
FILE = "net.yaml"


class Example(NamedTuple):
    """A source as it stands in the documentation; ``language`` says what colours it."""

    words: str
    source: str
    language: str


class CodeSection(NamedTuple):
    """One code with its examples."""

    title: str
    identifier: str
    paragraph: Words
    examples: tuple[Example, ...]


def code_sections() -> Iterator[CodeSection]:
    """Every code in the order of their names.

    >>> next(code_sections()).title
    'analysis: a layer cannot be applied'
    """
    for name in sorted(CODES):
        code = CODES[name]
        title = f"{name}: {code.title[0].lower()}{code.title[1:]}"
        yield CodeSection(title, f"code-{name}", words_with_code(code.paragraph), tuple(_examples(name)))


def _examples(name: str) -> Iterator[Example]:
    code = CODES[name]
    yield _example("With the problem:", code.bad)
    if message := message_text(name):
        yield Example("The message:", message, "text")
    yield _example("Corrected:", code.good)


def _example(words: str, source: str) -> Example:
    """A file, or a command line."""
    if source.startswith("rfdocs "):
        return Example(words, f"$ {source.replace('{catalogue}', 'architectures')}\n", "console")
    return Example(words, source, "yaml")


def message_text(name: str) -> str:
    """What the check says of a code's bad file, one problem after the other; nothing where that takes more than a file.

    >>> print(message_text("inputs"))
    net.yaml:4:5: layers[1]: 'add1' reads one layer; add wants two or more [inputs]
      hint: write branches, `{name: sum, add: [[...], []]}`, or `{add: sum, from: [a, b]}`
    """
    source = CODES[name].bad
    if source.startswith("rfdocs "):
        return ""
    return "\n".join(str(problem) for problem in _problems(source) if problem.code == name)


def _problems(source: str) -> Iterator[Problem]:
    family = Family(FILE, FILE.partition(".")[0], source.encode())
    yield from family_problems(family)
    entries, problems = family.entries_and_problems()
    if not problems:
        yield from missing_key_problems(family, entries)
