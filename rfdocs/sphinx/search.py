"""The search's index, so that one that was begun by an earlier build is the one that a first build makes.

Sphinx reads the last index without the entries of its documents' own index, and keeps words that no document has.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

from rfdocs.making.store import ENTRIES, keep, kept_mapping
from rfdocs.sphinx.domain import domain_of


class RememberedEnglish(SearchEnglish):
    """Sphinx's English, with the stem of each word looked for once: pages of networks share most of theirs."""

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self._stem = lru_cache(maxsize=1 << 16)(super().stem)

    def stem(self, word: str) -> str:
        """The stem of a word, as Sphinx finds it."""
        return self._stem(word)


def complete_index(app: Sphinx) -> list[Any]:
    """No page, but puts the index in order, which Sphinx writes next."""
    indexer, catalogue = getattr(app.builder, "indexer", None), domain_of(app.env).catalogue
    if indexer is None or catalogue.folder is None:
        return []
    before = kept_mapping(catalogue.cache, ENTRIES)
    fresh: Mapping[str, Any] = indexer._index_entries  # noqa: SLF001 - Sphinx has no other name for it
    entries = {**before, **fresh}
    entries = {document: entries[document] for document in sorted(entries.keys() & app.env.all_docs.keys())}
    if entries != before:
        keep(catalogue.cache, ENTRIES, entries)
    indexer._index_entries = entries  # noqa: SLF001
    indexer._mapping = _used_words(indexer._mapping)  # noqa: SLF001
    indexer._title_mapping = _used_words(indexer._title_mapping)  # noqa: SLF001
    return []


def _used_words(words: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The words that some document has."""
    return {word: documents for word, documents in words.items() if documents}


def setup(app: Sphinx) -> None:
    """Connects it with the moment at which all documents are in the index, and it is not written yet."""
    app.add_search_language(RememberedEnglish)
    app.connect("html-collect-pages", complete_index)
