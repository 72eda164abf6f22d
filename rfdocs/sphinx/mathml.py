"""A math renderer for Sphinx: LaTeX becomes MathML while the site is built.

The page needs no script and asks no other host. What `latex2mathml` does not understand, or
would pass through as markup, is a warning at the formula's place (an error in a strict build)
and stands in the page as source, marked.
"""

import re
from functools import lru_cache
from xml.etree import ElementTree as ET

from docutils import nodes
from latex2mathml.converter import convert
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

CLASSES = "math notranslate nohighlight"

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


class MathError(ValueError):
    """A formula that cannot be shown as MathML."""


ARITY = dict.fromkeys(["mfrac", "mroot", "msub", "msup", "munder", "mover"], 2) | dict.fromkeys(
    ["msubsup", "munderover"], 3
)


@lru_cache(maxsize=1024)
def mathml(latex: str, *, block: bool = False) -> str:
    r"""The MathML element of a formula, nothing in it but MathML.

    >>> mathml("r = 1")
    '<math display="inline"><mrow><mi>r</mi><mo>=</mo><mn>1</mn></mrow></math>'

    Raises:
        MathError: the formula is malformed, or uses what cannot be converted.
    """
    root = parsed(converted(latex, block=block))
    for element in root.iter():
        clean(element)
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def converted(latex: str, *, block: bool) -> str:
    """What `latex2mathml` makes of a formula; `aligned` is `split` to it."""
    known = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{split}", latex)
    try:
        return convert(known, display="block" if block else "inline")
    except Exception as error:  # its exceptions share no base, and some are IndexError and the like
        raise MathError(f"{type(error).__name__.removesuffix('Error')}: {latex!r}") from error


def parsed(text: str) -> ET.Element:
    """The element that a text holds."""
    try:
        return ET.fromstring(text)  # noqa: S314 - begins with <math>: no document type, no entities
    except ET.ParseError as error:
        raise MathError(f"a bare &, < or > where none can stand ({error})") from error


def clean(element: ET.Element) -> None:
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


def rendered(node: nodes.math | nodes.math_block, *, block: bool) -> str:
    """The markup of a formula's node; its source, marked, where it cannot be converted."""
    latex = node.astext()
    try:
        return mathml(latex, block=block)
    except MathError as error:
        logger.warning("math: %s", error, location=node, type="rfdocs", subtype="math")
        return str(Markup('<code class="math-error">{}</code>').format(latex))


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Writes a formula in a line of text."""
    opening = translator.starttag(node, "span", "", CLASS=CLASSES)
    translator.body.append(opening + rendered(node, block=False) + "</span>")
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Writes a displayed formula, in a box that scrolls and that the keyboard reaches."""
    reachable = {"role": "group", "aria-label": "formula", "tabindex": "0"}
    opening = translator.starttag(node, "div", "", empty=False, CLASS=CLASSES, **reachable)
    translator.body.append(opening + rendered(node, block=True))
    if node.get("number"):
        translator.body.append(str(Markup('<span class="eqno">({})').format(node["number"])))
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Registers the renderer `mathml`; choose it by `html_math_renderer = "mathml"`."""
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(visit_inline, None),
        block_renderers=(visit_block, None),
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
