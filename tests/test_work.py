"""What a hostile file may cost: every stage counts its work, and no work escapes the counting.

Nothing here looks at a clock. With small limits, the calls that Python makes for a file are counted, and must stay in
proportion to the limits, whatever the file says: a stage that loops without counting makes more.
"""

import sys
from pathlib import Path
from types import FrameType

import pytest

from rfdocs.algebra.field import PeriodicField, canonical, composed
from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.reads import TransposedWindow
from rfdocs.catalogue import check as checking
from rfdocs.catalogue import expectations, family
from rfdocs.catalogue.check import family_problems
from rfdocs.catalogue.family import Family
from rfdocs.graph import report
from rfdocs.language.expression import ExpressionError, substitute
from rfdocs.language.problems import HINTS, PROBLEMS, Problem
from rfdocs.language.work import Exhausted, Work

FOLDER = Path(__file__).resolve().parent / "bad"
HEAD = "input: {channels: 3, size: [8, 8]}\n"
SUM = f"$({'+'.join(['1'] * 95)})"
CORNERS = "".join(f"  - {{upsample: u{i}, scale: 3, mode: bilinear, align_corners: true}}\n" for i in range(7))


def many(template: str, count: int) -> str:
    return ", ".join(template.format(i=i) for i in range(count))


def in_a_loop(item: str, turns: int = 4000) -> str:
    return f"layers:\n  - {{for: i, in: {turns}, layers: [{item}]}}\n"


VARIANTS = f"variants: {{{many('v{i}: ', 64)}}}\n"
HOSTILE = {
    "a name of many expressions": HEAD + 'layers:\n  - {repeat: 4096, relu: "' + "$('')" * 390 + '$index"}\n',
    "conditions": HEAD + in_a_loop(f"{{relu: a$i, when: [{many(SUM, 1200)}]}}"),
    "rows": HEAD + in_a_loop(f"{{for: j, in: [{many(SUM, 1200)}], when: false, layers: []}}"),
    "arguments": HEAD
    + "blocks: {b: {parameters: {p: 0}, layers: []}}\n"
    + in_a_loop(f"{{b: a, p: [{many(SUM, 1200)}]}}"),
    "notes": HEAD + in_a_loop(f'{{relu: a$i, note: "{SUM * 10}"}}'),
    "distinct expressions": HEAD
    + f"blocks: {{b: {{parameters: {{{many('p{i}: 0', 6000)}}}, layers: []}}}}\n"
    + in_a_loop(f"{{b: , {many('p{i}: $(i+{i})', 6000)}}}"),
    "plain arguments": HEAD
    + f"blocks: {{b: {{parameters: {{{many('p{i}: 0', 9000)}}}, layers: []}}}}\n"
    + in_a_loop(f"{{b: , {many('p{i}: 1', 9000)}}}"),
    "defaults": HEAD
    + f"blocks: {{b: {{parameters: {{{many('p{i}: 1', 14000)}}}, layers: [{{when: false, relu: a}}]}}}}\n"
    + in_a_loop("{b: a}"),
    "a list that is used as a kernel": HEAD
    + f"parameters: {{a: [{many('1', 4900)}]}}\n"
    + in_a_loop("{conv: a$i, kernel: $a, channels: 3}"),
    "lists of lists": HEAD
    + f"parameters: {{a: [{many('1', 4900)}]}}\n"
    + in_a_loop(f'{{relu: "$([{many("a", 60)}])"}}'),
    "lists made of lists": HEAD
    + f"parameters: {{a: [{many('1', 60)}]}}\n"
    + in_a_loop("{relu: a$i, when: '$(len([len([len([1 for d in a]) for c in a]) for b in a]) > 9 + i)'}"),
    "lists made of numbers": HEAD
    + in_a_loop("{relu: a$i, when: '$(len([len([1 for d in range(4000)]) for c in range(4000)]) > 1)'}"),
    "names in lists": HEAD
    + f"parameters: {{{many('p{i}: 1', 9000)}}}\n"
    + in_a_loop("{relu: a$i, when: '$(len([1 for d in range(4000)]) > i)'}"),
    "an undefined name among many": HEAD
    + f"parameters: {{{many('pabcdefghijkl{i:05}mnopq: 1', 6000)}}}\n"
    + in_a_loop('{relu: "$pabcdefghijklxmnopr"}'),
    "undefined names among many": HEAD
    + f"parameters: {{{many('pabcdefghijkl{i:05}mnopq: 1', 3000)}}}\nlayers:\n"
    + "".join(f'  - {{relu: "$pabcdefghijkl{i:05}mnopr"}}\n' for i in range(99)),
    "unknown keys": HEAD + in_a_loop(f"{{conv: a$i, kernel: 1, {many('qabcdefghijklmnopqrstuvwxy{i:04}: 1', 3000)}}}"),
    "unknown layers": HEAD
    + in_a_loop('{relu: "a' + "ab" * 18 + '$i"}', 1000)
    + "expect:\n"
    + "".join(f"  - {{layer: {'ba' * 18}{i}, jump: 1, source: a}}\n" for i in range(100))
    + VARIANTS,
    "branches": HEAD + in_a_loop(f"{{name: s$i, add: [{many('input', 20000)}]}}"),
    "parameters of variants": HEAD + f"parameters: {{a: [{many('1', 40000)}]}}\nlayers: [{{relu: a}}]\n" + VARIANTS,
    "layers of variants": HEAD + in_a_loop("{conv: a$i, kernel: 3, padding: 1, channels: 3}", 400) + VARIANTS,
    "sizes of facts": "input: {channels: 1, size: [9, 10, 11]}\n"
    + in_a_loop("{conv: a$i, kernel: 3, padding: 1, channels: 1}", 500)
    + "expect:\n"
    + "".join(f"  - {{input: [{i + 9}, {i + 8}, {i + 7}], depth: 500, source: a}}\n" for i in range(8))
    + VARIANTS,
    "facts of a large map": "input: {channels: 3, size: [9]}\nlayers:\n"
    + CORNERS
    + "expect:\n"
    + "  - {layer: u6, receptive_field: 3, receptive_field_min: 1, source: a}\n" * 100
    + VARIANTS,
    "gates": "input: {channels: 3, size: [9]}\nlayers:\n"
    + CORNERS
    + "  - {for: i, in: 4000, layers: [{attention: a$i}]}\n",
    "gates to one side": "input: {channels: 3, size: [9]}\nlayers:\n"
    + CORNERS
    + "  - {for: i, in: 4000, layers: [{attention: a$i, causal: true}]}\n",
    "gates to one side on phases": "input: {channels: 1, size: [64]}\nlayers:\n  - {upsample: u, scale: 1024}\n"
    "  - {upsample: v, scale: 16}\n  - {for: i, in: 4000, layers: [{rnn: r$i, channels: 1}]}\n",
    "three axes": "input: {channels: 3, size: [53, 52, 51]}\nlayers:\n" + CORNERS,
    "windows on phases": "input: {channels: 1, size: [64]}\nlayers:\n  - {upsample: u, scale: 1024}\n"
    "  - {upsample: v, scale: 16}\n"
    "  - {for: i, in: 4096, layers: [{conv: c$i, from: v, kernel: 65536, stride: 16384, channels: 1}]}\n",
    "transposed windows": "input: {channels: 1, size: [60]}\nlayers:\n  - {for: i, in: 4000, layers: "
    "[{transposed_conv: c$i, kernel: 65536, dilation: 3, stride: 16381, padding: [[60000, 60000]], channels: 1, "
    "from: input}]}\n",
}

STEPS = 40_000
CALLS = 12
READ = 1_500_000
"""Calls for a step; and those that no step stands for: the reading of what a file says of itself."""
HINTED = {"undefined names among many": HINTS * 150_000}
"""Calls to look for hints, which are as many as they may be."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """Limits that are soon reached, and all that is counted under them."""
    made: list[Work] = []

    def counted(most: int = STEPS) -> Work:
        made.append(Work(min(most, STEPS)))
        return made[-1]

    for module in (family, checking, expectations):
        monkeypatch.setattr(module, "Work", counted)
    monkeypatch.setattr(report, "FOLLOWED", STEPS)
    return made


def calls_of(examined: Family) -> tuple[int, list[Problem]]:
    """How many functions were called to find the problems of a file, and these."""
    count = 0

    def called(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(called)
    try:
        found = list(family_problems(examined))
    finally:
        sys.setprofile(None)
    return count, found


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_no_work_for_a_hostile_file_escapes_the_counting(name: str, small: list[Work]) -> None:
    calls, found = calls_of(Family("net.yaml", "net", HOSTILE[name].encode()))
    assert calls <= READ + HINTED.get(name, 0) + CALLS * (sum(work.done for work in small) + 2 * STEPS)
    for work in small:
        assert work.done <= work.most + STEPS, "nothing goes on for long behind a limit"
    assert len(found) <= 2 * PROBLEMS + 2


def test_hints_are_looked_for_a_bounded_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def near_miss(word: str, known: object) -> str:
        asked.append(word)
        return ""

    monkeypatch.setattr("rfdocs.language.evaluation.near_miss", near_miss)
    layers = "".join(f"  - {{relu: a{i}, from: none{i}}}\n" for i in range(90))
    examined = Family("net.yaml", "net", (HEAD + "layers:\n" + layers + VARIANTS).encode())
    assert {problem.code for problem in family_problems(examined)} == {"unknown-layer"}
    assert len(asked) == HINTS


def test_what_is_wrong_at_every_turn_is_looked_up_and_told_once() -> None:
    loop = in_a_loop("{conv: a$i, kernel: $(0 - i), channels: 3, kernl: 3}", 2000)
    found = list(family_problems(Family("net.yaml", "net", (HEAD + loop).encode())))
    assert [problem.code for problem in found] == ["value", "unknown-key"]


def test_two_defects_of_one_item_are_both_told() -> None:
    found = list(family_problems(Family("net.yaml", "net", (HEAD + in_a_loop("{conv: a$i}", 3)).encode())))
    assert [problem.message for problem in found] == [
        "a0: 'channels' is missing; allowed: a whole number from 1 to 1048576",
        "a0: 'kernel' is missing; allowed: a whole number from 1 to 65536, or a list with one per axis",
    ]


def test_a_text_is_not_made_before_it_is_known_to_be_short() -> None:
    pieces: list[str] = []

    class Watched(dict[str, str]):
        def __getitem__(self, name: str) -> str:
            pieces.append(name)
            return super().__getitem__(name)

    with pytest.raises(ExpressionError, match="at most 2000 are allowed"):
        substitute("$a" * 900, Watched(a="x" * 1500))
    assert len(pieces) == 2


def test_a_limit_is_what_it_says() -> None:
    work = Work(5)
    work.spend(5)
    assert not work.exhausted
    with pytest.raises(Exhausted):
        work.spend()


def test_the_nodes_of_an_expression_are_counted() -> None:
    few, many_more = Work(), Work()
    substitute("$(1 + 1)", {}, few.spend)
    substitute(f"$({' + '.join(['1'] * 45)})", {}, many_more.spend)
    assert many_more.done > 10 * few.done


# The algebra behind it


@pytest.mark.parametrize("kernel", [1, 2, 3, 5, 8])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (2, 3), (3, 2), (4, 2), (6, 4), (5, 7), (4, 8)])
def test_a_transposed_window_s_taps_are_those_of_its_definition(kernel: int, stride: int, dilation: int) -> None:
    for before in range(-3, 5):
        reads = TransposedWindow(kernel, stride, dilation, before)
        for unit in range(-20, 20):
            taps = {(unit + before - dilation * t, stride) for t in range(kernel)}
            assert list(reads.taps(unit)) == sorted(top // stride for top, stride in taps if top % stride == 0)


@pytest.mark.parametrize("period", [1, 2, 6, 12, 30, 16, 60])
def test_the_least_period_is_found(period: int) -> None:
    for least in [divisor for divisor in range(1, period + 1) if period % divisor == 0]:
        cells = [None if u % 3 == 2 else Interval(7 * u * u % 5, 9 + u) for u in range(least)]
        whole = [cell and cell.shifted(4 * turn) for turn in range(period // least) for cell in cells]
        found = canonical(period, 4 * period // least, tuple(whole))
        tried = (
            divisor
            for divisor in range(1, period + 1)
            if period % divisor == 0
            and (shift := 4 * period // least * divisor) % period == 0
            and all(
                later == (earlier and earlier.shifted(shift // period))
                for earlier, later in zip(whole, whole[divisor:], strict=False)
            )
        )
        assert found.period == next(tried)
        assert [found.at(unit) for unit in range(period)] == whole


def test_composing_follows_no_more_reads_than_it_was_said_to_take() -> None:
    from rfdocs.algebra.field import followed_reads

    followed: list[int] = []

    def gather(taps: object, field: PeriodicField[Interval]) -> Interval | None:
        places = list(taps)  # type: ignore[call-overload]
        followed.extend(places)
        return hull([field.at(tap) for tap in places])

    field = PeriodicField(4, 2, tuple(Interval(u, u + u % 2) for u in (0, 0, 1, 1)))
    for kernel, stride in [(1, 2), (3, 2), (4, 3), (7, 4)]:
        followed.clear()
        reads = TransposedWindow(kernel, stride)
        composed(reads, field, gather)
        assert len(followed) <= followed_reads(reads, field)
