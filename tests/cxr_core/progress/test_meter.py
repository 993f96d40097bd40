import pytest

from cxr_core.progress.journal import Journal
from cxr_core.progress.meter import SILENT, Meter, Progress
from cxr_core.progress.report import MemberSoFar

MEMBER = MemberSoFar(model_id="full-0", regime="full", fold=None, number=0, planned=5, epochs=(), is_done=False)


@pytest.fixture
def journal():
    return Journal(("decode", "train"))


def test_a_step_moves_the_bar_and_the_journal_alike(journal, capsys):
    with Progress(journal).stage(
        "train", total=10, done=2, dataset="home", label="  networks", unit=" epochs"
    ) as meter:
        meter.advance()
        meter.advance(7)

    stage = journal.report.stage
    assert (stage.name, stage.dataset, stage.done, stage.total, stage.began_with) == ("train", "home", 10, 10, 2)
    said = capsys.readouterr()
    assert "  networks: 100%" in said.err
    assert "10/10" in said.err
    assert " epochs" in said.err
    assert said.out == ""


def test_the_bar_waits_for_a_total_that_is_known_late(journal, capsys):
    with Progress(journal).stage("decode", total=100, is_estimate=True, label="  home") as meter:
        assert (journal.report.stage.total, capsys.readouterr().err) == (100, "")
        meter.expect(4)
        meter.advance(4)

    assert (journal.report.stage.done, journal.report.stage.total) == (4, 4)
    assert "4/4" in capsys.readouterr().err


def test_without_work_there_is_no_bar(journal, capsys):
    with Progress(journal).stage("decode", total=100, is_estimate=True, label="  home"):
        pass

    assert capsys.readouterr().err == ""


def test_work_of_others_is_followed_until_it_ends(journal, capsys):
    done = [3]

    with (
        Progress(journal).stage("train", total=10, done=3, label="  networks") as meter,
        meter.following(lambda: done[0]),
    ):
        done[0] = 10

    assert journal.report.stage.done == 10
    assert "10/10" in capsys.readouterr().err


def test_work_that_fails_is_followed_to_where_it_got(journal):
    with (
        pytest.raises(OSError, match="full"),
        Progress(journal).stage("train", total=10) as meter,
        meter.following(lambda: 4),
    ):
        raise OSError("full")

    assert journal.report.stage.done == 4


def test_a_part_of_a_stage_has_a_bar_and_leaves_the_stage_alone(journal, capsys):
    progress = Progress(journal)
    with progress.stage("train", total=2), progress.bar("  more", total=3, unit=" images") as meter:
        meter.advance(3)

    assert (journal.report.stage.done, journal.report.stage.total) == (0, 2)
    assert "3/3" in capsys.readouterr().err


def test_a_line_goes_to_standard_output_and_members_into_the_journal(journal, capsys):
    progress = Progress(journal)
    progress.say("Training 4 networks")
    progress.tell((MEMBER,))

    assert capsys.readouterr() == ("Training 4 networks\n", "")
    assert journal.report.members == (MEMBER,)


@pytest.mark.parametrize("meter", [SILENT, Meter()])
def test_a_meter_without_a_label_says_nothing(meter, capsys):
    meter.expect(3)
    meter.advance(3)
    meter.close()

    assert capsys.readouterr() == ("", "")
