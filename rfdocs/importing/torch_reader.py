"""From a model of PyTorch, or a file of ``torch.export``, to the neutral graph."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from rfdocs.errors import RfdocsError
from rfdocs.importing.foreign_graph import ForeignGraph, Node, live
from rfdocs.importing.torch_constants import computed, given, written
from rfdocs.importing.torch_draft import Draft, Fixed, OperatorCall, Shape, Traced, tensors_of
from rfdocs.importing.torch_export import exported, functional, loaded, torch_itself
from rfdocs.importing.torch_names import is_of, whereabouts
from rfdocs.importing.torch_operators import NOTHING_LEFT, OF_SHAPE_ONLY, RULES, reason_against
from rfdocs.importing.torch_shapes import put_back
from rfdocs.importing.torch_tensors import Tensors

#: PyTorch has no operator for it: it is what divides last in a function of this name.
_LOCAL, _LOCAL_MODULE = "local_response_norm", "torch.nn.modules.normalization.LocalResponseNorm"
_OPEN = "how much it returns depends on the numbers that it reads, which would have to be known"
_POSITIONS = "it computes with the positions of maxima; what follows from them would have to be known"


def read_torch(module: Any, size: Sequence[int]) -> ForeignGraph:
    """What a model does with one image of ``size``: channels, then the spatial axes.

    Raises: RfdocsError, where PyTorch cannot export it; MissingExtra, where there is no PyTorch.
    """
    return read_program(exported(module, size))


def read_pt2(path: Path | str) -> ForeignGraph:
    """What the program of a file does with its image. Raises: RfdocsError, where the file holds none."""
    return read_program(loaded(path))


def read_program(program: Any) -> ForeignGraph:
    """What an exported program does with its image.

    Raises: RfdocsError, where it has no image, or several, or returns nothing that depends on it.
    """
    returned = (reading := _Reading(program)).returned()
    if returned is None:
        program = functional(program)
        returned = (reading := _Reading(program)).returned()
    if returned is None:
        raise RfdocsError("the model writes into tensors whose parts it reads later, in a way that cannot be followed")
    return reading.graph(_outputs(program, returned))


def _outputs(program: Any, returned: Sequence[Any]) -> list[int]:
    """The nodes that a caller gets, of all that is returned."""
    wanted = torch_itself().export.graph_signature.OutputKind.USER_OUTPUT
    pairs = zip(program.graph_signature.output_specs, returned, strict=True)
    values = tensors_of(value for spec, value in pairs if spec.kind == wanted)
    outputs = [value.number for value in values if isinstance(value, Traced)]
    if not outputs:
        raise RfdocsError("nothing that the model returns depends on its image")
    return outputs


class Signature(NamedTuple):
    """What is known of an operator: its name; its arguments and their defaults; and whether what it returns shares its
    numbers with the first of them, and whether it writes into that.
    """

    key: str
    arguments: tuple[tuple[str, Any], ...]
    shares: bool
    writes: bool


@cache
def signature_of(target: Any) -> Signature:
    """The signature of an overload of an operator."""
    schema = target._schema  # noqa: SLF001 - PyTorch has no other name for it
    space, _, name = schema.name.partition("::")
    declared = schema.arguments
    first = declared[0].alias_info if declared else None
    plain = name if name.startswith("__") else name.rstrip("_")
    return Signature(
        plain if space == "aten" else f"{space}.{name}",
        tuple((argument.name, argument.default_value) for argument in declared),
        first is not None,
        first is not None and first.is_write,
    )


@dataclass(slots=True)
class _Reading:
    """One exported program, the nodes that came of it so far, and how long its learned tensors are."""

    program: Any
    draft: Draft = field(default_factory=Draft)
    lengths: dict[str, int] = field(default_factory=dict)

    def returned(self) -> list[Any] | None:
        """What the program returns; nothing, where writing into tensors cannot be followed."""
        module = self.program.graph_module
        inputs = self._inputs()
        names = [node.name for node in module.graph.nodes if node.op == "placeholder"]
        return _Walk.through(self.draft, module, [inputs.get(name) for name in names])

    def graph(self, outputs: Sequence[int]) -> ForeignGraph:
        """The graph, without what no output depends on."""
        return live(ForeignGraph(tuple(self.draft.nodes), tuple(outputs), self.lengths))

    def _inputs(self) -> dict[str, Traced | Fixed]:
        """What the program is given, by the names of its nodes: learned and fixed tensors, and the image."""
        kinds = torch_itself().export.graph_signature.InputKind
        specs = self.program.graph_signature.input_specs
        image = self._image([spec.arg.name for spec in specs if spec.kind == kinds.USER_INPUT])
        tensors: dict[str, Any] = {**self.program.state_dict, **self.program.constants}
        others = [spec for spec in specs if hasattr(tensors.get(spec.target), "shape")]
        first = _first_names(self.program.state_dict)
        learned = {spec.arg.name: first[spec.target] for spec in others if spec.kind == kinds.PARAMETER}
        self.lengths |= {name: tensors[name].numel() for name in learned.values()}
        fixed = {spec.arg.name: given(tensors[spec.target], *_listed(learned, spec.arg.name)) for spec in others}
        return {**fixed, **image}

    def _image(self, names: Sequence[str]) -> dict[str, Traced | Fixed]:
        """The image, which is the first node. Raises: RfdocsError, where the program takes none, or several."""
        nodes = {node.name: node.meta.get("val") for node in self.program.graph_module.graph.nodes}
        tensors = {name: nodes[name] for name in names if hasattr(nodes[name], "shape")}
        if len(tensors) != 1:
            raise RfdocsError(f"the model takes {len(tensors)} tensors, and not one image")
        [(name, tensor)] = tensors.items()
        return {name: self.draft.add(Node("image", (), _shape(tensor)))}


def _listed(names: Mapping[str, str], name: str) -> list[str]:
    return [names[name]] if name in names else []


def _first_names(state: Mapping[str, Any]) -> dict[str, str]:
    """For each name of a tensor the first one that the same tensor has."""
    first: dict[Any, str] = {}
    return {name: first.setdefault(_identity(tensor), name) for name, tensor in state.items()}


def _identity(tensor: Any) -> Any:
    """What is the same of two names for one tensor: where its numbers lie, if it has any."""
    place = 0 if tensor.device.type == "meta" or hasattr(tensor, "fake_device") else tensor.data_ptr()
    return (place, tuple(tensor.shape), tensor.stride()) if place else id(tensor)


@dataclass(slots=True)
class _Walk:
    """One graph, of the program or inside it, on the way from operator to operator."""

    draft: Draft
    module: Any
    tensors: Tensors
    node_type: type[Any]

    @classmethod
    def through(cls, draft: Draft, module: Any, inputs: Sequence[Any]) -> list[Any] | None:
        """What a graph returns; nothing, where writing into tensors cannot be followed."""
        nodes = list(module.graph.nodes)
        walk, given_one = cls(draft, module, Tensors.of(nodes), type(nodes[0])), iter(inputs)
        for node in nodes:
            if node.op == "output":
                returned = walk.known(node.args[0])
                return list(returned) if isinstance(returned, list) else [returned]
            if node.op == "placeholder":
                walk.tensors.keep(node, next(given_one))
            elif not walk.step(node):
                return None
        return []

    def known(self, value: Any) -> Any:
        """An argument, with what is known in the place of nodes."""
        if isinstance(value, self.node_type):
            return self.tensors[value]
        return [self.known(part) for part in value] if isinstance(value, list | tuple) else value

    def step(self, node: Any) -> bool:
        """Whether a node could be followed."""
        if node.op == "get_attr":
            value = getattr(self.module, node.target)
            self.tensors.keep(node, given(value) if hasattr(value, "shape") else value)
        elif node.target is operator.getitem:
            self.tensors.keep(node, self.tensors[node.args[0]][node.args[1]], node.args[0])
        elif hasattr(node.target, "_schema"):
            return self._operator(node, signature_of(node.target))
        elif (number := _number(node.meta.get("val"))) is not None:
            self.tensors.keep(node, number)
        else:
            return self._outside(node)
        return True

    def _operator(self, node: Any, signature: Signature) -> bool:
        value = self._value(node, signature)
        source = node.args[0] if signature.shares and node.args and isinstance(node.args[0], self.node_type) else None
        if source is not None and signature.writes:
            return self.tensors.write(node, value, source, partial(self._put_back, node))
        self.tensors.keep(node, value, source)
        return True

    def _put_back(self, node: Any, view: Any, whole: Traced | Fixed, part: Traced | Fixed) -> Any:
        """What a tensor is when an operator wrote into a view of it; nothing, where that is not known."""
        if not hasattr(view.target, "_schema"):
            return None
        signature = signature_of(view.target)
        arguments = self._arguments(view, signature)
        if isinstance(whole, Fixed) and isinstance(part, Fixed):
            return written(view.target, arguments, whole, part)
        arguments[next(iter(arguments))] = whole
        return put_back(OperatorCall(self.draft, arguments, (whole.shape,), whereabouts(node)), signature.key, part)

    def _value(self, node: Any, signature: Signature) -> Any:
        result = node.meta.get("val")
        if result is None or signature.key.startswith(NOTHING_LEFT):
            return None
        arguments = self._arguments(node, signature)
        of_shape_only = signature.key in OF_SHAPE_ONLY
        read = list(arguments.values())[of_shape_only:]
        is_traced = any(isinstance(value, Traced) for value in tensors_of(read))
        shapes, several = _shapes(result), isinstance(result, list | tuple)
        if shapes is None and ((number := _number(result)) is not None or not is_traced):
            return number
        shapes = shapes or ((),)
        if not is_traced:
            return computed(node.target, arguments, _settled(shapes), several=several, of_shape_only=of_shape_only)
        call = OperatorCall(self.draft, arguments, _settled(shapes), whereabouts(node))
        key = _LOCAL if signature.key == "div" and is_of(node.meta, _LOCAL, _LOCAL_MODULE) else signature.key
        value = _translated(call, key) if call.shapes == shapes else call.unknown(_OPEN)
        return (value,) if several and not isinstance(value, tuple | list) else value

    def _arguments(self, node: Any, signature: Signature) -> dict[str, Any]:
        arguments = dict(signature.arguments)
        arguments.update({name: self.known(value) for name, value in zip(arguments, node.args, strict=False)})
        arguments.update({name: self.known(value) for name, value in node.kwargs.items()})
        return arguments

    def _outside(self, node: Any) -> bool:
        """A call of what is no operator: of a graph inside the graph, as if its operators stood here, or of others."""
        values = [self.known(part) for part in node.args]
        inside = [place for place, value in enumerate(values) if hasattr(value, "graph")]
        if "wrap_with" in str(node.target) and len(inside) == 1:
            module = values[inside[0]]
            returned = _Walk.through(self.draft, module, values[inside[0] + 1 :])
            self.tensors.keep(node, returned)
            return returned is not None and not _writes(module)
        arguments = {str(place): value for place, value in enumerate(values)}
        call = OperatorCall(self.draft, arguments, _shapes(node.meta.get("val")) or ((),), whereabouts(node))
        unknown = call.unknown(reason_against(str(node.target)))
        is_one = isinstance(unknown, Traced) and isinstance(node.meta.get("val"), list | tuple)
        self.tensors.keep(node, (unknown,) if is_one else unknown)
        return True


def _writes(module: Any) -> bool:
    """Whether an operator of a graph writes into a tensor: it may be one from outside."""
    targets = (node.target for node in module.graph.nodes if hasattr(node.target, "_schema"))
    return any(signature_of(target).writes for target in targets)


def _translated(call: OperatorCall, key: str) -> Any:
    tensors = tensors_of(call.arguments.values())
    if any(isinstance(value, Traced) and value.positions for value in tensors) and not key.startswith("max_unpool"):
        return call.unknown(_POSITIONS)
    rule = RULES.get(key)
    return call.unknown(reason_against(key)) if rule is None else rule(call)


def _shapes(value: Any) -> tuple[Shape, ...] | None:
    """The shapes of one tensor or several; nothing, where it is another thing."""
    if hasattr(value, "shape"):
        return (_shape(value),)
    if isinstance(value, list | tuple):
        return tuple(_shape(part) if hasattr(part, "shape") else () for part in value)
    return None


def _shape(tensor: Any) -> Shape:
    return tuple(_number(length) for length in tensor.shape)


def _settled(shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """Shapes with a 0 for each length that the image decides."""
    return tuple(tuple(length or 0 for length in shape) for shape in shapes)


def _number(value: Any) -> Any:
    """A number; of one that the program leaves open, what it was when it was exported."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return getattr(getattr(value, "node", None), "hint", None)
