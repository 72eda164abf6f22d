"""The sources of generated pages. They hold ids only: what a YAML file says never becomes markup.

Every source begins with a line that names what it was made from, so that pages whose file is gone can be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARK = re.compile(r"\.\. made by rfdocs from (?P<file>\S+): do not edit\n")


def _source(file: str, *lines: str) -> str:
    return "\n".join((f".. made by rfdocs from {file}: do not edit", "", *lines, ""))


def made_from(source: str) -> str | None:
    """The file that a generated source was made from; ``None`` if it is not a generated source.

    >>> made_from(network_source("resnet.yaml", "resnet50", orphan=True))
    'resnet.yaml'
    """
    mark = _MARK.match(source)
    return None if mark is None else mark["file"]


def network_source(file: str, identifier: str, *, orphan: bool) -> str:
    """The page of one network; an orphan stands in no table of contents.

    >>> print(network_source("alexnet.yaml", "alexnet", orphan=False))
    .. made by rfdocs from alexnet.yaml: do not edit
    <BLANKLINE>
    .. rf-network:: alexnet
    <BLANKLINE>
    """
    return _source(file, *_head(orphan), f".. rf-network:: {identifier}")


def family_source(file: str, family: str, *, orphan: bool) -> str:
    """The page of a family with several networks."""
    return _source(file, *_head(orphan), f".. rf-family:: {family}")


def _head(orphan: bool) -> tuple[str, ...]:
    return (":orphan:", "") if orphan else ()


def index_source(folder: str, documents: Iterable[str]) -> str:
    """The page of all networks, with the table of contents of the families, if they stand in one."""
    tree = [f"      /{document}" for document in documents]
    if not tree:
        return _source(folder, ".. rf-catalogue::")
    return _source(
        folder, ".. rf-catalogue::", "", "   .. toctree::", "      :hidden:", "",
        *tree,
    )  # fmt: skip


def documents(output: str, families: Sequence[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Every network's document by its id, and every family's page that stands in the table of contents.

    Families come as ``(stem, identifiers)``. The key of a family's own page is ``family:<stem>``.

    >>> documents("networks", [("lenet5", ["lenet5"]), ("vgg", ["vgg11", "vgg13"])])  # doctest: +NORMALIZE_WHITESPACE
    {'lenet5': 'networks/lenet5', 'vgg11': 'networks/vgg11', 'vgg13': 'networks/vgg13',
     'family:vgg': 'networks/families/vgg'}
    """
    named: dict[str, str] = {}
    for stem, identifiers in families:
        named.update({identifier: f"{output}/{identifier}" for identifier in identifiers})
        if len(identifiers) > 1:
            named[f"family:{stem}"] = f"{output}/families/{stem}"
    return named
