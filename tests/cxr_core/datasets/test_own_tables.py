"""A table of one's own is the same in every usual form; what is damaged is refused with its place and no cell."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxr_core.datasets.columns import scores
from cxr_core.datasets.tables import Table, read_table
from cxr_core.errors import DataError

Write = Callable[..., Path]

ROWS = (
    ("Image", "Patient", "Edema"),
    ("a.png", "M\u00fcller", "0.25"),
    ("b.png", "SMITH", ""),
    ("c.png", "SMITH", "1"),
)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: str | bytes, *, encoding: str = "utf-8", name: str = "t.csv") -> Path:
        (tmp_path / name).write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return tmp_path / name

    return written


def joined(mark: str, *, end: str = "\n") -> str:
    return "".join(mark.join(row) + end for row in ROWS)


def read(path: Path) -> Table:
    return read_table(path, required=("image", "patient"), private=True)


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(path)
    assert "SMITH" not in str(caught.value)
    return str(caught.value)


def check_same(table: Table) -> None:
    assert tuple(table.cells) == ("image", "patient", "edema")
    assert table.cells.to_numpy().tolist() == [list(row) for row in ROWS[1:]]
    assert [table.line(position) for position in range(3)] == [2, 3, 4]
    np.testing.assert_array_equal(scores(table, "edema", remedy=""), [0.25, np.nan, 1])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_separators_and_encodings_make_no_difference(write: Write, mark: str, encoding: str) -> None:
    check_same(read(write(joined(mark, end="\r\n"), encoding=encoding)))


@pytest.mark.parametrize("name", ["t.csv.gz", "t.csv"])
def test_a_compressed_table_is_known_by_its_content(write: Write, name: str) -> None:
    check_same(read(write(gzip.compress(joined(";").encode("utf-16")), name=name)))


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_a_row_that_says_the_separator_is_honoured_and_counted(write: Write, first: str) -> None:
    table = read(write(f"{first}\r\nimage;patient;a,b,c,d\r\nx;S;1\r\ny;S;2\r\n"))
    assert table.cells["a,b,c,d"].tolist() == ["1", "2"]
    assert [table.line(position) for position in range(2)] == [3, 4]
    path = write(f"{first}\nimage;patient\nx;S\ny;SMITH;1\n")
    assert refused(path).startswith(f"{path}:4: expected 2 cells as in the header, found 3. A cell with a semicolon ")


def test_a_separator_within_quotation_marks_of_the_header_is_none(write: Write) -> None:
    table = read(write('"image";"patient";"a,b,c,d,\n|||||"\nx;S;1\n'))
    assert len(table.cells.columns) == 3
    assert table.line(0) == 3


def test_decimal_commas_are_numbers_between_semicolons(write: Write) -> None:
    table = read(write("image;patient;edema\nx;S;0,25\ny;S;1,0\n"))
    np.testing.assert_array_equal(scores(table, "edema", remedy=""), [0.25, 1])


def test_a_parquet_file_is_read_by_its_content(tmp_path: Path) -> None:
    frame = pd.DataFrame({"Image": ["a.png", "b.png", "c.png"], "Patient": ["M\u00fcller", "SMITH", "SMITH"]})
    path = tmp_path / "t.csv"
    frame.assign(Edema=[0.25, np.nan, 1]).to_parquet(path)
    table = read(path)
    assert table.cells["patient"].tolist() == frame["Patient"].tolist()
    np.testing.assert_array_equal(scores(table, "edema", remedy=""), [0.25, np.nan, 1])
    error = table.fault(1, column="edema", expected="x", found=table.shown(1, "edema"), remedy="Do.")
    assert str(error) == f"{path}, row 2: column 'edema': expected x, found nothing. Do."


def test_cells_of_a_parquet_file_are_the_text_of_their_values(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).random(1000)
    pq.write_table(
        pa.table(
            {
                "image": pa.array([f"{i}" for i in range(1000)]).dictionary_encode(),
                "patient": pa.array([None, *range(999)], type=pa.int64()),
                "score": numbers,
                "single": numbers.astype(np.float32),
                "flag": [True, None] * 500,
                "__index_level_0__": range(1000),
            }
        ),
        tmp_path / "t.parquet",
    )
    table = read(tmp_path / "t.parquet")
    assert list(table.cells) == ["image", "patient", "score", "single", "flag"]
    assert table.cells["patient"].tolist()[:3] == ["", "0", "1"]
    assert table.cells["flag"].tolist()[:2] == ["true", ""]
    np.testing.assert_array_equal(scores(table, "score", remedy=""), numbers)
    np.testing.assert_array_equal(scores(table, "single", remedy="").astype(np.float32), numbers.astype(np.float32))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (gzip.compress(b"image,patient\nx,SMITH\n", mtime=0)[:-9], ": expected a whole gzip file"),
        (b"\x1f\x8bSMITH", ": expected a whole gzip file"),
        (b"PAR1SMITH", ": expected a whole Parquet file"),
        (gzip.compress(b"PK\x03\x04", mtime=0), ":1: expected a CSV file, found a workbook or another archive"),
        (b"PK\x03\x04SMITH", ":1: expected a CSV file, found a workbook or another archive"),
        (b"\xd0\xcf\x11\xe0", ":1: expected a CSV file, found an old workbook"),
        ("image,patient\nSMITH,2\n".encode("utf-16") + b"x", ":3: expected text in UTF-16"),
        (b"image,patient\nSMITH,\x81\n", ":2: expected text in UTF-8, found the byte 0x81"),
        ("image,patient\nM\u00fcller,1\n".encode() + b"SMITH,\xe9\n", ":3: expected text in UTF-8, found the byte"),
        (b"\xef\xbb\xbfimage,patient\nSMITH,\xe9\n", ":2: expected text in UTF-8, found the byte 0xe9"),
        (b"image,patient\nSMITH,\0\n", ":2: expected text, found a zero byte"),
        (b"image;patient\nx;SMITH;3\n", ":2: expected 2 cells as in the header, found 3. A cell with a semicolon"),
        (b"image|patient\nx;SMITH,3\n", ":2: expected 2 cells as in the header, found 1. A cell with a bar"),
        (b"image\tpatient\nx\t'SMITH\n\n\"y\n", "Is a quotation mark left open?"),
        (b"patient;edema\nSMITH;1\n", ":1: expected the column image, found 2 columns without."),
        (b"IMAGE;image;patient\n;;SMITH\n", ":1: expected each column once"),
        (b"image;patient\n;\n", ":1: expected rows below the header, found none"),
    ],
)  # fmt: skip
def test_what_is_damaged_is_refused_with_its_place_and_no_cell(write: Write, content: bytes, words: str) -> None:
    path = write(content)
    message = refused(path)
    assert message.startswith(f"{path}:")
    assert words in message


def test_a_parquet_column_of_lists_is_refused_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"image": ["x"], "patient": ["SMITH"], "SMITHs": [[1]]}), path)
    assert refused(path).startswith(
        f"{path}: expected text, numbers or dates in each column, found something else in column 3."
    )


def test_a_parquet_file_of_a_published_dataset_is_refused_as_before(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "t.csv")
    with pytest.raises(DataError, match=r"t.csv:1: expected a CSV file, found a Parquet file. Save the table as CSV"):
        read_table(tmp_path / "t.csv", required=("a",))
