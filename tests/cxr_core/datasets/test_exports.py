"""A table as programs export it is read as it was meant, or refused with a named error: no other value in silence."""

import csv
import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_core.datasets import table
from cxr_core.datasets.kinds import NOTHING, POINT_ZERO, SCIENTIFIC, SHEET_ERROR, kind
from cxr_core.datasets.tables import read_table
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS

T = TypeVar("T")

bounded = settings(max_examples=60, deadline=None)

HEADER = ("image", "patient", "view", "sex", "age", *FINDINGS)
FILES = ("a.png", "b.png", "c.png")
VIEWS = {"PA": "PA", "ap": "AP", "Lateral": "lateral", "": None}
SEXES = {"F": "F", "male": "M", "unknown": None, "": None}
LABELS = {"1": 1.0, "0.0": 0.0, "-1": -1.0, "1.0": 1.0, "": np.nan}
UNUSABLE = {"nothing", NOTHING, SHEET_ERROR, SCIENTIFIC, POINT_ZERO}

Rows = list[tuple[str, ...]]

name = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6),
    st.integers(1, 10**12).map(str),
    st.sampled_from(["nan", "N/A", "1.23457E+11", "12345.0", "#REF!", "M\u00fcller, J", 'the "old" one', "007"]),
)
age = st.one_of(st.just(""), st.integers(0, 130).map(str), st.floats(0, 130).map(lambda years: f"{years:.2f}"))


@st.composite
def some_rows(draw: st.DrawFn) -> Rows:
    """Three images of one's own hospital, each value in a spelling that is allowed, but for some names."""
    return [
        (
            file,
            draw(name),
            draw(st.sampled_from(sorted(VIEWS))),
            draw(st.sampled_from(sorted(SEXES))),
            draw(age),
            *draw(st.lists(st.sampled_from(sorted(LABELS)), min_size=6, max_size=6)),
        )
        for file in FILES
    ]


@dataclass(frozen=True, kw_only=True)
class Export:
    """How a program writes a table."""

    separator: str
    decimal: str
    quoting: int
    line_end: str
    encoding: str
    empty_columns: int
    empty_rows: int
    index: bool

    def is_known(self, rows: Rows) -> bool:
        """Whether a table of these rows is one that is read."""
        has_mark = self.encoding in {"utf-8", "utf-8-sig", "utf-16"}
        is_spelt = has_mark or (self.encoding == "cp1252" and all(map(plain, rows)))
        return is_spelt and (self.decimal == "." or self.separator != ",")

    def write(self, path: Path, rows: Rows) -> None:
        ages = HEADER.index("age")
        text = io.StringIO(newline="")
        out = csv.writer(text, delimiter=self.separator, quoting=self.quoting, lineterminator=self.line_end)
        width = len(HEADER) + self.index + self.empty_columns
        for number, row in enumerate((HEADER, *rows)):
            cells = [*row[:ages], row[ages].replace(".", self.decimal), *row[ages + 1 :]]
            cells = [str(number) if number else ""] * self.index + cells
            out.writerow(cells + [""] * (width - len(cells)))
        out.writerows([[""] * width] * self.empty_rows)
        path.write_bytes(text.getvalue().encode(self.encoding, errors="replace"))


def plain(row: tuple[str, ...]) -> bool:
    return "".join(row).isascii()


exports = st.builds(
    Export,
    separator=st.sampled_from([",", ",", ",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ".", ".", ","]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    empty_columns=st.integers(0, 3),
    empty_rows=st.integers(0, 2),
    index=st.booleans(),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three images; the table beside them is another in each example."""
    made = tmp_path_factory.mktemp("mine")
    for file in FILES:
        (made / file).touch()
    return made


def outcome(read: Callable[[], T]) -> T | str:
    """What is read, or what the named error says."""
    try:
        return read()
    except DataError as error:
        return str(error)


@bounded
@given(rows=some_rows(), export=exports)
def test_an_exported_table_is_read_as_it_was_meant_or_refused(folder: Path, rows: Rows, export: Export) -> None:
    path = folder / "mine.csv"
    export.write(path, rows)
    patients = [row[1] for row in rows]
    usable = not UNUSABLE & {kind(patient) for patient in patients}
    found = outcome(lambda: table.read(path, private=folder / "private"))
    if isinstance(found, str):
        assert found.startswith(f"{path}:")
        assert not (usable and export.is_known(rows))
        return
    assert usable
    (manifest,) = found
    images = manifest.images
    assert list(manifest.private_files.values()) == list(FILES)
    assert images["view"].tolist() == [VIEWS[row[2]] for row in rows]
    assert images["sex"].tolist() == [SEXES[row[3]] for row in rows]
    np.testing.assert_array_equal(images["age_years"], [float(row[4] or "nan") for row in rows])
    said = manifest.labels["value"].to_numpy().reshape(3, 6)
    np.testing.assert_array_equal(said, [[LABELS[cell] for cell in row[5:]] for row in rows])
    if export.encoding != "cp1252":
        meant = np.array([unicodedata.normalize("NFC", patient.strip()) for patient in patients], dtype=object)
        assert pd.factorize(images["patient_id"])[0].tolist() == pd.factorize(meant)[0].tolist()


@bounded
@given(rows=some_rows(), row=st.integers(0, 2), column=st.integers(0, len(HEADER) - 1), place=st.integers(0, 6))
def test_a_comma_that_was_typed_into_a_cell_moves_no_other(
    folder: Path, rows: Rows, row: int, column: int, place: int
) -> None:
    clean = [[cell.replace(",", "").replace('"', "") for cell in cells] for cells in rows]
    cell = clean[row][column]
    clean[row][column] = f"{cell[:place]},{cell[place:]}"
    path = folder / "typed.csv"
    path.write_text("\n".join(",".join(cells) for cells in [HEADER, *clean]), encoding="utf-8")
    with pytest.raises(DataError, match=rf"typed.csv:{row + 2}: expected 11 cells as in the header, found 12"):
        table.read(path, private=folder / "private")


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.sampled_from('ab;|"\n\r ,\t0='), max_size=40), mark=st.sampled_from(";|\t,"))
def test_any_text_of_ones_own_is_split_as_the_standard_library_does_or_refused(
    folder: Path, text: str, mark: str
) -> None:
    path = folder / "own.csv"
    path.write_text(f"a{mark}b\n{text}", encoding="utf-8", newline="")
    found = outcome(lambda: read_table(path, required=("a", "b"), private=True).cells)
    if isinstance(found, str):
        assert found.startswith(f"{path}:")
        return
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    assert found.to_numpy().tolist() == [row for row in rows if any(row)]


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from('ab,"\n\r ;\t0='), max_size=40))
def test_any_text_is_split_as_the_standard_library_does_or_refused(folder: Path, text: str) -> None:
    path = folder / "any.csv"
    path.write_text(f"a,b\n{text}", encoding="utf-8", newline="")
    found = outcome(lambda: read_table(path, required=("a", "b")).cells)
    if isinstance(found, str):
        assert found.startswith(f"{path}:")
        return
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert found.to_numpy().tolist() == [row for row in rows if any(row)]


@bounded
@given(raw=st.binary(max_size=60), place=st.integers(0, 40))
def test_any_bytes_are_a_table_or_a_named_error(folder: Path, raw: bytes, place: int) -> None:
    whole = "image,patient\na.png,M\u00fcller\nb.png,\u4e2d\n".encode()
    path = folder / "bytes.csv"
    path.write_bytes(whole[:place] + raw + whole[place:])
    found = outcome(lambda: read_table(path, required=("image", "patient"), private=True))
    assert not isinstance(found, str) or found.startswith(f"{path}:")
