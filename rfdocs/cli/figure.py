"""`rfdocs figure`: one figure as a file."""

from __future__ import annotations

import argparse
import os
import stat
import tempfile
from pathlib import Path

from rfdocs import figures
from rfdocs.cli.console import Misuse, Refusal, say
from rfdocs.cli.networks import network_named
from rfdocs.errors import reason
from rfdocs.spelling import near_miss


def figure(arguments: argparse.Namespace) -> int:
    """0, when the figure was written."""
    target = svg_file(arguments.output)
    if arguments.kind not in figures.KINDS:
        raise Misuse(f"there is no figure {arguments.kind!r}", near_miss(arguments.kind, list(figures.KINDS)))
    entry = network_named(arguments.network)
    drawing = figures.standalone(figures.draw(arguments.kind, entry.title, entry.analyze(arguments.input)))
    say_or_write(target, drawing)
    return 0


def svg_file(output: str) -> Path:
    """The file that a drawing goes to. Raises: Misuse where it has no name, or that of another kind."""
    target = Path(output)
    if not output:
        raise Misuse("the figure's file has no name", "for example -o figure.svg")
    if target.suffix.lower() not in ("", ".svg"):
        raise Misuse(f"figures are SVG, but {target} is called {target.suffix}", f"write {target.with_suffix('.svg')}")
    return target


def say_or_write(target: Path, text: str) -> None:
    """Says the text where the file is called ``-``, else writes it. Raises: Refusal, Unwritable."""
    if str(target) == "-":
        say(text)
    else:
        write(target, text)


def write(target: Path, text: str | bytes) -> None:
    """Writes a file whole or not at all; what is no plain file (a device, a pipe) is written to as it stands.

    Raises: Refusal.
    """
    try:
        content = text.encode() if isinstance(text, str) else text
        if _is_regular_file(target):
            _replace(Path(os.path.realpath(target)), content)
        else:
            target.write_bytes(content)
    except (OSError, ValueError) as error:
        raise Refusal(f"{target} cannot be written: {reason(error)}") from None


def _is_regular_file(target: Path) -> bool:
    try:
        return stat.S_ISREG(target.stat().st_mode)
    except FileNotFoundError:
        return True


def _replace(target: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".rfdocs-")
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        new.chmod(_permissions(target))
        new.replace(target)
    except BaseException:
        new.unlink()
        raise


def _permissions(target: Path) -> int:
    """The permissions of the file that is replaced, or of any new file."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
