"""What one build knows of the catalogue that it makes pages of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rfdocs.making.results import CONTENT, HTML, SKELETON, FileResult, NetworkResult
from rfdocs.making.store import digest_of, kept, kept_list
from rfdocs.pages.content import Content, Page, Ready
from rfdocs.pages.facts import Facts
from rfdocs.pages.listing import disputed
from rfdocs.pages.sources import documents

FACTS, EVERYTHING = "facts:", "all:"
"""The keys of what pages show of all networks: what is known of them at a glance, or anything."""


@dataclass(frozen=True)
class Known:
    """The catalogue that pages are generated from, as this build found it.

    ``documents`` names every network's page by its id, and every family's own page as ``family:<family>``; ``left``
    are pages of an earlier build whose file has problems, which have been said.
    """

    folder: Path | None = None
    cache: Path = field(default_factory=Path)
    results: Mapping[str, NetworkResult] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    left: frozenset[str] = frozenset()

    @cached_property
    def facts(self) -> dict[str, Facts]:
        """What is known of every network, by its id."""
        return {identifier: result.facts for identifier, result in self.results.items()}

    def page(self, identifier: str) -> Page | None:
        """The page that was made of a network; ``None`` if there is no such network."""
        result = self.results.get(identifier)
        value = None if result is None else kept(self.cache, result.digest + SKELETON)
        return value if isinstance(value, Page) else None

    def html(self, ready: Ready) -> str:
        """The HTML of content that was made before. Raises: NotKept."""
        return str(kept_list(self.cache, ready.digest + HTML)[ready.number])

    def content(self, ready: Ready) -> Content:
        """Content that was made before. Raises: NotKept."""
        content = kept_list(self.cache, ready.digest + CONTENT)[ready.number]
        assert isinstance(content, Content)
        return content

    def family(self, stem: str) -> list[Facts]:
        """What is known of a family's networks."""
        return [facts for facts in self.facts.values() if facts.family == stem]

    @cached_property
    def heads(self) -> dict[str, str]:
        """The document that stands for each family (its own page, or its only network's), with the family's title.

        A network that is alone in its file has its own title where another file's family is called the same.
        """
        titles = Counter({facts.family: facts.family_title for facts in self.facts.values()}.values())
        titles_of_heads: dict[str, str] = {}
        for facts in self.facts.values():
            alone = f"family:{facts.family}" not in self.documents
            shared = titles[facts.family_title] > 1
            titles_of_heads.setdefault(self.head(facts), facts.title if alone and shared else facts.family_title)
        return titles_of_heads

    @cached_property
    def head_of(self) -> dict[str, str]:
        """The document that stands for the family of each generated document."""
        owners = {self.documents[identifier]: self.head(facts) for identifier, facts in self.facts.items()}
        return owners | {document: document for document in self.heads}

    def head(self, facts: Facts) -> str:
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


def known_of(file_results: Sequence[FileResult], folder: Path, cache: Path, output: str) -> Known:
    """The catalogue of a folder, by what was made of its files; its pages' documents lie in ``output``."""
    named = documents(output, [(Path(result.file).stem, result.identifiers) for result in file_results])
    networks = {network.facts.identifier: network for result in file_results for network in result.networks}
    return Known(folder, cache, networks, named)
