"""A short text that changes exactly when a resolved network changes: what a record of its verification is bound to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from typing import Any

from rfdocs.graph.network import Network


def network_fingerprint(network: Network) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the network's canonical text.

    >>> import rfdocs
    >>> len(network_fingerprint(rfdocs.load("alexnet").network))
    16
    """
    return sha256("\n".join(canonical_lines(network)).encode()).hexdigest()[:16]


def canonical_lines(network: Network) -> Iterator[str]:
    """The network as text: its input, then one line a layer. Remarks, aliases and the network's own name are left out.

    >>> import rfdocs
    >>> for line in list(canonical_lines(rfdocs.load("alexnet").network))[:3]:
    ...     print(line)
    input 3 (224, 224)
    conv1 conv 0 channels_out=64 dilation=(1, 1) kernel=(11, 11) padding=((2, 2), (2, 2)) stride=(4, 4)
    pool1 maxpool 1 dilation=(1, 1) kernel=(3, 3) padding=((0, 0), (0, 0)) stride=(2, 2)
    """
    multiple = () if network.multiple == 1 else (f"multiple={network.multiple}",)
    yield " ".join((f"input {network.input_channels} {network.input_size}", *multiple))
    for layer in network.layers:
        inputs = ",".join(map(str, layer.inputs))
        like = () if layer.like is None else (f"like={layer.like}",)
        learned = (f"learned={layer.learned}",) if layer.learned else ()
        yield " ".join((layer.name, layer.operation, inputs, *sorted(_attributes(layer.operator)), *like, *learned))


def _attributes(value: Any) -> Iterator[str]:
    """The attributes of a value and of its parts, flat: how they are grouped is the code's affair. Those that hold
    their default are left out, so that an attribute that is new to the code changes nothing.
    """
    for field in fields(value) if is_dataclass(value) else ():
        held = getattr(value, field.name)
        if is_dataclass(held):
            yield from _attributes(held)
        elif held != field.default:
            yield f"{field.name}={held.value if isinstance(held, Enum) else held!r}"
