"""Formulas: LaTeX becomes MathML while the site is made, so that a page needs no script and asks no other host."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree import ElementTree as ET

from rfdocs.errors import RfdocsError
from rfdocs.extras import needed

with needed("every formula", "sphinx"):
    from latex2mathml.converter import convert

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"

ELEMENTS = frozenset(
    "math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub "
    "msubsup msup mtable mtd mtext mtr munder munderover".split()
)
ATTRIBUTES = frozenset(
    "accent columnalign columnlines columnspacing depth display displaystyle fence form height "
    "largeop linebreak linethickness lspace mathvariant maxsize minsize movablelimits notation "
    "rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset width".split()
)


class MathError(RfdocsError, ValueError):
    """A formula that cannot be shown as MathML."""


ARITY = dict.fromkeys(["mfrac", "mroot", "msub", "msup", "munder", "mover"], 2) | dict.fromkeys(
    ["msubsup", "munderover"], 3
)


@lru_cache(maxsize=1024)
def mathml(latex: str, *, block: bool = False) -> str:
    r"""The MathML element of a formula, nothing in it but MathML.

    >>> mathml("r = 1")
    '<math display="inline"><mrow><mi>r</mi><mo>=</mo><mn>1</mn></mrow></math>'
    >>> "msup" in mathml("k'"), "msup" in mathml("k^2")
    (False, True)

    Raises:
        MathError: the formula is malformed, or uses what cannot be converted.
    """
    root = parsed_element(mathml_text(latex, block=block))
    for element in root.iter():
        check_element(element)
        _lower_prime(element)
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def _lower_prime(element: ET.Element) -> None:
    """Sets a prime beside its letter: fonts that are none for mathematics have it raised already."""
    if element.tag.removeprefix(NAMESPACE) == "msup" and element[1].text == "′":
        element.tag = element.tag.replace("msup", "mrow")
        element[1].tag = element[1].tag.replace("mi", "mo")
        element[1].attrib.update(lspace="0", rspace="0", form="postfix")


def mathml_text(latex: str, *, block: bool) -> str:
    """What `latex2mathml` makes of a formula; `aligned` is `split` to it."""
    supported = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{split}", latex)
    try:
        return convert(supported, display="block" if block else "inline")
    except Exception as error:  # its exceptions share no base, and some are IndexError and the like
        raise MathError(f"{type(error).__name__.removesuffix('Error')}: {latex!r}") from error


def parsed_element(text: str) -> ET.Element:
    """The element that a text holds."""
    try:
        return ET.fromstring(text)  # noqa: S314 - begins with <math>: no document type, no entities
    except ET.ParseError as error:
        raise MathError(f"a bare &, < or > where none can stand ({error})") from error


def check_element(element: ET.Element) -> None:
    """Nothing; leaves the element's name without its namespace, or refuses the element."""
    name, text = element.tag.removeprefix(NAMESPACE), element.text or ""
    if name not in ELEMENTS:
        raise MathError(f"<{name}> is no element of a formula")
    if foreign := sorted(element.attrib.keys() - ATTRIBUTES):
        raise MathError(f"the attribute {foreign[0]!r} does not belong in a formula")
    if name in ARITY and len(element) != ARITY[name]:
        raise MathError(f"<{name}> has {len(element)} parts and needs {ARITY[name]}")
    if re.search(r"\\\w", text) or (name == "mi" and text in {"{", "}"}):
        raise MathError(f"unknown command or unbalanced brace: {text}")
    element.tag = name
