"""What the commands say: results to stdout, complaints to stderr, whatever the terminal can show."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, TextIO

from rfdocs.errors import RfdocsError, reason

#: What stands for a letter that a terminal's encoding lacks.
_PLAIN = str.maketrans({"×": "x", "–": "-", "…": "...", "\N{THIN SPACE}": " ", "’": "'"})


class Unwritable(RfdocsError):
    """What was to be said could not be written; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the output cannot be written: {reason}")


class Refusal(RfdocsError):
    """An input that is at fault."""


class Misuse(Refusal):
    """A command line that cannot be understood."""


class EnduringStream:
    """A stream that goes on when nobody can be written to any more: what is said then goes nowhere."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """How many letters there were."""
        return self._call_or_silence("write", text) or len(text)

    def flush(self) -> None:
        """Nothing; what was written is on its way."""
        self._call_or_silence("flush")

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return bool(self._call_or_silence("isatty"))

    def _call_or_silence(self, name: str, *arguments: str) -> Any:
        if self._stream is None:
            return None
        try:
            return getattr(self._stream, name)(*arguments)
        except OSError:
            silence(self._stream)
            return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def say(text: str) -> None:
    """Writes a result to stdout. Raises: Unwritable, BrokenPipeError."""
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unwritable(reason(error)) from None


def complain(message: str, hint: str = "", details: Sequence[str] = ()) -> None:
    """Writes a complaint to stderr, where there is one."""
    from rfdocs.language.problems import one_line  # noqa: PLC0415 - only who is at fault pays for it

    more = "".join([f"\n  {one_line(detail)}" for detail in details])
    tail = f"\n  hint: {one_line(hint)}" if hint else ""
    note(f"rfdocs: {one_line(message)}{more}{tail}")


def note(line: str) -> None:
    """Writes a line to stderr, where there is one."""
    try:
        _write(sys.stderr, line + "\n")
    except OSError:
        silence(sys.stderr)


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:
        print(showable(text, stream.encoding or "utf-8"), end="", file=stream, flush=True)


def showable(text: str, encoding: str) -> str:
    """The text in letters that an encoding has.

    >>> showable("10×15", "ascii"), showable("10×15", "utf-8")
    ('10x15', '10×15')
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    return text


def silence(stream: TextIO | None) -> None:
    """Lets what is still to be written to a closed stream go nowhere, so that Python's exit raises nothing."""
    try:
        number = stream.fileno() if stream is not None else -1
    except (OSError, ValueError):
        return
    if number >= 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, number)
        os.close(null)
