"""A run that is not complete: how far it is, by the report that its process writes; or that it stopped, and why."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.experiment import PAPER
from cxr_core.pipeline.workspace import RunFolder, locked
from cxr_core.progress.report import EpochSoFar, MemberSoFar, Report, Stage, report_file
from tests.support.pages import figures, written

SCRIPT = """
from dashboard.training.page import live as unfinished
unfinished.show("going")
"""
STAGES = ("decode", "train", "predict", "write", "evaluate")


def _member(regime: str, number: int, *, losses: tuple[float, ...]) -> MemberSoFar:
    epochs = tuple(
        EpochSoFar(epoch=i, train_loss=loss, held_out_loss=loss + 0.25 if regime == "split" else None, seconds=3)
        for i, loss in enumerate(losses, start=1)
    )
    return MemberSoFar(
        model_id=f"{regime}-{number}", regime=regime, fold=None, number=number, planned=5, epochs=epochs, is_done=False
    )


def _report(*, problem: str | None = None) -> Report:
    now = datetime.now(UTC)
    stage = Stage(
        name="train", dataset=None, done=4, total=10, began_with=0,
        began_at=now - timedelta(seconds=400), changed_at=now - timedelta(seconds=1),
    )  # fmt: skip
    members = (_member("full", 0, losses=(1.75, 1.5)), _member("split", 0, losses=(1.5, 1.25)))
    started_at = now - timedelta(minutes=12)
    return Report(
        stages=STAGES, stage=stage, members=members, started_at=started_at, updated_at=now, problem=problem
    )  # fmt: skip


def _write(folder: RunFolder, report: Report) -> None:
    report_file(folder.path).parent.mkdir(parents=True, exist_ok=True)
    report_file(folder.path).write_text(report.as_json())


@pytest.fixture
def folder(results: Path) -> RunFolder:
    """The folder of a run that nothing works on."""
    found = RunFolder(path=results / "going")
    found.path.mkdir()
    return found


@pytest.fixture
def working(folder: RunFolder) -> Iterator[RunFolder]:
    """The same, held by a process: this one."""
    with locked(folder):
        yield folder


def _opened() -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=30)
    app.run()
    assert not app.exception
    return app


def test_a_run_going_on_says_its_stage_and_the_time_left(working: RunFolder) -> None:
    _write(working, _report())
    app = _opened()
    said = written(app)
    assert "This run is going on" in said
    # 4 in 399 s, so that 6 take ten minutes
    assert (
        "It trains, 4 of 10 epochs of all members; about 10 minutes left for this stage. "
        "The run going has been going on for 12 minutes."
    ) in said
    assert "▸ Train" in said
    faint = [element.value for element in app.markdown if ":gray[✓ Bring the images to one form]" in element.value]
    assert ":gray[· Predict]" in "".join(faint)


def test_its_losses_so_far_are_drawn_with_room_for_the_epochs_to_come(working: RunFolder) -> None:
    _write(working, _report())
    (figure,) = figures(_opened())
    assert [trace["y"] for trace in figure["data"]] == [[1.5, 1.25], [1.75, 1.5], [1.75, 1.5]]
    assert figure["layout"]["xaxis"]["tickvals"] == [1, 2, 3, 4, 5]


def test_other_stages_are_told_likewise(working: RunFolder) -> None:
    report = _report()
    assert report.stage is not None
    for stage, said in (
        (
            replace(report.stage, name="decode", dataset="chexpert_train"),
            "the images of CheXpert train to one form, 4 of",
        ),
        (replace(report.stage, name="predict", dataset="![x](y)"), "It predicts the images of !x(y), 4 of 10 answers"),
        (replace(report.stage, name="evaluate", done=0), "It measures, with intervals, 0 of 10. The run"),
        (replace(report.stage, done=10), "10 of 10 epochs of all members; this stage is nearly done."),
        (None, "gets ready"),
    ):
        _write(working, replace(report, stage=stage))
        assert said in re.sub(r"[\[\]](?=x|\()", "", written(_opened()))


def test_before_its_first_report_it_has_just_begun(working: RunFolder) -> None:
    assert working.path.is_dir()
    assert "The run going has just begun" in written(_opened())


def test_a_killed_run_says_when_it_stopped_and_what_to_do(folder: RunFolder) -> None:
    report = replace(_report(), updated_at=datetime(2026, 11, 24, 14, 3, tzinfo=UTC))
    _write(folder, report)
    app = _opened()
    assert "This run was stopped" in written(app)
    assert (
        "The run going stopped on 24 Nov 2026 at 14:03 (UTC), while training (4 of 10). "
        "Start the same command again: it goes on where it was."
    ) in written(app)
    assert "left" not in app.markdown[1].value
    assert len(figures(app)) == 1


def test_a_run_that_an_error_ended_says_which(folder: RunFolder) -> None:
    _write(folder, _report(problem="Training has diverged. ![x](https://example.org)"))
    app = _opened()
    assert "The reason: Training has diverged." in written(app)
    assert not any("![x](https" in str(text.value) for text in app.markdown)


@pytest.mark.parametrize("text", [None, "half a rep"])
def test_without_a_report_that_can_be_read_it_still_says_what_to_do(folder: RunFolder, text: str | None) -> None:
    if text is not None:
        _write(folder, _report())
        report_file(folder.path).write_text(text)
    assert "The run going has no results, and nothing works on it. Start the same command again" in written(_opened())


def test_how_it_is_trained_is_read_from_what_the_run_wrote_first(folder: RunFolder) -> None:
    assert "Network" not in written(_opened())
    described = {"config": {"experiment": PAPER.as_dict()}}
    (folder.path / "run.json").write_text(json.dumps(described))
    said = written(_opened())
    assert "Network: ResNet-18" in said
    assert "label policy “most-marked class”, at most 805 of a class" in said


def test_damaged_settings_are_left_out(folder: RunFolder) -> None:
    (folder.path / "run.json").write_text('{"config": ')
    assert "Network" not in written(_opened())
