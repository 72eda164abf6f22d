"""Texts of a file: what nobody sees is refused, what writing needs is not, by Unicode's own properties."""

import re
import sys
import unicodedata

import pytest

from rfdocs.language.letters import HIDDEN, hidden_letter
from rfdocs.language.values import TEXT_RULE, Refused

UNSEEN = {"Cc", "Cf", "Co", "Zl", "Zp"}
IGNORABLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)}
"""Default ignorables that are letters or marks (variation selectors of plane 14 aside)."""
SUPPLEMENT = range(0xE0000, 0xE1000)
WHITE = "\t\n"


def unseen(letter: str) -> bool:
    """Whether Unicode says of a letter that it is not there to be seen; unassigned ones are not told."""
    place = ord(letter)
    ignorable = place in IGNORABLE or place in SUPPLEMENT or place == 0x2800
    return (unicodedata.category(letter) in UNSEEN or ignorable) and letter not in WHITE


def test_every_letter_by_itself_is_refused_just_where_nobody_sees_it() -> None:
    pattern = re.compile(HIDDEN)
    assigned = (chr(place) for place in range(sys.maxunicode + 1) if unicodedata.category(chr(place)) != "Cn")
    wrong = [f"U+{ord(letter):04X}" for letter in assigned if bool(pattern.search(letter)) is not unseen(letter)]
    assert wrong == []


@pytest.mark.parametrize(
    "letter",
    ["\u061c", "\u00ad", "\u3164", "\u180e", "\ufff9", "\U000e0041", "\u200b", "\u202e", "\u2066", "\ufeff", "\ue000",
     "\u034f", "\u2800", "\ufe0f", "\U000e0100", "\u200d", "\u200c", "\u2028", "\u0085", "\x1b"],
)  # fmt: skip
def test_an_invisible_letter_between_others_is_refused_by_name(letter: str) -> None:
    with pytest.raises(Refused, match="invisible") as refused:
        TEXT_RULE.check(f"Res{letter}Net")
    assert f"U+{ord(letter):04X}" in refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f469\u200d\U0001f52c",  # a woman and a microscope: a scientist
        "\U0001f3f3\ufe0f\u200d\U0001f308",  # a flag with a variation selector, and a rainbow
        "\U0001f468\U0001f3fd\u200d\U0001f4bb",  # a skin tone before the joiner
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
        "1\ufe0f\u20e3 \u2764\ufe0f \u00a9\ufe0f",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a non-joiner
        "\u0d28\u0d4d\u200d",  # Malayalam, a joiner behind a virama
        "\u908a\U000e0101",  # an ideograph's variant, as in a name
        "\u1820\u180b",
        "Ma\u0301rta, Łukasz, 何恺明, Ö. Çiçek, \u05e2\u05d1\u05e8\u05d9\u05ea",
        "3\u00a0\u00d7\u00a03 \u2013 \u03b1\u2032",
    ],
)  # fmt: skip
def test_what_writing_needs_is_allowed(text: str) -> None:
    assert hidden_letter(text) == ""
    assert TEXT_RULE.check(text) == " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    ["\u2764\ufe0f\ufe0f", "\U0001f469\u200d", "\u200d\U0001f469", "\U0001f469\u200d\u200d\U0001f52c", "a\u200cb"],
)
def test_a_joiner_that_joins_nothing_is_refused(text: str) -> None:
    assert hidden_letter(text) != ""
