"""Where a node of an ONNX graph stands in the model that it was exported from: from its name, or from its weights'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

#: What a module calls its own tensors, at the end of their names.
_OWN = re.compile(
    r"\.(weight|bias|weight_[vg]|weight_orig|kernel|gamma|beta|scale|running_mean|running_var|original[01]"
    r"|weight_quantized|qweight|parametrizations\.weight\.original[01])$"
)
#: Names of parameters and buffers of PyTorch: words with dots between.
_PATH = re.compile(r"[A-Za-z_]\w*(\.\w+)+")
_QUOTED = re.compile(r"'([^']*)'")
_FRAME = re.compile(r'File "([^"]*)", line (\d+)')
_SCOPES = "pkg.torch.onnx.name_scopes"
_TRACE = "pkg.torch.onnx.stack_trace"


def is_path(name: str) -> bool:
    """Whether a tensor is named as a module's own: ``head.scale``, not ``onnx::Mul_12``.

    >>> is_path("head.scale"), is_path("onnx::Mul_12"), is_path("val_3")
    (True, False, False)
    """
    return _PATH.fullmatch(name) is not None


def scope_of(name: str, operator: str, weights: Iterable[str], notes: Mapping[str, str]) -> str:
    """The module of a node, by its weights, its exporter's notes or its name.

    >>> scope_of("Conv_12", "Conv", ["layer1.0.conv1.weight"], {})
    'layer1.0.conv1'
    >>> scope_of("/layer1/layer1.0/Add", "Add", [], {})
    'layer1.0'
    """
    of_weights = next(filter(None, map(weight_scope, weights)), "")
    return of_weights or _noted(notes) or name_scope(name, operator)


def weight_scope(name: str) -> str:
    """The module that a learned tensor belongs to; nothing where its name has none.

    >>> weight_scope("layer1.0.conv1.weight"), weight_scope("onnx::Conv_193")
    ('layer1.0.conv1', '')
    """
    return _OWN.sub("", name) if is_path(name) and _OWN.search(name) else ""


def _noted(notes: Mapping[str, str]) -> str:
    scopes = _QUOTED.findall(notes.get(_SCOPES, ""))
    return scopes[-2] if len(scopes) > 1 else ""


def name_scope(name: str, operator: str) -> str:
    """The module that a node's name tells: folders are modules, some with the whole path so far.

    >>> name_scope("/features/features.1/block/block.0/block.0.0/Conv", "Conv")
    'features.1.block.0.0'
    >>> name_scope("Conv_12", "Conv"), name_scope("resnetv17_conv0_fwd", "Conv")
    ('', 'resnetv17_conv0_fwd')
    """
    folders = name.split("/")
    if len(folders) == 1:
        return (
            "" if re.fullmatch(rf"((p2o|node)[._])?{operator}([._]\d+)*|n\d+|node_.*|", name, re.IGNORECASE) else name
        )
    scope: list[str] = []
    for folder in filter(None, folders[:-1]):
        if scope and folder.startswith(f"{scope[-1]}."):
            scope.pop()
        scope.append(folder)
    return ".".join(scope)


def line_of(notes: Mapping[str, str]) -> str:
    """The line of the model that calls a node, as its exporter noted it.

    >>> line_of({"pkg.torch.onnx.stack_trace": 'File "/nets/resnet.py", line 94, in forward'})
    'resnet.py:94'
    """
    frames = _FRAME.findall(notes.get(_TRACE, ""))
    own = [frame for frame in frames if "/torch/nn/" not in frame[0]] or frames
    return f"{own[-1][0].replace(chr(92), '/').rpartition('/')[2]}:{own[-1][1]}" if own else ""
