import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.datasets.tables import Table, read_table
from cxr_core.errors import DataError

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: str | bytes) -> Path:
        path = tmp_path / "t.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def refused(path: Path, *, private: bool = False, required: tuple[str, ...] = ("a", "b")) -> str:
    with pytest.raises(DataError) as caught:
        read_table(path, required=required, private=private)
    return str(caught.value)


def test_cells_are_text_as_written(write: Write) -> None:
    table = read_table(write("a,b\n01,NA\n,null\n"), required=("a", "b"))
    assert table.cells.to_numpy().tolist() == [["01", "NA"], ["", "null"]]


def test_column_order_byte_order_mark_and_line_ends_do_not_matter(write: Write) -> None:
    table = read_table(write("\ufeffb, a ,c\r\n2,1,3\r\n"), required=("a", "b"))
    assert table.cells["a"].tolist() == ["1"]


@pytest.mark.parametrize(
    "content",
    ["a,b,,,\n1,2,,,\n3,4,,,\n,,,,\n", ",a,b,\n0,1,2,\n1,3,4,x\n", "a, ,b\n1,,2\n3,,4\n", "a,b\n1,2\n3,4\n,\n,\n"],
)
def test_columns_without_a_name_and_empty_rows_are_passed_over(write: Write, content: str) -> None:
    for private in (False, True):
        table = read_table(write(content), required=("a", "b"), private=private)
        assert table.cells.to_dict("list") == {"a": ["1", "3"], "b": ["2", "4"]}


def test_a_name_composed_in_another_way_is_the_same(write: Write) -> None:
    table = read_table(write("\u00e9,b\n1,2\n"), required=("\u00e9", "b"))
    assert read_table(write("e\u0301,b\n1,2\n"), required=("\u00e9", "b")).cells.equals(table.cells)


def test_a_message_shows_no_more_of_a_cell_than_a_line(write: Write) -> None:
    table = read_table(write(f"a,b\n{'x' * 1000},2\n"), required=("a", "b"))
    assert table.shown(0, "a") == repr("x" * 60 + "...")


def test_lines_are_those_of_an_editor(write: Write) -> None:
    table = read_table(write('a,b\n1,"x\ny"\n\n2,z\n,\n3,w\n'), required=("a", "b"))
    assert table.cells["a"].tolist() == ["1", "2", "3"]
    assert [table.line(position) for position in range(3)] == [2, 5, 7]


def test_fault_says_where_what_and_what_to_do(write: Write) -> None:
    path = write("a,b\n1,2\n1,x\n")
    table = read_table(path, required=("a", "b"))
    error = table.fault(1, column="b", expected="a number", found=table.shown(1, "b"), remedy="Correct it.")
    assert str(error) == f"{path}:3: column 'b': expected a number, found 'x'. Correct it."


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("", 1, "empty file"),
        (" \n\n", 1, "empty file"),
        ("a,b\n", 1, "found none"),
        ("a,b\n,\n", 1, "found none"),
        ("a\n1\n", 1, "expected the column b, found a."),
        ("x,y\n1,2\n", 1, "expected the columns a, b, found x, y."),
        ("a,b,a\n1,2,3\n", 1, "each column once"),
        ("a,b\n1,2\n3\n", 3, "expected 2 cells as in the header, found 1"),
        ("a,b\n1,2\n\n3,4,5\n", 4, "expected 2 cells as in the header, found 3"),
        ('a,b\n"1\n1",2\n3\n', 4, "found 1"),
        ('a,b\n1,2\n"3,4\n', 3, "quotation mark"),
        (b"a,b\n1,2\n\xff,3\n", 3, "UTF-8, found the byte 0xff"),
        (b"a,b\n1,2\n\x00,3\n", 3, "zero byte"),
        (b"a\x00,\x00b\x00\n\x00", 1, "zero byte"),
        (b"PK\x03\x04\x00\x00,\n1,2\n", 1, "a workbook or another archive"),
        (b"\xd0\xcf\x11\xe0\xa1", 1, "an old workbook"),
        (b"\x1f\x8b\x08\x00", 1, "a compressed file"),
        ("a,b\n1,2\n".encode("utf-16"), 1, "text in UTF-16"),
        ("a,b\n1,\u00e9\n".encode("cp1252"), 2, "UTF-8, found the byte 0xe9"),
        ("a;b\n1;2,5\n", 2, "expected 1 cells as in the header, found 2. Its columns are separated by semicolons"),
        ("a;b\n1;2\n", 1, "separated by semicolons: save it as CSV with commas"),
        ("a\tb\n1\t2\n", 1, "separated by tabs"),
        ("sep=,\na,b\n1,2\n", 1, "remove the row sep="),
        ("# exported on Monday\na,b\n1,2\n", 2, "remove the comment above it"),
        ("sep=;\na;b\n1;2\n", 1, "remove the row sep="),
        ("a,b\n45,0,\n", 2, "expected 2 cells as in the header, found 3"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(write: Write, content: str | bytes, line: int, words: str) -> None:
    path = write(content)
    message = refused(path)
    assert message.startswith(f"{path}:{line}: ")
    assert words in message


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "none.csv")


def test_a_private_table_takes_any_case_and_repeats_no_cell(write: Write) -> None:
    path = write("A,B\nSECRET,2\n")
    table = read_table(path, required=("a", "b"), private=True)
    assert table.shown(0, "a") == "text"
    assert "SECRET" not in refused(write("SECRET,1\nx,2\n"), private=True)


cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


@given(st.lists(st.tuples(cell, cell), min_size=1, max_size=8))
def test_cells_and_lines_equal_the_standard_library(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    if not any(a or b for a, b in rows):
        assert "found none" in refused(path)
        return
    table = read_table(path, required=("a", "b"))
    assert [tuple(row) for row in table.cells.to_numpy()] == [row for row in rows if any(row)]
    assert lines(table) == [2 + breaks(rows[:place]) for place, row in enumerate(rows) if any(row)]


def lines(table: Table) -> list[int]:
    return [table.line(position) for position in range(len(table.cells))]


def breaks(rows: list[tuple[str, str]]) -> int:
    return sum(1 + len(re.findall(r"\r\n|\r|\n", value)) for row in rows for value in [",".join(row)])
