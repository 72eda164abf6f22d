"""What a light install leaves out: whoever needs it is told what installs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rfdocs.errors import RfdocsError


class MissingExtra(RfdocsError, ImportError):
    """A package that is not installed; ``hint`` says what installs it."""


@contextmanager
def needed(purpose: str, extra: str) -> Iterator[None]:
    """Lets imports fail with the extra that brings what they lack.

    >>> with needed("every hologram", "figures"):
    ...     import holography
    Traceback (most recent call last):
    rfdocs.extras.MissingExtra: holography is not installed, and every hologram needs it; pip install 'rfdocs[figures]'

    Raises: MissingExtra.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        text = f"{error.name} is not installed, and {purpose} needs it"
        raise MissingExtra(text, f"pip install 'rfdocs[{extra}]'") from None
