"""Tasks that do what tasks should not: abort, hang, swell; and some that wait."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_core.errors import DataError, NoRoomError
from cxr_core.tasks import Executor, Failure, Needs, run_all

LIMIT_S = 120


@dataclass(frozen=True, kw_only=True)
class Job:
    folder: Path
    does: str
    number: int = 0


def perform(job: Job) -> Path:
    if job.does in _BEFORE:
        _BEFORE[job.does](job)
    path = job.folder / f"{job.number}"
    if job.does != "write nothing":
        path.write_text(f"{os.getpid()}", encoding="ascii")
    return path


def _kill_the_parent(_job: Job) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(LIMIT_S)


def _fail(error: Exception) -> None:
    raise error


def _begin_and_wait(job: Job) -> None:
    (job.folder / f"begun {job.number} {os.getpid()}").touch()
    wait_until((job.folder / "go").exists)


_BEFORE = {
    "abort": lambda _job: os.abort(),
    "kill": lambda _job: os.kill(os.getpid(), signal.SIGKILL),
    "kill the parent": _kill_the_parent,
    "hang": lambda _job: time.sleep(600),
    "swell": lambda _job: np.ones(3 * 2**30, dtype=np.uint8),
    "data": lambda _job: _fail(DataError("Expected one thing, found another.")),
    "full": lambda _job: _fail(NoRoomError("Cannot write a file.")),
    "mistake": lambda _job: _fail(KeyError("a mistake in the program")),
    "stubborn mistake": lambda _job: _fail(StubbornError(number=7)),
    "write after another began": lambda job: wait_until(lambda: any(job.folder.glob("begun *"))),
    "wait": _begin_and_wait,
}


class StubbornError(Exception):
    """One that another process cannot make again."""

    def __init__(self, *, number: int) -> None:
        super().__init__(f"number {number}")


def run(jobs: list[Job], executor: Executor, *, timeout_s: float | None = 60, **more) -> list[Path | Failure]:
    needs = Needs(kind="test", timeout_s=timeout_s, memory_bytes=2 * 2**30)
    return run_all(jobs, perform, executor=executor, needs=needs, **more)


def begun(folder: Path) -> dict[int, int]:
    """Of the jobs that wait, those that have begun: by their number the process."""
    names = [path.name.split() for path in folder.glob("begun *")]
    return {int(number): int(pid) for _, number, pid in names}


def is_alive(pid: int) -> bool:
    """Whether the process runs, and is not only waited for by nobody."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def wait_until(is_so, *, limit_s: float = LIMIT_S) -> None:
    end = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < end, f"waited {limit_s} s for nothing"
        time.sleep(0.05)
