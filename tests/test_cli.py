"""The command line as a user types it: what it says, where it says it, and with which status it ends."""

import csv
import io
import json
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from answers import Ask, asking
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from processes import hearing

from rfdocs.catalogue import catalogue_folder
from rfdocs.cli import INTERRUPTED
from rfdocs.cli.usage import SLIDING
from rfdocs.figures.asked_window import OPERATIONS

pytestmark = pytest.mark.slow

NET = "input: {channels: 3, size: [16, 16]}\nlayers: [{conv: conv1, kernel: 3, channels: 8}]\n"
FAMILY = "input: {channels: 3, size: [16, 16]}\nvariants: {one: , two: }\nlayers: [{relu: act}]\n"


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """One command in this process."""
    return asking(capsys)


@pytest.fixture
def net(tmp_path: Path) -> Path:
    file = tmp_path / "net.yaml"
    file.write_text(NET, "utf-8")
    return file


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of two files."""
    folder = tmp_path_factory.mktemp("catalogue")
    for name in ("alexnet", "vgg"):
        shutil.copy(catalogue_folder() / f"{name}.yaml", folder)
    return folder


LONG = 300 * "x"


def process(*arguments: str | bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """One command in a process of its own."""
    command = [sys.executable, "-m", "rfdocs", *arguments]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment}, timeout=60)


# What is asked for


def test_a_table_is_text_for_people(ask: Ask) -> None:
    status, out, err = ask("table", "alexnet")
    assert (status, err) == (0, "")
    assert out.splitlines()[2].split()[:6] == ["layer", "operation", "channels", "size", "jump", "field"]
    assert out.splitlines()[3].split()[:7] == ["conv1", "conv", "64", "55", "4", "11", "3.5"]


def test_a_table_is_json(ask: Ask) -> None:
    table = json.loads(ask("table", "alexnet", "--format", "json").out)
    assert (table["network"], table["layers"][0]["macs"]) == ("alexnet", 70276800)


def test_a_table_is_csv(ask: Ask) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("table", "alexnet", "--format=csv").out)))
    assert [row["rf_height"] for row in rows[:3]] == ["11", "19", "51"]


def test_a_table_is_markdown_and_latex(ask: Ask) -> None:
    assert "| conv1 | conv | 64 |" in ask("table", "alexnet", "--format", "markdown").out
    assert r"conv1 & conv & 64 &" in ask("table", "alexnet", "--format", "latex").out


@pytest.mark.parametrize(
    ("size", "seen"), [("320", [320, 320]), ("320x480", [320, 480]), ("320X480", [320, 480]), ("320×480", [320, 480])]
)
def test_an_input_size_is_one_number_or_one_per_axis(ask: Ask, size: str, seen: list[int]) -> None:
    table = json.loads(ask("table", "alexnet", "--input", size, "--format", "json").out)
    assert table["input"]["size"] == seen


def test_three_axes_are_given_so_too(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "video.yaml"
    file.write_text("input: {channels: 3, size: [8, 16, 16]}\nlayers: [{maxpool: p, kernel: 2}]\n", "utf-8")
    table = json.loads(ask("table", str(file), "--input", "4x8x12", "--format", "json").out)
    assert table["layers"][0]["size"] == [2, 4, 6]


def test_a_query_is_the_interface_s(ask: Ask) -> None:
    found = json.loads(ask("query", "alexnet", "conv2", "0", "3", "--format", "json").out)
    assert (found["field"], found["visible"]) == ([[-18, 32], [6, 56]], [[0, 32], [6, 56]])
    assert (found["center"], found["size"], found["index"]) == ([7.5, 31.5], [51, 51], [0, 3])


def test_a_query_reads_at_another_size(ask: Ask) -> None:
    found = json.loads(ask("query", "resnet50", "layer4", "9", "14", "--input=320x480", "--format=json").out)
    assert (found["map"], found["name"]) == ([10, 15], "layer4.2.add")


def test_units_are_answered_for_that_are_too_many_to_follow_one_by_one(ask: Ask, tmp_path: Path) -> None:
    """WaveNet sees its last 3,070 samples: a long recording changes nothing but the ends."""
    asked = ("last_conv_layers.3", "12000", "--input", "160000", "--format", "json")
    found = json.loads(ask("query", "wavenet", *asked).out)
    assert (found["visible"], found["visible_pixels"]) == ([[12_000 - 3069, 12_000]], [3070])
    seen = json.loads(ask("seen-by", "wavenet", *asked).out)
    assert seen["units"] == seen["spatial_units"] == [list(range(12_000, 12_000 + 3070))]
    for kind in ("growth", "nested", "feature-maps"):
        ask("figure", "wavenet", kind, "--input", "160000", "-o", str(tmp_path / "figure.svg"))
        assert "160,000" in (tmp_path / "figure.svg").read_text("utf-8")


def test_who_sees_a_pixel_through_gates_is_left_open_where_not_all_are_followed(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "gated.yaml"
    file.write_text(
        "input: {channels: 1, size: [900000]}\nlayers:\n"
        "  - {conv: a, kernel: 3, padding: 1, channels: 1}\n"
        "  - {squeeze_excite: gate, squeeze: 1}\n"
        + "".join([f"  - {{conv: b{place}, kernel: 3, padding: 1, channels: 1}}\n" for place in range(4)]),
        "utf-8",
    )
    found = json.loads(ask("seen-by", str(file), "b3", "5", "--format", "json").out)
    assert (found["units"], found["spatial_units"]) == (None, [[*range(11)]])
    told = ask("seen-by", str(file), "b3", "5").out
    assert "11 of the 900,000 units" in told
    assert "through gates is not told: its maps have" in told
    whole = json.loads(ask("query", str(file), "b3", "5", "--format", "json").out)
    assert (whole["visible"], whole["spatial_visible"]) == ([[0, 899_999]], [[0, 10]])


def test_the_units_that_see_a_pixel(ask: Ask) -> None:
    found = json.loads(ask("seen-by", "alexnet", "conv1", "0", "10", "--format", "json").out)
    assert found["units"] == [[0], [1, 2, 3]]
    assert "height" in ask("seen-by", "alexnet", "conv1", "0", "10").out


def test_the_list_names_every_network(ask: Ask) -> None:
    networks = json.loads(ask("list", "--format", "json").out)["networks"]
    assert {"alexnet", "vgg16", "resnet50"} <= {network["id"] for network in networks}
    assert len({network["id"] for network in networks}) == len(networks)


def test_the_list_is_a_table_for_people(ask: Ask, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rfdocs.catalogue.catalogue.catalogue_folder", lambda: small)
    lines = ask("list").out.splitlines()
    assert lines[0].split() == ["id", "title", "input", "layers", "depth", "field", "jump", "at"]
    assert any(line.startswith("vgg16 ") and " 212 " in line for line in lines)


def test_one_s_own_file_needs_input_and_layers_only(ask: Ask, net: Path) -> None:
    assert ask("table", str(net)).out.startswith("net, image 3 × 16 × 16: 224 parameters")


def test_a_file_in_the_working_directory_needs_no_path(ask: Ask, net: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(net.parent)
    assert ask("table", "net.yaml").status == 0


def test_a_variant_of_a_file_is_named_behind_a_colon(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "family.yaml").write_text(FAMILY, "utf-8")
    assert ask("table", f"{tmp_path}/family.yaml:two").out.startswith("two, ")
    assert "name one" in ask("table", f"{tmp_path}/family.yaml").err


def test_a_size_may_be_written_as_it_is_printed(ask: Ask, net: Path) -> None:
    written = ["32x48", "32X48", "32 x 48", "32 × 48"]
    assert len({ask("table", str(net), "--input", size).out for size in written}) == 1


def test_the_whole_catalogue_is_checked(ask: Ask) -> None:
    """It has no problems, and more networks than files."""
    status, out, err = ask("check")
    assert (status, err) == (0, "")
    networks, files = map(int, re.findall(r"^(\d+) networks in (\d+) files: no problems$", out)[0])
    assert networks > files > 0


def test_a_folder_of_files_is_checked(ask: Ask, net: Path) -> None:
    status, out, err = ask("check", str(net.parent))
    assert (status, out) == (1, "1 network in 1 file: 6 problems\n")
    assert err.count("[incomplete]") == 6


def test_a_check_of_a_file_that_is_not_there_counts_no_network(ask: Ask, tmp_path: Path) -> None:
    status, out, err = ask("check", str(tmp_path / "missing.yaml"))
    assert (status, out) == (1, "no network in 1 file: 1 problem\n")
    assert err.endswith("missing.yaml:1:1: it cannot be read: No such file or directory [file]\n")


@pytest.mark.parametrize("name", ["resnet50", "resnet.yaml"])
def test_a_check_of_an_id_names_its_file(ask: Ask, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = ask("check", name)
    assert (status, out) == (1, "no network in 1 file: 1 problem\n")
    assert re.search(r"hint: did you mean '.*architectures/resnet\.yaml'\?\n$", err)


def test_a_folder_s_pipes_and_folders_are_no_files_of_it(ask: Ask, net: Path) -> None:
    os.mkfifo(net.parent / "fifo.yaml")
    (net.parent / "folder.yaml").mkdir()
    assert ask("check", str(net.parent)).out == "1 network in 1 file: 6 problems\n"


def test_an_empty_name_is_no_folder(ask: Ask) -> None:
    assert ask("check", "") == (
        1,
        "",
        "rfdocs: a file's name is empty\n  hint: without FILE the whole catalogue is checked\n",
    )


def test_a_check_that_nobody_reads_to_its_end_fails_all_the_same(net: Path) -> None:
    command = f"'{sys.executable}' -m rfdocs check '{net}' 2>&1 | true; exit ${{PIPESTATUS[0]}}"
    assert subprocess.run(["bash", "-c", command], check=False, timeout=60).returncode == 1


def test_a_variant_may_be_left_open(ask: Ask, net: Path) -> None:
    assert ask("table", f"{net}:").out.startswith("net, ")


def test_a_file_named_without_its_ending_is_found(ask: Ask, net: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(net.parent)
    (net.parent / "net.txt").write_text(NET, "utf-8")
    assert ask("table", "net").err.endswith("hint: the file is called 'net.yaml'\n")
    assert ask("table", "net.txt").err.endswith("is named with its folder: './net.txt'\n")
    assert ask("table", "./net.txt").status == 0


def test_what_was_typed_cannot_steer_the_terminal(ask: Ask) -> None:
    assert ask("table", "\x1b[31m\nred").err.startswith("rfdocs: there is no network '?[31m?red'\n  hint: ")


def test_a_working_directory_that_is_gone_matters_to_nobody(tmp_path: Path) -> None:
    command = f"mkdir gone; cd gone; rmdir ../gone; '{sys.executable}' -m rfdocs table alexnet"
    root = Path(__file__).resolve().parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        ["bash", "-c", command], check=False, timeout=60, cwd=tmp_path, capture_output=True, env=environment
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_schema_is_json(ask: Ask) -> None:
    assert json.loads(ask("schema").out)["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize("arguments", [["--help"], ["table", "--help"], ["--version"]])
def test_help_ends_well(ask: Ask, arguments: list[str]) -> None:
    status, out, err = ask(*arguments)
    assert (status, err) == (0, "")
    assert "rfdocs" in out


# Figures


def test_a_figure_is_written(ask: Ask, tmp_path: Path) -> None:
    target = tmp_path / "a.svg"
    assert ask("figure", "alexnet", "growth", "-o", str(target)) == (0, "", "")
    assert target.read_text("utf-8").startswith("<svg")
    assert [file.name for file in tmp_path.iterdir()] == ["a.svg"]


def test_a_figure_goes_to_standard_output(ask: Ask) -> None:
    status, out, err = ask("figure", "alexnet", "growth", "-o", "-")
    assert (status, out[:4], err) == (0, "<svg", "")


def test_an_animation_is_written(ask: Ask, tmp_path: Path) -> None:
    target = tmp_path / "a.svg"
    window = ("animation", "--input", "5x5", "--kernel", "3", "--stride", "2", "--padding", "[[1,1],[1,1]]")
    assert ask(*window, "-o", str(target)) == (0, "", "")
    text = target.read_text("utf-8")
    assert "Convolution over 5 × 5 units, 3 × 3 out" in text
    assert text.count("<animateTransform") == 2
    status, out, err = ask(*window, "--still", "-o", "-")
    assert (status, out.startswith("<svg "), "step 9 of 9" in out, "<animate" in out, err) == (0, True, True, False, "")


def test_what_slides_at_the_command_line_is_what_the_directive_slides() -> None:
    assert tuple(OPERATIONS) == SLIDING


def test_an_animation_has_channels_and_values(ask: Ask) -> None:
    dealt = ask("animation", "--input", "3", "--kernel", "2", "--channels", "4", "--groups", "2", "-o", "-").out
    assert "4 channels in, 4 out, 2 groups" in dealt
    sums = ask("animation", "--input", "3", "--kernel", "2", "--values", "1 2 3", "--weights", "1 -1", "-o", "-").out
    assert ">1·1 + 2·(−1)<" in sums


@pytest.mark.parametrize(
    ("given", "status", "message", "hint"),
    [
        (["--input", "5"], 2, "required: --kernel", "rfdocs animation --help"),
        (["--kernel", "5"], 2, "required: --input", "rfdocs animation --help"),
        (["--input", "5", "--kernel", "3", "--strid", "2"], 2, "not understood: --strid 2", "did you mean '--stride'?"),
        (["--input", "5", "--kernel", "3", "--operation", "pool"], 2, "there is no --operation 'pool'", "pool"),
        (["--input", "5", "--kernel", "3", "--padding", "[[1"], 2, "'[[1' is no list", ""),
        (["--input", "5", "--kernel", "3", "--values", "1 b"], 2, "'1 b' should be rows of whole numbers", ""),
        (["--input", "5", "--kernel", "3", "--channels", "0"], 2, "'0' is not 1 or more", ""),
        (["--input", "5", "--kernel", "wide"], 1, "kernel: the text 'wide' found; allowed: a whole number", ""),
        (["--input", "5", "--kernel", "9"], 1, "its window of 9 does not fit: the map has 5", ""),
        (["--input", "99x99", "--kernel", "9"], 1, "its input has 99 cells with its padding", "at most 40"),
        (["--input", "5", "--kernel", "3", "--output-padding", "1"], 1, "output padding is of transposed", "conv has"),
        (["--input", "5", "--kernel", "3", "--groups", "2"], 1, "filters and groups are of channels", "say how many"),
        (["--input", "5", "--kernel", "3", "--values", "1 2"], 1, "the values fill 1 x 2 cells, not 1 x 5", ""),
    ],
)
def test_an_animation_that_cannot_be_is_told(
    ask: Ask, tmp_path: Path, given: list[str], status: int, message: str, hint: str
) -> None:
    target = tmp_path / "a.svg"
    ended = ask("animation", *given, "-o", str(target))
    assert (ended.status, ended.out, target.exists()) == (status, "", False)
    assert message in ended.err
    assert hint in ended.err


def test_a_figure_needs_a_name(ask: Ask) -> None:
    assert ask("figure", "alexnet", "growth", "-o", "")[0] == 2


def test_what_goes_wrong_loses_no_figure(ask: Ask, tmp_path: Path) -> None:
    target = tmp_path / "a.svg"
    target.write_text("the last one", "utf-8")
    for arguments in (["alexnt", "growth"], ["alexnet", "growht"], ["alexnet", "growth", "--input", "1"]):
        assert ask("figure", *arguments, "-o", str(target)).status in {1, 2}
    assert target.read_text("utf-8") == "the last one"
    assert [file.name for file in tmp_path.iterdir()] == ["a.svg"]


def test_a_figure_keeps_its_file_s_permissions_and_follows_a_link(ask: Ask, tmp_path: Path) -> None:
    target, link = tmp_path / "a.svg", tmp_path / "b.svg"
    target.touch()
    target.chmod(0o640)
    link.symlink_to(target)
    assert ask("figure", "alexnet", "growth", "-o", str(link)).status == 0
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert target.read_text("utf-8").startswith("<svg")


def test_a_figure_goes_to_a_device_and_leaves_it_one() -> None:
    done = process("figure", "alexnet", "growth", "-o", "/dev/stdout")
    assert done.stdout.startswith(b"<svg")
    assert process("figure", "alexnet", "growth", "-o", "/dev/null").returncode == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize(
    ("target", "message"),
    [("none/a.svg", "cannot be written: No such file or directory"), (".", "cannot be written: Is a directory"),
     ("a.png", "figures are SVG")],
)  # fmt: skip
def test_a_figure_that_cannot_be_written_is_told(
    ask: Ask, target: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = ask("figure", "alexnet", "growth", "-o", target)
    assert (status in {1, 2}, out) == (True, "")
    assert message in err
    assert list(tmp_path.iterdir()) == []


# A skeleton


@pytest.mark.parametrize("folder", ["", "architectures"])
def test_a_skeleton_is_written_where_files_stand(
    ask: Ask, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / folder).mkdir(exist_ok=True)
    file = tmp_path / folder / "my-net.yaml"
    assert ask("new", "my-net").status == 0
    assert ask("table", str(file)).status == 0
    text = file.read_bytes()
    assert f"`rfdocs check {Path(folder, 'my-net.yaml').as_posix()}`".encode() in text
    assert re.match(rb"# yaml-language-server: \$schema=(\.\./build/html/api/)?format\.schema\.json\n", text)
    assert "is there already" in ask("new", "my-net").err
    assert file.read_bytes() == text


def test_a_skeleton_that_cannot_be_written_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))  # noqa: E731
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    command = [sys.executable, "-m", "rfdocs", "new", "my-net"]
    done = subprocess.run(command, capture_output=True, check=False, preexec_fn=limit, env=environment)
    assert (done.returncode, done.stderr) == (1, b"rfdocs: my-net.yaml cannot be written: File too large\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("identifier", "message"),
    [("../evil", "did you mean 'evil'?"), ("My Net", "did you mean 'my-net'?"), ("", "allowed: lower-case letters"),
     ("resnet50", "already"), ("resnet-50", "a network 'resnet50' already"), ("alex-net", "already"),
     ("index", "the name of a page"), ("x" * 500, "80 characters"), ("a\nb", "'a-b'")],
)  # fmt: skip
def test_an_id_that_cannot_be_is_refused(
    ask: Ask, identifier: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = ask("new", identifier)
    assert (status, out) == (1, "")
    assert message in err
    assert list(tmp_path.iterdir()) == []


# What is mistyped: status, message, hint

WRONG_USAGE = [
    ([], "the following arguments are required: command", "rfdocs --help"),
    (["tabel", "alexnet"], "there is no command 'tabel'", "did you mean 'table'?"),
    (["table"], "required: NETWORK", "rfdocs table --help"),
    (["table", "alexnet", "extra"], "not understood: extra", "rfdocs table --help"),
    (["table", "alexnet", "--fromat", "json"], "not understood: --fromat json", "did you mean '--format'?"),
    (["table", "alexnet", "--form", "json"], "not understood: --form json", "did you mean '--format'?"),
    (["table", "alexnet", "--format", "jsn"], "there is no --format 'jsn'", "did you mean 'json'?"),
    (["table", "alexnet", "--format"], "expected one argument", "rfdocs table --help"),
    (["table", "alexnet", "--input", "3y"], "'3y' is not a size", "rfdocs table --help"),
    (["table", "alexnet", "--input", ""], "'' is not a size", "rfdocs table --help"),
    (["table", "alexnet", "--input", "1x2x3x4"], "'1x2x3x4' is not a size", "rfdocs table --help"),
    (["table", "alexnet", "--input", "9" * 5000], "999...' is too large", "rfdocs table --help"),
    (["query", "alexnet", "conv1", "a", "b"], "'a' is not a whole number", "rfdocs query --help"),
    (["query", "alexnet", "conv1", "1_0", "1"], "'1_0' is not a whole number", "rfdocs query --help"),
    (["query", "alexnet", "conv1", "9" * 5000, "1"], "999...' is too large", "rfdocs query --help"),
    (["query", "alexnet", "conv1"], "required: INDEX", "rfdocs query --help"),
    (["figure", "alexnet", "growth"], "required: -o/--output", "rfdocs figure --help"),
    (["figure", "alexnet", "growht", "-o", "a.svg"], "there is no figure 'growht'", "did you mean 'growth'?"),
]
INPUT_AT_FAULT = [
    (["table", "alexnt"], "there is no network 'alexnt'", "did you mean 'alexnet'?"),
    (["table", ""], "there is no network ''", "`rfdocs list`"),
    (["table", "."], "there is no network '.'", "`rfdocs list`"),
    (["table", "zzzzzz"], "there is no network 'zzzzzz'", "`rfdocs list`"),
    (["table", "../alexnet"], "cannot be read: No such file or directory", ""),
    (["table", "none.yaml"], "cannot be read: No such file or directory", ""),
    (["table", "none.yaml:a"], "cannot be read: No such file or directory", ""),
    (["table", "a\0b.yaml"], "cannot be read: embedded null byte", ""),
    (["table", "x" * 5000 + ".yaml"], "cannot be read: File name too long", ""),
    (["table", "alexnet", "--input", "0"], "the input cannot be 0 x 0", ""),
    (["table", "alexnet", "--input", "1"], "does not fit", ""),
    (["table", "alexnet", "--input", "999999999"], "at most 1048576 are allowed", ""),
    (["table", "alexnet", "--input", "8x8x8"], "the network has 2 axes", ""),
    (["query", "alexnet", "conv22", "0", "0"], "there is no layer 'conv22'", "did you mean conv2"),
    (["query", "alexnet", "", "0", "0"], "there is no layer ''", "layers are"),
    (["query", "alexnet", "conv1", "-1", "0"], "conv1 is 55 x 55: there is no (-1, 0); the last is (54, 54)", ""),
    (["query", "alexnet", "conv1", "0", "55"], "conv1 is 55 x 55: there is no (0, 55)", ""),
    (["query", "alexnet", "conv1", "0"], "one index per axis is wanted, but 1 given", ""),
    (["seen-by", "alexnet", "conv1", "224", "0"], "224 x 224: there is no (224, 0)", ""),
    (["check", "none.yaml"], "none.yaml:1:1: it cannot be read", ""),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message", "hint"), WRONG_USAGE)
def test_wrong_usage_ends_with_2(ask: Ask, arguments: list[str], message: str, hint: str) -> None:
    status, out, err = ask(*arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert hint in err.split("hint: ")[1]
    assert len(err) < 500


@pytest.mark.parametrize(("arguments", "message", "hint"), INPUT_AT_FAULT)
def test_an_input_at_fault_ends_with_1(ask: Ask, arguments: list[str], message: str, hint: str) -> None:
    status, _, err = ask(*arguments)
    assert status == 1
    assert message in err
    assert hint in (err.split("hint: ")[1] if hint else "")


def test_a_folder_is_no_file(ask: Ask, tmp_path: Path) -> None:
    assert "Is a directory" in ask("table", f"{tmp_path}/").err


def test_a_folder_without_files_is_nothing_to_check(ask: Ask, tmp_path: Path) -> None:
    assert ask("check", str(tmp_path)) == (
        1, "", "rfdocs: there is no file to check\n  hint: files of the catalogue end in .yaml\n",
    )  # fmt: skip


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    assert ask("check", str(tmp_path / "locked")) == (1, "", f"rfdocs: {tmp_path}/locked: Permission denied\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(ask: Ask, net: Path) -> None:
    net.chmod(0)
    assert "Permission denied" in ask("table", str(net)).err


def test_a_defective_file_of_the_catalogue_hides_no_other(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.yaml").write_text(NET, "utf-8")
    (tmp_path / "poor.yaml").write_text("layers: [", "utf-8")
    monkeypatch.setattr("rfdocs.catalogue.catalogue.catalogue_folder", lambda: tmp_path)
    status, out, err = ask("list", "--format", "json")
    assert status == 1
    assert [network["id"] for network in json.loads(out)["networks"]] == ["good"]
    assert "poor.yaml:2:1: not valid YAML" in err
    assert ask("table", "good").status == 0
    assert "poor.yaml:2:1: not valid YAML" in ask("table", "poor").err


WORDS = st.sampled_from([
    "list", "table", "query", "seen-by", "figure", "check", "schema", "compare", "alexnet", "vgg.yaml", "vgg16",
    "animation", "--kernel", "conv1", "0", "-1", "3",
    "--format", "--input", "json", "csv", "224", "8x8", "-o", "--help", "--version", "--", "../x", ".", "/", "growth",
])  # fmt: skip
GARBAGE = st.text(max_size=12)


@given(st.lists(st.one_of(WORDS, GARBAGE), max_size=7))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_can_be_typed_ends_in_a_traceback(
    ask: Ask, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("rfdocs.catalogue.catalogue.catalogue_folder", lambda: small)
    status, out, err = ask(*arguments)
    assert status in {0, 1, 2}
    assert (status == 0) or err
    assert out or err or arguments[:1] in (["figure"], ["animation"])


# As a process


def test_the_module_is_the_command() -> None:
    done = process("table", "alexnet")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8").startswith("alexnet, image 3 × 224 × 224")


def test_a_reader_that_has_read_enough_ends_it_quietly() -> None:
    command = [sys.executable, "-m", "rfdocs", "table", "resnet152", "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 0


@pytest.mark.parametrize(
    "words",
    [
        ("table", LONG), ("table", f"{LONG}.yaml"), ("query", LONG, "conv1", "0"), ("check", LONG),
        ("check", f"{LONG}.yaml"), ("figure", "alexnet", "growth", "-o", f"{LONG}.svg"), ("new", LONG),
        ("build", "--source", LONG),
    ],
)  # fmt: skip
def test_a_name_that_no_file_can_have_is_answered(words: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", "rfdocs", *words], capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("words", [("--help",), ("--version",), ("table", "--help"), ("schema",)])
def test_whatever_cannot_be_written_is_said(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "rfdocs", *words]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "rfdocs: the output cannot be written: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "rfdocs", "table", "alexnet"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"rfdocs: the output cannot be written: No space left on device\n")


def test_without_anywhere_to_speak_to_it_ends_all_the_same() -> None:
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        line = f'"{sys.executable}" -m rfdocs table alexnet {closed}'
        assert subprocess.run(["sh", "-c", line], capture_output=True, check=False, timeout=60).returncode == 0
        line = f'"{sys.executable}" -m rfdocs table alexnt {closed}'
        assert subprocess.run(["sh", "-c", line], capture_output=True, check=False, timeout=60).returncode == 1


def test_a_terminal_without_unicode_gets_plain_letters() -> None:
    done = process("table", "alexnet", "--input", "320x480", PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 0
    assert b"image 3 x 320 x 480" in done.stdout
    assert b"79x119" in done.stdout


def test_json_is_the_same_in_every_encoding() -> None:
    arguments = ["table", "alexnet", "--format", "json"]
    plain, wide = (process(*arguments, PYTHONIOENCODING=name).stdout for name in ("ascii", "utf-16-le"))
    assert json.loads(plain) == json.loads(wide.decode("utf-16-le"))


@pytest.mark.parametrize("arguments", [[b"table", b"\xff\xfe"], [b"table", b"\xff.yaml"], [b"new", b"\xff"]])
def test_bytes_that_are_no_text_are_told(arguments: list[bytes], tmp_path: Path) -> None:
    command = [*map(os.fsencode, [sys.executable, "-m", "rfdocs"]), *arguments]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60, cwd=tmp_path)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert done.stderr


def test_an_interrupt_ends_it_without_a_traceback(tmp_path: Path) -> None:
    fifo = tmp_path / "endless.yaml"
    os.mkfifo(fifo)
    command = hearing(signal.SIGINT, [sys.executable, "-m", "rfdocs", "table", str(fifo)])
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with running, fifo.open("wb"):  # opens once the command reads, and never writes
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (INTERRUPTED, b"")
    assert b"Traceback" not in err


def test_a_file_can_come_through_a_pipe() -> None:
    command = [sys.executable, "-m", "rfdocs", "table", "/dev/stdin"]
    done = subprocess.run(command, input=NET.encode(), capture_output=True, check=False, timeout=60)
    assert done.stdout.decode("utf-8").startswith("stdin, image 3 × 16 × 16")


# What a command does not import

HEAVY = {
    "matplotlib", "numpy", "sphinx", "docutils", "myst_parser", "latex2mathml", "pydantic", "jsonschema", "torch",
    "asyncio", "difflib", "email", "http", "importlib.metadata", "logging", "shutil", "subprocess", "tempfile",
    "rfdocs.algebra.footprint", "rfdocs.catalogue.check", "rfdocs.language.schema", "rfdocs.figures", "rfdocs.pages",
    "rfdocs.publish", "rfdocs.formats.data", "rfdocs.formats.overview", "rfdocs.formats.units", "rfdocs.sphinx",
    "rfdocs.formats.comparisons",
}  # fmt: skip
"""What `rfdocs table` has no use for: its start is most of its time."""


def imported(*arguments: str) -> set[str]:
    code = f"import sys; from rfdocs.cli import main; main({list(arguments)!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60)
    return set(done.stderr.split())


def test_a_table_imports_nothing_that_it_does_not_use() -> None:
    assert imported("table", "resnet50") & HEAVY == set()


def test_help_imports_neither_the_catalogue_nor_yaml() -> None:
    unused = ("yaml", "rfdocs.language", "rfdocs.catalogue")
    assert [name for name in imported("--help") if name.startswith(unused)] == []


def test_what_is_used_is_imported() -> None:
    assert {"rfdocs.formats.data", "yaml"} <= imported("table", "resnet50", "--format", "json")
