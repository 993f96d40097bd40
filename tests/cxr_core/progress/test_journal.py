import os
from datetime import timedelta

import pytest

from cxr_core.errors import DataError
from cxr_core.progress import journal as journals
from cxr_core.progress.journal import Journal, kept
from cxr_core.progress.report import MemberSoFar, read, report_file

STAGES = ("decode", "train")
MEMBER = MemberSoFar(
    model_id="full-0", regime="full", fold=None, number=0, planned=5, epochs=(), is_done=False
)  # fmt: skip


def wait_for(condition, *, seconds=10.0):
    import time

    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_it_says_at_once_that_a_run_has_begun(tmp_path):
    with kept(tmp_path, stages=STAGES):
        report = read(tmp_path)
    assert report.stages == STAGES
    assert report.stage is None
    assert report.members == ()


def test_what_was_told_last_is_on_disk_in_the_end(tmp_path):
    with kept(tmp_path, stages=STAGES) as journal:
        journal.begin("train", total=10, done=2)
        journal.advance()
        journal.advance(2)
        journal.tell((MEMBER,))
    report = read(tmp_path)
    assert (report.stage.name, report.stage.done, report.stage.total, report.stage.began_with) == ("train", 5, 10, 2)
    assert report.stage.began_at <= report.stage.changed_at <= report.updated_at
    assert report.members == (MEMBER,)
    assert report.problem is None


def test_a_total_that_is_known_late_is_taken_over():
    journal = Journal(STAGES)
    journal.begin("decode", total=100, dataset="home")
    journal.reach(3, total=40)
    assert (journal.report.stage.done, journal.report.stage.total, journal.report.stage.dataset) == (3, 40, "home")


def test_a_look_that_finds_nothing_new_does_not_move_the_clock():
    journal = Journal(STAGES)
    journal.begin("train", total=10)
    journal.reach(1)
    before = journal.report
    journal.reach(1)
    journal.tell(())
    assert journal.report is before


def test_an_error_that_ends_the_run_is_told(tmp_path):
    with pytest.raises(DataError), kept(tmp_path, stages=STAGES):
        raise DataError("The disk is full.")
    assert read(tmp_path).problem == "The disk is full."


def test_many_words_are_written_seldom(tmp_path, monkeypatch):
    monkeypatch.setattr(journals, "_PAUSE_S", 0.2)
    written = []
    write = journals._write
    monkeypatch.setattr(journals, "_write", lambda path, report: (written.append(report), write(path, report)))
    with kept(tmp_path, stages=STAGES) as journal:
        journal.begin("decode", total=10**6)
        wait_for(lambda: journal.advance() or len(written) > 2)
        done = journal.report.stage.done
    assert done > 50
    assert len(written) <= 4


def test_a_process_that_works_quietly_gives_a_sign_of_life(tmp_path, monkeypatch):
    monkeypatch.setattr(journals, "_PAUSE_S", 0.01)
    monkeypatch.setattr(journals, "_SIGN_OF_LIFE_S", 0.05)
    with kept(tmp_path, stages=STAGES) as journal:
        journal.begin("evaluate", total=1)
        began_at = journal.report.stage.began_at
        wait_for(lambda: read(tmp_path).updated_at - began_at > timedelta(seconds=0.2))
        assert journal.report.stage.changed_at == began_at


def test_a_disk_that_takes_no_report_stops_no_run(tmp_path):
    report_file(tmp_path).parent.write_text("a file where a folder should be")
    with kept(tmp_path, stages=STAGES) as journal:
        journal.begin("train", total=1)
    assert read(tmp_path) is None


def test_no_half_written_file_stays(tmp_path):
    with kept(tmp_path, stages=STAGES):
        pass
    assert os.listdir(report_file(tmp_path).parent) == ["progress.json"]  # noqa: PTH208
