"""What Sphinx remembers between builds, and what one build knows: networks and the pages that show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from rfdocs.pages.content import Content, Page, Ready
from rfdocs.pages.facts import Facts
from rfdocs.pages.listing import disputed
from rfdocs.sphinx.records import CONTENT, HTML, SKELETON, Record
from rfdocs.sphinx.store import digest_of, kept, kept_list

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
    records: Mapping[str, Record] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    left: frozenset[str] = frozenset()

    @cached_property
    def facts(self) -> dict[str, Facts]:
        """What is known of every network, by its id."""
        return {identifier: record.facts for identifier, record in self.records.items()}

    def page(self, identifier: str) -> Page | None:
        """The page that was made of a network; ``None`` if there is no such network."""
        record = self.records.get(identifier)
        value = None if record is None else kept(self.cache, record.digest + SKELETON)
        return value if isinstance(value, Page) else None

    def html(self, ready: Ready) -> str:
        """The HTML of content that was made before. Raises: LookupError."""
        return str(kept_list(self.cache, ready.digest + HTML)[ready.number])

    def content(self, ready: Ready) -> Content:
        """Content that was made before. Raises: LookupError."""
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
        found: dict[str, str] = {}
        for facts in self.facts.values():
            alone = f"family:{facts.family}" not in self.documents
            shared = titles[facts.family_title] > 1
            found.setdefault(self._head(facts), facts.title if alone and shared else facts.family_title)
        return found

    @cached_property
    def head_of(self) -> dict[str, str]:
        """The document that stands for the family of each generated document."""
        owners = {self.documents[identifier]: self._head(facts) for identifier, facts in self.facts.items()}
        return owners | {document: document for document in self.heads}

    def _head(self, facts: Facts) -> str:
        return self.documents.get(f"family:{facts.family}", self.documents[facts.identifier])

    def state(self, key: str) -> str:
        """A digest of everything that a page shows of a network, of ``family:<family>``, or of all of them."""
        if key == FACTS:
            return digest_of(repr([(record.facts, record.file) for record in self.records.values()]))
        if key == EVERYTHING:
            return digest_of(repr([(identifier, record.digest) for identifier, record in self.records.items()]))
        if key.startswith("family:"):
            return digest_of(repr(self.family(key.removeprefix("family:"))))
        if key not in self.records:
            return ""
        others = disputed(self.facts[key], self.facts)
        places = [self.documents.get(facts.identifier) for facts, _ in others]
        return digest_of(self.records[key].digest, repr(others), repr(places))


class Shared(NamedTuple):
    """Digests of what pages show of other documents: of their order and titles, and of all that can be referred to."""

    tree: str
    names: str


class NetworkDomain(Domain):
    """The networks that a project documents.

    ``made`` says, for every document that shows a network or the whole catalogue, from what state it was read;
    ``read``, for every document, from what bytes. ``shared`` is what all documents are to each other, until one of them
    is read anew or gone.
    """

    name = "rf"
    label = "receptive fields"
    object_types: ClassVar[dict[str, ObjType]] = {"network": ObjType("network")}
    initial_data: ClassVar[dict[str, Any]] = {"made": {}, "networks": {}, "read": {}, "shared": None}
    data_version = 2
    known: Known = Known()

    @property
    def made(self) -> dict[str, dict[str, str]]:
        """By document, the state of what it shows, by key."""
        return self.data["made"]  # type: ignore[no-any-return]

    @property
    def networks(self) -> dict[str, tuple[str, str]]:
        """By network id, the document of its page and its title."""
        return self.data["networks"]  # type: ignore[no-any-return]

    @property
    def read(self) -> dict[str, str]:
        """By document, the digest of the files that it was read from."""
        return self.data["read"]  # type: ignore[no-any-return]

    @property
    def shared(self) -> Shared | None:
        """What pages show of other documents, if that is known."""
        return self.data["shared"]  # type: ignore[no-any-return]

    @shared.setter
    def shared(self, value: Shared | None) -> None:
        self.data["shared"] = value

    def note(self, document: str, key: str) -> None:
        """Notes what a document was read from."""
        self.made.setdefault(document, {})[key] = self.known.state(key)

    def outdated(self) -> Iterator[str]:
        """The documents that show something which has changed since they were read."""
        now = cache(self.known.state)
        for document, shown in self.made.items():
            if any(now(key) != state for key, state in shown.items()):
                yield document

    def clear_doc(self, docname: str) -> None:
        """Forgets a document."""
        self.made.pop(docname, None)
        self.read.pop(docname, None)
        self.shared = None
        for identifier in [name for name, (document, _) in self.networks.items() if document == docname]:
            del self.networks[identifier]

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Takes over what another process read."""
        self.made.update({name: shown for name, shown in otherdata["made"].items() if name in docnames})
        found = otherdata["networks"].items()
        self.networks.update({name: place for name, place in found if place[0] in docnames})

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """The link to a network's page, for whoever refers to its id with ``any`` or as a Markdown link."""
        if target not in self.networks:
            return []
        document, title = self.networks[target]
        return [("rf:network", make_refnode(builder, fromdocname, document, "", contnode, title))]

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """The networks, for the search and for other projects."""
        for identifier, (document, title) in sorted(self.networks.items()):
            yield identifier, title, "network", document, "", 1


def domain_of(env: BuildEnvironment) -> NetworkDomain:
    """The domain of an environment."""
    domain = env.domains["rf"]
    assert isinstance(domain, NetworkDomain)
    return domain
