"""The semantic difference of two catalogues, as a pull request shows it."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import rfdocs


@pytest.fixture(scope="module")
def diff(repository: Path) -> ModuleType:
    path = repository / "tools" / "catalogue_diff.py"
    spec = importlib.util.spec_from_file_location("catalogue_diff", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def network(*fields: int) -> dict[str, Any]:
    layers = [{"name": f"conv{i}", "rf": [r, r], "jump": [1, 1]} for i, r in enumerate(fields, 1)]
    return {"final": layers[-1]["name"], "layers": layers}


def test_equal_catalogues_differ_in_nothing(diff: ModuleType) -> None:
    assert list(diff.compared({"a": network(3, 5)}, {"a": network(3, 5)})) == []


def test_a_new_network_is_told_with_its_field(diff: ModuleType) -> None:
    assert list(diff.compared({}, {"a": network(3, 5)})) == [
        "a: new, 2 layers, receptive field 5x5"
    ]


def test_a_removed_network_is_told(diff: ModuleType) -> None:
    assert list(diff.compared({"a": network(3)}, {})) == ["a: removed"]


def test_a_changed_figure_is_told_at_its_layer(diff: ModuleType) -> None:
    assert list(diff.compared({"a": network(3, 212)}, {"a": network(3, 196)})) == [
        "a: 1 of 2 layers differ",
        "  conv2 receptive field 212x212 -> 196x196",
    ]


def test_layers_that_come_are_counted(diff: ModuleType) -> None:
    lines = list(diff.compared({"a": network(3)}, {"a": network(3, 5)}))
    assert lines == ["a: 0 of 2 layers differ, 1 came, 0 went"]


def test_of_many_layers_some_and_the_last_are_told(diff: ModuleType) -> None:
    lines = list(diff.compared({"a": network(*range(1, 31))}, {"a": network(*range(2, 32))}))
    assert lines[0] == "a: 30 of 30 layers differ"
    assert len(lines) == 1 + diff.SHOWN
    assert lines[-1] == "  conv30 receptive field 30x30 -> 31x31"


def test_a_file_that_is_refused_is_told_with_the_reason(diff: ModuleType) -> None:
    lines = list(diff.compared({"a": network(3)}, {"a": "a.yaml:1:1: layers: missing\nhint: x"}))
    assert lines == [
        "a: was 1 layers, receptive field 3x3; is refused (a.yaml:1:1: layers: missing)"
    ]


def test_a_network_is_summed_up_by_the_field_that_its_page_has(diff: ModuleType, repository: Path) -> None:
    """And a head's layers come after the layer that is told last."""
    found = diff.tables(repository)
    assert {name: network["final"] for name, network in found.items() if name in ("vgg16", "resnet50")} == {
        "vgg16": "pool5",
        "resnet50": "layer4.2.add",
    }
    assert diff.summary(found["vgg16"]).endswith("receptive field 212x212")
    reports = {name: rfdocs.load(name).analyze().features for name in ("efficientnet_b0", "googlenet")}
    for name, features in reports.items():
        assert diff.summary(found[name]).endswith(f"receptive field {diff.worded(list(features.receptive_field))}")


def test_a_checkout_without_the_package_has_no_networks(diff: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "rfdocs.py").write_text("raise SystemExit('none')\n", "utf-8")
    assert diff.tables(tmp_path) == {}
