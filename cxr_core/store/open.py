"""Opening a results file to read it, also one that a stranger sent.

DuckDB runs whatever the views, macros and generated columns of a file say, even when it is attached read-only. So the
file is attached, the door to the file system is locked, and whatever is not a plain table of the schema, under the
schema's own rules, is refused before anything of it is read.

Files grow: a column or a table that came after the file was written is there, of its type, and empty.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path

import duckdb

from cxr_core import program
from cxr_core.errors import StoreError
from cxr_core.store.checked import check, remedy
from cxr_core.store.private import private
from cxr_core.store.schema import expected_tables

Tables = Mapping[str, Mapping[str, str]]

_IN_USE = "Could not set lock on file"

_A_PATH = re.compile(r"(?<![\w.:])(?:[A-Za-z]:)?[/\\][^\s\"']+")


def open_run(
    path: Path, *, threads: int = 2, memory_limit: str = "1GB", copies: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection that can read one results file and nothing else.

    Each table of schema.sql can be named as it is (``FROM metric``), whichever version the file has. The connection is
    not for several threads at once: take a `cursor()` for each query.

    Args:
        path: The ``results.duckdb`` of a sealed run.
        threads: How many threads a query may use.
        memory_limit: How much memory all queries of this connection may use, as DuckDB writes it.
        copies: A folder for a copy of the file, which goes with the connection; without, the file itself is read, and
            a program that writes to it meanwhile may end this process.

    Raises:
        RefusedError: If it is of a schema version that this release does not read, or holds anything other than the
            tables of that version under its rules. The same file is refused another time too.
        StoreError: If there is no such file, or it cannot be read.
    """
    if not path.is_file():
        raise StoreError(
            f"Expected the results file {_name(path)}, found none. A run writes it when it is complete: "
            f"start the same {program.name()} command again to go on with it."
        )
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": memory_limit,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        with private(path, folder=copies) if copies is not None else nullcontext(path) as own:
            _attach(connection, own)
        version = check(connection, name=_name(path))
        for statement in views(version=version):
            connection.execute(statement)
    except (duckdb.Error, ValueError) as error:
        connection.close()
        raise unreadable(path, error) from error
    except StoreError:
        connection.close()
        raise
    return connection


def views(*, version: int, tables: Tables | None = None) -> Iterator[str]:
    """The statements that show an attached file under the names of this release's tables and columns.

    Args:
        version: The file's.
        tables: Those of this release, if not schema.sql's.
    """
    there = expected_tables(version=version)
    for table, columns in (tables or expected_tables()).items():
        own = there.get(table, {})
        shown = ", ".join(_column(column, kind, is_there=column in own) for column, kind in columns.items())
        source = f'FROM results.main."{table}"' if own else "WHERE false"
        yield f'CREATE VIEW memory.main."{table}" AS SELECT {shown} {source}'


def unreadable(path: Path, error: duckdb.Error | ValueError) -> StoreError:
    """The error of a file that DuckDB cannot read, or not to the end, in a sentence that says what to do."""
    said = str(error).splitlines()[0]
    if _IN_USE in said:
        return StoreError(f"{_name(path)} is open in another program. Close it there, then load the page again.")
    for known in (path, path.resolve()):
        said = said.replace(str(known), _name(path))
    reason = _A_PATH.sub("another file", said).rstrip(".! ")
    return StoreError(f"{_name(path)} cannot be read as a results file: {reason}. {remedy()}")


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS results (READ_ONLY, TYPE duckdb)")
    # After ATTACH, which itself needs the file system; before anything of the file is run.
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _column(name: str, kind: str, *, is_there: bool) -> str:
    return f'"{name}"' if is_there else f'NULL::{kind} AS "{name}"'


def _name(path: Path) -> str:
    """Run and file: messages are shown on a page too, where the rest of the path is nobody's business."""
    return f"{path.parent.name}/{path.name}"
