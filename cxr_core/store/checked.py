"""Checks that an attached file is a results file under the schema's own rules; nothing of it is evaluated for that.

The order matters: what could compute is refused first, then the version is read, then tables, columns and rules are
compared with the schema of that version. DuckDB enforced the rules when the rows were written, so that no row has to be
looked at here.
"""

from collections.abc import Mapping

import duckdb

from cxr_core import program
from cxr_core.errors import RefusedError
from cxr_core.findings import MOST_CLASSES
from cxr_core.store.schema import (
    FIRST_VERSION,
    SCHEMA_VERSION,
    expected_rules,
    expected_tables,
    rules_of,
    tables_of,
)

NOTE_LENGTH = 1000
"""Characters in a note. No rule of a table can look into a list, so this one is checked here."""

_SHOWN = 5
_SHOWN_LENGTH = 100

# What could compute when it is read, or is not known to this release.
_FOREIGN = """
    SELECT 'view ' || view_name FROM duckdb_views() WHERE database_name = 'results' AND NOT internal
    UNION ALL
    SELECT 'macro ' || function_name FROM duckdb_functions() WHERE database_name = 'results' AND NOT internal
    UNION ALL
    SELECT 'schema ' || schema_name FROM duckdb_schemas() WHERE database_name = 'results' AND NOT internal
    UNION ALL
    SELECT 'computed column ' || table_name || '.' || column_name
    FROM duckdb_columns() WHERE database_name = 'results' AND is_generated
    UNION ALL
    SELECT 'index ' || index_name FROM duckdb_indexes() WHERE database_name = 'results'
    UNION ALL
    SELECT 'sequence ' || sequence_name FROM duckdb_sequences() WHERE database_name = 'results'
    UNION ALL
    SELECT 'type ' || type_name FROM duckdb_types() WHERE database_name = 'results' AND NOT internal
    UNION ALL
    SELECT 'trigger ' || trigger_name FROM duckdb_triggers() WHERE database_name = 'results'
    ORDER BY 1
"""


def remedy() -> str:
    """What to do about a file that is not what it should be."""
    return f"Ask whoever sent the file for another copy, or make the run again with {program.name()}."


def check(connection: duckdb.DuckDBPyConnection, *, name: str) -> int:
    """Looks whether the database attached as ``results`` is one run's results.

    Args:
        connection: It can reach nothing but that file.
        name: What messages call the file.

    Returns:
        The version of its schema.

    Raises:
        RefusedError: If it is not; the message names what was found, and no content of any row.
    """
    foreign = [found for (found,) in connection.execute(_FOREIGN).fetchall()]
    if foreign:
        raise RefusedError(
            f"{name} was not opened: expected plain tables only, found {_named(foreign)}, "
            f"which could read other files of this machine, or compute without end. {remedy()}"
        )
    found = tables_of(connection, database="results")
    if "schema_version" not in found.get("run", {}):
        raise RefusedError(f"{name} is not a results file of Second Site: it has no table of runs. {remedy()}")
    version = _version(connection, kind=found["run"]["schema_version"], name=name)
    problems = (
        _table_problems(found, expected_tables(version=version))
        or _class_problems(connection)
        or _rule_problems(connection, version=version)
    )
    if problems:
        raise RefusedError(
            f"{name} does not have the tables of schema version {version}: {_named(problems, mark='; ')}. {remedy()}"
        )
    _check_notes(connection, name=name)
    return version


def _version(connection: duckdb.DuckDBPyConnection, *, kind: str, name: str) -> int:
    ((count,),) = connection.execute("SELECT count(*) FROM results.main.run").fetchall()
    if count != 1:
        raise RefusedError(f"{name} should describe exactly one run, found {count}. {remedy()}")
    told: object = None
    if kind == "INTEGER":
        ((told,),) = connection.execute("SELECT schema_version FROM results.main.run").fetchall()
    if isinstance(told, int) and FIRST_VERSION <= told <= SCHEMA_VERSION:
        return told
    if isinstance(told, int) and told > SCHEMA_VERSION:
        raise RefusedError(
            f"{name} has schema version {told}, and this release reads versions up to {SCHEMA_VERSION}: a later "
            f"release wrote it. Open it with that one, or make the run again with {program.name()} of this one."
        )
    raise RefusedError(
        f"{name} has schema version {'of no number' if told is None else told}, from before any release, and this one "
        f"reads versions from {FIRST_VERSION}. Run it again: start the same {program.name()} command under another "
        "--name."
    )


def _table_problems(found: Mapping[str, Mapping[str, str]], expected: Mapping[str, Mapping[str, str]]) -> list[str]:
    problems = [f"no table {table}" for table in expected if table not in found]
    problems += [f"an unknown table {table}" for table in found if table not in expected]
    for table in expected:
        problems += _column_problems(table, found=found.get(table, expected[table]), expected=expected[table])
    return problems


def _column_problems(table: str, *, found: Mapping[str, str], expected: Mapping[str, str]) -> list[str]:
    missing = [f"no column {table}.{column}" for column in expected if column not in found]
    unknown = [f"an unknown column {table}.{column}" for column in found if column not in expected]
    other = [
        f"{table}.{column} is {found[column]} instead of {kind}"
        for column, kind in expected.items()
        if column in found and found[column] != kind
    ]
    return missing + unknown + other


def _class_problems(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What is wrong with the list of classes, on whose length the rules depend."""
    ((count,),) = connection.execute("SELECT count(*) FROM results.main.finding").fetchall()
    if not 1 <= count <= MOST_CLASSES:
        return [f"{count} classes in finding instead of 1 to {MOST_CLASSES}"]
    indices, names = connection.execute(
        "SELECT list(index ORDER BY index), count(DISTINCT name) FROM results.main.finding"
    ).fetchall()[0]
    return [] if indices == list(range(count)) and names == count else ["classes in finding that are not told apart"]


def _rule_problems(connection: duckdb.DuckDBPyConnection, *, version: int) -> list[str]:
    ((classes,),) = connection.execute("SELECT count(*) FROM results.main.finding").fetchall()
    expected, found = expected_rules(classes=classes, version=version), rules_of(connection, database="results")
    return [f"{table} lacks the rule {rule}" for table, rule in sorted(expected - found)] + [
        f"{table} has the unknown rule {rule}" for table, rule in sorted(found - expected)
    ]


def _check_notes(connection: duckdb.DuckDBPyConnection, *, name: str) -> None:
    longest = "SELECT max(length(note)) FROM (SELECT unnest(notes) AS note FROM results.main.run)"
    ((found,),) = connection.execute(longest).fetchall()
    if (found or 0) > NOTE_LENGTH:
        raise RefusedError(
            f"{name}: expected notes of at most {NOTE_LENGTH:,} characters in run.notes, found {found:,}. {remedy()}"
        )


def _named(found: list[str], *, mark: str = ", ") -> str:
    """The first few, each cut where it is long: a stranger chose the names."""
    shown = [one if len(one) <= _SHOWN_LENGTH else f"{one[:_SHOWN_LENGTH]}..." for one in found[:_SHOWN]]
    return mark.join([*shown, *([f"{len(found) - _SHOWN} more"] if len(found) > _SHOWN else [])])
