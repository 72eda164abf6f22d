"""Processes, as tests start them."""

import os
import sys
import tempfile
import warnings
from collections.abc import Sequence
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from signal import Signals
from subprocess import CompletedProcess

OWN = ["rfdocs.sphinx", "rfdocs.figures.canvas", "latex2mathml.converter"]


def imported_by_builds() -> list[str]:
    """What every build of Sphinx imports, and takes longer for than for a small site."""
    every = import_module("sphinx.application").builtin_extensions
    return ["sphinx.cmd.build", "sphinx.builders.html", "sphinx.jinja2glue", "jinja2.ext", *every, *OWN]


def import_for_builds() -> None:
    """Imports it, so that the builds which part from this process need not."""
    for name in imported_by_builds():
        import_module(name)


def hearing(signal: Signals, command: Sequence[str]) -> list[str]:
    """A command that hears a signal even where it is ignored: behind nohup, or as a job in the background."""
    heard = f"import os, signal, sys; signal.signal({int(signal)}, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", heard, *command]


def sphinx(folder: Path, *arguments: str) -> CompletedProcess[str]:
    """What `python -W error::UserWarning -m sphinx` does in a folder, by a process that need not import it.

    It is forked from one that has imported Sphinx and the extension, and has done nothing else.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(imported_by_builds())
    with tempfile.TemporaryDirectory() as said:
        out, err = Path(said, "out"), Path(said, "err")
        running = context.Process(target=be_sphinx, args=(folder, arguments, out, err))
        running.start()
        running.join()
        status = running.exitcode
        assert status is not None
        told = out.read_text("utf-8"), err.read_text("utf-8")
    return CompletedProcess(arguments, status, *told)


def be_sphinx(folder: Path, arguments: Sequence[str], out: Path, err: Path) -> None:
    """Builds, and ends with Sphinx's status; what it says is in two files."""
    for number, path in ((1, out), (2, err)):
        with path.open("w") as told:
            os.dup2(told.fileno(), number)
    os.chdir(folder)
    warnings.filterwarnings("error", category=UserWarning)
    sys.exit(import_module("sphinx.cmd.build").main(list(arguments)))
