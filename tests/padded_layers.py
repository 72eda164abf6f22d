"""Small layers of every kind, and what their units read by the rules of a framework."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from rfdocs.errors import ArithmeticRefusal
from rfdocs.pages.frameworks import SlidLayer, Told, step_of

PADDINGS: list[Any] = ["same", "valid", (0, 0), (1, 1), (2, 2), (1, 0), (0, 3)]


def layers(lengths: tuple[int, ...] = (1, 2, 5, 8)) -> Iterator[SlidLayer]:
    """A grid of small layers, among them many that no window fits."""
    for length, kernel, stride, dilation, padding in product(lengths, (1, 2, 5), (1, 2, 4), (1, 2, 3), PADDINGS):
        one = SlidLayer("conv", length, kernel, stride, dilation, padding)
        yield one
        yield from (one._replace(operation="transposed_conv", added=added) for added in (None, 0, 1, 2))
        yield from (one._replace(operation="maxpool", rounds_up=up) for up in (False, True))
        yield from (one._replace(operation="avgpool", rounds_up=up) for up in (False, True))


Taps = list[list[int]] | None


def computed(layer: SlidLayer, told: Told) -> Taps:
    """What every unit reads by the rules; ``None`` where no unit is left."""
    try:
        step = step_of(layer, told)
    except ArithmeticRefusal:
        return None
    return [sorted(set(step.reads[0].real_taps(unit, layer.length))) for unit in range(step.length)]
