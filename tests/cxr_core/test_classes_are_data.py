"""Which classes there are is said in the settings and by the readers; below them it is data."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[2] / "cxr_core"
MAY_KNOW = ("findings.py", "experiment.py", "datasets/", "phantom/")
"""The vocabulary, the settings, what reads published layouts and what draws them."""

SHAPES = ("shape", "n_classes", "k", "minlength")


def modules() -> list[str]:
    paths = (path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*.py"))
    return sorted(name for name in paths if not name.startswith(MAY_KNOW))


def _six(tree: ast.AST) -> Iterator[int]:
    """Lines where a 6 stands for a length: in a tuple, as an argument, in a comparison, in a `range`."""
    for node in ast.walk(tree):
        held: list[ast.expr] = []
        if isinstance(node, ast.Tuple):
            held = node.elts
        elif isinstance(node, ast.Call):
            held = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg in SHAPES)]
        elif isinstance(node, ast.Compare):
            held = [node.left, *node.comparators]
        yield from (one.lineno for one in held if isinstance(one, ast.Constant) and one.value == 6)


@pytest.mark.parametrize("name", modules())
def test_nothing_below_the_settings_knows_which_classes_there_are(name: str) -> None:
    tree = ast.parse((LIBRARY / name).read_text(encoding="utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "cxr_core.findings"
        for alias in node.names
    }
    assert not imported & {"FINDINGS", "NO_FINDING"}
    assert not any(
        isinstance(node, ast.Attribute) and node.attr in ("FINDINGS", "NO_FINDING") for node in ast.walk(tree)
    )


# `augmentation` draws six numbers an image, `small` has a kernel of 6.
@pytest.mark.parametrize("name", sorted({*modules()} - {"training/augmentation.py", "network/trunks.py"}))
def test_nothing_below_the_settings_knows_how_many_there_are(name: str) -> None:
    assert [*_six(ast.parse((LIBRARY / name).read_text(encoding="utf-8")))] == []
