"""The schema of a results file: the text of schema.sql, and the tables, columns and rules that follow from it."""

import functools
import re
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

import duckdb

from cxr_core.findings import MOST_CLASSES

SCHEMA_VERSION = 4
"""The version of the files that this release writes; each table, column or rule that is added raises it."""

FIRST_VERSION = 2
"""The oldest version that is read. Version 1 was never released."""

_SINCE = re.compile(r"-- since (\d+)\b")
_COMMENT = re.compile(r"\s*--[^\n]*")


def schema_sql(*, classes: int, version: int = SCHEMA_VERSION) -> str:
    """The statements that make an empty results file.

    Args:
        classes: How many classes the run has, 1 to `MOST_CLASSES`.
        version: Of the file: what schema.sql says to have come later is not in it.

    Raises:
        ValueError: If there cannot be so many classes.
    """
    if not 1 <= classes <= MOST_CLASSES:
        raise ValueError(f"A run has 1 to {MOST_CLASSES} classes, found {classes}.")
    text = resources.files("cxr_core.store").joinpath("schema.sql").read_text(encoding="utf-8")
    return as_of(text, version).replace("{k}", str(classes)).replace("{last}", str(classes - 1))


def as_of(text: str, version: int) -> str:
    """A schema as it was in a version: without the lines, and the tables, that say ``-- since`` a later one.

    Args:
        text: Statements, each column and each rule on a line of its own.
        version: The version.
    """
    statements = (_kept(statement, version) for statement in re.split(r"(?<=\n\);\n)", text))
    return "".join(statements)


def _kept(statement: str, version: int) -> str:
    lines = [line for line in statement.splitlines() if not _is_later(line, version)]
    if "CREATE TABLE" in statement and not any("CREATE TABLE" in line for line in lines):
        return ""
    plain = _COMMENT.sub("", "\n".join(lines))
    return re.sub(r",\s*\);", "\n);", plain) + "\n"


def _is_later(line: str, version: int) -> bool:
    since = _SINCE.search(line)
    return since is not None and int(since[1]) > version


@functools.cache
def expected_tables(*, version: int = SCHEMA_VERSION) -> Mapping[str, Mapping[str, str]]:
    """From table to column to type; learned by running schema.sql, so that it is the only source.

    Args:
        version: Of the file.
    """
    with _empty(classes=1, version=version) as connection:
        return tables_of(connection, database="memory")


@functools.cache
def expected_rules(*, classes: int, version: int = SCHEMA_VERSION) -> frozenset[tuple[str, str]]:
    """Each table's rules, as `rules_of` gives them; learned from schema.sql like the tables.

    Args:
        classes: How many classes the run has.
        version: Of the file.
    """
    with _empty(classes=classes, version=version) as connection:
        return rules_of(connection, database="memory")


def _empty(*, classes: int, version: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute(schema_sql(classes=classes, version=version))
    return connection


def rules_of(connection: duckdb.DuckDBPyConnection, *, database: str) -> frozenset[tuple[str, str]]:
    """Pairs of a table and a rule that its rows keep: what must not be NULL, what is checked, what stands by default.

    Texts that are compared in another way than letter by letter have a rule of their own.

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
        UNION
        SELECT table_name, 'COLLATE' FROM duckdb_tables()
        WHERE database_name = $database AND schema_name = 'main' AND contains(upper(sql), ' COLLATE ')
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
