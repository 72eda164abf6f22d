"""Broken and hostile files, each beside its messages: what is said, where, how it can be mended, and that it is soon.

`python tests/test_bad_files.py` writes the messages anew; read the difference before you commit it.
"""

import os
import re
import resource
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfdocs.catalogue import Catalogue, catalogue_folder
from rfdocs.catalogue.check import check, family_problems
from rfdocs.catalogue.family import Family

FOLDER = Path(__file__).resolve().parent / "bad"
FILES = sorted(FOLDER.glob("*.yaml"))
BOMBS = [file for file in FILES if file.stem.startswith("bomb")]
SOUND = [catalogue_folder() / f"{name}.yaml" for name in ("alexnet", "resnet", "unet", "squeezenet")]
CASES = [pytest.param(file, id=file.stem, marks=[pytest.mark.slow] if file in BOMBS else []) for file in FILES]
INCOMPLETE = "[incomplete]"

MEMORY = 1 << 30
SECONDS = 30
"""A net below the bounds of the format, not a measure of speed."""


def messages(file: Path) -> str:
    """All that the check says of a file; what the catalogue wants besides is left out, unless the file is about it."""
    if file in BOMBS:
        problems = re.split(r"\n(?!  hint: )", checked(file).stderr.removesuffix("\n"))
    else:
        problems = [str(problem) for problem in check(Catalogue(), [file]).problems]
    told = [problem.replace(f"{FOLDER}{os.sep}", "") for problem in problems]
    return "\n".join(one for one in told if INCOMPLETE not in one or file.stem.startswith("incomplete")) + "\n"


once = cache(messages)


def bounded() -> None:
    """Sets bounds for a process; its time is the processor's, which is the same where others want that too."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rfdocs", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=600, preexec_fn=bounded, errors="replace"
    )


@cache
def checked(file: Path) -> subprocess.CompletedProcess[str]:
    """The check of a bomb, in a process that the system ends where it takes too much."""
    return run("check", str(file))


@pytest.mark.parametrize("file", CASES)
def test_what_is_said_of_a_bad_file(file: Path) -> None:
    assert once(file) == file.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("file", CASES)
def test_every_message_has_a_place_and_a_code(file: Path) -> None:
    lines = [line for line in once(file).splitlines() if not line.startswith("  hint: ")]
    assert lines, "a bad file has a problem"
    for line in lines:
        path, row, column, rest = line.split(":", 3)
        assert path == file.name
        assert int(row) >= 1
        assert int(column) >= 1
        assert rest.endswith("]")


@pytest.mark.slow
@pytest.mark.parametrize("file", BOMBS, ids=lambda file: file.stem)
def test_a_bomb_goes_off_in_bounded_time_and_memory(file: Path) -> None:
    """A file that cannot be unfolded goes off in the same way for every command; of others a table is made, too."""
    asked = [checked(file)]
    if "steps to unfold the file's networks" not in asked[0].stderr:
        asked.append(run("table", str(file), "--format", "json"))
    for done in asked:
        assert "Traceback" not in done.stderr
        assert done.returncode in {0, 1}


def test_a_file_of_ten_megabytes_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_text("# " + "x" * 10_000_000 + "\n", "utf-8")
    done = run("check", str(file))
    assert done.returncode == 1
    assert "more than 262144 bytes [limit]" in done.stderr


def test_a_device_without_an_end_is_not_read_to_its_end() -> None:
    done = run("table", "/dev/zero")
    assert done.returncode == 1
    assert "more than 262144 bytes [limit]" in done.stderr


def test_nothing_in_a_file_is_run(capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("yaml-python-object", "expression-import"):
        messages(FOLDER / f"{name}.yaml")
    assert capfd.readouterr() == ("", "")


def test_markup_in_a_file_is_text(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    title = "<script>alert(1)</script> {raw}`html` | {{ env }} ${x} [a](javascript:b)"
    file.write_text(f"title: '{title}'\ninput: {{channels: 3, size: [8, 8]}}\nlayers: [{{relu: act}}]\n", "utf-8")
    assert [problem.code for problem in check(Catalogue(), [file]).problems if problem.code != "incomplete"] == []


WORDS = (
    "conv maxpool upsample add concat linear transposed_conv adaptive_avgpool group for repeat when first from size"
    " scale input 0 -1 1 3 65536 1048576 same null true [] {} [1,2] $width $(1/3) $index caffe &a *a ~ '' 1/3 0.5"
    " dilation groups stride padding parameters blocks variants expect layers name <<: !!int"
).split()
TOKEN = re.compile(r"[A-Za-z_0-9.$]+|\s+|.", re.DOTALL)


def answered_with_any_words_changed(data: st.DataObject, files: list[Path]) -> None:
    file = data.draw(st.sampled_from(files))
    words = TOKEN.findall(file.read_text("utf-8", errors="replace"))
    places = [place for place, word in enumerate(words) if not word.isspace()]
    for place in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=4)) if places else []:
        words[place] = data.draw(st.sampled_from(WORDS))
    family = Family("net.yaml", "net", "".join(words).encode())
    for problem in family_problems(family):
        assert problem.code
        assert str(problem).count("\n") == bool(problem.hint)


@pytest.mark.slow
@given(st.data())
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_a_file_with_any_words_changed_is_answered(data: st.DataObject) -> None:
    answered_with_any_words_changed(data, [*(file for file in FILES if file not in BOMBS), *SOUND])


@pytest.mark.slow
@given(st.data())
@settings(max_examples=30, deadline=None, derandomize=True, database=None)
def test_a_bomb_with_any_words_changed_is_answered(data: st.DataObject) -> None:
    answered_with_any_words_changed(data, BOMBS)


def test_every_file_has_its_messages_and_no_message_is_left_over() -> None:
    assert {file.stem for file in FILES} == {file.stem for file in FOLDER.glob("*.txt")}


if __name__ == "__main__":
    for bad in FILES:
        bad.with_suffix(".txt").write_text(messages(bad), "utf-8")
