"""What other sites and search engines show of a page: its description, and the picture of the whole site.

The picture needs an address of its own, so that it is there only where ``html_baseurl`` says where the site will live.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from rfdocs.catalogue import load
from rfdocs.making.store import write_changed

#: The longest description, in letters: more is cut off by those who show it.
LONGEST = 200
#: The picture's name.
PREVIEW = "_static/preview.png"


def description_of(document: nodes.document) -> str:
    """The document's first words, as many whole ones as a description may have; the last paragraph may be cut."""
    words = " ".join([" ".join(one.astext().split()) for one in document.findall(nodes.paragraph) if _is_text(one)][:4])
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST - 1].rpartition(" ")[0].rstrip(",;:") + " …"


def _is_text(paragraph: nodes.paragraph) -> bool:
    return isinstance(paragraph.parent, (nodes.section, nodes.document)) and bool(paragraph.astext().strip())


def describe(app: Sphinx, page: str, template: str, context: dict[str, Any], document: nodes.document | None) -> None:
    """Adds a page's description to its head."""
    if document is None or app.builder.format != "html":
        return
    base = str(app.config.html_baseurl)
    description = description_of(document)
    tags = {
        "og:title": _text(context.get("title", "")),
        "og:site_name": app.config.project,
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:description": description,
        **({"og:url": context["pageurl"]} if context.get("pageurl") else {}),
        **({"og:image": f"{base.rstrip('/')}/{PREVIEW}", "twitter:card": "summary_large_image"} if base else {}),
    }
    meta = [Markup('<meta name="description" content="{}">\n').format(description)] if description else []
    meta += [Markup('<meta property="{}" content="{}">\n').format(key, value) for key, value in tags.items() if value]
    context["metatags"] = context.get("metatags", "") + "".join(meta)


def _text(title: str) -> str:
    """A title without its markup, which Sphinx made."""
    return Markup(title).striptags()  # noqa: S704 - it becomes text here


def write_preview(app: Sphinx, exception: Exception | None) -> None:
    """Writes the picture beside the pages, where pages name it."""
    if exception is None and app.builder.format == "html" and app.config.html_baseurl:
        from rfdocs.figures.preview import preview  # noqa: PLC0415 - few builds draw it

        write_changed(Path(app.outdir, PREVIEW), preview(app.config.project, load("resnet18").analyze()))


def setup(app: Sphinx) -> dict[str, bool]:
    """Connects both with the build."""
    app.connect("html-page-context", describe)
    app.connect("build-finished", write_preview)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
