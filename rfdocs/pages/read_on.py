"""Which chapters of a guide explain what is special about a network, each where its page shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from rfdocs.algebra import Rounding
from rfdocs.figures.operation_words import ENLARGING
from rfdocs.graph import Report
from rfdocs.operators.windows import SlidingWindow
from rfdocs.pages.content import Link, Part, Section, To, Words


class Chapter(NamedTuple):
    """A chapter that a section leads to: its document in the guide, what it says, and of which networks it does.

    Whether it does depends on the layers alone, and not on the input's size.
    """

    section: str
    document: str
    words: str
    concerns: Callable[[Report], bool]


def _always(_: Report) -> bool:
    return True


def _sliding_windows(report: Report) -> Iterator[SlidingWindow]:
    """The windows of all layers, as they are declared."""
    for layer in report.network.layers:
        window = getattr(layer.operator, "window", None)
        if isinstance(window, SlidingWindow):
            yield window


def _pads_by_rule(report: Report) -> bool:
    return any(isinstance(window.padding, str) and window.padding != "valid" for window in _sliding_windows(report))


def _rounds_up(report: Report) -> bool:
    return any(window.rounding is not Rounding.FLOOR for window in _sliding_windows(report))


def _joins(report: Report) -> bool:
    return any(len(layer.inputs) > 1 for layer in report.network.layers)


def _misaligned(report: Report) -> bool:
    return any(distance for layer in report for distance in layer.misalignment)


def _gated(report: Report) -> bool:
    return any(layer.operator.gate for layer in report.network.layers)


def _differs_by_unit(report: Report) -> bool:
    return any(layer.receptive_field_min != layer.receptive_field for layer in report)


def _grows(report: Report) -> bool:
    """Whether a map is enlarged, though its units stay alike."""
    enlarges = any(isinstance(layer.operator, ENLARGING) for layer in report.network.layers)
    return enlarges and not _differs_by_unit(report)


def _has_holes(report: Report) -> bool:
    return any(share is not None and share < 1 for layer in report for share in report.density(layer.name))


def _dilates(report: Report) -> bool:
    """Whether a window is dilated, though no field has holes."""
    return any(max(window.dilation) > 1 for window in _sliding_windows(report)) and not _has_holes(report)


def _is_sound(report: Report) -> bool:
    return report.network.rate is not None


#: Every chapter by the sections that lead to it; in a section they are named in this order.
CHAPTERS: Sequence[Chapter] = (
    Chapter("stages", "reading", "which of them sees an object, and at which image", _always),
    Chapter("picture", "sees", "what a unit sees", _always),
    Chapter("layers", "arithmetic", "how a row follows from the one before", _always),
    Chapter("layers", "padding", "what SAME pads, and where", _pads_by_rule),
    Chapter(
        "layers",
        "padding",
        "why a last window is kept",
        lambda report: _rounds_up(report) and not _pads_by_rule(report),
    ),
    Chapter("layers", "upsampling", "why units of one map see more or less", _differs_by_unit),
    Chapter("layers", "upsampling", "how a map grows again", _grows),
    Chapter("layers", "dilation", "pixels in a field that nothing reads", _has_holes),
    Chapter("layers", "dilation", "how dilation makes fields grow", _dilates),
    Chapter("effective", "effective", "how influence is spread", _always),
    Chapter(
        "graph",
        "paths",
        "why a field is the hull of all paths",
        lambda report: _joins(report) and not _misaligned(report),
    ),
    Chapter("graph", "paths", "paths that lie beside each other", _misaligned),
    Chapter("graph", "paths", "what gates add", _gated),
    Chapter("tiling", "border", "how tiles are found", _always),
    Chapter("tiling", "dilation", "how far a stack looks ahead", _is_sound),
    Chapter("mistaken", "mistakes", "what else goes wrong", _always),
)


def with_chapters(sections: Sequence[Section], report: Report, guide: str) -> tuple[Section, ...]:
    """The sections of a network's page, with a line at the end of each that a chapter explains; ``guide`` is the
    folder of the chapters, and without one the sections stay as they are.
    """
    chosen = [chapter for chapter in CHAPTERS if guide and chapter.concerns(report)]
    return tuple([_led_on(section, chosen, guide) for section in sections])


def _led_on(section: Section, chapters: Sequence[Chapter], guide: str) -> Section:
    own = [chapter for chapter in chapters if chapter.section == section.identifier]
    return replace(section, read_on=_line(own, guide)) if own else section


def _line(chapters: Sequence[Chapter], guide: str) -> Words:
    """``Read on: how a row follows from the one before; how a map grows again.``"""
    parts: list[Part] = ["Read on: "]
    for chapter in chapters:
        parts += [Link(chapter.words, To.PAGE, f"{guide}/{chapter.document}"), "; "]
    return (*parts[:-1], ".")
