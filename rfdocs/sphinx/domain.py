"""What Sphinx remembers between builds: the documents, and the networks that they show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from rfdocs.making.generated_catalogue import GeneratedCatalogue


class SharedDigests(NamedTuple):
    """Digests of what pages show of other documents: of their order and titles, and of all that can be referred to."""

    tree: str
    names: str


class NetworkDomain(Domain):
    """The networks that a project documents.

    ``states`` says, for every document that shows a network or the whole catalogue, from what state it was read;
    ``source_digests``, for every document, from what bytes. ``shared`` is what all documents are to each other, until
    one of them is read anew or gone.
    """

    name = "rf"
    label = "receptive fields"
    object_types: ClassVar[dict[str, ObjType]] = {"network": ObjType("network")}
    initial_data: ClassVar[dict[str, Any]] = {"states": {}, "networks": {}, "source_digests": {}, "shared": None}
    data_version = 4
    catalogue: GeneratedCatalogue = GeneratedCatalogue()

    @property
    def states(self) -> dict[str, dict[str, str]]:
        """By document, the state of what it shows, by key."""
        return self.data["states"]  # type: ignore[no-any-return]

    @property
    def networks(self) -> dict[str, tuple[str, str]]:
        """By network id, the document of its page and its title."""
        return self.data["networks"]  # type: ignore[no-any-return]

    @property
    def source_digests(self) -> dict[str, str]:
        """By document, the digest of the files that it was read from."""
        return self.data["source_digests"]  # type: ignore[no-any-return]

    @property
    def shared(self) -> SharedDigests | None:
        """What pages show of other documents, if that is known."""
        return self.data["shared"]  # type: ignore[no-any-return]

    @shared.setter
    def shared(self, value: SharedDigests | None) -> None:
        self.data["shared"] = value

    def note(self, document: str, key: str) -> None:
        """Notes what a document was read from."""
        self.states.setdefault(document, {})[key] = self.catalogue.state(key)

    def outdated(self) -> Iterator[str]:
        """The documents that show something which has changed since they were read."""
        state_now = cache(self.catalogue.state)
        for document, shown in self.states.items():
            if any(state_now(key) != state for key, state in shown.items()):
                yield document

    def clear_doc(self, docname: str) -> None:
        """Forgets a document."""
        self.states.pop(docname, None)
        self.source_digests.pop(docname, None)
        self.shared = None
        for identifier in [name for name, (document, _) in self.networks.items() if document == docname]:
            del self.networks[identifier]

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Takes over what another process read."""
        self.states.update({name: shown for name, shown in otherdata["states"].items() if name in docnames})
        read_there = otherdata["networks"].items()
        self.networks.update({name: place for name, place in read_there if place[0] in docnames})

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
