"""Which tensors of a file are a layer's: by its name, by what its implementation calls it, by a key that is given, or
because no other has its shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rfdocs.graph import Layer
from rfdocs.pixels.npz_file import NpzFile
from rfdocs.pixels.safetensors_file import SafetensorsFile
from rfdocs.pixels.tensors import Array, Shape, UnknownTensor, WeightsError, WeightsFile, is_file, shape_text

FORMATS: Mapping[str, type[WeightsFile]] = {".npz": NpzFile, ".safetensors": SafetensorsFile}
"""The files that are read, by their endings."""

PICKLES = frozenset({".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle"})
"""Endings of files that run what they hold when they are read."""

#: What PyTorch adds to a variance before it divides by its root.
EPSILON = 1e-5


def open_weights(path: Path) -> WeightsFile:
    """The tensors of a file. Raises: WeightsError, OSError."""
    ending = path.suffix.lower()
    if ending in PICKLES:
        hint = "in PyTorch: safetensors.torch.save_file(model.state_dict(), 'weights.safetensors')"
        raise WeightsError(f"{path}: a pickle runs whatever it holds, so that none is read", hint)
    if ending not in FORMATS:
        raise WeightsError(f"{path}: weights are read from {' and '.join(FORMATS)}", "name the file so, or save it so")
    if not is_file(path):
        raise WeightsError(f"{path}: there is no such file")
    return FORMATS[ending](path)


@dataclass(slots=True)
class LayerWeights:
    """A file of weights with the keys that were given for layers, and in ``used`` the tensor that each layer got."""

    file: WeightsFile
    keys: Mapping[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)

    def filters(self, layer: Layer, shape: Shape) -> tuple[Array, Array]:
        """The filters of a convolution and its biases, zeros where the file has none.

        Raises: UnknownTensor, WeightsError.
        """
        name = self._name(layer, shape)
        self.used[layer.name] = name
        bias = f"{name.removesuffix('weight')}bias" if name.endswith("weight") else f"{name}.bias"
        has_bias = bias in self.file.tensors
        return self._read(name, shape, layer), self._read(bias, shape[:1], layer) if has_bias else _zeros(shape[0])

    def normalisation(self, layer: Layer, channels: int, folded: bool) -> tuple[Array, Array]:
        """What a batch normalisation multiplies each channel by and then adds. Raises: UnknownTensor, WeightsError."""
        stem = self._stem(layer, folded)
        parts = [f"{stem}.{part}" for part in ("weight", "bias", "running_mean", "running_var")]
        scale, shift, mean, variance = [self._read(part, (channels,), layer) for part in parts]
        if variance.min() < 0:
            raise self.file.wrong(f"{parts[-1]} holds numbers below 0")
        factor = (scale / np.sqrt(variance + EPSILON)).astype(np.float32)
        return factor, shift - mean * factor

    def _stem(self, layer: Layer, folded: bool) -> str:
        named = list(_norm_names(layer, self.used.get(layer.name, ""))) if folded else list(_names(layer))
        asked = f"{layer.name}.norm" if folded else layer.name
        if asked in self.keys:
            return self.keys[asked]
        for stem in named:
            if f"{stem}.running_var" in self.file.tensors:
                return stem
        hint = f"name it: --key '{asked}=NAME', of NAME.weight, NAME.bias, NAME.running_mean and NAME.running_var"
        raise self.file.wrong(f"it has no normalisation of {layer.name} called {' or '.join(named)}", hint)

    def _read(self, name: str, shape: Shape, layer: Layer) -> Array:
        if name in self.file.tensors and (own := self.file.tensors[name].shape) != shape:
            raise self._misfit(name, own, shape, layer)
        return self.file.read(name)

    def _misfit(self, name: str, own: Shape, shape: Shape, layer: Layer) -> WeightsError:
        moved = len(own) == 4 and (own[3], own[2], own[0], own[1]) == shape
        hint = "Keras keeps them so: numpy.transpose(weights, (3, 2, 0, 1)) gives the order that is read" * moved
        return self.file.wrong(f"{name} is {shape_text(own)}, and {layer.name} has {shape_text(shape)}", hint)

    def _name(self, layer: Layer, shape: Shape) -> str:
        """The tensor with the filters of a layer."""
        if layer.name in self.keys:
            return self._of_key(self.keys[layer.name])
        for stem in _names(layer):
            for name in (f"{stem}.weight", stem):
                if name in self.file.tensors:
                    return name
        return self._by_shape(layer, shape)

    def _of_key(self, key: str) -> str:
        if f"{key}.weight" in self.file.tensors:
            return f"{key}.weight"
        if key not in self.file.tensors:
            raise UnknownTensor(f"tensor in {self.file.path} called", key, self.file.tensors)
        return key

    def _by_shape(self, layer: Layer, shape: Shape) -> str:
        alike = [name for name, stored in self.file.tensors.items() if stored.shape == shape]
        if len(alike) == 1:
            return alike[0]
        names = " or ".join([f"{stem}.weight" for stem in _names(layer)])
        several = f", and {len(alike)} tensors have its shape, {shape_text(shape)}" if alike else ""
        listed = alike or [name for name, stored in self.file.tensors.items() if len(stored.shape) == len(shape)]
        shown = ", ".join([f"{name} ({shape_text(self.file.tensors[name].shape)})" for name in listed[:4]])
        hint = f"name one: --key {layer.name}=NAME, of {shown}" if listed else "it holds no filters at all"
        raise self.file.wrong(f"it has no {names}{several or f', nor another of {shape_text(shape)}'}", hint)


def _zeros(count: int) -> Array:
    return np.zeros(count, np.float32)


def _names(layer: Layer) -> Iterator[str]:
    """What the file may call the layer."""
    yield layer.name
    if layer.alias:
        yield layer.alias


def _norm_names(layer: Layer, used: str) -> Iterator[str]:
    """What PyTorch's models call the normalisation that is folded into a layer here: ``bn1`` behind ``conv1``, or the
    next of a list.

    >>> from rfdocs.operators import Pooling, SlidingWindow
    >>> list(_norm_names(Layer("a.conv1", "conv", Pooling(SlidingWindow.of(1)), (0,)), "a.0.weight"))
    ['a.bn1', 'a.1']
    """
    for stem in dict.fromkeys([*_names(layer), used.removesuffix(".weight")]):
        if re.search(r"conv(\d*)$", stem):
            yield re.sub(r"conv(\d*)$", r"bn\1", stem)
        elif number := re.search(r"\d+$", stem):
            yield f"{stem[: number.start()]}{int(number[0]) + 1}"


def filters_shape(channels_in: int, channels_out: int, groups: int, kernel: Shape) -> Shape:
    """The shape of a convolution's filters, as PyTorch keeps them.

    >>> filters_shape(3, 64, 1, (11, 11))
    (64, 3, 11, 11)
    """
    return channels_out, channels_in // groups, *kernel
