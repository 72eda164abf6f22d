"""What a file of ``torch.export`` may hold, before PyTorch opens it: a program, its tensors, and nothing that runs.

PyTorch itself trusts such a file: it unpickles objects, loads compiled libraries, and evaluates the sizes that a
program leaves open as Python. Here a file is only what it says that it is.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from rfdocs.errors import RfdocsError, reason

#: What stands in the archive, below a folder of the file's own name.
_MEMBERS = re.compile(
    r"[^/]+/(?:models/[^/]+\.json|data/weights/weight_\d+|data/constants/tensor_\d+"
    r"|data/(?:weights|constants)/[^/]+_config\.json|data/sample_inputs/[^/]+\.pt|extra/.*"
    r"|archive_format|archive_version|\.data/\w+|\.format_version|\.storage_alignment|byteorder|version)"
)
#: A size that is left open: symbols (s0, also in quotes) and what is assumed of them, functions that begin with a
#: capital, numbers, and what computes with them.
_EXPRESSION = re.compile(
    r"(?:'?[a-z]{1,4}\d+'?|[a-z_]+=(?:True|False)|[A-Z][A-Za-z]*|\d+(?:\.\d+)?|[ +\-*/(),<>=]|oo)*"
)
_LONGEST = 1 << 28
_DEEPEST = 200
_FORCED = "TORCH_FORCE_WEIGHTS_ONLY_LOAD"


def check_pt2(path: Path) -> None:
    """Nothing. Raises: RfdocsError, where the file is no archive of an exported program, or holds more than one."""
    try:
        with ZipFile(path) as archive:
            _check_members(path, archive)
    except OSError as error:
        raise RfdocsError(f"{path} cannot be read: {reason(error)}") from error
    except (BadZipFile, ValueError, RecursionError) as error:
        raise RfdocsError(f"{path} is no exported program: {error}", _HINT) from error


_HINT = "it has to be a file of `torch.export.save`; one of an older PyTorch has to be exported again"


def _check_members(path: Path, archive: ZipFile) -> None:
    members = archive.infolist()
    others = [member.filename for member in members if not _MEMBERS.fullmatch(member.filename)]
    if others or not members:
        raise RfdocsError(f"{path} holds what is no exported program: {others[0] if others else 'nothing'}", _HINT)
    for member in members:
        if member.filename.endswith(".json"):
            if member.file_size > _LONGEST:
                raise RfdocsError(f"{path} holds a program of {member.file_size} bytes; at most {_LONGEST} are read")
            _check_program(path, json.loads(archive.read(member)), 0)


def _check_program(path: Path, value: Any, depth: int) -> None:
    """Nothing. Raises: RfdocsError for sizes that are anything but sizes, and for lists in lists in lists."""
    if depth > _DEEPEST:
        raise RfdocsError(f"{path} holds a program of more than {_DEEPEST} lists in each other")
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        for text in _expressions(key, part):
            if not _EXPRESSION.fullmatch(text):
                raise RfdocsError(f"{path} holds a size that is none: {text[:80]}")
        if isinstance(part, dict | list):
            _check_program(path, part, depth + 1)


def _expressions(key: Any, value: Any) -> list[str]:
    """What PyTorch evaluates of a part of a program."""
    if key == "range_constraints" and isinstance(value, dict):
        return list(value)
    return [value] if key == "expr_str" and isinstance(value, str) else []


@contextmanager
def only_tensors() -> Iterator[None]:
    """Lets PyTorch unpickle tensors, and no other objects."""
    before = os.environ.get(_FORCED)
    os.environ[_FORCED] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_FORCED]
        else:
            os.environ[_FORCED] = before
