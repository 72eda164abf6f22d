"""A network of the catalogue as a module of PyTorch: a module for each layer, by its name, with all that it learns.

It is made to be read: `rfdocs import` gives back the network that it was built from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, singledispatchmethod
from math import inf, prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from rfdocs import operators as ops
from rfdocs.algebra import Edge, Rounding
from rfdocs.errors import RfdocsError
from rfdocs.graph import Layer, Network, Report
from rfdocs.language.operations import ACTIVATIONS
from rfdocs.operators.operator import Maps, Pointwise
from rfdocs.verify.linearised import ADAPTIVE_AVERAGES, AVERAGE_POOLS, CONVOLUTIONS, EDGES, TRANSPOSED, cropped

_MAXIMUM = {1: functional.max_pool1d, 2: functional.max_pool2d, 3: functional.max_pool3d}
_ADAPTIVE = {
    "avg": ADAPTIVE_AVERAGES,
    "max": {1: functional.adaptive_max_pool1d, 2: functional.adaptive_max_pool2d, 3: functional.adaptive_max_pool3d},
}
_MODES = {1: "linear", 2: "bilinear", 3: "trilinear"}


_FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu, "relu6": functional.relu6, "leaky_relu": functional.leaky_relu, "elu": functional.elu,
    "selu": functional.selu, "gelu": functional.gelu, "silu": functional.silu, "swish": functional.silu,
    "hard_swish": functional.hardswish, "hard_sigmoid": functional.hardsigmoid, "mish": functional.mish,
    "sigmoid": torch.sigmoid, "tanh": torch.tanh, "softmax": partial(functional.softmax, dim=1),
}  # fmt: skip


class NotBuilt(RfdocsError):
    """A layer that PyTorch has no form for, or of which a file does not tell what is in it."""


def build_network(network: Network) -> BuiltNetwork:
    """The module without numbers, on PyTorch's device that computes shapes only. Raises: NotBuilt."""
    with torch.device("meta"):
        return BuiltNetwork(network)


class BuiltNetwork(nn.Module):
    """The module; it reads the image and the other inputs, in their order, and returns the maps that no layer reads."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network
        self._built: list[BuiltLayer] = []
        report = Report(network)
        sizes = [report.input_size, *(layer.size for layer in report)]
        for node, layer in enumerate(network.layers, start=1):
            first = layer.inputs[0]
            maps = Maps(
                network.channels[first], sizes[first], network.channels[node], sizes[node], network.tokens[node]
            )
            self._built.append(BuiltLayer(layer, maps))
            self._place(layer.name, self._built[-1])

    def _place(self, name: str, module: nn.Module) -> None:
        """Puts a layer where its name says; what stands in a scope of that name goes into it."""
        *scopes, last = name.split(".")
        parent: nn.Module = self
        for scope in scopes:
            if scope not in dict(parent.named_children()):
                _name_child(parent, scope, nn.Module())
            parent = dict(parent.named_children())[scope]
        for inner, child in dict(parent.named_children()).get(last, nn.Module()).named_children():
            _name_child(module, inner, child)
        _name_child(parent, last, module)

    def forward(self, image: Tensor, *others: Tensor) -> Any:
        """The outputs. Raises: TypeError where there are more inputs or fewer."""
        names = [layer.name for layer in self._network.layers if layer.operator.given]
        if len(others) != len(names):
            raise TypeError(f"besides the image it reads {', '.join(names) or 'nothing'}")
        maps, given = [image], iter(others)
        for layer, built in zip(self._network.layers, self._built, strict=True):
            if layer.operator.given:
                maps.append(next(given))
                continue
            like = None if layer.like is None else maps[layer.like]
            maps.append(built([maps[node] for node in layer.inputs], like))
        return [maps[node] for node in self._network.output_nodes]


def _name_child(parent: nn.Module, name: str, child: nn.Module) -> None:
    """Puts a module into another one, by a name that a method may have, too, as `half` does.

    Raises: NotBuilt where it is the name of something that the other holds.
    """
    if name in vars(parent):
        raise NotBuilt(f"{name}: no module can have that name here")
    setattr(parent, name, child)


class BuiltLayer(nn.Module):
    """One layer: its weights, and what it does."""

    def __init__(self, layer: Layer, maps: Maps) -> None:
        super().__init__()
        self.layer, self.axes = layer, len(maps.lengths_in)
        self.scale_count, self.learns = 0, True
        self._prepare(layer.operator, maps)
        if layer.learned:
            self._learn_besides(layer.learned)

    def _learn(self, name: str, *shape: int) -> None:
        if self.learns:
            self.register_parameter(name, nn.Parameter(torch.zeros(shape)))
        else:
            self.register_buffer(name, torch.zeros(shape))

    def _learn_scales(self, count: int, channels: int, extra: int) -> None:
        """The factors and summands of a normalisation, and the slope of an activation."""
        self.scale_count = count
        for number in range(count):
            self._learn(f"scale{number}", channels)
        if extra:
            self._learn("slope", 1)

    def _learn_besides(self, count: int) -> None:
        """What it learns besides, of which a file does not tell what it does: here it makes the filters larger.

        Raises: NotBuilt where there are none.
        """
        if "weight" not in dict(self.named_parameters()):
            raise NotBuilt(f"{self.layer.name}: what it learns besides is not told")
        self._learn("besides", count)

    @property
    def filters(self) -> Tensor:
        """The filters, with what is learned besides."""
        besides = self._own("besides")
        return self.weight if besides is None else self.weight * besides.sum()

    @property
    def scales(self) -> list[Tensor]:
        """The factors and summands: asked for by their names, so that whoever exports them knows them."""
        return [getattr(self, f"scale{number}") for number in range(self.scale_count)]

    def _own(self, name: str) -> Tensor | None:
        return getattr(self, name, None)

    def forward(self, maps: Sequence[Tensor], like: Tensor | None) -> Tensor:
        """Its map."""
        if isinstance(self.layer.operator, ops.Merge):
            return self._merged(maps)
        return self._map(self.layer.operator, maps[0], like)

    def _merged(self, maps: Sequence[Tensor]) -> Tensor:
        if isinstance(self.layer.operator, ops.Concat):
            return torch.cat(list(maps), 1)
        if isinstance(self.layer.operator, ops.SideBySide):
            return torch.cat(list(maps), 2 + self.layer.operator.along.index(True))
        if isinstance(self.layer.operator, ops.PutTokens):
            raise NotBuilt(f"{self.layer.name}: class tokens have no place here")
        if isinstance(self.layer.operator, ops.Correlation):
            raise NotBuilt(f"{self.layer.name}: PyTorch has no layer that compares two maps")
        if isinstance(self.layer.operator, ops.CrossCorrelation):
            return self._slid(self.layer.operator, *maps)
        result = maps[0]
        for other in maps[1:]:
            result = result * other if isinstance(self.layer.operator, ops.Multiply) else result + other
        return result

    def _slid(self, operator: ops.CrossCorrelation, image: Tensor, kernel: Tensor) -> Tensor:
        """The convolution of each image of a batch with its own filters: the images are groups of one."""
        batch, channels = image.shape[:2]
        filters = kernel.reshape(-1, channels // operator.groups, *kernel.shape[2:])
        beside = image.reshape(1, batch * channels, *image.shape[2:])
        out = CONVOLUTIONS[self.axes](beside, filters, groups=batch * operator.groups)
        return out.reshape(batch, -1, *out.shape[2:])

    # -- weights -----------------------------------------------------------------------------------------------------

    @singledispatchmethod
    def _prepare(self, operator: ops.Operator, maps: Maps) -> None:
        pass

    @_prepare.register
    def _(self, operator: ops.Convolution, maps: Maps) -> None:
        shape = (maps.channels_out, maps.channels_in // operator.filters.groups, *operator.window.kernel)
        self._filters(operator.filters, shape)

    @_prepare.register
    def _(self, operator: ops.TransposedConvolution, maps: Maps) -> None:
        shape = (maps.channels_in, maps.channels_out // operator.filters.groups, *operator.window.kernel)
        self._filters(operator.filters, shape)

    @_prepare.register
    def _(self, operator: ops.Linear, maps: Maps) -> None:
        self._filters(operator.filters, (maps.channels_out, maps.channels_in * prod(maps.lengths_in)))

    @_prepare.register
    def _(self, operator: ops.SqueezeExcite, maps: Maps) -> None:
        ones, channels = (1,) * self.axes, maps.channels_in
        self._learn("squeezing", operator.squeeze, channels, *ones)
        self._learn("exciting", channels, operator.squeeze, *ones)
        if operator.bias:
            self._learn("squeezing_bias", operator.squeeze)
            self._learn("exciting_bias", channels)

    @_prepare.register
    def _(self, operator: Pointwise, maps: Maps) -> None:
        if self.layer.operation in {"identity", "dropout", "mix_channels", "pad_channels", "flatten"}:
            return
        self._learn_scales(operator.parameters_per_channel, maps.channels_out, operator.extra_parameters)

    def _filters(self, filters: ops.Filters, shape: tuple[int, ...]) -> None:
        self.learns = not filters.shared  # whose weights it shares is not told; fixed ones are none of its own either
        self._learn("weight", *shape)
        if filters.bias:
            self._learn("bias", filters.channels_out)
        self._learn_scales(filters.parameters_per_channel, filters.channels_out, filters.extra_parameters)

    # -- what it does ------------------------------------------------------------------------------------------------

    @singledispatchmethod
    def _map(self, operator: ops.Operator, image: Tensor, like: Tensor | None) -> Tensor:
        raise NotBuilt(f"{self.layer.name}: {type(operator).__name__} has no form here")

    @_map.register
    def _(self, operator: ops.Convolution, image: Tensor, like: Tensor | None) -> Tensor:
        window, filters = operator.window, operator.filters
        image, sides = self._padded(window, image)
        bias, groups = self._own("bias"), filters.groups
        out = CONVOLUTIONS[self.axes](image, self.filters, bias, window.stride, sides, window.dilation, groups)
        return self._finished(filters, out)

    def _padded(self, window: ops.SlidingWindow, image: Tensor, filling: float = 0) -> tuple[Tensor, tuple[int, ...]]:
        """The map that PyTorch's window reads, and what PyTorch adds on both sides of it: nothing where it cannot add
        what the window needs, which the map then has.
        """
        amounts = [window.applied_padding(axis, length) for axis, length in enumerate(image.shape[2:])]
        if min(map(min, amounts)) < 0:
            raise NotBuilt(f"{self.layer.name}: PyTorch cuts nothing off in the layer of a window")
        even = not isinstance(window.padding, str) and all(before == after for before, after in amounts)
        if even and window.edge is Edge.ZERO:
            return image, tuple(before for before, _ in amounts)
        flat = [side for pair in reversed(amounts) for side in pair]
        given = {"value": filling} if window.edge is Edge.ZERO else {}
        return functional.pad(image, flat, mode=EDGES[window.edge], **given), (0,) * self.axes

    @_map.register
    def _(self, operator: ops.TransposedConvolution, image: Tensor, like: Tensor | None) -> Tensor:
        window, filters = operator.window, operator.filters
        if isinstance(window.padding, str) or any(before != after for before, after in window.padding):
            raise NotBuilt(f"{self.layer.name}: PyTorch has no padding by this rule")
        sides = tuple(before for before, _ in window.padding)
        out = TRANSPOSED[self.axes](
            image,
            self.filters,
            self._own("bias"),
            window.stride,
            sides,
            operator.output_padding,
            filters.groups,
            window.dilation,
        )
        return self._finished(filters, out)

    def _finished(self, filters: ops.Filters, image: Tensor) -> Tensor:
        """The folded normalisation and activation."""
        if self.scales and filters.mixed:
            image = self._normalised_by_unit(image)
        elif self.scales or filters.over_space:
            image = self._normalised(image, over_space=filters.over_space)
        slope = self._own("slope")
        return image if slope is None else functional.prelu(image, slope)

    def _normalised_by_unit(self, image: Tensor) -> Tensor:
        """Over the channels of each unit."""
        return functional.layer_norm(image.movedim(1, -1), (image.shape[1],), *self.scales).movedim(-1, 1)

    def _normalised(self, image: Tensor, *, over_space: bool) -> Tensor:
        channels = image.shape[1]
        if over_space and self.scales:
            return functional.group_norm(image, 1, *self.scales)
        if over_space:
            return functional.instance_norm(image)
        return functional.batch_norm(image, image.new_zeros(channels), image.new_ones(channels), *self.scales)

    @_map.register
    def _(self, operator: ops.Pooling, image: Tensor, like: Tensor | None) -> Tensor:
        window = operator.window
        if self.layer.operation == "subsample":
            return image[(slice(None), slice(None), *(slice(None, None, step) for step in window.stride))]
        if window.rounding is Rounding.CAFFE:
            raise NotBuilt(f"{self.layer.name}: PyTorch does not round by this rule")
        maximum = self.layer.operation == "maxpool"
        image, sides = self._padded(window, image, -inf if maximum else 0)
        ceil = window.rounding is Rounding.CEIL
        if maximum:
            return _MAXIMUM[self.axes](image, window.kernel, window.stride, sides, window.dilation, ceil_mode=ceil)
        if set(window.dilation) != {1}:
            raise NotBuilt(f"{self.layer.name}: PyTorch has no dilated average")
        return AVERAGE_POOLS[self.axes](image, window.kernel, window.stride, sides, ceil)

    @_map.register
    def _(self, operator: ops.GlobalPooling, image: Tensor, like: Tensor | None) -> Tensor:
        return _ADAPTIVE[self.layer.operation.split("_")[1][:3]][self.axes](image, 1)

    @_map.register
    def _(self, operator: ops.AdaptivePooling, image: Tensor, like: Tensor | None) -> Tensor:
        return _ADAPTIVE[self.layer.operation.split("_")[1][:3]][self.axes](image, operator.size)

    @_map.register
    def _(self, operator: ops.Linear, image: Tensor, like: Tensor | None) -> Tensor:
        out = functional.linear(image.flatten(1), self.filters, self._own("bias"))
        return self._finished(operator.filters, out.reshape(*out.shape, *(1,) * self.axes))

    @_map.register
    def _(self, operator: ops.SqueezeExcite, image: Tensor, like: Tensor | None) -> Tensor:
        convolve = CONVOLUTIONS[self.axes]
        pooled = _ADAPTIVE["avg"][self.axes](image, 1)
        squeezed = functional.relu(convolve(pooled, self.squeezing, self._own("squeezing_bias")))
        return image * convolve(squeezed, self.exciting, self._own("exciting_bias")).sigmoid()

    @_map.register
    def _(self, operator: ops.Upsample, image: Tensor, like: Tensor | None) -> Tensor:
        if operator.coordinates is not None or operator.area:
            raise NotBuilt(f"{self.layer.name}: PyTorch does not resample by this rule")
        mode = _MODES[self.axes] if operator.bilinear else "bicubic" if operator.bicubic else "nearest"
        corners = operator.corners if mode != "nearest" else None
        if operator.scale is not None:
            factors = [float(factor) for factor in operator.scale]
            return functional.interpolate(image, scale_factor=factors, mode=mode, align_corners=corners)
        size = operator.size if like is None else tuple(like.shape[2:])
        return functional.interpolate(image, size=size, mode=mode, align_corners=corners)

    @_map.register
    def _(self, operator: ops.Margins, image: Tensor, like: Tensor | None) -> Tensor:
        flat = [side for pair in reversed(operator.margins) for side in pair]
        return functional.pad(image, flat, mode=EDGES[operator.edge])

    @_map.register
    def _(self, operator: ops.Roll, image: Tensor, like: Tensor | None) -> Tensor:
        return image.roll(operator.shift, [2 + axis for axis in range(len(operator.shift))])

    @_map.register
    def _(self, operator: ops.CropTo, image: Tensor, like: Tensor | None) -> Tensor:
        return cropped(operator, image, None if like is None else tuple(like.shape[2:]))

    @_map.register
    def _(self, operator: ops.PixelShuffle, image: Tensor, like: Tensor | None) -> Tensor:
        return functional.pixel_shuffle(image, operator.scale[0])

    @_map.register
    def _(self, operator: ops.SpaceToDepth, image: Tensor, like: Tensor | None) -> Tensor:
        if operator.filled:
            raise NotBuilt(f"{self.layer.name}: PyTorch does not fill up blocks")
        return functional.pixel_unshuffle(image, operator.scale[0])

    @_map.register
    def _(self, operator: ops.ChannelSlice, image: Tensor, like: Tensor | None) -> Tensor:
        return image[:, operator.offset : operator.offset + operator.channels_out]

    @_map.register
    def _(self, operator: ops.ChannelShuffle, image: Tensor, like: Tensor | None) -> Tensor:
        if operator.groups is None:
            raise NotBuilt(f"{self.layer.name}: in which order it puts channels is not told")
        batch, channels, *size = image.shape
        dealt = image.reshape(batch, operator.groups, channels // operator.groups, *size).transpose(1, 2)
        return dealt.reshape(image.shape)

    @_map.register
    def _(self, operator: Pointwise, image: Tensor, like: Tensor | None) -> Tensor:
        word = self.layer.operation
        if word == "layer_scale":
            return image * self.scales[0].reshape(-1, *(1,) * self.axes)
        if word == "prelu":
            return functional.prelu(image, self.scales[0] if self.scales else self.slope)
        if word in ACTIVATIONS:
            return _FUNCTIONS[word](image)
        if word in {"batchnorm", "groupnorm", "instancenorm"}:
            return self._normalised(image, over_space=word != "batchnorm")
        return self._over_channels(operator, image)

    def _over_channels(self, operator: Pointwise, image: Tensor) -> Tensor:
        """What looks at all channels of a unit."""
        word, channels = self.layer.operation, image.shape[1]
        if word == "layernorm":
            return self._normalised_by_unit(image)
        if word == "pad_channels":
            missing = operator.channels(channels) - channels
            return functional.pad(image, (*(0, 0) * self.axes, 0, missing))
        if word == "local_response_norm":
            return functional.local_response_norm(image, 5)
        raise NotBuilt(f"{self.layer.name}: what {word} does to channels is not told")
