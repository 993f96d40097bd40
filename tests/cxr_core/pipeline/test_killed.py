"""A run that is killed in any stage, and started again, ends as if nothing had happened."""

import signal
import time

import pytest

from cxr_core.progress.report import is_worked_on, read
from tests.support.killed import STAGES, begin, finish, predictions


@pytest.fixture(scope="module")
def undisturbed(hospitals, tmp_path_factory):
    """The predictions of a run that nobody kills, by its number of processes."""
    found = {}
    for workers in (1, 2):
        folder = tmp_path_factory.mktemp("undisturbed")
        place = {"results": folder / "results", "cache": folder / "cache"}
        code, said = finish(begin(folder, hospitals, **place, workers=workers))
        assert code == 0, said
        found[workers] = predictions(folder / "results")
    return found


def check_that_it_goes_on(tmp_path, hospitals, place, *, workers, expected):
    assert not (place["results"] / "one" / "results.duckdb").exists()

    code, said = finish(begin(tmp_path, hospitals, **place, workers=workers))

    assert code == 0, said
    assert predictions(place["results"]) == expected
    assert not list(tmp_path.rglob("*.part*"))
    assert not (place["results"] / "one" / "work").exists()


def check_that_it_left_a_report(folder, *, stage):
    report = read(folder)
    assert not is_worked_on(folder)
    assert report.problem is None
    # what was told in the last second may not be on disk yet
    assert report.stage.name in report.stages[: 1 + report.stages.index("evaluate" if stage == "write" else stage)]


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_killed_in_a_stage_goes_on_and_ends_with_the_same_predictions(stage, undisturbed, hospitals, tmp_path):
    place = {"results": tmp_path / "results", "cache": tmp_path / "cache"}

    killed = begin(tmp_path, hospitals, **place, stage=stage)

    assert finish(killed)[0] == -signal.SIGKILL
    check_that_it_left_a_report(place["results"] / "one", stage=stage)
    check_that_it_goes_on(tmp_path, hospitals, place, workers=1, expected=undisturbed[1])


@pytest.mark.parametrize("sign", ["cache/**/*.npy", "results/**/checkpoints/**/*.safetensors"])
def test_a_run_killed_while_others_work_for_it_goes_on_likewise(sign, undisturbed, hospitals, tmp_path):
    place = {"results": tmp_path / "results", "cache": tmp_path / "cache"}

    killed = begin(tmp_path, hospitals, **place, workers=2)
    while killed.poll() is None and not list(tmp_path.glob(sign)):
        time.sleep(0.01)
    killed.kill()

    assert finish(killed)[0] == -signal.SIGKILL
    check_that_it_goes_on(tmp_path, hospitals, place, workers=2, expected=undisturbed[2])
