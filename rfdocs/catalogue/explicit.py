"""A network as a file without loops, blocks and parameters: one item for each layer."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from rfdocs.catalogue.family import Entry
from rfdocs.language.assembly import ExplicitItem

#: Words that stand in YAML as they are: neither numbers nor `null`, `true`, `no` and their like.
_PLAIN = re.compile(r"(?!(?:null|true|false|yes|no|on|off|y|n)$)[A-Za-z_][A-Za-z0-9_.-]*", re.IGNORECASE)


def explicit_yaml(entry: Entry) -> str:
    """The file.

    >>> import rfdocs
    >>> print(explicit_yaml(rfdocs.load("lenet5")).partition("  - {layer_scale")[0], end="")
    title: "LeNet-5 (the paper's)"
    input: {channels: 1, size: [32, 32]}
    layers:
      - {conv: C1, kernel: 5, channels: 6}
      - {avgpool: S2, kernel: 2}
    """
    network = entry.network
    image: dict[str, Any] = {"channels": network.input_channels, "size": network.input_size}
    if network.multiple > 1:
        image["multiple"] = network.multiple
    if network.rate is not None:
        image["rate"] = network.rate
    return file_head(entry.title, image) + plain_list(entry.items)


def file_head(title: str, image: dict[str, Any]) -> str:
    """What a file begins with: the network's name, and its input."""
    return f"title: {flow(title)}\ninput: {flow(image)}\n"


def plain_list(items: Sequence[ExplicitItem]) -> str:
    """The layers of a file, one item each."""
    return "".join(["layers:\n", *[f"  - {flow(item)}\n" for item in items]])


def json_items(items: tuple[ExplicitItem, ...]) -> list[dict[str, Any]]:
    """The items for JSON, which has no fractions: they stand as the expressions that the format has for them."""
    return [{key: _json(value) for key, value in item.items()} for item in items]


def _json(value: Any) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else f"$({value})"
    return [_json(part) for part in value] if isinstance(value, tuple) else value


def flow(value: Any) -> str:
    """A value as YAML on one line.

    >>> print(flow({"upsample": "up", "scale": (Fraction(1, 3), 2), "align_corners": True}))
    {upsample: up, scale: [$(1/3), 2], align_corners: true}
    """
    if isinstance(value, dict):
        return f"{{{', '.join([f'{key}: {flow(part)}' for key, part in value.items()])}}}"
    value = _json(value)
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, str) and not value.startswith("$(") and not _PLAIN.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else json.dumps(value)
