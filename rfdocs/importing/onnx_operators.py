"""Every operator of ONNX that is understood, by its name; and what quantised and fused ones are without that."""

from __future__ import annotations

from typing import Any, NamedTuple

import onnx
from onnx import helper

from rfdocs.importing import onnx_layout, onnx_norms, onnx_pointwise, onnx_recurrences, onnx_resampling, onnx_windows
from rfdocs.importing.onnx_draft import Handler
from rfdocs.importing.onnx_file import OWN_DOMAINS

OPERATORS: dict[str, Handler] = {
    **onnx_windows.TABLE,
    **onnx_pointwise.TABLE,
    **onnx_norms.TABLE,
    **onnx_layout.TABLE,
    **onnx_resampling.TABLE,
    **onnx_recurrences.TABLE,
}


class Plain(NamedTuple):
    """What an operator is without its quantisation: another, of some of its inputs; each from ``first`` on by ``step``,
    or those at ``inputs``.
    """

    operator: str
    inputs: tuple[int, ...] = ()
    first: int = 0
    step: int = 0

    def pick(self, names: list[str]) -> list[str]:
        """Its inputs.

        >>> Plain("Conv", (0, 3, 8)).pick(list("abcdefgh"))
        ['a', 'd']
        """
        return names[self.first :: self.step] if self.step else [names[at] for at in self.inputs if at < len(names)]


#: Quantised operators, and those that some runtimes add: of ONNX's own domain, and of Microsoft's.
PLAIN = {
    "QLinearConv": Plain("Conv", (0, 3, 8)),
    "ConvInteger": Plain("Conv", (0, 1)),
    "QLinearMatMul": Plain("MatMul", (0, 3)),
    "MatMulInteger": Plain("MatMul", (0, 1)),
    "QGemm": Plain("Gemm", (0, 3, 6)),
    "QLinearAdd": Plain("Add", (0, 3)),
    "QLinearMul": Plain("Mul", (0, 3)),
    "QLinearSigmoid": Plain("Sigmoid", (0,)),
    "QLinearLeakyRelu": Plain("LeakyRelu", (0,)),
    "QLinearSoftmax": Plain("Softmax", (0,)),
    "QLinearGlobalAveragePool": Plain("GlobalAveragePool", (0,)),
    "QLinearAveragePool": Plain("AveragePool", (0,)),
    "QLinearReduceMean": Plain("ReduceMean", (0,)),
    "QLinearConcat": Plain("Concat", first=2, step=3),
    "FusedConv": Plain("Conv", (0, 1, 2, 3)),
    "FusedMatMul": Plain("MatMul", (0, 1)),
    "Gelu": Plain("Gelu", (0, 1)),
    "QuickGelu": Plain("Gelu", (0, 1)),
    "FastGelu": Plain("Gelu", (0, 1)),
    "QuantizeLinear": Plain("Identity", (0,)),
    "DequantizeLinear": Plain("Identity", (0,)),
}
#: Those that are so in ONNX's own domain.
OWN = frozenset({"QLinearConv", "ConvInteger", "QLinearMatMul", "MatMulInteger", "QuantizeLinear", "DequantizeLinear"})
#: Attributes of Microsoft's operators under which they are not what is said above.
EXCEPT = ("channels_last", "transBatchA", "transBatchB")


def plain_form(node: Any) -> Any:
    """The node without its quantisation, of the newest version of its operator; nothing where that is not known."""
    plain = PLAIN.get(node.op_type)
    if plain is None or not (node.domain == "com.microsoft" or (node.domain in OWN_DOMAINS and node.op_type in OWN)):
        return None
    if any(one.name in EXCEPT and one.i for one in node.attribute):
        return None
    form = helper.make_node(plain.operator, plain.pick(list(node.input)), list(node.output[:1]), node.name)
    known = onnx.defs.get_schema(plain.operator).attributes
    form.attribute.extend([one for one in node.attribute if one.name in known])
    return form
