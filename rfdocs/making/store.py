"""What is kept between builds, beside Sphinx's own memory: each thing under a name that says what it was made of.

So nothing has to be compared: what a name stands for is there, or it is not.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.publish import code_digest

STATE, MANIFEST, ASSETS, SHARED, ENTRIES = "state", "manifest", "assets", "shared", "entries"
"""The names under which is kept: the results of all files, the list of what was written beside the pages, that of the
files that were copied, what the pages share, and the index entries of all documents for the search."""


class NotKept(RfdocsError, LookupError):
    """What was kept between two builds and is there no more."""


def digest_of(*parts: str | bytes) -> str:
    """A digest of some texts and of the code that reads them."""
    digest = hashlib.sha256(code_digest().encode())
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(f"{len(content)}:".encode() + content)
    return digest.hexdigest()[:24]


def bytes_of(path: Path) -> bytes:
    """The file's bytes; none where it cannot be read: whoever makes something of it says why."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def write_changed(path: Path, content: bytes) -> None:
    """Writes a file, its folder with it, unless it has these very bytes already."""
    try:
        if path.read_bytes() == content:
            return
    except OSError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def keep(folder: Path, name: str, value: object) -> None:
    """Keeps a value so that it is there whole or not at all."""
    keep_bytes(folder, name, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))


def keep_bytes(folder: Path, name: str, content: bytes) -> None:
    """Keeps a file so that it is there whole or not at all."""
    new = folder / f"{name}.{os.getpid()}"
    new.write_bytes(content)
    new.replace(folder / name)


def kept_value(folder: Path, name: str) -> object:
    """A value that was kept; ``None`` if it is not there or cannot be read."""
    try:
        return pickle.loads((folder / name).read_bytes())  # noqa: S301 - what we wrote ourselves
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, TypeError, IndexError):
        return None


def kept_mapping(folder: Path, name: str) -> dict[Any, Any]:
    """A dictionary that was kept; an empty one if none can be read."""
    value = kept_value(folder, name)
    return value if isinstance(value, dict) else {}


@lru_cache(maxsize=4)
def kept_items(folder: Path, name: str) -> tuple[object, ...]:
    """A tuple that was kept, read once while a page needs its items one by one. Raises: NotKept."""
    value = kept_value(folder, name)
    if isinstance(value, tuple):
        return value
    raise NotKept(f"{folder / name} is gone", "build again with -E")


def forget_others(folder: Path, stems: Iterable[str]) -> None:
    """Removes what is kept under other names than these, up to their first dot."""
    wanted = {STATE, MANIFEST, ASSETS, SHARED, ENTRIES, *stems}
    for entry in os.scandir(folder):
        if entry.name.partition(".")[0] not in wanted:
            Path(entry.path).unlink(missing_ok=True)


def stored_names(folder: Path) -> set[str]:
    """The names of the files in a folder."""
    return {entry.name for entry in os.scandir(folder)}
