"""The semantic difference of two catalogues, as a pull request shows it."""

import importlib.util
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import rfdocs
from rfdocs.pages.facts import facts_of
from rfdocs.pages.prose import key_numbers


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
    return {"final": layers[-1] | {"rf_min": layers[-1]["rf"]}, "layers": layers}


def test_equal_catalogues_differ_in_nothing(diff: ModuleType) -> None:
    assert list(diff.compared({"a": network(3, 5)}, {"a": network(3, 5)})) == []


def test_a_new_network_is_told_with_its_field(diff: ModuleType) -> None:
    assert list(diff.compared({}, {"a": network(3, 5)})) == ["a: new, 2 layers, receptive field 5x5"]


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
    assert lines == ["a: was 1 layers, receptive field 3x3; is refused (a.yaml:1:1: layers: missing)"]


@pytest.fixture
def checkout(repository: Path, tmp_path: Path) -> Callable[..., Path]:
    """Makes a checkout with this package and the networks of a few files, some of them replaced."""

    def made(name: str, **replaced: str) -> Path:
        folder = tmp_path / name
        (folder / "architectures").mkdir(parents=True)
        (folder / "rfdocs").symlink_to(repository / "rfdocs")
        for stem in ("vgg", "unet", "googlenet", "efficientnet_lite"):
            text = (repository / "architectures" / f"{stem}.yaml").read_text("utf-8")
            (folder / "architectures" / f"{stem}.yaml").write_text(replaced.get(stem, text), "utf-8")
        return folder

    return made


@pytest.mark.slow
def test_a_network_is_summed_up_by_the_field_that_its_page_has(diff: ModuleType, checkout: Callable[..., Path]) -> None:
    found = diff.tables(checkout("one"))
    assert {"vgg16", "unet", "googlenet"} < found.keys()
    for name, network in found.items():
        entry = rfdocs.load(name)
        (field,) = key_numbers(facts_of(entry, entry.analyze())).numbers[0].value
        square = "x".join(["([0-9]+)"] * len(entry.network.input_size))
        shown = re.fullmatch(rf".*receptive field {square}(?: to {square})?", diff.summary(network))
        assert shown is not None
        axes = shown.groups()
        assert str(field).replace(",", "") == f"{' to '.join(dict.fromkeys(filter(None, axes)))} px", name


@pytest.mark.slow
def test_a_checkout_is_asked_in_one_process(
    diff: ModuleType, checkout: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started = []
    run = subprocess.run

    def counted(*arguments: Any, **options: Any) -> Any:
        started.append(arguments)
        return run(*arguments, **options)

    monkeypatch.setattr(diff.subprocess, "run", counted)
    before = checkout("before")
    changed = (before / "architectures" / "vgg.yaml").read_text("utf-8").replace("kernel: 3", "kernel: 5", 1)
    diff.main(str(before), str(checkout("after", vgg=changed, googlenet="layers: ]")))
    lines = capsys.readouterr().out.splitlines()
    assert len(started) == 2
    assert [line for line in lines if line.startswith("googlenet: was")]
    assert [line for line in lines if line.startswith("vgg16: ")]
    assert not [line for line in lines if line.startswith("unet")]


@pytest.mark.slow
def test_a_change_that_moves_no_field_is_still_told(
    diff: ModuleType, checkout: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Mirrored padding shows the central unit other pixels, and changes no field."""
    head = "title: t\ninput: {channels: 1, size: 4}\nlayers:\n  - {pad: p, padding: [[3, 0]]%s}\n"
    tail = "  - {conv: c, kernel: 6, channels: 1}\n"
    old, new = checkout("old", vgg=head % "" + tail), checkout("new", vgg=head % ", mode: reflect" + tail)
    diff.main(str(old), str(new))
    assert capsys.readouterr().out.splitlines() == ["vgg: 1 of 2 layers differ", "  c is made otherwise"]


def test_a_network_without_any_spatial_map_is_summed_up(diff: ModuleType, checkout: Callable[..., Path]) -> None:
    flat = "title: t\ninput: {channels: 1, size: 8}\nlayers:\n  - {linear: fc, channels: 3}\n"
    assert diff.summary(diff.tables(checkout("flat", vgg=flat))["vgg"]) == "1 layers, receptive field 1"


def test_a_checkout_without_the_package_has_no_networks(diff: ModuleType, tmp_path: Path) -> None:
    assert diff.tables(tmp_path) == {}


def test_a_checkout_that_does_not_answer_is_not_taken_for_an_empty_one(
    diff: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rfdocs").mkdir()
    (tmp_path / "rfdocs" / "__init__.py").write_text("raise ImportError('half of it is missing')\n", "utf-8")
    diff.main(str(tmp_path), str(tmp_path))
    told = f"{tmp_path} cannot be asked for its figures; it says: ImportError: half of it is missing\n"
    assert capsys.readouterr().out == told
