"""Publishing: the site is replaced whole or not at all, and nothing unchanged is touched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from folders import dates, read_text, write

from rfdocs import publish
from rfdocs.publish import PublishError, Workspace

OLD = {"index.html": "old", "kept.html": "kept", "gone/page.html": "gone"}
NEW = {"index.html": "new", "kept.html": "kept", "fresh/page.html": "fresh"}


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
    assert read_text(workspace.output) == site(OLD)
    assert found.written == (".nojekyll", publish.LISTING, "gone/page.html", "index.html", "kept.html")
    assert (found.kept, found.removed, found.foreign) == ((), (), ())


def test_the_site_becomes_what_was_staged_without_orphans(workspace: Workspace) -> None:
    found = publish.publish(workspace)
    assert read_text(workspace.output) == site(NEW)
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
    assert read_text(workspace.output) == site(NEW)


def test_hidden_files_are_not_published(workspace: Workspace) -> None:
    write(workspace.staging, {".buildinfo": "a path", ".doctrees/index.doctree": "a pickle"})
    publish.publish(workspace)
    assert read_text(workspace.output) == site(NEW)


def test_a_change_of_equal_length_is_seen(workspace: Workspace) -> None:
    stage(workspace, OLD | {"index.html": "OLD"})
    found = publish.publish(workspace)
    assert found.written == ("index.html",)
    assert publish.LISTING in found.kept


def test_a_page_can_become_a_folder(workspace: Workspace) -> None:
    stage(workspace, {"kept.html/index.html": "now a folder"})
    publish.publish(workspace)
    assert read_text(workspace.output) == site({"kept.html/index.html": "now a folder"})


def test_without_hard_links_files_are_copied_with_their_dates(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError("this file system has no links")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    before = (workspace.output / "kept.html").stat().st_mtime_ns
    publish.publish(workspace)
    assert read_text(workspace.output) == site(NEW)
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
        yield read_text(workspace.output)
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
    assert read_text(workspace.output) | linked == {**site(NEW), **OWN, **linked}
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
    before = read_text(workspace.output)
    with pytest.raises(PublishError, match=rf"is not of the site, and {staged} would have to replace it"):
        publish.publish(workspace)
    assert read_text(workspace.output) == before
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
        assert read_text(workspace.output).items() >= OWN.items()
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
    assert read_text(tmp_path / "elsewhere") == {"page.html": "mine"}


@pytest.mark.parametrize("name", ["a\nCNAME", "a%0ab", "a\r", "a\u2028b", " ", "\udcff.css", "é", "#"])
def test_every_name_that_a_file_can_have_is_known_again(workspace: Workspace, name: str) -> None:
    write(workspace.output, {"CNAME": "example.org"})
    for contents in ({name: "one"}, {name: "other"}, {}):
        stage(workspace, OLD | contents)
        publish.publish(workspace)
        assert publish.listed_names(workspace.output) == set(site(OLD | contents))
        assert read_text(workspace.output).keys() == {*site(OLD | contents), "CNAME"}


@pytest.mark.parametrize("name", ["../outside", "/outside", ".git/config", "CNAME/../../outside", "."])
def test_a_list_makes_nothing_ours_that_we_cannot_have_written(workspace: Workspace, tmp_path: Path, name: str) -> None:
    write(tmp_path, {"outside": "mine"})
    write(workspace.output, OWN)
    with (workspace.output / publish.LISTING).open("a", encoding="utf-8") as file:
        file.write(f"{name}\n")
    publish.publish(workspace)
    assert read_text(workspace.output).items() >= OWN.items()
    assert read_text(tmp_path)["outside"] == "mine"


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
    assert read_text(workspace.output) == own


def test_what_is_mounted_in_the_output_is_refused(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).name == "gone")
    with pytest.raises(PublishError, match=r"something is mounted on .*gone: choose another output"):
        publish.begin(workspace, "maker")


def test_a_publication_after_a_stop_succeeds(workspace: Workspace) -> None:
    assert not publish_until(workspace, 5)
    publish.recover(workspace)
    publish.publish(workspace)
    assert read_text(workspace.output) == site(NEW)


def test_between_the_renames_the_new_site_wins(workspace: Workspace) -> None:
    publish.lay_out(publish.changes(workspace.staging, workspace.output), workspace)
    workspace.output.rename(workspace.previous)
    publish.recover(workspace)
    assert read_text(workspace.output) == site(NEW)


def test_an_error_while_laying_out_is_undone_at_once(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(OSError, match="No space left"):
        publish.publish(workspace)
    assert read_text(workspace.output) == site(OLD)
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
    assert read_text(workspace.output) == site(OLD)


@pytest.mark.parametrize("finished", [None, "another maker"])
def test_only_a_success_of_the_same_maker_is_built_upon(workspace: Workspace, finished: str | None) -> None:
    if finished is not None:
        publish.succeed(workspace, finished)
    publish.begin(workspace, "maker")
    assert not workspace.staging.exists()


def test_a_success_of_the_same_maker_is_built_upon(workspace: Workspace) -> None:
    publish.succeed(workspace, "maker")
    publish.begin(workspace, "maker")
    assert read_text(workspace.staging) == NEW
    assert not workspace.made_by.exists()


def test_the_fingerprint_follows_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, {"conf.py": "project = 'a'"})
    before = publish.source_digest(tmp_path)
    assert publish.source_digest(tmp_path) == before
    write(tmp_path, {"conf.py": "project = 'b'"})
    assert publish.source_digest(tmp_path) != before


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
