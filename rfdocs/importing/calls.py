"""A source that is a Python call, as a person types it: what it names is imported, and called.

Unlike all other sources it runs code. It only ever comes from whom it belongs to: the command line, or a program's own
text, and never a file's content.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.importing.foreign_code import first_line, own_line
from rfdocs.verify.python_calls import declare_operators, evaluated, is_of_call, value_of_path

#: `package.module:name`, with or without a call.
_ENTRY = re.compile(r"(?P<module>[A-Za-z_][\w.]*):(?P<name>[A-Za-z_][\w.]*)(?P<call>\(.*\))?", re.DOTALL)
_HINT = "such as timm.create_model('resnet50d'), torchvision.models.resnet50() or my_package.nets:build"
_SAME = "the same call has to work in Python itself"


def is_call(source: str) -> bool:
    """Whether a source is a call, or what one gives by a name, and not a file or a network's id.

    >>> [is_call(one) for one in ("timm.create_model('a')", "nets:build", "my.yaml:small", "resnet50", "net.onnx")]
    [True, True, False, False, False]
    >>> is_call("nets.detector().backbone")
    True
    """
    entry = _ENTRY.fullmatch(source.strip())
    if entry is not None:
        return not entry["module"].endswith((".yaml", ".yml"))
    try:
        return is_of_call(ast.parse(source.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # what ast says of bytes, noughts and depth
        return False


def called(source: str) -> Any:
    """What a call gives: a model, of whatever framework. What it prints meanwhile is a message, and no answer of ours.

    >>> called("collections:Counter('abb')")["b"]
    2

    Raises: RfdocsError, where it is none, or where what it names cannot be imported or fails.
    """
    source = source.strip()
    if not is_call(source):
        raise RfdocsError(f"'{source}' is no Python call", _HINT)
    with _importable_from_here(), _told(source), redirect_stdout(sys.stderr):
        return _value(source)


def _value(source: str) -> Any:
    """The value; for a second time, with declared operators, where torchvision and PyTorch are not of one build."""
    try:
        return _value_of(source)
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
    declare_operators()
    return _value_of(source)


def _value_of(source: str) -> Any:
    entry = _ENTRY.fullmatch(source)
    if entry is None:
        return evaluated(source)
    path = f"{entry['module']}.{entry['name']}"
    if entry["call"]:
        return evaluated(path + entry["call"])
    value = value_of_path(path)
    return value() if inspect.isclass(value) or inspect.isroutine(value) else value


@contextmanager
def _importable_from_here() -> Iterator[None]:
    """Lets modules be found in the working directory, too, after all others."""
    here = str(Path.cwd())
    sys.path.append(here)
    try:
        yield
    finally:
        sys.path.remove(here)


@contextmanager
def _told(source: str) -> Iterator[None]:
    """Lets whatever goes wrong be told as an error of the source."""
    try:
        yield
    except RfdocsError as error:
        raise RfdocsError(f"{source} fails: {error.message}", error.hint) from error
    except ModuleNotFoundError as error:
        hint = f"install what brings `{error.name}`, or go to the folder that it lies in"
        raise RfdocsError(f"{source} needs `{error.name}`, and there is no such module", hint) from error
    except (Exception, SystemExit) as error:
        raise RfdocsError(f"{source} fails: {first_line(error)}{own_line(error)}", _SAME) from error
