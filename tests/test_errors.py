"""One family of errors: its tree as it is told, what each carries, and the one place of its wording."""

import ast
import builtins
import copy
import pickle
import re
from collections.abc import Iterator

import pytest
from syntax import PACKAGE, modules, nodes, tree

import rfdocs
from rfdocs import errors
from rfdocs.catalogue.catalogue import UnknownNetwork
from rfdocs.figures import draw_guide
from rfdocs.graph.network import NetworkError
from rfdocs.language.axes import AttributeRefusal
from rfdocs.language.expression import UndefinedName, substitute
from rfdocs.language.problems import Problem
from rfdocs.language.values import Refused

BASE = "RfdocsError"


def classes() -> Iterator[tuple[str, str, list[str]]]:
    """Every class of the package: its module, its name, and the names of its bases."""
    for path in modules():
        module = ".".join(("rfdocs", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        for node in nodes(tree(path)):
            if isinstance(node, ast.ClassDef):
                yield module, node.name, [ast.unparse(base) for base in node.bases]


def branch(known: list[tuple[str, str, list[str]]], module: str, name: str, bases: list[str], depth: int) -> list[str]:
    """The lines of one class and those that are made of it."""
    also = f" ({bases[1]})" if len(bases) > 1 else ""
    below = sorted((one for one in known if one[2][:1] == [name] and one[1] != name), key=lambda one: one[1])
    head = f"{'  ' * depth}{name}{also}"
    return [f"{head:37}{module}", *(line for one in below for line in branch(known, *one, depth + 1))]


def test_the_tree_that_is_told_is_the_real_one() -> None:
    known = list(classes())
    base = next(one for one in known if one[1] == BASE)
    told = [line.removeprefix("    ") for line in str(errors.__doc__).splitlines() if line.startswith("    ")]
    assert told == branch(known, base[0], BASE, [], 0)


def is_raised(bases: list[str]) -> bool:
    found = [getattr(builtins, base, None) for base in bases]
    return any(isinstance(one, type) and issubclass(one, BaseException) for one in found)


def test_an_exception_outside_the_family_is_told_as_one_that_is_always_caught() -> None:
    apart = str(errors.__doc__).partition("tell nobody anything:")[2]
    outside = {name for _, name, bases in classes() if is_raised(bases) and BASE not in bases and name != BASE}
    assert outside == {word for word in re.findall(r"\w+", apart) if word[0] == "_" or word.istitle() or "Too" in word}


def test_only_the_spelling_words_a_near_miss() -> None:
    """A question that others build would have to be told from others by its words."""
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in modules()
        if path.name != "spelling.py"
        for node in nodes(tree(path))
        if isinstance(node, ast.Constant) and "did you mean" in str(node.value) and ">>>" not in str(node.value)
    ]
    assert found == []


EXAMPLES = [
    errors.RfdocsError("wrong", "mend it"),
    errors.ArithmeticRefusal("its window of 3 does not fit"),
    errors.UnknownName("column", "sise", ["name", "size"]),
    AttributeRefusal("stride", "0 found", "write 1"),
    NetworkError("conv1", "its window of 3 does not fit"),
    rfdocs.CatalogueError([Problem("a.yaml", 1, 1, "", "wrong", "mend it", "type")]),
    rfdocs.InputError("it does not take 31", "it takes 32"),
    rfdocs.UnknownLayer("cov1", ["input", "conv1"]),
    UnknownNetwork("network", "alexnt", ["alexnet"]),
    UndefinedName("wdth", ["width"]),
    Refused(3, "a text", "put quotes around it"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_is_its_message_then_its_hint_in_every_process(error: errors.RfdocsError) -> None:
    assert str(error) == (f"{error.message}; {error.hint}" if error.hint else error.message)
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(other), str(other), other.args, other.hint) == (type(error), str(error), error.args, error.hint)


def test_errors_stay_what_they_were() -> None:
    assert not issubclass(rfdocs.UnknownLayer, ValueError)
    assert issubclass(rfdocs.UnknownLayer, KeyError)
    for kind in (
        rfdocs.CatalogueError,
        rfdocs.InputError,
        rfdocs.NetworkError,
        UnknownNetwork,
        rfdocs.UnknownName,
        Refused,
    ):
        assert issubclass(kind, ValueError)


def test_a_near_miss_has_its_own_field() -> None:
    with pytest.raises(rfdocs.UnknownNetwork, match="there is no network 'alexnt'; did you mean 'alexnet'") as network:
        rfdocs.load("alexnt")
    assert (network.value.near, network.value.hint) == ("alexnet", "did you mean 'alexnet'?")
    with pytest.raises(
        rfdocs.UnknownLayer, match="there is no layer 'con1'; did you mean conv1 or conv5 or conv4"
    ) as layer:
        rfdocs.load("alexnet").analyze()["con1"]
    assert layer.value.message == "there is no layer 'con1'"
    with pytest.raises(rfdocs.UnknownName, match="there is no figure 'pie'") as figure:
        draw_guide("pie")
    assert figure.value.hint.startswith("allowed: guide-activations, ")
    with pytest.raises(UndefinedName, match="'wdth' is not defined; did you mean 'width'") as name:
        substitute("$wdth", {"width": 1})
    assert name.value.message == "'wdth' is not defined"
