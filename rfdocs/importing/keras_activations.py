"""Functions of every number by itself, as layers of Keras have them built in, or are them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rfdocs.importing.keras_draft import LayerCall, Symbolic

#: What the format calls functions whose names Keras has otherwise.
WORDS: Mapping[str, str] = {"hard_silu": "hard_swish", "swish": "silu", "relu_6": "relu6"}
#: Those that look at several numbers, besides softmax.
_MIXING = frozenset({"sparsemax", "glu"})


def activated(call: LayerCall, value: Symbolic, function: Any, scope: str = "") -> Symbolic:
    """A tensor behind a layer's activation."""
    name = getattr(function, "__name__", type(function).__name__)
    own = str(getattr(function, "__module__", "")).startswith("keras.")
    if function is None or name == "linear":
        return value
    if not own or name in _MIXING:
        why = f"its activation is {name}, which is no function of Keras for every number by itself"
        return call.emit("unknown", value, why=why)
    if name in {"softmax", "log_softmax"}:
        return call.emit("softmax", value, scope=scope, axis=len(value.shape) - 1)
    return call.emit("pointwise", value, scope=scope, word=WORDS.get(name, name))
