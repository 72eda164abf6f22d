"""What `python -m sphinx` does, for `rfdocs build`: what the system refuses is told in one line, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sphinx.cmd.build import main
from sphinx.errors import SphinxParallelError


def run(arguments: Sequence[str]) -> int:
    """Sphinx's exit status."""
    sys.argv = ["sphinx-build", *arguments]
    shorten_refusals()
    return main(arguments)


def shorten_refusals() -> None:
    """Lets Sphinx tell of errors of the system in one line; where it has no such place, it tells in its own way."""
    try:
        errors: Any = import_module("sphinx._cli.util.errors")
        told = errors.handle_exception
    except (ImportError, AttributeError):  # another version of Sphinx
        return

    def handle(exception: BaseException, /, **options: Any) -> None:
        line = refusal(exception)
        if line:
            (options.get("stderr") or sys.stderr).write(f"rfdocs: {line}\n")
        else:
            told(exception, **options)

    errors.handle_exception = handle


def refusal(exception: BaseException) -> str:
    """What the system refused, in one line; nothing for any other error.

    >>> refusal(OSError(28, "No space left on device", "page.html")), refusal(ValueError("x"))
    ('page.html: No space left on device', '')
    """
    if isinstance(exception, SphinxParallelError):
        first = str(exception).strip().partition("\n")[0]
        return first.removeprefix("OSError: ") if first.startswith("OSError: ") else ""
    if not isinstance(exception, OSError):
        return ""
    where = exception.filename2 or exception.filename
    return f"{where}: {exception.strerror}" if where else exception.strerror or str(exception)
