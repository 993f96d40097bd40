"""A results file is opened only if it can do no harm, and what is wrong with it is said in a sentence."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import duckdb
import pytest

from cxr_core.errors import RefusedError, StoreError
from cxr_core.store import private
from cxr_core.store.open import open_run
from cxr_core.store.schema import expected_rules, expected_tables
from tests.support.made.runs import MadeRun
from tests.support.scarce import scarce

CONTENT = "a file of this machine"

RUN = """
    INSERT INTO run (run_id, created_at, preset, config, versions, device, seconds, schema_version, notes)
    VALUES ('r', '2026-01-01', 'paper', '{}', '{}', 'cpu', 1, 2, []);
"""


def plain_tables(*, not_null: bool = False) -> str:
    """The statements that make the same tables without rules, or with the rule against NULL in every column."""
    rule = " NOT NULL" if not_null else ""
    return "".join(
        f'CREATE TABLE "{table}" ({", ".join(f"{column} {kind}{rule}" for column, kind in columns.items())});'
        for table, columns in ((name, quoted(kinds)) for name, kinds in expected_tables().items())
    )


def quoted(columns: Mapping[str, str]) -> dict[str, str]:
    return {f'"{column}"': kind for column, kind in columns.items()}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = MadeRun(images={"internal_test": 12, "external_test": 18, "train": 40})
    return made.write(tmp_path_factory.mktemp("made"))


@pytest.fixture
def results_file(original: Path, tmp_path: Path) -> Path:
    path = tmp_path / original.parent.name / original.name
    path.parent.mkdir()
    return Path(shutil.copyfile(original, path))


def _read_all(path: Path) -> None:
    with open_run(path) as connection:
        for table in expected_tables():
            connection.table(table).fetchall()


def _change(path: Path, sql: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)


def test_tables_can_be_named_as_they_are(results_file: Path) -> None:
    with open_run(results_file) as connection:
        for table in expected_tables():
            connection.table(table).fetchall()
        assert connection.execute("SELECT run_id FROM run").fetchall() == [("paper-0001",)]


def test_cursors_of_several_threads_see_the_same_tables(results_file: Path) -> None:
    counts: list[int] = []

    def count(connection: duckdb.DuckDBPyConnection) -> None:
        for _ in range(20):
            with connection.cursor() as cursor:
                counts.append(cursor.execute("SELECT count(*) FROM image").fetchall()[0][0])

    with open_run(results_file) as connection:
        threads = [threading.Thread(target=count, args=(connection,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counts == [30] * 80


def test_the_file_cannot_be_written_to(results_file: Path) -> None:
    with open_run(results_file) as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("DELETE FROM results.main.run")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{path}')",
        "COPY (SELECT 1) TO '{path}.copy'",
        "ATTACH '{path}.other' AS other",
        "SET enable_external_access = true",
        "SET threads = 64",
        "INSTALL httpfs",
    ],
)
def test_the_file_system_and_the_settings_are_locked(results_file: Path, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CONTENT)
    with open_run(results_file) as connection, pytest.raises(duckdb.Error):
        connection.execute(sql.format(path=secret))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["paper-0001", "secret.txt"]


def test_threads_and_memory_are_limited(results_file: Path) -> None:
    with open_run(results_file, threads=1, memory_limit="300MB") as connection:
        settings = connection.execute("SELECT current_setting('threads'), current_setting('memory_limit')").fetchall()
    assert settings == [(1, "286.1 MiB")]


def test_a_view_in_place_of_a_table_is_refused_and_never_run(results_file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CONTENT)
    _change(results_file, "DROP TABLE rejected")
    _change(
        results_file,
        f"CREATE VIEW rejected AS SELECT 'd' AS dataset, content AS file, '' AS reason FROM read_text('{secret}')",  # noqa: S608
    )
    with pytest.raises(StoreError, match="view rejected") as raised:
        open_run(results_file)
    assert CONTENT not in str(raised.value)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("CREATE MACRO upper(a) AS 'x' || a", "macro upper"),
        ("CREATE SCHEMA hidden", "schema hidden"),
        ("CREATE TABLE diary (line VARCHAR)", "an unknown table diary"),
        ("DROP TABLE gap", "no table gap"),
        ("ALTER TABLE metric ADD COLUMN remark VARCHAR", "an unknown column metric.remark"),
        ("ALTER TABLE metric DROP COLUMN not_estimable", "no column metric.not_estimable"),
        ("ALTER TABLE metric ALTER not_estimable TYPE VARCHAR", "not_estimable is VARCHAR instead of BOOLEAN"),
        (
            "CREATE OR REPLACE TABLE rejected (dataset VARCHAR, file VARCHAR, reason VARCHAR AS (upper(file)))",
            "computed column rejected.reason",
        ),
        ("CREATE MACRO rows() AS TABLE SELECT 1", "macro rows"),
        ("CREATE SEQUENCE counter", "sequence counter"),
        ("CREATE TYPE mood AS ENUM ('good', 'bad')", "type mood"),
        ("CREATE INDEX by_hash ON metric (hash(n))", "index by_hash"),
        ("ALTER TABLE metric ALTER n SET DEFAULT length(repeat('x', 1000))", "metric has the unknown rule n DEFAULT"),
        ("ALTER TABLE metric ALTER n DROP NOT NULL", "metric lacks the rule n NOT NULL"),
        ("ALTER TABLE metric ALTER value SET NOT NULL", "metric has the unknown rule value NOT NULL"),
        (
            """
            CREATE OR REPLACE TABLE attribute (dataset VARCHAR NOT NULL, image_id VARCHAR NOT NULL,
                name VARCHAR NOT NULL, value VARCHAR COLLATE NOCASE NOT NULL,
                CHECK (greatest(length(dataset), length(image_id), length(name)) <= 200),
                CHECK (length(value) BETWEEN 1 AND 200))
            """,
            "the tables of schema version 4: attribute has the unknown rule COLLATE. Ask",
        ),
        ("UPDATE run SET notes = [repeat('x', 1001)]", "at most 1,000 characters in run.notes, found 1,001"),
        ("DELETE FROM run", "exactly one run, found 0"),
        ("INSERT INTO run FROM run", "exactly one run, found 2"),
        ("DROP TABLE run", "not a results file of Second Site"),
    ],
)
def test_whatever_is_not_the_schema_is_refused_by_name(results_file: Path, sql: str, said: str) -> None:
    _change(results_file, sql)
    with pytest.raises(StoreError, match=said) as raised:
        open_run(results_file)
    assert "train.py" in str(raised.value)


@pytest.mark.parametrize("not_null", [False, True])
def test_a_file_under_other_rules_is_refused_whatever_is_in_it(tmp_path: Path, *, not_null: bool) -> None:
    path = tmp_path / "run" / "results.duckdb"
    path.parent.mkdir()
    _change(path, plain_tables(not_null=not_null))
    _change(path, "INSERT INTO finding VALUES (0, 'Cardiomegaly')")
    _change(path, "INSERT INTO run SELECT 'r', '10000-01-01', 'p', 'q', '{}', '{}', 'g', 'cpu', 1, 4, []")
    with pytest.raises(RefusedError, match="lacks the rule CHECK") as raised:
        open_run(path)
    assert "10000" not in str(raised.value)


@pytest.mark.parametrize("table", expected_tables())
def test_a_computed_column_is_refused_before_anything_is_computed(tmp_path: Path, table: str) -> None:
    path = tmp_path / "run" / "results.duckdb"
    path.parent.mkdir()
    kinds = quoted(expected_tables()[table])
    column = '"schema_version"' if table == "run" else list(kinds)[-1]
    kinds[column] = "VARCHAR AS (error('it was computed'))"
    columns = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    _change(path, plain_tables() + RUN + f'DROP TABLE "{table}"; CREATE TABLE "{table}" ({columns});')
    with pytest.raises(RefusedError, match=f"computed column {table}.{column[1:-1]}"):
        open_run(path)


def test_what_a_stranger_named_is_cut_and_counted(results_file: Path) -> None:
    _change(results_file, "".join(f"CREATE TABLE t{number}{'x' * 5000} (a INTEGER);" for number in range(9)))
    with pytest.raises(RefusedError, match="4 more") as raised:
        open_run(results_file)
    assert len(str(raised.value)) < 1000


def test_rules_are_known_for_every_table_and_every_text_in_it() -> None:
    rules = {(table, rule) for table, rule in expected_rules(classes=6) if rule.startswith("CHECK")}
    fixed = {
        "site",
        "view",
        "sex",
        "left_out",
        "grade",
        "regime",
        "role",
        "outcome",
        "task",
        "outputs",
        "origin",
        "unit",
        "role_basis",
        "scale",
        "part",
        "ranking",
        "threshold",
    }
    for table, columns in expected_tables().items():
        checked = " ".join(rule for name, rule in rules if name == table)
        for column, kind in columns.items():
            if kind in {"VARCHAR", "JSON"}:
                bounded = re.search(rf'length\((CAST\()?"?{column}"?( AS VARCHAR\))?\)', checked)
                chosen = column in fixed and re.search(rf'"?{column}"? IN \(', checked)
                assert bounded or chosen, f"{table}.{column}"


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (0, "schema version 0, from before any release.* Run it again"),
        (1, "schema version 1, from before any release.* Run it again"),
        (5, "schema version 5, and this release reads versions up to 4: a later release wrote it"),
    ],
)
def test_another_schema_version_is_refused_before_its_columns_are_compared(
    results_file: Path, version: int, said: str
) -> None:
    _change(results_file, f"UPDATE run SET schema_version = {version}; DROP TABLE gap")  # noqa: S608
    with pytest.raises(RefusedError, match=said):
        open_run(results_file)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM finding", "0 classes in finding instead of 1 to 30"),
        ("INSERT INTO finding SELECT 5, 'c' || i FROM range(40) AS t(i)", "46 classes in finding"),
        ("DELETE FROM finding WHERE index = 5", "lacks the rule"),
        ("DELETE FROM finding WHERE index = 0", "classes in finding that are not told apart"),
        ("INSERT INTO finding VALUES (5, 'another')", "classes in finding that are not told apart"),
        ("UPDATE finding SET name = 'Cardiomegaly'", "classes in finding that are not told apart"),
    ],
)
def test_classes_that_do_not_fit_the_lists_are_refused(results_file: Path, sql: str, said: str) -> None:
    _change(results_file, sql)
    with pytest.raises(RefusedError, match=said):
        open_run(results_file)


def test_a_missing_file_says_how_it_comes_about(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"start the same train\.py command again"):
        open_run(tmp_path / "paper-0001" / "results.duckdb")


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + bytes(4096)])
def test_a_file_that_is_no_duckdb_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "results.duckdb"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="cannot be read as a results file"):
        open_run(path)


def test_a_truncated_file_is_refused_or_fails_as_a_duckdb_error(results_file: Path) -> None:
    os.truncate(results_file, results_file.stat().st_size // 3)
    with pytest.raises((StoreError, duckdb.Error)):
        _read_all(results_file)


def test_messages_do_not_tell_where_the_folder_lies(tmp_path: Path) -> None:
    path = tmp_path / "some-run" / "results.duckdb"
    path.parent.mkdir()
    path.write_bytes(b"not a database")
    with pytest.raises(StoreError) as raised:
        open_run(path)
    assert "some-run/results.duckdb" in str(raised.value)
    assert str(tmp_path) not in str(raised.value)


def test_a_path_with_a_quote_is_only_a_path(tmp_path: Path) -> None:
    path = MadeRun(name="it's", images={"internal_test": 2, "external_test": 2, "train": 2}).write(tmp_path)
    with open_run(path) as connection:
        assert connection.execute("SELECT count(*) FROM run").fetchall() == [(1,)]


def test_a_message_tells_no_path_behind_a_link(tmp_path: Path) -> None:
    secret = tmp_path / "private folder" / "diary.txt"
    secret.parent.mkdir()
    secret.write_text(CONTENT)
    path = tmp_path / "some-run" / "results.duckdb"
    path.parent.mkdir()
    path.symlink_to(secret)
    with pytest.raises(StoreError) as raised:
        open_run(path)
    assert str(tmp_path) not in str(raised.value)
    assert "diary" not in str(raised.value)


def test_a_file_that_another_program_writes_is_said_to_be_open_there(results_file: Path) -> None:
    holding = "import duckdb, sys; kept = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holding, str(results_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(StoreError, match="is open in another program") as raised:
            open_run(results_file)
        other.communicate()
    assert sys.executable not in str(raised.value)
    open_run(results_file).close()


def test_a_private_copy_is_read_where_the_file_is_overwritten(results_file: Path, tmp_path: Path) -> None:
    with open_run(results_file, copies=tmp_path / "open") as connection:
        results_file.write_bytes(bytes(results_file.stat().st_size))
        for table in expected_tables():
            connection.table(table).fetchall()
        assert list((tmp_path / "open").iterdir()) == []  # it has no name, and goes with the connection


def test_a_file_that_is_written_while_it_is_copied_is_said_to_be(
    results_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = private._copy

    def copy_while_written(source: BinaryIO, target: BinaryIO) -> None:
        copy(source, target)
        with results_file.open("ab") as file:
            file.write(b"x")

    monkeypatch.setattr(private, "_copy", copy_while_written)
    with pytest.raises(StoreError, match="is being written just now"):
        open_run(results_file, copies=tmp_path / "open")
    assert list((tmp_path / "open").iterdir()) == []


def test_where_no_copy_can_be_made_the_file_itself_is_read(results_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with open_run(results_file, copies=tmp_path / "file" / "open") as connection:
        assert connection.execute("SELECT count(*) FROM run").fetchall() == [(1,)]
    with scarce(tmp_path / "disk", kilobytes=64) as disk, open_run(results_file, copies=disk.path) as connection:
        assert connection.execute("SELECT count(*) FROM run").fetchall() == [(1,)]
        assert list(disk.path.iterdir()) == []
