"""Sources that are Python calls: what is one, what it gives, and how it fails."""

import json
import re
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from rfdocs.errors import RfdocsError
from rfdocs.extras import MissingExtra
from rfdocs.importing.calls import called, is_call
from rfdocs.importing.model_sources import of_module
from rfdocs.importing.torch_reader import read_pt2

CALLS = [
    "timm.create_model('resnet50d')",
    "torchvision.models.resnet50()",
    " package.nets.build(1, a=[2, 3]) ",
    "package.nets:build",
    "package.nets:Net.of('a:b')",
    "package.nets.detector(3).backbone.body",
]
OTHERS = ["resnet50", "net.onnx", "folder/net.pt2", "my.yaml", "my.yaml:small", "a b()", "nets:", "torch.nn.Conv2d", ""]


@pytest.mark.parametrize("source", CALLS)
def test_a_call_is_known_by_its_form(source: str) -> None:
    assert is_call(source)


@pytest.mark.parametrize("source", OTHERS)
def test_nothing_else_is_one(source: str) -> None:
    assert not is_call(source)
    with pytest.raises(RfdocsError, match="is no Python call; such as timm") as told:
        called(source)
    assert told.value.message == f"'{source}' is no Python call"


def test_a_call_is_evaluated_with_names_calls_and_literals() -> None:
    assert called("collections.Counter('abb')") == Counter(a=1, b=2)
    assert called("fractions:Fraction(-1, denominator=2)") == called("fractions.Fraction(numerator=-1, denominator=2)")
    assert called("collections:Counter") == Counter()
    assert called("sys:maxsize") == sys.maxsize
    assert called("fractions.Fraction(1, 3).denominator.real") == 3


def test_what_is_given_is_what_it_is_in_python() -> None:
    assert called("copy.copy([(1, 2), {'a': fractions.Fraction(1), 'b': json.loads}])") == [
        (1, 2),
        {"a": 1, "b": json.loads},
    ]
    assert called("copy.copy(dict(channels=tuple([1, 2])))") == {"channels": (1, 2)}
    assert called("fractions.Fraction(**{'numerator': 1, 'denominator': 3})") == called("fractions.Fraction(1, 3)")


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        ("no_such_package.nets()", "needs `no_such_package`, and there is no such module", "no_such_package"),
        ("json.laods('1')", "fails: `json` has no `laods`", "did you mean 'loads'?"),
        ("json.something()", "fails: `json` has no `something`", ""),
        ("json.loads('{')", "fails: JSONDecodeError: Expecting property name", "has to work in Python itself"),
        (
            "json.loads(x)",
            "fails: 'x' is no dotted name, no call and no literal",
            "nothing else of Python is evaluated",
        ),
        ("json.loads(open)", "fails: 'open' is no dotted name", "nothing else of Python is evaluated"),
        ("json.loads(lambda: 1)", "fails: 'lambda: 1' is no dotted name", "nothing else of Python is evaluated"),
        ("copy.copy({**{}})", "fails: '{**{}}' is no dotted name", "nothing else of Python is evaluated"),
        ("math.sqrt(1 + 1)", "fails: '1 + 1' is no dotted name", "nothing else of Python is evaluated"),
        ("sys.exit(3)", "fails: SystemExit: 3", "has to work in Python itself"),
    ],
)
def test_what_goes_wrong_is_told_without_a_traceback(source: str, message: str, hint: str) -> None:
    with pytest.raises(RfdocsError, match=re.escape(f"{source} {message}")) as told:
        called(source)
    assert hint in told.value.hint


def test_a_module_of_the_working_directory_is_found_and_its_line_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nets_of_this_test.py").write_text(
        "def build(n=3):\n    print(n)\n    return [n]\n\ndef fail():\n    return 1 / 0\n"
    )
    monkeypatch.chdir(tmp_path)
    paths = list(sys.path)
    assert called("nets_of_this_test:build") == [3]
    assert called("nets_of_this_test:build(n=4)") == [4]
    with pytest.raises(RfdocsError, match=r"ZeroDivisionError: division by zero \(nets_of_this_test\.py:6\)"):
        called("nets_of_this_test.fail()")
    assert sys.path == paths
    assert capsys.readouterr() == ("", "3\n4\n")


@pytest.mark.skipif(find_spec("torch") is not None, reason="PyTorch is installed")
def test_without_pytorch_what_installs_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingExtra, match=r"torch is not installed, .*; pip install 'rfdocs\[torch\]'"):
        read_pt2(tmp_path / "net.pt2")
    with pytest.raises(MissingExtra, match=r"rfdocs\[torch\]"):
        of_module(None)
