"""The node that holds content, and how each builder writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from rfdocs.pages.content import (
    Animation,
    Block,
    Bullets,
    Cell,
    Comparer,
    Content,
    Excerpt,
    Exercise,
    Explorer,
    Finder,
    Grid,
    HeadChooser,
    Influence,
    InlineCode,
    KeyNumbers,
    Link,
    PaddingCalculator,
    Part,
    Picture,
    Plot,
    Printed,
    Ready,
    SearchField,
    Section,
    Stepper,
    To,
    Words,
    Workbench,
    plain,
)
from rfdocs.pages.html import content_html
from rfdocs.sphinx.domain import domain_of


class rf_content(nodes.General, nodes.Element):  # noqa: N801 - node classes are written like their tags
    """Content in a document. It holds no text nodes, so that no search index takes its cells for words."""


class rf_file(nodes.Inline, nodes.TextElement):  # noqa: N801
    """A link to a file of the site's data."""


class rf_solution(nodes.General, nodes.Element):  # noqa: N801
    """The answer to an exercise, folded away until a reader asks for it."""


def content_node(content: Content | Ready) -> rf_content:
    """The node of some content."""
    return rf_content(content=content)


# -- words ----------------------------------------------------------------------------------------------------


def part_node(part: Part) -> nodes.Node:
    """Words, a name or a link as a node; nothing in them is parsed."""
    if isinstance(part, str):
        return nodes.Text(part)
    if isinstance(part, InlineCode):
        return nodes.literal("", part.text)
    inner: nodes.Node = nodes.literal("", part.text) if part.code else nodes.Text(part.text)
    return _link_node(part, inner)


def _link_node(link: Link, inner: nodes.Node) -> nodes.Node:
    if link.to is To.FILE:
        return rf_file("", "", inner, name=link.target)
    if link.to is To.PAGE:
        return _page_reference(link, inner)
    if link.to is To.ROW:
        return nodes.reference("", "", inner, refid=link.target, internal=True)
    return nodes.reference("", "", inner, refuri=link.target, internal=False)


def _page_reference(link: Link, inner: nodes.Node) -> nodes.Node:
    attributes = {"refdomain": "std", "reftype": "doc", "reftarget": f"/{link.target}", "refexplicit": True}
    return pending_xref("", nodes.inline("", "", inner), refwarn=True, **attributes)


def paragraph(words: Iterable[Part]) -> nodes.paragraph:
    """A paragraph."""
    return nodes.paragraph("", "", *map(part_node, words))


def block_node(block: Block) -> nodes.Node:
    """A paragraph, a list or content."""
    if isinstance(block, tuple):
        return paragraph(block)
    if isinstance(block, Bullets):
        return nodes.bullet_list("", *(nodes.list_item("", paragraph(item)) for item in block.items))
    return content_node(block)


def section_node(section: Section) -> nodes.section:
    """A section with its heading."""
    title = nodes.title("", section.title)
    parts = [*map(block_node, section.blocks), *_way_on(section.read_on)]
    return nodes.section("", title, *parts, ids=[section.identifier], names=[])


def _way_on(words: Words) -> Iterator[nodes.paragraph]:
    """What ends a section that is explained elsewhere."""
    if words:
        way = paragraph(words)
        way["classes"].append("rf-read-on")
        yield way


# -- HTML -----------------------------------------------------------------------------------------------------


class PageSurroundings:
    """What the content's HTML needs to know of its page."""

    def __init__(self, translator: HTML5Translator, api: str) -> None:
        self.translator = translator
        self.builder = translator.builder
        self.document = translator.builder.current_docname
        self.api = api

    def address(self, link: Link) -> str:
        """The address of a link on this page."""
        if link.to is To.PAGE:
            return self.builder.get_relative_uri(self.document, link.target)
        if link.to is To.ROW:
            return f"#{link.target}"
        return self.file(link.target) if link.to is To.FILE else link.target

    def file(self, name: str) -> str:
        """The address of a data file."""
        return relative_uri(self.builder.get_target_uri(self.document), f"{self.api}/{name}")

    def unique(self, stem: str) -> str:
        """The stem, with a number from the second on."""
        counts: dict[str, int] = self.translator.__dict__.setdefault("rf_counts", {})
        counts[stem] = counts.get(stem, 0) + 1
        return stem if counts[stem] == 1 else f"{stem}-{counts[stem]}"


def visit_content_html(translator: HTML5Translator, node: rf_content) -> None:
    """Writes the content in one go."""
    content = node["content"]
    if isinstance(content, Ready):
        translator.body.append(domain_of(translator.builder.env).catalogue.html(content))
    else:
        around = PageSurroundings(translator, translator.builder.config.rfdocs_api)
        translator.body.append(str(content_html(content, around)))  # plain: Sphinx adds markup to it that is plain, too
    raise nodes.SkipNode


def visit_file_html(translator: HTML5Translator, node: rf_file) -> None:
    """Opens the link to a data file."""
    around = PageSurroundings(translator, translator.builder.config.rfdocs_api)
    opening = translator.starttag(node, "a", "", CLASS="rf-file", href=around.file(node["name"]), download="")
    translator.body.append(opening)


def depart_file_html(translator: HTML5Translator, node: rf_file) -> None:
    """Closes it."""
    translator.body.append("</a>")


def visit_solution_html(translator: HTML5Translator, node: rf_solution) -> None:
    """Opens what is folded away."""
    translator.body.append('<details class="rf-solution">\n<summary>Answer</summary>\n')


def depart_solution_html(translator: HTML5Translator, node: rf_solution) -> None:
    """Closes it."""
    translator.body.append("</details>\n")


def pass_over(translator: Any, node: nodes.Node) -> None:
    """Writes nothing: what is inside the node speaks for itself."""


# -- other builders -------------------------------------------------------------------------------------------


class PlainContent(SphinxPostTransform):
    """Puts docutils' own tables and paragraphs in the place of content."""

    default_priority = 5

    def run(self, **_: Any) -> None:
        """Replaces every content node."""
        for node in list(self.document.findall(rf_content)):
            content = node["content"]
            catalogue = domain_of(self.env).catalogue
            node.replace_self(plain_nodes(catalogue.content(content) if isinstance(content, Ready) else content))


def plain_nodes(content: Content) -> list[nodes.Node]:
    """Content as nodes that every builder knows."""
    if isinstance(content, (Grid, PaddingCalculator)):
        return [plain_table(content if isinstance(content, Grid) else content.grid)]
    if isinstance(content, KeyNumbers):
        return [_plain_numbers(content)]
    if isinstance(content, (Picture, Plot, Influence)):
        return [paragraph((f"{content.caption} " if content.caption else "", f"[{content.drawing.alternative}]"))]
    if isinstance(content, (Animation, Stepper)):
        return [paragraph((f"{content.caption} [{content.still.alternative}]",))]
    if isinstance(content, Excerpt):
        return [nodes.literal_block(content.text, content.text)]
    assert isinstance(content, (Exercise, Printed, Explorer, HeadChooser, Finder, Comparer, Workbench, SearchField))
    stills = content.stills if isinstance(content, Explorer) else ()
    return [node for still in stills for node in plain_nodes(still)]


def _plain_numbers(content: KeyNumbers) -> nodes.Node:
    texts = (f"{number.name}: {plain(number.value)} ({number.meaning})" for number in content.numbers)
    return nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", text)) for text in texts))


def plain_table(grid: Grid) -> nodes.table:
    """The table as docutils has it."""
    columns = len(grid.headings)
    head = nodes.thead("", _row_node([heading.text for heading in grid.headings]))
    body = nodes.tbody("")
    for group in grid.groups:
        if group.heading:
            body += nodes.row("", _cell_node(plain(group.heading), morecols=columns - 1))
        body.extend([_row_node(row.cells) for row in group.rows])
    specs = [nodes.colspec(colwidth=width) for width in _column_widths(grid)]
    inner = nodes.tgroup("", *specs, head, body, cols=columns)
    return nodes.table("", nodes.title("", plain(grid.caption)), inner)


def _column_widths(grid: Grid) -> list[int]:
    columns = zip(*([plain(cell) for cell in row.cells] for row in grid.rows), strict=True)
    return [max(4, len(heading.text), *map(len, texts)) for heading, texts in zip(grid.headings, columns, strict=True)]


def _row_node(cells: Iterable[Cell]) -> nodes.row:
    return nodes.row("", *(_cell_node(plain(cell)) for cell in cells))


def _cell_node(text: str, **attributes: int) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", text), **attributes)


def add_plain_content(app: Sphinx) -> None:
    """Lets builders that don't write HTML have plain content."""
    if app.builder.format != "html":
        app.add_post_transform(PlainContent)


def setup(app: Sphinx) -> None:
    """Registers the nodes with every builder."""
    app.add_node(rf_content, html=(visit_content_html, None))
    skip = (pass_over, pass_over)
    folded = (visit_solution_html, depart_solution_html)
    app.add_node(rf_solution, html=folded, latex=skip, text=skip, man=skip, texinfo=skip)
    app.add_node(rf_file, html=(visit_file_html, depart_file_html), latex=skip, text=skip, man=skip, texinfo=skip)
    app.connect("builder-inited", add_plain_content)
