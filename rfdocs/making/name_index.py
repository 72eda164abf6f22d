"""The names of a site in one small script, so that a page finds what a reader names without asking for anything else.

They are written for ``palette/ranking.js``, which reads them: in the catalogue's order, and nothing that follows from
the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from rfdocs.making.generated_catalogue import GeneratedCatalogue
from rfdocs.pages.facts import Facts

NAME_INDEX = "rfdocs-index.js"
"""The file of the names."""

OWN = "~"
"""What stands for a network's id in an address and in the symbol of an implementation, and for its family's title."""


class NamedPage(NamedTuple):
    """A page that somebody wrote; ``terms`` are its headings and the words that it defines, with their anchors.

    Behind its anchor a word has what it is also called.
    """

    title: str
    document: str
    terms: tuple[tuple[str, ...], ...]


def name_index(
    catalogue: GeneratedCatalogue,
    output: str,
    pages: Iterable[NamedPage],
    address: Callable[[str], str],
    addition: str = "",
) -> str:
    """The script: families with their networks and the implementations' names for them, and pages with their terms.

    ``address`` has that of a document, from the site's root; generated pages lie in ``output``; the document
    ``addition``, if there is one, says how a network is added.
    """
    implementations: dict[str, int] = {}
    families = [_family(catalogue, stem, implementations) for stem in dict.fromkeys(_families(catalogue))]
    names = {
        "address": address(f"{output}/{OWN}"),
        **({"addition": address(addition)} if addition else {}),
        "implementations": list(implementations),
        "families": families,
        "pages": [[page.title, address(page.document), [*map(_term, page.terms)]] for page in pages],
    }
    return f"const rfNames = {json.dumps(names, ensure_ascii=False, separators=(',', ':'))};\n"


def _families(catalogue: GeneratedCatalogue) -> Iterator[str]:
    return (facts.family for facts in catalogue.facts.values())


def _family(catalogue: GeneratedCatalogue, stem: str, implementations: dict[str, int]) -> list[object]:
    """A family's title, its page among those of families if it has one, and its networks: id, title, and the
    implementation's number.

    The number is left out where it is that of the network before.
    """
    networks: list[list[object]] = []
    before, title = None, catalogue.family(stem)[0].family_title
    for facts in catalogue.family(stem):
        number = implementations.setdefault(_implementation(facts), len(implementations))
        networks.append([facts.identifier, _title(facts, title), *([number] if number != before else [])])
        before = number
    page = stem if f"family:{stem}" in catalogue.documents else ""
    return [title, page, networks]


def _title(facts: Facts, family: str) -> str:
    """The network's title, that of its family at its beginning left out."""
    return OWN + facts.title.removeprefix(family) if facts.title.startswith(family) else facts.title


def _implementation(facts: Facts) -> str:
    """The implementation's symbol for a network, its name before it where it does not begin with that."""
    name, symbol = facts.cells["implementation"], facts.cells["symbol"].replace(facts.identifier, OWN)
    return symbol if symbol.startswith(name) else f"{name} {symbol}".strip()


def _term(term: tuple[str, ...]) -> str | tuple[str, ...]:
    """The term's text alone, where its anchor follows from that and it is not called otherwise."""
    text, anchor, *others = term
    return text if anchor == anchor_of(text) and not others else term


def anchor_of(text: str) -> str:
    """The anchor that a text gives by itself.

    >>> anchor_of("Size, n")
    'size-n'
    """
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")
