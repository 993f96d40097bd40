"""What is done with elements that end, die, wait in vain or are not heard of: a cluster that does as the test says."""

import json
import signal
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cxr_core.errors import SettingsError
from cxr_core.tasks import Failure, Needs, node, run_all
from cxr_core.tasks.machines import SlurmSettings
from cxr_core.tasks.slurm import mailbox, slurm_executor
from cxr_core.tasks.slurm.arrays import parcel_size
from cxr_core.tasks.slurm.cluster import AwayError, Element, FullError
from cxr_core.tasks.slurm.pace import Pace
from tests.support.jobs import Job, perform

NEEDS = Needs(kind="test")
HASTY = Pace(look_s=0, ask_s=0, grace_s=0, in_vain_s=0, away_s=0, end_s=0)
LISTED = Element(state="RUNNING", name="second-site-test")
LOST = None


@dataclass
class Fake:
    """Attributes:
    fates: For each element in turn: how it is listed once it was given out, or "done": its outcome is there at once.
    refusals: For each submission in turn an error, or None.
    """

    fates: list = field(default_factory=list)
    refusals: list = field(default_factory=list)
    listed: dict = field(default_factory=dict)
    slots: int = 2
    array_size: int = 1000
    arrays: list = field(default_factory=list)
    cancelled: list = field(default_factory=list)
    tidied: list = field(default_factory=list)
    silent: bool = False

    def submit(self, calls, **_):
        if self.refusals and (error := self.refusals.pop(0)) is not None:
            raise error
        job = len(self.arrays) + 1
        self.arrays.append(len(calls))
        elements = [f"{job}_{place}" for place in range(len(calls))]
        for element, call in zip(elements, calls, strict=True):
            fate = self.fates.pop(0) if self.fates else "done"
            if fate == "done":
                call.outcome.write_bytes(mailbox._answered(call.parcel.read_bytes()))
            elif fate is not LOST:
                self.listed[element] = fate
        return elements

    def seen(self, _):
        if self.silent:
            raise AwayError("Nobody answers.")
        return dict(self.listed)

    def is_hopeless(self, reason):
        return reason == "BadConstraints"

    def cancel(self, jobs):
        self.cancelled.extend(jobs)
        self.listed = {each: found for each, found in self.listed.items() if each.partition("_")[0] not in jobs}

    def tidy(self, element):
        self.tidied.append(element)


@pytest.fixture(autouse=True)
def _performed_here(monkeypatch):
    """The local pool is tested elsewhere."""
    from cxr_core.tasks import local, parcel

    monkeypatch.setattr(parcel, "Local", lambda workers: local.Local(workers=workers - 1))


def run(folder: Path, cluster: Fake, *, does=("write",), pace=HASTY, needs=NEEDS):
    jobs = [Job(folder=folder, does=what, number=number) for number, what in enumerate(does)]
    options = {"task_cpus": 1, "work": folder / "work", "roots": {"results": folder}, "cluster": cluster, "pace": pace}
    with slurm_executor(SlurmSettings(), **options) as executor:
        return run_all(jobs, perform, executor=executor, needs=needs)


def ledger(folder: Path):
    return json.loads((folder / "work" / "slurm" / "jobs.json").read_text(encoding="utf-8"))


def test_tasks_are_given_out_in_arrays_no_larger_than_may_be(tmp_path):
    cluster = Fake(array_size=5)
    results = run(tmp_path, cluster, does=["write"] * 12)
    assert results == [tmp_path / f"{number}" for number in range(12)]
    assert cluster.arrays == [5, 5, 2]
    assert Counter(cluster.tidied).total() == 12
    assert not list(tmp_path.glob("work/slurm/parcels-*"))
    assert ledger(tmp_path)["jobs"] == []


def test_many_tasks_are_performed_several_an_element(tmp_path):
    cluster = Fake()
    results = run(tmp_path, cluster, does=["write"] * 30, needs=Needs(kind="test", timeout_s=10))
    assert results == [tmp_path / f"{number}" for number in range(30)]
    assert cluster.arrays == [4]


@pytest.mark.parametrize(
    ("tasks", "options", "size"),
    [
        (1, {}, 1),
        (8, {}, 1),
        (9, {}, 2),
        (800, {}, 100),
        (800, {"cpus": 4}, 400),
        (800, {"timeout_s": 600.0}, 6),  # an hour takes six that need ten minutes each
        (800, {"timeout_s": 7200.0}, 1),
        (800, {"timeout_s": None}, 13),
    ],
)
def test_a_parcel_has_as_many_tasks_as_leave_work_for_all_slots_and_end_in_time(tasks, options, size):
    needs = Needs(kind="test", **{"timeout_s": 1.0, **options})
    assert parcel_size(tasks, slots=4, needs=needs, job_s=3600) == size


@pytest.mark.parametrize(
    "fate", [LOST, Element(state="FAILED", name="", reason="NonZeroExitCode"), Element(state="COMPLETING", name="")]
)
def test_what_is_lost_is_given_out_again_twice(tmp_path, fate):
    assert run(tmp_path, Fake(fates=[fate, fate, "done"])) == [tmp_path / "0"]
    (result,) = run(tmp_path, Fake(fates=[fate] * 3))
    assert isinstance(result, Failure)
    assert result.reason.startswith("Its job ended 3 times without saying what became of it: Slurm ")


def test_an_element_that_vanished_is_not_lost_before_its_outcome_had_time_to_arrive(tmp_path):
    cluster = Fake(fates=[LOST])
    asked = []

    def seen(_):
        asked.append(len(asked))
        if len(asked) == 5:  # the outcome comes over the network
            (parcel,) = tmp_path.glob("work/slurm/parcels-*/*.parcel")
            parcel.with_suffix(".outcome").write_bytes(mailbox._answered(parcel.read_bytes()))
        return {}

    cluster.seen = seen
    assert run(tmp_path, cluster, pace=Pace(look_s=0, ask_s=0, grace_s=60)) == [tmp_path / "0"]
    assert cluster.arrays == [1]


def test_tasks_that_were_lost_together_are_performed_each_for_itself(tmp_path):
    cluster = Fake(fates=[LOST])
    results = run(tmp_path, cluster, does=["write"] * 30, needs=Needs(kind="test", timeout_s=10))
    assert results == [tmp_path / f"{number}" for number in range(30)]
    assert cluster.arrays == [4, 8]


def test_one_that_gave_way_to_others_is_given_out_until_it_ends(tmp_path):
    preempted = Element(state="PREEMPTED", name="")
    assert run(tmp_path, Fake(fates=[preempted] * 7)) == [tmp_path / "0"]


@pytest.mark.parametrize(
    ("fate", "words"),
    [
        (
            Element(state="TIMEOUT", name="", reason="TimeLimit"),
            "Slurm ended its job after 240 min, as --slurm-minutes",
        ),
        (Element(state="OUT_OF_MEMORY", name=""), "for want of memory: --slurm-memory-gb allows 8 GB."),
    ],
)
def test_a_job_that_slurm_ended_for_time_or_memory_has_failed_unless_others_may_have_been_to_blame(
    tmp_path, fate, words
):
    cluster = Fake(fates=[fate])
    (result,) = run(tmp_path, cluster)
    assert words in result.reason
    assert cluster.arrays == [1]
    together = Fake(fates=[fate, *["done"] * 3, fate])
    results = run(tmp_path, together, does=["write"] * 30, needs=Needs(kind="test", timeout_s=10))
    assert [isinstance(result, Failure) for result in results] == [True] + [False] * 29
    assert together.arrays == [4, 8]


def test_waiting_in_vain_is_an_error_after_a_while_and_the_jobs_are_ended(tmp_path):
    cluster = Fake(fates=["done", Element(state="PENDING", name="", reason="BadConstraints")])
    with pytest.raises(SettingsError, match="wait in vain: BadConstraints"):
        run(tmp_path, cluster, does=["write", "write"])
    assert cluster.cancelled == ["1"]
    assert not list(tmp_path.glob("work/slurm/parcels-*"))


def test_waiting_for_others_is_no_error(tmp_path):
    cluster = Fake(fates=[Element(state="PENDING", name="", reason="Priority")])
    asked = []

    def seen(_):
        asked.append(len(asked))
        return {} if len(asked) == 20 else {"1_0": Element(state="PENDING", name="", reason="Priority")}

    cluster.seen = seen
    assert run(tmp_path, cluster) == [tmp_path / "0"]
    assert len(asked) == 20


def test_a_controller_that_is_away_is_waited_for_but_not_for_ever(tmp_path):
    later = Fake(refusals=[AwayError("Nobody answers."), AwayError("Nobody answers.")])
    assert run(tmp_path, later, pace=Pace(look_s=0, ask_s=0, away_s=600)) == [tmp_path / "0"]
    with pytest.raises(SettingsError, match=r"answered nothing .* Nobody answers\."):
        run(tmp_path, Fake(refusals=[AwayError("Nobody answers.")] * 9))
    another = tmp_path / "another"
    another.mkdir()
    with pytest.raises(SettingsError, match=r"answered nothing .* Nobody answers\."):
        run(another, Fake(fates=[LISTED], silent=True))


def test_the_size_of_an_array_is_asked_for_until_there_is_an_answer(tmp_path):
    class Slow(Fake):
        answers = iter([None, None, 5])

        @property
        def array_size(self):
            if (size := next(self.answers)) is None:
                raise AwayError("Nobody answers.")
            return size

        @array_size.setter
        def array_size(self, _):
            pass

    cluster = Slow()
    assert len(run(tmp_path, cluster, does=["write"] * 7, pace=Pace(look_s=0, ask_s=0))) == 7
    assert cluster.arrays == [5, 2]


def test_where_no_more_jobs_are_taken_smaller_arrays_are_given_out(tmp_path):
    cluster = Fake(array_size=8, refusals=[FullError("MaxSubmitJobs"), FullError("MaxSubmitJobs")])
    assert len(run(tmp_path, cluster, does=["write"] * 8)) == 8
    assert cluster.arrays == [2, 2, 2, 2]


def test_a_refusal_ends_all_at_once(tmp_path):
    cluster = Fake(refusals=[SettingsError("Slurm does not take the jobs.")])
    with pytest.raises(SettingsError, match="does not take"):
        run(tmp_path, cluster)
    assert not list(tmp_path.glob("work/slurm/parcels-*"))


def test_jobs_of_an_earlier_start_are_ended_by_id_or_by_mark_and_others_are_let_be(tmp_path):
    run(tmp_path, Fake())
    mark = ledger(tmp_path)["mark"]
    (tmp_path / "work" / "slurm" / "jobs.json").write_text(json.dumps({"mark": mark, "jobs": ["4", "5", "6"]}))
    ours = {"4_0": LISTED, "8": Element(state="PENDING", name="second-site-x", comment=mark)}
    others = {
        "5_1": Element(state="RUNNING", name="of another, who has the number now"),
        "6": Element(state="TIMEOUT", name="second-site-test"),
        "9": Element(state="RUNNING", name="second-site-test", comment="second-site-another-run"),
    }
    cluster = Fake(listed=ours | others)
    run(tmp_path, cluster, pace=Pace(look_s=0, ask_s=0))
    assert set(cluster.cancelled) == {"4", "8"}
    assert cluster.listed == others
    assert ledger(tmp_path) == {"mark": mark, "jobs": []}


def test_jobs_of_an_earlier_start_that_do_not_end_keep_another_from_starting(tmp_path):
    run(tmp_path, Fake())
    mark = ledger(tmp_path)["mark"]
    cluster = Fake(listed={"4_0": Element(state="RUNNING", name="", comment=mark)})
    cluster.cancel = lambda _: None
    with pytest.raises(SettingsError, match=r"do not end: 4\. End them \(scancel 4\)"):
        run(tmp_path, cluster)
    assert cluster.arrays == []
    cluster.listed = {"4_0": Element(state="COMPLETING", name="", comment=mark)}  # its node will never say so
    assert run(tmp_path, cluster) == [tmp_path / "0"]


def test_whether_jobs_of_an_earlier_start_run_must_be_known(tmp_path):
    run(tmp_path, Fake())
    with pytest.raises(SettingsError, match="is not known: Nobody answers"):
        run(tmp_path, Fake(silent=True))


def test_what_an_earlier_start_left_for_elements_is_taken_back(tmp_path):
    left = [tmp_path / "work" / "slurm" / name for name in ("parcels-1/000000.parcel", "logs/7_0_submitted.pkl")]
    for path in left:
        path.parent.mkdir(parents=True)
        path.touch()
    run(tmp_path, Fake())
    assert not any(path.exists() for path in left)


def test_an_element_whose_parcel_was_taken_back_does_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    mailbox.perform_call(str(tmp_path / "none.parcel"), str(tmp_path / "none.outcome"))
    assert list(tmp_path.iterdir()) == []


def test_a_node_that_lacks_a_folder_ends_the_work_instead_of_failing_its_tasks(tmp_path, monkeypatch):
    monkeypatch.setattr(node, "on_this_node", lambda: {"results": tmp_path / "not mounted"})
    with pytest.raises(SettingsError, match=r"has no folder .*not mounted"):
        run(tmp_path, Fake())


def test_a_file_that_a_node_wrote_and_that_is_not_here_ends_the_work(tmp_path):
    with pytest.raises(SettingsError, match=r"A node wrote .*, which is not here\. All nodes must see"):
        run(tmp_path, Fake(), does=["write nothing"])


def test_a_file_that_storage_shows_late_is_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "late"
    monkeypatch.setattr(node.time, "sleep", lambda _: path.touch())
    node.check_seen(path, within_s=60)
    assert path.exists()


def test_a_node_that_cannot_read_its_parcel_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    (tmp_path / "000000.parcel").write_bytes(b"of another program")
    mailbox.perform_call(str(tmp_path / "000000.parcel"), str(tmp_path / "000000.outcome"))
    outcome = mailbox.Mailbox(tmp_path, roots={}).take("000000")
    assert isinstance(outcome.error, RuntimeError)
    assert "Is the same program installed there?" in str(outcome.error)
    assert list(tmp_path.iterdir()) == []
