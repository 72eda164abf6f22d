"""Commands, as tests ask them in their own process."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from rfdocs.cli import main


class Answer(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


Ask = Callable[..., Answer]


def asking(capsys: pytest.CaptureFixture[str]) -> Ask:
    """One command, and what it alone said."""

    def answer(*arguments: str) -> Answer:
        capsys.readouterr()
        status = main(arguments)
        return Answer(status, *capsys.readouterr())

    return answer
