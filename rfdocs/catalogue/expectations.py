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

AxisValue = int | Fraction | None
FactValue = AxisValue | Sequence[AxisValue]


@dataclass(frozen=True, slots=True)
class CheckedFact:
    """One expected value of a file beside what is computed, in ``report``: at the size that it is expected at."""

    expectation: Expectation
    key: str
    report: Report
    computed: FactValue

    @property
    def expected(self) -> FactValue:
        """What the file says."""
        return self.expectation.facts[self.key]

    @property
    def agrees(self) -> bool:
        """Whether that is what is computed."""
        return agree(self.expected, self.computed)


def comparisons(entry: Entry, nominal: Report, work: Work | None = None) -> Iterator[CheckedFact | Problem]:
    """Every expected value beside the computed one, and a problem for every expectation that cannot be tried.

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
            report = reports[size]
            work.spend(_lookup_steps(expectation, report))
            for key in expectation.facts:
                yield CheckedFact(expectation, key, report, value_of(report, expectation.layer, key))
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


def _lookup_steps(expectation: Expectation, report: Report) -> int:
    """The steps that it takes to look up the facts of one expectation: a sum, or all fields of a layer, for each."""
    layer = report.last if expectation.layer is None else report[expectation.layer]
    return len(expectation.facts) * (len(report.layers) // 8 + sum([axis.field.field_count for axis in layer.axes]))


def broken_facts(entry: Entry, nominal: Report, work: Work | None = None) -> Iterator[Problem]:
    """A problem for every fact that the arithmetic contradicts, or that it cannot be held against; and for every tap
    of a layer that the network does not have.
    """
    for result in comparisons(entry, nominal, work):
        if isinstance(result, Problem):
            yield result
        elif not result.agrees:
            yield _contradiction(entry, result)
    for tap in entry.description.taps:
        try:
            entry.network.node(tap.layer)
        except UnknownLayer as error:
            yield tap.place.problem(entry.path, f"{entry.identifier}: {error.message}", error.hint, "unknown-layer")


def _contradiction(entry: Entry, comparison: CheckedFact) -> Problem:
    expectation, computed = comparison.expectation, comparison.computed
    expected = in_words(comparison.expected) + _on_every_axis(comparison.expected, computed)
    about = expectation.layer or "the network"
    message = f"{about} has {comparison.key} {in_words(computed)}; the file expects {expected}"
    return _problem(entry, expectation, comparison.key, message, f"its source is: {expectation.source}", "fact")


def _on_every_axis(expected: FactValue, computed: FactValue) -> str:
    """What one number for all axes means, where the axes differ."""
    single = isinstance(expected, Sequence) and len(expected) == 1
    return " on every axis" if single and isinstance(computed, Sequence) and len(set(computed)) > 1 else ""


def _problem(entry: Entry, expectation: Expectation, key: str, message: str, hint: str = "", code: str = "") -> Problem:
    place = expectation.places.get(key, expectation.place)
    return place.problem(entry.path, f"{entry.identifier}: {message}", hint, code)


_SUMS: dict[str, Callable[[LayerReport], int]] = {
    "parameters": lambda layer: layer.parameters,
    "macs": lambda layer: layer.macs,
}


def value_of(report: Report, name: str | None, key: str) -> FactValue:
    """One value of a layer; of a scope, counts are its layers' sum, all else is its last layer's.

    Without a name counts and depth are the whole network's, all else is the last layer's. Raises: UnknownLayer.
    """
    layer = report.last if name is None else report[name]
    if name is None and key in {*_SUMS, "depth"}:
        return getattr(report, key)  # type: ignore[no-any-return]
    if key in _SUMS:
        return sum(_SUMS[key](part) for part in _layers_of(report, layer, str(name)))
    return getattr(layer, key)  # type: ignore[no-any-return]


def _layers_of(report: Report, layer: LayerReport, name: str) -> list[LayerReport]:
    inside = [part for part in report if part.name.startswith(f"{name}.")]
    return [layer] if name in report.network.names else inside or [layer]


def agree(expected: FactValue, computed: FactValue) -> bool:
    """Whether two values are the same; one number stands for all axes.

    >>> agree((7,), (7, 7)), agree((7, 8), (7, 7)), agree(3, 4)
    (True, False, False)
    """
    if not isinstance(expected, Sequence) or not isinstance(computed, Sequence):
        return expected == computed
    return list(expected) * (len(computed) if len(expected) == 1 else 1) == list(computed)


def in_words(value: FactValue) -> str:
    """A value in words.

    >>> in_words((7, 7)), in_words((Fraction(1, 2), None)), in_words(3)
    ('7', '0.5 x none', '3')
    """
    return once([_number_text(number) for number in (value if isinstance(value, Sequence) else [value])], " x ")


def _number_text(value: AxisValue) -> str:
    if value is None:
        return "none"
    return str(float(value)) if Fraction(value).denominator in {2, 4, 8, 16, 32} else str(value)
