"""Groups that are alike -> blocks, and uses of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Any

from rfdocs.importing.compaction.explaining import Explainer, Mismatch
from rfdocs.importing.compaction.parts import BRANCH, GROUP, LOOP, FilePart, masked, shape
from rfdocs.importing.compaction.patterns import Pattern
from rfdocs.importing.compaction.repetitions import LINE_COST, bound, compressed, cost
from rfdocs.language.expression import FUNCTIONS
from rfdocs.language.operations import OPERATIONS
from rfdocs.language.values import CONTROL

#: The most variables of a block, the most shapes of groups that are held against each other, and how alike two are.
VARIABLES = 8
SHAPES = 40
ALIKE = 0.5
#: Keys that stand in items, and so are no names of blocks; and words of expressions.
TAKEN = frozenset(
    {
        *OPERATIONS, *CONTROL, GROUP, LOOP, BRANCH, "in", "name", "number", "layers", "from", "note", "alias", "index",
        "channels_in", "parameters", "counter", *FUNCTIONS,
    }
)  # fmt: skip
ATTRIBUTES = frozenset(name for operation in OPERATIONS.values() for name in operation.mapping.attributes)
_WORDS = frozenset({"width", "expand", "times", "place", "source", "shortcut", "pooling", "word", "stage", "level"})


@dataclass(slots=True)
class BlockText:
    """A block: its parameters, empty or with what they are unless they are given, and its parts."""

    name: str
    parameters: dict[str, Any]
    parts: tuple[FilePart, ...]


@dataclass(slots=True)
class Kin:
    """Groups that share a block, and that block."""

    groups: list[FilePart]
    block: BlockText
    explainer: Explainer
    gain: int = 0
    paths: tuple[str, ...] = ()


@dataclass(slots=True)
class BlockMaker:
    """Finds the blocks of a network, from the innermost groups on.

    Unless ``bold``, there are no loops, and the groups of a block have all its parts.
    """

    bold: bool = True
    blocks: dict[str, BlockText] = field(default_factory=dict)
    used: list[Kin] = field(default_factory=list)
    paths: dict[int, str] = field(default_factory=dict)
    costs: dict[int, int] = field(default_factory=dict)

    def compact(self, parts: tuple[FilePart, ...]) -> tuple[FilePart, ...]:
        """The parts with uses of blocks in place of groups."""
        root = FilePart(GROUP, "", {}, parts)
        placed = [*_groups(root, "")]
        levels = _levels(placed)
        self.paths = {id(group): path for group, path in placed}
        for level in range(1, max(levels.values(), default=0) + 1):
            groups = [group for group, path in placed if levels[path] == level]
            for group in groups:
                self._compress_inside(group)
            for family in self._families([group for group in groups if _is_whole(group)]):
                self._use(family)
        self._compress_inside(root)
        return root.parts or ()

    def _compress_inside(self, part: FilePart) -> None:
        """Makes repetitions and loops in the lists of a group, those in branches too."""
        if part.parts is None or part.key == LOOP:
            return
        for inner in part.parts:
            if inner.key != GROUP:
                self._compress_inside(inner)
        if part.key not in OPERATIONS:
            part.parts = compressed(part.parts, self.bold)

    def _families(self, groups: Sequence[FilePart]) -> Iterator[Kin]:
        """The groups that share a block, where that pays."""
        by_shape: dict[Any, list[FilePart]] = {}
        for group in groups:
            by_shape.setdefault(_inner_shape(group), []).append(group)
        families: list[Kin] = []
        alike = sorted(by_shape.values(), key=lambda same: (-len(same), -sum(1 for _ in same[0].inner())))
        for same in alike[:SHAPES]:
            self._join(same, families)
        return (family for family in families if family.gain > 0 and len(family.groups) > 1)

    def _join(self, same: list[FilePart], families: list[Kin]) -> None:
        """Adds groups of one shape to the family with which they become shortest, or to none."""
        alone = self._family(same)
        best = None
        for place, family in enumerate(families):
            if _likeness(family.groups[0], same[0]) < ALIKE:
                continue
            joined = self._family([*family.groups, *same])
            if joined is None:
                continue
            better = joined.gain - family.gain - max(alone.gain if alone else 0, 0)
            if better > 0 and (best is None or better > best[0]):
                best = (better, place, joined)
        if best is not None:
            families[best[1]] = best[2]
        elif alone is not None:
            families.append(alone)

    def _family(self, groups: list[FilePart]) -> Kin | None:
        """The block of some groups; ``None`` where they are not alike enough."""
        entry = [group.channels for group in groups]
        explainer = Explainer(len(groups), entry=entry, taken={*TAKEN, *self.blocks, *bound(groups)})
        pattern = Pattern(explainer, in_order=False, optional=self.bold)
        try:
            parts = pattern.parts([group.parts for group in groups], entry)
            pattern.finish()
        except Mismatch:
            return None
        if len(explainer.variables) - len(explainer.derived) > VARIABLES:
            return None
        parameters = {name: explainer.derived.get(name) for name in explainer.variables}
        family = Kin(groups, BlockText("block", parameters, parts), explainer)
        uses = sum([_use_cost(_call(family, row)) for row in range(len(groups))])
        family.gain = sum([self._cost(group) for group in groups]) - uses - cost(parts) - 60
        return family

    def _cost(self, group: FilePart) -> int:
        """How long a group is, found once."""
        if id(group) not in self.costs:
            self.costs[id(group)] = cost([group])
        return self.costs[id(group)]

    def _use(self, family: Kin) -> None:
        """Puts uses of a family's block, or of an earlier one that serves as well, in place of its groups."""
        before = next((joined for earlier in self.used if (joined := self._joined(earlier, family))), None)
        if before is None:
            family.block.name = self._name(family)
            self.blocks[family.block.name] = family.block
        calls = [_call(before or family, row) for row in range(-len(family.groups), 0)]
        self.used.append(replace(before or family, groups=[replace(group) for group in (before or family).groups]))
        for group, call in zip(family.groups, calls, strict=True):
            group.key, group.values, group.parts = call.key, call.values, None

    def _joined(self, earlier: Kin, family: Kin) -> Kin | None:
        """The earlier family with these groups besides, if its block stays as it is."""
        if _likeness(earlier.groups[0], family.groups[0]) < ALIKE:
            return None
        joined = self._family([*earlier.groups, *family.groups])
        if joined is None or repr(joined.block.parts) != repr(earlier.block.parts):
            return None
        joined.block.name = earlier.block.name
        same = all(repr(_call(joined, row)) == repr(_call(earlier, row)) for row in range(len(earlier.groups)))
        return joined if same else None

    def _name(self, family: Kin) -> str:
        """A name for a block: what its groups are called, or else what is in it."""
        stems = Counter([_stem(group.name) for group in family.groups])
        stem, uses = stems.most_common(1)[0]
        around = _stem(re.sub("[#.]+$", "", self.paths.get(id(family.groups[0]), "")))
        words = [stem if 2 * uses > len(family.groups) else "", _word(family.block.parts), around, "unit"]
        taken = {*TAKEN, *ATTRIBUTES, *_WORDS, *self.blocks, *family.explainer.variables}
        word = next(word for word in words if word and word not in {*TAKEN, *ATTRIBUTES, *_WORDS})
        names = chain([word], (f"{word}_{number}" for number in count(2)))
        return next(name for name in names if name not in taken)


def _use_cost(use: FilePart) -> int:
    """How long the use of a block is, its arguments not fully counted: many of them will go into loops."""
    arguments = sum([len(key) + len(str(value)) + 4 for key, value in use.values.items()])
    return LINE_COST + len(use.key) + len(use.name) + arguments // 3


def _call(family: Kin, row: int) -> FilePart:
    """The use of a block in place of a group."""
    group, block = family.groups[row], family.block
    given = {name: family.explainer.variables[name][row] for name, value in block.parameters.items() if value is None}
    return replace(group, key=block.name, values={**group.values, **given}, parts=None)


def _groups(part: FilePart, path: str) -> Iterator[tuple[FilePart, str]]:
    """All groups inside a part, each with its scope, numbers hidden."""
    for inner in part.parts or ():
        inside = f"{path}.{masked(inner.name)}" if inner.key == GROUP else path
        yield from _groups(inner, inside)
        if inner.key == GROUP:
            yield inner, inside


def _levels(placed: Sequence[tuple[FilePart, str]]) -> dict[str, int]:
    """How many groups stand in each other, at most, in those that have the same scope but for numbers."""
    levels: dict[str, int] = {}
    for path in sorted(dict.fromkeys([path for _, path in placed]), key=lambda path: (-path.count("."), path)):
        inside = [level for other, level in levels.items() if other.startswith(f"{path}.")]
        levels[path] = 1 + max(inside, default=0)
    return levels


def _is_whole(group: FilePart) -> bool:
    """Whether the group is more than one part that was repeated."""
    return group.key == GROUP and sum(1 for _ in group.inner()) > 2


def _inner_shape(group: FilePart) -> Any:
    return tuple([shape(part, exact=True) for part in group.parts or ()])


def _likeness(first: FilePart, second: FilePart) -> float:
    """How many of the parts of two groups they share."""
    one, other = _leaves(first), _leaves(second)
    return len(one & other) / len(one | other)


def _leaves(group: FilePart) -> set[tuple[str, str]]:
    return {(part.key, part.name) for part in group.inner() if part.parts is None}


def _stem(name: str) -> str:
    """What a group is called, less its number."""
    last = re.sub(r"[_\W]*[0-9]+[a-z]?$|[0-9_\W]+$", "", name.rpartition(".")[2]).lower()
    return last if re.fullmatch("[a-z][a-z0-9_]*", last) else ""


def _word(parts: Sequence[FilePart]) -> str:
    """A word for what a block does."""
    inner = [part for part in parts for part in part.inner()]
    keys = Counter(part.key for part in inner)
    merges = {part.key for part in inner if part.parts and part.key in OPERATIONS}
    if "add" in merges and keys["depthwise_conv"]:
        return "inverted_residual"
    if "add" in merges:
        always = sum([part.key == "conv" and "when" not in part.values for part in inner])
        return "bottleneck" if always > 2 else "residual"
    if "concat" in merges or "multiply" in merges:
        return "mixed" if "concat" in merges else "gate"
    return "separable" if keys["depthwise_conv"] else "convs" if keys["conv"] > 1 else ""
