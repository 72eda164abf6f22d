"""`rfdocs patches`: what a layer answers to an image, with weights that are made here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from answers import Answer, Ask, asking
from PIL import Image

import rfdocs
from rfdocs.cli.usage import numbers
from rfdocs.figures.patch_sheet import _condensed
from rfdocs.pixels.excitation import patch
from rfdocs.pixels.image_file import DEVIATION, MEAN

NET = """\
title: A small one
input: {channels: 3, size: [40, 40]}
layers:
  - {conv: conv1, kernel: 5, stride: 2, padding: 2, channels: 6, act: relu, alias: features.0}
  - {maxpool: pool, kernel: 2}
  - {conv: conv2, kernel: 3, padding: 1, channels: 4}
"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """One command in a folder with a network, weights and an image."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(3)
    Path("net.yaml").write_text(NET, "utf-8")
    Image.fromarray(random.integers(0, 256, (60, 48, 3), dtype=np.uint8)).save("image.png")
    filters = random.normal(size=(6, 3, 5, 5)).astype(np.float32)
    deeper = random.normal(size=(4, 6, 3, 3)).astype(np.float32)
    tensors: dict[str, Any] = {"features.0.weight": filters, "features.0.bias": np.arange(6.0), "deep": deeper}
    np.savez("weights.npz", **tensors)

    return asking(capsys)


COMMON = ("--weights", "weights.npz", "--image", "image.png")


def rows(answer: Answer) -> list[list[str]]:
    assert answer.status == 0, answer.err
    return [re.split(r"\s{2,}", line.strip()) for line in answer.out.split("\n\n")[1].splitlines()[1:]]


def pixels() -> Any:
    return np.array(Image.open("image.png"))


def brute(unit: tuple[int, int], number: int) -> float:
    """The answer of a filter of the first layer at one unit, tap by tap."""
    weights, image = np.load("weights.npz"), (pixels() / 255 - MEAN) / DEVIATION
    answer = float(weights["features.0.bias"][number])
    for down in range(5):
        for across in range(5):
            row, column = 2 * unit[0] - 2 + down, 2 * unit[1] - 2 + across
            if 0 <= row < 60 and 0 <= column < 48:
                answer += float(image[row, column] @ weights["features.0.weight"][number, :, down, across])
    return answer


@pytest.mark.slow
def test_the_strongest_answers_and_their_pixels_are_told(ask: Ask) -> None:
    answer = ask("patches", "net.yaml", "conv1", *COMMON, "--filters", "6", "--best", "4")
    assert answer.out.startswith(
        "net, conv1: 6 maps of 30 × 24, field 5, jump 2\n"
        "image image.png, 60 × 48; weights weights.npz: features.0.weight for conv1\n"
    )
    report = rfdocs.load("net.yaml").analyze((60, 48))
    found = rows(answer)
    assert len(found) == 24
    for number, place, value, at, tall, wide in found:
        unit = tuple(map(int, at.split(", ")))
        assert float(value) == pytest.approx(brute((unit[0], unit[1]), int(number)), rel=2e-3)
        fields = [one.field for one in report.unit("conv1", unit)]
        assert [tall, wide] == [f"{field.first}..{field.last}" for field in fields if field is not None]
        if (number, place) == ("3", "1"):
            most = max(brute((r, c), 3) for r in range(30) for c in range(24))
            assert float(value) == pytest.approx(most, rel=2e-3)
    strongest = [float(row[2]) for row in found if row[1] == "1"]
    assert strongest == sorted(strongest, reverse=True)


def test_filters_are_named_with_commas(ask: Ask) -> None:
    assert {row[0] for row in rows(ask("patches", "net.yaml", "conv1", *COMMON, "--filters", "5,2"))} == {"2", "5"}
    assert {row[0] for row in rows(ask("patches", "net.yaml", "conv1", *COMMON, "--filters", "4,"))} == {"4"}


def test_a_deeper_layer_needs_all_weights_below_it(ask: Ask) -> None:
    answer = ask("patches", "net.yaml", "conv2", *COMMON, "--best", "1")
    assert "features.0.weight for conv1, deep for conv2" in answer.out
    report = rfdocs.load("net.yaml").analyze((60, 48))
    for row in rows(answer):
        unit = [int(part) for part in row[3].split(", ")]
        fields = [one.field for one in report.unit("conv2", unit)]
        assert row[4:] == [f"{field.first}..{field.last}" for field in fields if field is not None]
    answer = ask("patches", "net.yaml", "pool", *COMMON, "--filters", "2,", "--best", "1")
    assert rows(answer)[0][0] == "2"
    assert "map  place  answer" in answer.out


def test_the_image_is_scaled_to_an_input_size(ask: Ask) -> None:
    assert "image image.png, 20 × 30" in ask("patches", "net.yaml", "conv1", *COMMON, "--input", "20x30").out


def images(svg: str) -> list[tuple[ET.Element, Any]]:
    found = ET.fromstring(svg).iter(f"{SVG}image")
    return [(one, np.array(Image.open(BytesIO(b64decode(one.get("href", "").partition(",")[2]))))) for one in found]


def test_a_picture_has_the_filters_and_the_very_pixels(ask: Ask) -> None:
    answer = ask("patches", "net.yaml", "conv1", *COMMON, "--filters", "2", "--best", "3", "-o", "out.svg")
    report = rfdocs.load("net.yaml").analyze((60, 48))
    shown = images(Path("out.svg").read_text("utf-8"))
    assert len(shown) == 6 + 2 * (1 + 1 + 3)
    held = [one.tobytes() for _, one in shown]
    for row in rows(answer):
        fields = [one.field for one in report.unit("conv1", [int(part) for part in row[3].split(", ")])]
        assert fields[0] is not None
        assert fields[1] is not None
        cut = patch(pixels(), fields[0], fields[1])
        inside = cut[cut[..., 3].any(axis=1)][:, cut[..., 3].any(axis=0)][..., :3]
        assert np.ascontiguousarray(inside).tobytes() in held
    text = Path("out.svg").read_text("utf-8")
    assert "A small one: what conv1 answers to image.png" in text
    assert "all 6 filters" in text


def test_a_picture_may_be_a_png(ask: Ask) -> None:
    for layer in ("conv1", "conv2"):
        assert ask("patches", "net.yaml", layer, *COMMON, "-o", f"{layer}.png").status == 0
        with Image.open(f"{layer}.png") as image:
            assert image.format == "PNG"
            assert image.width == 2 * (640 + 24)


def test_a_large_map_is_drawn_by_its_largest_answers() -> None:
    answers = np.arange(850 * 900, dtype=np.float32).reshape(850, 900)
    condensed = _condensed(answers)
    assert condensed.shape == (284, 300)
    assert condensed[0, 0] == answers[2, 2]
    assert condensed[-1, -1] == answers[-1, -1]
    assert _condensed(answers[:400, :400]).shape == (400, 400)


def test_an_image_of_one_colour_is_taken_as_grey(ask: Ask) -> None:
    Path("grey.yaml").write_text(NET.replace("channels: 3", "channels: 1"), "utf-8")
    np.savez("grey.npz", conv1=np.ones((6, 1, 5, 5)))
    answer = ask(
        "patches", "grey.yaml", "conv1", "--weights", "grey.npz", "--image", "image.png", "--best", "1", "-o", "g.svg"
    )
    grey = pixels() @ np.array([0.299, 0.587, 0.114]) / 255
    most = max(
        grey[max(r - 2, 0) : r + 3, max(c - 2, 0) : c + 3].sum() for r in range(0, 60, 2) for c in range(0, 48, 2)
    )
    assert float(rows(answer)[0][2]) == pytest.approx(most, rel=2e-3)


def test_mean_and_deviation_can_be_given(ask: Ask) -> None:
    one = rows(ask("patches", "net.yaml", "conv1", *COMMON, "--mean", "0.485,0.456,0.406", "--std", "0.229,.224,0.225"))
    assert one == rows(ask("patches", "net.yaml", "conv1", *COMMON))
    assert one != rows(ask("patches", "net.yaml", "conv1", *COMMON, "--mean", "0", "--std", "1"))
    assert numbers(".5,1") == (0.5, 1)


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["conv1", *COMMON, "-o", "a.jpg"], "pictures are .svg or .png, but 'a.jpg' is neither", "-o patches.svg"),
        (["conv1", *COMMON, "-o", ""], "pictures are .svg or .png", "-o patches.svg"),
        (["conv1", *COMMON, "--key", "conv1"], "'conv1' is no key", "--key conv1=features.0"),
        (["conv1", *COMMON, "--key", "=x"], "'' is no key", "--key conv1=features.0"),
        (["conv1", *COMMON, "--filters", "a"], "'a' is no number of filters", "--help"),
        (["conv1", *COMMON, "--filters", "0"], "--filters 0 is not from 1 to 64", ""),
        (["conv1", *COMMON, "--filters", ",".join(["1"] * 65)], "names 65 filters; at most 64", ""),
        (["conv1", *COMMON, "--best", "65"], "--best 65 is not from 1 to 64", ""),
        (["conv1", *COMMON, "--mean", "1,"], "'1,' is no list of numbers", "--help"),
        (["conv1", *COMMON, "--mean", "1,1"], "--mean gives 2 numbers; the image has 3 channels", ""),
        (["conv1", *COMMON, "--std", "0"], "deviations are above 0", "--std 0.229"),
        (["conv1", "--image", "image.png"], "required: --weights", "--help"),
    ],
)
def test_wrong_usage_ends_with_2(ask: Ask, arguments: list[str], message: str, hint: str) -> None:
    status, out, err = ask("patches", "net.yaml", *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert hint in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["conv9", *COMMON], "there is no layer 'conv9'"),
        (["input", *COMMON], "input is the image, which answers nothing"),
        (["conv1", *COMMON, "--key", "cnv1=deep"], "there is no layer 'cnv1'"),
        (["conv1", *COMMON, "--key", "conv1=dep"], "in weights.npz called 'dep'\n  hint: did you mean 'deep'?"),
        (["conv1", *COMMON, "--key", "features.0=deep"], "deep is 4 x 6 x 3 x 3, and conv1 has 6 x 3 x 5 x 5"),
        (["conv1", *COMMON, "--filters", "6,"], "there is no filter 6: the layer has 6, from 0 to 5"),
        (["conv1", *COMMON, "--input", "1x1"], "does not fit"),
        (["conv1", *COMMON, "--input", "9000"], "an image of 9000 × 9000 has too many pixels"),
        (["conv1", "--weights", "image.png", "--image", "image.png"], "weights are read from .npz and .safetensors"),
        (["conv1", "--weights", "w.pt", "--image", "image.png"], "a pickle runs whatever it holds"),
        (["conv1", "--weights", "none.npz", "--image", "image.png"], "none.npz: there is no such file"),
        (["conv1", "--weights", "a\0.npz", "--image", "image.png"], "there is no such file"),
        (["conv1", "--weights", "weights.npz", "--image", "x" * 5000], "there is no such file"),
        (["conv1", "--weights", "weights.npz", "--image", "weights.npz"], "weights.npz: it is no whole image"),
        (["conv1", *COMMON, "-o", "none/a.svg"], "none/a.svg cannot be written"),
    ],
)  # fmt: skip
def test_an_input_at_fault_ends_with_1_and_a_line(ask: Ask, arguments: list[str], message: str) -> None:
    status, out, err = ask("patches", "net.yaml", *arguments)
    assert (status, out) == (1, "")
    assert message in err
    assert err.count("\n") <= 2


def test_an_image_that_the_network_does_not_take_is_told_what_to_do(ask: Ask) -> None:
    Image.new("RGB", (9, 9)).save("image.png")
    status, _, err = ask("patches", "alexnet", "conv1", *COMMON)
    assert status == 1
    assert "the image has 9 × 9 pixels: alexnet does not take 9 x 9" in err
    assert "--input 224x224 scales and cuts it" in err


def test_networks_of_no_images_are_refused(ask: Ask) -> None:
    for name, has in (("m5", "1 channels on 1 axes"), ("c3d", "3 channels on 3 axes")):
        status, _, err = ask("patches", name, "conv1", *COMMON)
        assert status == 1
        assert has in err


def test_without_numpy_one_line_says_what_installs_it(ask: Ask) -> None:
    code = "import sys; sys.modules['numpy'] = None; from rfdocs.cli import main; sys.exit(main(sys.argv[1:]))"
    environment = {**os.environ, "PYTHONPATH": str(Path(rfdocs.__file__).parent.parent)}
    command = [sys.executable, "-c", code, "patches", "net.yaml", "conv1", *COMMON]
    done = subprocess.run(command, capture_output=True, check=False, text=True, env=environment, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "rfdocs: numpy is not installed, and what filters answer needs it\n  hint: pip install 'rfdocs[figures]'\n"
    )


def test_a_title_is_no_formula_in_a_png(ask: Ask) -> None:
    Path("net.yaml").write_text(NET.replace("A small one", r"$\\x{"), "utf-8")
    assert ask("patches", "net.yaml", "conv1", *COMMON, "-o", "a.png").status == 0
