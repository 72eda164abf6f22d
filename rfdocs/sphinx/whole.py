"""The directives that make whole pages: a network, a family, the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import OptionSpec

from rfdocs.catalogue.expectations import broken_facts
from rfdocs.catalogue.family import Entry
from rfdocs.figures import CATALOGUE_KIND
from rfdocs.graph import Report
from rfdocs.making.files import pictures
from rfdocs.making.generated_catalogue import FACTS
from rfdocs.pages.content import Comparer, Link, Page, Section, To, Workbench
from rfdocs.pages.facts import Facts, facts_of
from rfdocs.pages.format_reference import MAPPINGS, mapping_table, operation_sections
from rfdocs.pages.listing import (
    catalogue_page,
    catalogue_table,
    dispute_section,
    disputed,
    family_page,
    plotted,
    siblings,
)
from rfdocs.pages.network_page import Origin, network_page
from rfdocs.spelling import near_miss
from rfdocs.sphinx.base import Directive, NetworkDirective, NotShown, words
from rfdocs.sphinx.domain import domain_of
from rfdocs.sphinx.generate import warn
from rfdocs.sphinx.nodes import block_node, content_node, paragraph, section_node


def page_node(page: Page) -> nodes.section:
    """A page as one section with its parts."""
    title = nodes.title("", page.title)
    blocks = map(block_node, page.blocks)
    parts = map(section_node, page.sections)
    return nodes.section("", title, *blocks, *parts, ids=[page.identifier], names=[])


def placeholder_page(env: BuildEnvironment, identifier: str) -> nodes.section:
    """The page of a network or family whose file has problems, all of which have been said already."""
    env.metadata[env.docname]["orphan"] = ""
    text = "There is nothing to show here: the file has problems, which the build names."
    return page_node(Page(identifier, identifier, ((text,),), ()))


def with_section(page: Page, section: Section | None, before: str) -> Page:
    """The page with one more section, in front of that with an identifier, or at the end."""
    if section is None:
        return page
    names = [section.identifier for section in page.sections]
    place = names.index(before) if before in names else len(names)
    return replace(page, sections=(*page.sections[:place], section, *page.sections[place:]))


class NetworkPage(NetworkDirective):
    """``rf-network``: the whole page of a network: of the generated catalogue's, or of any other.

    Pages of the catalogue are in the index by their id, so that a search for it finds them first.
    """

    def show(self) -> list[nodes.Node]:
        """The page; that of the catalogue's networks is made already."""
        identifier = self.arguments[0]
        domain = domain_of(self.env)
        catalogue = domain.catalogue
        domain.note(self.env.docname, identifier)
        if self.env.docname in catalogue.retained:
            domain.networks[identifier] = (self.env.docname, identifier)
            return [placeholder_page(self.env, identifier)]
        page = catalogue.page(identifier)
        if page is None:
            return super().show()
        facts = catalogue.facts[identifier]
        domain.networks[identifier] = (self.env.docname, facts.title)
        contested = dispute_section(facts, disputed(facts, catalogue.facts), catalogue.documents)
        page = with_section(page, contested, "checked")
        family = siblings(facts, catalogue.family(facts.family), catalogue.documents)
        page_nodes = page_node(replace(page, blocks=(*page.blocks, family)) if family else page)
        ways = list(self._ways_on())
        place = len(page_nodes) - len(page.sections)
        page_nodes[place:place] = ways
        page_nodes.insert(1, addnodes.index(entries=[("single", identifier, page.identifier, "main", None)]))
        return [page_nodes]

    def _ways_on(self) -> Iterator[nodes.paragraph]:
        """What leads to where the network is set beside others, or changed; a script adds which network it is."""
        ways = [
            ("Compare it with other networks", self.config.rfdocs_compare, "rf-compare-it"),
            ("Change it", self.config.rfdocs_workbench, "rf-change-it"),
        ]
        for text, document, name in ways:
            if document:
                way = paragraph((Link(text, To.PAGE, document), "."))
                way["classes"].extend(["rf-way", name])
                yield way

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        """The page of a network that is not of the generated catalogue."""
        drawn, problems = pictures(entry, report)
        warn([*broken_facts(entry, report), *problems], self.get_location())
        origin = Origin("", guide=self.config.rfdocs_guide)
        return [page_node(network_page(entry, report, facts_of(entry, report), drawn, origin))]


class FamilyPage(Directive):
    """``rf-family``: the page of a family of the generated catalogue."""

    required_arguments = 1

    def show(self) -> list[nodes.Node]:
        domain = domain_of(self.env)
        networks = domain.catalogue.family(self.arguments[0])
        domain.note(self.env.docname, f"family:{self.arguments[0]}")
        if not networks and self.env.docname in domain.catalogue.retained:
            return [placeholder_page(self.env, self.arguments[0])]
        if not networks:
            raise NotShown(f"the generated catalogue has no family '{self.arguments[0]}'")
        return [page_node(family_page(networks, domain.catalogue.documents))]


class CataloguePage(Directive):
    """``rf-catalogue``: the page of the generated catalogue with all its networks; its content stands at the end."""

    has_content = True

    def show(self) -> list[nodes.Node]:
        domain = domain_of(self.env)
        domain.note(self.env.docname, FACTS)
        networks = list(domain.catalogue.facts.values())
        drawing = CATALOGUE_KIND.draw(*plotted(networks)) if networks else None
        page_nodes = page_node(catalogue_page(networks, domain.catalogue.documents, drawing))
        page_nodes.extend(self.parse_content_to_nodes())
        return [page_nodes]


def generated_facts(env: BuildEnvironment, identifier: str) -> Facts:
    """What is known of a network of the generated catalogue, for the document that is being read. Raises: NotShown."""
    domain = domain_of(env)
    domain.note(env.docname, identifier)
    if identifier not in domain.catalogue.facts:
        raise NotShown(f"the generated catalogue has no network '{identifier}'")
    return domain.catalogue.facts[identifier]


class NetworksTable(Directive):
    """``rf-networks``: some networks of the generated catalogue in one table, in the order given."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {"caption": directives.unchanged_required, "columns": words}

    def show(self) -> list[nodes.Node]:
        networks = [generated_facts(self.env, identifier) for identifier in words(self.arguments[0])]
        documents = domain_of(self.env).catalogue.documents
        caption = self.options.get("caption", f"{len(networks)} networks at their nominal input sizes")
        return [content_node(catalogue_table(networks, documents, caption, self.options.get("columns", ())))]


class LivePlace(Directive):
    """A place that scripts fill; what stands in the directive is shown where they do not."""

    has_content = True

    def instead(self) -> list[nodes.Node]:
        """What stands in the directive, which scripts take away."""
        if not self.content:
            return []
        return [nodes.container("", *self.parse_content_to_nodes(), classes=["rf-instead"])]


class ComparerDirective(LivePlace):
    """``rf-comparer``: the place where a reader sets networks side by side, at first the generated ones named."""

    optional_arguments = 1
    final_argument_whitespace = True

    def show(self) -> list[nodes.Node]:
        """The place, and what stands there without scripts."""
        identifiers = words(self.arguments[0]) if self.arguments else []
        named = tuple([generated_facts(self.env, identifier).identifier for identifier in identifiers])
        return [content_node(Comparer(named, "Networks side by side")), *self.instead()]


class WorkbenchDirective(LivePlace):
    """``rf-workbench``: the place where a reader makes a network of their own, or changes one of the generated ones."""

    def show(self) -> list[nodes.Node]:
        """The place, and what stands there without scripts."""
        return [content_node(Workbench("A network of your own")), *self.instead()]


class FormatReference(Directive):
    """``rf-format``: the reference of the format: one mapping's keys, or ``operations``."""

    required_arguments = 1

    def show(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name == "operations":
            return [section_node(section) for section in operation_sections()]
        if name in MAPPINGS:
            return [content_node(mapping_table(name))]
        raise NotShown(f"the format has no '{name}'", near_miss(name, [*MAPPINGS, "operations"]))


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("rf-network", NetworkPage)
    app.add_directive("rf-family", FamilyPage)
    app.add_directive("rf-catalogue", CataloguePage)
    app.add_directive("rf-networks", NetworksTable)
    app.add_directive("rf-comparer", ComparerDirective)
    app.add_directive("rf-workbench", WorkbenchDirective)
    app.add_directive("rf-format", FormatReference)
