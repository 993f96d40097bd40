"""Rows of a results file for tests: what every plain trained run has alike need not be given."""

from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd

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
    """Puts a frame into a table of a results file, column by column name."""
    connection.register("rows_to_insert", frame)
    connection.execute(f"INSERT INTO {table} BY NAME FROM rows_to_insert")
    connection.unregister("rows_to_insert")
