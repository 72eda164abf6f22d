"""`rfdocs figure`: one figure as a file."""

from __future__ import annotations

import argparse
import os
import stat
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from rfdocs.catalogue import load
from rfdocs.cli.console import Misuse, Refusal, say
from rfdocs.spelling import near_miss


def figure(arguments: argparse.Namespace) -> int:
    """0, when the figure was written."""
    figures: Any = import_module("rfdocs.figures")  # now, not before: matplotlib takes its time
    target = Path(arguments.output)
    if not arguments.output:
        raise Misuse("the figure's file has no name", "for example -o figure.svg")
    if arguments.kind not in figures.KINDS:
        raise Misuse(f"there is no figure {arguments.kind!r}", near_miss(arguments.kind, list(figures.KINDS)))
    if target.suffix.lower() not in ("", ".svg"):
        raise Misuse(f"figures are SVG, but {target} is called {target.suffix}", f"write {target.with_suffix('.svg')}")
    entry = load(arguments.network)
    drawing = figures.standalone(figures.draw(arguments.kind, entry, entry.analyze(arguments.input)))
    if arguments.output == "-":
        say(drawing)
    else:
        write(target, drawing)
    return 0


def write(target: Path, text: str) -> None:
    """Writes a file whole or not at all; what is no plain file (a device, a pipe) is written to as it stands.

    Raises: Refusal.
    """
    try:
        if _plain(target):
            _replace(Path(os.path.realpath(target)), text.encode())
        else:
            target.write_bytes(text.encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Refusal(f"{target} cannot be written: {reason}") from None


def _plain(target: Path) -> bool:
    try:
        return stat.S_ISREG(target.stat().st_mode)
    except FileNotFoundError:
        return True


def _replace(target: Path, content: bytes) -> None:
    number, name = tempfile.mkstemp(dir=target.parent, prefix=".rfdocs-")
    made = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        made.chmod(_mode(target))
        made.replace(target)
    except BaseException:
        made.unlink()
        raise


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or of any new file."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
