"""`rfdocs check`: what each code means, facts recomputed, completeness, and the rules between files."""

import ast
import re
import shlex
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest
import syntax

from rfdocs.catalogue import Catalogue, Problem
from rfdocs.catalogue.check import RESERVED, check
from rfdocs.catalogue.codes import CODES
from rfdocs.catalogue.expectations import agree, in_words
from rfdocs.catalogue.skeleton import skeleton
from rfdocs.cli import main
from rfdocs.language.document import CATALOGUE_KEYS

COMPLETE = """
title: Net
year: 2015
authors: [Ada Lovelace]
paper: {title: A net, url: https://example.org/net}
implementation: {name: torchvision}
tasks: [classification]
input: {channels: 3, size: [16, 16]}
"""
LAYERS = """
layers:
  - {conv: conv1, kernel: 3, padding: 1, channels: 8}
  - {group: stage, layers: [{conv: a, kernel: 3, channels: 8}, {conv: b, kernel: 3, stride: 2, channels: 8}]}
"""

Checked = Callable[..., list[Problem]]


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    """What is wrong with files of a catalogue that holds nothing else."""

    def problems(**texts: str) -> list[Problem]:
        for name, text in texts.items():
            (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        return list(check(Catalogue(tmp_path)).problems)

    return problems


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


# The codes


def used() -> Iterator[str]:
    """Every code that the package's modules give to a problem: the last text of a call that notes one."""
    noting = {"add", "note", "refuse", "problem", "_problem", "Problem", "Complaint", "_stop"}
    for path in syntax.modules():
        for node in syntax.nodes(syntax.tree(path)):
            if isinstance(node, ast.Call) and syntax.last_name(node.func) in noting:
                given = [word.value for word in node.keywords if word.arg == "code"] or node.args[-1:]
                yield from (word.value for word in given if isinstance(word, ast.Constant) and word.value in CODES)


def test_every_code_that_is_used_is_documented_and_every_documented_one_used() -> None:
    assert set(used()) == set(CODES)


def said(path: Path, code: str) -> set[str]:
    found = {problem.code for problem in check(Catalogue(), [path]).problems}
    return found if code == "incomplete" else found - {"incomplete"}


FILES = [code for code, told in CODES.items() if not told.bad.startswith("rfdocs ")]
COMMANDS = [code for code in CODES if code not in FILES]


@pytest.mark.parametrize("code", FILES)
def test_the_example_of_a_code_has_it_and_the_mended_one_has_nothing(code: str, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text(CODES[code].bad, "utf-8")
    good.write_text(CODES[code].good, "utf-8")
    assert said(bad, code) == {code}
    assert said(good, code) == set()


@pytest.mark.parametrize("code", COMMANDS)
def test_the_command_of_a_code_has_it_and_the_mended_one_has_nothing(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(line: str) -> tuple[int, str]:
        status = main(shlex.split(line.replace("{catalogue}", str(Catalogue().folder)))[1:])
        return status, capsys.readouterr().err

    status, complaint = run(CODES[code].bad)
    assert status == 1
    assert f"[{code}]" in complaint
    assert run(CODES[code].good) == (0, "")


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_told_in_whole_sentences(code: str) -> None:
    told = CODES[code]
    assert told.title[0].isupper()
    assert not told.title.endswith(".")
    assert told.paragraph.endswith(".")
    assert len(told.paragraph) > 60


# Completeness


@pytest.mark.parametrize("key", CATALOGUE_KEYS)
def test_each_key_that_the_catalogue_wants_is_missed(key: str, checked: Checked) -> None:
    without = "\n".join(line for line in COMPLETE.splitlines() if not line.startswith(f"{key}:"))
    (problem,) = checked(net=without + LAYERS)
    assert (problem.code, problem.line) == ("incomplete", 1)
    assert f"'{key}' is missing" in problem.message


def test_what_all_variants_lack_is_said_once(checked: Checked) -> None:
    variants = "variants: {one: , two: , three: }\n"
    without = COMPLETE.replace("year: 2015\n", "")
    assert codes(checked(net=without + variants + LAYERS)) == ["incomplete"]


def test_what_one_variant_lacks_is_said_at_it(checked: Checked) -> None:
    variants = "variants:\n  one: {year: 2015}\n  two:\n"
    (problem,) = checked(net=COMPLETE.replace("year: 2015\n", "") + variants + LAYERS)
    assert problem.where == "variants.two"


# Facts


@pytest.mark.parametrize(
    "fact",
    [
        "{parameters: 1392, macs: 188928, depth: 3, source: s}",
        "{layer: conv1, receptive_field: 3, jump: 1, start: 0.5, size: 16, source: s}",
        "{layer: stage, parameters: 1168, macs: 133632, source: s}",
        "{layer: stage.b, receptive_field: [7, 7], jump: 2, start: 2.5, size: 6, channels: 8, source: s}",
        "{layer: stage, effective_padding: 1, smallest_path: 7, receptive_field_min: 7, depth: 3, source: s}",
        "{layer: stage, input: [16, 32], size: [6, 14], source: s}",
        "{layer: conv1, input: 32, size: 32, source: s}",
        "{receptive_field: 7, source: s}",
    ],
)
def test_a_true_fact_is_held(fact: str, checked: Checked) -> None:
    assert [str(problem) for problem in checked(net=COMPLETE + LAYERS + f"expect: [{fact}]\n")] == []


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ("parameters: 1393", "the network has parameters 1392; the file expects 1393"),
        ("layer: stage, macs: 1", "stage has macs 133632; the file expects 1"),
        ("layer: conv1, start: 1", "conv1 has start 0.5; the file expects 1"),
        ("layer: stage.b, size: [6, 7]", "stage.b has size 6; the file expects 6 x 7"),
        ("layer: conv1, start: 1/3", "conv1 has start 0.5; the file expects 1/3"),
        ("layer: conv1, input: [16, 32], size: 16", "conv1 has size 16 x 32; the file expects 16"),
        ("layer: conv1, depth: 2", "conv1 has depth 1; the file expects 2"),
    ],
)
def test_a_false_fact_is_told_with_both_values_and_its_source(fact: str, message: str, checked: Checked) -> None:
    (problem,) = checked(net=COMPLETE + LAYERS + f"expect:\n  - {{{fact}, source: table 1}}\n")
    assert problem.code == "fact"
    assert message in problem.message
    assert "table 1" in problem.hint
    assert problem.line == (COMPLETE + LAYERS).count("\n") + 2


def test_a_fact_of_the_family_is_tried_on_every_variant(checked: Checked) -> None:
    variants = "parameters: {width: 8}\nvariants:\n  one:\n  two: {parameters: {width: 4}}\n"
    layers = "layers: [{conv: conv1, kernel: 3, channels: $width}]\nexpect: [{parameters: 224, source: s}]\n"
    (problem,) = checked(net=COMPLETE + variants + layers)
    assert problem.message == "two: the network has parameters 112; the file expects 224"


def test_a_figure_that_does_not_exist_is_none() -> None:
    assert in_words((None, Fraction(1, 2))) == "none x 0.5"
    assert not agree((1,), (None, None))


def test_one_number_stands_for_all_axes_and_a_list_for_each() -> None:
    assert agree((7,), (7, 7, 7))
    assert not agree((7, 7), (7, 7, 7))


def test_no_more_input_sizes_are_tried_than_allowed(checked: Checked) -> None:
    facts = "".join(f"  - {{input: {size}, depth: 3, source: s}}\n" for size in range(16, 36))
    assert codes(checked(net=COMPLETE + LAYERS + "expect:\n" + facts)).count("limit") >= 1


# Between files


def test_an_id_stands_once_in_the_catalogue(checked: Checked) -> None:
    family = COMPLETE + "variants: {one: , two: }\n" + LAYERS
    (problem,) = checked(family=family, two=COMPLETE + LAYERS)
    assert problem.code == "identifier"
    assert re.search(r"the id 'two' stands in .*family\.yaml:\d+ already", problem.message)


def test_a_copy_of_a_catalogue_s_file_elsewhere_is_no_twin(tmp_path: Path) -> None:
    catalogue = Catalogue()
    copy = tmp_path / "alexnet.yaml"
    copy.write_bytes((catalogue.folder / "alexnet.yaml").read_bytes())
    assert check(catalogue, [copy]).problems == ()


def test_one_file_of_the_catalogue_is_held_against_the_others(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(COMPLETE + "variants: {net: }\n" + LAYERS, "utf-8")
    assert codes(list(check(Catalogue(tmp_path), [tmp_path / "two.yaml"]).problems)) == ["identifier"]


def test_an_id_with_a_hyphen_more_is_the_same_to_a_reader(checked: Checked) -> None:
    (problem,) = checked(net50=COMPLETE + LAYERS, **{"net-50": COMPLETE + LAYERS})
    assert problem.code == "identifier"
    assert re.search(r"the id 'net-?50' stands in .*net-?50\.yaml:1 already as 'net-?50'", problem.message)


@pytest.mark.parametrize("name", ["Net", "a b", *RESERVED])
def test_a_file_s_name_must_be_an_id(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.yaml").write_text(COMPLETE + LAYERS, "utf-8")
    assert codes(list(check(Catalogue(tmp_path)).problems)) == ["identifier"]


def test_a_network_differs_from_one_that_exists(checked: Checked) -> None:
    dispute = "disputes: [{network: other, why: its stride is elsewhere}]\n"
    (problem,) = checked(net=COMPLETE + LAYERS + dispute, othr=COMPLETE + LAYERS)
    assert (problem.code, problem.hint) == ("dispute", "did you mean 'othr'?")


def test_a_defective_file_hides_nothing_of_the_others(checked: Checked) -> None:
    found = checked(broken="layers: [", net=COMPLETE + LAYERS + "expect: [{depth: 9, source: s}]\n")
    assert codes(found) == ["yaml", "fact"]


def test_a_file_that_is_not_there_is_a_problem_like_others(tmp_path: Path) -> None:
    assert codes(list(check(Catalogue(), [tmp_path / "none.yaml", tmp_path]).problems)) == ["file", "file"]


# The skeleton


def test_the_skeleton_can_be_analysed(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(skeleton("net", "net.yaml"), "utf-8")
    assert Catalogue(tmp_path).find("net").analyze()["conv3"].receptive_field == (27, 27)
    assert set(codes(list(check(Catalogue(tmp_path)).problems))) == {"incomplete"}


def uncommented() -> str:
    """The skeleton with the mark before each key taken away, and nothing else changed."""
    text = re.sub(r"(?m)^# ((?!yaml-language-server)\w+:|  - )", r"\1", skeleton("net", "net.yaml"))
    assert text != skeleton("net", "net.yaml")
    return text


FILLED = {
    "authors": ("First Author, Second Author", "Ada Lovelace"),
    "paper": ('title: "The paper\'s title", url: "https://arxiv.org/abs/0000.00000"', "title: A, url: https://a.org/b"),
    "implementation": ("name: the-implementation, symbol: package.module.function", "name: torchvision, symbol: a.b"),
    "layers": ("linear: fc, channels: 1000", "linear: fc, channels: 1000}\n  - {dropout: drop"),
}


def filled(*keys: str) -> str:
    text = uncommented()
    for key in keys:
        assert FILLED[key][0] in text
        text = text.replace(*FILLED[key])
    return text


@pytest.mark.parametrize("key", FILLED)
def test_what_a_skeleton_holds_may_not_stay(key: str, checked: Checked) -> None:
    (problem,) = checked(net=filled(*(FILLED.keys() - {key})))
    assert problem.code == "incomplete"
    assert problem.where == key
    assert "stands there since `rfdocs new`" in problem.message


def test_a_skeleton_whose_marks_were_taken_away_lacks_everything(checked: Checked) -> None:
    assert {problem.where for problem in checked(net=uncommented())} == {*FILLED}


def test_one_placeholder_among_what_is_true_is_found(checked: Checked) -> None:
    half = filled(*FILLED).replace("[Ada Lovelace]", "[Ada Lovelace, Second Author]")
    assert [problem.where for problem in checked(net=half)] == ["authors"]


def test_the_skeleton_passes_once_it_is_filled_in(checked: Checked) -> None:
    assert [str(problem) for problem in checked(net=filled(*FILLED))] == []
