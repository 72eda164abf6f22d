"""What the pages say that the commands answer is what they answer, and their Python does what they say.

In a ``console`` block ``$ rfdocs ...`` is run in a folder that holds the page's files: its ``yaml`` blocks whose first
line is a comment with a file's name, and what its ``python`` blocks make that begin with ``# makes``. What follows is
what the command writes, results first, then diagnostics. A line ``...`` stands for any lines, and ``...`` at a line's
end for its rest; how wide the gaps between columns are does not matter, for they grow with the catalogue.
``$ echo $?`` asks for the last status.
"""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from rfdocs.cli import main

SITE = Path(__file__).resolve().parent.parent / "site"
BLOCK = re.compile(r"^```(?P<language>[a-z]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"# (?P<name>[a-z-]+\.yaml)\n")
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.md"))


def blocks(page: str, language: str) -> list[str]:
    found = BLOCK.finditer((SITE / page).read_text("utf-8"))
    return [block["text"] for block in found if block["language"] == language]


def write_files(page: str) -> None:
    for text in blocks(page, "yaml"):
        if name := NAME.match(text):
            Path(name["name"]).write_text(text, "utf-8")
    for text in blocks(page, "python"):
        if text.startswith("# makes "):
            exec(text, {})


def steps(page: str) -> list[tuple[str, str]]:
    """Every command of a page with what it is said to answer."""
    parts = [part for text in blocks(page, "console") for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]
    return [(command, answer) for command, _, answer in (part.partition("\n") for part in parts)]


def pattern(answer: str) -> str:
    """A regular expression for an answer with gaps."""
    lines = [r"(?:.*\n)*" if line == "..." else line_pattern(line) for line in answer.splitlines()]
    return "".join(lines)


def line_pattern(line: str) -> str:
    rest = ".*" if line.endswith("...") else ""
    return re.sub(r"(?:\\ ){2,}", " {2,}", re.escape(line.removesuffix("..."))) + rest + r"\n"


def answered(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    program, *arguments = shlex.split(command)
    assert program == "rfdocs"
    status = main(arguments)
    said = capsys.readouterr()
    return status, said.out + said.err if status == 0 or "check" not in arguments else said.err + said.out


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "console")])
def test_commands_answer_as_the_page_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(page)
    status = 0
    for command, answer in steps(page):
        if command == "echo $?":
            assert answer == f"{status}\n"
            continue
        status, said = answered(command, capsys)
        assert re.fullmatch(pattern(answer), said), f"$ {command}\n{said}"


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "pycon")])
def test_python_does_what_the_page_says(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(page)
    text = "\n".join(blocks(page, "pycon"))
    example = doctest.DocTestParser().get_doctest(text, {}, page, str(SITE / page), 0)
    outcome = doctest.DocTestRunner(verbose=False).run(example)
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_an_answer_that_differs_is_noticed() -> None:
    assert re.fullmatch(pattern("a  b\n...\nend ...\n"), "a     b\nx\ny\nend of it\n")
    assert not re.fullmatch(pattern("a  b\n"), "a  c\n")
    assert not re.fullmatch(pattern("a  b\n"), "a b\n")


def test_the_pages_have_examples() -> None:
    assert len(steps("cli.md")) > 10
    assert blocks("cli.md", "pycon")
