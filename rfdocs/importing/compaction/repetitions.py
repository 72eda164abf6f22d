"""Parts one after the other that are alike -> one that is repeated, or a loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, count

from rfdocs.importing.compaction.explaining import Explainer, Mismatch
from rfdocs.importing.compaction.parts import COUNTER, GROUP, LOOP, FilePart, cut_at_numbers, entered, is_call, shape
from rfdocs.importing.compaction.patterns import Pattern, counted
from rfdocs.importing.compaction.plain_layers import NAME, REFERENCES
from rfdocs.importing.compaction.writing import lines_of

#: The most parts of one turn of a loop, the most variables of a loop, and the most loops that are tried at a time.
PERIOD = 24
VARIABLES = 6
TABLE = 9
TRIALS = 12
#: From how many on layers are repeated, and uses of blocks.
LAYERS, CALLS = 3, 2
#: What the numbers of turns are called.
COUNTERS = ("stage", "level", "step", "turn")
#: How many parts a list has in which two layers are repeated, too.
LONG = 8
#: From how many layers on a loop has two turns.
FEW = 4
#: From how many turns on a loop is a table of layers.
MANY = 7
#: What a line costs, and a letter in it; and how much of the cost a loop must save.
LINE_COST = 40
_LEAST_SAVED = 0.1
#: What a variable costs that is needed for one turn.
_EXCEPTION = 60


def cost(parts: Sequence[FilePart]) -> int:
    """How long some parts are, in letters, a line counted as some."""
    return sum([len(line.strip()) + LINE_COST for line in lines_of(parts, 0)])


def compressed(parts: Sequence[FilePart], loops: bool) -> tuple[FilePart, ...]:
    """The parts of a list with repetitions, and perhaps loops, made of them."""
    shorter = _numbered([_joined(part) for part in _repeated(parts)])
    while loops and (looped := _with_loop(shorter)) is not None:
        shorter = looped
    return shorter


def _joined(part: FilePart) -> FilePart:
    """A group of one part as this part with a longer name."""
    if part.key != GROUP or len(part.parts or ()) != 1 or not part.parts:
        return part
    inner = part.parts[0]
    if (inner.parts is not None and inner.key != GROUP) or not {"from", *REFERENCES}.isdisjoint(inner.values):
        return part
    if len(part.name + inner.name) >= NAME:
        return part
    return replace(inner, name=f"{part.name}.{inner.name}", values=entered(part.values, inner.values))


def _numbered(parts: Sequence[FilePart]) -> tuple[FilePart, ...]:
    """The parts, a block's only use among them, if it has a number, as one of several that there could be."""
    uses = Counter([part.key for part in parts])
    return tuple([counted(part) if uses[part.key] == 1 and _has_number(part) else part for part in parts])


def _has_number(part: FilePart) -> bool:
    last = part.name.rpartition(".")[2]
    return is_call(part) and (part.name.endswith(".0") or (last.isdigit() and last == str(int(last))))


# -- repetitions -------------------------------------------------------------------------------------------------


def _repeated(parts: Sequence[FilePart]) -> Iterator[FilePart]:
    """The parts, those in a row that count up and are otherwise equal, perhaps but for the first, as one."""
    start = 0
    while start < len(parts):
        end = _run_end(parts, start)
        for first, last in _pieces_of_run(parts, start, end):
            run = parts[first:last]
            enough = CALLS if is_call(run[0]) or len(parts) >= LONG else LAYERS
            yield from ([_as_one(run)] if len(run) >= enough else run)
        start = end


def _run_end(parts: Sequence[FilePart], start: int) -> int:
    """Where parts end that count up from one on, each reading the one before."""
    end = start + 1
    if parts[start].parts is not None or "repeat" in parts[start].values:
        return end
    while end < len(parts) and _follows(parts[end - 1], parts[end]):
        end += 1
    return end


def _follows(before: FilePart, part: FilePart) -> bool:
    if part.key != before.key or "from" in part.values or part.parts is not None or "repeat" in part.values:
        return False
    cut, last = cut_at_numbers(part.name), cut_at_numbers(before.name)
    if len(cut) != len(last) or len(cut) < 3 or cut[-2] != str(int(last[-2]) + 1) or last[-2] != str(int(last[-2])):
        return False
    return cut[:-2] == last[:-2] and cut[-1] == last[-1]


def _pieces_of_run(parts: Sequence[FilePart], start: int, end: int) -> list[tuple[int, int]]:
    """A run cut so that in each piece all but the first are equal, with as little that differs as can be."""
    numbers: dict[str, int] = {}
    alike = [numbers.setdefault(repr(_values(part)), len(numbers)) for part in parts[start:end]]
    costs: dict[tuple[int, ...], int] = {}
    best: list[tuple[int, int]] = [(0, start)]
    for last in range(start + 1, end + 1):
        options = []
        for first in range(last - 1, start - 1, -1):
            if first < last - 2 and alike[first + 1 - start] != alike[last - 1 - start]:
                break
            key = (*alike[first - start : first + 2 - start], min(last - first, LAYERS + 1))
            if key not in costs:
                costs[key] = _piece_cost(parts, first, last)
            options.append((best[first - start][0] + costs[key], first))
        best.append(min(options))
    cuts = []
    while end > start:
        cuts.append((best[end - start][1], end))
        end = cuts[-1][0]
    return cuts[::-1]


def _piece_cost(parts: Sequence[FilePart], first: int, last: int) -> int:
    if last - first == 1:
        return 10
    differing = len(_different(parts[first], parts[first + 1]))
    if differing and not is_call(parts[first]) and (last - first <= LAYERS or _lacks(parts[first], parts[first + 1])):
        return 1000
    few = max(len(parts[first].values), 2 if last - first > 2 else 0)
    return 11 + 3 * differing if 2 * differing <= few else 1000


def _lacks(first: FilePart, second: FilePart) -> bool:
    """Whether the first of two layers has not all the attributes of the second."""
    return not first.values.keys() >= second.values.keys()


def _values(part: FilePart) -> list[tuple[str, str]]:
    return [(key, repr(value)) for key, value in sorted(part.values.items())]


def _different(first: FilePart, second: FilePart) -> dict[str, object]:
    """What the first of two parts has that the second has not; ``from`` is one of it."""
    missing = [key for key in second.values if key not in first.values]
    differing = {key: value for key, value in first.values.items() if repr(value) != repr(second.values.get(key))}
    return {**differing, **dict.fromkeys(missing)}


def _as_one(run: Sequence[FilePart]) -> FilePart:
    """Equal parts as one that is repeated."""
    cut = cut_at_numbers(run[0].name)
    first = _different(run[0], run[1])
    counted = {"repeat": len(run), "counter": int(cut[-2]), **({"first": first} if first else {})}
    name = "".join([*cut[:-2], COUNTER, cut[-1]])
    return replace(run[0], name=name, values={**counted, **run[1].values}, out=run[-1].out)


# -- loops -------------------------------------------------------------------------------------------------------


def _with_loop(parts: tuple[FilePart, ...]) -> tuple[FilePart, ...] | None:
    """The parts with the loop that saves most; ``None`` where none saves enough."""
    best = None
    for start, period, length in _periods(parts)[:TRIALS]:
        turns = parts[start : start + length]
        loop = _loop(turns, period)
        if loop is None:
            continue
        before = cost(turns)
        saved = before - cost([loop]) - _EXCEPTION * (_exceptions(loop) + (length % period > 0))
        if saved > max(_LEAST_SAVED * before, LINE_COST) and (best is None or saved > best[0]):
            best = (saved, start, length, loop)
    if best is None:
        return None
    _, start, length, loop = best
    return (*parts[:start], loop, *parts[start + length :])


def _periods(parts: Sequence[FilePart]) -> list[tuple[int, int, int]]:
    """Where parts repeat their shapes: the first, how many a turn has, and how many there are; the most first.

    Each run also without what is left at one end, and without a turn at one end, which may be an exception.
    """
    periods = []
    for start, period, length in _runs(parts):
        rest = length % period
        periods.append((start, period, length))
        periods.extend([(start, period, length - rest), (start + rest, period, length - rest)] if rest else [])
        if length >= 3 * period:
            periods.extend([(start, period, length - period), (start + period, period, length - period)])
    return sorted(periods, key=lambda period: (-period[2], period[1], period[0]))


def _runs(parts: Sequence[FilePart]) -> list[tuple[int, int, int]]:
    """The longest runs of parts that repeat their shapes, none that repeats a shorter period."""
    shapes: dict[object, int] = {}
    numbers = [shapes.setdefault(shape(part, exact=False), len(shapes)) for part in parts]
    runs: list[tuple[int, int, int]] = []
    for period in range(1, min(PERIOD, len(parts) // 2) + 1):
        start = 0
        while start + 2 * period <= len(parts):
            end = start + period
            while end < len(parts) and numbers[end] == numbers[end - period]:
                end += 1
            if end - start >= 2 * period and not any(_covers(run, start, end, period) for run in runs):
                runs.append((start, period, end - start))
            start = max(end - period, start) + 1
    return runs


def _covers(run: tuple[int, int, int], start: int, end: int, period: int) -> bool:
    first, shorter, length = run
    return period % shorter == 0 and first <= start and end <= first + length


def _loop(parts: Sequence[FilePart], period: int) -> FilePart | None:
    """Turns of so many parts as a loop; ``None`` where they are not alike enough."""
    if len(parts) < 3 * period and sum([not inner.parts for part in parts for inner in part.inner()]) < 2 * FEW:
        return None
    turns = [tuple(parts[start : start + period]) for start in range(0, len(parts), period)]
    taken = bound(parts)
    counter = next(name for name in chain(COUNTERS, (f"turn{number}" for number in count(2))) if name not in taken)
    explainer = Explainer(len(turns), counter, taken=taken)
    pattern = Pattern(explainer, in_order=True)
    try:
        inside = pattern.parts(turns, [turn[0].channels for turn in turns])
        pattern.finish()
    except Mismatch:
        return None
    most = TABLE if all(map(is_call, parts)) else VARIABLES
    if len(explainer.variables) > most or _is_table_of_layers(turns, explainer):
        return None
    if any(explainer.families[name] != "in" and _has_lists(column) for name, column in explainer.variables.items()):
        return None
    return FilePart(LOOP, "", _heading(explainer), inside, parts[0].channels, parts[-1].out)


def _is_table_of_layers(turns: Sequence[tuple[FilePart, ...]], explainer: Explainer) -> bool:
    """Whether a loop would be a table of layers, each with several attributes, that reads no better than the layers."""
    single = len(turns[0]) == 1 and not is_call(turns[0][0]) and turns[0][0].parts is None
    return single and len(explainer.variables) > 1 and len(turns) < MANY


def _exceptions(loop: FilePart) -> int:
    """How many variables of a loop have one value but for one turn, the first of them not counted."""
    rows = loop.values["in"]
    if len(rows) < 3 or not isinstance(rows[0], tuple) or not isinstance(loop.values["for"], tuple):
        return 0
    columns = zip(*rows, strict=True)
    exceptions = sum([max(Counter(map(repr, column)).values()) == len(rows) - 1 for column in columns])
    return max(exceptions - 1, 0)


def _has_lists(column: Sequence[object]) -> bool:
    return any(isinstance(value, tuple) for value in column)


def bound(parts: Sequence[FilePart]) -> set[str]:
    """The variables that loops inside some parts bind."""
    return {name for part in parts for inner in part.inner() for name in _bound(inner)}


def _bound(part: FilePart) -> Iterator[str]:
    """The variables that a loop binds."""
    if part.key == LOOP:
        names = part.values["for"]
        yield from names if isinstance(names, tuple) else (names,)
        yield part.values.get("number", "")


def _heading(explainer: Explainer) -> dict[str, object]:
    """What a loop runs over."""
    names = tuple(explainer.variables)
    if not names:
        return {"for": explainer.counter, "in": tuple([row + 1 for row in explainer.rows])}
    rows = tuple([tuple([explainer.variables[name][row] for name in names]) for row in explainer.rows])
    number = {"number": explainer.counter} if explainer.counted else {}
    if len(names) == 1:
        return {"for": names[0], "in": tuple([row[0] for row in rows]), **number}
    return {"for": names, "in": rows, **number}
