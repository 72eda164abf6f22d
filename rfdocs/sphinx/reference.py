"""The directives and the role of the pages on the arithmetic, the check and the verification."""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from rfdocs.catalogue.published import DIFFERENCE, slim_file, slim_rows
from rfdocs.figures import GUIDE_KINDS, draw_guide
from rfdocs.graph import InputError, Report
from rfdocs.language.problems import near_miss
from rfdocs.pages.codes import Entry, Example, codes
from rfdocs.pages.content import Picture
from rfdocs.pages.declared import columns_table, limits_table
from rfdocs.pages.phrases import unit_figure
from rfdocs.pages.published import published_table
from rfdocs.pages.verified import verified_blocks
from rfdocs.sphinx.directives import Refusal, find, refused, said_here, size_of, unshown, words
from rfdocs.sphinx.domain import EVERYTHING, domain_of
from rfdocs.sphinx.nodes import block_node, content_node, paragraph


class GuideFigure(SphinxDirective):
    """``rf-guide``: a figure of the pages on the arithmetic."""

    required_arguments = 1
    option_spec = {"caption": directives.unchanged_required}  # noqa: RUF012 - as docutils has it

    def run(self) -> list[nodes.Node]:
        """The figure, or a note in its place."""
        kind = self.arguments[0]
        if kind not in GUIDE_KINDS:
            text = f"there is no figure '{kind}' ({near_miss(kind, list(GUIDE_KINDS))})"
            return [unshown(self.name, str(refused(text, self.get_location())))]
        return [content_node(Picture(kind, draw_guide(kind), self.options.get("caption", "")))]


class Limits(SphinxDirective):
    """``rf-limits``: the limits of the format."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        return [content_node(limits_table())]


class Columns(SphinxDirective):
    """``rf-columns``: the keys of a layer in the data."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        return [content_node(columns_table())]


class Codes(SphinxDirective):
    """``rf-codes``: a section for every code of a problem."""

    def run(self) -> list[nodes.Node]:
        """The sections."""
        return [_code_section(entry) for entry in codes()]


def _code_section(entry: Entry) -> nodes.section:
    examples = [node for example in entry.examples for node in _example_nodes(example)]
    title = nodes.title("", entry.title)
    return nodes.section("", title, paragraph(entry.paragraph), *examples, ids=[entry.identifier], names=[])


def _example_nodes(example: Example) -> list[nodes.Node]:
    source = example.source.rstrip("\n")
    return [
        nodes.paragraph("", example.words),
        nodes.literal_block(source, source, language=example.language),
    ]


class Verified(SphinxDirective):
    """``rf-verified``: what was held against running models, over the generated catalogue."""

    def run(self) -> list[nodes.Node]:
        """Sentences and a table."""
        domain = domain_of(self.env)
        domain.note(self.env.docname, EVERYTHING)
        pairs = [(record.facts, record.verified) for record in domain.known.records.values()]
        return [block_node(block) for block in verified_blocks(pairs, domain.known.documents)]


class Published(SphinxDirective):
    """``rf-published``: the published table of TF-slim's networks beside what is computed here."""

    def run(self) -> list[nodes.Node]:
        """The table, and why a row may differ."""
        domain = domain_of(self.env)
        rows = slim_rows()
        self.env.note_dependency(slim_file())
        for identifier in sorted({row.ours for row in rows}):
            domain.note(self.env.docname, identifier)
        try:
            with said_here(self.get_location()):
                table = published_table(rows, self._report, domain.known.documents)
        except Refusal as refusal:
            return [unshown(self.name, str(refusal))]
        return [content_node(table), nodes.paragraph("", DIFFERENCE)]

    def _report(self, identifier: str, size: int) -> Report:
        entry, library = find(self.env, identifier)
        return library.report(entry, (size,))


class UnitRole(SphinxRole):
    """``rf-unit``: one figure of one unit in a sentence: ``resnet18 layer4 0 seen``, perhaps with ``@size``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The figure as text."""
        try:
            with said_here(self.get_location()):
                return [nodes.Text(self._text())], []
        except Refusal as refusal:
            return [nodes.literal("", f"{self.text}: {refusal}")], []

    def _text(self) -> str:
        parts = words(self.text)
        size = size_of(parts.pop() if parts and parts[-1].startswith("@") else "")
        network, layer, *index, key = parts if len(parts) > 3 else ("", "", "0", "")
        if not network or not all(place.isdigit() for place in index):
            raise InputError(f"'{self.text}' should name a network, a layer, a unit's index and a figure")
        entry, library = find(self.env, network)
        return unit_figure(library.report(entry, size), layer, [int(place) for place in index], key)


def setup(app: Sphinx) -> None:
    """Registers the directives and the role."""
    app.add_directive("rf-guide", GuideFigure)
    app.add_directive("rf-limits", Limits)
    app.add_directive("rf-columns", Columns)
    app.add_directive("rf-codes", Codes)
    app.add_directive("rf-verified", Verified)
    app.add_directive("rf-published", Published)
    app.add_role("rf-unit", UnitRole())
