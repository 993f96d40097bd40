"""The list of runs: the newest first, and each that cannot be shown says why."""

import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from cxr_core.errors import StoreError
from cxr_core.store import runs
from cxr_core.store.runs import FoundRun, list_runs, look_into
from cxr_core.store.schema import expected_tables
from tests.support.made.runs import MadeRun

FEW = {"internal_test": 2, "external_test": 2, "train": 2}


def test_no_folder_and_an_empty_one_hold_no_run(tmp_path: Path) -> None:
    assert list_runs(tmp_path / "none") == ()
    assert list_runs(tmp_path) == ()


def test_the_newest_run_comes_first(tmp_path: Path) -> None:
    days = {"b-old": 3, "a-new": 24, "c-middle": 12}
    for name, day in days.items():
        MadeRun(name=name, created_at=datetime(2026, 11, day, tzinfo=UTC), images=FEW).write(tmp_path)
    found = list_runs(tmp_path)
    assert [run.name for run in found] == ["a-new", "c-middle", "b-old"]
    assert {run.state for run in found} == {"complete"}
    assert found[0].created_at == datetime(2026, 11, 24, tzinfo=UTC)
    assert found[0].preset == "paper"


def test_a_damaged_run_is_named_and_hides_no_other(tmp_path: Path) -> None:
    MadeRun(images=FEW).write(tmp_path)
    old = MadeRun(name="old-schema", schema_version=7, images=FEW).write(tmp_path)
    broken = tmp_path / "broken" / "results.duckdb"
    broken.parent.mkdir()
    broken.write_bytes(b"no database")
    found = {run.name: run for run in list_runs(tmp_path)}
    assert found["paper-0001"].state == "complete"
    assert (found["old-schema"].state, found["old-schema"].path) == ("damaged", old)
    assert "schema version 7" in (found["old-schema"].problem or "")
    assert "broken/results.duckdb cannot be read" in (found["broken"].problem or "")


@pytest.mark.parametrize("created_at", ["10000-01-01", "infinity", "-infinity", "0044-03-15 (BC)", "1999-12-31", None])
def test_a_time_that_no_run_has_is_a_damaged_run_and_hides_no_other(tmp_path: Path, created_at: str | None) -> None:
    MadeRun(images=FEW).write(tmp_path)
    path = MadeRun(name="strange", images=FEW).write(tmp_path)
    with duckdb.connect(str(path)) as connection:
        kinds = expected_tables()["run"].items()
        connection.execute("CREATE TABLE kept AS FROM run; DROP TABLE run")
        connection.execute(f"CREATE TABLE run ({', '.join(f'{column} {kind}' for column, kind in kinds)})")
        connection.execute("INSERT INTO run FROM kept; DROP TABLE kept")
        connection.execute("UPDATE run SET created_at = $1::VARCHAR::TIMESTAMP", [created_at])
    found = {run.name: run for run in list_runs(tmp_path)}
    assert {name: run.state for name, run in found.items()} == {"paper-0001": "complete", "strange": "damaged"}
    assert "strange/results.duckdb" in (found["strange"].problem or "")


@pytest.mark.parametrize("created_at", ["10000-01-01", "0044-03-15 (BC)"])
def test_a_time_that_python_does_not_know_is_said_even_where_the_rules_were_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, created_at: str
) -> None:
    path = MadeRun(images=FEW).write(tmp_path)

    def opened(path: Path, *, threads: int, copies: Path | None) -> duckdb.DuckDBPyConnection:
        del copies
        connection = duckdb.connect(str(path), read_only=True, config={"threads": threads})
        connection.execute(f"CREATE TEMP VIEW run AS SELECT TIMESTAMP '{created_at}' AS created_at, 'p' AS preset")
        return connection

    monkeypatch.setattr(runs, "open_run", opened)
    (run,) = list_runs(tmp_path)
    assert (run.state, run.path) == ("damaged", path)
    assert "it tells no time and preset that can be read" in (run.problem or "")


def test_a_folder_whose_time_or_name_is_none_hides_no_other_run(tmp_path: Path) -> None:
    MadeRun(images=FEW).write(tmp_path)
    late = tmp_path / "late"
    late.mkdir()
    os.utime(late, (2**36, 2**36))  # the year 4147
    strange = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    strange.mkdir()
    found = {run.name: run for run in list_runs(tmp_path)}
    assert {name: run.state for name, run in found.items()} == {
        "paper-0001": "complete",
        "late": "unfinished",
        "caf\\xe9": "damaged",
    }
    assert "Rename it" in (found["caf\\xe9"].problem or "")
    assert all(run.name.encode() for run in found.values())


def test_a_time_beyond_the_calendar_is_the_first_one() -> None:
    assert runs._time(2.0**50) == runs._time(-(2.0**50)) == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_folder_without_results_is_an_unfinished_run(tmp_path: Path) -> None:
    (tmp_path / "going-on" / "members").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "a-file.txt").write_text("")
    (run,) = list_runs(tmp_path)
    assert (run.name, run.state, run.problem, run.preset) == ("going-on", "unfinished", None, None)


def test_a_run_that_is_being_written_is_unfinished(tmp_path: Path) -> None:
    folder = tmp_path / "going-on"
    folder.mkdir()
    with duckdb.connect(str(folder / ".results.duckdb.123.part")):
        assert [run.state for run in list_runs(tmp_path)] == ["unfinished"]


def test_a_folder_that_may_not_be_read_is_named_and_hides_no_other(tmp_path: Path) -> None:
    def look(folder: Path) -> FoundRun:
        if folder.name == "locked":
            raise PermissionError(13, "Permission denied", str(folder))
        if folder.name == "gone":
            raise FileNotFoundError(2, "No such file", str(folder))
        return look_into(folder)

    MadeRun(images=FEW).write(tmp_path)
    (tmp_path / "locked").mkdir()
    (tmp_path / "gone").mkdir()
    found = {run.name: run for run in list_runs(tmp_path, look=look)}
    assert {name: run.state for name, run in found.items()} == {"paper-0001": "complete", "locked": "damaged"}
    assert (found["locked"].problem or "").startswith("locked cannot be read: Permission denied.")
    assert str(tmp_path) not in (found["locked"].problem or "")


def test_a_results_folder_that_may_not_be_read_is_an_expected_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(StoreError, match="cannot be read: Permission denied") as raised:
        list_runs(tmp_path)
    assert str(tmp_path) not in str(raised.value)
