"""The small networks of the guide's figures, in the catalogue's own format."""

from __future__ import annotations

from rfdocs.catalogue.family import Family
from rfdocs.graph import Report


def small_report(size: int | tuple[int, ...], *layers: str, channels: int = 1) -> Report:
    """A network of one layer after the other, analysed; each layer is written as in a file, without its braces.

    >>> small_report(5, "conv: a, kernel: 3, stride: 2, padding: 1, channels: 1")["a"].size
    (3,)
    """
    lengths = list(size) if isinstance(size, tuple) else [size]
    lines = [f"input: {{channels: {channels}, size: {lengths}}}", "layers:"]
    lines += [f"  - {{{layer}}}" for layer in layers]
    return Family("guide", "guide", "\n".join(lines).encode()).entry("guide").analyze()


def example_report(axes: int = 2) -> Report:
    """The guide's example: 5 pixels a side, a 3x3 convolution with stride 2 and padding 1, twice.

    >>> [layer.receptive_field for layer in example_report(1)]
    [(3,), (7,)]
    """
    step = "kernel: 3, stride: 2, padding: 1, channels: 1"
    return small_report((5,) * axes, f"conv: first, {step}", f"conv: second, {step}")
