"""The list of runs: the newest first, and each that cannot be shown says why."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from cxr_core.store.runs import list_runs
from tests.dashboard.made_runs import MadeRun

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
