"""Publishing: the site is replaced whole or not at all, and nothing unchanged is touched."""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from rfdocs import publish
from rfdocs.cli import main
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
    """The files of a site with that content, with what every site has."""
    return {**contents, ".nojekyll": "", publish.LISTING: publish.listing([*contents, ".nojekyll"])}


def test_a_first_publication_writes_everything(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "deep" / "html")
    stage(workspace, OLD)
    found = publish.publish(workspace)
    assert read(workspace.output) == site(OLD)
    assert found.written == (".nojekyll", publish.LISTING, "gone/page.html", "index.html", "kept.html")
    assert (found.kept, found.removed, found.foreign) == ((), (), ())


def test_the_site_becomes_what_was_staged_without_orphans(workspace: Workspace) -> None:
    found = publish.publish(workspace)
    assert read(workspace.output) == site(NEW)
    assert found.written == (publish.LISTING, "fresh/page.html", "index.html")
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
    found = publish.publish(workspace)
    assert found.written == ("index.html",)
    assert publish.LISTING in found.kept


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


# What is not of the site ---------------------------------------------------------------------

OWN = {"CNAME": "example.org", ".git/config": "[core]", ".git/objects/ab/cd": "blob", "notes/todo.txt": "later"}


def test_what_is_not_of_the_site_goes_along(workspace: Workspace) -> None:
    """The checkout of a branch of pages, once it holds a site of ours: nothing of it is lost, links included."""
    write(workspace.output, OWN)
    (workspace.output / "empty" / "inner").mkdir(parents=True)
    (workspace.output / "link").symlink_to("CNAME")
    (workspace.output / "folder-link").symlink_to("notes", target_is_directory=True)
    (workspace.output / ".git").chmod(0o700)
    before = (workspace.output / ".git" / "config").stat()
    found = publish.publish(workspace)
    assert found.foreign == (
        ".git/config", ".git/objects/ab/cd", "CNAME", "empty/inner/", "folder-link", "link", "notes/todo.txt",
    )  # fmt: skip
    assert found.removed == ("gone/page.html",)
    linked = {"link": OWN["CNAME"], "folder-link/todo.txt": OWN["notes/todo.txt"]}
    assert read(workspace.output) | linked == {**site(NEW), **OWN, **linked}
    assert (workspace.output / "link").is_symlink()
    assert (workspace.output / "folder-link").readlink() == Path("notes")
    assert (workspace.output / "empty" / "inner").is_dir()
    assert (workspace.output / ".git").stat().st_mode & 0o777 == 0o700
    after = (workspace.output / ".git" / "config").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert publish.publish(workspace).nothing


@pytest.mark.parametrize(
    ("own", "staged"),
    [
        ("fresh/page.html", "fresh/page.html"),  # the same name
        ("fresh", "fresh/page.html"),  # a file where the site has a folder
        ("fresh/page.html/notes.txt", "fresh/page.html"),  # a folder where the site has a file
        ("fresh/page.html/", "fresh/page.html"),  # an empty one
    ],
)
def test_what_would_have_to_be_replaced_is_refused(workspace: Workspace, own: str, staged: str) -> None:
    place = workspace.output / own
    place.parent.mkdir(parents=True, exist_ok=True)
    if own.endswith("/"):
        place.mkdir()
    else:
        place.write_text("mine", "utf-8")
    before = read(workspace.output)
    with pytest.raises(PublishError, match=rf"is not of the site, and {staged} would have to replace it"):
        publish.publish(workspace)
    assert read(workspace.output) == before
    assert place.exists()


def test_a_stop_at_any_step_loses_nothing_of_others(workspace: Workspace) -> None:
    for calls in range(100):
        for folder in (workspace.output, workspace.next, workspace.previous):
            publish.remove(folder)
        stage(workspace, OLD)
        publish.publish(workspace)
        write(workspace.output, OWN)
        stage(workspace, NEW)
        done = publish_until(workspace, calls)
        publish.recover(workspace)
        assert read(workspace.output).items() >= OWN.items()
        if done:
            return


@pytest.mark.parametrize("how", ["link", "nowhere", "folder"])
def test_what_was_put_in_the_place_of_a_file_of_ours_is_not_ours(workspace: Workspace, how: str) -> None:
    place = workspace.output / "index.html"
    place.unlink()
    if how == "folder":
        write(place, {"notes.txt": "mine"})
    else:
        place.symlink_to({"link": "kept.html", "nowhere": "nothing"}[how])
    with pytest.raises(PublishError, match=r"html/index.html.* is not of the site, and index.html would have to"):
        publish.publish(workspace)
    assert os.path.lexists(place / "notes.txt" if how == "folder" else place)


@pytest.mark.parametrize("link", ["gone", "fresh"])
def test_nothing_is_written_or_removed_through_a_link(workspace: Workspace, tmp_path: Path, link: str) -> None:
    """A folder of somebody's, linked to in the place of one of the site's."""
    write(tmp_path / "elsewhere", {"page.html": "mine"})
    publish.remove(workspace.output / link)
    (workspace.output / link).symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    if link == "fresh":
        with pytest.raises(PublishError, match=r"html/fresh is not of the site, and fresh/page.html would have to"):
            publish.publish(workspace)
    else:
        publish.publish(workspace)
    assert (workspace.output / link).is_symlink()
    assert read(tmp_path / "elsewhere") == {"page.html": "mine"}


@pytest.mark.parametrize("name", ["a\nCNAME", "a%0ab", "a\r", "a\u2028b", " ", "\udcff.css", "é", "#"])
def test_every_name_that_a_file_can_have_is_known_again(workspace: Workspace, name: str) -> None:
    write(workspace.output, {"CNAME": "example.org"})
    for contents in ({name: "one"}, {name: "other"}, {}):
        stage(workspace, OLD | contents)
        publish.publish(workspace)
        assert publish.listed_names(workspace.output) == set(site(OLD | contents))
        assert read(workspace.output).keys() == {*site(OLD | contents), "CNAME"}


@pytest.mark.parametrize("name", ["../outside", "/outside", ".git/config", "CNAME/../../outside", "."])
def test_a_list_makes_nothing_ours_that_we_cannot_have_written(workspace: Workspace, tmp_path: Path, name: str) -> None:
    write(tmp_path, {"outside": "mine"})
    write(workspace.output, OWN)
    with (workspace.output / publish.LISTING).open("a", encoding="utf-8") as file:
        file.write(f"{name}\n")
    publish.publish(workspace)
    assert read(workspace.output).items() >= OWN.items()
    assert read(tmp_path)["outside"] == "mine"


@pytest.mark.parametrize("marker", [".nojekyll", publish.LISTING])
def test_a_file_of_that_name_makes_no_site(tmp_path: Path, marker: str) -> None:
    """Every branch of GitHub's pages may have a .nojekyll; and a list must be one of ours."""
    own = {marker: "", "index.html": "mine", ".git/config": "[core]"}
    write(tmp_path / "pages", own)
    workspace = Workspace(tmp_path / "pages")
    stage(workspace, NEW)

    def build() -> None:
        publish.begin(workspace, "maker")
        stage(workspace, NEW)
        publish.publish(workspace)

    with pytest.raises(PublishError, match=r"holds no site of ours|is not the list of a site"):
        build()
    assert read(workspace.output) == own


def test_what_is_mounted_in_the_output_is_refused(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).name == "gone")
    with pytest.raises(PublishError, match=r"something is mounted on .*gone: choose another output"):
        publish.begin(workspace, "maker")


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


def test_an_error_while_laying_out_is_undone_at_once(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_only_a_success_of_the_same_maker_is_built_upon(workspace: Workspace, finished: str | None) -> None:
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


def test_a_build_ends_with_the_address_to_open(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
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
    assert read(project.output) == {"thesis.tex": "years of work"}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_build_leaves_the_site_and_no_process_and_the_next_one_is_cold(
    project: Project, tmp_path: Path, how: signal.Signals
) -> None:
    project.build()
    good = read_bytes(project.output)
    works = tmp_path / "works"
    waits = f"import os, pathlib, time\npathlib.Path({str(works)!r}).write_text(str(os.getpid()))\ntime.sleep(600)\n"
    project.edit("conf.py", waits + CONFIGURATION)
    heard = f"import os, signal, sys; signal.signal({int(how)}, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    words = [sys.executable, "-c", heard, *command(project.source, project.output)]  # behind nohup it would be ignored
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
