"""The section of a network's page on how the weight of a unit's field is spread: the effective receptive field."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rfdocs.formats.numbers import percent, rounded, text_number
from rfdocs.graph import AXES, Report
from rfdocs.pages.content import Block, Link, Picture, Section, To, Words
from rfdocs.pages.prose import row

#: So many standard deviations hold 95 % of a Gaussian.
_GAUSSIAN = 2 * 1.959964


def effective_section(report: Report, picture: Picture | None) -> Section:
    """What the effective field is, its numbers for the central unit of the last map, and its profile."""
    numbers = list(_numbers(report))
    blocks: list[Block] = [_meaning(report), *numbers] if numbers else []
    blocks += [] if picture is None else [picture]
    return Section("Effective field", "effective", tuple(blocks))


def _meaning(report: Report) -> Words:
    paths = (
        "Not every pixel of the field weighs alike. Under uniform weights a pixel weighs as much as there are paths"
        " from it to the unit, counted here exactly for the central unit of "
    )
    bell = (
        ". The more layers add to the field, the nearer their shape comes to a Gaussian. Of equal layers, one after the"
        " other, its width grows only with the square root of their number, whereas the theoretical field grows with"
        " that number ("
    )
    paper = Link("Luo et al. 2016", To.WEB, "https://arxiv.org/abs/1701.04128")
    return (paths, row(report.features.name), bell, paper, "). Trained weights spread otherwise.")


def _numbers(report: Report) -> Iterator[Words]:
    """A sentence for each set of axes of one spread and field; none where the unit reads nothing, or is too much."""
    names, central = AXES[report.network.axes], report.central_unit(report.features.name)
    groups: dict[tuple[float, int, int], list[str]] = {}
    for name, spread, unit in zip(names, report.effective(report.features.name), central, strict=True):
        if spread is not None and unit.spatial_field is not None:
            groups.setdefault((spread.deviation, spread.width, unit.spatial_field.size), []).append(name)
    for (deviation, width, field), axes in groups.items():
        where = "" if len(axes) == len(names) else f"On {' and '.join(axes)}: "
        sigma = "\N{GREEK SMALL LETTER SIGMA}"
        share, bell = percent(Fraction(width, field)), rounded(_GAUSSIAN * deviation)
        sentence = (
            f"{where}{sigma} = {rounded(deviation)} px. The shortest stretch that holds 95 % of the weight is"
            f" {text_number(width)} px wide, {share} of the theoretical field of {text_number(field)} px."
        )
        yield (sentence + (f" A Gaussian of this {sigma} holds as much in {bell} px." if deviation else ""),)
