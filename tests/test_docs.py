"""The pages of docs/ say what is there: modules, tables and columns, roles, tasks, metrics, contracts, decisions."""

import re
from pathlib import Path
from typing import get_args

import pytest

from cxr_core.metrics.catalogue import records
from cxr_core.settings import Role, SaliencyMethod
from cxr_core.store.schema import expected_tables, schema_sql
from dashboard import words
from docs import metrics, tree

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
CODES = {
    code
    for listed in re.findall(r" IN \(('\w+'.*?)\)", schema_sql(classes=6))
    for code in re.findall(r"'(\w+)'", listed)
}
PAGES = sorted((*ROOT.glob("*.md"), *DOCS.rglob("*.md")))


def _rows(text: str) -> list[list[str]]:
    """The rows of a page's tables, cell by cell."""
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def test_the_page_of_modules_is_that_of_the_code() -> None:
    assert tree.PAGE.read_text(encoding="utf-8") == tree.page(), "write it again: make docs"


def test_the_metrics_of_the_glossary_are_those_of_the_catalogue() -> None:
    assert metrics.page(GLOSSARY) == GLOSSARY, "write them again: make docs"
    named = {row[0].strip("`").removesuffix("_...") for row in _rows(GLOSSARY.split("## Metrics")[1].split("## ")[0])}
    assert {metric.name for metric in records() if metric.scope != "macro"} < named


def test_the_glossary_has_every_table_with_its_columns_in_their_order() -> None:
    header, *rows = _rows(GLOSSARY.split("## Tables of results.duckdb")[1])
    assert header == ["table", "a row is", "columns"]
    found = {table.strip("`"): columns.split(", ") for table, _, columns in rows}
    assert found == {table: list(columns) for table, columns in expected_tables().items()}


def test_the_glossary_has_every_role_as_pages_call_it() -> None:
    found = {row[0].strip("`"): row[1] for row in _rows(GLOSSARY) if row[0].strip("`") in get_args(Role)}
    assert found == {role: words.role(role) for role in get_args(Role)}


@pytest.mark.parametrize("code", sorted({*CODES, *get_args(SaliencyMethod)}))
def test_the_glossary_has_every_code_of_a_closed_list(code: str) -> None:
    assert f"`{code}`" in GLOSSARY


def test_closed_lists_are_found() -> None:
    assert {"PA", "cap", "weak", "uncertain", "split", "sigmoid", "brought", "unused", "missed", "finding"} < CODES


def test_a_word_is_explained_once() -> None:
    rows = _rows(GLOSSARY.split("## Metrics")[0])
    words_explained = [word for row in rows for word in row[0].split(", ") if word not in {"word", "role"}]
    assert len(words_explained) == len(set(words_explained)) > 45


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []


def test_the_index_names_every_page_and_every_decision() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\]\(([^)]+)\)", index))
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - {"README.md"}
    assert there <= named


def test_every_decision_has_its_number_and_its_parts() -> None:
    decisions = sorted((DOCS / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], path
