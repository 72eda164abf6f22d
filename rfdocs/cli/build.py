"""`rfdocs build`: the whole site, strictly; the last good one stays until the new one stands."""

import argparse
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from rfdocs import publish
from rfdocs.cli.console import Enduring, Unwritable, complain, refused, say
from rfdocs.cli.memory import collect_rarely
from rfdocs.publish import Changes, PublishError, Workspace

INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C ended."""

ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""The signals that end a build as Ctrl-C does: nothing that it started goes on."""


def build(arguments: argparse.Namespace) -> int:
    """The exit status: 0 published, 1 the build failed, 2 wrong usage, 130 interrupted.

    `arguments` has `source`, `output` and `jobs`.
    """
    source, output = Path(arguments.source), Path(os.path.abspath(arguments.output))  # noqa: PTH100 - it resolves no link
    if problem := refusal(source, output):
        complain(problem)
        return 2
    workspace = Workspace(output)
    with ended_by(ENDING):
        try:
            with publish.locked(workspace, waiting=say_waiting):
                return build_locked(source, workspace, str(arguments.jobs))
        except PublishError as error:
            complain(str(error))
            return 2
        except Unwritable:
            raise
        except OSError as error:
            complain(f"{refused(error, output)}; the last good site was not touched")
            return 1
        except KeyboardInterrupt:
            complain("interrupted; the site is whole")
            return INTERRUPTED


@contextmanager
def ended_by(signals: Sequence[signal.Signals]) -> Iterator[None]:
    """Lets these signals interrupt what happens meanwhile."""
    former = {one: signal.signal(one, signal.default_int_handler) for one in signals}
    try:
        yield
    finally:
        for one, handler in former.items():
            signal.signal(one, handler)


def refusal(source: Path, output: Path) -> str:
    """Why these folders cannot be used, or an empty text."""
    try:
        found = (source / "conf.py").is_file()
    except (OSError, ValueError) as error:  # a name that is too long, or holds a NUL
        return f"{str(source)[:80]!r} cannot be looked at: {getattr(error, 'strerror', None) or error}"
    if not found:
        return f"{source} has no conf.py: run this where the site's sources are, or give --source"
    if not output.name:
        return f"the output {output} has no name: choose a folder of its own"
    if source.resolve().is_relative_to(output.resolve()):
        return f"the output {output} would replace the sources {source}"
    return ""


def build_locked(source: Path, workspace: Workspace, jobs: str) -> int:
    """One build, by the only process at work in the workspace."""
    maker = publish.fingerprint(source)
    publish.begin(workspace, maker)
    if not stage(source, workspace, jobs):
        complain("the build failed; the last good site was not touched")
        return 1
    report(publish.publish(workspace), workspace.output)
    publish.succeed(workspace, maker)
    return 0


def stage(source: Path, workspace: Workspace, jobs: str) -> bool:
    """Whether the staging folder now holds the site of these sources and nothing else."""
    if not run_sphinx(source, workspace, jobs):
        return False
    if not publish.abandoned_pages(source, workspace.staging):
        return True
    tell("a page's source is gone: building again without it")
    publish.forget(workspace)
    return run_sphinx(source, workspace, jobs)


def run_sphinx(source: Path, workspace: Workspace, jobs: str) -> bool:
    """Whether Sphinx built every page without a warning; its progress goes straight through.

    It works in a process of its own, which nothing that it leaves behind outlives. Where processes can be forked
    safely that one starts with what is imported here already.
    """
    Enduring(sys.stdout).flush()
    context = get_context("fork") if sys.platform == "linux" else get_context("spawn")
    alive, ours = context.Pipe(duplex=False)
    sphinx = context.Process(target=be_sphinx, args=(publish.sphinx_arguments(source, workspace, jobs), ours))
    sphinx.start()
    guard = context.Process(target=stand_guard, args=(alive, ours, sphinx.pid), daemon=True)
    guard.start()
    try:
        sphinx.join()
    finally:
        end(sphinx)
        guard.kill()
        guard.join()
        ours.close()
        alive.close()
    return sphinx.exitcode == 0


def be_sphinx(arguments: Sequence[str], ours: Connection) -> None:
    """Does what `python -m sphinx` does. Who cannot be written to any more does not stop it."""
    ours.close()
    if hasattr(os, "setpgrp"):
        os.setpgrp()  # `end` ends it whole
    for one in ENDING:
        signal.signal(one, signal.SIG_DFL)
    collect_rarely()
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)
        setattr(sys, name, Enduring(stream))
    sys.exit(import_module("rfdocs.sphinx.run").run(arguments))  # what Sphinx imports is not for this command itself


def stand_guard(alive: Connection, ours: Connection, sphinx: int) -> None:
    """Ends Sphinx and all that it started as soon as this command is gone, even if it was killed."""
    ours.close()
    for one in (signal.SIGINT, *ENDING):
        signal.signal(one, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        alive.recv()
    with suppress(OSError, AttributeError):
        os.killpg(sphinx, signal.SIGKILL)


def end(sphinx: BaseProcess) -> None:
    """Ends a process that is still at work, and those that it started: nothing that they make is kept."""
    if sphinx.exitcode is None and sphinx.pid is not None:
        try:
            os.killpg(sphinx.pid, signal.SIGKILL)
        except (AttributeError, ProcessLookupError):  # no groups on Windows; none yet in its first moment
            sphinx.kill()
        sphinx.join()


def report(found: Changes, output: Path) -> None:
    """Says what changed, and last the address of the page to open."""
    written, kept, removed = len(found.written), len(found.kept), len(found.removed)
    foreign = f", {len(found.foreign)} not of the site" if found.foreign else ""
    tell(f"{written} files written, {kept} unchanged, {removed} removed{foreign}")
    tell((output / "index.html").as_uri())


def say_waiting() -> None:
    """Says why nothing happens for a while."""
    tell("another build of this site is running; waiting for it")


def tell(line: str) -> None:
    """One line for people, on stdout. Raises: Unwritable."""
    with suppress(BrokenPipeError):  # whoever reads has read enough
        say(line + "\n")
