import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from cxr_core.errors import StoreError
from cxr_core.store import write


def test_a_file_that_fails_on_the_way_is_not_there(tmp_path):
    def fail_on_the_way():
        with write.new_results(tmp_path / "results.duckdb") as connection:
            connection.execute("INSERT INTO rejected VALUES ('a', 'b', 'c')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_on_the_way()

    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_becomes_null_and_what_is_unknown_stays_nan(tmp_path):
    path = tmp_path / "results.duckdb"
    present = np.array([[1, 0, np.nan, 0, 0, 0]], np.float32)

    with write.new_results(path) as connection:
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

    with write.new_results(tmp_path / "results.duckdb") as connection:
        table = {
            "model_id": write.repeated("m", 2), "dataset": write.repeated("d", 2), "image_id": ["i", "j"],
            "method": write.repeated("cam", 2), "height": [2, 2], "width": [2, 2], "maps": write.blobs(maps),
            "scale": write.lists(np.ones((2, 6), np.float32)),
        }  # fmt: skip
        write.append(connection, "saliency", pa.table(table))
        rows = connection.execute("SELECT model_id, maps FROM saliency ORDER BY image_id").fetchall()

    assert rows == [("m", maps[0].tobytes()), ("m", maps[1].tobytes())]


def test_no_rows_are_no_error(tmp_path):
    with write.new_results(tmp_path / "results.duckdb") as connection:
        write.append(connection, "rejected", pd.DataFrame(columns=["dataset", "file", "reason"]))


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="Cannot write"), write.new_results(tmp_path / "file" / "results.duckdb"):
        pass
