"""What went wrong in a model's own code, in the words of an error of ours."""

from __future__ import annotations

import traceback
from pathlib import Path

_OURS = Path(__file__).parent.parent
_FRAMEWORKS = frozenset({"torch", "keras", "importlib"})


def first_line(error: BaseException) -> str:
    r"""The kind of an error, and the first line of what it says.

    >>> first_line(ValueError("too small\nand blue"))
    'ValueError: too small'
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def own_line(error: BaseException) -> str:
    """In brackets the innermost line of the model's own code that the error passed; nothing, where it passed none."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_own(Path(frame.filename))]
    return f" ({Path(own[-1].filename).name}:{own[-1].lineno})" if own else ""


def _is_own(file: Path) -> bool:
    foreign = _OURS in file.parents or not _FRAMEWORKS.isdisjoint(file.parts)
    return not foreign and file.name != "contextlib.py" and not str(file).startswith("<")
