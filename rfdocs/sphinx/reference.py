"""The directives and the role of the pages on the arithmetic, the check and the verification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.typing import OptionSpec

from rfdocs.catalogue.published import DIFFERENCE, slim_file, slim_rows
from rfdocs.catalogue.survey import read_survey, survey_file
from rfdocs.figures import draw_guide
from rfdocs.graph import Report
from rfdocs.making.generated_catalogue import EVERYTHING
from rfdocs.pages.code_reference import CodeSection, Example, code_sections
from rfdocs.pages.content import Picture
from rfdocs.pages.declared import columns_table, limits_table
from rfdocs.pages.imports_table import imports_blocks
from rfdocs.pages.phrases import unit_value
from rfdocs.pages.published_table import published_table
from rfdocs.pages.verified import verified_blocks
from rfdocs.sphinx.base import Directive, NotShown, Role, named_network
from rfdocs.sphinx.domain import domain_of
from rfdocs.sphinx.nodes import block_node, content_node, paragraph


class GuideDirective(Directive):
    """``rf-guide``: a figure of the pages on the arithmetic."""

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {"caption": directives.unchanged_required}

    def show(self) -> list[nodes.Node]:
        kind = self.arguments[0]
        return [content_node(Picture(kind, draw_guide(kind), self.options.get("caption", "")))]


class LimitsDirective(Directive):
    """``rf-limits``: the limits of the format."""

    def show(self) -> list[nodes.Node]:
        return [content_node(limits_table())]


class ColumnsDirective(Directive):
    """``rf-columns``: the keys of a layer in the data."""

    def show(self) -> list[nodes.Node]:
        return [content_node(columns_table())]


class CodesDirective(Directive):
    """``rf-codes``: a section for every code of a problem."""

    def show(self) -> list[nodes.Node]:
        return [_code_section(entry) for entry in code_sections()]


def _code_section(entry: CodeSection) -> nodes.section:
    examples = [node for example in entry.examples for node in _example_nodes(example)]
    title = nodes.title("", entry.title)
    return nodes.section("", title, paragraph(entry.paragraph), *examples, ids=[entry.identifier], names=[])


def _example_nodes(example: Example) -> list[nodes.Node]:
    source = example.source.rstrip("\n")
    return [
        nodes.paragraph("", example.words),
        nodes.literal_block(source, source, language=example.language),
    ]


class VerifiedDirective(Directive):
    """``rf-verified``: what was held against running models, over the generated catalogue."""

    def show(self) -> list[nodes.Node]:
        domain = domain_of(self.env)
        domain.note(self.env.docname, EVERYTHING)
        pairs = [(result.facts, result.verified) for result in domain.catalogue.results.values()]
        return [block_node(block) for block in verified_blocks(pairs, domain.catalogue.documents)]


class PublishedDirective(Directive):
    """``rf-published``: the published table of TF-slim's networks beside what is computed here."""

    def show(self) -> list[nodes.Node]:
        """The table, and why a row may differ."""
        domain = domain_of(self.env)
        rows = slim_rows()
        self.env.note_dependency(slim_file())
        for identifier in sorted({row.ours for row in rows}):
            domain.note(self.env.docname, identifier)
        table = published_table(rows, self._report, domain.catalogue.documents)
        return [content_node(table), nodes.paragraph("", DIFFERENCE)]

    def _report(self, identifier: str, size: int) -> Report:
        return named_network(self.env, identifier, (size,))[1]


class ImportsDirective(Directive):
    """``rf-imports``: what came of importing a model of every family."""

    def show(self) -> list[nodes.Node]:
        self.env.note_dependency(survey_file())
        return [block_node(block) for block in imports_blocks(read_survey())]


class UnitRole(Role):
    """``rf-unit``: one value of one unit in a sentence: ``resnet18 layer4 0 seen``, perhaps with ``@size``."""

    def value(self, parts: Sequence[str], size: Sequence[int] | None) -> str:
        network, layer, *index, key = parts if len(parts) > 3 else ("", "", "0", "")
        if not network or not all(place.isdigit() for place in index):
            raise NotShown(f"'{self.text}' should name a network, a layer, a unit's index and a figure")
        return unit_value(named_network(self.env, network, size)[1], layer, [int(place) for place in index], key)


def setup(app: Sphinx) -> None:
    """Registers the directives and the role."""
    app.add_directive("rf-guide", GuideDirective)
    app.add_directive("rf-limits", LimitsDirective)
    app.add_directive("rf-columns", ColumnsDirective)
    app.add_directive("rf-codes", CodesDirective)
    app.add_directive("rf-verified", VerifiedDirective)
    app.add_directive("rf-published", PublishedDirective)
    app.add_directive("rf-imports", ImportsDirective)
    app.add_role("rf-unit", UnitRole())
