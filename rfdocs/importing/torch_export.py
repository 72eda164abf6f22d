"""PyTorch's own export of a model, before anything of it is understood."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

from rfdocs.errors import RfdocsError
from rfdocs.extras import needed
from rfdocs.importing.foreign_code import first_line, own_line
from rfdocs.importing.pt2_file import check_pt2, only_tensors

_VERSION = "it has to be a file of `torch.export.save`, of this version of PyTorch or an older one"
_MODULE = "it has to be a `torch.nn.Module`"
#: What helps, by a part of what PyTorch says.
_HINTS: Mapping[str, str] = {
    "DataDependent": "what it does may depend on the image's shape, but not on its numbers",
    "ScriptModule": "TorchScript is no source: give the call that makes the module that it was made from",
    "torch.classes.quantized": "a quantised model is no source: give the call that makes it before it is quantised",
    "missing a required argument": "a model of one image is read: write a module that gives it all others",
    "register a pytree": "write a module that returns its tensors in a tuple, or in a dictionary",
}


def torch_itself() -> Any:
    """PyTorch. Raises: MissingExtra, where it is not installed."""
    with needed("reading a model of PyTorch", "torch"):
        return import_module("torch")


def exported(module: Any, size: Sequence[int]) -> Any:
    """The program that PyTorch exports of a model as it is evaluated, on one image of ``size``: channels first.

    Nothing is computed: PyTorch goes through the model with tensors that have a shape and no numbers.

    Raises: RfdocsError, where PyTorch cannot.
    """
    torch = torch_itself()
    if not isinstance(module, torch.nn.Module):
        raise RfdocsError(f"an object of the class {type(module).__name__} is no model of PyTorch", _MODULE)
    some = next((tensor for tensor in module.parameters() if tensor.is_floating_point()), None)
    kind = {} if some is None else {"dtype": some.dtype, "device": some.device}
    with _evaluated(module), warnings.catch_warnings(), redirect_stdout(StringIO()):
        warnings.simplefilter("ignore")
        try:
            return torch.export.export(module, (torch.empty((1, *size), **kind),), strict=False)
        except Exception as error:
            raise _not_exported(module, size, error) from error


def loaded(path: Path | str) -> Any:
    """The program in a file that ``torch.export.save`` wrote. Raises: RfdocsError, where it holds none, or more."""
    torch = torch_itself()
    check_pt2(Path(path))
    with warnings.catch_warnings(), only_tensors():
        warnings.simplefilter("ignore")
        try:
            return torch.export.load(str(path))
        except Exception as error:
            raise RfdocsError(f"{path} cannot be loaded by PyTorch: {first_line(error)}", _VERSION) from error


def running(program: Any) -> Any:
    """The program as a module that runs, with the modules that the model had; nothing where PyTorch cannot tell them
    apart. It takes images of all sizes as far as no number in the program contradicts that.
    """
    torch = torch_itself()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module = torch.export.unflatten(program)
        except (AssertionError, RuntimeError, ValueError, KeyError, AttributeError):
            return None
    module.check_input_constraints = False
    return module


def functional(program: Any) -> Any:
    """The same program with operators that write into no tensor."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return program.run_decompositions({})


@contextmanager
def _evaluated(module: Any) -> Iterator[None]:
    """The model as it is evaluated, and afterwards as it was."""
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


def _not_exported(module: Any, size: Sequence[int], error: Exception) -> RfdocsError:
    shape = "x".join(map(str, size))
    where = own_line(error)
    message = f"PyTorch cannot export {type(module).__name__} on an image of {shape}: {first_line(error)}{where}"
    hint = next((hint for sign, hint in _HINTS.items() if sign in f"{type(error).__name__}: {error}"), None)
    return RfdocsError(message, hint or f"the model has to take a tensor of 1x{shape}: does `model(image)` return?")
