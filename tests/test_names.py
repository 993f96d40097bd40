"""Names: a class means one thing in both packages, and a name that was given up does not come back."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for package in ("cxr_core", "dashboard") for path in (ROOT / package).rglob("*.py"))

RETIRED_MODULES = {
    "answering", "beside", "bring_in", "chosen", "drawn", "evaluated", "followed", "gone", "hands", "listed",
    "looked_at", "memory", "no_skill", "offered", "set_aside", "shown", "side_by_side", "tiles", "typed", "walk",
    "walks", "without_skill",
}  # fmt: skip

RETIRED_CLASSES = {
    "Answering", "Beside", "Counted", "Drawn", "Followed", "Found", "LookedAt", "Memory", "NoSkill", "Noted", "Offered",
    "Part", "Place", "Shown", "Stored", "Walk",
}  # fmt: skip


def _public_classes() -> dict[str, list[str]]:
    found = defaultdict(list)
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(ROOT).as_posix())
    return found


def test_a_class_name_means_one_thing_in_both_packages():
    assert {name: paths for name, paths in _public_classes().items() if len(paths) > 1} == {}


def test_a_class_that_was_renamed_does_not_come_back():
    assert not RETIRED_CLASSES & _public_classes().keys()


def test_a_module_that_was_renamed_does_not_come_back():
    assert not RETIRED_MODULES & {path.stem for path in MODULES}
