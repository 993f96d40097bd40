"""The executor on Slurm, for as long as a run takes."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cxr_core.tasks.executor import Executor
from cxr_core.tasks.machines import SlurmSettings
from cxr_core.tasks.slurm.arrays import JobArrays
from cxr_core.tasks.slurm.cluster import Cluster
from cxr_core.tasks.slurm.commands import SlurmCluster, check_there
from cxr_core.tasks.slurm.ledger import Ledger
from cxr_core.tasks.slurm.pace import Pace

_FOLDER = "slurm"
_LOGS = "logs"


@contextmanager
def slurm_executor(
    settings: SlurmSettings,
    *,
    task_cpus: int,
    work: Path,
    roots: Mapping[str, Path],
    cluster: Cluster | None = None,
    pace: Pace | None = None,
) -> Iterator[Executor]:
    """The executor, for as long as the block takes. Jobs that an earlier start has left are ended first.

    Args:
        settings: What is asked of Slurm for each job.
        task_cpus: Cores of a task that trains, predicts or evaluates.
        work: A folder that all machines see: `slurm` in it holds the logs, and which jobs there are.
        roots: By name the folders under which the paths of tasks lie.
        cluster: What runs the jobs; Slurm unless said.
        pace: How often is looked, and how long is waited for what.

    Raises:
        SettingsError: If submitit is not installed, Slurm does not answer, or jobs of an earlier start do not end.
    """
    pace = pace or Pace()
    folder = work.absolute() / _FOLDER
    if cluster is None:
        check_there()
        cluster = SlurmCluster(settings, folder / _LOGS)
    ledger = Ledger(folder)
    _take_back(folder)
    ledger.end_old(cluster, wait_s=pace.end_s, poll_s=pace.look_s)
    yield JobArrays(
        cluster=cluster,
        slots=cluster.slots,
        task_cpus=task_cpus,
        folder=folder,
        roots=roots,
        ledger=ledger,
        job_minutes=settings.slurm_minutes,
        job_memory_gb=settings.slurm_memory_gb,
        pace=pace,
    )


def _take_back(folder: Path) -> None:
    """Removes what an earlier start has left for elements: those that have not begun will do nothing."""
    for left in folder.glob("parcels-*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in folder.glob(f"{_LOGS}/*.pkl"):
        left.unlink(missing_ok=True)
