"""The schema as the reader and the writer see it."""

import re

import duckdb
import pytest

from cxr_core.store.schema import as_of, expected_rules, expected_tables, schema_sql, tables_of


def test_every_create_table_statement_is_an_expected_table() -> None:
    assert set(expected_tables()) == set(re.findall(r"CREATE TABLE (\w+)", schema_sql(classes=6)))


def test_columns_keep_their_order_and_type() -> None:
    assert list(expected_tables()["policy"].items()) == [
        ("dataset", "VARCHAR"),
        ("policy", "VARCHAR"),
        ("is_default", "BOOLEAN"),
        ("description", "VARCHAR"),
    ]
    assert expected_tables()["prediction"]["probability"] == "FLOAT[]"


def test_a_generated_column_never_looks_like_a_stored_one() -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1))")
        assert tables_of(connection, database="memory")["t"] == {"a": "INTEGER", "b": "INTEGER GENERATED"}


@pytest.mark.parametrize("classes", [0, 31])
def test_a_run_has_one_to_thirty_classes(classes: int) -> None:
    with pytest.raises(ValueError, match=f"1 to 30 classes, found {classes}"):
        schema_sql(classes=classes)


@pytest.mark.parametrize("classes", [1, 2, 4, 6, 30])
def test_lists_have_an_entry_a_class(classes: int) -> None:
    fitting, other = [1.0] * classes, [1.0] * (classes + 1)
    with duckdb.connect(":memory:") as connection:
        connection.execute(schema_sql(classes=classes))
        sql = "INSERT INTO prediction BY NAME SELECT 'm' AS model_id, 'd' AS dataset, 'i' AS image_id, 'train' AS role"
        connection.execute(f"{sql}, $one AS probability, $one AS flagged", {"one": fitting})
        for probability, flagged in ((other, fitting), (fitting, other), (fitting[1:], None), (None, None)):
            given = {"probability": probability, "flagged": flagged}
            with pytest.raises(duckdb.ConstraintException):
                connection.execute(f"{sql}, $probability AS probability, $flagged AS flagged", given)
        connection.execute("INSERT INTO finding VALUES ($last, 'the last')", {"last": classes - 1})
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("INSERT INTO finding VALUES ($last, 'one more')", {"last": classes})


@pytest.mark.parametrize(
    ("values", "is_taken"),
    [
        ([0.0, 0.5, 1.0], True),
        ([0.0, float("nan"), 1.0], True),
        ([float("nan")] * 3, True),
        ([0.0, float("nan"), 1.5], False),
        ([-0.1, float("nan"), 1.0], False),
        ([0.0, float("inf"), float("nan")], False),
        ([0.0, None, 1.0], False),
    ],
)
def test_a_probability_lies_between_0_and_1_or_is_not_known(values: list[float | None], *, is_taken: bool) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(schema_sql(classes=3))
        sql = (
            "INSERT INTO prediction BY NAME SELECT 'm' AS model_id, 'd' AS dataset, 'i' AS image_id, 'train' AS role, "
            "$values::FLOAT[] AS probability"
        )
        if is_taken:
            connection.execute(sql, {"values": values})
        else:
            with pytest.raises(duckdb.ConstraintException):
                connection.execute(sql, {"values": values})


LATER = """
-- A table.
CREATE TABLE one (
    first INTEGER NOT NULL, -- the first
    third VARCHAR, -- since 4
    CHECK (first > 0),
    CHECK (length(third) < 9) -- since 4
);

CREATE TABLE two ( -- since 3
    sole INTEGER NOT NULL
);

CREATE TABLE last (
    one VARCHAR,
    another VARCHAR -- since 3
);
"""


def tables_and_rules(version: int) -> dict[str, list[str]]:
    with duckdb.connect(":memory:") as connection:
        connection.execute(as_of(LATER, version))
        return {name: list(columns) for name, columns in tables_of(connection, database="memory").items()}


def test_a_schema_is_known_as_it_was_in_each_version() -> None:
    assert tables_and_rules(2) == {"one": ["first"], "last": ["one"]}
    assert tables_and_rules(3) == {"one": ["first"], "two": ["sole"], "last": ["one", "another"]}
    assert tables_and_rules(4) == {"one": ["first", "third"], "two": ["sole"], "last": ["one", "another"]}
    assert "length(third)" not in as_of(LATER, 3)


def test_the_rules_depend_on_the_number_of_classes_alone() -> None:
    two, six = expected_rules(classes=2), expected_rules(classes=6)
    assert {table for table, _ in two ^ six} == {"finding", "name_match", "reference", "prediction", "saliency"}
