"""The schema as the reader and the writer see it."""

import re

import duckdb

from cxr_core.store.schema import SCHEMA_VERSION, expected_tables, schema_sql, tables_of


def test_every_create_table_statement_is_an_expected_table() -> None:
    assert set(expected_tables()) == set(re.findall(r"CREATE TABLE (\w+)", schema_sql()))


def test_columns_keep_their_order_and_type() -> None:
    assert list(expected_tables()["policy"].items()) == [
        ("dataset", "VARCHAR"),
        ("policy", "VARCHAR"),
        ("is_default", "BOOLEAN"),
        ("description", "VARCHAR"),
    ]
    assert expected_tables()["prediction"]["probability"] == "FLOAT[6]"


def test_a_generated_column_never_looks_like_a_stored_one() -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1))")
        assert tables_of(connection, database="memory")["t"] == {"a": "INTEGER", "b": "INTEGER GENERATED"}


def test_the_version_is_one() -> None:
    assert SCHEMA_VERSION == 1
