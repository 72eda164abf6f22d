"""Holds what a file expects of its network against what the arithmetic says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rfdocs.catalogue.family import Entry
from rfdocs.graph import InputError, LayerReport, Report, UnknownLayer, once
from rfdocs.language.document import Expectation
from rfdocs.language.problems import CatalogueError, Problem
from rfdocs.language.work import ANALYSES, Exhausted, Work

#: The most input sizes besides the nominal one at which a network is held against its facts.
SIZES = 8

Figure = int | Fraction | None
Figures = Figure | Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One expected figure of a file beside what is computed, in ``report``: at the size that it is expected at."""

    expectation: Expectation
    key: str
    report: Report
    found: Figures

    @property
    def expected(self) -> Figures:
        """What the file says."""
        return self.expectation.facts[self.key]

    @property
    def agrees(self) -> bool:
        """Whether that is what is computed."""
        return agree(self.expected, self.found)


def comparisons(entry: Entry, nominal: Report, work: Work | None = None) -> Iterator[Comparison | Problem]:
    """Every expected figure beside the computed one, and a problem for every expectation that cannot be tried.

    ``nominal`` is the report at the nominal size. ``work`` counts the steps of a whole file's analyses; without one
    this network has all of them.
    """
    work = work or Work(ANALYSES)
    reports: dict[tuple[int, ...] | None, Report] = {None: nominal}
    for expectation in entry.description.expectations:
        try:
            size = expectation.input_size
            if size not in reports and len(reports) > SIZES:
                yield _problem(entry, expectation, "input", f"more than {SIZES} input sizes", code="limit")
                return
            if size not in reports:
                reports[size] = entry.analyze(size, work.spend)
            work.spend(_effort(expectation, reports[size]))
            yield from _compared(expectation, reports[size])
        except InputError as error:
            reason = error.message.removeprefix(f"{entry.identifier} ")
            yield _problem(entry, expectation, "input", reason, error.hint, "expect")
        except CatalogueError as error:
            first = error.problems[0]
            yield _problem(entry, expectation, "input", first.message, first.hint, "expect")
        except Exhausted:
            message = f"more than {work.most} steps to analyse the file's networks up to here"
            yield _problem(entry, expectation, "", message, "use several files, or fewer facts", "limit")
            return
        except UnknownLayer as error:
            yield _problem(entry, expectation, "layer", error.message, error.hint, "unknown-layer")


def _effort(expectation: Expectation, report: Report) -> int:
    """The steps that it takes to look up the facts of one expectation: a sum, or all fields of a layer, for each."""
    layer = report.final if expectation.layer is None else report[expectation.layer]
    return len(expectation.facts) * (len(report.layers) // 8 + sum([axis.field.cells for axis in layer.axes]))


def _compared(expectation: Expectation, report: Report) -> Iterator[Comparison]:
    for key in expectation.facts:
        yield Comparison(expectation, key, report, figure(report, expectation.layer, key))


def broken_facts(entry: Entry, nominal: Report, work: Work | None = None) -> Iterator[Problem]:
    """A problem for every fact that the arithmetic contradicts, or that it cannot be held against."""
    for one in comparisons(entry, nominal, work):
        if isinstance(one, Problem):
            yield one
        elif not one.agrees:
            yield _contradicted(entry, one)


def _contradicted(entry: Entry, one: Comparison) -> Problem:
    about = one.expectation.layer or "the network"
    wanted = worded(one.expected) + _everywhere(one.expected, one.found)
    message = f"{about} has {one.key} {worded(one.found)}; the file expects {wanted}"
    return _problem(entry, one.expectation, one.key, message, f"its source is: {one.expectation.source}", "fact")


def _everywhere(expected: Figures, found: Figures) -> str:
    """What one number for all axes means, where the axes differ."""
    alone = isinstance(expected, Sequence) and len(expected) == 1
    return " on every axis" if alone and isinstance(found, Sequence) and len(set(found)) > 1 else ""


def _problem(entry: Entry, expectation: Expectation, key: str, message: str, hint: str = "", code: str = "") -> Problem:
    place = expectation.places.get(key, expectation.place)
    return Problem(entry.path, place.line, place.column, place.where, f"{entry.identifier}: {message}", hint, code)


_SUMS: dict[str, Callable[[LayerReport], int]] = {
    "parameters": lambda layer: layer.parameters,
    "macs": lambda layer: layer.macs,
}


def figure(report: Report, name: str | None, key: str) -> Figures:
    """One figure of a layer; of a scope, counts are its layers' sum, all else is its last layer's.

    Without a name counts and depth are the whole network's, all else is the last layer's. Raises: UnknownLayer.
    """
    layer = report.final if name is None else report[name]
    if name is None and key in {*_SUMS, "depth"}:
        return getattr(report, key)  # type: ignore[no-any-return]
    if key in _SUMS:
        return sum(_SUMS[key](part) for part in _parts(report, layer, str(name)))
    return getattr(layer, key)  # type: ignore[no-any-return]


def _parts(report: Report, layer: LayerReport, name: str) -> list[LayerReport]:
    inside = [part for part in report if part.name.startswith(f"{name}.")]
    return [layer] if name in report.network.names else inside or [layer]


def agree(expected: Figures, found: Figures) -> bool:
    """Whether two figures are the same; one number stands for all axes.

    >>> agree((7,), (7, 7)), agree((7, 8), (7, 7)), agree(3, 4)
    (True, False, False)
    """
    if not isinstance(expected, Sequence) or not isinstance(found, Sequence):
        return expected == found
    wanted = list(expected) * len(found) if len(expected) == 1 else list(expected)
    return wanted == list(found)


def worded(figures: Figures) -> str:
    """A figure in words.

    >>> worded((7, 7)), worded((Fraction(1, 2), None)), worded(3)
    ('7', '0.5 x none', '3')
    """
    texts = [_exact(part) for part in figures] if isinstance(figures, Sequence) else [_exact(figures)]
    return once(texts, " x ")


def _exact(value: Figure) -> str:
    if value is None:
        return "none"
    return str(float(value)) if Fraction(value).denominator in {2, 4, 8, 16, 32} else str(value)
