"""The small program of the chapter on the arithmetic: what stands on the page is run, and says what the page says."""

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import rfdocs

PAGE = Path(__file__).resolve().parent.parent / "site" / "guide" / "arithmetic.md"


def block(language: str) -> str:
    """The page's only block of a language."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(text)


def test_the_program_prints_what_the_page_says() -> None:
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", block("python")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (block("text"), "")


def test_it_is_small_and_needs_nothing() -> None:
    layers, rest = re.split(r"^\]\n", block("python"), flags=re.MULTILINE)
    assert len(layers.splitlines()) == 1 + len(rfdocs.load("alexnet-guide").network.layers)
    assert len(rest.splitlines()) <= 8
    assert "import" not in block("python")


def test_what_it_prints_are_the_numbers_of_this_site() -> None:
    printed = re.findall(r"^(\S+) +n +(\d+) +j +(\d+) +r +(\d+) +start +([\d.]+)$", block("text"), re.MULTILINE)
    assert len(printed) == len(block("text").splitlines())
    report = rfdocs.load("alexnet-guide").analyze()
    for (name, *values), one in zip(printed, report, strict=True):
        expected = (one.name, one.size[0], one.jump[0], one.receptive_field[0], one.start[0])
        assert (name, *map(Fraction, values)) == expected


def test_the_pixels_of_a_unit_follow_from_the_four_numbers() -> None:
    for one in rfdocs.load("alexnet-guide").analyze():
        start, jump, field = one.start[0], one.jump[0], one.axes[0].field
        assert start is not None
        assert jump is not None
        for unit in range(one.size[0]):
            first = start + unit * jump - Fraction(one.receptive_field[0], 2)
            own = field.at(unit)
            assert own is not None
            assert list(map(Fraction, own)) == [first, first + one.receptive_field[0] - 1]
