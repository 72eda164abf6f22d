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

#: One colour for each kind of layer, in every figure that tells them apart.
CONVOLUTION, POOLING, UPSAMPLING, MERGE, OTHER = BLUE, GREEN, PINK, RED, INK

LIGHT_GROUND, DARK_GROUND = "#ffffff", "#131416"
