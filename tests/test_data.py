"""The data that the site serves: every network's against its schema, and the same figures in all of its files."""

import csv
import io
import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import rfdocs
from rfdocs.formats.collection import LICENCE, catalogue_json, index_csv, index_json
from rfdocs.formats.columns import COLUMNS, Kind, Shown
from rfdocs.formats.data import table_csv, table_json
from rfdocs.formats.data_schema import data_schema
from rfdocs.formats.overview import network_data
from rfdocs.graph import Report

SAMPLE = ("alexnet", "edsr-baseline-x3", "unet-padded", "c3d", "wavenet", "efficientnet_b0", "fcn_resnet50")


def validator(name: str) -> Draft202012Validator:
    schema = data_schema()
    return Draft202012Validator({**schema, "anyOf": [{"$ref": f"#/$defs/{name}"}]})


def listed(names: Iterator[str] | tuple[str, ...] = SAMPLE) -> list[dict[str, Any]]:
    files = {"json": "a.json", "csv": "a.csv", "source": "a.yaml"}
    pairs = [(entry := rfdocs.load(name), entry.analyze()) for name in names]
    return [{**network_data(*pair), "page": "a", "files": files} for pair in pairs]


@pytest.mark.slow
def test_the_index_and_the_catalogue_are_what_the_schema_says() -> None:
    tables = [table_json(name, rfdocs.load(name).analyze()) for name in SAMPLE]
    index, whole = json.loads(index_json(listed(), "1+a")), json.loads(catalogue_json(tables, "1+a"))
    assert list(validator("index").iter_errors(index)) == []
    assert list(validator("catalogue").iter_errors(whole)) == []
    assert whole["networks"] == [json.loads(table) for table in tables]
    assert index["licence"] == whole["licence"] == LICENCE


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rf", [1.5, 1]),
        ("rf", 3),
        ("rf", []),
        ("rf", [3, 3, 3, 3]),
        ("padding", [[1], [1, 1]]),
        ("phases", [[3]]),
        ("jump", ["1/2", 1]),
        ("groups", "1"),
    ],
)
def test_other_data_is_refused(key: str, value: object) -> None:
    table = json.loads(table_json("alexnet", rfdocs.load("alexnet").analyze()))
    table["layers"][0][key] = value
    assert not validator("network").is_valid(table)


def test_a_key_that_is_missing_is_refused() -> None:
    for column in COLUMNS.values():
        table = json.loads(table_json("alexnet", rfdocs.load("alexnet").analyze()))
        del table["layers"][0][column.key]
        assert not validator("network").is_valid(table)


def optional(name: str) -> set[str]:
    schema = data_schema()["$defs"][name]
    return set(schema["properties"]) - set(schema["required"])


def test_a_key_that_may_be_missing_is_in_the_schema() -> None:
    exact = {"jump_exact", "start_exact", "misalignment_exact", "density_exact"}
    assert (optional("layer"), optional("final")) == (exact, {"jump_exact", "start_exact"})
    entry = rfdocs.load("alexnet")
    assert optional("index-entry") == network_data(entry, entry.analyze(), Shown.SITE).keys()


def analysed(name: str) -> Report:
    return rfdocs.load(name).analyze()


@pytest.mark.parametrize("name", SAMPLE)
def test_csv_has_the_figures_of_json(name: str) -> None:
    table = json.loads(table_json(name, analysed(name)))
    rows = list(csv.DictReader(io.StringIO(table_csv(name, analysed(name)))))
    assert [row["name"] for row in rows] == [layer["name"] for layer in table["layers"]]
    for row, layer in zip(rows, table["layers"], strict=True):
        for column in COLUMNS.values():
            if column.spatial:
                for axis, value in zip(table["axes"], layer[column.key], strict=True):
                    assert cell(row, column.key, column.kind, axis) == value, (layer["name"], column.key)


def cell(row: dict[str, str], key: str, kind: Kind, axis: str) -> Any:
    """A value of one axis, read from CSV as JSON has it."""
    if kind is Kind.SIDES:
        texts = [row[f"{key}_{side}_{axis}"] for side in ("before", "after")]
        return [int(text) for text in texts] if all(texts) else None
    text = row[f"{key}_{axis}"]
    if kind is Kind.FIELDS:
        return [None if part == "-" else [int(end) for end in part.split("..")] for part in text.split()]
    if kind is Kind.ROUNDED:
        return float(text) if text else None
    return float(Fraction(text)) if text else None


def test_the_index_as_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(index_csv(listed()))))
    assert [row["id"] for row in rows] == list(SAMPLE)
    first, scaled = rows[0], rows[1]
    assert (first["input_size"], first["final_rf"], first["final_jump"]) == ("224x224", "195x195", "32x32")
    assert (first["tasks"], first["files_json"]) == ("classification", "a.json")
    assert scaled["final_jump"] == "1/3x1/3"
    assert index_csv([{"tasks": ["2d pose", "depth"]}]) == "tasks\n2d pose depth\n"


@pytest.mark.parametrize(
    ("name", "layer", "expected"),
    [
        ("alexnet", "conv1", {"kernel": [11, 11], "stride": [4, 4], "padding": [[2, 2], [2, 2]], "groups": 1}),
        (
            "unet-padded",
            "upconv1",
            {"kernel": [2, 2], "stride": [2, 2], "padding": [[0, 0], [0, 0]], "period": [16, 16]},
        ),
        ("resnet18", "layer1.0.add", {"kernel": [None, None], "padding": [None, None], "groups": None}),
    ],
)
def test_what_an_operation_has_is_there(name: str, layer: str, expected: dict[str, Any]) -> None:
    found = {row["name"]: row for row in json.loads(table_json(name, analysed(name)))["layers"]}
    assert {key: found[layer][key] for key in expected} == expected


@pytest.mark.slow
@pytest.mark.parametrize("name", ["resnet18", "unet-padded", "pspnet_resnet50", "wavenet", "shufflenet_v2_x1_0"])
def test_the_effective_field_is_that_of_the_paths_counted_one_by_one(name: str) -> None:
    """The data's figures are found going forwards, layer by layer; these, going back from the unit."""
    from rfdocs.graph.effective import spread

    report = analysed(name)
    for layer in [*report.layers[::7], report.features]:
        for axis, found in enumerate(report.effective(layer.name)):
            counts = report.path_counts(layer.name, (layer.size[axis] - 1) // 2, axis)
            assert found == (spread(counts) if counts else None), layer.name


def test_the_fields_by_phase_give_the_field_of_any_unit() -> None:
    for name in ("unet-padded", "deeplabv3_resnet50", "edsr-baseline-x3"):
        report = analysed(name)
        for layer in json.loads(table_json(name, report))["layers"]:
            for unit in {0, layer["size"][0] // 2, layer["size"][0] - 1}:
                expected = report.unit(layer["name"], [unit, 0])[0].spatial_field
                turns, phase = divmod(unit, layer["period"][0] or len(layer["phases"][0]))
                field = layer["phases"][0][phase]
                moved = field and [end + turns * (layer["shift"][0] or 0) for end in field]
                assert moved == (None if expected is None else [*expected]), (name, layer["name"], unit)
