"""Where an operator of an exported graph stands: its module, its name and the line that calls it."""

from __future__ import annotations

import re
from typing import Any

from rfdocs.importing.torch_draft import Whereabouts

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
_BACKSLASH = chr(92)
#: A module that is called for a second time is exported under its name and the number of the call.
_AGAIN = re.compile(r"@\d+")
_STRICT = re.compile(r"L\['self'\]\.?")


def whereabouts(node: Any) -> Whereabouts:
    """What is known of a node of the graph."""
    return Whereabouts(scope_of(node.meta), operator_of(node.target), line_of(node.meta.get("stack_trace") or ""))


def scope_of(meta: Any) -> str:
    """The dotted path of the innermost module.

    >>> scope_of({"nn_module_stack": {"L__self__": ("", "Net"), "a": ("layer1.0@1", "Block")}})
    'layer1.0'
    """
    stack = meta.get("nn_module_stack")
    return plain_path(next(reversed(stack.values()))[0]) if stack else ""


def plain_path(path: str) -> str:
    """A module's path as the model itself has it.

    >>> plain_path("L['self'].features.0@2")
    'features.0'
    """
    return _AGAIN.sub("", _STRICT.sub("", path)) if "@" in path or "[" in path else path


def operator_of(target: Any) -> str:
    """The operator's name without its overload.

    >>> operator_of("aten.conv2d.default")
    'aten.conv2d'
    """
    return ".".join(str(target).split(".")[:2])


def line_of(trace: str) -> str:
    r"""The innermost line that does not belong to PyTorch: its file's name and its number.

    >>> line_of('File "/home/me/net.py", line 7, in forward\n  File "/lib/torch/nn/modules/conv.py", line 2, in f')
    'net.py:7'
    """
    frames = _FRAME.findall(trace)
    file, number = next(filter(_is_own, reversed(frames)), frames[-1] if frames else ("", ""))
    return f"{file.replace(_BACKSLASH, '/').rpartition('/')[2]}:{number}" if number else ""


def _is_own(frame: tuple[str, str]) -> bool:
    return not frame[0].startswith("<") and "/torch/" not in frame[0].replace(_BACKSLASH, "/")


def is_of(meta: Any, function: str, module: str) -> bool:
    """Whether an operator is a part of a function of PyTorch's, or of its module of a class."""
    stack = meta.get("nn_module_stack") or {"": ("", "")}
    kind: str = next(reversed(stack.values()))[1]
    return kind == module or bool(meta.get("torch_fn", ("", ""))[1] == f"function.{function}")
