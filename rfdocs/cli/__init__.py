"""The command line: the only prints and exits."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from rfdocs.cli.build import build


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of one command."""
    parser = argparse.ArgumentParser(prog="rfdocs")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("build", help="build the site")
    command.add_argument("--source", type=Path, default=Path("site"))
    command.add_argument("--output", type=Path, default=Path("build/html"))
    command.add_argument("--jobs", default="auto")
    command.set_defaults(run=build)
    parsed = parser.parse_args(arguments)
    status: int = parsed.run(parsed)
    return status
