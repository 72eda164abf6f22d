"""The relations of convolution arithmetic against windows that are counted one by one."""

import re
from itertools import product
from types import CodeType

import pytest

from rfdocs.errors import ArithmeticRefusal, UnknownName
from rfdocs.operators import Convolution, SlidingWindow, TransposedConvolution
from rfdocs.operators.operator import Filters, Operator
from rfdocs.pages.relations import RELATIONS, SLIDING_FORM, TRANSPOSED_FORM, Setting, relation

GRID = [Setting(*values) for values in product(range(1, 9), range(1, 6), range(1, 4), range(5), range(1, 4), range(3))]


def counted(setting: Setting) -> int:
    """The places at which the window lies inside the padded input."""
    reach = setting.d * (setting.k - 1)
    return len(
        [first for first in range(0, setting.i + 2 * setting.p, setting.s) if first + reach < setting.i + 2 * setting.p]
    )


def spread(setting: Setting) -> int:
    """The cells that all units of the input are spread over, less what is cut off at either end, and what is added."""
    cells = {setting.s * unit + tap for unit in range(setting.i) for tap in range(setting.k)}
    return max(cells) + 1 - 2 * setting.p + setting.a


@pytest.mark.parametrize("number", RELATIONS)
def test_a_relation_gives_what_is_counted(number: int) -> None:
    one = relation(number)
    settings = [setting for setting in GRID if one.holds(setting)]
    settings = [setting for setting in settings if (spread if one.transposed else counted)(setting) > 0]
    assert len(settings) > 20
    wrong = [setting for setting in settings if one.size(setting) != (spread if one.transposed else counted)(setting)]
    assert wrong == []


def as_python(where: str) -> CodeType:
    """A condition of the table, as a program reads it: compiled once for all settings."""
    for latex, python in (
        (r",\;", " and"),
        (r"\le", "<="),
        (r"\ge", ">="),
        (r"\max", "max"),
        ("'", "_"),
        ("d(", "d*("),
    ):
        where = where.replace(latex, python)
    return compile(re.sub(r"(?<![<>])=", "==", where).replace("2p", "2*p"), "", "eval")


@pytest.mark.parametrize("number", RELATIONS)
def test_a_relation_holds_exactly_where_the_table_says(number: int) -> None:
    one = relation(number)
    where, turned = as_python(one.where), one.transposed
    told = 0
    for setting, behind in product(GRID, range(5)):
        names = setting._asdict() | {"p_": behind}
        if turned or not setting.a:
            told += (says := eval(where, names))
            assert says == (behind == setting.p and one.holds(setting)), (setting, behind)
    assert told > 20


def test_the_general_forms_hold_where_the_table_says() -> None:
    conditions = [as_python(form.where) for form in (SLIDING_FORM, TRANSPOSED_FORM)]
    for setting, behind in product(GRID[::3], range(3)):
        w = setting
        names = w._asdict() | {"p_": behind, "o": TRANSPOSED_FORM.size(w, behind)}
        fits, left = (eval(condition, names) for condition in conditions)
        plain = SlidingWindow.of(w.k, w.s, ((w.p, behind),), w.d, axes=1)
        assert fits == (made(Convolution(plain, Filters(1)), w.i) is not None)
        if w.a < max(w.s, w.d):
            assert left == (made(TransposedConvolution(plain, Filters(1), (w.a,)), w.i) is not None)
        else:
            assert not left


def made(operator: Operator, length: int) -> int | None:
    """The units that a layer makes, if it can be applied."""
    try:
        return operator.axis(0, (length,), None).length
    except ArithmeticRefusal:
        return None


def test_a_transposed_convolution_leads_back() -> None:
    """Relation 14 with the units that the floor of relation 6 has dropped."""
    settings = [setting for setting in GRID if relation(6).holds(setting) and counted(setting) > 0]
    for setting in settings:
        dropped = (setting.i + 2 * setting.p - setting.k) % setting.s
        back = setting._replace(i=relation(6).size(setting), a=dropped)
        assert relation(14).size(back) == setting.i
    assert len(settings) > 300


@pytest.mark.parametrize("number", RELATIONS)
def test_a_relation_is_a_case_of_the_general_form(number: int) -> None:
    one = relation(number)
    form = TRANSPOSED_FORM if one.transposed else SLIDING_FORM
    settings = [setting for setting in GRID if one.holds(setting)]
    assert [one.size(setting) for setting in settings] == [form.size(setting, setting.p) for setting in settings]


def test_the_general_forms_give_what_is_counted() -> None:
    for setting, behind in product(GRID, range(3)):
        reach = setting.d * (setting.k - 1)
        cells = setting.i + setting.p + behind
        if cells > reach:
            starts = [first for first in range(0, cells, setting.s) if first + reach < cells]
            assert SLIDING_FORM.size(setting, behind) == len(starts)
        last = max(setting.s * unit + setting.d * tap for unit in range(setting.i) for tap in range(setting.k))
        assert TRANSPOSED_FORM.size(setting, behind) == last + 1 - setting.p - behind + setting.a


def test_all_fifteen_are_there_each_with_its_words_and_its_formula() -> None:
    assert list(RELATIONS) == list(range(1, 16))
    assert all(one.about and one.formula.startswith("o = ") for one in RELATIONS.values())
    assert [one.number for one in RELATIONS.values() if one.transposed] == [8, 9, 10, 11, 12, 13, 14]


def test_an_unknown_relation_is_told_which_there_are() -> None:
    with pytest.raises(UnknownName, match="there is no relation '16'"):
        relation(16)
