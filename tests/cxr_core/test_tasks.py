import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from cxr_core.errors import DataError, NoRoomError
from cxr_core.tasks import Failure, Local, Needs, local, run_all

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Job:
    folder: Path
    does: str
    number: int = 0


def perform(job: Job) -> Path:
    match job.does:
        case "abort":
            os.abort()
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(600)
        case "swell":
            np.ones(3 * 2**30, dtype=np.uint8)
        case "data":
            raise DataError("Expected one thing, found another.")
        case "full":
            raise NoRoomError("Cannot write a file.")
        case "mistake":
            raise KeyError("a mistake in the program")
    path = job.folder / f"{job.number}"
    path.write_text(f"{os.getpid()}", encoding="ascii")
    return path


def run(jobs: list[Job], *, workers: int = 2, timeout_s: float | None = 60, **more) -> list[Path | Failure]:
    needs = Needs(kind="test", timeout_s=timeout_s, memory_bytes=2 * 2**30)
    return run_all(jobs, perform, executor=Local(workers=workers), needs=needs, **more)


@pytest.mark.parametrize("workers", [0, 2])
def test_paths_come_in_the_order_of_the_tasks_and_on_done_hears_of_each(tmp_path, workers):
    jobs = [Job(folder=tmp_path, does="write", number=number) for number in range(7)]
    heard = []
    results = run(jobs, workers=workers, on_done=lambda job, result: heard.append((job.number, result)))
    assert results == [tmp_path / f"{number}" for number in range(7)]
    assert sorted(heard) == [(number, tmp_path / f"{number}") for number in range(7)]


def test_no_tasks_need_no_processes():
    assert run([]) == []


def test_inline_tasks_run_in_this_process(tmp_path):
    run([Job(folder=tmp_path, does="write")], workers=0)
    assert (tmp_path / "0").read_text() == str(os.getpid())


def test_a_worker_that_dies_hangs_or_swells_loses_its_task_alone(tmp_path):
    does = ["write", "abort", "write", "kill", "hang", "write", "swell", "data", "write"]
    jobs = [Job(folder=tmp_path, does=what, number=number) for number, what in enumerate(does)]
    results = run(jobs, timeout_s=3)
    reasons = {what: result.reason for what, result in zip(does, results, strict=True) if isinstance(result, Failure)}
    assert reasons == {
        "abort": f"Its process ended unexpectedly (exit code {-signal.SIGABRT}).",
        "kill": f"Its process ended unexpectedly (exit code {-signal.SIGKILL}).",
        "hang": "It took longer than allowed and was stopped.",
        "swell": "It needed more memory than a worker may take.",
        "data": "Expected one thing, found another.",
    }
    assert [isinstance(result, Path) for result in results] == [what == "write" for what in does]


@pytest.mark.parametrize("workers", [0, 1])
def test_a_mistake_in_the_program_is_not_swallowed(tmp_path, workers):
    with pytest.raises(KeyError, match="a mistake in the program"):
        run([Job(folder=tmp_path, does="mistake"), Job(folder=tmp_path, does="write")], workers=workers)


def test_a_mistake_in_on_done_is_not_swallowed(tmp_path):
    def stumble(_job, _result):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run([Job(folder=tmp_path, does="write")], workers=1, on_done=stumble)


def test_workers_that_cannot_begin_end_in_an_error_and_not_in_a_loop(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "_prepare_worker", _die_at_once)
    with pytest.raises(RuntimeError, match="died 3 times in a row before any of 1 tasks ended"):
        run([Job(folder=tmp_path, does="write")], workers=1)


def _die_at_once(*_: object) -> None:
    os._exit(1)


KILLED_IN_A_POOL = """
from pathlib import Path
from test_tasks import Job, run
if __name__ == "__main__":
    jobs = [Job(folder=Path(sys.argv[1]), does=what, number=number) for number, what in enumerate(["write", "hang"])]
    run(jobs, workers=1, on_done=lambda job, result: print(result.read_text(), flush=True))
"""

KILLED_WHERE_THE_KERNEL_DOES_NOT_HELP = """
import multiprocessing, os, time
from threading import Thread
from cxr_core.tasks.local import _watch_parent

def child():
    Thread(target=_watch_parent, daemon=True).start()
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=child)
    process.start()
    process.join()
"""


@pytest.mark.parametrize("code", [KILLED_IN_A_POOL, KILLED_WHERE_THE_KERNEL_DOES_NOT_HELP])
def test_no_worker_outlives_a_parent_that_was_killed(tmp_path, code):
    script = tmp_path / "parent.py"
    script.write_text(f"import sys\nsys.path[:0] = {[str(Path(__file__).parent), str(ROOT)]}\n{code}", encoding="utf-8")
    parent = subprocess.Popen([sys.executable, script, tmp_path], stdout=subprocess.PIPE, text=True)
    worker = int(parent.stdout.readline())
    parent.kill()
    try:
        parent.communicate(timeout=10)  # the pipe closes when its last writer, the worker, has ended
    except subprocess.TimeoutExpired:
        os.kill(worker, signal.SIGKILL)
        pytest.fail("the worker outlived its parent")


@pytest.mark.parametrize("workers", [0, 2])
def test_a_full_disk_is_the_fault_of_no_task(tmp_path, workers):
    jobs = [Job(folder=tmp_path, does="work", number=0), Job(folder=tmp_path, does="full", number=1)]

    with pytest.raises(NoRoomError, match="Cannot write a file"):
        run(jobs, workers=workers)
