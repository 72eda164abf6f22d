"""Each figure is declared once: a column that is added to its register is in every place that shows columns."""

import csv
import io
import json
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

import rfdocs
from rfdocs import Report
from rfdocs.algebra import Interval
from rfdocs.formats import overview, tables
from rfdocs.formats.collection import index_csv, index_json
from rfdocs.formats.columns import COLUMNS, PAGE_ORDER, Column, Kind, LayerColumn, Shown, Value, ordered, text, values
from rfdocs.formats.data import table_csv, table_json
from rfdocs.formats.data_schema import data_schema
from rfdocs.formats.overview import NETWORK_COLUMNS, NETWORK_PAGE_ORDER, NetworkColumn
from rfdocs.making.scripts import FOLDER
from rfdocs.pages import content
from rfdocs.pages.declared import columns_table
from rfdocs.pages.facts import Facts, facts_of
from rfdocs.pages.layers import columns_for, known_columns, layer_table
from rfdocs.pages.listing import catalogue_page, catalogue_table
from rfdocs.pages.unit_tables import comparison, single_value

HALF: LayerColumn = Column(
    "half",
    "half field",
    "h",
    "Half of the field.",
    lambda _, layer: tuple(length // 2 for length in layer.receptive_field),
    Kind.COUNT,
    spatial=True,
    shown=Shown.ALWAYS,
)
WEIGHTED: NetworkColumn = Column(
    "weighted",
    "layers with weights",
    "weighted",
    "Its layers with weights.",
    lambda _, report: sum(layer.weighted for layer in report),
    Kind.TOTAL,
    shown=Shown.ALWAYS,
)


@pytest.fixture
def vgg(monkeypatch: pytest.MonkeyPatch) -> Report:
    """A report made when the register of layers has one column more."""
    monkeypatch.setitem(COLUMNS, HALF.key, HALF)
    return rfdocs.load("vgg16").analyze()


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Facts:
    """The facts of a network, found when the register of networks has one column more."""
    monkeypatch.setitem(NETWORK_COLUMNS, WEIGHTED.key, WEIGHTED)
    entry = rfdocs.load("vgg16")
    return facts_of(entry, entry.analyze())


def column_of(grid: content.Grid, key: str) -> list[str]:
    place = [heading.key for heading in grid.headings].index(key)
    return [content.plain(row.cells[place]) for row in grid.rows]


def test_a_new_column_of_layers_is_in_data_and_its_schema(vgg: Report) -> None:
    assert json.loads(table_json("vgg16", vgg))["layers"][0]["half"] == [1, 1]
    first = next(csv.DictReader(io.StringIO(table_csv("vgg16", vgg))))
    assert (first["half_height"], first["half_width"]) == ("1", "1")
    schema = data_schema()["$defs"]["layer"]
    assert schema["properties"]["half"]["description"] == "Half of the field."
    assert "half" in schema["required"]


def test_a_new_column_of_layers_is_in_tables_for_people(vgg: Report) -> None:
    assert "half field" in tables.table_text("vgg16", vgg).splitlines()[2]
    assert "half field" in tables.table_markdown("vgg16", vgg)
    assert "half field" in tables.table_latex("vgg16", vgg)


def test_a_new_column_of_layers_is_on_pages_and_in_directives(vgg: Report) -> None:
    """The option of `rf-table` and `rf-compare`, the role `rf`, and the list of the documentation."""
    table = layer_table(vgg, "x", columns_for(vgg))
    heading = next(heading for heading in table.headings if heading.key == "half")
    assert (heading.text, heading.meaning, heading.numeric) == ("h", "Half of the field.", True)
    assert column_of(layer_table(vgg, "x", columns_for(vgg, ["half"])), "half")[0] == "1"
    assert column_of(comparison([("VGG-16", vgg, "pool5")], ["half"], "x"), "half") == ["106"]
    assert single_value(vgg, ["pool5", "half"]) == "106"
    assert column_of(columns_table(), "key")[-1] == "half"


def test_a_new_column_of_networks_is_in_data_and_its_schema(listed: Facts) -> None:
    index = json.loads(index_json([dict(listed.index_data)], "1+a"))
    assert index["networks"][0]["weighted"] == 16
    assert next(csv.DictReader(io.StringIO(index_csv([dict(listed.index_data)]))))["weighted"] == "16"
    schema = data_schema()["$defs"]["index-entry"]
    assert schema["properties"]["weighted"]["description"] == "Its layers with weights."
    assert "weighted" in schema["required"]


def test_a_new_column_of_networks_is_on_pages_in_directives_and_in_the_list(listed: Facts) -> None:
    assert column_of(catalogue_table([listed], {}, "x", ["weighted"]), "weighted") == ["16"]
    table = catalogue_page([listed], {}).blocks[2]
    assert isinstance(table, content.Grid)
    assert column_of(table, "weighted") == ["16"]
    assert table.rows[0].sort["weighted"] == 16
    entry = rfdocs.load("vgg16")
    assert overview.list_data([(entry, entry.analyze())])["networks"][0]["weighted"] == 16
    assert "layers with weights" in overview.list_text([(entry, entry.analyze())]).splitlines()[0]


SAID: dict[tuple[Kind, bool], tuple[Value, str, list[str]]] = {
    (Kind.TEXT, False): ("a", "a", ["a"]),
    (Kind.NAME, False): (None, "–", [""]),
    (Kind.TEXTS, False): (("a", "b"), "a b", ["a b"]),
    (Kind.FLAG, False): (True, "yes", ["true"]),
    (Kind.COUNT, False): (1234, "1,234", ["1234"]),
    (Kind.COUNT, True): ((1234, None), "1,234×–", ["1234", ""]),
    (Kind.TOTAL, False): (1234, "1,234", ["1234"]),
    (Kind.LARGE, False): (1234, "1,234", ["1234"]),
    (Kind.NUMBER, False): (Fraction(1, 3), "1/3", ["1/3"]),
    (Kind.NUMBER, True): ((Fraction(1, 3), None), "1/3×–", ["1/3", ""]),
    (Kind.SHARE, False): (0.25, "25 %", ["0.25"]),
    (Kind.SHARE, True): ((0.25, None), "25 %×–", ["0.25", ""]),
    (Kind.ROUNDED, False): (1234.5678, "1,234.57", ["1234.5678"]),
    (Kind.ROUNDED, True): ((1234.5, None), "1,234.5×–", ["1234.5", ""]),
    (Kind.SIDES, True): (((1, 1), (2, 0)), "1 × 2, 0", ["1", "1", "2", "0"]),
    (Kind.FIELDS, True): (((Interval(0, 2), None), ()), "0..2 – × ", ["0..2 -", ""]),
}
"""What a value of a kind, one or one per axis, is for people, and in CSV."""


@pytest.mark.parametrize(("kind", "spatial"), SAID)
def test_every_kind_is_told_everywhere(monkeypatch: pytest.MonkeyPatch, kind: Kind, spatial: bool) -> None:
    value, words, cells = SAID[kind, spatial]
    column: LayerColumn = Column("new", "new", "", "", lambda _, __: value, kind, spatial, shown=Shown.ALWAYS)
    monkeypatch.setitem(COLUMNS, "new", column)
    found = rfdocs.load("lenet5").analyze()
    assert column_of(layer_table(found, "x", columns_for(found)), "new")[0] == words
    assert words.strip() in tables.table_text("lenet5", found)
    assert list(csv.reader(io.StringIO(table_csv("lenet5", found))))[1][-len(cells) :] == cells
    assert "new" in json.loads(table_json("lenet5", found))["layers"][0]
    described = data_schema()["$defs"]["layer"]["properties"]
    assert ("new" in described, "new_exact" in described) == (True, spatial and kind is Kind.NUMBER)


def test_no_texts_are_an_empty_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    assert text((), kind=Kind.TEXTS) == ""
    monkeypatch.setitem(COLUMNS, "new", Column("new", "new", "", "", lambda _, __: (), Kind.TEXTS))
    head, *rows = csv.reader(io.StringIO(table_csv("lenet5", rfdocs.load("lenet5").analyze())))
    assert {row[head.index("new")] for row in rows} == {""}


def test_every_kind_of_a_layer_s_figures_is_tried() -> None:
    assert {kind for kind, _ in SAID} == set(Kind) - {Kind.INPUT, Kind.LAYER}


def test_no_order_names_a_column_that_does_not_exist() -> None:
    assert set(PAGE_ORDER) <= COLUMNS.keys()
    assert set(NETWORK_PAGE_ORDER) <= NETWORK_COLUMNS.keys()
    assert list(ordered(COLUMNS, PAGE_ORDER))[: len(PAGE_ORDER)] == list(PAGE_ORDER)


def every_cell(name: str) -> Iterator[tuple[str, str]]:
    found = rfdocs.load(name).analyze()
    for column in known_columns().values():
        for layer, value in zip(found, values(column, found), strict=True):
            cell = column.cell(found, layer)
            yield f"{column.key} of {layer.name}: {value!r}", cell


@pytest.mark.parametrize("name", ["alexnet", "unet", "squeezenet1_0", "shufflenet_v2_x1_0", "edsr-baseline-x3", "m5"])
def test_every_column_can_be_read(name: str) -> None:
    """Also those that data alone had: lists of fields, pairs, rounded numbers."""
    for said, cell in every_cell(name):
        assert not set(cell) & set("[](){}'"), said


def test_alignment_follows_the_kind_and_not_the_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column of words under a heading that no table had before stands to the left, one of figures to the right.

    Both are shown in tables alone.
    """
    words: LayerColumn = Column("words", "said", "", "", lambda _, layer: layer.name[:1], Kind.TEXT, shown=Shown.TEXT)
    figures = words._replace(key="figures", heading="operation", value=lambda _, layer: layer.depth, kind=Kind.COUNT)
    monkeypatch.setitem(COLUMNS, "words", words)
    monkeypatch.setitem(COLUMNS, "figures", figures)
    report = rfdocs.load("vgg16").analyze()
    assert not json.loads(table_json("vgg16", report))["layers"][0].keys() & {"words", "figures"}
    found = tables.table_markdown("vgg16", report)
    assert "| said | operation |\n" in found
    assert "| --- | ---: |\n" in found


def test_every_column_of_pages_is_known_in_the_browser() -> None:
    """Whether it follows the size of the image or not: a cell of no known column is emptied at another size."""
    table, summary = ((FOLDER / "reader" / name).read_text("utf-8") for name in ("table.js", "summary.js"))
    sizeless = re.findall(r'"(\w+)"', table.partition("SIZELESS = new Set([")[2].partition("]")[0])
    cells = re.findall(r"^    (\w+):", summary.partition("const CELLS = {")[2].partition("\n  };")[0], re.MULTILINE)
    shown = {key for key, column in known_columns().items() if Shown.PAGES in column.shown}
    assert shown - {*sizeless, *cells} == {"density"}  # which takes long to find
