"""One node of an ONNX file: what it gives, of what is known of what it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnx
from onnx import helper

from rfdocs.importing.drafts import Puzzling
from rfdocs.importing.foreign_graph import Node
from rfdocs.importing.onnx_draft import Dims, GraphDraft, Handler, OnnxCall, OnnxTensor
from rfdocs.importing.onnx_file import FLOATS, OWN_DOMAINS, OnnxFile
from rfdocs.importing.onnx_limits import OnnxError, short
from rfdocs.importing.onnx_operators import OPERATORS, plain_form
from rfdocs.importing.onnx_pointwise import FUNCTIONS
from rfdocs.importing.onnx_scopes import line_of, scope_of
from rfdocs.importing.onnx_shapes import Outlook, attributes_of, computed, is_known, outlooks

Read = Sequence[OnnxTensor | None]

_FLOAT = onnx.TensorProto.FLOAT
_WHOLE = onnx.TensorProto.INT64
#: Attributes of a `Constant`, apart from a tensor, with the type of what they hold.
_LITERALS: Mapping[str, type[Any]] = {
    "value_float": np.float32,
    "value_floats": np.float32,
    "value_int": np.int64,
    "value_ints": np.int64,
}


@dataclass(frozen=True, slots=True)
class NodeReader:
    """What reads nodes; ``declared`` are the shapes that the file tells, ``resized`` whether at another size."""

    file: OnnxFile
    draft: GraphDraft
    declared: Mapping[str, Dims]
    resized: bool

    def literal(self, node: Any) -> list[OnnxTensor]:
        """The output of a `Constant`."""
        name = node.output[0] if node.output else ""
        for one in node.attribute:
            if one.HasField("t"):
                return [replace(self.file.tensor(one.t, name=name), name=name)]
            if one.name in _LITERALS:
                value = np.asarray(helper.get_attribute_value(one), dtype=_LITERALS[one.name])
                element = _FLOAT if one.name.startswith("value_float") else _WHOLE
                return [OnnxTensor(name, element, value.shape, None, value)]
        return [OnnxTensor(name, onnx.TensorProto.STRING, None)]

    def outputs(self, node: Any, read: Read, around: Sequence[OnnxTensor] = ()) -> list[OnnxTensor]:
        """What a node gives; ``around`` are tensors that graphs in it read.

        Raises: OnnxError where it contradicts its operator.
        """
        if node.op_type == "CastLike" and len(read) == 2 and read[1] is not None:
            node, read = helper.make_node("Cast", node.input[:1], node.output, node.name, to=read[1].element), read[:1]
        if node.op_type in {"Shape", "Size"} and read and read[0] is not None and read[0].shape is not None:
            return [_told(node, read[0].shape)]
        if all(one is None or one.is_constant for one in (*read, *around)):
            return self._constants(node, read)
        try:
            return self._translated(node, read, around)
        except Puzzling as why:
            return self._unknown(node, (*read, *around), str(why))

    def _constants(self, node: Any, read: Read) -> list[OnnxTensor]:
        """Outputs that no image changes: what was learned flows through."""
        try:
            ahead = self._ahead(node, read)
        except Puzzling:
            ahead = [Outlook(_FLOAT, self.declared.get(name)) for name in node.output]
        values = computed(node, read, ahead, self.file.opset) if node.domain in OWN_DOMAINS else {}
        learned, fixed = self._flowing(node, [one for one in read if one is not None])
        tensors = []
        for name, (element, shape) in zip(node.output, ahead, strict=True):
            value = values.get(name)
            names = learned if element in FLOATS else ()
            size = shape if value is None else value.shape
            tensors.append(OnnxTensor(name, element, size, None, value, names, fixed))
        return [tensor for tensor in tensors if tensor.name]

    def _flowing(self, node: Any, read: Sequence[OnnxTensor]) -> tuple[tuple[str, ...], bool]:
        """The learned tensors that flow through a node of constants, and whether it is known that there are none.

        What a quantisation's scale and zero are nobody learned. Equal tensors of ones or zeros, as they are before a
        training, PyTorch writes once: an identity stands for each of the others.
        """
        if node.op_type == "DequantizeLinear" and read:
            return self.draft.weights(read[0]), read[0].fixed
        if node.op_type == "Identity" and read and read[0].uniform and self.file.producer == "pytorch":
            return self._again(node.output[0], read[0]), read[0].fixed
        names = tuple(dict.fromkeys(name for one in read for name in one.learned))
        return names, not names and any(one.fixed for one in read)

    def _again(self, name: str, tensor: OnnxTensor) -> tuple[str, ...]:
        if not tensor.learned:
            return ()
        self.draft.counts[name] = tensor.count
        return (name,)

    def _ahead(self, node: Any, read: Read, element: int | None = None) -> list[Outlook]:
        """What the package knows of the outputs.

        Raises: Puzzling where it does not know the operator; OnnxError where that is not as it must be.
        """
        if node.domain not in OWN_DOMAINS or not is_known(node, self.file.opset):
            raise Puzzling(_not_known(node))
        try:
            return outlooks(node, read, self.file.opset, element)
        except OnnxError as error:
            if any(one is not None and one.doubtful for one in read):
                raise Puzzling("it follows from what is not understood") from None
            hint = "leave the size out: it was exported for one" if self.resized else "export it again"
            raise OnnxError(f"{self.file.path}: {error.message}", hint) from None

    def _translated(self, node: Any, read: Read, around: Sequence[OnnxTensor]) -> list[OnnxTensor]:
        """The outputs of a node that an image changes.

        Raises: Puzzling.
        """
        if around:
            raise Puzzling("which of the graphs in it is run, and how often, would have to be constant")
        if any(one is not None and one.shape is None for one in read):
            raise Puzzling("the shape of what it reads is not known")
        if node.op_type != "MaxUnpool" and any(one is not None and one.places for one in read):
            raise Puzzling("only a MaxUnpool reads the places of maxima")
        plain, known, element = node, read, None
        form = plain_form(node)
        if form is not None:
            plain, element = form, _FLOAT
            named = dict(zip(node.input, read, strict=True))
            known = [named.get(name) for name in form.input]
        try:
            ahead = self._ahead(plain, known, element)
        except OnnxError as error:
            if form is None:
                raise
            raise Puzzling(error.message) from None
        if form is not None:
            ahead = [Outlook(self._stored(node, read, known), ahead[0].shape)]
        handler = OPERATORS.get(plain.op_type)
        if handler is None:
            raise Puzzling(_not_known(node))
        if ahead[0].shape is None:
            raise Puzzling("the shape of what it gives depends on the image, or is not known")
        return self._handled(node, plain, known, ahead, handler)

    def _stored(self, node: Any, read: Read, known: Read) -> int:
        """The type of what a quantised operator gives: as it says itself, or that of what it reads."""
        try:
            return self._ahead(node, read)[0].element
        except (OnnxError, Puzzling):
            return known[0].element if known and known[0] is not None else _FLOAT

    def _handled(
        self, node: Any, plain: Any, read: Read, ahead: Sequence[Outlook], handler: Handler
    ) -> list[OnnxTensor]:
        notes = {one.key: one.value for one in node.metadata_props}
        call = OnnxCall(
            plain.op_type,
            self.file.opset,
            attributes_of(plain),
            tuple(read),
            tuple(one.shape or () for one in ahead),
            node.name,
            notes,
            line_of(notes),
            self.draft,
            self.file.producer != "pytorch",
        )
        try:
            numbers = _numbers(handler, call)
        except OnnxError as error:
            who = f"the {short(node.op_type)} '{short(node.name)}'"
            raise OnnxError(f"{self.file.path}: {who}: {error.message}", error.hint) from None
        if node.op_type == "FusedConv":
            numbers = (self._activated(node, call, numbers[0]),)
        return self._tensors(node, read, ahead, numbers)

    def _activated(self, node: Any, call: OnnxCall, number: int) -> int:
        activation = attributes_of(node).get("activation", "")
        if activation in {"Clip", ""}:
            return call.add("pointwise", number, word="clip") if activation else number
        if activation not in FUNCTIONS:
            raise Puzzling(f"its `activation` {short(activation)} would have to be known")
        return call.add("pointwise", number, word=FUNCTIONS[activation])

    def _tensors(self, node: Any, read: Read, ahead: Sequence[Outlook], numbers: tuple[int, ...]) -> list[OnnxTensor]:
        tensors = []
        doubtful = any(one is not None and one.doubtful for one in read)
        for at, (name, (element, shape)) in enumerate(zip(node.output, ahead, strict=False)):
            if at < len(numbers) and shape is not None:
                places = node.op_type == "MaxPool" and at == 1
                self.draft.name(numbers[at], name)
                tensors.append(OnnxTensor(name, element, shape, numbers[at], places=places, doubtful=doubtful))
            elif name:
                tensors.append(self._missing(node, name, numbers[0], element, shape))
        return [tensor for tensor in tensors if tensor.name]

    def _missing(self, node: Any, name: str, number: int, element: int, shape: Dims | None) -> OnnxTensor:
        why = {"why": "what this output reads would have to be known"}
        new = self.draft.add(Node("unknown", (number,), shape or (), why, operator=node.op_type, tensor=name))
        return OnnxTensor(name, element, shape, new)

    def _unknown(self, node: Any, read: Read, why: str) -> list[OnnxTensor]:
        """Outputs that are not understood, and what would have to be."""
        given = [one for one in read if one is not None]
        inputs = tuple(dict.fromkeys(one.number for one in given if one.number is not None))
        fixed = [one for one in given if one.is_constant and self.draft.holds_learned(one)]
        learned = tuple(dict.fromkeys(name for one in fixed for name in one.learned))
        notes = {one.key: one.value for one in node.metadata_props}
        scope, line = scope_of(node.name, node.op_type, learned, notes), line_of(notes)
        tensors = []
        for name, (element, shape) in zip(node.output, self._expected(node, read), strict=True):
            new = self.draft.add(
                Node("unknown", inputs, shape or (), {"why": why}, learned, scope, short(node.op_type), line, name)
            )
            tensors.append(OnnxTensor(name, element, shape, new, doubtful=True))
        return [tensor for tensor in tensors if tensor.name]

    def _expected(self, node: Any, read: Read) -> list[Outlook]:
        """What the outputs of a node that is not understood are like, as far as anybody tells."""
        told = [Outlook(_FLOAT, self.declared.get(name)) for name in node.output]
        if len(read) != len(node.input):
            return told
        try:
            ahead = self._ahead(node, read)
        except (OnnxError, Puzzling):
            return told
        return [new if new.shape is not None else old for new, old in zip(ahead, told, strict=True)]


def _numbers(handler: Handler, call: OnnxCall) -> tuple[int, ...]:
    """The nodes of a call.

    Raises: Puzzling where its inputs or attributes are of a kind that nobody expects.
    """
    try:
        answer = handler(call)
    except OnnxError:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError):
        raise Puzzling("its attributes and inputs are not of the kinds that it has") from None
    return (answer,) if isinstance(answer, int) else answer


def _told(node: Any, shape: Dims) -> OnnxTensor:
    """The shape of a tensor, or its size: a constant, whatever the tensor holds."""
    attributes = attributes_of(node)
    if node.op_type == "Size":
        value = np.asarray(np.prod(shape, dtype=np.int64))
    else:
        value = np.asarray(shape[attributes.get("start", 0) : attributes.get("end")], dtype=np.int64)
    return OnnxTensor(node.output[0] if node.output else "", _WHOLE, value.shape, None, value)


def _not_known(node: Any) -> str:
    domain = f"{short(node.domain)}::" if node.domain not in OWN_DOMAINS else ""
    return f"the operator {domain}{short(node.op_type)} is not known: what it reads would have to be"
