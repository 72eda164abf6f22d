"""Mutation testing: changes one thing of one function at a time, and asks whether a test notices.

    python tests/mutants.py [PACKAGE or FILE...]         for example: algebra graph/report.py

Each mutant lives in a process of its own, forked from one that has collected the tests but run none of them. There the
function's code is exchanged, and those tests run that reach the function, quick ones first. A survivor is to be killed
by a test, or to be named in `equivalent_mutants.toml` with the reason why no test can.

Why no library: mutmut leaves every function with a decorator as it is, a third of the algebra's; cosmic-ray starts
Python and collects the tests once for each mutant; and neither leaves out one operand of an ``and``, an ``or`` or a
comparison of tuples, which is what a forgotten case looks like.
"""

from __future__ import annotations

import ast
import functools
import gc
import json
import os
import resource
import signal
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from inspect import CO_NEWLOCALS
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "rfdocs"
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
#: What is mutated.
PACKAGES = ["algebra", "operators", "graph", "formats"]
#: The tests that are asked: those of the four packages, as far as they run in one process.
TESTS = [
    *(f"test_{name}.py" for name in "laws limits trace visible weights spread fitting report columns".split()),
    *(f"test_{name}.py" for name in "side_by_side one_sided".split()),
    *(f"test_{name}.py" for name in "reach holding refused_sizes strands operators python data frozen inputs".split()),
    *(
        f"test_{name}.py"
        for name in "numbers_for_people comparisons against_oracle published tiling pages program schema cli".split()
    ),
    "test_bad_files.py::test_what_is_said_of_a_bad_file",
]
EXAMPLES = 20
#: What a test may take beyond five times what it takes without a mutant. Unit: seconds of computing; bytes.
PATIENCE, MEMORY = 1, 6 << 30
#: A test that may be asked out of turn. Unit: seconds.
QUICK = 0.1
CACHE = type(functools.lru_cache(len))

SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.Break: ast.Continue, ast.Continue: ast.Break,
}  # fmt: skip
OTHERS = {"min": "max", "any": "all", "bisect_left": "bisect_right", "floor": "ceil"}
OTHERS |= {other: name for name, other in OTHERS.items()}


# -- what is changed ------------------------------------------------------------------------------------------


@functools.singledispatch
def variants(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    if type(node) in SWAPS:
        yield SWAPS[type(node)]()


@variants.register
def _(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)


@variants.register
def _(node: ast.BoolOp) -> Iterator[ast.AST]:
    for kept in without_one(node.values):
        yield ast.BoolOp(node.op, kept) if len(kept) > 1 else kept[0]


@variants.register
def _(node: ast.Compare) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ast.Tuple(left), [ast.Eq() | ast.NotEq()], [ast.Tuple(right)]) if len(left) == len(right):
            for one, other in zip(without_one(left), without_one(right), strict=True):
                yield ast.Compare(ast.Tuple(one, ast.Load()), node.ops, [ast.Tuple(other, ast.Load())])


@variants.register
def _(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


@variants.register
def _(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Name) and node.func.id in OTHERS:
        yield ast.Call(ast.Name(OTHERS[node.func.id], ast.Load()), node.args, node.keywords)


@variants.register
def _(node: ast.Expr) -> Iterator[ast.AST]:
    if not isinstance(node.value, (ast.Constant, ast.Yield, ast.YieldFrom)):
        yield ast.Pass()


@variants.register(ast.If)
@variants.register(ast.While)
@variants.register(ast.IfExp)
def _(node: Any) -> Iterator[ast.AST]:
    if not isinstance(node.test, (ast.Compare, ast.BoolOp, ast.UnaryOp)):  # those change by themselves
        fields = {**dict(ast.iter_fields(node)), "test": ast.UnaryOp(ast.Not(), node.test)}
        yield type(node)(**fields)


@variants.register
def _(node: ast.comprehension) -> Iterator[ast.AST]:
    for kept in without_one(node.ifs):
        yield ast.comprehension(node.target, node.iter, kept, node.is_async)


def without_one(nodes: list[Any]) -> Iterator[list[Any]]:
    """The list without its first, its second, ... element."""
    for index in range(len(nodes)):
        yield nodes[:index] + nodes[index + 1 :]


def slots(node: ast.AST) -> Iterator[tuple[ast.AST, Callable[[ast.AST], None]]]:
    """Every child of a node that is run, and what puts another in its place."""
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return  # it asserts what is so anyway
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "args"} and not isinstance(node, ast.Call):
            continue
        if isinstance(value, ast.AST):
            yield value, functools.partial(setattr, node, name)
        elif isinstance(value, list):
            yield from (
                (child, functools.partial(value.__setitem__, index))
                for index, child in enumerate(value)
                if isinstance(child, ast.AST)
            )


def changes(node: ast.AST, statement: ast.stmt | None) -> Iterator[tuple[str, str]]:
    """A statement below a node before and after each change; the change stands while its text is handed out."""
    for child, put in slots(node):
        own = child if isinstance(child, ast.stmt) else statement
        for other in variants(child):
            before = said(own)
            put(other)
            yield before, said(other if own is child else own)
            put(child)
        yield from changes(child, own)


def said(statement: ast.AST | None) -> str:
    """The statement's text, of a compound one its head."""
    return "" if statement is None else ast.unparse(ast.fix_missing_locations(statement)).splitlines()[0]


def functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.Lambda]:
    """The functions that stand in no other function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield child
        else:
            yield from functions(child)


# -- the code of functions ------------------------------------------------------------------------------------

#: A function that stands in no other one: its file, line and name, and its number among several of these.
Key = tuple[str, int, str, int]
COMPREHENSIONS = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}


def codes(code: CodeType, path: str) -> dict[Key, CodeType]:
    """The codes of the functions of a module that stand in no other function."""
    found: dict[Key, CodeType] = {}
    counts: Counter[tuple[int, str]] = Counter()
    for inner in _functions_in(code):
        place = inner.co_firstlineno, inner.co_qualname
        found[path, *place, counts[place]] = inner
        counts[place] += 1
    return found


def _functions_in(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_flags & CO_NEWLOCALS and constant.co_name not in COMPREHENSIONS:
                yield constant
            else:  # a class, or a comprehension beside all functions
                yield from _functions_in(constant)


@dataclass(frozen=True)
class Mutant:
    """A change of one function."""

    key: Key
    before: str
    after: str
    code: CodeType

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells it from others, wherever in its file it stands."""
        return self.key[0], self.key[2], self.before, self.after

    def __str__(self) -> str:
        path, line, name, _ = self.key
        return f"{path}:{line} {name}:  {self.before}  ->  {self.after}"


def mutants(path: str, named: Collection[tuple[str, str]] | None = None) -> Iterator[Mutant]:
    """All mutants of a module, or those whose statement is changed as is named: before and after."""
    tree = ast.parse((PACKAGE / path).read_text("utf-8"))
    originals = codes(compile(tree, path, "exec"), path)
    for function in functions(tree):
        statement = ast.Expr(function) if isinstance(function, ast.Lambda) else None
        for before, after in changes(function, statement):
            if named is not None and (before, after) not in named:
                continue
            ast.fix_missing_locations(function)
            mutated = codes(compile(tree, path, "exec"), path)
            yield from (Mutant(key, before, after, mutated[key]) for key in originals if mutated[key] != originals[key])


def running(paths: Iterable[str]) -> dict[Key, list[FunctionType]]:
    """The functions of some modules as they are imported, whatever decorators have made of them."""
    originals: dict[tuple[str, CodeType], Key] = {}
    for path in paths:
        module = import_module("rfdocs." + path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
        source = Path(str(module.__file__)).read_text("utf-8")
        for key, code in codes(compile(source, path, "exec"), path).items():
            originals[str(module.__file__), code] = key
    found: dict[Key, list[FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and (one.__code__.co_filename, one.__code__) in originals:
            found[originals[one.__code__.co_filename, one.__code__]].append(one)
    return found


# -- the tests ------------------------------------------------------------------------------------------------


class Judge:
    """A plugin of pytest: runs the collected tests once as they are, and then against each mutant."""

    def __init__(self, paths: list[str]) -> None:
        self.paths = paths
        self.equivalent = equivalents()
        self.ends: dict[str, Counter[str]] = defaultdict(Counter)
        self.known: set[tuple[str, ...]] = set()
        self.failed = ""

    def pytest_sessionstart(self) -> None:
        """Lets hypothesis draw fewer examples, and stop at the first that fails, however large."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", max_examples=EXAMPLES, phases=phases, report_multiple_bugs=False)
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keeps the name of the first test that fails."""
        if report.failed:
            self.failed = self.failed or report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judges every mutant."""
        gc.unfreeze()  # tests/conftest.py puts aside what it imported
        self.functions = running(self.paths)
        self.caches = [one for one in gc.get_objects() if isinstance(one, CACHE) and one.__module__ in sys.modules]
        gc.collect()
        gc.freeze()
        self.tests = self._reaching(session.items)
        for path in self.paths:
            for mutant in mutants(path):
                self._judge(path.partition("/")[0], mutant)
            print(path, dict(self.ends[path.partition("/")[0]]), time.process_time(), flush=True)
        return True

    def _reaching(self, items: list[pytest.Item]) -> dict[Key, list[tuple[float, pytest.Item]]]:
        """By function, the tests that reach it, quick ones first. Raises: SystemExit where one fails as it is."""
        told, _ = forked(lambda: map(self._traced, items))
        reaching: dict[Key, list[tuple[float, pytest.Item]]] = defaultdict(list)
        for item, line in sorted(zip(items, map(json.loads, told.splitlines()), strict=True), key=lambda pair: pair[1]):
            took, failed, keys = line
            if failed:
                sys.exit(f"{failed} fails without any change")
            for key in keys:
                reaching[tuple(key)].append((took, item))
        return reaching

    def _traced(self, item: pytest.Item) -> str:
        keys = {one.__code__: key for key, ones in self.functions.items() for one in ones}
        reached = set()

        def note(frame: FrameType, event: str, _: Any) -> None:
            if event == "call" and frame.f_code in keys:
                reached.add(keys[frame.f_code])

        began = time.process_time()
        sys.setprofile(note)
        failed = self._failure(item)
        sys.setprofile(None)
        return json.dumps([time.process_time() - began, failed, sorted(reached)])

    def _judge(self, package: str, mutant: Mutant) -> None:
        if mutant.identity in self.equivalent:
            self.known.add(mutant.identity)
            self.ends[package]["equivalent"] += 1
            return
        tests = self.tests[mutant.key]
        failed, status = forked(lambda: self._failures(mutant, tests))
        if failed:  # the quick test that found this one is the first to be asked about the next
            tests.sort(key=lambda test: test[0] > QUICK or test[1].nodeid != failed.strip())
        if not failed and not status:
            print(f"survived {len(tests)} tests: {mutant}", flush=True)
        self.ends[package]["found" if failed or status else "survived"] += 1

    def _failures(self, mutant: Mutant, tests: list[tuple[float, pytest.Item]]) -> Iterator[str]:
        """The first failure, if any; a test that takes far too long ends the process."""
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        for function in self.functions[mutant.key]:
            function.__code__ = mutant.code
        for took, item in tests:
            signal.setitimer(signal.ITIMER_PROF, PATIENCE + 5 * took)
            if failed := self._failure(item):
                yield failed
                return

    def _failure(self, item: pytest.Item) -> str:
        """The test's name if it fails; it finds nothing that another has kept."""
        for cache in self.caches:
            cache.cache_clear()
        self.failed = ""
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return self.failed

    def told(self) -> Iterator[str]:
        """The score of each package, and what is named as equivalent and is no mutant any more."""
        for package, ends in self.ends.items():
            found, judged = ends["found"], ends["found"] + ends["survived"]
            yield f"{package}: {found} of {judged} found, {found / judged:.1%}; {ends['equivalent']} equivalent"
        for one in self.equivalent - self.known:
            if one[0] in self.paths:
                yield f"no mutant is {' '.join(one)}: take it out of {EQUIVALENT.name}"


def forked(work: Callable[[], Iterable[str]]) -> tuple[str, int]:
    """The lines that some work tells in a process of its own, and how that ended: 0 is well."""
    reading, writing = os.pipe()
    if process := os.fork():
        os.close(writing)
        with os.fdopen(reading) as told:
            return told.read(), os.waitpid(process, 0)[1]
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        with os.fdopen(writing, "w") as telling:
            telling.writelines(f"{line}\n" for line in work())
        os._exit(0)
    finally:
        os._exit(1)


def named() -> list[dict[str, Any]]:
    """What is written of the mutants that no test can find."""
    entries: list[dict[str, Any]] = tomllib.loads(EQUIVALENT.read_text("utf-8")).get("equivalent", [])
    return entries


def equivalents() -> set[tuple[str, ...]]:
    """The mutants that no test can find."""
    return {(one["file"], one["function"], one["before"], after) for one in named() for after in one["after"]}


def main(wanted: list[str]) -> int:
    """0 where every mutant is found or named as equivalent."""
    modules = [
        path.relative_to(PACKAGE).as_posix() for name in PACKAGES for path in sorted((PACKAGE / name).glob("*.py"))
    ]
    judge = Judge([path for path in modules if not wanted or path in wanted or path.partition("/")[0] in wanted])
    tests = [*(str(PACKAGE / package) for package in PACKAGES), *(f"tests/{name}" for name in TESTS)]
    options = ["-q", "-s", "-p", "no:cacheprovider", "-W", "ignore:Module already imported", "--rootdir", str(ROOT)]
    pytest.main([*options, *tests], plugins=[judge])
    print(*judge.told(), sep="\n")
    return int(any(ends["survived"] for ends in judge.ends.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
