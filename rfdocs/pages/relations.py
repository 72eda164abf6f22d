"""The relations of convolution arithmetic: the size of what a window makes, from the window and what it slides over.

Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning", relations 1 to 15.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from rfdocs.errors import UnknownName


class Setting(NamedTuple):
    """One axis: the input's units ``i``, kernel ``k``, stride ``s``, padding ``p`` on both sides, dilation ``d``.

    Of a transposed convolution ``i`` is its own input, the others are those of the convolution that it transposes, and
    ``a`` are the units added at the end.
    """

    i: int
    k: int
    s: int = 1
    p: int = 0
    d: int = 1
    a: int = 0


class Relation(NamedTuple):
    """One relation: its number in the paper, what it is about, where it holds, and the size that it gives.

    ``where`` and ``formula`` are LaTeX; ``holds`` and ``size`` say the same to the program, where the padding ``p'``
    behind the input is ``p``.
    """

    number: int
    about: str
    where: str
    formula: str
    holds: Callable[[Setting], bool]
    size: Callable[[Setting], int]

    @property
    def transposed(self) -> bool:
        """Whether it is about a transposed convolution."""
        return 8 <= self.number <= 14


def _unit(w: Setting) -> bool:
    """A window that moves by one unit, without holes."""
    return w.s == w.d == 1 and not w.a


def _plain(w: Setting) -> bool:
    """A window without holes."""
    return w.d == 1 and not w.a


RELATIONS = {
    relation.number: relation
    for relation in (
        Relation(
            1, "no padding, unit strides", r"s = 1,\; p = p' = 0,\; d = 1", r"o = (i - k) + 1",
            lambda w: _unit(w) and not w.p, lambda w: w.i - w.k + 1,
        ),
        Relation(
            2, "padding, unit strides", r"s = 1,\; p = p',\; d = 1", r"o = (i - k) + 2p + 1",
            _unit, lambda w: w.i - w.k + 2 * w.p + 1,
        ),
        Relation(
            3, "half padding", r"s = 1,\; p = p',\; k = 2p + 1,\; d = 1", r"o = i",
            lambda w: _unit(w) and w.k == 2 * w.p + 1, lambda w: w.i,
        ),
        Relation(
            4, "full padding", r"s = 1,\; p = p' = k - 1,\; d = 1", r"o = i + (k - 1)",
            lambda w: _unit(w) and w.p == w.k - 1, lambda w: w.i + w.k - 1,
        ),
        Relation(
            5, "no padding, strides", r"p = p' = 0,\; d = 1", r"o = \lfloor (i - k) / s \rfloor + 1",
            lambda w: _plain(w) and not w.p, lambda w: (w.i - w.k) // w.s + 1,
        ),
        Relation(
            6, "padding and strides", r"p = p',\; d = 1", r"o = \lfloor (i + 2p - k) / s \rfloor + 1",
            _plain, lambda w: (w.i + 2 * w.p - w.k) // w.s + 1,
        ),
        Relation(
            7, "pooling", r"p = p' = 0,\; d = 1", r"o = \lfloor (i - k) / s \rfloor + 1",
            lambda w: _plain(w) and not w.p, lambda w: (w.i - w.k) // w.s + 1,
        ),
        Relation(
            8, "transposed: no padding, unit strides", r"s = 1,\; p = p' = 0,\; d = 1,\; a = 0", r"o = i + (k - 1)",
            lambda w: _unit(w) and not w.p, lambda w: w.i + w.k - 1,
        ),
        Relation(
            9, "transposed: padding, unit strides", r"s = 1,\; p = p',\; d = 1,\; a = 0", r"o = i + (k - 1) - 2p",
            _unit, lambda w: w.i + w.k - 1 - 2 * w.p,
        ),
        Relation(
            10, "transposed: half padding", r"s = 1,\; p = p',\; k = 2p + 1,\; d = 1,\; a = 0", r"o = i",
            lambda w: _unit(w) and w.k == 2 * w.p + 1, lambda w: w.i,
        ),
        Relation(
            11, "transposed: full padding", r"s = 1,\; p = p' = k - 1,\; d = 1,\; a = 0", r"o = i - (k - 1)",
            lambda w: _unit(w) and w.p == w.k - 1, lambda w: w.i - (w.k - 1),
        ),
        Relation(
            12, "transposed: no padding, strides", r"p = p' = 0,\; d = 1,\; a = 0", r"o = s\,(i - 1) + k",
            lambda w: _plain(w) and not w.p, lambda w: w.s * (w.i - 1) + w.k,
        ),
        Relation(
            13, "transposed: padding and strides", r"p = p',\; d = 1,\; a = 0", r"o = s\,(i - 1) + k - 2p",
            _plain, lambda w: w.s * (w.i - 1) + w.k - 2 * w.p,
        ),
        Relation(
            14, "transposed: units added", r"p = p',\; d = 1,\; a < s", r"o = s\,(i - 1) + a + k - 2p",
            lambda w: w.d == 1 and w.a < w.s, lambda w: w.s * (w.i - 1) + w.a + w.k - 2 * w.p,
        ),
        Relation(
            15, "dilation", r"p = p'", r"o = \lfloor (i + 2p - k - (k - 1)(d - 1)) / s \rfloor + 1",
            lambda w: not w.a, lambda w: (w.i + 2 * w.p - w.k - (w.k - 1) * (w.d - 1)) // w.s + 1,
        ),
    )
}  # fmt: skip
"""All relations by their numbers."""


class GeneralForm(NamedTuple):
    """What all relations of a kind come to, with the padding ``p'`` behind the input: what it is about, where it holds
    and its formula as LaTeX, and the size that it gives for a setting and ``p'``.
    """

    about: str
    where: str
    formula: str
    size: Callable[[Setting, int], int]


SLIDING_FORM = GeneralForm(
    "any window that slides",
    r"d(k - 1) + 1 \le i + p + p'",
    r"o = \lfloor (i + p + p' - d(k - 1) - 1) / s \rfloor + 1",
    lambda w, behind: (w.i + w.p + behind - w.d * (w.k - 1) - 1) // w.s + 1,
)
TRANSPOSED_FORM = GeneralForm(
    "any transposed one",
    r"a < \max(s, d),\; o \ge 1",
    r"o = s(i - 1) + d(k - 1) + 1 - p - p' + a",
    lambda w, behind: w.s * (w.i - 1) + w.d * (w.k - 1) + 1 - w.p - behind + w.a,
)
#: The relations of each operation, those that say most of a window first; where none holds, the general form does.
OF_OPERATION: dict[str, tuple[int, ...]] = {
    "conv": (1, 3, 4, 2, 5, 6, 15),
    "transposed_conv": (8, 10, 11, 9, 12, 13, 14),
    "maxpool": (7,),
    "avgpool": (7,),
}
_LETTER = re.compile(r"p\N{PRIME}|[ikspda](?!\w)")
_PLAIN = ((r"\lfloor ", "⌊"), (r" \rfloor", "⌋"), (r"\,", ""), ("-", "\N{MINUS SIGN}"), ("'", "\N{PRIME}"))


def general_form(operation: str) -> GeneralForm:
    """That which holds for every window of an operation."""
    return TRANSPOSED_FORM if operation == "transposed_conv" else SLIDING_FORM


def plain_formula(formula: str) -> str:
    r"""A formula as plain text.

    >>> print(plain_formula(r"o = \lfloor (i + 2p - k) / s \rfloor + 1"))
    o = ⌊(i + 2p − k) / s⌋ + 1
    """
    for latex, plain in _PLAIN:
        formula = formula.replace(latex, plain)
    return formula


def template(formula: str) -> str:
    r"""What stands right of the sign in a formula, as plain text with every product dotted: for numbers to be put in.

    >>> print(template(r"o = s\,(i - 1) + k - 2p"))
    s·(i − 1) + k − 2·p
    """
    _, _, right = plain_formula(formula).partition(" = ")
    return re.sub(r"(?<=[\w)])(?=[a-z(])", "·", right)


def put_in(formula: str, setting: Setting, behind: int) -> str:
    r"""The template with a setting's numbers, and the padding behind the input, in the place of its letters.

    >>> print(put_in(r"o = s\,(i - 1) + k - 2p", Setting(i=3, k=3, s=2, p=1), 1))
    2·(3 − 1) + 3 − 2·1
    """
    numbers = {**setting._asdict(), "p\N{PRIME}": behind}
    return _LETTER.sub(lambda letter: str(numbers[letter[0]]), template(formula))


def relation(number: int) -> Relation:
    """One by its number.

    >>> relation(6).size(Setting(i=5, k=3, s=2, p=1))
    3

    Raises: UnknownName.
    """
    if number not in RELATIONS:
        raise UnknownName("relation", str(number), [str(known) for known in RELATIONS])
    return RELATIONS[number]


def setting_text(setting: Setting) -> str:
    """The setting in words, without what is usual.

    >>> setting_text(Setting(i=5, k=3, s=2, p=1))
    'i = 5, k = 3, s = 2, p = 1'
    """
    usual = Setting(0, 0)
    pairs = zip(setting._fields, setting, usual, strict=True)
    return ", ".join([f"{name} = {value}" for name, value, least in pairs if value != least])
