"""Tasks on a real Slurm, begun on this machine for these tests: `make cluster-test`, as root."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from cxr_core.errors import NoRoomError, SettingsError
from cxr_core.files import is_alive
from cxr_core.tasks import Executor, Failure, Needs, run_all
from cxr_core.tasks.machines import SlurmSettings
from cxr_core.tasks.slurm import slurm_executor
from cxr_core.tasks.slurm.batch import Pace
from tests.cluster.slurm_cluster import SlurmOfTests, missing, slurm_cluster
from tests.support.jobs import Job, begun, perform
from tests.support.slurm import until

ROOT = Path(__file__).parents[2]
NEEDS = Needs(kind="test", timeout_s=300, memory_bytes=2 * 2**30)
PACE = Pace(look_s=0.2, ask_s=1, grace_s=2, in_vain_s=3, away_s=120)
SETTINGS = SlurmSettings(slurm_memory_gb=1)
ARRAY_SIZE = 5

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture(scope="module")
def cluster() -> Iterator[SlurmOfTests]:
    with slurm_cluster(array_size=ARRAY_SIZE) as cluster, mock.patch.dict(os.environ, cluster.variables):
        yield cluster


@pytest.fixture
def slurm(cluster: SlurmOfTests) -> Iterator[SlurmOfTests]:
    yield cluster
    cluster.end_jobs()


@contextmanager
def opened(folder: Path, *, settings: SlurmSettings = SETTINGS, pace: Pace = PACE) -> Iterator[Executor]:
    roots = {"results": folder}
    with slurm_executor(settings, task_cpus=1, work=folder / "work", roots=roots, pace=pace) as executor:
        yield executor


def run(folder: Path, does: list[str], *, needs: Needs = NEEDS, on_done=None, **options) -> list[Path | Failure]:
    jobs = [Job(folder=folder, does=what, number=number) for number, what in enumerate(does)]
    with opened(folder, **options) as executor:
        return run_all(jobs, perform, executor=executor, needs=needs, on_done=on_done)


@contextmanager
def in_background(folder: Path, does: list[str], **options) -> Iterator[list[Path | Failure]]:
    """Runs jobs in a thread; the list is filled once the block has ended."""
    results: list[Path | Failure] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.extend(run(folder, does, **options))
        except BaseException as error:  # noqa: BLE001 -- raised again below
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    yield results
    thread.join(timeout=300)
    assert not thread.is_alive(), "it goes on for ever"
    if errors:
        raise errors[0]


@pytest.mark.usefixtures("slurm")
def test_an_abort_a_hang_too_much_memory_and_an_error_cost_one_task_with_the_words_of_the_local_pool(tmp_path):
    does = ["write", "abort", "kill", "hang", "swell", "data", "write"]
    heard = []
    results = run(
        tmp_path,
        does,
        needs=replace(NEEDS, timeout_s=5),
        on_done=lambda job, result: heard.append((job.number, result)),
    )
    assert {what: result.reason for what, result in zip(does, results, strict=True) if isinstance(result, Failure)} == {
        "abort": f"Its process ended unexpectedly (exit code {-signal.SIGABRT}).",
        "kill": f"Its process ended unexpectedly (exit code {-signal.SIGKILL}).",
        "hang": "It took longer than allowed and was stopped.",
        "swell": "It needed more memory than a worker may take.",
        "data": "Expected one thing, found another.",
    }
    assert results[0] == tmp_path / "0"
    assert results[-1] == tmp_path / "6"
    assert sorted(heard) == list(enumerate(results))
    assert list(tmp_path.glob("work/slurm/parcels-*")) == []
    assert list(tmp_path.glob("work/slurm/logs/*_submitted.pkl")) == []


@pytest.mark.parametrize(("does", "error"), [("mistake", KeyError), ("full", NoRoomError)])
def test_what_ends_all_is_raised_and_the_other_jobs_are_ended(slurm, tmp_path, does, error):
    with pytest.raises(error):
        run(tmp_path, [does, *["hang"] * 3])
    until(lambda: not slurm.jobs(), what="an empty queue")


@pytest.mark.usefixtures("slurm")
def test_more_parcels_than_an_array_may_have_elements_are_several_arrays(tmp_path):
    results = run(tmp_path, ["write"] * 12, needs=replace(NEEDS, timeout_s=None))
    assert results == [tmp_path / f"{number}" for number in range(12)]
    scripts = [script.read_text() for script in tmp_path.glob("work/slurm/logs/*_submission.sh")]
    assert sorted(line for script in scripts for line in script.splitlines() if "--array" in line) == [
        "#SBATCH --array=0-1%2",
        "#SBATCH --array=0-4%5",
        "#SBATCH --array=0-4%5",
    ]


def test_an_element_that_dies_is_performed_again(slurm, tmp_path):
    with in_background(tmp_path, ["wait", "write"]) as results:
        until(lambda: begun(tmp_path))
        (element,) = until(lambda: len(found := slurm.elements()) == 1 and found)
        os.kill(element, signal.SIGKILL)
        (tmp_path / "go").touch()
    assert results == [tmp_path / "0", tmp_path / "1"]


def test_a_task_whose_element_dies_each_time_fails_with_words_and_does_not_wait_for_ever(slurm, tmp_path):
    with in_background(tmp_path, ["wait", "write"]) as results:
        killed = set()
        while len(killed) < 3:
            until(lambda: begun(tmp_path))
            (element,) = until(lambda: len(found := slurm.elements()) == 1 and found)
            if element not in killed:
                killed.add(element)
                for path in tmp_path.glob("begun *"):
                    path.unlink()
                os.kill(element, signal.SIGKILL)
    assert results[1] == tmp_path / "1"
    assert results[0] == Failure(
        reason="Its job ended 3 times without saying what became of it: Slurm says FAILED (NonZeroExitCode). "
        "See the logs in work/slurm."
    )


def test_a_node_that_goes_costs_nothing_but_time(slurm, tmp_path):
    with in_background(tmp_path, ["wait", "wait", "write", "write"]) as results:
        until(lambda: begun(tmp_path).keys() == {0, 1})
        slurm.lose("n1")
        until(lambda: len(slurm.elements()) == 1)
        (tmp_path / "go").touch()
    slurm.start_node("n1")
    until(lambda: "n1" in slurm.said("sinfo", "-h", "-N", "-t", "idle", "-o", "%N").split(), what="the node's return")
    assert results == [tmp_path / f"{number}" for number in range(4)]


def test_what_became_of_a_task_is_known_by_files_while_the_controller_is_away(slurm, tmp_path):
    with in_background(tmp_path, ["wait"]) as results:
        until(lambda: begun(tmp_path))
        slurm.stop_controller()
        try:
            time.sleep(3 * PACE.ask_s)  # it is asked meanwhile
            (tmp_path / "go").touch()
            until(lambda: results, what="the outcome")
        finally:
            slurm.start_controller()
    assert results == [tmp_path / "0"]
    until(lambda: not slurm.jobs(), what="an empty queue")


@pytest.mark.usefixtures("slurm")
def test_a_job_that_slurm_ends_for_its_time_fails_with_words(tmp_path):
    settings = replace(SETTINGS, slurm_minutes=1)
    (result,) = run(tmp_path, ["hang"], settings=settings)
    assert result == Failure(
        reason="Slurm ended its job after 1 min, as --slurm-minutes says; the same command with more of them goes "
        "on from here."
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (replace(SETTINGS, slurm_partition="nope"), "invalid partition specified: nope.* Name another with"),
        (replace(SETTINGS, slurm_memory_gb=900), "Memory specification can not be satisfied.* ask for less with"),
        (replace(SETTINGS, slurm_gpus=1), "Invalid generic resource.* see `sinfo -o '%P %G'` and --slurm-gpus"),
        (replace(SETTINGS, slurm_partition="short"), "wait in vain: PartitionTimeLimit"),
    ],
)
def test_what_slurm_never_gives_is_an_error_that_says_what_to_do(slurm, tmp_path, settings, words):
    with pytest.raises(SettingsError, match=words):
        run(tmp_path, ["write"], settings=settings, needs=replace(NEEDS, gpus=settings.slurm_gpus))
    until(lambda: not slurm.jobs(), what="an empty queue")


def test_no_node_that_is_up_is_an_error_and_no_silent_wait(slurm, tmp_path):
    slurm.said("scontrol", "update", "nodename=n1,n2", "state=drain", "reason=test")
    try:
        with pytest.raises(SettingsError, match=r"wait in vain: .*Nodes required for job are DOWN"):
            run(tmp_path, ["write"])
    finally:
        slurm.said("scontrol", "update", "nodename=n1,n2", "state=resume")
    until(lambda: not slurm.jobs(), what="an empty queue")


STARTED = """
import sys
from pathlib import Path
from cxr_core import stopping
from tests.cluster.cluster_slurm import run
if __name__ == "__main__":
    with stopping.heeded() as stop:
        try:
            run(Path(sys.argv[1]), ["wait"] * 4)
        except KeyboardInterrupt:
            stop.tell()
            stopping.finish(stop.exit_code)
"""


@contextmanager
def command(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A command of its own with two tasks that run and two that wait, until it is ended."""
    script = folder / "started.py"
    script.write_text(STARTED, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, script, folder], env=environment, cwd=ROOT, stderr=subprocess.PIPE)
    try:
        until(lambda: len(begun(folder)) == 2, what="two tasks")
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_ends_its_jobs(slurm, tmp_path, number):
    with command(tmp_path) as process:
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
        assert (process.returncode, said.decode()) == (128 + number, "\nStopped. The same command goes on from here.\n")
    until(lambda: not slurm.jobs(), what="an empty queue")
    assert slurm.elements() == []
    assert not (tmp_path / "0").exists()


@pytest.mark.parametrize("are_noted", [True, False])
def test_the_jobs_of_a_command_that_was_killed_are_ended_before_anything_is_given_out(slurm, tmp_path, are_noted):
    with command(tmp_path) as process:
        process.kill()
        process.wait()
        old = slurm.elements()
        assert len(old) == 2
        ledger = tmp_path / "work" / "slurm" / "jobs.json"
        noted = json.loads(ledger.read_text(encoding="utf-8"))
        assert len(noted["jobs"]) == 1
        if not are_noted:  # killed before it could
            ledger.write_text(json.dumps({**noted, "jobs": []}), encoding="utf-8")
    with opened(tmp_path) as executor:
        assert not any(is_alive(process) for process in old)
        assert slurm.jobs() == []
        (tmp_path / "go").touch()
        jobs = [Job(folder=tmp_path, does="wait", number=number) for number in range(4)]
        assert run_all(jobs, perform, executor=executor, needs=NEEDS) == [tmp_path / f"{number}" for number in range(4)]
    assert json.loads(ledger.read_text(encoding="utf-8"))["jobs"] == []


@pytest.mark.usefixtures("slurm")
def test_slots_are_the_cores_that_have_enough_memory(tmp_path):
    with opened(tmp_path) as executor:
        assert executor.slots == 2
    with opened(tmp_path, settings=replace(SETTINGS, slurm_partition="short")) as executor:
        assert executor.slots == 1
