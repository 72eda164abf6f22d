"""Whether what a document was read from is still what it was: by its bytes.

Sphinx goes by dates, and a file that is moved or taken back to where it was can have an older one than its page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from rfdocs.making.store import bytes_of, digest_of
from rfdocs.sphinx.domain import domain_of

Digests = Callable[[Path], str]
"""The digest of a file's bytes."""


def _digests_of_files() -> Digests:
    """What reads each file once."""
    return cache(lambda path: digest_of(bytes_of(path)))


def document_digest(env: BuildEnvironment, document: str, digests: Digests) -> str:
    """A digest of a document's source and of all files that it was read from besides."""
    paths: Iterable[Path] = map(Path, env.dependencies.get(document, ()))
    sources = [Path(env.doc2path(document)), *sorted(Path(env.srcdir, path) for path in paths)]
    return digest_of(*(part for path in sources for part in (str(path), digests(path))))


def outdated_documents(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """The documents of which a source has other bytes than when they were read."""
    before, digests = domain_of(env).source_digests, _digests_of_files()
    documents = sorted(_written_by_hand(env) & env.found_docs)
    return [document for document in documents if before.get(document) != document_digest(env, document, digests)]


def remember(app: Sphinx, env: BuildEnvironment) -> None:
    """Notes from what the documents were read that this build has read."""
    before, digests = domain_of(env).source_digests, _digests_of_files()
    for document in sorted(_written_by_hand(env) - before.keys()):
        before[document] = document_digest(env, document, digests)


def _written_by_hand(env: BuildEnvironment) -> set[str]:
    """The documents that somebody wrote: those of the generated catalogue are written anew whenever they change."""
    return env.all_docs.keys() - set(domain_of(env).catalogue.documents.values())


def setup(app: Sphinx) -> None:
    """Connects both with the reading."""
    app.connect("env-get-outdated", outdated_documents)
    app.connect("env-updated", remember)
