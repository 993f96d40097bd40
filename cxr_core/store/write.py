"""Writes a results file whole: a new database under another name, filled table by table, renamed when complete."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from cxr_core import files
from cxr_core.errors import StoreError
from cxr_core.store import schema, sealed
from cxr_core.store.sealed import Sealed


@contextmanager
def new_results(
    path: Path, *, classes: Sequence[str], on_checked: Callable[[Sealed], None] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A fresh database with a run's classes, its other tables empty; it becomes `path` unless there was an error.

    It does so at the end of the block, once it was checkpointed, closed, opened again, and every row in it found to be
    as it was written.

    Args:
        path: Where the results file is to be.
        classes: The run's, in the order of the outputs, 1 to 30, each once.
        on_checked: Called with what was found in it before it is renamed: an error in there leaves nothing behind.

    Raises:
        NoRoomError: If the disk takes no more. Nothing is left of the file then.
        StoreError: If it cannot be written, or does not hold what was written to it. Nothing is left of it then.
    """
    try:
        with files.written_whole(path) as part, sealed.opened(part, name=path.name) as connection:
            begin(connection, classes=classes)
            yield connection
            found = sealed.close(connection, part)
            if on_checked is not None:
                on_checked(found)
    except OSError as error:
        raise StoreError(
            f"Cannot write {path.name} to {path.parent}: {error.strerror}. Mend that or choose another "
            "--results, and start the same command again."
        ) from error


def begin(connection: duckdb.DuckDBPyConnection, *, classes: Sequence[str]) -> None:
    """Makes the tables of a run in an empty database, and says which classes it has.

    Args:
        connection: To the database.
        classes: The run's.

    Raises:
        ValueError: If they are none, too many, or not each another.
    """
    if len(set(classes)) != len(classes):
        raise ValueError(f"Expected each class once, found {list(classes)}.")
    connection.execute(schema.schema_sql(classes=len(classes)))
    append(connection, "finding", pd.DataFrame({"index": range(len(classes)), "name": list(classes)}))


def append(connection: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame | pa.Table) -> None:
    """Appends rows to a table, column by column name; a missing value becomes NULL.

    Args:
        connection: From `new_results`.
        table: A table of the schema.
        rows: Columns named as in the schema; columns that are not given stay NULL.
    """
    incoming = pa.Table.from_pandas(rows, preserve_index=False) if isinstance(rows, pd.DataFrame) else rows
    if incoming.num_rows == 0:
        return
    connection.register("incoming", incoming)
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")  # noqa: S608 -- our own table names
    connection.unregister("incoming")


def lists(values: npt.NDArray[np.float32]) -> pa.Array:
    """Rows of numbers as one column of lists of fixed length, shape ``(n, k)``; NaN stays NaN."""
    flat = pa.array(np.ascontiguousarray(values, np.float32).reshape(-1))
    return pa.FixedSizeListArray.from_arrays(flat, values.shape[1])


def blobs(values: npt.NDArray[np.uint8]) -> pa.Array:
    """The bytes of each row as one column, shape ``(n, ...)``."""
    width = int(np.prod(values.shape[1:]))
    buffer = pa.py_buffer(np.ascontiguousarray(values).reshape(-1))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(values), [None, buffer])


def repeated(value: str, count: int) -> pa.Array:
    """One text in every row."""
    return pa.DictionaryArray.from_arrays(np.zeros(count, np.int8), pa.array([value]))
