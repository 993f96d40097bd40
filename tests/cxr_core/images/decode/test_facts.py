"""A fact is named where it is read, and by nothing that carries it."""

import ast
from dataclasses import fields
from pathlib import Path

import cxr_core
from cxr_core.images.decode import facts
from cxr_core.images.decode.facts import NOT_RECORDED, ImageFacts

ROOT = Path(cxr_core.__file__).parent


def _names(path: Path) -> set[str]:
    """Every field, argument and attribute that a module names."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    named |= {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}
    return named | {
        node.target.id for node in nodes if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def test_an_attribute_out_of_a_header_is_named_in_one_module() -> None:
    places = [
        path.relative_to(ROOT).as_posix() for path in sorted(ROOT.rglob("*.py")) if "manufacturer" in _names(path)
    ]
    assert places == ["images/decode/facts.py"]


def test_every_fact_that_is_an_attribute_is_a_field() -> None:
    assert set(facts.ATTRIBUTES) <= {field.name for field in fields(ImageFacts)}
    assert all(getattr(NOT_RECORDED, field.name) is None for field in fields(ImageFacts))


def test_a_further_fact_raises_the_version_so_that_headers_are_read_again() -> None:
    known = {2: ("view", "sex", "age_years", "manufacturer", "model", "year", "synthetic")}
    assert known[facts.VERSION] == tuple(field.name for field in fields(ImageFacts))
