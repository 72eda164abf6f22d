"""Publishing: the site is replaced whole or not at all, and nothing unchanged is touched."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from rfdocs import publish
from rfdocs.publish import PublishError, Workspace

OLD = {"index.html": "old", "kept.html": "kept", "gone/page.html": "gone"}
NEW = {"index.html": "new", "kept.html": "kept", "fresh/page.html": "fresh"}


def write(folder: Path, contents: dict[str, str]) -> None:
    for name, text in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def read(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def stage(workspace: Workspace, contents: dict[str, str]) -> None:
    publish.remove(workspace.staging)
    write(workspace.staging, contents)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace whose site is `OLD` and whose staging folder holds `NEW`."""
    workspace = Workspace(tmp_path / "html")
    stage(workspace, OLD)
    publish.publish(workspace)
    stage(workspace, NEW)
    return workspace


def site(contents: dict[str, str]) -> dict[str, str]:
    return {**contents, ".nojekyll": ""}


def test_a_first_publication_writes_everything(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "deep" / "html")
    stage(workspace, OLD)
    found = publish.publish(workspace)
    assert read(workspace.output) == site(OLD)
    assert found.written == (".nojekyll", "gone/page.html", "index.html", "kept.html")
    assert (found.kept, found.removed) == ((), ())


def test_the_site_becomes_what_was_staged_without_orphans(workspace: Workspace) -> None:
    found = publish.publish(workspace)
    assert read(workspace.output) == site(NEW)
    assert found.written == ("fresh/page.html", "index.html")
    assert found.kept == (".nojekyll", "kept.html")
    assert found.removed == ("gone/page.html",)
    assert not (workspace.output / "gone").exists()
    assert not workspace.previous.exists()


def test_an_unchanged_file_is_the_same_file_with_the_same_date(workspace: Workspace) -> None:
    kept = workspace.output / "kept.html"
    os.utime(kept, (1_000_000_000, 1_000_000_000))
    before = kept.stat()
    publish.publish(workspace)
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_nothing_to_publish_touches_nothing(workspace: Workspace) -> None:
    stage(workspace, OLD)
    before = dates(workspace.output), workspace.output.stat()
    assert publish.publish(workspace).nothing
    assert (dates(workspace.output), workspace.output.stat()) == before


def test_the_staged_file_is_never_the_published_one(workspace: Workspace) -> None:
    """Sphinx writes into its files in place: a link to one would change the site."""
    publish.publish(workspace)
    (workspace.staging / "index.html").write_text("half a page", "utf-8")
    assert read(workspace.output) == site(NEW)


def test_hidden_files_are_not_published(workspace: Workspace) -> None:
    write(workspace.staging, {".buildinfo": "a path", ".doctrees/index.doctree": "a pickle"})
    publish.publish(workspace)
    assert read(workspace.output) == site(NEW)


def test_a_change_of_equal_length_is_seen(workspace: Workspace) -> None:
    stage(workspace, OLD | {"index.html": "OLD"})
    assert publish.publish(workspace).written == ("index.html",)


def test_a_page_can_become_a_folder(workspace: Workspace) -> None:
    stage(workspace, {"kept.html/index.html": "now a folder"})
    publish.publish(workspace)
    assert read(workspace.output) == site({"kept.html/index.html": "now a folder"})


def test_without_hard_links_files_are_copied_with_their_dates(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError("this file system has no links")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    before = (workspace.output / "kept.html").stat().st_mtime_ns
    publish.publish(workspace)
    assert read(workspace.output) == site(NEW)
    assert (workspace.output / "kept.html").stat().st_mtime_ns == before


# A stop at every step -----------------------------------------------------------------------

STEPS = [
    *((os, name) for name in ["mkdir", "link", "rename", "unlink", "rmdir"]),
    *((shutil, name) for name in ["copyfile", "copystat"]),
]
"""What a publication asks of the file system."""


class PowerCut(BaseException):
    """The machine stops: nothing that runs afterwards counts."""


class Countdown:
    """Lets `calls` calls through, whatever they are, and stops at the next one."""

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def guard(self, function: Callable[..., object]) -> Callable[..., object]:
        def guarded(*arguments: object, **options: object) -> object:
            self.calls -= 1
            if self.calls < 0:
                raise PowerCut
            return function(*arguments, **options)

        return guarded


def publish_until(workspace: Workspace, calls: int) -> bool:
    """Whether a publication came to its end before the power was cut at its n-th step.

    After the cut every further step fails too, so that no handler can tidy up.
    """
    countdown = Countdown(calls)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, countdown.guard(getattr(owner, name)))
        try:
            publish.publish(workspace)
        except PowerCut:
            return False
    return True


def states_after_stops(workspace: Workspace) -> Iterable[dict[str, str]]:
    """The site after recovery from a stop at the 1st, 2nd, ... step, until none is left to stop."""
    for calls in range(100):
        publish.remove(workspace.output)
        publish.remove(workspace.next)
        publish.remove(workspace.previous)
        stage(workspace, OLD)
        publish.publish(workspace)
        stage(workspace, NEW)
        if publish_until(workspace, calls):
            return
        publish.recover(workspace)
        yield read(workspace.output)
        assert not workspace.next.exists()
        assert not workspace.previous.exists()
    pytest.fail("a publication of four files takes more than a hundred steps")


def test_a_stop_at_any_step_leaves_the_old_or_the_new_site(workspace: Workspace) -> None:
    states = list(states_after_stops(workspace))
    assert all(state in (site(OLD), site(NEW)) for state in states)
    assert states[0] == site(OLD)
    assert states[-1] == site(NEW)
    assert len(states) > 15


def test_a_publication_after_a_stop_succeeds(workspace: Workspace) -> None:
    assert not publish_until(workspace, 5)
    publish.recover(workspace)
    publish.publish(workspace)
    assert read(workspace.output) == site(NEW)


def test_between_the_renames_the_new_site_wins(workspace: Workspace) -> None:
    publish.lay_out(publish.changes(workspace.staging, workspace.output), workspace)
    workspace.output.rename(workspace.previous)
    publish.recover(workspace)
    assert read(workspace.output) == site(NEW)


def test_an_error_while_laying_out_is_undone_at_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(OSError, match="No space left"):
        publish.publish(workspace)
    assert read(workspace.output) == site(OLD)
    assert not workspace.next.exists()


# What may be replaced -----------------------------------------------------------------------


def test_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "home", {"thesis.tex": "years of work"})
    with pytest.raises(PublishError, match="home holds no site of ours"):
        publish.begin(Workspace(tmp_path / "home"), "maker")


def test_a_file_in_the_site_s_place_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"html": "a file"})
    with pytest.raises(PublishError, match="html is not a folder"):
        publish.begin(Workspace(tmp_path / "html"), "maker")


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    workspace = Workspace(tmp_path / "html")
    publish.begin(workspace, "maker")
    stage(workspace, OLD)
    publish.publish(workspace)
    assert read(workspace.output) == site(OLD)


@pytest.mark.parametrize("finished", [None, "another maker"])
def test_only_a_success_of_the_same_maker_is_built_upon(
    workspace: Workspace, finished: str | None
) -> None:
    if finished is not None:
        publish.succeed(workspace, finished)
    publish.begin(workspace, "maker")
    assert not workspace.staging.exists()


def test_a_success_of_the_same_maker_is_built_upon(workspace: Workspace) -> None:
    publish.succeed(workspace, "maker")
    publish.begin(workspace, "maker")
    assert read(workspace.staging) == NEW
    assert not workspace.made_by.exists()


def test_the_fingerprint_follows_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, {"conf.py": "project = 'a'"})
    before = publish.fingerprint(tmp_path)
    assert publish.fingerprint(tmp_path) == before
    write(tmp_path, {"conf.py": "project = 'b'"})
    assert publish.fingerprint(tmp_path) != before


def test_a_second_build_waits_for_the_first(workspace: Workspace) -> None:
    code = (
        "from pathlib import Path; from rfdocs import publish; import sys\n"
        "workspace = publish.Workspace(Path(sys.argv[1]))\n"
        "with publish.locked(workspace, lambda: print('waiting', flush=True)):\n"
        "    print('mine', flush=True)\n"
    )
    command = [sys.executable, "-c", code, str(workspace.output)]
    with publish.locked(workspace, lambda: pytest.fail("nobody else is here")):
        other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert other.stdout is not None
        assert other.stdout.readline() == "waiting\n"
    assert other.communicate()[0] == "mine\n"


# The command, with a real Sphinx -------------------------------------------------------------

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
        return subprocess.run(command(self.source, self.output), check=False).returncode

    def edit(self, name: str, text: str) -> None:
        """Writes a source with a date that Sphinx cannot take for the last one."""
        write(self.source, {name: text})
        later = time.time() + 5
        os.utime(self.source / name, (later, later))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def dates(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def read_bytes(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_a_build_ends_with_the_address_to_open(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    assert project.build() == 0
    assert capfd.readouterr().out.splitlines()[-1] == (project.output / "index.html").as_uri()


def test_a_second_build_rewrites_nothing(project: Project) -> None:
    project.build()
    before = dates(project.output)
    assert project.build() == 0
    assert dates(project.output) == before


def test_a_cold_build_gives_the_same_bytes_and_keeps_the_files(project: Project) -> None:
    project.build()
    before = dates(project.output)
    publish.forget(project.workspace)
    assert project.build() == 0
    assert dates(project.output) == before


def test_a_warning_fails_every_build_until_it_is_mended(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
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


def test_a_source_without_a_configuration_is_wrong_usage(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert subprocess.run(command(tmp_path, tmp_path / "html"), check=False).returncode == 2
    assert "has no conf.py" in capfd.readouterr().err


def test_an_output_that_would_replace_the_source_is_wrong_usage(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    output = project.source.parent
    assert subprocess.run(command(project.source, output), check=False).returncode == 2
    assert "would replace the sources" in capfd.readouterr().err
    assert (project.source / "index.rst").exists()


def test_a_folder_of_someone_else_is_wrong_usage(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    write(project.output, {"thesis.tex": "years of work"})
    assert project.build() == 2
    assert "holds no site of ours" in capfd.readouterr().err
    assert read(project.output) == {"thesis.tex": "years of work"}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_leaves_the_site_and_no_process_and_the_next_one_is_cold(
    project: Project, tmp_path: Path, how: signal.Signals
) -> None:
    project.build()
    good = read_bytes(project.output)
    works = tmp_path / "works"
    waits = f"import os, pathlib, time\npathlib.Path({str(works)!r}).write_text(str(os.getpid()))\ntime.sleep(600)\n"
    project.edit("conf.py", waits + CONFIGURATION)
    running = subprocess.Popen(command(project.source, project.output), stderr=subprocess.PIPE, text=True)
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


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
