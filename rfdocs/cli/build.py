"""`rfdocs build`: the whole site, strictly; the last good one stays until the new one stands."""

import argparse
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from rfdocs import publish
from rfdocs.cli import INTERRUPTED
from rfdocs.cli.console import EnduringStream, Unwritable, complain, say
from rfdocs.errors import reason, system_error_text
from rfdocs.extras import missing_extra
from rfdocs.making.memory import collect_rarely
from rfdocs.publish import Changes, PublishError, Workspace

ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""The signals that end a build as Ctrl-C does: nothing that it started goes on."""


def build(arguments: argparse.Namespace) -> int:
    """The exit status: 0 published, 1 the build failed, 2 wrong usage, 130 interrupted.

    `arguments` has `source`, `output` and `jobs`.
    """
    source, output = Path(arguments.source), absolute_path(arguments.output)
    if problem := folder_problem(source, output):
        complain(problem)
        return 2
    if find_spec("sphinx") is None:
        raise missing_extra("sphinx", "the site", "site")
    workspace = Workspace(output)
    with interrupted_by(ENDING):
        try:
            with publish.locked(workspace, lambda: say_line("another build of this site is running; waiting for it")):
                return build_locked(source, workspace, str(arguments.jobs))
        except PublishError as error:
            complain(error.message, error.hint)
            return 2
        except Unwritable:
            raise
        except OSError as error:
            complain(f"{system_error_text(error, output)}; the last good site was not touched")
            return 1
        except KeyboardInterrupt:
            complain("interrupted; the site is whole")
            return INTERRUPTED


@contextmanager
def interrupted_by(signals: Sequence[signal.Signals]) -> Iterator[None]:
    """Lets these signals interrupt what happens meanwhile; those that are ignored stay so, as behind `nohup`."""
    former = {number: handler for number in signals if (handler := signal.getsignal(number)) is not signal.SIG_IGN}
    for number in former:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def absolute_path(output: str) -> Path:
    """The whole path of the output folder. What stands before `..` is followed if it is a link, but nothing else is."""
    whole = os.path.realpath if ".." in Path(output).parts else os.path.abspath
    return Path(whole(output)) if "\0" not in output else Path(output)


def folder_problem(source: Path, output: Path) -> str:
    """Why these folders cannot be used, or an empty text."""
    try:
        if not (source / "conf.py").is_file():
            return f"{source} has no conf.py: run this where the site's sources are, or give --source"
        if not output.name:
            return f"the output {output} has no name: choose a folder of its own"
        if lies_in(source, output):
            return f"the output {output} would lie around the sources {source}: choose a folder of its own"
        if lies_in(output, source):
            return f"the output {output} would lie in the sources {source}, as one of them: choose a folder outside"
    except (OSError, ValueError) as error:  # a name that is too long, or holds a NUL
        return f"{str(getattr(error, 'filename', None) or source)[:80]!r} cannot be looked at: {reason(error)}"
    return ""


def lies_in(inner: Path, outer: Path) -> bool:
    """Whether a folder is another or lies in it, or would do so if it were there: however the two are spelled."""
    whole = Path(os.path.realpath(inner))
    return outer.exists() and any(path.exists() and path.samefile(outer) for path in (whole, *whole.parents))


def build_locked(source: Path, workspace: Workspace, jobs: str) -> int:
    """One build, by the only process at work in the workspace."""
    fingerprint = publish.source_digest(source)
    publish.begin(workspace, fingerprint)
    if not stage(source, workspace, jobs):
        complain("the build failed; the last good site was not touched")
        return 1
    say_changes(publish.publish(workspace), workspace.output)
    publish.succeed(workspace, fingerprint)
    return 0


def stage(source: Path, workspace: Workspace, jobs: str) -> bool:
    """Whether the staging folder now holds the site of these sources and nothing else."""
    if not run_sphinx(source, workspace, jobs):
        return False
    if not publish.abandoned_pages(source, workspace.staging):
        return True
    say_line("a page's source is gone: building again without it")
    publish.forget(workspace)
    return run_sphinx(source, workspace, jobs)


def run_sphinx(source: Path, workspace: Workspace, jobs: str) -> bool:
    """Whether Sphinx built every page without a warning; its progress goes straight through.

    It works in a process of its own, which nothing that it leaves behind outlives. Where processes can be forked
    safely that one starts with what is imported here already.
    """
    EnduringStream(sys.stdout).flush()
    context = get_context("fork") if sys.platform == "linux" else get_context("spawn")
    with sphinx_guard(context) as sender:
        sphinx = context.Process(target=be_sphinx, args=(publish.sphinx_arguments(source, workspace, jobs), sender))
        try:
            sphinx.start()
            sender.send(sphinx.pid)
            sphinx.join()
        finally:
            kill_process(sphinx)
    return sphinx.exitcode == 0


@contextmanager
def sphinx_guard(context: BaseContext) -> Iterator[Connection]:
    """Our end of a pipe at whose other end a process stands guard over Sphinx, once it is told its number."""
    receiver, sender = context.Pipe(duplex=False)
    guard: BaseProcess = context.Process(target=guard_sphinx, args=(receiver, sender))  # type: ignore[attr-defined]
    try:
        guard.start()
        yield sender
    finally:
        if guard.pid is not None:
            guard.kill()
            guard.join()
        sender.close()
        receiver.close()


def be_sphinx(arguments: Sequence[str], sender: Connection) -> None:
    """Does what `python -m sphinx` does. Who cannot be written to any more does not stop it."""
    sender.close()
    lead_own_group()  # `kill_group` ends it whole
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    collect_rarely()
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)
        setattr(sys, name, EnduringStream(stream))
    sys.exit(import_module("rfdocs.sphinx.run").run(arguments))  # what Sphinx imports is not for this command itself


def lead_own_group() -> None:
    """Makes this process the first of a group of its own, where there are such: no terminal ends it with others."""
    if hasattr(os, "setpgrp"):
        os.setpgrp()


def guard_sphinx(receiver: Connection, sender: Connection) -> None:
    """Ends Sphinx, whose number comes first, and all that it started as soon as this command is gone, even killed."""
    sender.close()
    lead_own_group()
    for number in (signal.SIGINT, *ENDING):
        signal.signal(number, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        sphinx = receiver.recv()
        with suppress(EOFError, OSError):
            receiver.recv()
        kill_group(sphinx)


def kill_group(sphinx: int) -> None:
    """Ends a process and those of its group; by itself where there are no groups, or not yet in its first moment."""
    try:
        os.killpg(sphinx, signal.SIGKILL)
    except (AttributeError, ProcessLookupError):
        os.kill(sphinx, getattr(signal, "SIGKILL", signal.SIGTERM))


def kill_process(sphinx: BaseProcess) -> None:
    """Ends a process that is still at work, and those that it started: nothing that they make is kept."""
    if sphinx.exitcode is None and sphinx.pid is not None:
        kill_group(sphinx.pid)
        sphinx.join()


def say_changes(changes: Changes, output: Path) -> None:
    """Says what changed, and last the address of the page to open."""
    written, kept, removed = len(changes.written), len(changes.kept), len(changes.removed)
    foreign = f", {len(changes.foreign)} not of the site" if changes.foreign else ""
    say_line(f"{written} files written, {kept} unchanged, {removed} removed{foreign}")
    say_line((output / "index.html").as_uri())


def say_line(line: str) -> None:
    """One line for people, on stdout. Raises: Unwritable."""
    with suppress(BrokenPipeError):  # whoever reads has read enough
        say(line + "\n")
