"""Opening a results file to read it, also one that a stranger sent.

DuckDB runs whatever the views, macros and generated columns of a file say, even when it is attached read-only. So the
file is attached, the door to the file system is locked, and whatever is not a plain table of the schema is refused.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from cxr_core.errors import StoreError
from cxr_core.store.schema import SCHEMA_VERSION, expected_tables, tables_of

_REMEDY = "Ask whoever sent the file for another copy, or make the run again with train.py."

_IN_USE = "Could not set lock on file"

_A_PATH = re.compile(r"(?<![\w.:])(?:[A-Za-z]:)?[/\\][^\s\"']+")

_FOREIGN = """
    SELECT 'view ' || view_name FROM duckdb_views() WHERE database_name = 'results' AND NOT internal
    UNION ALL
    SELECT 'macro ' || function_name FROM duckdb_functions() WHERE database_name = 'results' AND NOT internal
    UNION ALL
    SELECT 'schema ' || schema_name FROM duckdb_schemas() WHERE database_name = 'results' AND NOT internal
    ORDER BY 1
"""


def open_run(path: Path, *, threads: int = 2, memory_limit: str = "1GB") -> duckdb.DuckDBPyConnection:
    """A connection that can read one results file and nothing else.

    Each table of schema.sql can be named as it is (``FROM metric``). The connection is not for several threads at once:
    take a `cursor()` for each query.

    Args:
        path: The ``results.duckdb`` of a sealed run.
        threads: How many threads a query may use.
        memory_limit: How much memory all queries of this connection may use, as DuckDB writes it.

    Raises:
        StoreError: If there is no such file, it is no DuckDB file, it is of another schema version, or it holds
            anything other than the tables of the schema.
    """
    if not path.is_file():
        raise StoreError(
            f"Expected the results file {_name(path)}, found none. A run writes it when it is complete: "
            "start the same train.py command again to go on with it."
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
        _attach(connection, path)
        _check(connection, path)
        for table in expected_tables():
            connection.execute(f'CREATE VIEW memory.main."{table}" AS FROM results.main."{table}"')
    except duckdb.Error as error:
        connection.close()
        raise unreadable(path, error) from error
    except StoreError:
        connection.close()
        raise
    return connection


def unreadable(path: Path, error: duckdb.Error) -> StoreError:
    """The error of a file that DuckDB cannot read, or not to the end, in a sentence that says what to do."""
    said = str(error).splitlines()[0]
    if _IN_USE in said:
        return StoreError(f"{_name(path)} is open in another program. Close it there, then load the page again.")
    for known in (path, path.resolve()):
        said = said.replace(str(known), _name(path))
    reason = _A_PATH.sub("another file", said).rstrip(".! ")
    return StoreError(f"{_name(path)} cannot be read as a results file: {reason}. {_REMEDY}")


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS results (READ_ONLY, TYPE duckdb)")
    # After ATTACH, which itself needs the file system; before anything of the file is run.
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _check(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    foreign = [name for (name,) in connection.execute(_FOREIGN).fetchall()]
    if foreign:
        raise StoreError(
            f"{_name(path)} was not opened: expected plain tables only, found {', '.join(foreign)}, "
            f"which could read other files of this machine. {_REMEDY}"
        )
    found = tables_of(connection, database="results")
    if "schema_version" not in found.get("run", {}):
        raise StoreError(f"{_name(path)} is not a results file of Second Site: it has no table of runs. {_REMEDY}")
    _check_run(connection, path)
    _check_tables(found, path)


def _check_run(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    versions = [version for (version,) in connection.execute("SELECT schema_version FROM results.main.run").fetchall()]
    if len(versions) != 1:
        raise StoreError(f"{_name(path)} should describe exactly one run, found {len(versions)}. {_REMEDY}")
    if versions[0] != SCHEMA_VERSION:
        raise StoreError(
            f"{_name(path)} has schema version {versions[0]}, and this release reads version {SCHEMA_VERSION}. "
            "Open it with the release that wrote it, or make the run again with this one."
        )


def _check_tables(found: Mapping[str, Mapping[str, str]], path: Path) -> None:
    expected = expected_tables()
    problems = [f"no table {table}" for table in expected if table not in found]
    problems += [f"an unknown table {table}" for table in found if table not in expected]
    for table in expected:
        problems += _column_problems(table, found=found.get(table, expected[table]), expected=expected[table])
    if problems:
        raise StoreError(
            f"{_name(path)} does not have the tables of schema version {SCHEMA_VERSION}: "
            f"{'; '.join(problems)}. {_REMEDY}"
        )


def _column_problems(table: str, *, found: Mapping[str, str], expected: Mapping[str, str]) -> list[str]:
    missing = [f"no column {table}.{column}" for column in expected if column not in found]
    unknown = [f"an unknown column {table}.{column}" for column in found if column not in expected]
    other = [
        f"{table}.{column} is {found[column]} instead of {kind}"
        for column, kind in expected.items()
        if column in found and found[column] != kind
    ]
    return missing + unknown + other


def _name(path: Path) -> str:
    """Run and file: messages are shown on a page too, where the rest of the path is nobody's business."""
    return f"{path.parent.name}/{path.name}"
