"""The math renderer: what it writes, what it refuses, and that a page shows both."""

import re
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from rfdocs.making.formulas import MathError, mathml

CONFIGURATION = """
extensions = ["rfdocs.sphinx.mathml"]
html_math_renderer = "mathml"
"""


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        (r"n_{\text{out}}", "<msub><mi>n</mi><mrow><mtext>out</mtext></mrow></msub>"),
        (r"\frac{a}{2}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mn>2</mn></mrow></mfrac>"),
        (r"\{ 1 \}", "<mn>1</mn>"),
        (r"a < b", "<mo>&lt;</mo>"),
        (r"\left\lfloor x \right\rfloor", "⌊"),
    ],
)
def test_formulas_become_mathml(latex: str, part: str) -> None:
    assert part in mathml(latex)


def test_aligned_is_a_table_with_one_row_per_line() -> None:
    assert mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}").count("<mtr>") == 2


def test_display_mode_is_said() -> None:
    assert mathml("x", block=True).startswith('<math display="block">')
    assert mathml("x").startswith('<math display="inline">')


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        ("", "NoAvailableTokens"),
        ("x^{", "MissingSuperScriptOrSubscript"),
        ("a^b^c", "DoubleSuperscripts"),
        (r"\left( x", "ExtraLeftOrMissingRight"),
        (r"\frac{1}", "<mfrac> has 1 parts and needs 2"),
        ("a }", "unbalanced brace: }"),
        (r"\nonsense x", r"unknown command or unbalanced brace: \nonsense"),
        (r"\text{a & b}", "a bare &, < or >"),
        (r"\text{<script>alert(1)</script>}", "<script> is no element of a formula"),
        (r"\href{https://example.org}{x}", "the attribute 'href' does not belong"),
    ],
)
def test_what_is_not_a_formula_is_refused(latex: str, message: str) -> None:
    with pytest.raises(MathError, match=re.escape(message)):
        mathml(latex)


@pytest.fixture
def page(tmp_path: Path) -> "PageBuilder":
    return PageBuilder(tmp_path)


class PageBuilder:
    """Builds one page of reStructuredText; keeps the warnings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings = ""

    def __call__(self, text: str) -> str:
        (self.folder / "conf.py").write_text(CONFIGURATION, "utf-8")
        (self.folder / "index.rst").write_text(f"Title\n=====\n\n{text}\n", "utf-8")
        app = SphinxTestApp("html", srcdir=self.folder)
        try:
            app.build()
            self.warnings = app.warning.getvalue()
            return (Path(app.outdir) / "index.html").read_text("utf-8")
        finally:
            app.cleanup()


def test_a_page_shows_inline_and_numbered_formulas(page: PageBuilder) -> None:
    html = page("Text :math:`r = 1`.\n\n.. math:: j = 2\n   :label: jump\n")
    assert html.count("<math ") == 2
    assert '<span class="eqno">(1)<a class="headerlink" href="#equation-jump"' in html
    assert 'id="equation-jump"' in html
    assert page.warnings == ""


def test_a_page_asks_no_script_for_its_math(page: PageBuilder) -> None:
    assert "mathjax" not in page(".. math:: j = 2\n").lower()


def test_a_bad_formula_warns_at_its_line_and_stands_in_the_page_as_text(page: PageBuilder) -> None:
    html = page(r"Text :math:`\text{<script>alert(1)</script>}`." + "\n")
    assert '<code class="math-error">\\text{&lt;script&gt;alert(1)' in html
    assert "index.rst:4: WARNING: math: <script> is no element of a formula" in page.warnings
