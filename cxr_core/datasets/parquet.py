"""The columns of a Parquet file as text, so that one reader judges their cells as it does those of a CSV file."""

import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cxr_core.errors import DataError

MARK = b"PAR1"
"""How a Parquet file begins."""

_INDEX = "__index_level_"
"""How pandas calls an index that has no name."""


def columns_as_text(path: Path, raw: bytes) -> pd.DataFrame:
    """A Parquet file's columns, all str, in its order; what is null or not a number is ``""``.

    Args:
        path: Where it lies.
        raw: Its bytes.

    Raises:
        DataError: If it is damaged, or a column holds something else than single values.
    """
    try:
        table = pq.read_table(io.BytesIO(raw))
    except (pa.ArrowException, OSError) as error:
        raise DataError(
            f"{path}: expected a whole Parquet file, found one that is cut off or damaged. Get the file again."
        ) from error
    names = [name for name in table.column_names if not name.startswith(_INDEX)]
    columns = [_text(path, table.column(name), number=number) for number, name in enumerate(names, start=1)]
    return pd.concat(columns, axis=1, keys=names) if columns else pd.DataFrame()


def _text(path: Path, column: pa.ChunkedArray, *, number: int) -> "pd.Series[str]":
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    try:
        text = pc.cast(column, pa.string())
    except pa.ArrowException as error:
        raise DataError(
            f"{path}: expected text, numbers or dates in each column, found something else in column {number}. Leave "
            "that column out."
        ) from error
    if pa.types.is_floating(kind):
        text = pc.if_else(pc.is_nan(pc.cast(column, pa.float64())), None, text)
    return pd.Series(pc.fill_null(text, "").to_numpy(), dtype="str")
