"""Rows of a results file for tests: what every plain trained run has alike need not be given."""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from cxr_core.store.schema import FIRST_VERSION, expected_tables

Row = Sequence[object]

_PLAIN: Mapping[str, Mapping[str, object]] = {
    "dataset": {"synthetic": False},
    "image": {"study_id": None},
    "model": {"outputs": "softmax", "origin": "trained"},
    "prediction": {"flagged": None},
    "metric": {"operating_point": None},
    "gap": {"operating_point": None},
}


def columns(table: str) -> list[str]:
    """The columns that a row of a table gives, in their order: those of the first version, without what is plain."""
    return [name for name in expected_tables(version=FIRST_VERSION)[table] if name not in _PLAIN.get(table, {})]


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Puts rows into a table of a results file.

    Args:
        connection: To the file.
        table: One of the schema's.
        rows: Values in the order of `columns`.
    """
    if rows:
        frame = pd.DataFrame([list(row) for row in rows], columns=columns(table), dtype=object)
        append(connection, table, frame.assign(**_PLAIN.get(table, {})))


def append(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Puts a frame into a table of a results file, column by column name; NaN is NULL, but within a list."""
    incoming = pa.table({str(name): _column(frame[name]) for name in frame})
    connection.register("rows_to_insert", incoming)
    connection.execute(f"INSERT INTO {table} BY NAME FROM rows_to_insert")
    connection.unregister("rows_to_insert")


def _column(cells: "pd.Series[object]") -> pa.Array:
    are_lists = any(isinstance(cell, Sequence | np.ndarray) and not isinstance(cell, str | bytes) for cell in cells)
    return pa.array(cells.tolist(), from_pandas=not are_lists)
