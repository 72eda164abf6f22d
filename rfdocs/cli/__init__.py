"""The command line: the only prints and exits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

#: Where each command is: none is imported before it is asked for.
_COMMANDS = {
    "list": "commands:list_networks",
    "table": "commands:table",
    "query": "commands:query",
    "seen-by": "commands:seen_by",
    "figure": "figure:figure",
    "check": "contribute:check",
    "new": "contribute:new",
    "schema": "contribute:schema",
    "build": "build:build",
}
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of one command: 0 fine, 1 the input is at fault, 2 wrong usage."""
    try:
        return _answered(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _answered(arguments: Sequence[str] | None) -> int:
    from rfdocs.cli import console, usage  # noqa: PLC0415 - after the first chance of an interrupt
    from rfdocs.extras import MissingExtra  # noqa: PLC0415

    try:
        parsed = usage.parsed(arguments)
        return _run(parsed.command)(parsed)
    except SystemExit as ended:  # argparse, behind --help and --version
        return int(ended.code or 0)
    except BrokenPipeError:  # whoever reads has read enough
        console.silence(sys.stdout)
        return 0
    except console.Unwritable as error:
        console.silence(sys.stdout)
        console.complain(str(error))
        return 1
    except console.Refusal as refusal:
        console.complain(str(refusal), refusal.hint)
        return refusal.status
    except (ValueError, KeyError, OSError, MissingExtra) as error:
        return _told(error)


def _run(command: str) -> Callable[..., int]:
    module, _, name = _COMMANDS[command].partition(":")
    found: Callable[..., int] = getattr(import_module(f"rfdocs.cli.{module}"), name)
    return found


def _hint(name: str, near: str) -> str:
    """What may have been meant by a network's name: a file that is there, or one that is near."""
    from pathlib import Path  # noqa: PLC0415

    try:
        if Path(f"{name}.yaml").is_file():
            return f"the file is called '{name}.yaml'"
        if Path(name).is_file():
            return f"a file ends in .yaml, or is named with its folder: './{name}'"
    except (OSError, ValueError):  # a name that no file can have
        pass
    return near if near.startswith("did you mean") else "`rfdocs list` names them all; a file ends in .yaml"


def _told(error: ValueError | KeyError | OSError | ImportError) -> int:
    """1, when the error says what is wrong with an input, or what the system refused; any other error goes on."""
    from rfdocs.catalogue import CatalogueError, UnknownNetwork  # noqa: PLC0415
    from rfdocs.cli import console  # noqa: PLC0415
    from rfdocs.extras import MissingExtra  # noqa: PLC0415
    from rfdocs.graph import InputError, UnknownLayer  # noqa: PLC0415

    if isinstance(error, CatalogueError):
        console.note(str(error))
    elif isinstance(error, UnknownNetwork):
        console.complain(str(error), _hint(error.name, error.hint))
    elif isinstance(error, UnknownLayer):
        console.complain(*str(error).split("; ", 1))
    elif isinstance(error, (InputError, MissingExtra)):
        console.complain(error.message, error.hint)
    elif isinstance(error, OSError):
        console.complain(console.refused(error))
    else:
        raise error
    return 1
