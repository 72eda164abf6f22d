"""Letters that a text may not hold: those that nobody sees, and those that turn or hide others.

That is what Unicode calls controls, format characters, line and paragraph separators, private use and
default ignorables (version 16; noncharacters and the blank Braille pattern besides). Some are a part of writing, and
allowed where they are one: the joiner between two emoji, the joiners after a virama, the non-joiner between Arabic
letters, a variation selector behind what has variants. The line feed and the tab are white space.
Source: Unicode Standard Annex 44, properties General_Category and Default_Ignorable_Code_Point; RFC 5892, appendix A.
"""

from __future__ import annotations

import re

#: Controls but for the tab and the line feed, separators, private use, noncharacters; UTF-8 has no surrogates.
_CONTROLS = (
    "\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029\\ue000-\\uf8ff\\ufdd0-\\ufdef\\ufffe\\uffff"
    "\\U000f0000-\\U0010ffff"
)
#: Format characters but for the joiners.
_FORMATS = (
    "\\u00ad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e"
    "\\u2060-\\u206f\\ufeff\\ufff0-\\ufffb\\U000110bd\\U000110cd\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3"
    "\\U0001d173-\\U0001d17a\\U000e0000-\\U000e00ff\\U000e01f0-\\U000e0fff"
)
#: Letters and marks that are not seen: fillers of Hangul, vowels of Khmer, the grapheme joiner, the blank of Braille,
#: and variation selectors that nothing here uses.
_BLANKS = "\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u2800\\u3164\\uffa0\\ufe00-\\ufe0d"

_EMOJI = (
    "\\u00a9\\u00ae\\u203c\\u2049\\u2122\\u2139\\u2190-\\u21ff\\u2300-\\u27bf\\u2900-\\u297f\\u2b00-\\u2bff\\u3030"
    "\\u303d\\u3297\\u3299\\U0001f000-\\U0001faff"
)
_VIRAMA = "\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca"
_ARABIC = "\\u0620-\\u064a\\u066e-\\u06d3\\u06fa-\\u06ff\\u0750-\\u077f"
_IDEOGRAPH = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\U00020000-\\U0003ffff"
_MONGOLIAN = "\\u1820-\\u18aa"

#: What finds a letter that a text may not hold.
HIDDEN = (
    "|".join(
        (
            f"[{_CONTROLS}{_FORMATS}{_BLANKS}]",
            f"(?<![{_EMOJI}\\ufe0f{_VIRAMA}])\\u200d",
            f"(?<![{_VIRAMA}])\\u200d(?![{_EMOJI}])",
            f"(?<![{_VIRAMA}{_ARABIC}])\\u200c",
            f"(?<![{_VIRAMA}])\\u200c(?![{_ARABIC}])",
            f"(?<![{_EMOJI}0-9#*])[\\ufe0e\\ufe0f]",
            f"(?<![{_IDEOGRAPH}])[\\U000e0100-\\U000e01ef]",
            f"(?<![{_MONGOLIAN}])[\\u180b-\\u180d\\u180f]",
        )
    )
    .encode()
    .decode("unicode_escape")
)
_HIDDEN = re.compile(HIDDEN)


def hidden_letter(text: str) -> str:
    r"""The first letter of the text that may not be there, in words; nothing where all may.

    >>> [hidden_letter(text) for text in ("a\u00adb", "\U0001f469\u200d\U0001f52c", "a\u200db")]
    ['U+00AD, SOFT HYPHEN', '', 'U+200D, ZERO WIDTH JOINER']
    """
    match = _HIDDEN.search(text)
    return _in_words(match.group()) if match else ""


def _in_words(letter: str) -> str:
    from unicodedata import name  # noqa: PLC0415 - only a text with such a letter pays for it

    letter_name = name(letter, "")
    return f"U+{ord(letter):04X}{', ' if letter_name else ''}{letter_name}"
