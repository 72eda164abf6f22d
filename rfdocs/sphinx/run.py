"""What `python -m sphinx` does, for `rfdocs build`: a refusal is told in one line, without a traceback."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sphinx.cmd.build import main
from sphinx.errors import SphinxError, SphinxParallelError

from rfdocs.errors import system_error_text

#: How an error of the system begins that comes from another process as text: its name, perhaps a narrower one's.
_ERROR_NUMBER = re.compile(r"[A-Za-z]+Error: \[Errno [0-9]+\] ")


def run(arguments: Sequence[str]) -> int:
    """Sphinx's exit status."""
    sys.argv = ["sphinx-build", *arguments]
    shorten_refusals()
    return main(arguments)


def shorten_refusals() -> None:
    """Lets Sphinx tell of a refusal in one line; where it has no such place, it tells in its own way."""
    try:
        errors: Any = import_module("sphinx._cli.util.errors")
        default_handler = errors.handle_exception
    except (ImportError, AttributeError):  # another version of Sphinx
        return

    def handle(exception: BaseException, /, **options: Any) -> None:
        line = refusal(exception)
        if line:
            (options.get("stderr") or sys.stderr).write(f"rfdocs: {line}\n")
        else:
            default_handler(exception, **options)

    errors.handle_exception = handle


def refusal(exception: BaseException) -> str:
    r"""What the system refused, or Sphinx for a reason of one line; nothing for any other error.

    >>> refusal(OSError(28, "No space left on device", "page.html")), refusal(ValueError("x"))
    ('page.html: No space left on device', '')
    >>> refusal(SphinxParallelError("OSError: [Errno 28] No space left on device", "its traceback"))
    'No space left on device'
    >>> refusal(SphinxError("no theme named 'fruo' found")), refusal(SphinxError("lines:\n 1"))
    ("no theme named 'fruo' found", '')
    """
    if isinstance(exception, SphinxParallelError):
        first = str(exception).strip().partition("\n")[0]
        return _ERROR_NUMBER.sub("", first) if _ERROR_NUMBER.match(first) else ""
    if isinstance(exception, SphinxError):
        reason = str(exception).strip()
        return "" if "\n" in reason else reason
    return system_error_text(exception) if isinstance(exception, OSError) else ""
