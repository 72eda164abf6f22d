"""The longest object that some field holds wherever it lies."""

from hypothesis import given
from hypothesis import strategies as st

from rfdocs.algebra import Interval
from rfdocs.algebra.holding import longest_held

INTERVALS = st.builds(lambda first, size: Interval(first, first + size), st.integers(-9, 12), st.integers(0, 20))
FIELDS = st.lists(st.one_of(st.none(), INTERVALS), max_size=8)


@given(FIELDS, st.integers(1, 14))
def test_the_longest_object_that_is_held_is_held_at_every_place(fields: list[Interval | None], length: int) -> None:
    held = longest_held(fields, length)
    assert all(held_somewhere(fields, place, held) for place in range(length - held + 1)) or held == 0
    longer = held + 1
    assert longer > length or not all(held_somewhere(fields, place, longer) for place in range(length - longer + 1))


def held_somewhere(fields: list[Interval | None], place: int, size: int) -> bool:
    return any(field is not None and field.first <= place and field.last >= place + size - 1 for field in fields)


@given(st.integers(1, 8), st.integers(1, 30))
def test_equal_fields_hold_their_length_less_the_jump_and_one_more(jump: int, size: int) -> None:
    fields = [Interval(start, start + size - 1) for start in range(-jump * 40, 200, jump)]
    assert longest_held(fields, 100) == max(0, size - jump + 1)
