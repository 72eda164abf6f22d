"""The substitutions that a file may use: ``$name`` and ``$(an expression)``.

Arithmetic is exact, on whole numbers and fractions: ``+ - * / // % **``, comparisons, ``and or not``, ``a if c else
b``, lists, their elements, ``[a for b in c if d]``, and the functions min, max, ceil, floor, len, range,
make_divisible. Nothing else: no attribute, no call of anything else; exponents are whole, and results are bounded. It
is not a programming language.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from keyword import iskeyword
from math import ceil, floor, isfinite
from typing import Any, NamedTuple

from rfdocs.errors import RfdocsError
from rfdocs.graph import Spend, uncounted
from rfdocs.language.work import LETTERS, NAMES, PARSED, Exhausted, Work
from rfdocs.spelling import did_you_mean, near_miss, nearest

#: The limits of one expression: characters, the size of any number in it and of an exponent, and what it may yield:
#: the characters of a text and the values in a list, lists in lists counted.
CHARACTERS = 200
MAGNITUDE = 10**15
EXPONENT = 64
TEXT = 2000
VALUES = 5000
#: The most steps of an expression that is evaluated once for all its uses.
CONSTANT = 10_000

Result = int | Fraction | bool | str | None | tuple["Result", ...]
Names = Mapping[str, Result]

_SUBSTITUTION = re.compile(r"\$(?:\$|([A-Za-z_][A-Za-z0-9_]*)|\(|\{)")


class ExpressionError(RfdocsError, ValueError):
    """An expression that cannot be evaluated."""


class UndefinedName(ExpressionError):
    """A name that stands for nothing where it is used, among the names that do."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        super().__init__(f"'{name}' is not defined", partial(near_miss, name, names))
        self.name = name
        self.names = names


class _Context(NamedTuple):
    """What an expression is evaluated in: the names that it may use, and who counts the work."""

    names: Names
    spend: Spend


_NAME = "[A-Za-z_][A-Za-z0-9_]*"


def is_variable(text: str) -> bool:
    """Whether expressions can use the text as a name: letters, digits and '_', and no word of their own.

    >>> is_variable("self"), is_variable("if"), is_variable("größe")
    (True, False, False)
    """
    return re.fullmatch(_NAME, text) is not None and not iskeyword(text)


def substitute(text: str, names: Names, spend: Spend = uncounted) -> Result:
    """The text with its substitutions made; a text that is one substitution keeps the value's type.

    Raises: ExpressionError, and what ``spend`` raises.

    >>> substitute("$(4 * width)", {"width": 64})
    256
    >>> substitute("layer$stage.conv$$", {"stage": 2})
    'layer2.conv$'
    """
    if len(text) > TEXT:
        raise _too_long(len(text))
    parts, context = _parts_of(text), _Context(names, spend)
    spend(len(parts))
    if len(parts) == 1 and parts[0][0]:
        return _evaluate_code(parts[0][1], context)
    texts: list[str] = []
    length = 0
    for is_code, part in parts:
        texts.append(_as_text(_evaluate_code(part, context)) if is_code else part)
        length += len(texts[-1])
        if length > TEXT:
            raise _too_long(length)
    return "".join(texts)


def _too_long(length: int) -> ExpressionError:
    return ExpressionError(f"a text of {length} characters; at most {TEXT} are allowed")


def names_in(text: str) -> Iterator[str]:
    """The names that the substitutions of a text refer to.

    >>> list(names_in("layer$stage.$(2 * width)"))
    ['stage', 'width']
    """
    try:
        parts = _parts_of(text) if len(text) <= TEXT else ()
    except ExpressionError:
        parts = ((True, text),)
    for is_code, part in parts:
        if is_code:
            yield from (word for word in re.findall(_NAME, part) if not iskeyword(word))


def make_divisible(value: int | Fraction, divisor: int) -> int:
    """The multiple of ``divisor`` nearest to ``value`` (halves up), at least ``divisor``, and not below 90 % of it.

    Source: MobileNet's ``_make_divisible``, as EfficientNet and torchvision use it.

    >>> make_divisible(Fraction("35.2"), 8), make_divisible(Fraction("11.2"), 8)
    (32, 16)
    """
    rounded = max(divisor, floor(Fraction(value) + Fraction(divisor, 2)) // divisor * divisor)
    return rounded + divisor if 10 * rounded < 9 * value else rounded


@lru_cache(maxsize=4096)
def _parts_of(text: str) -> tuple[tuple[bool, str], ...]:
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
            at = _closing_end(text, match.end())
            parts.append((True, text[match.end() : at - 1]))
    if at < len(text) or not parts:
        parts.append((False, text[at:]))
    return tuple(parts)


_CLOSING = 'within { } or [ ] an expression with a comma needs quotes: "$(min(width, 64))"'


def _closing_end(text: str, start: int) -> int:
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    raise ExpressionError("a closing parenthesis is missing", _CLOSING)


def _as_text(value: Result) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ExpressionError(f"{_in_words(value)} cannot stand inside a text", "only whole numbers and texts can")
    return str(value)


def _evaluate_code(code: str, context: _Context) -> Result:
    if code in context.names:
        value = context.names[code]
    else:
        context.spend(PARSED + len(code) // LETTERS)
        value = _value(code, context)
    if isinstance(value, tuple):
        context.spend(_value_count(value))
    return value


def _value(code: str, context: _Context) -> Result:
    """What an expression comes to. One that asks for no name is evaluated once, and pays for each time."""
    constant = _constant_value(code)
    if constant is None:
        return _evaluate(_parse(code), context)
    steps, value = constant
    context.spend(steps)
    return value


@lru_cache(maxsize=4096)
def _constant_value(code: str) -> tuple[int, Result] | None:
    """The steps and the value of an expression that asks for no name; ``None`` where it does, has no value, or takes
    many steps.
    """
    work = Work(most=CONSTANT)
    try:
        value = _evaluate(_parse(code), _Context({}, work.spend))
    except (ExpressionError, Exhausted):
        return None
    return work.done, value


@lru_cache(maxsize=4096)
def _parse(code: str) -> ast.expr:
    if len(code) > CHARACTERS:
        raise ExpressionError(f"an expression of {len(code)} characters; at most {CHARACTERS} are allowed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"'{code}' is not an expression", "for example $(4 * width)") from None


def _evaluate(node: ast.expr, context: _Context) -> Result:
    context.spend(1)
    rule = _RULES.get(type(node))
    if rule is None:
        raise ExpressionError(
            f"'{ast.unparse(node)}' is not allowed in an expression",
            f"allowed: arithmetic, comparisons, and, or, not, a if c else b, lists; {_functions_hint()}",
        )
    return rule(node, context)


def _constant(node: ast.Constant, context: _Context) -> Result:
    if isinstance(node.value, float):
        return _bounded(Fraction(str(node.value)) if isfinite(node.value) else 10 * MAGNITUDE)
    if isinstance(node.value, (bool, int, str)):
        return _bounded(node.value)
    raise ExpressionError(f"'{node.value!r}' is not allowed in an expression")


def _name(node: ast.Name, context: _Context) -> Result:
    if node.id in context.names:
        return context.names[node.id]
    raise UndefinedName(node.id, [*context.names, "True", "False"])


def _power(base: int | Fraction, exponent: int | Fraction) -> Fraction:
    if not isinstance(exponent, int) or abs(exponent) > EXPONENT:
        raise ExpressionError(f"the exponent {exponent} is not a whole number from -{EXPONENT} to {EXPONENT}")
    if base == 0 and exponent < 0:
        raise ExpressionError("0 has no power below 0")
    return Fraction(base) ** exponent


_ARITHMETIC: dict[type[ast.operator], Callable[[int | Fraction, int | Fraction], int | Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda left, right: Fraction(left) / right,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}


def _binary(node: ast.BinOp, context: _Context) -> Result:
    rule = _ARITHMETIC.get(type(node.op))
    if rule is None:
        raise ExpressionError(f"'{ast.unparse(node)}' is not allowed in an expression", "allowed: + - * / // % **")
    left = _as_number(_evaluate(node.left, context), node.left)
    right = _as_number(_evaluate(node.right, context), node.right)
    if right == 0 and isinstance(node.op, (ast.Div, ast.FloorDiv, ast.Mod)):
        raise ExpressionError(f"'{ast.unparse(node)}' divides by 0")
    return _bounded(rule(left, right))


def _unary(node: ast.UnaryOp, context: _Context) -> Result:
    value = _evaluate(node.operand, context)
    if isinstance(node.op, ast.Not):
        return not value
    if isinstance(node.op, ast.USub):
        return _bounded(-_as_number(value, node.operand))
    raise ExpressionError(f"'{ast.unparse(node)}' is not allowed in an expression")


def _comparison(node: ast.Compare, context: _Context) -> Result:
    values = [_evaluate(side, context) for side in (node.left, *node.comparators)]
    context.spend(sum([_value_count(value) for value in values]))
    return all(_compare(kind, left, right) for kind, left, right in zip(node.ops, values, values[1:], strict=False))


_ORDER: dict[type[ast.cmpop], Callable[[int | Fraction, int | Fraction], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _compare(kind: ast.cmpop, left: Result, right: Result) -> bool:
    if isinstance(kind, ast.Eq):
        return left == right
    if isinstance(kind, ast.NotEq):
        return left != right
    rule = _ORDER.get(type(kind))
    if rule is None:
        raise ExpressionError("only == != < <= > >= compare")
    return rule(_as_number(left), _as_number(right))


def _choice(node: ast.IfExp, context: _Context) -> Result:
    return _evaluate(node.body if _evaluate(node.test, context) else node.orelse, context)


def _logic(node: ast.BoolOp, context: _Context) -> Result:
    decisive = isinstance(node.op, ast.Or)
    value: Result = None
    for part in node.values:
        value = _evaluate(part, context)
        if bool(value) is decisive:
            return value
    return value


def _list(node: ast.List, context: _Context) -> Result:
    return bounded_list([_evaluate(element, context) for element in node.elts], context.spend)


def _comprehension(node: ast.ListComp, context: _Context) -> Result:
    """The values of an expression for every row of a list, of those for which the conditions hold."""
    loop, *others = node.generators
    if others or loop.is_async:
        raise ExpressionError(f"'{ast.unparse(node)}' has more than one `for`", "write a list in a list")
    rows = _evaluate(loop.iter, context)
    if not isinstance(rows, tuple):
        raise ExpressionError(f"{_in_words(rows)} is not a list", f"'{ast.unparse(loop.iter)}' stands behind `in`")
    values: list[Result] = []
    for row in rows:
        context.spend(1 + len(context.names) // NAMES)
        turn = context._replace(names={**context.names, **_row_names(loop.target, row)})
        if all(_evaluate(condition, turn) for condition in loop.ifs):
            values.append(_evaluate(node.elt, turn))
    return bounded_list(values, context.spend)


def _row_names(target: ast.expr, row: Result) -> dict[str, Result]:
    """What the names before `in` stand for in one turn: one for the row, or one for each of its values."""
    if isinstance(target, ast.Name):
        return {target.id: row}
    parts = target.elts if isinstance(target, ast.Tuple) else []
    names = [part.id for part in parts if isinstance(part, ast.Name)]
    if not parts or len(names) < len(parts):
        raise ExpressionError(f"'{ast.unparse(target)}' is neither a name nor names")
    if not isinstance(row, tuple) or len(row) != len(names):
        what = f"a row of {len(row)}" if isinstance(row, tuple) else _in_words(row)
        raise ExpressionError(f"{what} found; allowed: rows of {len(names)} values")
    return dict(zip(names, row, strict=True))


def bounded_list(values: Sequence[Result], spend: Spend = uncounted) -> Result:
    """The values as a list. Raises: ExpressionError where lists in lists hold too many."""
    count = _value_count(tuple(values))
    spend(count)
    if count > VALUES:
        raise ExpressionError(f"a list of more than {VALUES} values, lists in it counted")
    return tuple(values)


def _value_count(value: Result) -> int:
    """How many values there are, lists in lists counted: no more than one beyond the most allowed are looked at."""
    count, left = 0, [value]
    while left and count <= VALUES:
        count += 1
        last = left.pop()
        if isinstance(last, tuple):
            left.extend(last[: VALUES + 1])
    return count


def _element(node: ast.Subscript, context: _Context) -> Result:
    values, place = _evaluate(node.value, context), _evaluate(node.slice, context)
    if not isinstance(values, tuple) or not isinstance(place, int):
        raise ExpressionError(f"'{ast.unparse(node)}' does not take an element of a list")
    if not 0 <= place < len(values):
        raise ExpressionError(f"'{ast.unparse(node)}' takes element {place} of a list of {len(values)}")
    return values[place]


class Function(NamedTuple):
    """A function: the least and the most arguments, what it does, an example, and whether it takes numbers."""

    least: int
    most: int
    apply: Callable[..., int | Fraction | tuple[int, ...]]
    example: str
    numbers: bool = True


def _list_length(values: Result) -> int:
    if not isinstance(values, tuple):
        raise ExpressionError(f"{_in_words(values)} is not a list")
    return len(values)


def _counted(*ends: int | Fraction) -> tuple[int, ...]:
    """The whole numbers from the first to before the second; without a first, from 0."""
    whole = [end for end in ends if isinstance(end, int)]
    if len(whole) < len(ends):
        raise ExpressionError("only whole numbers can be counted to")
    numbers = range(*whole)
    if len(numbers) > VALUES:
        raise ExpressionError(f"a list of more than {VALUES} values")
    return tuple(numbers)


#: Every function of expressions.
FUNCTIONS = {
    "min": Function(1, 9, lambda *values: min(values), "min(width, 64)"),
    "max": Function(1, 9, lambda *values: max(values), "max(width, 64)"),
    "ceil": Function(1, 1, ceil, "ceil(width / 2)"),
    "floor": Function(1, 1, floor, "floor(width / 2)"),
    "len": Function(1, 1, _list_length, "len(widths)", numbers=False),
    "range": Function(1, 2, _counted, "range(4)"),
    "make_divisible": Function(2, 2, make_divisible, "make_divisible(width, 8)"),
}


def _call(node: ast.Call, context: _Context) -> Result:
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    function = FUNCTIONS.get(name)
    if function is None:
        near = nearest(name, [*FUNCTIONS])
        raise ExpressionError(f"there is no function '{name}'", did_you_mean(near) or _functions_hint())
    values: list[Any] = [_evaluate(argument, context) for argument in node.args]
    fits = not node.keywords and function.least <= len(values) <= function.most
    if fits and function.numbers:
        values = [_as_number(value, argument) for value, argument in zip(values, node.args, strict=True)]
        fits = name != "make_divisible" or values[1] >= 1
    if not fits:
        raise ExpressionError(f"'{ast.unparse(node)}' has the wrong arguments", f"for example {function.example}")
    value = function.apply(*values)
    return bounded_list(value, context.spend) if isinstance(value, tuple) else _bounded(value)


def _functions_hint() -> str:
    return f"the functions are {', '.join(FUNCTIONS)}"


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
    ast.ListComp: _comprehension,
    ast.Call: _call,
}


def _as_number(value: Result, node: ast.expr | None = None) -> int | Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        what = _in_words(value)
        if node is not None and not isinstance(node, ast.Constant):
            what = f"'{ast.unparse(node)}', which is {what},"
        raise ExpressionError(f"{what} is not a number")
    return value


def _bounded(value: int | Fraction | str) -> int | Fraction | str:
    if isinstance(value, str) or (isinstance(value, int) and abs(value) <= MAGNITUDE):
        return value
    if abs(value.numerator) > MAGNITUDE * value.denominator or value.denominator > MAGNITUDE:
        raise ExpressionError(f"a number beyond {MAGNITUDE}")
    return int(value) if value == int(value) and not isinstance(value, bool) else value


def _in_words(value: Result) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "a list" if isinstance(value, tuple) else repr(value) if isinstance(value, str) else str(value)
