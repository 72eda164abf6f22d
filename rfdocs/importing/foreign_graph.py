"""What a reader makes of a foreign model: its tensors and what computes them, in words that are no framework's.

A reader (one module for each framework) translates operators and nothing else. What shapes, transpositions and slices
mean for maps and channels is found out once, behind all readers, by :mod:`rfdocs.importing.understanding`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

#: What is added to the scores of an attention, or less, hides a key: its weight is less than a float of 32 bits holds
#: beside 1.
HIDING = -50.0

#: The kinds of nodes, each with the attributes that it has. A node's ``shape`` is always that of what it gives, batch
#: first, as the framework orders it; ``axis`` and ``axes`` count the dimensions of the first input's shape, from 0.
#: Lists per spatial axis are tuples; ``padding`` is ``(before, after)`` per spatial axis, or a word of the format
#: (``same``, ``valid``, ``same_upper``, ``same_lower``). What has windows reads ``(batch, channels, spatial ...)``, or,
#: where ``last`` is true, ``(batch, spatial ..., channels)``.
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "image": (),
        # A tensor that no image changes: learned, or fixed. `numbers` is a function of nothing that gives them as an
        # array of numpy, or nothing, where they are not known.
        "constant": ("numbers",),
        # Windows. `weights` is how many numbers the kernel has; `edge` is what the padding holds.
        "conv": (
            "kernel", "stride", "padding", "dilation", "groups", "channels", "bias", "weights", "edge", "last",
        ),
        "transposed_conv": (
            "kernel", "stride", "padding", "dilation", "groups", "channels", "bias", "weights", "output_padding",
            "last",
        ),
        # `mode` is max or avg; `ceil_mode` a value of the format's `ceil_mode`.
        "pool": ("mode", "kernel", "stride", "padding", "dilation", "ceil_mode", "last"),
        "adaptive_pool": ("mode", "size", "last"),
        # Each value back where the maximum pooling, the second input, found it.
        "unpool": ("kernel", "stride", "padding", "last"),
        # The last dimension through a matrix.
        "linear": ("channels", "bias", "weights"),
        # `mode`: batch, instance, group (with `groups`), layer (over `axes`), local (response normalisation);
        # `affine`: how many learned numbers for each channel, 0 to 2.
        "norm": ("mode", "groups", "axes", "affine"),
        # A function of every number by itself; `word` is one of the format's activations, or any other name.
        "pointwise": ("word",),
        "prelu": (),
        "softmax": ("axis",),
        # Of two tensors, broadcast: `word` is add (sums, differences, maxima) or multiply (products, quotients).
        "add": (),
        "multiply": (),
        "matmul": (),
        # Queries, keys and values: (..., length, channels) each; `causal`: whether none sees a later one. What a fourth
        # input holds is added to the scores.
        "attention": ("causal",),
        # `mode`: mean, max or sum, over `axes`; `keep`: whether they stay, with length 1.
        "reduce": ("mode", "axes", "keep"),
        "concat": ("axis",),
        "slice": ("axis", "start", "stop", "step"),
        "reshape": (),
        "permute": ("order",),
        "expand": (),
        "flip": ("axes",),
        # What stood at ``place`` stands at ``place + shift`` then; what comes out at an end comes in at the other.
        "roll": ("axes", "shifts"),
        # `padding` here is (before, after) for every dimension; `edge` as of a convolution.
        "pad": ("padding", "edge"),
        # Either `size` or `scale`; the other is nothing. Words and rules are those of the format's `upsample`. A size
        # that is `fixed` is that of every image; any other may follow from the one that was read.
        "upsample": (
            "size", "scale", "mode", "align_corners", "coordinates", "nearest_mode", "recompute", "fixed", "last",
        ),
        "pixel_shuffle": ("scale", "last"),
        "space_to_depth": ("scale", "last"),
        "channel_shuffle": ("groups", "last"),
        # Along the dimension `axis`: `mode` lstm, gru or rnn, `directions` 1 or 2, `channels` of one direction.
        "recurrence": ("mode", "axis", "channels", "directions", "weights"),
        # What only looks: dropout in evaluation, detach, contiguous, casts. Nothing is left of it.
        "identity": (),
        # What the reader does not understand; `why` is for the message.
        "unknown": ("why",),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """One tensor of a foreign model: what computes it from which others, and where that stands.

    ``inputs`` are the numbers of earlier nodes, those that hold data and constants alike. ``learned`` names the learned
    tensors that it uses itself: of a convolution its kernel and bias, whatever computes them. ``scope`` is the module
    that it stands in, ``layer1.0.conv1``; ``operator`` the framework's word for it, and ``line`` where the model calls
    it, both for messages; ``tensor`` the framework's own name of what it gives.
    """

    kind: str
    inputs: tuple[int, ...]
    shape: tuple[int, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    learned: tuple[str, ...] = ()
    scope: str = ""
    operator: str = ""
    line: str = ""
    tensor: str = ""


@dataclass(frozen=True, slots=True)
class ForeignGraph:
    """A foreign model: its nodes in an order in which each reads earlier ones, the first its image; what it returns;
    and how many numbers each learned tensor holds.

    ``channels_last`` says that images are ``(batch, spatial ..., channels)``.
    """

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]
    learned: Mapping[str, int]
    channels_last: bool = False


def live(graph: ForeignGraph) -> ForeignGraph:
    """The graph without the nodes that no output needs, and without what only these learned; the image stays."""
    needed = {0, *graph.outputs}
    for number in range(len(graph.nodes) - 1, 0, -1):
        if number in needed:
            needed.update(graph.nodes[number].inputs)
    new = {old: index for index, old in enumerate(sorted(needed))}
    nodes = tuple([_renumbered(graph.nodes[old], new) for old in new])
    learned = {name: graph.learned[name] for node in nodes for name in node.learned}
    return replace(graph, nodes=nodes, outputs=tuple([new[number] for number in graph.outputs]), learned=learned)


def _renumbered(node: Node, new: Mapping[int, int]) -> Node:
    return replace(node, inputs=tuple([new[number] for number in node.inputs]))
