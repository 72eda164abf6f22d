"""The families of the installed packages, as these packages themselves list their models; and who stands for each."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import isfunction
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from rfdocs.importing.calls import called
from rfdocs.importing.keras_itself import choose_backend

FAMILIES = Path(__file__).with_name("families.toml")


class SurveyedModel(NamedTuple):
    """A model that stands for its family: its package, the call that gives it, and the image that it is read on."""

    package: str
    model: str
    attends: bool
    call: str
    image: Sequence[int] | None


def surveyed_models() -> Iterator[SurveyedModel]:
    """All of them by package, those that attend behind the others; a model may stand with arguments of its call."""
    for package, given in tomllib.loads(FAMILIES.read_text("utf-8")).items():
        for kind in ("models", "attention"):
            for model in given.get(kind, ()):
                name, _, arguments = model.partition("(")
                more = f", {arguments.rpartition(')')[0]}" if arguments else ""
                call = given["call"].format(model=model, name=name, more=more)
                image = given.get("images", {}).get(model)
                yield SurveyedModel(package, model, kind == "attention", call if "(" in call else f"{call}()", image)


def forgotten_families() -> Iterator[tuple[str, str]]:
    """Each package with a family of its own that no model stands for, and that is not left out by name.

    Raises: RfdocsError without the packages.
    """
    for package, given in tomllib.loads(FAMILIES.read_text("utf-8")).items():
        families = REGISTRIES[package]()
        named = [model.partition("(")[0] for model in (*given["models"], *given.get("attention", ()))]
        known = {families.get(model) for model in named} | given.get("left_out", {}).keys()
        for family in sorted(set(families.values()) - known):
            yield package, family


def _of_timm() -> Mapping[str, str]:
    """The modules of timm, by the names of models."""
    modules = called("timm.list_modules()")
    return {model: module for module in modules for model in called(f"timm.list_models(module={module!r})")}


def _of_torchvision() -> Mapping[str, str]:
    """The modules of torchvision, below `torchvision.models`, by the paths of what builds models."""
    names = called("torchvision.models.list_models()")
    builders = {name: called(f"torchvision.models.get_model_builder({name!r})") for name in names}
    modules = {name: builder.__module__.removeprefix("torchvision.models.") for name, builder in builders.items()}
    return {".".join([*module.split(".")[:-1], name]): module for name, module in modules.items()}


def _of_pytorchcv() -> Mapping[str, str]:
    """The modules of pytorchcv, by the names of models."""
    builders = called("pytorchcv.model_provider:_models")
    return {name: builder.__module__.rpartition(".")[2] for name, builder in builders.items()}


def _of_keras() -> Mapping[str, str]:
    """The modules of `keras.applications`, by the functions that build models."""
    choose_backend()
    named = called("builtins.vars(keras.applications)").items()
    return {name: value.__module__.rpartition(".")[2] for name, value in named if isfunction(value)}


#: By package what lists its families, by the names of their models: the modules that build them.
REGISTRIES: Mapping[str, Callable[[], Mapping[str, str]]] = MappingProxyType(
    {"timm": _of_timm, "torchvision": _of_torchvision, "pytorchcv": _of_pytorchcv, "keras": _of_keras}
)
