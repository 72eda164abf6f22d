"""Operators: what each kind of layer reads on every axis, and what it costs."""

from rfdocs.operators.base import (
    AppliedWindow,
    AxisStep,
    ChannelMixing,
    ChannelShuffle,
    ChannelSlice,
    Filters,
    Maps,
    Operator,
    Pointwise,
)
from rfdocs.operators.channels import Channels
from rfdocs.operators.dense import GlobalContext, Linear, SqueezeExcite
from rfdocs.operators.fitting import PadTo, Unpooling
from rfdocs.operators.merges import Add, Concat, Merge, Multiply
from rfdocs.operators.resampling import (
    AdaptivePooling,
    Coordinates,
    GlobalPooling,
    PixelShuffle,
    Rounded,
    SpaceToDepth,
    Upsample,
)
from rfdocs.operators.windows import (
    Convolution,
    CropTo,
    Margins,
    Padding,
    Pooling,
    SlidingWindow,
    TransposedConvolution,
)

__all__ = [
    "AdaptivePooling",
    "Add",
    "AppliedWindow",
    "AxisStep",
    "ChannelMixing",
    "ChannelShuffle",
    "ChannelSlice",
    "Channels",
    "Concat",
    "Convolution",
    "Coordinates",
    "CropTo",
    "Filters",
    "GlobalContext",
    "GlobalPooling",
    "Linear",
    "Maps",
    "Margins",
    "Merge",
    "Multiply",
    "Operator",
    "PadTo",
    "Padding",
    "PixelShuffle",
    "Pointwise",
    "Pooling",
    "Rounded",
    "SlidingWindow",
    "SpaceToDepth",
    "SqueezeExcite",
    "TransposedConvolution",
    "Unpooling",
    "Upsample",
]
