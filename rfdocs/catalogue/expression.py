"""The substitutions that a file may use: ``$name`` and ``$(an expression)``.

Arithmetic is exact, on whole numbers and fractions: ``+ - * / // %``, comparisons, ``and or not``, ``a if c else
b``, lists and their elements, and the functions min, max, ceil, floor, make_divisible. Nothing else: no attribute,
no call of anything else, no power; results are bounded. It is not a programming language.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, isfinite

from rfdocs.catalogue.problems import near_miss

#: The limits of one expression: characters, the size of any number in it, and what it may yield: the
#: characters of a text and the values in a list, lists in lists counted.
CHARACTERS = 200
MAGNITUDE = 10**15
TEXT = 2000
VALUES = 5000

Result = int | Fraction | bool | str | None | tuple["Result", ...]
Names = Mapping[str, Result]

_SUBSTITUTION = re.compile(r"\$(?:\$|([A-Za-z_][A-Za-z0-9_]*)|\(|\{)")


class ExpressionError(ValueError):
    """An expression that cannot be evaluated; ``hint`` says how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UndefinedName(ExpressionError):
    """A name that stands for nothing where it is used; ``near`` says what is meant, if one is like it."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        hint = near_miss(name, names)
        super().__init__(f"'{name}' is not defined", hint)
        self.name = name
        self.near = hint if hint.startswith("did you mean") else ""


def substitute(text: str, names: Names) -> Result:
    """The text with its substitutions made; a text that is one substitution keeps the value's type.

    Raises: ExpressionError.

    >>> substitute("$(4 * width)", {"width": 64})
    256
    >>> substitute("layer$stage.conv$$", {"stage": 2})
    'layer2.conv$'
    """
    parts = _split(text)
    if len(parts) == 1 and parts[0][0]:
        return _evaluate_text(parts[0][1], names)
    text = "".join([_as_text(_evaluate_text(part, names)) if code else part for code, part in parts])
    if len(text) > TEXT:
        raise ExpressionError(f"a text of {len(text)} characters; at most {TEXT} are allowed")
    return text


def make_divisible(value: int | Fraction, divisor: int) -> int:
    """The multiple of ``divisor`` nearest to ``value`` (halves up), at least ``divisor``, and not below 90 % of it.

    Source: MobileNet's ``_make_divisible``, as EfficientNet and torchvision use it.

    >>> make_divisible(Fraction("35.2"), 8), make_divisible(Fraction("11.2"), 8)
    (32, 16)
    """
    rounded = max(divisor, floor(Fraction(value) + Fraction(divisor, 2)) // divisor * divisor)
    return rounded + divisor if 10 * rounded < 9 * value else rounded


@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[tuple[bool, str], ...]:
    """The text as (is code, part) pairs."""
    parts: list[tuple[bool, str]] = []
    at = 0
    while match := _SUBSTITUTION.search(text, at):
        if match.start() > at:
            parts.append((False, text[at : match.start()]))
        if match.group() == "$$":
            parts.append((False, "$"))
            at = match.end()
        elif match.group() == "${":
            raise ExpressionError("'${' begins nothing", "write $name or $(expression)")
        elif match.group(1):
            parts.append((True, match.group(1)))
            at = match.end()
        else:
            at = _closing(text, match.end())
            parts.append((True, text[match.end() : at - 1]))
    if at < len(text) or not parts:
        parts.append((False, text[at:]))
    return tuple(parts)


_CLOSING = 'within { } or [ ] an expression with a comma needs quotes: "$(min(width, 64))"'


def _closing(text: str, start: int) -> int:
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    raise ExpressionError("a closing parenthesis is missing", _CLOSING)


def _as_text(value: Result) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ExpressionError(f"{_worded(value)} cannot stand inside a text", "only whole numbers and texts can")
    return str(value)


def _evaluate_text(code: str, names: Names) -> Result:
    if code in names:
        return names[code]
    return _evaluate(_parsed(code), names)


@lru_cache(maxsize=4096)
def _parsed(code: str) -> ast.expr:
    if len(code) > CHARACTERS:
        raise ExpressionError(f"an expression of {len(code)} characters; at most {CHARACTERS} are allowed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"'{code}' is not an expression", "for example $(4 * width)") from None


def _evaluate(node: ast.expr, names: Names) -> Result:
    rule = _RULES.get(type(node))
    if rule is None:
        raise ExpressionError(
            f"'{ast.unparse(node)}' is not allowed in an expression",
            "allowed: arithmetic, comparisons, if-else, min, max",
        )
    return rule(node, names)


def _constant(node: ast.Constant, names: Names) -> Result:
    if isinstance(node.value, float):
        return _bounded(Fraction(str(node.value)) if isfinite(node.value) else 10 * MAGNITUDE)
    if isinstance(node.value, (bool, int, str)):
        return _bounded(node.value)
    raise ExpressionError(f"'{node.value!r}' is not allowed in an expression")


def _name(node: ast.Name, names: Names) -> Result:
    if node.id in names:
        return names[node.id]
    raise UndefinedName(node.id, [*names, "True", "False"])


_ARITHMETIC: dict[type[ast.operator], Callable[[int | Fraction, int | Fraction], int | Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda left, right: Fraction(left) / right,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def _binary(node: ast.BinOp, names: Names) -> Result:
    rule = _ARITHMETIC.get(type(node.op))
    if rule is None:
        raise ExpressionError(f"'{ast.unparse(node)}' is not allowed in an expression", "allowed: + - * / // %")
    left, right = (_number(_evaluate(side, names), side) for side in (node.left, node.right))
    if right == 0 and isinstance(node.op, (ast.Div, ast.FloorDiv, ast.Mod)):
        raise ExpressionError(f"'{ast.unparse(node)}' divides by 0")
    return _bounded(rule(left, right))


def _unary(node: ast.UnaryOp, names: Names) -> Result:
    value = _evaluate(node.operand, names)
    if isinstance(node.op, ast.Not):
        return not value
    if isinstance(node.op, ast.USub):
        return _bounded(-_number(value, node.operand))
    raise ExpressionError(f"'{ast.unparse(node)}' is not allowed in an expression")


def _comparison(node: ast.Compare, names: Names) -> Result:
    values = [_evaluate(side, names) for side in (node.left, *node.comparators)]
    return all(_compared(kind, left, right) for kind, left, right in zip(node.ops, values, values[1:], strict=False))


_ORDER: dict[type[ast.cmpop], Callable[[int | Fraction, int | Fraction], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _compared(kind: ast.cmpop, left: Result, right: Result) -> bool:
    if isinstance(kind, ast.Eq):
        return left == right
    if isinstance(kind, ast.NotEq):
        return left != right
    rule = _ORDER.get(type(kind))
    if rule is None:
        raise ExpressionError("only == != < <= > >= compare")
    return rule(_number(left), _number(right))


def _choice(node: ast.IfExp, names: Names) -> Result:
    return _evaluate(node.body if _evaluate(node.test, names) else node.orelse, names)


def _logic(node: ast.BoolOp, names: Names) -> Result:
    decisive = isinstance(node.op, ast.Or)
    value: Result = None
    for part in node.values:
        value = _evaluate(part, names)
        if bool(value) is decisive:
            return value
    return value


def _list(node: ast.List, names: Names) -> Result:
    return bounded_list([_evaluate(element, names) for element in node.elts])


def bounded_list(values: Sequence[Result]) -> Result:
    """The values as a list. Raises: ExpressionError where lists in lists hold too many."""
    if _values(tuple(values)) > VALUES:
        raise ExpressionError(f"a list of more than {VALUES} values, lists in it counted")
    return tuple(values)


def _values(value: Result) -> int:
    if not isinstance(value, tuple):
        return 1
    counts = [_values(element) for element in value]
    return 1 + sum(counts)


def _element(node: ast.Subscript, names: Names) -> Result:
    values, place = _evaluate(node.value, names), _evaluate(node.slice, names)
    if not isinstance(values, tuple) or not isinstance(place, int):
        raise ExpressionError(f"'{ast.unparse(node)}' does not take an element of a list")
    if not 0 <= place < len(values):
        raise ExpressionError(f"'{ast.unparse(node)}' takes element {place} of a list of {len(values)}")
    return values[place]


_FUNCTIONS: dict[str, tuple[int, int, Callable[..., int | Fraction]]] = {
    "min": (1, 9, lambda *values: min(values)),
    "max": (1, 9, lambda *values: max(values)),
    "ceil": (1, 1, ceil),
    "floor": (1, 1, floor),
    "make_divisible": (2, 2, make_divisible),
}


_EXAMPLES = {
    "min": "min(width, 64)",
    "max": "max(width, 64)",
    "ceil": "ceil(width / 2)",
    "floor": "floor(width / 2)",
    "make_divisible": "make_divisible(width, 8)",
}


def _call(node: ast.Call, names: Names) -> Result:
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    if name == "len" and len(node.args) == 1:
        return _length(_evaluate(node.args[0], names))
    if name not in _FUNCTIONS:
        raise ExpressionError(f"there is no function '{name}'", near_miss(name, [*_FUNCTIONS, "len"]))
    least, most, function = _FUNCTIONS[name]
    values = [_number(_evaluate(argument, names), argument) for argument in node.args]
    if node.keywords or not least <= len(values) <= most or (name == "make_divisible" and values[1] < 1):
        raise ExpressionError(f"'{ast.unparse(node)}' has the wrong arguments", f"for example {_EXAMPLES[name]}")
    return _bounded(function(*values))


def _length(values: Result) -> int:
    if not isinstance(values, tuple):
        raise ExpressionError(f"{_worded(values)} is not a list")
    return len(values)


_RULES: dict[type[ast.expr], Callable[..., Result]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _comparison,
    ast.BoolOp: _logic,
    ast.IfExp: _choice,
    ast.Subscript: _element,
    ast.List: _list,
    ast.Call: _call,
}


def _number(value: Result, node: ast.expr | None = None) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        what = _worded(value)
        if node is not None and not isinstance(node, ast.Constant):
            what = f"'{ast.unparse(node)}', which is {what},"
        raise ExpressionError(f"{what} is not a number")
    return Fraction(value)


def _bounded(value: int | Fraction | str) -> int | Fraction | str:
    if isinstance(value, str):
        return value
    if abs(value.numerator) > MAGNITUDE * value.denominator or value.denominator > MAGNITUDE:
        raise ExpressionError(f"a number beyond {MAGNITUDE}")
    return int(value) if value == int(value) and not isinstance(value, bool) else value


def _worded(value: Result) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "a list" if isinstance(value, tuple) else repr(value) if isinstance(value, str) else str(value)
