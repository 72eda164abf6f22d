"""Input sizes that a network refuses: the message speaks of the network, and names the nearest sizes that it takes."""

from pathlib import Path

import pytest

import rfdocs
from rfdocs.catalogue import CatalogueError
from rfdocs.cli import main
from rfdocs.graph import InputError, Network, Report, nearest_lengths
from rfdocs.graph.feasible import size_rule, takes

MULTIPLES = """
input: {channels: 1, size: [24, 24]}
layers:
  - {conv: a, kernel: 3, padding: 1, channels: 1}
  - {maxpool: b, kernel: [2, 3]}
  - {upsample: c, scale: [2, 3]}
  - {concat: d, from: [a, c]}
"""
NEVER = """
input: {channels: 1, size: 9}
layers:
  - {conv: a, kernel: 1, channels: 1}
  - {conv: b, kernel: 2, from: input, channels: 1}
  - {concat: c, from: [a, b]}
"""


def read(tmp_path: Path, text: str) -> rfdocs.Entry:
    path = tmp_path / "network.yaml"
    path.write_text(text, "utf-8")
    return rfdocs.load(path)


@pytest.mark.parametrize(("axis", "step"), [(0, 2), (1, 3)])
def test_the_nearest_lengths_are_the_nearest(tmp_path: Path, axis: int, step: int) -> None:
    network = read(tmp_path, MULTIPLES).network
    for length in range(1, 40):
        taken = [other for other in range(1, 60) if other % step == 0]
        assert takes(network, axis, length) is (length % step == 0)
        if length % step:
            below = [other for other in taken if other < length][-1:]
            assert nearest_lengths(network, axis, length) == (*below, *[o for o in taken if o > length][:1])


def test_lengths_at_which_layers_have_other_jumps_are_looked_at_each(tmp_path: Path) -> None:
    """To 64 units: at 64 pixels both paths have a jump of 1, at 128 they have 2 and 1; between, one has none."""
    layers = ("{upsample: a, size: 64}", "{crop: b, size: 64, from: input}", "{add: c, from: [a, b]}")
    text = "input: {channels: 1, size: 64}\nlayers:\n" + "\n".join(f"  - {layer}" for layer in layers)
    network = read(tmp_path, text).network
    assert [takes(network, 0, length) for length in (64, 65, 127, 128, 129)] == [True, True, True, False, True]
    rule = size_rule(network, 0, 64, 65)
    assert rule is not None
    assert set(range(65)).difference(rule.offsets) == {128 % 65}


@pytest.mark.slow
def test_a_network_that_takes_nothing_has_no_nearest_length(tmp_path: Path) -> None:
    assert nearest_lengths(read(tmp_path, NEVER).network, 0, 9) == ()


def test_a_network_of_the_catalogue_is_named_with_its_input() -> None:
    with pytest.raises(InputError) as caught:
        rfdocs.load("segnet").analyze((512, 350))
    assert caught.value.message.startswith("segnet does not take 512 x 350: unpool")
    assert ".yaml" not in str(caught.value)
    assert caught.value.hint == "it takes a width of 320 or 352 in place of 350"
    assert str(caught.value) == f"{caught.value.message}; {caught.value.hint}"


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_one_length_that_stands_for_all_axes_is_told_once(axes: int) -> None:
    with pytest.raises(InputError) as caught:
        Report(Network("small", 1, (8,) * axes, multiple=8), 20)
    assert caught.value.hint == "it takes 16 or 24 in place of 20"


def test_in_ones_own_file_the_line_is_named_too(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, MULTIPLES).analyze(25)
    (problem,) = caught.value.problems
    assert (problem.line, problem.hint) == (
        7,
        "it takes a height of 24 or 26 in place of 25, and a width of 24 or 27 in place of 25",
    )


def test_the_nominal_size_of_a_file_is_its_own_fault(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"network.yaml:6:5: .*c: its inputs have different sizes"):
        read(tmp_path, NEVER).analyze()


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("table", "deeplabv3plus_resnet50", "--input", "350"), "it takes 336 or 352 in place of 350"),
        (("query", "vgg16", "pool5", "0", "0", "--input", "5x64"), "it takes a height of 32 in place of 5"),
        (("figure", "vgg16", "growth", "--input", "31", "-o", "-"), "it takes 32 in place of 31"),
        (("seen-by", "vgg16", "pool5", "0", "0", "--input", "31"), "it takes 32 in place of 31"),
    ],
)
def test_every_command_says_so(words: tuple[str, ...], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[0].startswith(f"rfdocs: {words[1]} does not take ")
    assert told.err.splitlines()[1:] == [f"  hint: {hint}"]
