"""A label table as text. Each error names the file and the line."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.kinds import kind
from cxr_core.datasets.parquet import MARK as PARQUET
from cxr_core.datasets.parquet import columns_as_text
from cxr_core.datasets.text import MARKS, content, decoded, decoded_any, delimiter, separated_otherwise, unpacked
from cxr_core.errors import DataError

_SHOWN = 60
"""Characters of a cell that a message shows."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table as text.

    Attributes:
        path: Where it lies.
        text: All of it, as decoded; empty for a Parquet file.
        cells: One row for each row of the file below its header, all str, a blank cell ``""``. The index is the row's
            number in the file, 0 for the one below its first; empty rows are left out.
        private: Whether it may name patients: then no message repeats a cell.
        delimiter: What separates its columns; empty for a Parquet file.
        headings: From the names of columns to what the file calls them, where that is otherwise.
    """

    path: Path
    text: str
    cells: pd.DataFrame
    private: bool
    delimiter: str = ","
    headings: Mapping[str, str] = field(default_factory=dict)

    def line(self, position: int) -> int:
        """The line of a row of `cells`, as an editor counts it; of a Parquet file the row, from 1."""
        row = int(self.cells.index[position]) + 1
        return _line(self.text, row=row, mark=self.delimiter) if self.delimiter else row

    def place(self, position: int) -> str:
        """The line of a row of `cells` in words, of a Parquet file the row."""
        return f"{'line' if self.delimiter else 'row'} {self.line(position)}"

    def shown(self, position: int, column: str) -> str:
        """A cell as a message may show it: of a private table its kind alone."""
        cell = str(self.cells[column].iat[position])
        return kind(cell) if self.private else repr(cell if len(cell) <= _SHOWN else f"{cell[:_SHOWN]}...")

    def check(self, wrong: npt.NDArray[np.bool_], *, column: str, expected: str, remedy: str) -> None:
        """That no cell of a column is wrong.

        Args:
            wrong: Shape ``(n,)``, which cells are.
            column: The column.
            expected: What may stand there.
            remedy: What to do.

        Raises:
            DataError: If one is. The message gives the first, as it may be shown.
        """
        if wrong.any():
            position = int(wrong.argmax())
            found = self.shown(position, column)
            raise self.fault(position, column=column, expected=expected, found=found, remedy=remedy)

    def fault(self, position: int, *, column: str, expected: str, found: str, remedy: str) -> DataError:
        """The error for one cell, to be raised by the caller."""
        where = f"{self.path}:{self.line(position)}" if self.delimiter else f"{self.path}, {self.place(position)}"
        column = self.headings.get(column, column)
        return DataError(f"{where}: column {column!r}: expected {expected}, found {found}. {remedy}")


def read_table(path: Path, *, required: Sequence[str], private: bool = False) -> Table:
    """A table with a header row: of a published dataset a CSV file in UTF-8, separated by commas.

    A hospital's own may be separated by commas, semicolons, tabs or bars, in UTF-8, UTF-16 or the code page of western
    Windows, compressed by gzip; or a Parquet file. Empty rows and columns without a name, which a spreadsheet or a
    program writes around a table, are passed over.

    Args:
        path: The file.
        required: Columns that must be there; others may be, in any order.
        private: Whether it is a hospital's own. Then its columns may be named in any case, `Table.cells` names them in
            lower case, and no message repeats a cell.

    Raises:
        DataError: If it cannot be read, is in no such encoding, has no rows, or rows of unequal length, or if a column
            is missing or there twice.
    """
    raw = content(path)
    if private and raw.startswith(PARQUET):
        return _table(path, "", columns_as_text(path, raw), required=required, private=True, mark="")
    text = decoded_any(path, unpacked(path, raw)) if private else decoded(path, raw)
    mark, above = delimiter(text) if private else (",", 0)
    del raw
    _check_shape(path, text, mark=mark, above=above)
    rows = pd.read_csv(
        io.BytesIO(text.encode()), sep=mark, header=None, skiprows=above, dtype=str, keep_default_na=False,
        skip_blank_lines=False,
    )  # fmt: skip
    table = rows.iloc[1:].set_axis([str(name) for name in rows.iloc[0]], axis=1)
    return _table(path, text, table.set_axis(table.index - 1 + above), required=required, private=private, mark=mark)


def _table(path: Path, text: str, cells: pd.DataFrame, *, required: Sequence[str], private: bool, mark: str) -> Table:
    """The table of these cells, whose columns are named as in the file."""
    names = [unicodedata.normalize("NFC", str(name)).strip() for name in cells]
    names = [name.lower() for name in names] if private else names
    _check_names(path, names, required=required, private=private)
    cells = cells.set_axis(names, axis=1)
    cells = cells[(cells != "").any(axis=1)].loc[:, [name != "" for name in names]]
    if cells.empty:
        raise DataError(f"{path}:1: expected rows below the header, found none. Is the file complete?")
    return Table(path=path, text=text, cells=cells, private=private, delimiter=mark)


def _check_shape(path: Path, text: str, *, mark: str, above: int) -> None:
    """Short rows are sought here, since pandas fills them up silently.

    A row with a cell too many is refused even where its last cells are empty: a comma within a cell that stands in no
    quotation marks, as in a name or a decimal number, moves all cells behind it.
    """
    reader = csv.reader(_lines(text), delimiter=mark, strict=True)
    for _ in range(above):
        next(reader)
    try:
        lengths = np.fromiter(map(len, reader), dtype=np.int64)
    except csv.Error as error:
        raise DataError(
            f"{path}:{reader.line_num}: expected a CSV file, found: {error}. Is a quotation mark left open?"
        ) from error
    ragged = (lengths != lengths[0]) & (lengths != 0)
    if ragged.any():
        row = int(ragged.argmax())
        header = next(csv.reader(_lines(text))) if mark == "," else []
        quote = f"A cell with {MARKS[mark][0]} in it must stand in quotation marks."
        raise DataError(
            f"{path}:{_line(text, row=row + above, mark=mark)}: expected {lengths[0]} cells as in the header, found "
            f"{lengths[row]}. {separated_otherwise(header) or quote}"
        )


def _check_names(path: Path, names: Sequence[str], *, required: Sequence[str], private: bool) -> None:
    missing = [name for name in required if name not in names]
    if missing:
        found = f"{len(names)} columns without" if private else ", ".join(names)
        raise DataError(
            f"{path}:1: expected the column{'s' * (len(missing) > 1)} {', '.join(missing)}, found {found}. "
            f"{separated_otherwise(names) or 'The first row must name the columns, separated by commas.'}"
        )
    named = [name for name in names if name]
    if len(set(named)) < len(named):
        raise DataError(f"{path}:1: expected each column once, found one twice. Rename or remove one of the two.")


def _line(text: str, *, row: int, mark: str) -> int:
    """The line where a row begins: rows are longer than a line where a cell in quotation marks has line breaks."""
    reader = csv.reader(_lines(text), delimiter=mark, strict=True)
    before = 0
    for number, _ in enumerate(reader):
        if number == row:
            break
        before = reader.line_num
    return before + 1


def _lines(text: str) -> Iterator[str]:
    """The lines as they end in the file; from bytes, since `io.StringIO` takes four for each letter."""
    return io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline="")
