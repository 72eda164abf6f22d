"""What readers of a network's figures take for something else, with the network's own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from rfdocs import operators as ops
from rfdocs.formats.columns import field_text
from rfdocs.formats.numbers import per_axis, text_number
from rfdocs.graph import Report
from rfdocs.pages.content import Words


def mistaken(report: Report) -> Iterator[Words]:
    """Sentences on figures of this network that are often mistaken for others; none where there are none."""
    yield from _shrinkage(report)
    yield from _transposed_cost(report)


def _shrinkage(report: Report) -> Iterator[Words]:
    """What a map at the image's own resolution lacks of the image is not the field: for a 3-D U-Net 88, not 92 to 100.

    Rule: ``lost = n_image - n``, where the jump is 1; along one path of windows alone that is ``r - 1``.
    """
    last = report.features
    lost = [image - size for image, size in zip(report.input_size, last.size, strict=True)]
    if set(last.jump) == {1} and max(lost) > 0:
        sentence = (
            f"The last spatial layer has {per_axis(last.size)} units for {per_axis(report.input_size)} pixels: layers "
            f"without padding cut the edges off. The {per_axis(lost)} that are lost are not the receptive field, which "
            f"is {field_text(last, to=' to ')}."
        )
        yield (sentence,)


def _transposed_cost(report: Report) -> Iterator[Words]:
    """Transposed convolutions cost their weights times the units that they read, not those that they make."""
    over_read, over_own = 0, 0
    for declared, layer in zip(report.network.layers, report.layers, strict=True):
        if isinstance(declared.operator, ops.TransposedConvolution):
            over_read += layer.macs
            over_own += layer.macs // prod(report[layer.inputs[0]].size) * prod(layer.size)
    if over_read != over_own:
        sentence = (
            "A transposed convolution is counted over the units of the map that it reads, for each of its weights meets"
            f" each of those once: {text_number(over_read)} multiply-accumulates here in all. A count over the units of"
            f" the map that it makes, as some programs have it, gives {text_number(over_own)}."
        )
        yield (sentence,)
