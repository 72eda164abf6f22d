"""The search that knows names: it is on every page, and the names of all pages stand beside them in one file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from rfdocs.making.name_index import NAME_INDEX, NamedPage, anchor_of, name_index
from rfdocs.making.scripts import PALETTE, address
from rfdocs.making.store import write_changed
from rfdocs.sphinx.domain import domain_of

#: The builders whose pages are files of their own, with a page that searches the text.
BUILDERS = ("html", "dirhtml")
#: Where the environment keeps the words that a document defines.
TERMS = "rfdocs_terms"
#: The longest words that are a term, in letters.
TERM = 48


def knows_names(app: Sphinx) -> bool:
    """Whether the site is one that is searched by name: one with a catalogue, whose pages are files of their own."""
    return app.builder.name in BUILDERS and bool(app.config.rfdocs_catalogue)


def add_palette(app: Sphinx) -> None:
    """Lets every page have the search."""
    for bundle in PALETTE if knows_names(app) else ():
        app.add_js_file(address(bundle), loading_method="defer")


def note_terms(app: Sphinx, document: nodes.document) -> None:
    """Gives every word that the document defines an address, and keeps both for the names of the site."""
    docname = app.env.docname
    if app.config.rfdocs_catalogue and docname != app.config.root_doc:
        app.env.metadata[docname][TERMS] = [*_addressed_terms(document)]


def _addressed_terms(document: nodes.document) -> Iterator[tuple[str, ...]]:
    """The words that are no formula, and whose anchor is free; those of a glossary have an anchor already, and other
    names.
    """
    for term in document.findall(nodes.term):
        text = term.astext()
        anchor = anchor_of(text)
        if isinstance(term.parent.parent.parent, addnodes.glossary):
            yield text, term["ids"][0], *other_names(term.parent.astext())
        elif len(text) <= TERM and anchor and anchor not in document.ids and not isinstance(term[0], nodes.math):
            term["ids"].append(anchor)
            document.ids[anchor] = term
            yield text, anchor


def write_names(app: Sphinx, exception: Exception | None) -> None:
    """Writes the names of all pages beside them, if they change."""
    if exception is not None or not knows_names(app):
        return
    catalogue = domain_of(app.env).catalogue
    pages = _named_pages(app.env, set(catalogue.documents.values()))
    output, addition = app.config.rfdocs_output, app.config.rfdocs_addition
    text = name_index(catalogue, output, pages, app.builder.get_target_uri, addition)
    write_changed(Path(app.outdir, "_static", NAME_INDEX), text.encode())


def _named_pages(env: BuildEnvironment, generated: set[str]) -> Iterator[NamedPage]:
    """The pages in the table of contents that are not of one network or family, the first page first.

    A word of a glossary that another page defines is found there, by what the glossary also calls it, too.
    """
    documents = dict.fromkeys([env.config.root_doc, *sorted(env.collect_relations())])
    written = [one for one in documents if one not in generated and "orphan" not in env.metadata[one]]
    defined = {document: env.metadata[document].get(TERMS, []) for document in written}
    every = [term for terms in defined.values() for term in terms]
    fully = {_word(text) for text, anchor, *_ in every if not _is_of_glossary(anchor)}
    also = {_word(text): others for text, anchor, *others in every if _is_of_glossary(anchor)}
    for document in written:
        left = [one for one in defined[document] if not (_is_of_glossary(one[1]) and _word(one[0]) in fully)]
        terms = [(text, anchor, *also.get(_word(text), ())) for text, anchor, *_ in left]
        headings = dict(_headings(env.tocs[document])).items()  # of those that are alike only the last
        yield NamedPage(env.titles[document].astext(), document, (*headings, *terms))


def other_names(definition: str) -> list[str]:
    """What a definition says that its word is also called.

    >>> other_names("What is read beyond it; also called halo or overlap. The chapter.")
    ['halo', 'overlap']
    """
    also = re.search(r"also called ([^.;]+)[.;]", definition)
    return re.split(r",? or |, ", also[1]) if also else []


def _is_of_glossary(anchor: str) -> bool:
    """Whether it is an anchor that Sphinx gives the words of a glossary."""
    return anchor.startswith("term-")


def _word(text: str) -> str:
    """A word that is defined, without its symbol.

    >>> _word("Jump, j")
    'jump'
    """
    return text.partition(",")[0].lower()


def _headings(contents: nodes.bullet_list) -> Iterator[tuple[str, str]]:
    """A document's headings below its title, and the objects that it describes without their parts."""
    anchors = set()
    for reference in contents.findall(nodes.reference):
        anchor = reference.get("anchorname", "").removeprefix("#")
        if anchor and anchor.rpartition(".")[0] not in anchors:
            anchors.add(anchor)
            yield reference.astext(), anchor


def setup(app: Sphinx) -> None:
    """Connects it with the build."""
    app.connect("builder-inited", add_palette)
    app.connect("doctree-read", note_terms)
    app.connect("build-finished", write_names)
