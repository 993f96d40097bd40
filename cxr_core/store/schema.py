"""What a results file contains: the text of schema.sql, and the tables and columns that follow from it."""

import functools
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

import duckdb

SCHEMA_VERSION = 1
"""Goes up whenever schema.sql changes in a way that a reader of older files would notice."""


def schema_sql() -> str:
    """The statements that make an empty results file."""
    return resources.files("cxr_core.store").joinpath("schema.sql").read_text(encoding="utf-8")


@functools.cache
def expected_tables() -> Mapping[str, Mapping[str, str]]:
    """From table to column to type; learned by running schema.sql, so that it is the only source."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(schema_sql())
        return tables_of(connection, database="memory")


@functools.cache
def expected_rules() -> frozenset[tuple[str, str]]:
    """Each table's rules, as `rules_of` gives them; learned from schema.sql like the tables."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(schema_sql())
        return rules_of(connection, database="memory")


def rules_of(connection: duckdb.DuckDBPyConnection, *, database: str) -> frozenset[tuple[str, str]]:
    """Pairs of a table and a rule that its rows keep: what must not be NULL, what is checked, what stands by default.

    Nothing is evaluated.

    Args:
        connection: Any connection that has the database attached.
        database: Its name there.
    """
    rows = connection.execute(
        """
        SELECT table_name, CASE WHEN constraint_type = 'NOT NULL'
            THEN array_to_string(constraint_column_names, ', ') || ' NOT NULL' ELSE constraint_text END
        FROM duckdb_constraints() WHERE database_name = $database AND schema_name = 'main'
        UNION
        SELECT table_name, column_name || ' DEFAULT ' || column_default
        FROM duckdb_columns() WHERE database_name = $database AND column_default IS NOT NULL AND NOT is_generated
        """,
        {"database": database},
    ).fetchall()
    return frozenset(rows)


def tables_of(connection: duckdb.DuckDBPyConnection, *, database: str) -> Mapping[str, Mapping[str, str]]:
    """From table to column to type, as a database really has them.

    Args:
        connection: Any connection that has the database attached.
        database: Its name there.

    Returns:
        The columns in their order. The type of a generated column ends in ``GENERATED``: it is computed when it is
        read, by whatever expression the file brings, so it never equals a stored one.
    """
    rows = connection.execute(
        """
        SELECT table_name, column_name, data_type || CASE WHEN is_generated = 'NEVER' THEN '' ELSE ' GENERATED' END
        FROM information_schema.columns
        WHERE table_catalog = ? AND table_schema = 'main'
        ORDER BY table_name, ordinal_position
        """,
        [database],
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind
    return MappingProxyType({table: MappingProxyType(columns) for table, columns in tables.items()})
