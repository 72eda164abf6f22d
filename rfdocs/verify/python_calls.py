"""Python calls as text: dotted names, calls and literals, evaluated as a person who typed them meant it.

Nothing else of Python is: no operator but the repetition of a list, no index, no name of a variable.
"""

from __future__ import annotations

import ast
import builtins
import importlib
from functools import cache
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.spelling import did_you_mean, nearest

_ELSE = "nothing else of Python is evaluated"


def evaluated(text: str) -> Any:
    """The value of an expression of dotted names, calls, what these give by a name, and literals.

    >>> evaluated("fractions.Fraction(1, denominator=3)")
    Fraction(1, 3)
    >>> evaluated("fractions.Fraction(1, 3).denominator")
    3

    Raises: RfdocsError for any other; and whatever the code raises that it calls.
    """
    return _evaluate(ast.parse(text, mode="eval").body)


def _evaluate(node: ast.expr) -> Any:
    """The value of an expression of dotted names, calls and literals. Raises: RfdocsError for anything else."""
    if isinstance(node, ast.Call):
        named: dict[str, Any] = {}
        for word in node.keywords:
            named |= {word.arg: _evaluate(word.value)} if word.arg else _evaluate(word.value)
        return value_of_path(ast.unparse(node.func))(*map(_evaluate, node.args), **named)
    if isinstance(node, ast.List | ast.Tuple):
        items = [_evaluate(item) for item in node.elts]
        return tuple(items) if isinstance(node, ast.Tuple) else items
    if isinstance(node, ast.Dict) and None not in node.keys:
        pairs = zip(filter(None, node.keys), node.values, strict=True)
        return {_evaluate(key): _evaluate(value) for key, value in pairs}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _evaluate(node.left) * _evaluate(node.right)
    if isinstance(node, ast.Attribute):
        return getattr(_evaluate(node.value), node.attr) if is_of_call(node) else value_of_path(ast.unparse(node))
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise RfdocsError(f"'{ast.unparse(node)}' is no dotted name, no call and no literal", _ELSE) from None


def is_of_call(node: ast.expr) -> bool:
    """Whether it is a call, or what one gives by a name: ``build()``, ``build().backbone``."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Call)


def value_of_path(path: str) -> Any:
    """What a dotted path names: attributes, and modules where there is no such attribute.

    >>> value_of_path("os.path.sep.join")(["a", "b"])
    'a/b'

    Raises: RfdocsError for a name that is not there.
    """
    first, *rest = path.split(".")
    module, value = first, _module_or_builtin(first)
    for part in rest:
        if not hasattr(value, part):
            _import(value, module, part)
        module, value = f"{module}.{part}", getattr(value, part)
    return value


def _module_or_builtin(name: str) -> Any:
    """A module; where there is none, what Python itself calls so, such as ``dict``."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name or not hasattr(builtins, name):
            raise
        return getattr(builtins, name)


def _import(value: Any, module: str, part: str) -> None:
    """Imports a module of a package. Raises: RfdocsError, where there is none."""
    try:
        importlib.import_module(f"{module}.{part}")
    except ModuleNotFoundError as error:
        if not f"{module}.{part}".startswith(str(error.name)):
            raise
        raise RfdocsError(f"`{module}` has no `{part}`", did_you_mean(nearest(part, dir(value)))) from None


@cache
def declare_operators() -> Any:
    """Declares the operators that torchvision's own extension would register where it can be loaded.

    Only where it cannot: beside another build of PyTorch than its own.
    """
    library = importlib.import_module("torch").library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return library
