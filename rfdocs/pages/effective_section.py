"""The section of a network's page on its effective receptive field."""

from __future__ import annotations

from fractions import Fraction
from statistics import NormalDist

from rfdocs.figures.stages import axes_name
from rfdocs.formats.numbers import rounded, text_number
from rfdocs.graph import LayerReport, Report
from rfdocs.graph.effective import Spread
from rfdocs.pages.content import Bullets, Link, Picture, Section, To, Words
from rfdocs.pages.prose import row

#: How many standard deviations wide the middle 95 % of a Gaussian are.
GAUSSIAN = 2 * NormalDist().inv_cdf(0.975)

_MEANING = (
    "Not all pixels of the field count alike: more paths lead from its middle to the unit than from its edge. On an "
    "image without ends, and with uniform weights, the number of paths is the influence. Stacked windows make it tend "
    "to a Gaussian, whose standard deviation σ grows with the square root of the depth, and the field with the depth ("
)


def effective_section(report: Report, picture: Picture | None) -> Section:
    """How the influence of the field's pixels is spread, in words with the network's numbers, and its picture."""
    told = [_spread_words(*own) for own in _spreads(report)]
    pictures = () if picture is None else (picture,)
    if not told:
        return Section("Effective field", "effective", pictures)
    paper = Link("Luo et al. 2016", To.WEB, "https://arxiv.org/abs/1701.04128")
    opening: Words = (_MEANING, paper, "). For the central unit of ", row(report.features.name), ":")
    return Section("Effective field", "effective", (opening, Bullets(tuple(told)), *pictures))


def spread_sentence(title: str, report: Report) -> str:
    """The same in one sentence, of the first axis; the browser says it of any layer. Nothing where no path is counted.

    >>> import rfdocs
    >>> print(spread_sentence("VGG-16", rfdocs.load("vgg16").analyze()))
    VGG-16, pool5: the field has 212 px, σ = 27.6 px; 95 % of the paths begin within 108 px, 51 % of that field.
    """
    layer = report.features
    for _, field, own in _spreads(report)[:1]:
        share = round(Fraction(100 * own.width, field))
        return (
            f"{title}, {layer.name}: {_whose(layer, field)}, σ = {rounded(own.deviation)} px; 95 % of the paths begin"
            f" within {text_number(own.width)} px, {share} % of that field."
        )
    return ""


def _whose(layer: LayerReport, field: int) -> str:
    """Whose field it is: where the units of a layer differ, that of the unit shown, and from what to what they go."""
    least, most = layer.receptive_field_min[0], layer.receptive_field[0]
    if least == most:
        return f"the field has {text_number(field)} px"
    units = f"{text_number(least)} to {text_number(most)} by unit"
    return f"this unit's field has {text_number(field)} px ({units})"


def _spreads(report: Report) -> list[tuple[str, int, Spread]]:
    """The spreads that differ, each with the names of its axes and the field's size; none where none was counted."""
    layer = report.features
    groups: dict[tuple[int, int, float], tuple[list[int], Spread]] = {}
    for axis, node in enumerate(layer.axes):
        field = node.field.at(layer.central_index[axis])
        own = report.central_spread(layer.name, axis)
        if field is not None and own is not None:
            axes, _ = groups.setdefault((field.size, own.width, own.deviation), ([], own))
            axes.append(axis)
    return [(axes_name(report.network, axes), size, own) for (size, *_), (axes, own) in groups.items()]


def _spread_words(name: str, field: int, own: Spread) -> Words:
    share = 100 * own.width / field
    on_axis = f"on its {name}, " if name else ""
    told = (
        f"{on_axis}σ = {rounded(own.deviation)} px; 95 % of the paths begin within {text_number(own.width)} px, "
        f"{share:.0f} % of its field of {text_number(field)} px. A Gaussian of this σ has them within "
        f"{text_number(round(GAUSSIAN * own.deviation))} px."
    )
    return (told,)
