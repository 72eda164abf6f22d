"""What the pages of a site share: where it changes, pages are written again that nobody has edited.

Sphinx writes the pages of edited documents, and forgets that others show their titles: in the sidebar, at the foot, in
a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from rfdocs.making.scripts import FOLDER
from rfdocs.making.store import SHARED, bytes_of, digest_of, keep, kept_mapping
from rfdocs.publish import code_digest
from rfdocs.sphinx.domain import SharedDigests, domain_of

Place = tuple[str, str, str]
"""The code that has written pages, for which builder, and where."""


class ShownDigests(NamedTuple):
    """What pages showed besides their own content when they were written, as digests.

    ``frame`` is what all show around it, ``names`` what any may refer to.
    """

    frame: str
    names: str


def digests_now(app: Sphinx) -> ShownDigests:
    """What the pages show now besides their own content."""
    domain = domain_of(app.env)
    if domain.shared is None:
        domain.shared = SharedDigests(digest_of(*_contents_tree(app.env)), digest_of(*_link_targets(app.env)))
    return ShownDigests(digest_of(domain.shared.tree, *_page_frame(app)), domain.shared.names)


def _contents_tree(env: BuildEnvironment) -> Iterator[str]:
    """The tables of contents, and the titles of the documents in them."""
    relations = env.collect_relations()
    yield repr(sorted(relations.items()))
    yield from (f"{document} {_titles(env, document)}" for document in sorted({env.config.root_doc, *relations}))
    yield from (
        str(tree) for document in sorted(env.toctree_includes) for tree in env.tocs[document].findall(addnodes.toctree)
    )
    yield repr(sorted(env.toc_secnumbers.items()))


def _page_frame(app: Sphinx) -> Iterator[str | bytes]:
    """The sidebar's families, templates, style sheets and scripts."""
    yield repr(domain_of(app.env).catalogue.family_titles)
    if app.builder.format == "html":
        places = (*app.config.templates_path, *app.config.html_static_path)
        yield from _file_contents([FOLDER, *(Path(app.confdir, place) for place in places)])


def _titles(env: BuildEnvironment, document: str) -> str:
    titles = (env.titles.get(document), env.longtitles.get(document))
    return " ".join(map(str, titles))


def _file_contents(folders: Iterable[Path]) -> Iterator[str | bytes]:
    """The names and bytes of the files in some folders; one may be a file itself."""
    for folder in folders:
        for path in [folder, *sorted(folder.rglob("*"))]:
            if path.is_file():
                yield str(path)
                yield bytes_of(path)


def _link_targets(env: BuildEnvironment) -> Iterator[str]:
    """Everything that has a name: documents, their headings, and the objects of all domains."""
    for document in sorted(env.all_docs):
        yield f"{document} {_titles(env, document)} {env.metadata.get(document, {}).get('myst_slugs')!r}"
    for name in sorted(env.domains):
        yield from (f"{name} {item}" for item in sorted(env.domains[name].get_objects()))
    yield repr(sorted(env.domains["citation"].citations.items()))
    yield repr(sorted(env.domains["math"].equations.items()))


def affected_documents(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The documents whose pages show something that has changed since they were written, besides their own content.

    Pages of the generated catalogue bring the words of their links with them.
    """
    catalogue = domain_of(env).catalogue
    if catalogue.folder is None:
        return []
    before, current = _written_digests(app), digests_now(app)
    if before is None or before.frame != current.frame:
        return sorted(env.found_docs)
    return sorted(env.found_docs - set(catalogue.documents.values())) if before.names != current.names else []


def _all_written_digests(app: Sphinx) -> dict[Place, ShownDigests]:
    """What the pages showed when they were written, by their places."""
    return kept_mapping(domain_of(app.env).catalogue.cache, SHARED)


def _written_digests(app: Sphinx) -> ShownDigests | None:
    return _all_written_digests(app).get(_output_place(app))


def _output_place(app: Sphinx) -> Place:
    return code_digest(), app.builder.name, str(app.outdir)


def remember(app: Sphinx, exception: Exception | None) -> None:
    """Keeps what the pages show that were written."""
    catalogue = domain_of(app.env).catalogue
    if exception is None and catalogue.folder is not None and _written_digests(app) != (current := digests_now(app)):
        keep(catalogue.cache, SHARED, _all_written_digests(app) | {_output_place(app): current})


def setup(app: Sphinx) -> None:
    """Connects both with the build."""
    app.connect("env-get-updated", affected_documents)
    app.connect("build-finished", remember)
