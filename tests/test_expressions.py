"""What stands between the brackets of `$(...)`: exact arithmetic, lists, and what is refused."""

from fractions import Fraction
from pathlib import Path

import pytest

import rfdocs
from rfdocs.graph.fingerprint import network_fingerprint
from rfdocs.language.expression import ExpressionError, Result, substitute

NAMES: dict[str, Result] = {"widths": (16, 32, 64), "rows": ((1, 2), (3, 4)), "n": 3, "norm": "batch"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$(2 ** 10)", 1024),
        ("$(2 ** -1)", Fraction(1, 2)),
        ("$(1.1 ** 2)", Fraction(121, 100)),
        ("$(-2 ** 2)", -4),
        ("$((1/2) ** 3)", Fraction(1, 8)),
        ("$(0 ** 0)", 1),
        ("$([2 * w for w in widths])", (32, 64, 128)),
        ("$([w for w in widths if w > 16 if w < 64])", (32,)),
        ("$([a * b for a, b in rows])", (2, 12)),
        ("$([[i, w] for w in widths for_ in 1][0])", ExpressionError),
        ("$([[i * w for i in range(2)] for w in widths])", ((0, 16), (0, 32), (0, 64))),
        ("$([2 ** i for i in range(n)][n - 1])", 4),
        ("$(len([n for n in widths]) + n)", 6),
        ("$(range(1, 4))", (1, 2, 3)),
        ("$(range(4, 1))", ()),
        ("$(norm == 'batch' and 'layer')", "layer"),
    ],
)
def test_what_an_expression_comes_to(text: str, value: object) -> None:
    if value is ExpressionError:
        with pytest.raises(ExpressionError, match="is not an expression"):
            substitute(text, NAMES)
    else:
        found = substitute(text, NAMES)
        assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$(2 ** 50)", "a number beyond"),
        ("$(2 ** 65)", "the exponent 65 is not a whole number from -64 to 64"),
        ("$(2 ** 0.5)", "the exponent 1/2 is not a whole number"),
        ("$(0 ** -1)", "0 has no power below 0"),
        ("$('a' ** 2)", "'a' is not a number"),
        ("$([a for a in n])", "3 is not a list"),
        ("$([a for a in widths for b in widths])", "more than one `for`"),
        ("$([a for a, b in widths])", "16 found; allowed: rows of 2 values"),
        ("$([a for a, b, c in rows])", "a row of 2 found; allowed: rows of 3 values"),
        ("$([1 for widths[0] in widths])", r"'widths\[0\]' is neither a name nor names"),
        ("$([1 for (a, (b, c)) in rows])", "is neither a name nor names"),
        ("$([a for b in widths])", "'a' is not defined"),
        ("$([a for a in widths] + [a])", "is not a number"),
        ("$({a for a in widths})", "is not allowed in an expression"),
        ("$(range(5001))", "more than 5000 values"),
        ("$(range(1, 2, 3))", "has the wrong arguments"),
        ("$(range(1/2))", "only whole numbers can be counted to"),
        ("$([range(4000) for i in range(2)])", "a list of more than 5000 values"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        substitute(text, NAMES)


def loaded(tmp_path: Path, layers: str) -> rfdocs.Entry:
    file = tmp_path / "network.yaml"
    file.write_text(f"input: {{channels: 2, size: 64}}\nparameters: {{deep: false}}\nlayers:\n{layers}", "utf-8")
    return rfdocs.load(str(file))


@pytest.mark.parametrize("off", ["none", "false", "$(deep and 'batch')", "$('none')"])
def test_what_is_switched_off_is_as_if_it_were_left_out(tmp_path: Path, off: str) -> None:
    left_out = loaded(tmp_path, "  - {conv: a, kernel: 3, channels: 2}\n")
    switched = loaded(
        tmp_path, f'  - {{conv: a, kernel: 3, channels: 2, norm: "{off}", act: "{off}"}}\n'.replace('"false"', "false")
    )
    assert network_fingerprint(switched.network) == network_fingerprint(left_out.network)
    assert switched.items == left_out.items
    assert switched.analyze()["a"].parameters == 14, "it has biases"


def test_a_loop_counts_its_turns_from_0_and_from_1(tmp_path: Path) -> None:
    entry = loaded(
        tmp_path,
        "  - for: dilation\n    in: $([2 ** i for i in range(3)])\n    index: at\n    number: stage\n"
        "    layers: [{conv: c$at.$stage, kernel: 3, dilation: $dilation, channels: $(4 * stage)}]\n"
        "  - {add: [{for: a, in: 2, index: i, layers: [{relu: r$i}]}], name: sum}\n",
    )
    assert [layer.name for layer in entry.network.layers] == ["c0.1", "c1.2", "c2.3", "r0", "r1", "sum"]
    assert entry.analyze()["c2.3"].receptive_field == (15,)
