"""Where models come from: a Python call, an ONNX file, a file of ``torch.export``, a Keras file; and their graphs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.importing.calls import called, is_call
from rfdocs.importing.foreign_graph import ForeignGraph
from rfdocs.importing.keras_itself import choose_backend, is_keras_model, keras_itself

#: The image that a model is read on where neither it nor whoever asks says which.
IMAGE = (3, 224, 224)
_ENDINGS = (".onnx", ".pt2", ".keras")


@dataclass(frozen=True, slots=True)
class ForeignModel:
    """A model and its graph. ``framework`` is torch, onnx or keras; ``model`` is what runs: a module of PyTorch, a
    model of Keras, or the path of an ONNX file. ``again`` reads it on an image of other channels and size, where it
    can be; what PyTorch has exported is ``fixed``, a program for images of one size.
    """

    source: str
    framework: str
    model: Any
    graph: ForeignGraph
    again: Callable[[Sequence[int]], ForeignGraph] | None = None
    fixed: bool = False

    @property
    def image(self) -> tuple[int, ...]:
        """The image's channels and size."""
        _, *shape = self.graph.nodes[0].shape
        return (shape[-1], *shape[:-1]) if self.graph.channels_last else tuple(shape)

    def shape(self, size: Sequence[int]) -> tuple[int, ...]:
        """The shape of one image of a size, with its channels where the model has them."""
        channels = self.image[0]
        return (1, *size, channels) if self.graph.channels_last else (1, channels, *size)


def is_source(text: str) -> bool:
    """Whether a name means a foreign model, and not a network of the catalogue or a file of layers.

    >>> [is_source(text) for text in ("net.onnx", "timm.create_model('resnet18')", "resnet50", "my.yaml")]
    [True, True, False, False]
    """
    return text.endswith(_ENDINGS) or is_call(text)


def read_source(source: str, image: Sequence[int] | None = None) -> ForeignModel:
    """The model that a source means, read on an image of these channels and this size.

    Raises: RfdocsError where it is none, or cannot be read; MissingExtra where its framework is not installed.
    """
    if source.endswith(".onnx"):
        return of_onnx(source, image)
    if source.endswith(".pt2"):
        export = import_module("rfdocs.importing.torch_export")
        graph = import_module("rfdocs.importing.torch_reader").read_program(program := export.loaded(Path(source)))
        model = ForeignModel(source, "torch", export.running(program), graph, fixed=True)
        if image is not None and tuple(image) != model.image:
            own = "x".join(map(str, model.image))
            hint = "leave the size out, or export it for another"
            raise RfdocsError(f"{source} is a program for images of {own}", hint)
        return model
    if source.endswith(".keras"):
        return of_keras(import_module("rfdocs.importing.keras_file").load_model(Path(source)), image, source)
    if source.startswith("keras."):
        keras_itself()
    choose_backend()
    return of_module(called(source), image, source)


def of_module(module: Any, image: Sequence[int] | None = None, source: str = "model") -> ForeignModel:
    """A model of PyTorch or Keras, read. Raises: RfdocsError where it is something else."""
    if is_keras_model(module):
        return of_keras(module, image, source)
    torch = import_module("rfdocs.importing.torch_export").torch_itself()
    if not isinstance(module, torch.nn.Module):
        hint = (
            "it has to be a `torch.nn.Module`; of a class or function, write the call, with its arguments in brackets"
        )
        raise RfdocsError(f"{source} gives an object of the class {type(module).__name__}", hint)
    module = getattr(module, "_orig_mod", module)  # of what is compiled, that which was
    again = cache(partial(import_module("rfdocs.importing.torch_reader").read_torch, module))
    graph = again(tuple(image)) if image else _read_by_default(module, again)
    return ForeignModel(source, "torch", module, graph, again)


def _read_by_default(module: Any, again: Callable[[Sequence[int]], ForeignGraph]) -> ForeignGraph:
    """The graph on the image that the model says, or the usual one; where it does not take that, on one of as many
    channels as its first convolution reads.

    Raises: RfdocsError of the first of both.
    """
    size = _own_image(module) or IMAGE
    windows = (part for part in module.modules() if hasattr(part, "kernel_size") and hasattr(part, "in_channels"))
    channels = getattr(next(windows, None), "in_channels", size[0])
    try:
        return again(size)
    except RfdocsError:
        if channels != size[0]:
            with suppress(RfdocsError):
                return again((channels, *size[1:]))
        raise


def of_keras(model: Any, image: Sequence[int] | None = None, source: str = "model") -> ForeignModel:
    """A model of Keras, read. Raises: RfdocsError where it is something else; MissingExtra."""
    keras_itself()
    if not is_keras_model(model):
        raise RfdocsError(
            f"{source} gives an object of the class {type(model).__name__}", "it has to be a model of Keras"
        )
    graph = import_module("rfdocs.importing.keras_reader").read_keras(model, image)
    return ForeignModel(source, "keras", model, graph)


def _own_image(module: Any) -> tuple[int, ...] | None:
    """The image that a model says itself it was made for, as those of timm and pytorchcv do."""
    for name in ("pretrained_cfg", "default_cfg"):
        configuration = getattr(module, name, None)
        size = configuration.get("input_size") if isinstance(configuration, dict) else None
        if size:
            return tuple(size)
    size = getattr(module, "in_size", None)
    return (getattr(module, "in_channels", 3), *size) if isinstance(size, tuple) else None


def of_onnx(source: str, image: Sequence[int] | None = None) -> ForeignModel:
    """A file of ONNX, read, whatever its name ends with. Raises: OnnxError, RfdocsError, MissingExtra."""
    path = Path(source)
    reader = import_module("rfdocs.importing.onnx_reader")
    graph: ForeignGraph = reader.read_onnx(path, None if image is None else tuple(image[1:]))
    model = ForeignModel(source, "onnx", path, graph)
    if image is not None and model.image[0] != image[0]:
        raise RfdocsError(f"{source} takes images of {model.image[0]} channels, not {image[0]}")
    return model


def identifier_of(source: str) -> str:
    """An id for the model of a source: what is called, or the first text that it is called with, or the file's name.

    >>> [identifier_of(text) for text in ("timm.create_model('resnet50d')", "nets/My Net.onnx", "a.nets:build(3)")]
    ['resnet50d', 'my-net', 'build']
    """
    text = re.search(r"""['"]([A-Za-z_][\w.-]*)['"]""", source)
    if source.endswith(_ENDINGS):
        word = Path(source).stem
    elif text:
        word = text[1]
    else:
        word = re.split("[.:]", source.partition("(")[0])[-1]
    return (
        re.sub("[^a-z0-9]+", lambda letters: "_" if letters[0] == "_" else "-", word.lower()).strip("-_")[:80]
        or "model"
    )
