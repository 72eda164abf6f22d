"""Every equation that a page or a directive can show, for every network: parsed, and both sides evaluated."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from oracle.networks import Description, networks, to_yaml

import rfdocs
from rfdocs.catalogue import Catalogue
from rfdocs.graph import Report
from rfdocs.pages.steps import Step, steps
from rfdocs.pages.viewer import viewer_data

FAMILIES = [path.stem for path in Catalogue().files]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORDS = {
    r"\cdot": "*", r"\lfloor": "floor(", r"\rfloor": ")", r"\lceil": "ceil(", r"\rceil": ")", "&": "",
}  # fmt: skip


def sides(line: str) -> list[Fraction]:
    """The values of what stands between the signs of equality, less the name before the first."""
    for word, meaning in _WORDS.items():
        line = line.replace(word, meaning)
    _, *parts = line.split("=")
    assert all(re.fullmatch(r"(?:floor|ceil|[-+*/(). \d])+", part) for part in parts), line
    scope = {"__builtins__": {}, "floor": floor, "ceil": ceil, "F": Fraction}
    return [Fraction(eval(_NUMBER.sub(r"F('\g<0>')", part).strip(), scope)) for part in parts]


def lines(step: Step) -> list[str]:
    body = step.equations.removeprefix(r"\begin{aligned} ").removesuffix(r" \end{aligned}")
    return body.split(r" \\ ")


def false(report: Report) -> Iterator[str]:
    """Every line of the report's steps whose sides differ, or whose result is not the layer's figure."""
    for step in steps(report):
        layer = report[step.layer]
        wanted = {
            "n": layer.size[-1], "j": layer.jump[-1], "r": layer.receptive_field[-1],
            r"r_{\min}": layer.receptive_field_min[-1], r"\text{start}": layer.start[-1],
        }  # fmt: skip
        for line in lines(step):
            name = line.split("&=")[0].strip()
            if {*sides(line)} != {wanted[name]}:
                yield f"{step.layer}: {line}"


@pytest.mark.parametrize("stem", FAMILIES)
def test_every_equation_of_every_network_is_true(stem: str) -> None:
    """And where one of the four is left out, a remark says why."""
    catalogue = Catalogue()
    for entry in catalogue.family(catalogue.folder / f"{stem}.yaml").entries():
        report = entry.analyze()
        assert list(false(report)) == []
        assert [step for step in steps(report) if (len(lines(step)) >= 4) is bool(step.remark)] == []
        assert list(false_in_the_viewer(viewer_data(report))) == []


@given(description=networks())
@settings(max_examples=300, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_line_of_any_network_is_true(tmp_path_factory: pytest.TempPathFactory, description: Description) -> None:
    path = tmp_path_factory.getbasetemp() / "equations.yaml"
    path.write_text(to_yaml(description), "utf-8")
    assert list(false(rfdocs.load(path).analyze())) == []


def report(tmp_path: Path, text: str) -> Report:
    path = tmp_path / "network.yaml"
    path.write_text(text, "utf-8")
    return rfdocs.load(path).analyze()


@pytest.mark.parametrize(
    ("item", "size", "shown"),
    [
        ("{transposed_conv: x, kernel: 5, stride: 2, padding: same, channels: 1}", 16, (1, 2)),
        ("{transposed_conv: x, kernel: 2, stride: 2, padding: [[0, 2]], channels: 1}", 14, (0, 2)),
        ("{transposed_conv: x, kernel: 3, stride: 2, padding: 1, output_padding: 1, channels: 1}", 16, (1, 1)),
        ("{conv: x, kernel: 7, stride: 2, padding: same, channels: 1}", 4, (2, 3)),
        ("{maxpool: x, kernel: 3, stride: 2, ceil_mode: true}", 4, (0, 1)),
        ("{maxpool: x, kernel: 2, stride: 2, padding: [[0, 2]], ceil_mode: true}", 4, (0, 1)),
        ("{pad: x, padding: [[3, 1]]}", 12, (3, 1)),
        ("{crop: x, padding: [[1, 2]]}", 5, (-1, -2)),
        ("{crop: x, size: 5, offset: 1}", 5, (-1, -2)),
    ],
)
def test_both_sides_of_what_is_really_padded(tmp_path: Path, item: str, size: int, shown: tuple[int, int]) -> None:
    found = report(tmp_path, f"input: {{channels: 1, size: 8}}\nlayers:\n  - {item}\n")["x"]
    assert (found.size, found.axes[0].padding) == ((size,), shown)


def test_why_there_is_no_equation(tmp_path: Path) -> None:
    text = """
input: {channels: 1, size: 40}
layers:
  - {conv: a, kernel: 3, stride: 2, padding: 1, channels: 1}
  - {transposed_conv: b, kernel: 3, stride: 2, padding: 1, channels: 1}
  - {conv: c, kernel: 3, padding: 1, channels: 1}
  - {adaptive_avgpool: d, size: 7}
  - {conv: e, kernel: 3, padding: 1, channels: 1}
"""
    found = {step.layer: step for step in steps(report(tmp_path, text))}
    assert lines(found["b"])[2:4] == [r"r &= 3 + (\lceil 3 / 2 \rceil - 1) \cdot 2 = 5",
                                      r"r_{\min} &= 3 + (\lfloor 3 / 2 \rfloor - 1) \cdot 2 = 3"]  # fmt: skip
    assert [len(lines(found[name])) for name in "abce"] == [4, 5, 2, 1]
    assert found["c"].remark == (
        "The units of b differ by phase: the field has 5 to 7 pixels, and no equation of one number gives it."
    )
    assert found["e"].remark.startswith("The units of d have no jump")


def viewer_equations(data: dict[str, Any], layer: dict[str, Any], axis: int) -> Sequence[tuple[Any, Any]]:
    """Both sides of each equation that the viewer's script shows, under the script's own conditions."""

    def at(one: dict[str, Any]) -> dict[str, Any]:
        return one["at"][axis] if axis < len(one["at"]) else one["at"][0]

    here = at(layer)
    image = {"n": data["size"][axis], "p": [[0, 0]], "s": 1, "c": "0.5"}
    source = at(data["layers"][layer["in"][0] - 1]) if layer["in"][0] else image
    if "w" not in here or len(layer["in"]) > 1 or len(source["p"]) > 1 or "c" not in source or not source["s"]:
        return []
    kernel, stride, dilation, before, after = here["w"]
    reach, jump = dilation * (kernel - 1) + 1, source["s"]
    first, last = source["p"][0]
    (only,) = here["p"]
    return [
        ((source["n"] + before + after - reach) // stride + 1, here["n"]),
        (jump * stride, here["s"]),
        (last - first + 1 + (reach - 1) * jump, only[1] - only[0] + 1),
        (Fraction(source["c"]) + (Fraction(reach - 1, 2) - before) * jump, Fraction(here["c"])),
    ]


def false_in_the_viewer(data: dict[str, Any] | None) -> Iterator[tuple[Any, ...]]:
    for layer in data["layers"] if data else ():
        for axis in range(len(data["size"]) if data else 0):
            yield from (
                (layer["name"], *pair) for pair in viewer_equations(data or {}, layer, axis) if pair[0] != pair[1]
            )
