"""What `run_all` promises, wherever tasks run."""

import signal
from pathlib import Path

import pytest

from cxr_core.errors import NoRoomError
from cxr_core.tasks import Failure
from tests.support.jobs import Job, begun, is_alive, run, wait_until

PLACES = ["local", "ray_nodes", "slurm_elements"]

everywhere = pytest.mark.parametrize("executor", ["inline", *PLACES], indirect=True)
in_processes = pytest.mark.parametrize("executor", PLACES, indirect=True)


@everywhere
def test_paths_come_in_the_order_of_the_tasks_and_on_done_hears_of_each(tmp_path, executor):
    jobs = [Job(folder=tmp_path, does="write", number=number) for number in range(7)]
    heard = []
    results = run(jobs, executor, on_done=lambda job, result: heard.append((job.number, result)))
    assert results == [tmp_path / f"{number}" for number in range(7)]
    assert sorted(heard) == [(number, tmp_path / f"{number}") for number in range(7)]
    assert all(path.is_file() for path in results)


@everywhere
def test_no_tasks_need_no_processes(executor):
    assert run([], executor) == []


@in_processes
def test_a_worker_that_dies_hangs_or_swells_loses_its_task_alone(tmp_path, executor):
    does = ["write", "abort", "write", "kill", "hang", "write", "swell", "data", "write"]
    jobs = [Job(folder=tmp_path, does=what, number=number) for number, what in enumerate(does)]
    results = run(jobs, executor, timeout_s=3)
    reasons = {what: result.reason for what, result in zip(does, results, strict=True) if isinstance(result, Failure)}
    assert reasons == {
        "abort": f"Its process ended unexpectedly (exit code {-signal.SIGABRT}).",
        "kill": f"Its process ended unexpectedly (exit code {-signal.SIGKILL}).",
        "hang": "It took longer than allowed and was stopped.",
        "swell": "It needed more memory than a worker may take.",
        "data": "Expected one thing, found another.",
    }
    assert [isinstance(result, Path) for result in results] == [what == "write" for what in does]


@everywhere
def test_a_mistake_in_the_program_is_not_swallowed(tmp_path, executor):
    with pytest.raises(KeyError, match="a mistake in the program"):
        run([Job(folder=tmp_path, does="mistake"), Job(folder=tmp_path, does="write")], executor)


@in_processes
def test_a_mistake_that_no_other_process_can_make_again_is_said_in_its_words(tmp_path, executor):
    with pytest.raises(RuntimeError, match="StubbornError: number 7"):
        run([Job(folder=tmp_path, does="stubborn mistake")], executor)


@everywhere
def test_a_mistake_in_on_done_is_not_swallowed(tmp_path, executor):
    def stumble(_job, _result):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run([Job(folder=tmp_path, does="write")], executor, on_done=stumble)


@everywhere
def test_a_full_disk_is_the_fault_of_no_task(tmp_path, executor):
    jobs = [Job(folder=tmp_path, does="work", number=0), Job(folder=tmp_path, does="full", number=1)]

    with pytest.raises(NoRoomError, match="Cannot write a file"):
        run(jobs, executor)


@in_processes
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for the process in /proc")
def test_what_still_runs_ends_with_the_error_that_ends_the_work(tmp_path, executor):
    jobs = [Job(folder=tmp_path, does="write after another began"), Job(folder=tmp_path, does="wait", number=1)]

    def stumble(_job, _result):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(jobs, executor, on_done=stumble)
    running = begun(tmp_path)[1]
    wait_until(lambda: not is_alive(running))
    assert not (tmp_path / "1").exists()
