import hashlib
import os
import shutil

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from cxr_core import files
from cxr_core.errors import NoRoomError, StoreError
from cxr_core.findings import FINDINGS
from cxr_core.store import schema, sealed, write
from tests.support.scarce import scarce


def test_a_file_that_fails_on_the_way_is_not_there(tmp_path):
    def fail_on_the_way():
        with write.new_results(tmp_path / "results.duckdb", classes=FINDINGS) as connection:
            connection.execute("INSERT INTO rejected VALUES ('a', 'b', 'c')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_on_the_way()

    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_becomes_null_and_what_is_unknown_stays_nan(tmp_path):
    path = tmp_path / "results.duckdb"
    present = np.array([[1, 0, np.nan, 0, 0, 0]], np.float32)

    with write.new_results(path, classes=FINDINGS) as connection:
        row = {"dataset": ["d"], "policy": ["p"], "image_id": ["i"], "class": pa.array([None], pa.int8())}
        write.append(connection, "reference", pa.table(row | {"present": write.lists(present)}))
        image = {"dataset": "d", "image_id": "i", "file": "f", "age_years": np.nan, "view": None}
        write.append(connection, "image", pd.DataFrame([image]))

    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT class, left_out, isnan(present[3]) FROM reference").fetchall() == [
            (None, None, True)
        ]
        assert connection.execute("SELECT age_years, view, width FROM image").fetchall() == [(None, None, None)]


def test_bytes_and_repeated_text_arrive_as_they_are(tmp_path):
    maps = np.arange(2 * 6 * 4, dtype=np.uint8).reshape(2, 6, 2, 2)

    with write.new_results(tmp_path / "results.duckdb", classes=FINDINGS) as connection:
        table = {
            "model_id": write.repeated("m", 2), "dataset": write.repeated("d", 2), "image_id": ["i", "j"],
            "method": write.repeated("cam", 2), "height": [2, 2], "width": [2, 2], "maps": write.blobs(maps),
            "scale": write.lists(np.ones((2, 6), np.float32)),
        }  # fmt: skip
        write.append(connection, "saliency", pa.table(table))
        rows = connection.execute("SELECT model_id, maps FROM saliency ORDER BY image_id").fetchall()

    assert rows == [("m", maps[0].tobytes()), ("m", maps[1].tobytes())]


def test_no_rows_are_no_error(tmp_path):
    with write.new_results(tmp_path / "results.duckdb", classes=FINDINGS) as connection:
        write.append(connection, "rejected", pd.DataFrame(columns=["dataset", "file", "reason"]))


@pytest.mark.parametrize("classes", [(), ("A", "A"), [f"Class {number}" for number in range(31)]])
def test_a_run_has_one_to_thirty_classes_each_another(tmp_path, classes):
    with (
        pytest.raises(ValueError, match=r"classes, found|each class once"),
        write.new_results(tmp_path / "results.duckdb", classes=classes),
    ):
        pass

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()

    with (
        pytest.raises(StoreError, match="Cannot write"),
        write.new_results(tmp_path / "file" / "results.duckdb", classes=FINDINGS),
    ):
        pass


def test_a_row_that_breaks_a_rule_of_the_schema_is_said_in_a_sentence(tmp_path):
    def write_two_sites_of_no_kind():
        with write.new_results(tmp_path / "results.duckdb", classes=FINDINGS) as connection:
            write.append(connection, "policy", pd.DataFrame([{"dataset": "d", "policy": "p", "is_default": True}]))

    with pytest.raises(StoreError, match=r"NOT NULL constraint failed: .*description"):
        write_two_sites_of_no_kind()
    assert list(tmp_path.iterdir()) == []


ROWS = 600


def fill(connection):
    """Six megabytes that no compression makes smaller."""
    rng = np.random.default_rng(0)
    for start in range(0, ROWS, 100):
        table = {
            "model_id": write.repeated("m", 100), "dataset": write.repeated("d", 100),
            "image_id": [str(start + number) for number in range(100)], "method": write.repeated("cam", 100),
            "height": [40] * 100, "width": [40] * 100,
            "maps": write.blobs(rng.integers(0, 256, (100, 6, 40, 40), dtype=np.uint8)),
            "scale": write.lists(np.ones((100, 6), np.float32)),
        }  # fmt: skip
        write.append(connection, "saliency", pa.table(table))


def filled(path, told):
    """Writes a results file; the error where that was not possible."""
    try:
        with write.new_results(path, classes=FINDINGS, on_checked=told.append) as connection:
            fill(connection)
    except NoRoomError as error:
        return str(error)
    return None


@pytest.mark.parametrize("kind", ["tmpfs", "limit"])
@pytest.mark.parametrize("kilobytes", [16, 1000, 5000, 6000, 7000, 9000, 11000])
def test_on_a_full_disk_nothing_is_sealed_and_with_room_everything_is(tmp_path, kind, kilobytes):
    told = []
    with scarce(tmp_path / "disk", kilobytes=kilobytes, kind=kind) as disk:
        path = disk.path / "run" / "results.duckdb"
        problem = filled(path, told)
        if problem is not None:
            assert not list(disk.path.rglob("*.*"))
            assert told == []
            assert problem.startswith("Cannot write results.duckdb to ")
            assert "are free. Make room there and start the same command again" in problem
            disk.take(40_000)
            assert filled(path, told) is None
        assert told[0].rows["saliency"] == ROWS
        with duckdb.connect(str(path), read_only=True) as connection:
            assert connection.execute("SELECT count(DISTINCT maps) FROM saliency").fetchall() == [(ROWS,)]
        assert [one.name for one in path.parent.iterdir()] == ["results.duckdb"]
    assert problem is not None or kilobytes > 6000


def test_what_duckdb_had_no_memory_for_and_the_disk_no_room_is_said_too(tmp_path):
    def sort_more_than_fits(path):
        with write.new_results(path, classes=FINDINGS) as connection:
            connection.execute("SET memory_limit = '24MB'")
            connection.execute("SET threads = 1")
            fill(connection)
            connection.execute("CREATE TEMP TABLE texts AS SELECT hash(range)::VARCHAR AS text FROM range(2000000)")
            connection.execute("CREATE TEMP TABLE sorted AS FROM texts ORDER BY text")

    with (
        scarce(tmp_path / "disk", kilobytes=20_000, kind="tmpfs") as disk,
        pytest.raises(NoRoomError, match=r"MB are needed, .* are free\. Make room there"),
    ):
        sort_more_than_fits(disk.path / "results.duckdb")


@pytest.mark.parametrize(
    ("before", "said"),
    [("SELECT 1", "Table with name .* does not exist"), ("CHECKPOINT", "rejected: 1 rows written, 0 found")],
)
def test_a_file_that_does_not_hold_what_was_written_is_not_sealed(tmp_path, monkeypatch, before, said):
    path, told = tmp_path / "results.duckdb", []

    class Forgetful:
        """A connection that keeps silent about a checkpoint which the disk did not take."""

        def __init__(self, connection):
            self._connection = connection

        def execute(self, sql, *values):
            return self._connection.execute("SELECT 1" if sql == "CHECKPOINT" else sql, *values)

        def close(self):
            self._connection.execute("PRAGMA disable_checkpoint_on_shutdown")
            self._connection.close()

    close = sealed.close
    monkeypatch.setattr(sealed, "close", lambda connection, part: close(Forgetful(connection), part))

    def write_one_row():
        with write.new_results(path, classes=FINDINGS, on_checked=told.append) as connection:
            connection.execute(before)
            connection.execute("INSERT INTO rejected VALUES ('a', 'b', 'c')")

    with pytest.raises(StoreError, match=said):
        write_one_row()
    assert told == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_known_of_a_sealed_file_is_told_before_it_has_its_name(tmp_path):
    path, told = tmp_path / "results.duckdb", []

    with write.new_results(
        path, classes=FINDINGS, on_checked=lambda found: told.append((path.exists(), found))
    ) as connection:
        connection.execute("INSERT INTO rejected VALUES ('a', 'b', 'c')")

    ((existed, found),) = told
    assert not existed
    assert found.sha256 == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert found.rows == {table: {"rejected": 1, "finding": 6}.get(table, 0) for table in schema.expected_tables()}


def test_an_error_while_that_is_noted_seals_nothing(tmp_path):
    def refuse(_):
        raise NoRoomError("full")

    with (
        pytest.raises(NoRoomError),
        write.new_results(tmp_path / "results.duckdb", classes=FINDINGS, on_checked=refuse),
    ):
        pass

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_of_the_same_number_left_is_not_gone_on_from(tmp_path):
    path = tmp_path / "results.duckdb"
    part = tmp_path / f".results.duckdb.{os.getpid()}-{files._HOST}.part"
    with duckdb.connect(str(part)) as left:
        left.execute(schema.schema_sql(classes=6))
        left.execute("INSERT INTO rejected VALUES ('a', 'b', 'of before')")
        log = shutil.copyfile(f"{part}.wal", tmp_path / "log")
    log.rename(f"{part}.wal")

    with write.new_results(path, classes=FINDINGS) as connection:
        connection.execute("INSERT INTO rejected VALUES ('a', 'b', 'of now')")

    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT reason FROM rejected").fetchall() == [("of now",)]
    assert [one.name for one in tmp_path.iterdir()] == ["results.duckdb"]
