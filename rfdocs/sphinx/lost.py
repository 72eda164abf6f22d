"""The page that a server shows for an address that does not exist, whatever that address is.

A server answers any address with it, so that relative links would lead anywhere. They begin with the path of
``html_baseurl`` instead.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from rfdocs.making.store import write_changed

DOCUMENT = "404"
_LINK = re.compile(r'(?P<attribute>\s(?:href|src|action|data-content_root)=")(?P<target>[^"]*)(?=")')
_NOT_RELATIVE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#?]", re.IGNORECASE)


def with_prefix(page: str, prefix: str) -> str:
    """The page with ``prefix`` before every relative address; addresses within the page and elsewhere stay.

    >>> with_prefix('<a href="data.html"><a href="#top"><a href="https://example.org/"><img src="./x.svg">', "/rf/")
    '<a href="/rf/data.html"><a href="#top"><a href="https://example.org/"><img src="/rf/x.svg">'
    """
    return _LINK.sub(lambda link: link["attribute"] + _prefixed(link["target"], prefix), page)


def _prefixed(target: str, prefix: str) -> str:
    return target if _NOT_RELATIVE.match(target) else prefix + target.removeprefix("./")


def rewrite_page(app: Sphinx, exception: Exception | None) -> None:
    """Rewrites the page once it is built, where the site's address is known."""
    builder = app.builder
    if exception is not None or not isinstance(builder, StandaloneHTMLBuilder) or not app.config.html_baseurl:
        return
    path = Path(builder.get_outfilename(DOCUMENT))
    if DOCUMENT in app.env.found_docs and path.is_file():
        prefix = urlsplit(app.config.html_baseurl).path.rstrip("/") + "/"
        write_changed(path, with_prefix(path.read_text("utf-8"), prefix).encode())


def setup(app: Sphinx) -> None:
    """Connects the rewriting with the build's end."""
    app.connect("build-finished", rewrite_page)
