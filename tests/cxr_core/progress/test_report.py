import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cxr_core.pipeline.workspace import RunFolder, locked
from cxr_core.progress.report import EpochSoFar, MemberSoFar, Report, Stage, is_worked_on, read, report_file

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
STAGE = Stage(
    name="train", dataset=None, done=4, total=10, began_with=0, began_at=NOON, changed_at=NOON + timedelta(seconds=60)
)
MEMBER = MemberSoFar(
    model_id="split-f1-0",
    regime="split",
    fold=1,
    number=0,
    planned=5,
    epochs=(EpochSoFar(epoch=1, train_loss=1.7, held_out_loss=None, seconds=2.5),),
    is_done=False,
)
REPORT = Report(
    stages=("decode", "train"), stage=STAGE, members=(MEMBER,), started_at=NOON, updated_at=NOON, problem="no space"
)


@pytest.mark.parametrize("report", [REPORT, replace(REPORT, stage=None, members=(), problem=None)])
def test_a_report_is_read_as_it_was_written(report, tmp_path):
    report_file(tmp_path).parent.mkdir()
    report_file(tmp_path).write_text(report.as_json())
    assert read(tmp_path) == report


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{}", '{"stage": 3}', REPORT.as_json()[:-9], REPORT.as_json().replace("epoch", "era")]
)
def test_what_is_no_report_is_none(text, tmp_path):
    report_file(tmp_path).parent.mkdir()
    report_file(tmp_path).write_text(text)
    assert read(tmp_path) is None


def test_without_a_file_there_is_no_report(tmp_path):
    assert read(tmp_path) is None


def test_time_left_follows_the_pace_of_this_process_and_runs_down():
    # 4 in 60 s, so that 6 take 90 s
    assert STAGE.seconds_left(NOON + timedelta(seconds=60)) == 90
    assert STAGE.seconds_left(NOON + timedelta(seconds=100)) == 50
    assert STAGE.seconds_left(NOON + timedelta(hours=1)) == 0
    # an earlier process did 2 of the 4
    assert replace(STAGE, began_with=2).seconds_left(NOON + timedelta(seconds=60)) == 180


def test_time_left_is_not_known_before_anything_is_done():
    assert math.isnan(replace(STAGE, began_with=4).seconds_left(NOON))


def test_a_run_is_worked_on_while_its_folder_is_held(tmp_path):
    folder = RunFolder(path=tmp_path / "run")
    assert not is_worked_on(folder.path)
    with locked(folder):
        assert is_worked_on(folder.path)
    assert not is_worked_on(folder.path)


def test_looking_leaves_the_folder_free(tmp_path):
    folder = RunFolder(path=tmp_path / "run")
    with locked(folder):
        pass
    assert not is_worked_on(folder.path)
    with locked(folder):
        assert is_worked_on(folder.path)
