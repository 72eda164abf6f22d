"""The names that the palette of every page finds: networks, families, pages and their headings, in one small script.

A script and not a file of data, since pages that were opened from a disk may not ask for those.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from rfdocs.making.generated_catalogue import GeneratedCatalogue
from rfdocs.making.store import write_changed
from rfdocs.sphinx.domain import domain_of
from rfdocs.sphinx.output import serves_files

FILE = "_static/rfdocs-names.js"

#: What is found: how it is called, where it is (of a network its id), and other words that lead to it.
Name = tuple[str, str, str]


def names_script(app: Sphinx) -> str:
    """The script: the names of each kind."""
    catalogue = domain_of(app.env).catalogue
    names = {
        "networks": list(_networks(catalogue)),
        # that of a network, its id in place of the star
        "address": _address(app, f"{app.config.rfdocs_output}/*").replace("%2A", "*"),
        "pages": list(_families(app, catalogue)),
        "headings": list(_headings(app)),
    }
    data = json.dumps(names, separators=(",", ":"), ensure_ascii=False)
    return f"rfNames = {data};\n"


def _networks(catalogue: GeneratedCatalogue) -> Iterator[Name]:
    for identifier, facts in catalogue.facts.items():
        family = "" if facts.title.startswith(facts.family_title) else f"{facts.family_title} "
        yield facts.title, identifier, f"{family}{facts.cells.get('implementation', '')}"


def _families(app: Sphinx, catalogue: GeneratedCatalogue) -> Iterator[Name]:
    """The pages of families; where a network is alone in its file, its page is there already."""
    own = {document: name for name, document in catalogue.documents.items() if name.startswith("family:")}
    for document, title in catalogue.family_titles.items():
        if document in own:
            yield title, _address(app, document), "family"


def _headings(app: Sphinx) -> Iterator[Name]:
    """The titles and headings of the pages that somebody wrote, without the names of the Python interface on them."""
    for document in sorted(app.env.all_docs):
        if not document.startswith(f"{app.config.rfdocs_output}/"):
            title = app.env.titles[document].astext()
            for link in app.env.tocs[document].findall(nodes.reference):
                if not link["anchorname"].startswith("#rfdocs."):
                    yield link.astext(), _address(app, document) + link["anchorname"], title


def _address(app: Sphinx, document: str) -> str:
    """The address of a document, from the site's root on."""
    return app.builder.get_target_uri(document)


def write_names(app: Sphinx, exception: Exception | None) -> None:
    """Writes the script beside the pages, where somebody may open them in a browser."""
    if exception is None and serves_files(app):
        write_changed(Path(app.outdir, FILE), names_script(app).encode())


def setup(app: Sphinx) -> None:
    """Connects the writing with the build's end."""
    app.connect("build-finished", write_names)
