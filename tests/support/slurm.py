"""An executor by submitit's local cluster: what Slurm gets, where the elements are processes of this machine."""

import os
import signal
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

from cxr_core.files import is_alive
from cxr_core.tasks.executor import Executor, Needs
from cxr_core.tasks.machines import SlurmSettings
from cxr_core.tasks.slurm.cluster import JOB_NAME, Call, Element
from cxr_core.tasks.slurm.mailbox import perform_call, thread_variables
from cxr_core.tasks.slurm.opened import slurm_executor
from cxr_core.tasks.slurm.pace import Pace

ROOT = Path(__file__).parents[2]
QUICK = Pace(look_s=0.1, ask_s=0.2, grace_s=1, in_vain_s=1, away_s=5, end_s=60)
_MINUTES = 10


class LocalCluster:
    """A `Cluster` whose elements are processes of this machine; each is begun at once."""

    def __init__(self, logs: Path, *, slots: int = 2) -> None:
        self._logs = logs
        self._jobs: dict[str, Any] = {}
        self.slots = slots
        self.array_size = 1000

    def submit(self, calls: Sequence[Call], *, needs: Needs, mark: str) -> list[str]:  # noqa: ARG002
        import submitit

        executor = submitit.LocalExecutor(self._logs)
        executor.update_parameters(timeout_min=_MINUTES, stderr_to_stdout=True)
        own = {name: value for name, value in os.environ.items() if not name.startswith("SECOND_SITE_")}
        with mock.patch.dict(os.environ, {**own, "PYTHONPATH": str(ROOT), **thread_variables(needs)}, clear=True):
            parcels, outcomes = zip(*((str(call.parcel), str(call.outcome)) for call in calls), strict=True)
            jobs = executor.map_array(perform_call, parcels, outcomes)
        self._jobs |= {job.job_id: job for job in jobs}
        return [job.job_id for job in jobs]

    def seen(self, jobs: Collection[str]) -> Mapping[str, Element]:
        for job in self._jobs.values():
            job.done()  # takes note of a process that is over
        return {job: Element(state="RUNNING", name=f"{JOB_NAME}local") for job in jobs if _runs(int(job))}

    def is_hopeless(self, reason: str) -> bool:  # noqa: ARG002 -- none waits
        return False

    def cancel(self, jobs: Collection[str]) -> None:
        """The elements first: what began them then has nothing to wait for."""
        for job in jobs:
            for process in (*children(int(job)), int(job)):
                _end(process)

    def tidy(self, element: str) -> None:
        for path in self._logs.glob(f"{element}_*.pkl"):
            path.unlink(missing_ok=True)


@contextmanager
def local_slurm(tmp_path: Path, *, slots: int = 2, pace: Pace = QUICK) -> Iterator[Executor]:
    """The executor of Slurm, with submitit's local cluster for one."""
    work = tmp_path / "work"
    cluster = LocalCluster(work / "slurm" / "logs", slots=slots)
    with slurm_executor(
        SlurmSettings(), task_cpus=1, work=work, roots={"results": tmp_path}, cluster=cluster, pace=pace
    ) as executor:
        yield executor


def children(process: int) -> list[int]:
    """The processes that one has begun and that still run."""
    found = []
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            found += [int(child) for child in (thread / "children").read_text(encoding="ascii").split()]
    return [child for child in found if is_alive(child)]


def until(condition, *, within_s: float = 60, what: str = "it"):
    """Waits for what a condition gives, and gives that."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come about within {within_s} s")


def _runs(process: int) -> bool:
    if not is_alive(process):
        return False
    with suppress(OSError):
        return b"submitit" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


def _end(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
