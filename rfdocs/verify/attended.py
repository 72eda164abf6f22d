"""Attention by places as sums, one axis after the other: what a unit attends to is added up."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from rfdocs.operators import GridAttention, NeighbourhoodAttention, WindowAttention


def attended_sums(operator: WindowAttention | GridAttention | NeighbourhoodAttention, image: Tensor) -> Tensor:
    """A map of the sums over all that its units attend to, of whatever size these sums stay."""
    for axis, count in enumerate(operator.attended):
        last = image.movedim(2 + axis, -1)
        if isinstance(operator, WindowAttention):
            sums = _in_windows(last, count, operator.moved[axis])
        elif isinstance(operator, GridAttention):
            sums = _in_grids(last, count)
        else:
            sums = _around(last, count, operator.dilation[axis])
        image = sums.movedim(-1, 2 + axis) * count**-0.5
    return image


def _in_windows(last: Tensor, window: int, shift: int) -> Tensor:
    """Zeros are added up to whole windows, the map is rolled, and what was rolled around stays apart from the rest.

    Source: torchvision ``shifted_window_attention``.
    """
    length = last.shape[-1]
    padded = functional.pad(last, (0, -length % window))
    if window >= padded.shape[-1]:
        shift = 0
    regions = torch.zeros(padded.shape[-1])
    regions[-window:] = 1
    regions[padded.shape[-1] - shift :] = 2
    blocks, parts = padded.roll(-shift, -1).unflatten(-1, (-1, window)), regions.unflatten(0, (-1, window))
    together = (parts[:, :, None] == parts[:, None, :]).to(last.dtype)
    return (together @ blocks[..., None]).flatten(-3).roll(shift, -1)[..., :length]


def _in_grids(last: Tensor, count: int) -> Tensor:
    """As ``x.view(count, n / count)`` has them: units of one column. Source: timm ``grid_partition``."""
    rows = last.unflatten(-1, (count, -1))
    return rows.sum(-2, keepdim=True).expand_as(rows).flatten(-2)


def _around(last: Tensor, kernel: int, dilation: int) -> Tensor:
    """Every ``dilation``-th unit is a map of its own, where each window begins as near to its unit's as it can.

    Source: NATTEN, ``get_window_start``.
    """
    sums = torch.zeros_like(last)
    for first in range(dilation):
        own = last[..., first::dilation]
        starts = (torch.arange(own.shape[-1]) - kernel // 2).clamp(0, own.shape[-1] - kernel)
        sums[..., first::dilation] = own.unfold(-1, kernel, 1).sum(-1)[..., starts]
    return sums
