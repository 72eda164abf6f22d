"""The command that builds a site, with a real Sphinx: what it says, what it withstands, and what it leaves."""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from folders import dates, read_bytes, read_text, write
from processes import hearing, import_for_builds

from rfdocs import publish
from rfdocs.cli import main
from rfdocs.publish import Workspace

pytest.importorskip("sphinx")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    import_for_builds()


CONFIGURATION = "project = 'small'\nextensions = []\nhtml_theme = 'basic'\n"
INDEX = "Small\n=====\n\n.. toctree::\n   :glob:\n\n   *\n"
CHAPTERS = {"one.rst": "One\n===\n", "two.rst": "Two\n===\n"}
PAGES = {"conf.py": CONFIGURATION, "index.rst": INDEX, **CHAPTERS}


def command(source: Path, output: Path) -> list[str]:
    return [sys.executable, "-m", "rfdocs", "build", f"--source={source}", f"--output={output}", "--jobs=1"]


class Project:
    """A small site and the command that builds it."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.workspace = Workspace(folder / "build" / "html")
        write(self.source, PAGES)

    @property
    def output(self) -> Path:
        return self.workspace.output

    def build(self) -> int:
        """By this process, and one that it forks for Sphinx: :func:`command` is for what starts anew."""
        return main(command(self.source, self.output)[3:])

    def edit(self, name: str, text: str) -> None:
        """Writes a source with a date that Sphinx cannot take for the last one."""
        write(self.source, {name: text})
        later = time.time() + 5
        os.utime(self.source / name, (later, later))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_build_ends_with_the_address_to_open(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    assert project.build() == 0
    assert capfd.readouterr().out.splitlines()[-1] == (project.output / "index.html").as_uri()


def test_a_second_build_rewrites_nothing(project: Project) -> None:
    project.build()
    before = dates(project.output)
    assert build_with(project).returncode == 0
    assert dates(project.output) == before


def test_a_cold_build_gives_the_same_bytes_and_keeps_the_files(project: Project) -> None:
    project.build()
    before = dates(project.output)
    publish.forget(project.workspace)
    assert build_with(project).returncode == 0
    assert dates(project.output) == before


def test_a_warning_fails_every_build_until_it_is_mended(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    project.build()
    good = read_bytes(project.output)
    project.edit("one.rst", "One\n===\n\n:ref:`nowhere`\n")
    for _ in range(2):
        assert project.build() == 1
        assert "undefined label: 'nowhere'" in capfd.readouterr().err
        assert read_bytes(project.output) == good
    project.edit("one.rst", "One\n===\n\nmended\n")
    assert project.build() == 0
    assert "mended" in (project.output / "one.html").read_text("utf-8")


def test_a_page_whose_source_is_gone_is_gone_everywhere(project: Project) -> None:
    project.build()
    (project.source / "two.rst").unlink()
    assert project.build() == 0
    assert not (project.output / "two.html").exists()
    assert not (project.output / "_sources" / "two.rst.txt").exists()
    assert b"two" not in (project.output / "searchindex.js").read_bytes()
    assert 'href="two.html"' not in (project.output / "index.html").read_text("utf-8")


def test_nothing_published_names_a_folder_of_this_machine(project: Project) -> None:
    project.build()
    place = str(project.source.parent).encode()
    assert not [name for name, data in read_bytes(project.output).items() if place in data]


def test_a_source_without_a_configuration_is_wrong_usage(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert subprocess.run(command(tmp_path, tmp_path / "html"), check=False).returncode == 2
    assert "has no conf.py" in capfd.readouterr().err


def test_an_output_that_would_replace_the_source_is_wrong_usage(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    output = project.source.parent
    assert subprocess.run(command(project.source, output), check=False).returncode == 2
    assert "would lie around the sources" in capfd.readouterr().err
    assert (project.source / "index.rst").exists()


def test_a_folder_of_someone_else_is_wrong_usage(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    write(project.output, {"thesis.tex": "years of work"})
    assert project.build() == 2
    assert "holds no site of ours" in capfd.readouterr().err
    assert read_text(project.output) == {"thesis.tex": "years of work"}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_build_leaves_the_site_and_no_process_and_the_next_one_is_cold(
    project: Project, tmp_path: Path, how: signal.Signals
) -> None:
    project.build()
    good = read_bytes(project.output)
    works = tmp_path / "works"
    waits = f"import os, pathlib, time\npathlib.Path({str(works)!r}).write_text(str(os.getpid()))\ntime.sleep(600)\n"
    project.edit("conf.py", waits + CONFIGURATION)
    words = hearing(how, command(project.source, project.output))
    running = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: works.exists() and works.read_text("utf-8") != "")
    running.send_signal(how)
    assert "interrupted; the site is whole" in running.communicate()[1]
    assert running.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(works.read_text("utf-8")), 0)
    assert read_bytes(project.output) == good
    assert not project.workspace.made_by.exists()
    project.edit("conf.py", CONFIGURATION)
    assert project.build() == 0


@pytest.mark.parametrize("end", [os.kill, os.killpg])
def test_a_killed_build_leaves_no_process(project: Project, tmp_path: Path, end: Callable[[int, int], None]) -> None:
    """Who is killed, with its whole group perhaps, can do nothing any more: a process that stands guard does it."""
    works = tmp_path / "works"
    waits = f"import os, pathlib, time\npathlib.Path({str(works)!r}).write_text(str(os.getpid()))\ntime.sleep(600)\n"
    project.edit("conf.py", waits + CONFIGURATION)
    running = subprocess.Popen(command(project.source, project.output), start_new_session=True)
    wait_for(lambda: works.exists() and works.read_text("utf-8") != "")
    end(running.pid, signal.SIGKILL)
    running.wait()
    wait_for(lambda: not alive(int(works.read_text("utf-8"))))


def test_what_is_ignored_does_not_end_a_build(project: Project, tmp_path: Path) -> None:
    """As behind `nohup`, when its terminal closes."""
    works = tmp_path / "works"
    waits = f"import os, pathlib, time\npathlib.Path({str(works)!r}).write_text(str(os.getpid()))\ntime.sleep(1)\n"
    project.edit("conf.py", waits + CONFIGURATION)
    words = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command(project.source, project.output)]
    running = subprocess.Popen(words)
    wait_for(lambda: works.exists() and works.read_text("utf-8") != "")
    running.send_signal(signal.SIGHUP)
    assert running.wait() == 0


def test_an_output_among_the_sources_is_wrong_usage(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    assert subprocess.run(command(project.source, project.source / "built"), check=False).returncode == 2
    assert "would lie in the sources" in capfd.readouterr().err


def alive(process: int) -> bool:
    """Whether a process is still there, and no zombie that nobody has asked for."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


def build_with(project: Project, *options: str, **how: Any) -> subprocess.CompletedProcess[str]:
    words = [*command(project.source, project.output), *options]
    return subprocess.run(words, check=False, text=True, stderr=subprocess.PIPE, **how)


@pytest.mark.parametrize("jobs", ["0", "-1", "x", "1.5", "99999999"])
def test_a_number_of_processes_that_is_none_is_wrong_usage(project: Project, jobs: str) -> None:
    done = build_with(project, f"--jobs={jobs}")
    assert (done.returncode, "is not a number of processes" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("output", "status", "said"),
    [
        ("build/x/..", 0, ""),
        ("build/html/", 0, ""),
        ("/", 2, "has no name"),
        ("build/" + 300 * "x", 1, "File name too long"),
        ("source/index.rst/html", 2, "would lie in the sources"),
    ],
)
def test_an_output_of_an_odd_name_is_answered_in_one_line(tmp_path: Path, output: str, status: int, said: str) -> None:
    project = Project(tmp_path)
    arguments = ["build", f"--source={project.source}", f"--output={tmp_path / output}", "--jobs=1"]
    code = f"import sys; from rfdocs.cli import main; sys.exit(main({arguments!r}))"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False), done.stderr
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == (status != 0)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("conf.py", CONFIGURATION.replace("basic", "bsaic"), "no theme named 'bsaic' found"),
        ("conf.py", CONFIGURATION.replace("[]", "['nothing_of_that_name']"), "Could not import extension nothing_of"),
        ("index.rst", None, "index.rst"),
    ],
)
def test_what_sphinx_refuses_is_told_without_a_traceback(
    project: Project, name: str, text: str | None, said: str
) -> None:
    if text is None:
        (project.source / name).unlink()
    else:
        project.edit(name, text)
    done = build_with(project, stdout=subprocess.DEVNULL)
    assert (done.returncode, "raceback" in done.stderr) == (1, False), done.stderr
    *refused, last = done.stderr.splitlines()
    assert said in refused[-1]
    assert len(refused) == 1
    assert last == "rfdocs: the build failed; the last good site was not touched"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_cannot_be_written_while_sphinx_works_is_told_in_one_line(project: Project, jobs: int) -> None:
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))  # noqa: E731
    done = build_with(project, f"--jobs={jobs}", stdout=subprocess.DEVNULL, preexec_fn=limit)
    assert done.returncode == 1
    refused, last = done.stderr.splitlines()
    assert re.fullmatch(r"rfdocs: (.*: )?File too large", refused)
    assert last == "rfdocs: the build failed; the last good site was not touched"


def test_nobody_has_to_read_what_a_build_says(project: Project) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = build_with(project, stdout=write_end)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (0, "")
    assert (project.output / "index.html").exists()


def test_a_closed_output_is_no_matter(project: Project) -> None:
    shell = " ".join(command(project.source, project.output)) + " >&-"
    done = subprocess.run(shell, shell=True, check=False, text=True, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_output_is_said_once_the_site_is_there(project: Project) -> None:
    with Path("/dev/full").open("w") as full:
        done = build_with(project, stdout=full)
    assert (done.returncode, done.stderr) == (1, "rfdocs: the output cannot be written: No space left on device\n")
    assert (project.output / "index.html").exists()


def test_what_the_system_refuses_is_said_in_one_line(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk, as it shows when the site is laid out."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "page.html")

    project.build()
    good = read_bytes(project.output)
    project.edit("one.rst", "One\n===\n\nmore\n")
    monkeypatch.setattr(shutil, "copy2", full)
    status = main(["build", f"--source={project.source}", f"--output={project.output}", "--jobs=1"])
    assert status == 1
    told = capsys.readouterr().err.splitlines()
    assert told == ["rfdocs: page.html: No space left on device; the last good site was not touched"]
    assert read_bytes(project.output) == good


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
