"""What the type checker does not read (tests, benchmarks, docs' scripts) imports what there is.

A module that only another process runs is otherwise found broken when that process is started.
"""

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("cxr_core", "dashboard", "tests", "benchmarks", "docs", "train")
FOLDERS = ("tests", "benchmarks", "docs")


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_imported_exists(folder):
    missing = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or node.level or (node.module or "").split(".")[0] not in OURS:
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            missing += [
                f"{where}: {node.module}.{alias.name}" for alias in node.names if not _exists(node.module, alias.name)
            ]
    assert missing == []


def _exists(module: str, name: str) -> bool:
    try:
        return hasattr(importlib.import_module(module), name) or importlib.import_module(f"{module}.{name}") is not None
    except ModuleNotFoundError:
        return False
