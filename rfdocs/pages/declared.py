"""Tables made from what the code declares: the columns of the data, and the limits of the format."""

from __future__ import annotations

from rfdocs.algebra import limits
from rfdocs.formats.columns import data_columns
from rfdocs.formats.numbers import text_number
from rfdocs.language import document, evaluation, expand, expression, source, values, work
from rfdocs.pages.content import Grid, Group, Heading, InlineCode, Row
from rfdocs.pages.format_reference import words_with_code

#: What is limited, and to how much.
LIMITS: dict[str, int] = {
    "bytes of a file": source.BYTES,
    "levels of lists and mappings in one another": source.DEPTH,
    "values of a file, aliases unfolded": source.NODES,
    "variants of a file": document.VARIANTS,
    "layers of a network": expand.LAYERS,
    "layers that a network's layers read, each time counted": expand.INPUTS,
    "items that a network unfolds to": evaluation.ITEMS,
    "steps to unfold a file's networks": work.STEPS,
    "steps to analyse a file's networks": work.ANALYSES,
    "letters of a layer's name, with its scopes": values.PATH,
    "blocks and groups in one another": evaluation.DEPTH,
    "repetitions of an item": evaluation.REPEATS,
    "characters of an expression": expression.CHARACTERS,
    "size of a number in an expression": expression.MAGNITUDE,
    "exponent in an expression": expression.EXPONENT,
    "values in an expression's list": expression.VALUES,
    "characters of a text": values.TEXT,
    "length of a kernel, stride, dilation or padding": values.WINDOW,
    "channels": values.CHANNELS,
    "units of a map on one axis": limits.MAP_LENGTH,
    "period after which fields repeat": limits.PERIOD,
    "single reads to find all fields, on all axes together": limits.FOLLOWED,
    "steps to find what every unit sees": limits.VISIBLE_STEPS,
}


def limits_table() -> Grid:
    """The limits of the format."""
    headings = (Heading("what", "what"), Heading("most", "at most", "", numeric=True))
    rows = tuple(Row((name, text_number(most))) for name, most in LIMITS.items())
    return Grid("Limits of the format", headings, (Group("", rows),), "reference")


def columns_table() -> Grid:
    """The columns of the data, in their order.

    >>> columns_table().rows[4].cells[0]
    InlineCode(text='size')
    """
    headings = (Heading("key", "key"), Heading("axes", "values"), Heading("meaning", "what it says"))
    rows = tuple(
        Row((InlineCode(column.key), "per axis" if column.spatial else "one", words_with_code(column.meaning)))
        for column in data_columns()
    )
    return Grid("Keys of a layer in the data", headings, (Group("", rows),), "reference")
