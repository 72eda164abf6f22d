"""The generated pages: which there are, and their sources, which hold ids only: nothing of a YAML file becomes markup.

Every source begins with a line that names what it was made from, so that pages whose file is gone can be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_MARK = re.compile(r"\.\. made by rfdocs from (?P<file>\S+): do not edit\n")


def documents(output: str, families: Sequence[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Every network's document by its id, and every family's page that stands in the table of contents.

    Families come as ``(stem, identifiers)``. The key of a family's own page is ``family:<stem>``.

    >>> documents("networks", [("lenet5", ["lenet5"]), ("vgg", ["vgg11", "vgg13"])])  # doctest: +NORMALIZE_WHITESPACE
    {'lenet5': 'networks/lenet5', 'vgg11': 'networks/vgg11', 'vgg13': 'networks/vgg13',
     'family:vgg': 'networks/families/vgg'}
    """
    by_key: dict[str, str] = {}
    for stem, identifiers in families:
        by_key.update({identifier: f"{output}/{identifier}" for identifier in identifiers})
        if len(identifiers) > 1:
            by_key[f"family:{stem}"] = f"{output}/families/{stem}"
    return by_key


def sources(
    output: str, documents: Mapping[str, str], networks: Iterable[tuple[str, str, str]], *, listed: bool
) -> dict[str, str]:
    """The source of every generated page, by its document.

    Networks come as ``(file, family, identifier)``. Families that are ``listed`` stand in the table of contents.

    >>> print(sources("networks", {"m5": "networks/m5"}, [("m5.yaml", "m5", "m5")], listed=True)["networks/m5"])
    .. made by rfdocs from m5.yaml: do not edit
    <BLANKLINE>
    .. rf-network:: m5
    <BLANKLINE>
    """
    texts: dict[str, str] = {}
    family_pages: dict[str, None] = {}
    for file, family, identifier in networks:
        document = documents[identifier]
        family_page = documents.get(f"family:{family}", document)
        family_pages[family_page] = None
        texts[document] = _source(file, f".. rf-network:: {identifier}", orphan=not listed or document != family_page)
        if document != family_page:
            texts[family_page] = _source(file, f".. rf-family:: {family}", orphan=not listed)
    texts[f"{output}/index"] = _source("catalogue", ".. rf-catalogue::", *(_toctree(family_pages) if listed else ()))
    return texts


def _source(file: str, *lines: str, orphan: bool = False) -> str:
    """A source of these lines; an orphan stands in no table of contents."""
    options = (":orphan:", "") if orphan else ()
    return "\n".join((f".. made by rfdocs from {file}: do not edit", "", *options, *lines, ""))


def _toctree(documents: Iterable[str]) -> tuple[str, ...]:
    """A table of contents, as what a directive holds; none of no documents."""
    tree = [f"      /{document}" for document in documents]
    return ("", "   .. toctree::", "      :hidden:", "", *tree) if tree else ()


def origin_file(source: str) -> str | None:
    r"""The file that a generated source was made from; ``None`` if it is not a generated source.

    >>> origin_file(".. made by rfdocs from resnet.yaml: do not edit\n")
    'resnet.yaml'
    """
    mark = _MARK.match(source)
    return None if mark is None else mark["file"]
