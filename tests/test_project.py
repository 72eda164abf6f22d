"""The lock and the environment's script: what a newcomer's first command stands on."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def lock(repository: Path) -> str:
    return (repository / "requirements.lock").read_text("utf-8")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    """Each pinned distribution and the text that follows it up to the next one."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]
    return {normal(block.split("==")[0]): block for block in blocks}


APART = {"verify", "torch", "keras"}
"""Extras that stand for other packages than the project's own environment has."""


def test_the_lock_names_no_host_and_no_folder(lock: str) -> None:
    assert not re.search(r"://|--index|--find-links|--trusted|@ file|^/", lock, re.MULTILINE)


def test_everything_in_the_lock_has_a_hash(lock: str) -> None:
    assert [name for name, block in pins(lock).items() if "--hash=sha256:" not in block] == []


def test_the_lock_holds_all_that_the_project_asks_for(repository: Path, lock: str) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [extras[name] for name in extras if name not in APART]
    asked = [*project["dependencies"], *(one for extra in wanted for one in extra)]
    names = {normal(re.split(r"[<>=~!\[; ]", one)[0]) for one in asked}
    assert names - pins(lock).keys() == {normal(project["name"])}  # one extra asks for another


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder to use as PATH: a shell's few tools, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ["sh", "cat", "cksum", "dirname"]:
        found = subprocess.run(["which", tool], capture_output=True, text=True, check=True)
        (folder / tool).symlink_to(found.stdout.strip())
    return folder


def set_up(repository: Path, bare: Path) -> "subprocess.CompletedProcess[str]":
    """The script, run in a copy that has no environment yet."""
    copy = bare.parent / "project"
    (copy / "tools").mkdir(parents=True)
    for name in ["requirements.lock", "pyproject.toml", "tools/environment.sh", "tools/environment.py"]:
        (copy / name).write_bytes((repository / name).read_bytes())
    command = [str(bare / "sh"), "tools/environment.sh"]
    return subprocess.run(command, cwd=copy, env={"PATH": str(bare)}, capture_output=True, text=True, check=False)


def python_that(bare: Path, script: str) -> None:
    """Puts a stand-in for python3 into the folder."""
    path = bare / "python3"
    path.write_text(f"#!{bare}/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


def test_a_machine_without_python_is_told_so_in_one_line(repository: Path, bare: Path) -> None:
    done = set_up(repository, bare)
    assert done.returncode == 1
    assert done.stderr == (
        "rfdocs: needs Python 3.11 or newer, and found none as python3 or python3.11 to python3.14\n"
    )


def test_an_old_python_is_none(repository: Path, bare: Path) -> None:
    python_that(bare, "exit 1")
    assert "needs Python 3.11 or newer" in set_up(repository, bare).stderr


def test_a_python_without_venv_is_told_so_in_one_line(repository: Path, bare: Path) -> None:
    python_that(bare, 'case "$2" in *ensurepip*) exit 1;; esac')
    done = set_up(repository, bare)
    assert done.returncode == 1
    assert done.stderr == "rfdocs: python3 has no venv module (on Debian: apt-get install python3-venv)\n"


def test_a_good_python_is_given_the_script_and_the_stamp(repository: Path, bare: Path) -> None:
    python_that(bare, 'echo "$@"')
    done = set_up(repository, bare)
    assert done.returncode == 0
    assert re.search(r"tools/environment\.py \d+ \d+ /.*/project$", done.stdout.strip())
