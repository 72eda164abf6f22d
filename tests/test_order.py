"""Nothing that is shown follows the order of a set, which differs from run to run: read from the source, and run."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest
import syntax

SETS = {"set", "frozenset", "AbstractSet", "MutableSet"}
"""How sets are called, in code and in annotations."""

MAKERS = {"union", "intersection", "difference", "symmetric_difference"}
"""The methods that make a set."""

OPERATORS = (ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor)
"""What makes a set of two."""

LOOSE = {"set", "frozenset", "any", "all", "sum", "len", "min", "max", "sorted"}
"""What comes out the same for every order, unless a key makes two things equal."""


class Known(NamedTuple):
    """What is annotated or assigned as a set: functions and attributes of the package, variables of a scope."""

    functions: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()


def annotated(node: ast.expr | None) -> bool:
    """Whether an annotation says that something is a set."""
    return node is not None and ast.unparse(node).partition("[")[0] in SETS


def unordered(node: ast.expr, known: Known) -> bool:
    """Whether an expression is a set, as far as its form and the names in it tell."""
    if isinstance(node, ast.Set | ast.SetComp):
        return True
    if isinstance(node, ast.Name | ast.Attribute):
        return syntax.last_name(node) in (known.local if isinstance(node, ast.Name) else known.fields)
    if isinstance(node, ast.BinOp):
        sides = (node.left, node.right)
        keys = any(isinstance(side, ast.Call) and syntax.last_name(side.func) == "keys" for side in sides)
        return isinstance(node.op, OPERATORS) and (keys or any(unordered(side, known) for side in sides))
    return isinstance(node, ast.Call) and syntax.last_name(node.func) in SETS | MAKERS | known.functions


def known_in(modules: Iterable[ast.Module]) -> Known:
    """The functions and fields of some modules that are annotated as sets."""
    nodes = [node for module in modules for node in syntax.nodes(module)]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef) and annotated(node.returns)]
    bodies = [part for node in nodes if isinstance(node, ast.ClassDef) for part in node.body]
    typed = [part for part in bodies if isinstance(part, ast.AnnAssign) and annotated(part.annotation)]
    fields = [syntax.last_name(part.target) for part in typed]
    properties = [node.name for node in functions if node.decorator_list]
    return Known(frozenset(node.name for node in functions), frozenset([*fields, *properties]))


def local(scope: ast.AST) -> frozenset[str]:
    """The variables of a function, or of a whole module, that are sets."""
    found = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.arg) and annotated(node.annotation):
            found.add(node.arg)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and annotated(node.annotation):
            found.add(node.target.id)
        elif isinstance(node, ast.Assign) and unordered(node.value, Known()):
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return frozenset(found)


def lines_by_chance(module: ast.Module, known: Known) -> list[int]:
    """The lines of a module at which something takes the order of a set."""
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    rest = [node for node in module.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    scopes = [*functions, ast.Module(rest, [])]
    return sorted({line for scope in scopes for line in by_chance(scope, known._replace(local=local(scope)))})


def by_chance(scope: ast.AST, known: Known) -> Iterator[int]:
    """The lines below a node at which something takes the order of a set."""
    loose = {id(argument) for argument in excused(scope)}
    for node in ast.walk(scope):
        if isinstance(node, ast.For) and unordered(node.iter, known):
            yield node.lineno
        elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp) and id(node) not in loose:
            yield from (node.lineno for part in node.generators if unordered(part.iter, known))
        elif isinstance(node, ast.Starred) and id(node) not in loose and unordered(node.value, known):
            yield node.lineno
        elif isinstance(node, ast.Call) and syntax.last_name(node.func) in TAKERS:
            taken = [argument for argument in node.args if id(argument) not in loose]
            yield from (node.lineno for argument in taken if unordered(argument, known))


TAKERS = {
    "list", "tuple", "enumerate", "iter", "zip", "map", "filter", "reversed", "join", "extend", "fromkeys", "chain",
    "sorted", "min", "max", "groupby", "accumulate", "deque",
}  # fmt: skip
"""What takes the order of its arguments."""


def excused(scope: ast.AST) -> Iterator[ast.expr]:
    """Arguments of which the order does not matter."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Set):
            yield from node.elts
        elif isinstance(node, ast.Call) and syntax.last_name(node.func) in LOOSE:
            if not any(keyword.arg == "key" for keyword in node.keywords):
                yield from node.args
        elif isinstance(node, ast.Call) and syntax.last_name(node.func) in {"update", "issuperset", "issubset"}:
            yield from node.args


def trees() -> dict[str, ast.Module]:
    """The package's modules, by their places."""
    return {path.relative_to(syntax.PACKAGE).as_posix(): syntax.tree(path) for path in syntax.modules()}


@pytest.mark.slow
def test_nothing_takes_the_order_of_a_set() -> None:
    modules = trees()
    known = known_in(modules.values())
    assert [f"{path}:{line}" for path, module in modules.items() for line in lines_by_chance(module, known)] == []


CHANCE = """
def one(ends):
    return sorted(set(ends), key=lambda end: end[0])

def two(mine: set[str], other):
    for name in mine - other:
        yield name

def three(found):
    names = {name.lower() for name in found}
    return ", ".join(names), [name for name in names], [*names], list(found.keys() - names)

class Kept:
    names: frozenset[str]
    ids: list[str]

def four(kept):
    return tuple(kept.names), tuple(kept.ids)
"""

ORDER = """
def one(ends):
    return sorted(dict.fromkeys(ends), key=lambda end: end[0]), sorted(set(ends))

def two(mine: set[str], other):
    return {name for name in mine - other}, any(name for name in mine), len({*mine, *other})

def three(names):
    return list(names)
"""


def test_the_order_of_a_set_is_found_where_it_is_taken() -> None:
    module = ast.parse(CHANCE)
    assert lines_by_chance(module, known_in([module])) == [3, 6, 11, 18]
    assert lines_by_chance(ast.parse(ORDER), Known()) == []


# By running -----------------------------------------------------------------------------------------------------

SHOWN = """
import hashlib, sys
import rfdocs
from rfdocs.cli import main
from rfdocs.figures import KINDS, draw
for name in sys.argv[1:]:
    entry = rfdocs.load(name)
    report = entry.analyze()
    for kind in KINDS:
        print(name, kind, hashlib.sha256(repr(draw(kind, entry.title, report)).encode()).hexdigest())
    for form in ("markdown", "json", "csv"):
        main(["table", name, "--format", form])
"""

TIED = ("lenet5", "rpn_vgg16", "unet3d-padded", "vdsr", "inception-v3")
"""Networks in whose figures something is equal that is drawn in an order."""


@pytest.mark.slow
def test_figures_and_tables_are_the_same_under_every_seed_of_the_hashes() -> None:
    runs = {seed: shown_under(seed) for seed in ("0", "1", "2", "3")}
    assert runs["0"].count("\n") > 100
    assert set(runs.values()) == {runs["0"]}


def shown_under(seed: str) -> str:
    command = [sys.executable, "-c", SHOWN, *TIED]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
