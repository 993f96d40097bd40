"""Sealing a results file: checkpointed, closed, read back whole and found to be what was written."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cxr_core import files
from cxr_core.errors import StoreError
from cxr_core.store import schema

_UNWRITTEN = (
    duckdb.ConstraintException,
    duckdb.FatalException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.TransactionException,
)


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A results file that was read back, as it will stand.

    Attributes:
        sha256: As `cxr_core.files.sha256` gives it.
        rows: From table to its number of rows.
    """

    sha256: str
    rows: Mapping[str, int]


@contextmanager
def opened(part: Path, *, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A results file that is still under another name, to write to; what DuckDB lays beside it goes with the block.

    Args:
        part: The file as it is called until it is complete.
        name: What messages call it.

    Raises:
        NoRoomError: If the disk takes no more.
        StoreError: If it cannot be written, or a row breaks a rule of the schema.
    """
    log, spilled = (part.with_name(part.name + suffix) for suffix in (".wal", ".tmp"))
    log.unlink(missing_ok=True)  # of a killed process that had the same number: DuckDB would go on from it
    try:
        connection = duckdb.connect(str(part))
        try:
            yield connection
        finally:
            connection.close()
    except duckdb.Error as error:
        taken = (part, log, *spilled.glob("*"))
        found = _unwritten(part.with_name(name), error, taken=[path for path in taken if path.is_file()])
        if found is None:
            raise
        raise found from error
    finally:
        log.unlink(missing_ok=True)
        shutil.rmtree(spilled, ignore_errors=True)


def close(connection: duckdb.DuckDBPyConnection, part: Path) -> Sealed:
    """Closes a results file that is complete, and reads it back whole.

    Args:
        connection: From `opened`.
        part: Its file.

    Raises:
        StoreError: If the file does not hold what the connection did.
    """
    written = _content(connection)
    # Closing would do the same and keep silent where the disk is full.
    connection.execute("CHECKPOINT")
    connection.close()
    part.with_name(part.name + ".wal").unlink(missing_ok=True)
    try:
        with duckdb.connect(str(part), read_only=True) as again:
            found = _content(again)
    except duckdb.Error as error:
        raise _not_as_written(str(error).splitlines()[0]) from error
    for table, (rows, _) in written.items():
        if table not in found:
            raise _not_as_written(f"Table with name {table} does not exist")
        if found[table] != written[table]:
            raise _not_as_written(f"{table}: {rows:,} rows written, {found[table][0]:,} found, and not the same")
    files.flush(part)
    return Sealed(sha256=files.sha256(part), rows={table: rows for table, (rows, _) in found.items()})


def _content(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """From table to its number of rows and a sum over the hashes of all of them; an earlier version has its own."""
    ((own,),) = connection.execute("SELECT current_database()").fetchall()
    found = {}
    for table in schema.tables_of(connection, database=own):
        sql = f'SELECT count(*), coalesce(sum(hash(one)::HUGEINT), 0)::HUGEINT FROM "{table}" AS one'  # noqa: S608 -- the tables of a file that was opened as ours
        found[table] = connection.execute(sql).fetchall()[0]
    return found


def _not_as_written(found: str) -> StoreError:
    return StoreError(
        f"The results file does not hold what was written to it ({found}), so it was not sealed. "
        "Look after the disk, and start the same command again."
    )


def _unwritten(path: Path, error: duckdb.Error, *, taken: Sequence[Path]) -> StoreError | None:
    """The error of a results file that cannot be written, in a sentence; None for a mistake in a statement."""
    said = str(error)
    full = [os.strerror(number) for number in files.NO_ROOM]
    reason = next((known for known in (*full, "max_temp_directory_size") if known in said), None)
    if reason is not None:
        needed = sum(one.stat().st_size for one in taken)
        for one in taken:
            one.unlink()
        return files.no_room(path, needed=needed, reason=reason)
    if isinstance(error, _UNWRITTEN):
        return StoreError(f"Cannot write {path.name} to {path.parent}: {said.splitlines()[0]}.")
    return None
