"""What becomes of each of PyTorch's operators, and why the others become nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rfdocs.importing.torch_draft import OperatorCall
from rfdocs.importing.torch_matrices import MATRICES
from rfdocs.importing.torch_numbers import NUMBERS
from rfdocs.importing.torch_shapes import SHAPES
from rfdocs.importing.torch_windows import WINDOWS

#: The rule of each operator of PyTorch's own, by its name without overload and without the mark of those in place.
RULES: dict[str, Callable[[OperatorCall], Any]] = {**WINDOWS, **SHAPES, **NUMBERS, **MATRICES}

#: Operators whose tensors' shapes they look at, and not their numbers.
OF_SHAPE_ONLY = frozenset(
    {
        "new_zeros", "new_ones", "new_full", "new_empty", "new_empty_strided", "zeros_like", "ones_like", "full_like",
        "empty_like", "rand_like", "randn_like", "bernoulli", "fill", "zero",
    }
)  # fmt: skip

#: Operators that check or note something, and return nothing that is used.
NOTHING_LEFT = ("_assert", "sym_constrain", "_print", "_log_api")

_MOVED = "it reads the map at positions that are computed; which they can be would have to be known"
_ORDERED = "it orders or chooses numbers by their values; which it can choose from would have to be known"
_WAVES = "it mixes a whole axis by a transform of frequencies, which this reader does not follow"
_ALONG = "each of its numbers depends on all before it, which no node of a foreign graph says"
_WRITTEN = "it writes numbers at positions of a list; which they are would have to be known"

_REASONS = {
    **dict.fromkeys(("grid_sampler", "grid_sampler_2d", "grid_sampler_3d", "affine_grid_generator"), _MOVED),
    **dict.fromkeys(("torchvision.deform_conv2d", "torchvision.roi_align", "torchvision.roi_pool"), _MOVED),
    **dict.fromkeys(("gather", "take", "take_along_dim", "embedding", "embedding_bag", "nonzero"), _MOVED),
    **dict.fromkeys(("argmax", "argmin", "topk", "sort", "argsort", "median", "kthvalue", "mode"), _ORDERED),
    **dict.fromkeys(("torchvision.nms", "masked_select", "unique", "bincount", "bucketize", "searchsorted"), _ORDERED),
    **dict.fromkeys(("cumsum", "cumprod", "cummax", "cummin", "logcumsumexp"), _ALONG),
    **dict.fromkeys(("index_put", "_unsafe_index_put", "scatter", "scatter_add", "index_add", "index_copy"), _WRITTEN),
    **dict.fromkeys(("scatter_reduce", "masked_scatter", "as_strided", "as_strided_scatter"), _WRITTEN),
    **dict.fromkeys(("cond", "while_loop", "map_impl", "scan"), "which way it goes depends on the image's numbers"),
}


def reason_against(name: str) -> str:
    """Why nothing can be made of an operator.

    >>> reason_against("fft_rfft2")
    'it mixes a whole axis by a transform of frequencies, which this reader does not follow'
    """
    if name.startswith(("fft_", "_fft_", "stft", "istft")):
        return _WAVES
    fallback = (
        "this reader does not know the operator; which numbers each of its numbers depends on would have to be known"
    )
    return _REASONS.get(name, fallback)
