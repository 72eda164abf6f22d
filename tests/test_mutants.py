"""The mutants of `make mutants`: what is changed, and in which functions."""

import ast
import json
from pathlib import Path

import mutants
import pytest


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ("f(a < b <= 2)", ["pass", "f(a <= b <= 2)", "f(a < b < 2)", "f(a < b <= 3)"]),
        ("x = a or b > 0", ["x = a", "x = b > 0", "x = a and b > 0", "x = a or b >= 0", "x = a or b > 1"]),
        ("return (a, b) == (c, d)", ["return (b,) == (d,)", "return (a,) == (c,)", "return (a, b) != (c, d)"]),
        ("if not ready: go()", ["if ready:", "pass"]),
        ("if ready: go()", ["if not ready:", "pass"]),
        ("x = [y for y in z if y]", ["x = [y for y in z]"]),
        (
            "x -= min(-y, True)",
            ["x += min(-y, True)", "x -= max(-y, True)", "x -= min(y, True)", "x -= min(-y, False)"],
        ),
        ("x: int = 'a'", []),
    ],
)
def test_one_thing_changes_at_a_time(statement: str, changed: list[str]) -> None:
    tree = ast.parse(statement)
    assert sorted(after for _, after in mutants.changes(tree, None)) == sorted(changed)
    assert ast.unparse(tree) == ast.unparse(ast.parse(statement))


def test_every_function_is_changed_whatever_its_decorator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "class A:\n @property\n def b(self, c=1):\n  return 2\nd = lambda e: e or 3\nf = 4\n"
    (tmp_path / "module.py").write_text(source, "utf-8")
    monkeypatch.setattr(mutants, "PACKAGE", tmp_path)
    changed = [(mutant.key[2], mutant.after) for mutant in mutants.mutants("module.py")]
    assert changed == [
        ("A.b", "return 3"),
        *(("<lambda>", f"lambda e: {after}") for after in ("3", "e", "e and 3", "e or 4")),
    ]


def test_a_mutant_ends_in_a_process_of_its_own() -> None:
    assert mutants.forked(lambda: ["one", json.dumps(2)]) == ("one\n2\n", 0)
    assert mutants.forked(lambda: [str(1 // 0)])[1] != 0


def test_a_mutant_that_is_named_as_equivalent_has_a_reason_and_still_exists() -> None:
    named = mutants.named()
    assert all(one["reason"] and one["after"] for one in named)
    equivalents = mutants.equivalents()
    changed = {(before, after) for _, _, before, after in equivalents}
    existing = {mutant.identity for path in {one["file"] for one in named} for mutant in mutants.mutants(path, changed)}
    assert equivalents - existing == set()
