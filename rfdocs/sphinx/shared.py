"""What the pages of a site share: where it changes, pages are written again that nobody has edited.

Sphinx writes the pages of edited documents, and forgets that others show their titles: in the sidebar, at the foot, in
a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from rfdocs.making.store import SHARED, bytes_of, digest_of, keep, kept
from rfdocs.publish import code_digest
from rfdocs.sphinx.assets import FOLDER
from rfdocs.sphinx.domain import Shared, domain_of

Place = tuple[str, str, str]
"""The code that has written pages, for which builder, and where."""


class Written(NamedTuple):
    """What pages showed besides their own content when they were written, as digests.

    ``frame`` is what all show around it, ``names`` what any may refer to.
    """

    frame: str
    names: str


def now(app: Sphinx) -> Written:
    """What the pages show now besides their own content."""
    domain = domain_of(app.env)
    shared = domain.shared = domain.shared or Shared(digest_of(*_tree(app.env)), digest_of(*_names(app.env)))
    return Written(digest_of(shared.tree, *_frame(app)), shared.names)


def _tree(env: BuildEnvironment) -> Iterator[str]:
    """The tables of contents, and the titles of the documents in them."""
    relations = env.collect_relations()
    yield repr(sorted(relations.items()))
    yield from (f"{document} {_titles(env, document)}" for document in sorted({env.config.root_doc, *relations}))
    yield from (str(tree) for document in sorted(env.toctree_includes) for tree in _toctrees(env.tocs[document]))
    yield repr(sorted(env.toc_secnumbers.items()))


def _frame(app: Sphinx) -> Iterator[str | bytes]:
    """The sidebar's families, templates, style sheets and scripts."""
    yield repr(domain_of(app.env).known.heads)
    if app.builder.format == "html":
        places = (*app.config.templates_path, *app.config.html_static_path)
        yield from _files([FOLDER, *(Path(app.confdir, place) for place in places)])


def _titles(env: BuildEnvironment, document: str) -> str:
    titles = (env.titles.get(document), env.longtitles.get(document))
    return " ".join(map(str, titles))


def _toctrees(toc: nodes.Element) -> Iterable[addnodes.toctree]:
    return toc.findall(addnodes.toctree)


def _files(folders: Iterable[Path]) -> Iterator[str | bytes]:
    """The names and bytes of the files in some folders; one may be a file itself."""
    for folder in folders:
        for path in [folder, *sorted(folder.rglob("*"))]:
            if path.is_file():
                yield str(path)
                yield bytes_of(path)


def _names(env: BuildEnvironment) -> Iterator[str]:
    """Everything that has a name: documents, their headings, and the objects of all domains."""
    for document in sorted(env.all_docs):
        yield f"{document} {_titles(env, document)} {env.metadata.get(document, {}).get('myst_slugs')!r}"
    for name in sorted(env.domains):
        yield from (f"{name} {one}" for one in sorted(env.domains[name].get_objects()))
    yield repr(sorted(env.domains["citation"].citations.items()))
    yield repr(sorted(env.domains["math"].equations.items()))


def affected(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The documents whose pages show something that has changed since they were written, besides their own content.

    Pages of the generated catalogue bring the words of their links with them.
    """
    known = domain_of(env).known
    if known.folder is None:
        return []
    before, current = _written(app), now(app)
    if before is None or before.frame != current.frame:
        return sorted(env.found_docs)
    return sorted(env.found_docs - set(known.documents.values())) if before.names != current.names else []


def _all_written(app: Sphinx) -> dict[Place, Written]:
    """What the pages showed when they were written, by their places."""
    written = kept(domain_of(app.env).known.cache, SHARED)
    return written if isinstance(written, dict) else {}


def _written(app: Sphinx) -> Written | None:
    return _all_written(app).get(_place(app))


def _place(app: Sphinx) -> Place:
    return code_digest(), app.builder.name, str(app.outdir)


def remember(app: Sphinx, exception: Exception | None) -> None:
    """Keeps what the pages show that were written."""
    known = domain_of(app.env).known
    if exception is None and known.folder is not None and _written(app) != (current := now(app)):
        keep(known.cache, SHARED, _all_written(app) | {_place(app): current})


def setup(app: Sphinx) -> None:
    """Connects both with the build."""
    app.connect("env-get-updated", affected)
    app.connect("build-finished", remember)
