"""Bringing a freshly built site to the place where it is read, all of it or nothing.

Sphinx writes into a staging folder. Only after it succeeded the next state of the site is
laid out beside the present one: hard links for files whose bytes did not change (they keep
their dates), copies of the others. Two renames then put it in place:

    output -> previous,   next -> output

A stop at any point leaves either the old or the new site whole; `recover` finishes or undoes
what a stop left behind. A list in the site says what was written there: everything else in that
folder is somebody's own, goes along as it is, and is never replaced or removed. Standard library
only; prints nothing.
"""

import filecmp
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from rfdocs.errors import RfdocsError

try:
    import fcntl
except ImportError:  # pragma: no cover - not on Windows, where builds are not locked
    fcntl = None  # type: ignore[assignment]

_PACKAGE = Path(__file__).parent

NO_JEKYLL = ".nojekyll"
"""Tells GitHub Pages to serve folders whose names begin with an underscore."""


LISTING = ".rfdocs-site"
"""The list of what was written into a site, one name a line behind the first, which says so."""

LISTING_HEAD = "Written by `rfdocs build`, which replaces and removes these files and no others:"


class PublishError(RfdocsError, ValueError):
    """The output folder holds something that would have to be replaced and is not ours."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where the site is read, and the folder beside it where it is made."""

    output: Path

    @property
    def folder(self) -> Path:
        """The folder that holds everything below.

        >>> Workspace(Path("build/html")).folder.as_posix()
        'build/.html.rfdocs'
        """
        return self.output.with_name(f".{self.output.name.lstrip('.')}.rfdocs")

    @property
    def staging(self) -> Path:
        """What Sphinx writes."""
        return self.folder / "staging"

    @property
    def doctrees(self) -> Path:
        """What Sphinx remembers between two builds."""
        return self.folder / "doctrees"

    @property
    def next(self) -> Path:
        """The coming state of the site, while it is laid out."""
        return self.folder / "next"

    @property
    def previous(self) -> Path:
        """The state that was just replaced, until it is removed."""
        return self.folder / "previous"

    @property
    def made_by(self) -> Path:
        """A file that stands only after a success; it holds the `fingerprint` of its maker."""
        return self.folder / "made-by"

    @property
    def lock(self) -> Path:
        """The file that the one running build holds."""
        return self.folder / "lock"


@dataclass(frozen=True, slots=True)
class Changes:
    """What a publication does to the files of the site, as sorted relative names; `foreign` ones are not of the site
    and go along (a name that ends in a slash is that of an empty folder).
    """

    written: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]
    foreign: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the site already is what it should be."""
        return not self.written and not self.removed


def sphinx_arguments(source: Path, workspace: Workspace, jobs: str) -> list[str]:
    """What Sphinx is told for the strict build of `source` into the staging folder."""
    options = ["-W", "--keep-going", "-b", "html", "-j", jobs, "-d", str(workspace.doctrees)]
    return [*options, str(source), str(workspace.staging)]


@contextmanager
def locked(workspace: Workspace, waiting: Callable[[], None]) -> Iterator[None]:
    """Holds the workspace; calls `waiting` once if another build has it, then waits for it."""
    workspace.folder.mkdir(parents=True, exist_ok=True)
    with workspace.lock.open("w") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def source_digest(source: Path) -> str:
    """A digest of what makes pages and that Sphinx itself does not watch.

    This package, the site's configuration, the versions of Python and of what is installed.
    """
    installed = sorted(Path(sys.prefix).glob("lib/*/site-packages/*.dist-info"))
    configuration = source.resolve() / "conf.py"
    parts = [sys.version, *map(str, installed), str(_PACKAGE), code_digest(), str(configuration)]
    return hashlib.sha256(os.fsencode("\0".join(parts)) + configuration.read_bytes()).hexdigest()


@cache
def code_digest() -> str:
    """A digest of this package's code, the same wherever it lies; a forked process inherits what was found here."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(f"\0{path.relative_to(_PACKAGE).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def begin(workspace: Workspace, maker: str) -> None:
    """Recovers the site; makes the build a cold one unless `maker` was the last to succeed.

    Sphinx does not repeat the warnings of a page that it has read already, so a build that
    follows a failed one must read every page again to be as strict as the first.
    """
    require_own_site(workspace.output)
    recover(workspace)
    if not workspace.made_by.exists() or workspace.made_by.read_text("utf-8") != maker:
        forget(workspace)
    workspace.made_by.unlink(missing_ok=True)


def succeed(workspace: Workspace, maker: str) -> None:
    """Lets the next build start from what this one remembers."""
    workspace.made_by.write_text(maker, "utf-8")


def forget(workspace: Workspace) -> None:
    """Removes what Sphinx made and remembers: the next build is a cold one."""
    remove(workspace.staging)
    remove(workspace.doctrees)


def require_own_site(output: Path) -> None:
    """Nothing; refuses to replace a folder that this module did not write.

    Raises:
        PublishError: `output` is a file, a link, or a folder with other things in it; or something is mounted there.
    """
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise PublishError(f"{output} is not a folder: remove it, or choose another output")
    if output.is_dir() and any(output.iterdir()) and not (output / LISTING).is_file():
        raise PublishError(
            f"{output} holds no site of ours (there is no list {LISTING} in it, as older versions wrote none): "
            "empty it, or choose another output"
        )
    listed_names(output)
    mounted = next((folder for folder, _, _ in os.walk(output) if os.path.ismount(folder)), None)
    if mounted is not None:
        raise PublishError(f"something is mounted on {mounted}: choose another output")


def listed_names(output: Path) -> set[str]:
    """The names of what was written into a site, as its list has them; none where there is no list.

    Raises: PublishError where a file of that name is no list.
    """
    try:
        head, *lines = (output / LISTING).read_bytes().split(b"\n")
    except FileNotFoundError:
        return set()
    if head != LISTING_HEAD.encode():
        raise PublishError(f"{output / LISTING} is not the list of a site: remove it, or choose another output")
    names = [os.fsdecode(unquote_to_bytes(line)) for line in lines if line]
    return {LISTING, *(name for name in names if name == NO_JEKYLL or is_published(name))}


def listing(names: Iterable[str]) -> str:
    """The list of what is written into a site; what is no plain letter stands there as in an address.

    >>> print(listing(["b.html", "a b.html"]), end="")
    Written by `rfdocs build`, which replaces and removes these files and no others:
    a%20b.html
    b.html
    """
    return "\n".join([LISTING_HEAD, *sorted([quote(os.fsencode(name)) for name in names])]) + "\n"


def recover(workspace: Workspace) -> None:
    """Finishes or undoes a publication that was stopped.

    The present site is moved away only once the next one is complete, so when there is no
    site, a folder `next` beside a folder `previous` is the new site, whole.
    """
    if not workspace.output.exists() and workspace.previous.exists():
        complete = workspace.next if workspace.next.exists() else workspace.previous
        complete.rename(workspace.output)
    remove(workspace.next)
    remove(workspace.previous)


def abandoned_pages(source: Path, staging: Path) -> list[str]:
    """Names of staged pages whose source is gone: Sphinx itself never removes them.

    A staged `_sources/a/b.md.txt` was made from `a/b.md`.
    """
    copies = staging / "_sources"
    names = (name.removesuffix(".txt") for name in file_names(copies))
    return sorted(name for name in names if not (source / name).exists())


def changes(staging: Path, output: Path) -> Changes:
    """What separates the site in `output` from the staged one. Raises: PublishError where a file of the site would
    have to take the place of something that is not of the site.
    """
    staged = {name for name in file_names(staging) if is_published(name)}
    ours, present = listed_names(output), set(all_names(output))
    written = {name for name in present & ours if (file := output / name).is_file() and not file.is_symlink()}
    foreign = present - written
    wanted = staged | {NO_JEKYLL, LISTING}
    require_no_conflict(output, wanted - (present - foreign), foreign)
    kept = {name for name in staged & present - foreign if have_same_bytes(f"{staging}/{name}", f"{output}/{name}")}
    kept |= {NO_JEKYLL} & present - foreign
    if ours == wanted:
        kept.add(LISTING)
    sets = (wanted - kept, kept, present - foreign - wanted, foreign)
    return Changes(*(tuple(sorted(names)) for names in sets))


def require_no_conflict(output: Path, wanted: Iterable[str], foreign: set[str]) -> None:
    """Nothing. Raises: PublishError where a file of the site and something else want one place."""
    folders = {parent.as_posix() + "/" for name in foreign for parent in Path(name).parents}
    taken = {name for name in foreign if not name.endswith("/")}
    for name in sorted(wanted):
        places = [name, *(parent.as_posix() for parent in Path(name).parents)]
        blocked = next((place for place in places if place in taken), None)
        if blocked is None and (f"{name}/" in folders or os.path.lexists(output / name)):
            blocked = name  # or what the file system takes for the same name, spelled otherwise
        if blocked is not None:
            raise PublishError(
                f"{output / blocked} is not of the site, and {name} would have to replace it: move it away, or choose "
                "another output"
            )


def publish(workspace: Workspace) -> Changes:
    """Makes the site equal to the staged one; what it changed."""
    difference = changes(workspace.staging, workspace.output)
    if not difference.nothing:
        try:
            lay_out(difference, workspace)
            swap(workspace)
        except BaseException:
            recover(workspace)
            raise
    return difference


def lay_out(difference: Changes, workspace: Workspace) -> None:
    """Makes the folder `next`: links to what is kept, copies of what is written."""
    for name in difference.kept:
        link(workspace.output / name, with_folder(workspace.next / name))
    for name in difference.foreign:
        take_along(workspace.output, workspace.next, name)
    texts = {NO_JEKYLL: "", LISTING: listing({*difference.written, *difference.kept} - {LISTING})}
    for name in difference.written:
        target = with_folder(workspace.next / name)
        if name in texts:
            target.write_text(texts[name], "utf-8")
        else:
            shutil.copy2(workspace.staging / name, target)


def swap(workspace: Workspace) -> None:
    """Puts `next` in the site's place."""
    if workspace.output.exists():
        workspace.output.rename(workspace.previous)
    workspace.next.rename(workspace.output)
    remove(workspace.previous)


def is_published(name: str) -> bool:
    """Whether a staged file belongs to the site: nothing hidden does.

    >>> is_published("_static/site.css"), is_published(".buildinfo"), is_published(".doctrees/index.doctree")
    (True, False, False)
    """
    return not any(part.startswith(".") for part in name.split("/"))


def have_same_bytes(staged: str, present: str) -> bool:
    """Whether two files have the same bytes.

    A file that was copied keeps its date, so equal size and date (to the nanosecond) mean that
    Sphinx has not written it since.
    """
    new, old = os.stat(staged), os.stat(present)  # noqa: PTH116 - a path object for each of thousands of files costs more
    if new.st_size != old.st_size:
        return False
    if new.st_mtime_ns == old.st_mtime_ns:
        return True
    return filecmp.cmp(staged, present, shallow=False)


def file_names(folder: Path) -> Iterator[str]:
    """The names of the files below `folder`, relative to it, with forward slashes."""
    root = str(folder)
    for parent, _, names in os.walk(root):
        inside = parent[len(root) + 1 :].replace(os.sep, "/")
        yield from (f"{inside}/{name}" for name in names) if inside else names


def all_names(folder: Path) -> Iterator[str]:
    """The names of everything below `folder`: files, links, and, with a slash behind them, empty folders."""
    root = str(folder)
    for parent, folders, files in os.walk(root):
        inside = parent[len(root) + 1 :].replace(os.sep, "/")
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]  # noqa: PTH114, PTH118
        yield from (f"{inside}/{name}" if inside else name for name in (*files, *links))
        if inside and not files and not folders:
            yield f"{inside}/"


def take_along(present: Path, following: Path, name: str) -> None:
    """Something that is not of the site, at its place in the next state: the same file, link or empty folder, in
    folders with the same permissions.
    """
    source, target = present / name, following / name
    for folder in reversed(Path(name).parents):
        if not (following / folder).exists():
            (following / folder).mkdir(parents=True)
            shutil.copystat(present / folder, following / folder)
    if source.is_symlink():
        target.symlink_to(source.readlink())
    elif source.is_dir():
        target.mkdir(exist_ok=True)
        shutil.copystat(source, target)
    else:
        link(source, target)


def with_folder(path: Path) -> Path:
    """The same path, its folder made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def link(present: Path, target: Path) -> None:
    """A second name for a file, or a copy with its date where the file system has no links."""
    try:
        target.hardlink_to(present)
    except OSError:
        shutil.copy2(present, target)


def remove(folder: Path) -> None:
    """Removes a folder and what is in it, if it is there."""
    if folder.exists():
        shutil.rmtree(folder)
