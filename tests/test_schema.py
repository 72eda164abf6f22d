"""The JSON Schema: it takes what the check takes, refuses what the check refuses, and is made from the same words."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jsonschema import Draft202012Validator

from rfdocs.catalogue.catalogue import Catalogue, catalogue_folder
from rfdocs.catalogue.check import check
from rfdocs.catalogue.codes import CODES
from rfdocs.catalogue.skeleton import skeleton
from rfdocs.cli import main
from rfdocs.language.document import DISPUTE, DOCUMENT, EXPECT, IMPLEMENTATION, INPUT, PAPER, VARIANT
from rfdocs.language.operations import OPERATIONS
from rfdocs.language.problems import Problems
from rfdocs.language.schema import schema
from rfdocs.language.source import plain_value, read_document
from rfdocs.language.values import ANY, Attribute, Attributes

MAPPINGS = {
    "document": DOCUMENT, "variant": VARIANT, "input": INPUT, "paper": PAPER, "implementation": IMPLEMENTATION,
    "expect": EXPECT, "dispute": DISPUTE, **{name: operation.mapping for name, operation in OPERATIONS.items()},
}  # fmt: skip

CANDIDATES: list[Any] = [
    None, True, False, 0, 1, 2, 3, -1, 1960, 2015, 1 << 16, (1 << 16) + 1, 1 << 20, 1 << 55, 1 << 70, -(1 << 70), 0.5,
    -2.5, "", " ", "relu", "same", "valid", "zero", "bilinear", "batch", "caffe", "classification", "conv1",
    "layer1.0.conv1", "a b", "../a", "a/b", "1/3", "1/0", "-7/2", "1/", "https://example.org/a", "http://example.org",
    "https://localhost", "javascript:alert(1)", "https://example.org/<script>", "x" * 81, "x" * 201, "x" * 2001,
    "a\u0007", "a\u202eb", "a\nb",
    "a\u00adb", "a\u3164", "\U0001f469\u200d\U0001f52c", "a\u200db", "a\U000e0041",
    [], [1], [0], [3, 3], [1, 2, 3], [1, 2, 3, 4], [[1, 2]], [[1, 2], [3, 4]],
    [[1, 2, 3]], ["conv1", "conv2"], ["a b"], [None], [True], ["classification", "audio"], {}, {"a": 1},
    "half_pixel", "floor", 1.5, "forward", "width",
]  # fmt: skip
"""Values of all kinds, among which every attribute finds right and wrong ones."""


def as_json(value: object) -> object:
    """A value of a file as JSON has it."""
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return {key: as_json(item) for key, item in value.items()} if isinstance(value, dict) else value


def as_yaml(value: object) -> object:
    """A value of JSON as a file would have it."""
    if isinstance(value, list):
        return [as_yaml(item) for item in value]
    return Fraction(value) if isinstance(value, float) else value


def document(text: str) -> object:
    problems = Problems("test.yaml")
    found = read_document(text.encode(), problems)
    assert found is not None, [str(problem) for problem in problems]
    return as_json(plain_value(found))


def attributes() -> Iterator[tuple[str, Attributes, Attribute]]:
    for where, mapping in MAPPINGS.items():
        for attribute in mapping.attributes.values():
            if attribute.rule is not ANY:
                yield f"{where}.{attribute.name}", mapping, attribute


ATTRIBUTES = list(attributes())


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return schema()


@pytest.fixture(scope="module")
def validator(whole: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(whole)


@pytest.mark.slow
def test_it_is_a_schema(whole: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(whole)


def test_it_is_called_the_same_wherever_it_is_found(whole: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == whole
    assert re.fullmatch(r"[a-z]+:[a-z:]+", whole["$id"]), "an absolute address, as the dialect wants it"


def test_with_blocks_an_item_may_be_the_use_of_one(validator: Draft202012Validator) -> None:
    text = "input: {channels: 3, size: 224}\nlayers: [{unit: a, width: 8}]\n"
    assert not validator.is_valid(document(text))
    assert validator.is_valid(document(text + "blocks: {unit: [{conv: a, kernel: 1, channels: $width}]}\n"))


def test_an_operation_s_name_may_be_made_by_a_substitution(validator: Draft202012Validator) -> None:
    text = "input: {channels: 3, size: 224}\nparameters: {act: relu}\nlayers: [{$act: a}]\n"
    assert validator.is_valid(document(text))


def test_every_reference_leads_somewhere(whole: dict[str, Any]) -> None:
    text = json.dumps(whole)
    names = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert names - whole["$defs"].keys() == set()
    assert whole["$defs"].keys() - names == set()


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted(catalogue_folder().glob("*.yaml")), ids=lambda file: file.stem)
def test_every_file_of_the_catalogue_is_valid(file: Path, validator: Draft202012Validator) -> None:
    validator.validate(document(file.read_text("utf-8")))


def test_a_variant_may_leave_a_key_empty_and_a_file_may_not(validator: Draft202012Validator) -> None:
    text = "input: {channels: 3, size: 8}\nlayers: [{relu: a}]\nnotes: a\n"
    assert validator.is_valid(document(text + "variants: {one: {notes: , expect: , input: }}"))
    assert not validator.is_valid(document(text + "variants: {one: {kernel: }}"))
    assert not validator.is_valid(document(text + "unverified:"))


def test_the_skeleton_is_valid(validator: Draft202012Validator) -> None:
    validator.validate(document(skeleton("net", "net.yaml")))


@pytest.mark.parametrize("code", [code for code, told in CODES.items() if not told.good.startswith("rfdocs ")])
def test_a_mended_example_is_valid(code: str, validator: Draft202012Validator) -> None:
    validator.validate(document(CODES[code].good))


SEEN_IN_ONE_FILE = ["block", "expect", "identifier", "missing", "type", "unknown-key", "value"]
"""Problems that a schema can see; for the others one must expand the layers, calculate, or look at other files."""


@pytest.mark.parametrize("code", SEEN_IN_ONE_FILE)
def test_a_defect_that_a_schema_can_see_is_refused(code: str, validator: Draft202012Validator) -> None:
    with pytest.raises(jsonschema.ValidationError, match=r"is not|does not match|unexpected|required"):
        validator.validate(document(CODES[code].bad))


@pytest.mark.parametrize(
    "text",
    [
        "layers: []",
        "input: {channels: 3}\nlayers: [{relu: a}]",
        "input: {channels: 3, size: 224}\nlayers: []",
        "input: {channels: 3, size: 224}\nlayers: [{relu: a, kernel: 3}]",
        "input: {channels: 3, size: 224}\nlayers: [{conv: a, kernel: 3, channels: 8, relu: b}]",
        "input: {channels: 3, size: 224}\nlayers: [[{relu: a}]]",
        "input: {channels: 3, size: 224}\nlayers: [{add: [[{relu: a, size: 3}], []]}]",
        "input: {channels: 3, size: 224}\nlayers: [{group: g}]",
        "input: {channels: 3, size: 224}\nlayers: [{for: [1], in: 3, layers: []}]",
        "input: {channels: 3, size: 224}\nlayers: [{relu: a, repeat: -1}]",
        "input: {channels: 3, size: 224}\nlayers: [{relu: a, when: no}]",
        "input: {channels: 3, size: 224}\nlayers: [{for: a, in: 2, number: 3, layers: [{relu: b$a}]}]",
        "input: {channels: 3, size: 224}\nparameters: {a b: 1}\nlayers: [{relu: a}]",
        "input: {channels: 3, size: 224}\nparameters: {a: {b: 1}}\nlayers: [{relu: a}]",
        "input: {channels: 3, size: 224}\nlayers: [{relu: a}]\nvariants: {}",
        "titel: x\ninput: {channels: 3, size: 224}\nlayers: [{relu: a}]",
        "input: {channels: 3, size: 224}\nlayers: [{convolution: a, kernel: 3, channels: 8}]",
        "input: {channels: 3, size: 224}\nlayers: [{group: g, layers: [{dense: a, channels: 8}]}]",
        "input: {channels: 3, size: 224}\nlayers: [{for: i, in: 2, layers: [{fc: a$i, channels: 8}]}]",
        "input: {channels: 3, size: 224}\nlayers: [{add: [[{conv2d: a, channels: 3}], []]}]",
        "input: {channels: 3, size: 224}\nlayers: [{concat: [{when: true, layers: [{bn: a}]}, []]}]",
        "input: {channels: 3, size: 224}\nlayers: [{relu: a}]\nvariants: {a: {layers: [{bn: a}]}}",
        "input: {channels: 3, size: 224}\nlayers: [{for: if, in: 2, layers: [{relu: a}]}]",
        "input: {channels: 3, size: 224}\nlayers: [{for: i, number: größe, in: 2, layers: [{relu: a$i}]}]",
        "input: {channels: 3, size: 224}\nparameters: {lambda: 1}\nlayers: [{relu: a}]",
        "title: a\u00adb\ninput: {channels: 3, size: 224}\nlayers: [{relu: a}]",
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_schema_and_check(
    text: str, validator: Draft202012Validator, tmp_path: Path
) -> None:
    assert not validator.is_valid(document(text))
    file = tmp_path / "net.yaml"
    file.write_text(text, "utf-8")
    assert {problem.code for problem in check(Catalogue(), [file]).problems} - {"incomplete"} != set()


# Attribute by attribute


def accepted(mapping: Attributes, attribute: Attribute, value: object) -> bool:
    """Whether the check takes a value of an attribute."""
    _, complaints = mapping.check({attribute.name: as_yaml(value)})
    return all(complaint.key != attribute.name for complaint in complaints)


@pytest.mark.parametrize(("where", "mapping", "attribute"), ATTRIBUTES, ids=[where for where, _, _ in ATTRIBUTES])
def test_schema_and_check_agree_on_every_value(where: str, mapping: Attributes, attribute: Attribute) -> None:
    told = Draft202012Validator(mapping.schema()["properties"][attribute.name])
    both = [(told.is_valid(value), accepted(mapping, attribute, value), value) for value in CANDIDATES]
    assert [value for schema, check, value in both if schema is not check] == []
    assert {schema for schema, _, _ in both} == {True, False}, "the candidates try both sides"


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_substitution_stands_for_any_attribute_of_an_operation(name: str, whole: dict[str, Any]) -> None:
    made = whole["$defs"][f"operation-{name}"]
    within = Draft202012Validator({"$defs": whole["$defs"], "$ref": f"#/$defs/operation-{name}"})
    within.validate(dict.fromkeys([name, *OPERATIONS[name].mapping.attributes], "$(a + 1)"))
    assert made["required"][0] == name


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_attribute_is_described(name: str, whole: dict[str, Any]) -> None:
    properties = whole["$defs"][f"operation-{name}"]["properties"]
    assert [key for key, told in properties.items() if not told.get("description")] == []
