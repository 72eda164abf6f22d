"""What a file of Keras may hold, before Keras sees it: layers of Keras itself, and nothing that runs.

Keras itself finds classes by the modules that a file names, and unpacks functions that stand in it. Here a file is only
a list of layers that are known; how they were initialised and trained is left out, and so are their weights: shapes
and counts follow from the layers alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from rfdocs.errors import RfdocsError, reason
from rfdocs.importing.keras_itself import model_of
from rfdocs.importing.keras_layers import PLAIN
from rfdocs.importing.keras_operations import OPERATIONS
from rfdocs.importing.keras_sequences import SEQUENCES
from rfdocs.importing.keras_windows import WINDOWS

_CONFIG = "config.json"
_MAX_MEMBERS = 10_000
_MAX_CONFIG = 1 << 26
_MAX_DEPTH = 200
#: Layers, each with a type.
_MAX_OBJECTS = 50_000
_MAX_NUMBER = 1 << 31
#: The most that a message names.
_SHOWN = 20

_HINT = "it has to be a file of `model.save('….keras')` of Keras 3"
_OPERATION = re.compile(r"keras\.src\.ops\.[a-z_]+")
_WORD = re.compile(r"[a-z0-9_]+")
#: What only training or a first moment has use for, and what stands in its place.
_LEFT_OUT = {"keras.initializers": "zeros", "keras.regularizers": None, "keras.constraints": None}
#: What Keras writes for values that JSON does not have.
_VALUES = {"__keras_tensor__", "__tensor__", "__numpy__", "__ellipsis__", "__slice__"}
_MODELS = {
    ("keras.src.models.functional", "Functional"), ("keras", "Functional"), ("keras.models", "Functional"),
    ("keras", "Sequential"), ("keras.models", "Sequential"), ("keras.src.models.sequential", "Sequential"),
    ("keras", "Model"), ("keras.models", "Model"),
}  # fmt: skip
_OTHERS = {
    ("keras", "DTypePolicy"), ("keras.dtype_policies", "DTypePolicy"), ("keras.layers", "InputLayer"),
    ("keras.src.applications.convnext", "LayerScale"), ("keras.src.applications.convnext", "StochasticDepth"),
    ("keras.src.applications.inception_resnet_v2", "CustomScaleLayer"),
}  # fmt: skip
_LAYERS = (WINDOWS.keys() | PLAIN.keys() | SEQUENCES.keys()) - {"Lambda"}


class KerasFileError(RfdocsError, ValueError):
    """A file that is no model of Keras, or one that is not opened."""


def load_model(path: Path) -> Any:
    """The model of Keras in a file. Raises: KerasFileError; RfdocsError where Keras cannot build it; MissingExtra."""
    config = read_config(path)
    return model_of(config, path)


def read_config(path: Path) -> Mapping[str, Any]:
    """The model in a file as Keras builds it, of layers that are known.

    Raises: KerasFileError for a file that is none, that is beyond what is read, or that has other layers.
    """
    config = _parsed(path)
    cleaning = _Cleaning()
    cleaned: Mapping[str, Any] = cleaning.cleaned(config, "the model", 0)
    if cleaning.refused:
        what = "one object" if len(cleaning.refused) == 1 else f"{len(cleaning.refused)} objects"
        hint = "no code of a file is run: build the model in Python, and import it by a call"
        raise KerasFileError(f"{path}: {what} of the file may not be opened", hint, cleaning.refused[:_SHOWN])
    if not isinstance(cleaned, dict) or (cleaned.get("module"), cleaned.get("class_name")) not in _MODELS:
        raise KerasFileError(f"{path} holds no functional or sequential model", _HINT)
    return cleaned


def _parsed(path: Path) -> Any:
    try:
        with ZipFile(path) as archive:
            return json.loads(_text(path, archive))
    except OSError as error:
        raise KerasFileError(f"{path} cannot be read: {reason(error)}") from error
    except (BadZipFile, ValueError, RecursionError, EOFError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, KerasFileError):
            raise
        raise KerasFileError(f"{path} is no file of Keras: {str(error)[:80]}", _HINT) from None


def _text(path: Path, archive: ZipFile) -> bytes:
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise KerasFileError(f"{path} holds {len(members)} files; at most {_MAX_MEMBERS} are read")
    configs = [member for member in members if member.filename == _CONFIG]
    if len(configs) != 1:
        raise KerasFileError(f"{path} holds {len(configs)} files {_CONFIG}", _HINT)
    with archive.open(configs[0]) as file:
        text = file.read(_MAX_CONFIG + 1)
    if len(text) > _MAX_CONFIG:
        raise KerasFileError(f"{path} holds a {_CONFIG} of more than {_MAX_CONFIG} bytes")
    return text


class _Cleaning:
    """A configuration while what is known of it is copied; ``refused`` says what is not, and where."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self._objects = 0

    def cleaned(self, value: Any, place: str, depth: int) -> Any:
        """A copy of a value. Raises: KerasFileError where it is too deep, too long, or too large."""
        if depth > _MAX_DEPTH:
            raise KerasFileError(f"more than {_MAX_DEPTH} lists stand in each other")
        if isinstance(value, dict) and "class_name" in value:
            return self._object(value, place, depth)
        if isinstance(value, dict):
            return {key: self.cleaned(part, place, depth + 1) for key, part in value.items()}
        if isinstance(value, list):
            return [self.cleaned(part, place, depth + 1) for part in value]
        if isinstance(value, int | float) and not abs(value) <= _MAX_NUMBER:
            raise KerasFileError(f"{place}: a number is beyond {_MAX_NUMBER}")
        return value

    def _object(self, value: Mapping[str, Any], place: str, depth: int) -> Any:
        module, name, config = value.get("module"), value["class_name"], value.get("config")
        where = _place(value, config, place)
        if module in _LEFT_OUT:
            return _LEFT_OUT[module]
        if name in _VALUES and module is None:
            return {"class_name": name, "config": self.cleaned(config, where, depth + 1)}
        if name == "function" and module in {"builtins", "keras.activations"} and _is_word(config):
            return config
        if not _is_known(module, name) or not isinstance(config, dict):
            self.refused.append(f"{where}: {_why(module, name)}")
            return None
        self._objects += 1
        if self._objects > _MAX_OBJECTS:
            raise KerasFileError(f"the model has more than {_MAX_OBJECTS} layers and types")
        kept = {key: self.cleaned(value[key], where, depth + 1) for key in ("name", "inbound_nodes") if key in value}
        inner = self.cleaned(config, where, depth + 1)
        return {"module": module, "class_name": name, "config": inner, "registered_name": None, **kept}


def _place(value: Mapping[str, Any], config: Any, place: str) -> str:
    """The name of the layer that an object is, or stands in."""
    name = value.get("name") or (config.get("name") if isinstance(config, dict) else None)
    return _short(name) if isinstance(name, str) else place


def _is_word(config: Any) -> bool:
    return isinstance(config, str) and _WORD.fullmatch(config) is not None


def _is_known(module: Any, name: Any) -> bool:
    if not isinstance(module, str) or not isinstance(name, str):
        return False
    if (module, name) in _MODELS | _OTHERS:
        return True
    return (module == "keras.layers" and name in _LAYERS) or (
        _OPERATION.fullmatch(module) is not None and name in OPERATIONS
    )


def _why(module: Any, name: Any) -> str:
    if name in {"Lambda", "__lambda__"}:
        return "a Lambda holds a Python function"
    if isinstance(module, str) and module.split(".")[0] == "keras":
        return f"{_short(f'{module}.{name}')} is not known here"
    return f"the class {_short(str(name))} is none of Keras itself"


def _short(text: str) -> str:
    """A name from a file, for a message."""
    clean = "".join([letter if letter.isprintable() else "?" for letter in text])
    return clean if len(clean) <= 80 else f"{clean[:79]}…"
