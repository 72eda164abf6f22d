"""The command line: the only prints and exits."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rfdocs.catalogue import UnknownNetwork
    from rfdocs.errors import RfdocsError

#: Where each command is: none is imported before it is asked for.
_COMMANDS = {
    "list": "commands:list_networks",
    "table": "commands:table",
    "query": "commands:query",
    "seen-by": "commands:seen_by",
    "tile": "tile:tile",
    "compare": "compare:compare",
    "figure": "figure:figure",
    "patches": "patches:patches",
    "animation": "animate:animation",
    "check": "contribute:check",
    "import": "importing_commands:import_model",
    "new": "contribute:new",
    "schema": "contribute:schema",
    "build": "build:build",
}
#: What a shell expects of a command that Ctrl-C ended.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of one command: 0 fine, 1 the input is at fault, 2 wrong usage."""
    try:
        return _exit_status(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _exit_status(arguments: Sequence[str] | None) -> int:
    from rfdocs.cli import console, usage  # noqa: PLC0415 - after the first chance of an interrupt
    from rfdocs.errors import RfdocsError, system_error_text  # noqa: PLC0415

    try:
        parsed = usage.parsed_arguments(arguments)
        module, _, name = _COMMANDS[parsed.command].partition(":")
        return int(getattr(import_module(f"rfdocs.cli.{module}"), name)(parsed))
    except SystemExit as stop:  # argparse, behind --help and --version
        return int(stop.code or 0)
    except BrokenPipeError:  # whoever reads has read enough
        console.silence(sys.stdout)
        return 0
    except OSError as error:
        console.complain(system_error_text(error))
        return 1
    except RfdocsError as error:
        return _say_error(error)
    except ExceptionGroup as errors:  # of several networks, each with its own
        return max([_say_error(error) for error in errors.exceptions if isinstance(error, RfdocsError)])


def _say_error(error: RfdocsError) -> int:
    """The exit status for an error, after it was said."""
    from rfdocs.catalogue import CatalogueError, UnknownNetwork  # noqa: PLC0415
    from rfdocs.cli import console  # noqa: PLC0415

    if isinstance(error, console.Unwritable):
        console.silence(sys.stdout)
    if isinstance(error, CatalogueError):
        console.note(error.message)
    else:
        hint = _hint(error) if isinstance(error, UnknownNetwork) else error.hint
        console.complain(error.message, hint, error.details)
    return 2 if isinstance(error, console.Misuse) else 1


def _hint(error: UnknownNetwork) -> str:
    """What may have been meant by a network's name: a file that is there, or one that is near."""
    from pathlib import Path  # noqa: PLC0415

    try:
        if Path(f"{error.name}.yaml").is_file():
            return f"the file is called '{error.name}.yaml'"
        if Path(error.name).is_file():
            return f"a file ends in .yaml, or is named with its folder: './{error.name}'"
    except (OSError, ValueError):  # a name that no file can have
        pass
    return error.hint if error.near else "`rfdocs list` names them all; a file ends in .yaml"
