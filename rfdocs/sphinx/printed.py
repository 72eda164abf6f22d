"""A course as one page: what its pages hold is kept when they are written, and put together when all of them are.

So no page is written twice, by whichever process; and where no page changes, nothing is put together.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from rfdocs.making.store import digest_of, write_changed
from rfdocs.pages.html import NO_INDEX, PRINTED_FROM, PRINTED_TO
from rfdocs.pages.one_page import WrittenPage, one_page
from rfdocs.sphinx.names import BUILDERS

#: Where the environment keeps which document a page prints, with all below it.
PRINTED = "rfdocs_printed"


def printed_documents(env: BuildEnvironment) -> dict[str, str]:
    """By the document that is printed, the one below which its pages stand."""
    return {document: known[PRINTED] for document, known in env.metadata.items() if PRINTED in known}


def documents_below(env: BuildEnvironment, root: str) -> Iterator[str]:
    """A document, and all below it in its table of contents, in their order, each once."""
    seen, waiting = set(), [root]
    while waiting:
        document = waiting.pop()
        if document not in seen and document in env.found_docs:
            seen.add(document)
            yield document
            waiting.extend(reversed(env.toctree_includes.get(document, [])))


def _kept_path(app: Sphinx, document: str) -> Path:
    return Path(app.doctreedir, "rfdocs-printed", app.builder.name, f"{document}.html")


def keep_body(app: Sphinx, page: str, template: str, context: dict[str, Any], document: nodes.document | None) -> None:
    """Keeps what a page holds that is printed elsewhere, too; the page that prints it is not for search engines."""
    if document is None or app.builder.name not in BUILDERS:
        return
    printed = printed_documents(app.env)
    if page in printed:
        context["metatags"] = context.get("metatags", "") + str(NO_INDEX)
        context["pageurl"] = None  # so that it is not called the original of anything
    if any(page in documents_below(app.env, root) for root in printed.values()):
        write_changed(_kept_path(app, page), str(context["body"]).encode())


def documents_not_kept(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The documents that are printed elsewhere, and were last written when they were not."""
    if app.builder.name not in BUILDERS:
        return []
    printed = {one for root in printed_documents(env).values() for one in documents_below(env, root)}
    return sorted(one for one in printed if not _kept_path(app, one).is_file())


def write_printed(app: Sphinx, exception: Exception | None) -> None:
    """Fills the pages that are printed, where they have changed or what they print."""
    if exception is None and app.builder.name in BUILDERS:
        for document, root in printed_documents(app.env).items():
            _fill(app, document, [*documents_below(app.env, root)])


def _fill(app: Sphinx, document: str, documents: list[str]) -> None:
    builder = app.builder
    assert isinstance(builder, StandaloneHTMLBuilder)
    path = Path(builder.get_outfilename(document))
    bodies = [_kept_path(app, one) for one in documents]
    if not path.is_file() or not all(body.is_file() for body in bodies):
        return
    before, mark, rest = path.read_text("utf-8").partition(PRINTED_FROM)
    inside, _, after = rest.partition(PRINTED_TO)
    texts = [body.read_text("utf-8") for body in bodies]
    digest = f"<!-- {digest_of(*documents, *texts)} -->"
    if mark and not inside.startswith(digest):
        pages = [
            WrittenPage(one, builder.get_target_uri(one), text) for one, text in zip(documents, texts, strict=True)
        ]
        filled = [before, mark, digest, "\n", one_page(pages, builder.get_target_uri(document)), PRINTED_TO, after]
        write_changed(path, "".join(filled).encode())


def setup(app: Sphinx) -> None:
    """Connects it with the writing of pages and the build's end; the theme changes content before it is kept."""
    app.connect("env-get-updated", documents_not_kept)
    app.connect("html-page-context", keep_body, priority=900)
    app.connect("build-finished", write_printed)
