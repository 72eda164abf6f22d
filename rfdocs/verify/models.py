"""Reference models: which one stands for a network, and how it is built from the words of the registry."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import os
import sys
import tomllib
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from rfdocs.catalogue import Entry
from rfdocs.verify.foreign import RUNNERS, run_parts
from rfdocs.verify.python_calls import declare_operators, evaluated

#: The packages whose models are Keras'.
KERAS = ("keras", "stardist")


@dataclass(frozen=True, slots=True)
class Reference:
    """A model to build, how it is run, and what is known to differ.

    ``of`` is the package, if the call does not begin with it, and ``shown`` what a reader would call; ``size`` is the
    input's, if not the catalogue's nominal one; ``run`` the parts that are called one after the other, or a runner's
    name, if not the model itself; ``skip`` the names of modules that are left out; ``extra`` the parameters that it has
    besides; ``biases`` whether they are compared, ``outputs`` whether it returns maps of the catalogue's, and not, say,
    the objects that it found; ``rows`` whether it runs on rows of units, so that what takes every unit by itself is
    compared by how many there are; ``pads`` whether it takes lengths that the catalogue refuses, adding to them what
    the format cannot say, so that further sizes are multiples only; ``notes`` say why.
    """

    call: str
    of: str = ""
    size: tuple[int, ...] | None = None
    shown: str = ""
    run: tuple[str, ...] = ()
    extra: int = 0
    notes: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    biases: bool = True
    outputs: bool = True
    pads: bool = False
    rows: bool = False

    @property
    def package(self) -> str:
        """The package that it is from."""
        return self.of or self.call.split(".", 1)[0]

    @property
    def on_keras(self) -> bool:
        """Whether it is a model of Keras."""
        return self.package in KERAS

    @property
    def symbol(self) -> str:
        """The call, as it is shown."""
        return self.shown or self.call

    @property
    def version(self) -> str:
        """The installed version. Raises: ModuleNotFoundError where it is not installed."""
        names = metadata.packages_distributions().get(self.package)
        if not names:
            raise ModuleNotFoundError(f"{self.package} is not installed", name=self.package)
        return metadata.version(names[0])


@cache
def _registry() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("references.toml").read_text("utf-8"))


def reference_of(entry: Entry) -> Reference | str:
    """The reference of a network, or why it has none."""
    name = entry.identifier
    for reference in _registry()["reference"]:
        if any(fnmatchcase(name, pattern) for pattern in reference["networks"]):
            return _registered_reference(reference, name)
    implementation = entry.description.implementation
    symbol = (implementation and implementation.symbol) or ""
    if (from_symbol := _reference_from_symbol(symbol)) is not None:
        return from_symbol
    reasons = dict(_registry()["without"])
    if implementation is None or implementation.name == "the paper":
        reasons["*"] = "the file names none"
    why = next(str(why) for pattern, why in reasons.items() if fnmatchcase(name, pattern))
    return why.replace("$symbol", symbol).replace("$name", implementation.name if implementation else "it")


def maps_of(identifier: str) -> dict[str, str]:
    """The modules that return the maps of a network's layers, by the layers' names, where the registry tells them."""
    registered = _registry()["maps"].items()
    return next((dict(maps) for pattern, maps in registered if fnmatchcase(identifier, pattern)), {})


def tapped_model(entry: Entry, package: str) -> Reference:
    """The model of torchvision or timm in which the network's taps are named: the reference, if it is from there, or
    the one that the registry tells. Raises: LookupError where it tells none.
    """
    reference = reference_of(entry)
    if isinstance(reference, Reference) and reference.package == package:
        return reference
    for pattern, words in _registry()["taps"][package].items():
        if fnmatchcase(entry.identifier, pattern):
            return _registered_reference(words, entry.identifier)
    raise LookupError(f"no model of {package} is registered for the taps of {entry.identifier}")


def is_tiled(identifier: str) -> bool:
    """Whether the tiles of the network are compared with the whole on its reference."""
    return any(fnmatchcase(identifier, pattern) for pattern in _registry()["tiles"]["networks"])


def _registered_reference(values: Mapping[str, Any], identifier: str) -> Reference:
    """A reference by its words in the registry."""
    words: dict[str, Any] = {}
    words |= {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    words.pop("networks", None)
    for key in ("call", "shown"):
        if key in words:
            words[key] = words[key].replace("$id", identifier)
    return Reference(**words)


def _reference_from_symbol(symbol: str) -> Reference | None:
    """A symbol that is a call, or that becomes one with the registry's arguments; ``None`` for any other."""
    for prefix, arguments in _registry()["arguments"].items():
        if symbol.startswith(prefix) and "(" not in symbol:
            return Reference(f"{symbol}({arguments})")
    if symbol.endswith(")") and symbol.startswith(("timm.", "pytorchcv.", "mmpretrain.")):
        return Reference(symbol)
    return None


def build(reference: Reference) -> Any:
    """The model, with random weights, ready to be evaluated."""
    _prepare_imports(reference.package)
    model = evaluated(reference.call)
    if isinstance(model, torch.nn.Module):
        model.eval()
    return model


def build_shapes(reference: Reference) -> Any:
    """The model without weights, on PyTorch's meta device, where only shapes are computed."""
    try:
        with torch.device("meta"):
            return build(reference)
    except (NotImplementedError, RuntimeError):
        return build(reference).to("meta")


def build_keras(reference: Reference, channels: int, size: Sequence[int]) -> Any:
    """The model of Keras for images of this size: there it is a part of the model."""
    shape = ", ".join(map(str, (channels, *size)))
    return build(replace(reference, call=f"{reference.call[:-1]}, input_shape=({shape}))"))


def runner(reference: Reference) -> Callable[[Any, Tensor], Any]:
    """How the model is called on an image: itself, by a runner's name, or its parts one after the other."""
    if not reference.run:
        return lambda model, image: model(image)
    if reference.run[0] in RUNNERS:
        return RUNNERS[reference.run[0]]
    return lambda model, image: run_parts(model, image, *reference.run)


def parts_of(reference: Reference, model: Any) -> list[Any]:
    """The parts of the model that are called: all of it, or those that the reference names."""
    named = [] if reference.run[:1] and reference.run[0] in RUNNERS else list(reference.run)
    return [model.get_submodule(name) for name in named] or [model]


@cache
def _prepare_imports(package: str) -> None:
    """Makes the package importable beside a CPU build of PyTorch."""
    os.environ["KERAS_BACKEND"] = "torch"
    declare_operators()
    install_stand_ins(_registry()["stand_ins"].get(package, ()))
    if package in KERAS:
        importlib.import_module("keras").config.set_image_data_format("channels_first")


class _StandInType(type):
    """The class of a stand-in: every attribute is the stand-in again."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return cls


class _StandIn(metaclass=_StandInType):
    """What a module that is not there seems to hold; as a decorator it changes nothing."""

    def __new__(cls, *arguments: Any, **_keywords: Any) -> Any:
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else super().__new__(cls)

    def __getattr__(self, name: str) -> Any:
        return _StandIn

    def __call__(self, *arguments: Any, **_keywords: Any) -> Any:
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else self


class _StandInModule(types.ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn


class _StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if any(f"{fullname}.".startswith(f"{name}.") for name in self.names):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing: the module is as it was made."""


def install_stand_ins(names: Sequence[str]) -> None:
    """Lets these modules, and all below them, be imported as empty stand-ins."""
    if names:
        sys.meta_path.insert(0, _StandInFinder(names))
