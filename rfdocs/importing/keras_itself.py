"""Keras itself, on whichever of its backends is installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.extras import MissingExtra, needed
from rfdocs.importing.foreign_code import first_line

#: What Keras can compute with, the first that is installed; a choice made in `KERAS_BACKEND` stands.
_BACKENDS = ("torch", "jax", "tensorflow")
_CHOICE = "KERAS_BACKEND"
#: The most numbers that a file's layers may keep: where they are only counted, and where memory holds them.
_MOST_COUNTED = 1 << 40
_MOST_HELD = 1 << 30


def keras_itself() -> Any:
    """The package. Raises: MissingExtra where it is not installed, or nothing that it computes with."""
    loaded = sys.modules.get("keras")
    if loaded is not None:
        return loaded
    choose_backend()
    if _CHOICE not in os.environ and find_spec("keras") is not None:
        missing = "Keras computes with PyTorch, JAX or TensorFlow, and none of them is installed"
        raise MissingExtra(missing, "pip install 'rfdocs[keras,torch]'")
    with needed("every model of Keras", "keras"):
        return import_module("keras")


def choose_backend() -> None:
    """Says what Keras shall compute with, as long as nobody else has, and it is not imported yet."""
    if _CHOICE in os.environ or "keras" in sys.modules:
        return
    installed = [name for name in _BACKENDS if find_spec(name) is not None]
    if installed:
        os.environ[_CHOICE] = installed[0]


def is_keras_model(value: Any) -> bool:
    """Whether it is a model of Keras, or a single layer; on its own backend it is a module of PyTorch, too."""
    return "keras" in sys.modules and isinstance(value, keras_itself().Layer)


def model_of(config: Mapping[str, Any], path: Path) -> Any:
    """The model of a configuration that was looked through, without any weights where PyTorch lets it be so.

    Raises: RfdocsError where Keras cannot build it.
    """
    keras = keras_itself()
    try:
        with _without_weights(keras):
            return keras.saving.deserialize_keras_object(config, safe_mode=True)
    except RfdocsError:
        raise
    except Exception as error:
        raise RfdocsError(f"{path} cannot be built by Keras: {first_line(error)[:200]}") from error


@contextmanager
def _without_weights(keras: Any) -> Iterator[None]:
    """Lets layers count what they would keep, and keep it on no device where the backend has such a one."""
    is_light = keras.backend.backend() == "torch"
    most, held, original = _MOST_COUNTED if is_light else _MOST_HELD, 0, keras.Layer.add_weight

    def counted(layer: Any, shape: Any = None, *args: Any, **kwargs: Any) -> Any:
        nonlocal held
        held += prod(shape or ())
        if held > most:
            raise RfdocsError(f"the model would have more than {most} weights")
        return original(layer, shape, *args, **kwargs)

    keras.Layer.add_weight = counted
    try:
        with keras.device("meta") if is_light else nullcontext():
            yield
    finally:
        keras.Layer.add_weight = original
