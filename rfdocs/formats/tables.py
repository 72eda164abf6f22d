"""Tables that people read: aligned text, markdown and LaTeX, all from the same cells."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from html import escape
from typing import NamedTuple

from rfdocs.formats.columns import COLUMNS, Shown, cells, shown_columns
from rfdocs.formats.numbers import THOUSANDS, by_axis, text_number
from rfdocs.graph import Report
from rfdocs.operators import Bound

_LEGEND = "field, jump and start in input pixels, pixel 0 centred at 0.5"
_GATED = "all along the spatial path; gate: through gates its units see more, as a rule the whole image"
#: What is said where some fields are bounds.
BOUNDED = "field is: at most or at least so large, where what units read is not known, or depends on the image"


class Table(NamedTuple):
    """Cells under their headings; ``words`` are the places of the columns whose cells stand to the left."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: Container[int] = (0,)


def layers_table(report: Report, thousands: str = THOUSANDS) -> Table:
    """The layers' values as people read them."""
    columns = list(shown_columns(COLUMNS.values(), Shown.TEXT, report))
    rows = zip(*(cells(column, report, thousands) for column in columns), strict=True)
    words = [place for place, column in enumerate(columns) if not column.numeric]
    return Table([column.heading for column in columns], list(map(list, rows)), words)


def headline(identifier: str, report: Report) -> str:
    """What the network is, in one line."""
    counts = f"{text_number(report.parameters)} parameters, {text_number(report.macs)} multiply-accumulates"
    image = by_axis((report.network.input_channels, *report.input_size))
    return f"{printable(identifier)}, image {image}: {counts}, depth {report.depth}"


def legend(report: Report) -> str:
    """What the numbers mean, in one line, and in others what gates add and that some fields are bounds."""
    gates = f"\n{_GATED}" if any(layer.global_context for layer in report) else ""
    bounds = f"\n{BOUNDED}" if any(layer.bound is not Bound.EXACT for layer in report) else ""
    return f"{units_legend(report)}{gates}{bounds}"


def units_legend(*reports: Report) -> str:
    """What the numbers mean."""
    axes = "; one number stands for all axes" if any(report.network.axes > 1 for report in reports) else ""
    return f"{_LEGEND}{axes}"


def table_text(identifier: str, report: Report) -> str:
    """The table for a terminal."""
    return f"{headline(identifier, report)}\n\n{aligned(layers_table(report))}\n{legend(report)}\n"


def table_markdown(identifier: str, report: Report) -> str:
    """The table as markdown."""
    return f"{markdown_escaped(headline(identifier, report))}\n\n{markdown(layers_table(report))}"


def table_html(identifier: str, report: Report) -> str:
    """The table as a notebook shows it."""
    return f"<p>{escaped(headline(identifier, report))}</p>{html(layers_table(report))}<p>{legend(report)}</p>"


def table_latex(identifier: str, report: Report) -> str:
    r"""The table as LaTeX; it needs ``\usepackage{booktabs}``."""
    head = f"% {headline(identifier, report)}\n% needs \\usepackage{{booktabs}}\n"
    return head + latex(layers_table(report, "\N{THIN SPACE}"))


def aligned(table: Table) -> str:
    """The table in columns of equal width.

    >>> print(aligned(Table(["layer", "field"], [["conv1", "11"], ["pool1", "19"]])), end="")
    layer  field
    conv1     11
    pool1     19
    """
    lines = [table.headings, *[[printable(text) for text in row] for row in table.rows]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join([_aligned(line, widths, table.words) for line in lines])


def _aligned(line: Sequence[str], widths: Sequence[int], words: Container[int]) -> str:
    placed = enumerate(zip(line, widths, strict=True))
    texts = [text.ljust(width) if place in words else text.rjust(width) for place, (text, width) in placed]
    return "  ".join(texts).rstrip() + "\n"


def markdown(table: Table) -> str:
    r"""The table as a pipe table.

    >>> print(markdown(Table(["layer", "field"], [["a|b", "11"]])), end="")
    | layer | field |
    | --- | ---: |
    | a\|b | 11 |
    """
    rules = ["---" if place in table.words else "---:" for place in range(len(table.headings))]
    rows = [[markdown_escaped(text) for text in row] for row in table.rows]
    return "".join([f"| {' | '.join(row)} |\n" for row in (table.headings, rules, *rows)])


_MARKDOWN = re.compile(r"[\\`*<>\[\]|&~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")


def markdown_escaped(text: str) -> str:
    r"""The text, with everything that markdown would take for markup escaped.

    >>> markdown_escaped("a_b *c* |<d>")
    'a_b \\*c\\* \\|\\<d\\>'
    """
    return _MARKDOWN.sub(lambda match: "\\" + match.group(), printable(text))


def html(table: Table) -> str:
    """The table as an HTML element; a row is headed by its first cell.

    >>> html(Table(["layer", "field"], [["<a>", "11"]]))
    '<table><tr><th>layer</th><th>field</th></tr><tr><th>&lt;a&gt;</th><td>11</td></tr></table>'
    """
    rows = [_html_row(table.headings, "th"), *[_html_row(row, "td") for row in table.rows]]
    return f"<table>{''.join(rows)}</table>"


def _html_row(row: Sequence[str], kind: str) -> str:
    cells = "".join([f"<{kind}>{escaped(text)}</{kind}>" for text in row[1:]])
    return f"<tr><th>{escaped(row[0])}</th>{cells}</tr>"


def escaped(text: str) -> str:
    """The text as HTML and XML may hold it, in an element or an attribute: no markup, no control characters.

    >>> escaped('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return escape(printable(text))


def latex(table: Table) -> str:
    """The table as a LaTeX tabular with booktabs' rules."""
    alignment = "".join("l" if place in table.words else "r" for place in range(len(table.headings)))
    head = f"\\begin{{tabular}}{{{alignment}}}\n\\toprule\n{_latex_row(table.headings)}\\midrule\n"
    return f"{head}{''.join(map(_latex_row, table.rows))}\\bottomrule\n\\end{{tabular}}\n"


def _latex_row(row: Sequence[str]) -> str:
    return " & ".join(map(latex_escaped, row)) + r" \\" + "\n"


_LATEX = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "×": r"$\times$",
    "–": "--",
    "\N{THIN SPACE}": r"\,",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}


def latex_escaped(text: str) -> str:
    r"""The text, with everything that LaTeX would take for a command escaped.

    >>> latex_escaped("100 % of a_b\\c")
    '100 \\% of a\\_b\\textbackslash{}c'
    """
    return "".join([_LATEX.get(letter, letter) for letter in printable(text)])


def printable(text: str) -> str:
    r"""The text with a ``?`` for every control character: it stays on its line and leaves the terminal alone.

    >>> printable("red\x1b[31m\n")
    'red?[31m?'
    """
    if text.isprintable():
        return text
    return "".join([letter if letter.isprintable() or letter == "\N{THIN SPACE}" else "?" for letter in text])
