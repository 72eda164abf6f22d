"""What a light install leaves out: whoever needs it is told what installs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rfdocs.errors import RfdocsError


class MissingExtra(RfdocsError, ImportError):
    """A package that is not installed; ``hint`` says what installs it."""


def missing_extra(package: str, purpose: str, extra: str) -> MissingExtra:
    """The error for a package that is not installed, and that an extra brings.

    >>> str(missing_extra("holography", "every hologram", "figures"))
    "holography is not installed, and every hologram needs it; pip install 'rfdocs[figures]'"
    """
    return MissingExtra(f"{package} is not installed, and {purpose} needs it", f"pip install 'rfdocs[{extra}]'")


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
        raise missing_extra(str(error.name), purpose, extra) from None
