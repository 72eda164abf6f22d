"""A network's page and its paper as BibTeX."""

from __future__ import annotations

from collections.abc import Iterator

import rfdocs
from rfdocs.catalogue import Entry
from rfdocs.graph.fingerprint import network_fingerprint

#: Letters that mean something to LaTeX, and how they are written as letters.
_ESCAPED = str.maketrans(
    {letter: f"\\{letter}" for letter in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
)


def latex_text(text: str) -> str:
    r"""A text whose letters mean nothing to LaTeX.

    >>> print(latex_text("50 % of R&D_2"))
    50 \% of R\&D\_2
    """
    return text.translate(_ESCAPED)


def bibtex(entry: Entry) -> str:
    """The items of the paper, if there is one, and of the page; titles keep their capitals."""
    return "\n".join([_item(key, dict(fields)) for key, fields in _items(entry)])


def _items(entry: Entry) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    description = entry.description
    year = [("year", str(description.year))] if description.year else []
    if description.paper is not None:
        authors = [("author", " and ".join(map(latex_text, description.authors)))]
        title = ("title", f"{{{latex_text(description.paper.title)}}}")
        yield (
            entry.identifier,
            [title, *(authors if description.authors else []), *year, ("url", description.paper.url)],
        )
    fingerprint = f"Version {rfdocs.__version__}, network {network_fingerprint(entry.network)}"
    yield (
        f"{entry.identifier}-rfdocs",
        [
            ("title", f"{{{latex_text(entry.title)}: its receptive fields, layer by layer}}"),
            ("author", "{The rfdocs contributors}"),
            ("note", fingerprint),
        ],
    )


def _item(key: str, fields: dict[str, str]) -> str:
    wide = max(map(len, fields))
    lines = "".join([f"  {name.ljust(wide)} = {{{value}}},\n" for name, value in fields.items()])
    return f"@misc{{{key},\n{lines}}}\n"
