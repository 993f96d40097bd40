"""An `Executor` that gives tasks out as elements of job arrays."""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import TypeVar

from cxr_core.tasks.executor import Needs, Outcome
from cxr_core.tasks.parcel import parcels
from cxr_core.tasks.slurm.batch import Batch, Given
from cxr_core.tasks.slurm.cluster import Cluster
from cxr_core.tasks.slurm.ledger import Ledger
from cxr_core.tasks.slurm.mailbox import Mailbox
from cxr_core.tasks.slurm.pace import Pace

T = TypeVar("T")

_PARCELS_A_SLOT = 2  # an element takes seconds to begin
_PARCELS_A_SLOT_WITHOUT_LIMIT = 16  # how long these take nobody knows, and a job has a limit


@dataclass(frozen=True, kw_only=True)
class JobArrays:
    """An `Executor`: elements of job arrays on the nodes of a cluster.

    Attributes:
        cluster: What runs them.
        slots: As `Executor`.
        task_cpus: As `Executor`.
        folder: On storage that all machines see: parcels, logs, and which jobs there are.
        roots: By name the folders under which the paths of tasks lie.
        ledger: Which jobs were given out.
        job_minutes: Minutes that an element may take.
        job_memory_gb: Memory of an element.
        pace: How often is looked, and how long is waited for what.
    """

    cluster: Cluster
    slots: int
    task_cpus: int
    folder: Path
    roots: Mapping[str, Path]
    ledger: Ledger
    job_minutes: int
    job_memory_gb: int
    pace: Pace = field(default_factory=Pace)

    def performed(
        self, tasks: Sequence[T], perform: Callable[[T], Path], *, needs: Needs
    ) -> Generator[tuple[int, Outcome]]:
        """As `Executor`; several tasks an element where there are many.

        Raises:
            SettingsError: If the cluster does not take such jobs, never begins them, or does not answer any more.
        """
        if not tasks:
            return
        size = parcel_size(len(tasks), slots=self.slots, needs=needs, job_s=60 * self.job_minutes)
        first = [Given(indices=tuple(indices)) for indices, _ in parcels(tasks, perform, needs=needs, size=size)]
        mailbox = Mailbox(self.folder / f"parcels-{time.time_ns()}", roots=self.roots)
        batch = Batch(
            tasks=tasks, perform=perform, needs=needs, cluster=self.cluster, mailbox=mailbox, ledger=self.ledger,
            pace=self.pace, job_minutes=self.job_minutes, job_memory_gb=self.job_memory_gb,
        )  # fmt: skip
        try:
            batch.waiting.extend(first)
            while batch.is_open:
                batch.give_out()
                yield from batch.taken()
                yield from batch.lost()
                if batch.is_open:
                    time.sleep(self.pace.look_s)
        finally:
            batch.close()


def parcel_size(tasks: int, *, slots: int, needs: Needs, job_s: float) -> int:
    """How many tasks an element performs: one where there are few, so that all slots work until the end.

    Args:
        tasks: How many there are.
        slots: How many of one core are performed at a time.
        needs: What each takes; as many as may take their full time must end within the time of a job.
        job_s: Seconds that a job may take.
    """
    at_a_time = max(1, slots // needs.cpus)
    if needs.timeout_s is None:
        return ceil(tasks / (_PARCELS_A_SLOT_WITHOUT_LIMIT * at_a_time))
    return max(1, min(ceil(tasks / (_PARCELS_A_SLOT * at_a_time)), int(job_s / max(needs.timeout_s, 1))))
