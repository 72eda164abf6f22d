"""A network's page, and its paper, as bibliographies have them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import rfdocs
from rfdocs.catalogue import Entry
from rfdocs.formats.tables import latex_escaped

#: The year of this version, as `site/cite.md` has it.
YEAR = 2026


def bibtex(entry: Entry) -> str:
    r"""The entries of the page and, if there is one, of the paper. The page adds its own address where it has one.

    >>> print(bibtex(rfdocs.load("resnet18")).partition("\n\n")[2])
    @misc{he2015resnet,
      title  = {{Deep Residual Learning for Image Recognition}},
      author = {Kaiming He and Xiangyu Zhang and Shaoqing Ren and Jian Sun},
      year   = {2015},
      url    = {https://arxiv.org/abs/1512.03385}
    }
    """
    page = {
        "title": f"{{Receptive fields of {latex_escaped(entry.title)}}}",
        "author": "{The rfdocs contributors}",
        "year": str(YEAR),
        "note": f"rfdocs {rfdocs.__version__}, network {latex_escaped(entry.identifier)}",
    }
    return "\n\n".join([_entry(f"rfdocs-{entry.identifier}", page), *_paper(entry)])


def _paper(entry: Entry) -> list[str]:
    description = entry.description
    if description.paper is None:
        return []
    values = {
        "title": f"{{{latex_escaped(description.paper.title)}}}",
        "author": " and ".join(map(latex_escaped, description.authors)),
        "year": str(description.year or ""),
        "url": description.paper.url,
    }
    first = description.authors[0].split()[-1].lower() if description.authors else ""
    key = re.sub(r"[^a-z0-9]", "", f"{first}{description.year or ''}{entry.family}")
    return [_entry(key, values)]


def _entry(key: str, values: Mapping[str, str]) -> str:
    lines = [f"  {name:<6} = {{{value}}}" for name, value in values.items() if value]
    return "\n".join([f"@misc{{{key},", ",\n".join(lines), "}"])
