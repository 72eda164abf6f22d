"""A math renderer for Sphinx: LaTeX becomes MathML while the site is built.

The page needs no script and asks no other host. What `latex2mathml` does not understand, or
would pass through as markup, is a warning at the formula's place (an error in a strict build)
and stands in the page as source, marked.
"""

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from rfdocs.making.formulas import MathError, mathml

logger = logging.getLogger(__name__)

CLASSES = "math notranslate nohighlight"


def formula_markup(node: nodes.math | nodes.math_block, *, block: bool) -> str:
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
    translator.body.append(opening + formula_markup(node, block=False) + "</span>")
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Writes a displayed formula, in a box that scrolls and that the keyboard reaches."""
    reachable = {"role": "group", "aria-label": "formula", "tabindex": "0"}
    opening = translator.starttag(node, "div", "", empty=False, CLASS=CLASSES, **reachable)
    translator.body.append(opening + formula_markup(node, block=True))
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
