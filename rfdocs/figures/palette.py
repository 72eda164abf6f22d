"""Colours by what they mean, for light pages, dark pages and print.

The accents are Okabe and Ito's, which people with any colour vision tell apart; each stands out from its ground by at
least 3 : 1, and meaning never hangs on colour alone: lines also differ in their dashes, and each is named.
Source: Okabe and Ito 2008, "Color Universal Design"; WCAG 2.2, 1.4.11.
"""

from __future__ import annotations

from typing import NamedTuple


class Color(NamedTuple):
    """One role: its colour on a light and on a dark ground, and what follows the theme of a page."""

    light: str
    dark: str
    themed: str


def _accent(number: int, light: str, dark: str) -> Color:
    return Color(light, dark, f"var(--rf-accent-{number},{light})")


INK = Color("#1f2328", "#e6edf3", "currentColor")
BLUE = _accent(1, "#0072b2", "#56b4e9")
RED = _accent(2, "#d55e00", "#e69f00")
GREEN = _accent(3, "#008f68", "#12b886")
PINK = _accent(4, "#b9609a", "#cc79a7")

ACCENTS = (BLUE, RED, GREEN, PINK)
COLORS = (INK, *ACCENTS)
LIGHT_GROUND, DARK_GROUND = "#ffffff", "#131416"


def luminance(color: str) -> float:
    """The relative luminance of ``#rrggbb``, 0 for black to 1 for white. Source: WCAG 2.2.

    >>> luminance("#ffffff"), luminance("#000000")
    (1.0, 0.0)
    """
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21. Source: WCAG 2.2.

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)
