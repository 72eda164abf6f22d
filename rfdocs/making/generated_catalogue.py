"""What one build knows of the catalogue that it makes pages of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rfdocs.making.results import CONTENT, HTML, SKELETON, FileResult, NetworkResult
from rfdocs.making.store import digest_of, kept_items, kept_value
from rfdocs.pages.content import Content, Page, Ready
from rfdocs.pages.facts import Facts
from rfdocs.pages.listing import disputed
from rfdocs.pages.sources import documents

FACTS, EVERYTHING = "facts:", "all:"
"""The keys of what pages show of all networks: what is known of them at a glance, or anything."""


@dataclass(frozen=True)
class GeneratedCatalogue:
    """The catalogue that pages are generated from, as this build found it.

    ``documents`` names every network's page by its id, and every family's own page as ``family:<family>``;
    ``retained`` are pages of an earlier build whose file has problems, which have been said.
    """

    folder: Path | None = None
    cache: Path = field(default_factory=Path)
    results: Mapping[str, NetworkResult] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    retained: frozenset[str] = frozenset()

    @cached_property
    def facts(self) -> dict[str, Facts]:
        """What is known of every network, by its id."""
        return {identifier: result.facts for identifier, result in self.results.items()}

    def page(self, identifier: str) -> Page | None:
        """The page that was made of a network; ``None`` if there is no such network."""
        result = self.results.get(identifier)
        value = None if result is None else kept_value(self.cache, result.digest + SKELETON)
        return value if isinstance(value, Page) else None

    def html(self, ready: Ready) -> str:
        """The HTML of content that was made before. Raises: NotKept."""
        return str(kept_items(self.cache, ready.digest + HTML)[ready.number])

    def content(self, ready: Ready) -> Content:
        """Content that was made before. Raises: NotKept."""
        content = kept_items(self.cache, ready.digest + CONTENT)[ready.number]
        assert isinstance(content, Content)
        return content

    def family(self, stem: str) -> list[Facts]:
        """What is known of a family's networks."""
        return [facts for facts in self.facts.values() if facts.family == stem]

    @cached_property
    def family_titles(self) -> dict[str, str]:
        """The document that stands for each family (its own page, or its only network's), with the family's title.

        A network that is alone in its file has its own title where another file's family is called the same.
        """
        uses = Counter({facts.family: facts.family_title for facts in self.facts.values()}.values())
        titles: dict[str, str] = {}
        for facts in self.facts.values():
            alone = f"family:{facts.family}" not in self.documents
            shared = uses[facts.family_title] > 1
            titles.setdefault(self.family_document(facts), facts.title if alone and shared else facts.family_title)
        return titles

    @cached_property
    def family_documents(self) -> dict[str, str]:
        """The document that stands for the family of each generated document."""
        owners = {self.documents[identifier]: self.family_document(facts) for identifier, facts in self.facts.items()}
        return owners | {document: document for document in self.family_titles}

    def family_document(self, facts: Facts) -> str:
        """The document that stands for a network's family: its own page, or that of its only network."""
        return self.documents.get(f"family:{facts.family}", self.documents[facts.identifier])

    def state(self, key: str) -> str:
        """A digest of everything that a page shows of a network, of ``family:<family>``, or of all of them."""
        if key == FACTS:
            return digest_of(repr([(result.facts, result.file) for result in self.results.values()]))
        if key == EVERYTHING:
            return digest_of(repr([(identifier, result.digest) for identifier, result in self.results.items()]))
        if key.startswith("family:"):
            return digest_of(repr(self.family(key.removeprefix("family:"))))
        if key not in self.results:
            return ""
        others = disputed(self.facts[key], self.facts)
        places = [self.documents.get(facts.identifier) for facts, _ in others]
        return digest_of(self.results[key].digest, repr(others), repr(places))


def catalogue_of(file_results: Sequence[FileResult], folder: Path, cache: Path, output: str) -> GeneratedCatalogue:
    """The catalogue of a folder, by what was made of its files; its pages' documents lie in ``output``."""
    page_documents = documents(output, [(Path(result.file).stem, result.identifiers) for result in file_results])
    networks = {network.facts.identifier: network for result in file_results for network in result.networks}
    return GeneratedCatalogue(folder, cache, networks, page_documents)
