"""`rfdocs build`: the whole site, strictly; the last good one stays until the new one stands."""

import argparse
import io
import os
import runpy
import signal
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from rfdocs import publish
from rfdocs.cli.memory import collect_rarely
from rfdocs.publish import Changes, PublishError, Workspace

INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C ended."""


def build(arguments: argparse.Namespace) -> int:
    """The exit status: 0 published, 1 the build failed, 2 wrong usage, 130 interrupted.

    `arguments` has `source`, `output` and `jobs`.
    """
    source, workspace = Path(arguments.source), Workspace(Path(arguments.output).absolute())
    if problem := refusal(source, workspace.output):
        complain(problem)
        return 2
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that Sphinx ends with us
    try:
        with publish.locked(workspace, waiting=say_waiting):
            return build_locked(source, workspace, str(arguments.jobs))
    except PublishError as error:
        complain(str(error))
        return 2
    except KeyboardInterrupt:
        complain("interrupted; the site is whole")
        return INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, former)


def refusal(source: Path, output: Path) -> str:
    """Why these folders cannot be used, or an empty text."""
    if not (source / "conf.py").is_file():
        return f"{source} has no conf.py: run this where the site's sources are, or give --source"
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
    print("a page's source is gone: building again without it", flush=True)
    publish.forget(workspace)
    return run_sphinx(source, workspace, jobs)


def run_sphinx(source: Path, workspace: Workspace, jobs: str) -> bool:
    """Whether Sphinx built every page without a warning; its progress goes straight through.

    It works in a process of its own, which nothing that it leaves behind outlives. Where processes can be forked
    safely that one starts with what is imported here already.
    """
    sys.stdout.flush()
    process = get_context("fork").Process if sys.platform == "linux" else get_context("spawn").Process
    sphinx = process(target=be_sphinx, args=(publish.sphinx_arguments(source, workspace, jobs),))
    sphinx.start()
    try:
        sphinx.join()
    finally:
        end(sphinx)
    return sphinx.exitcode == 0


def be_sphinx(arguments: Sequence[str]) -> None:
    """Does what `python -m sphinx` does."""
    if hasattr(os, "setpgrp"):
        os.setpgrp()  # `end` ends it whole
    collect_rarely()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)
    sys.argv = ["sphinx-build", *arguments]
    runpy.run_module("sphinx", run_name="__main__", alter_sys=True)


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
    print(f"{written} files written, {kept} unchanged, {removed} removed")
    print(f"{(output / 'index.html').as_uri()}", flush=True)


def say_waiting() -> None:
    """Says why nothing happens for a while."""
    print("another build of this site is running; waiting for it", flush=True)


def complain(text: str) -> None:
    """One line for people, on stderr."""
    print(f"rfdocs: {text}", file=sys.stderr, flush=True)
