"""Which machines a command works on, as it is typed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cxr_core.errors import SettingsError
from cxr_core.tasks.executor import Executor
from cxr_core.tasks.local import Local


@dataclass(frozen=True, kw_only=True)
class SlurmSettings:
    """What is asked of Slurm for each job.

    Attributes:
        slurm_partition: The partition; the cluster's own default unless said.
        slurm_gpus: GPUs of each job that trains or predicts; with one, --device auto is cuda.
        slurm_minutes: Minutes that a job may take.
        slurm_memory_gb: Memory of a job in GB.
    """

    slurm_partition: str | None = None
    slurm_gpus: int = 0
    slurm_minutes: int = 240
    slurm_memory_gb: int = 8

    def __post_init__(self) -> None:
        _check_least("--slurm-gpus", self.slurm_gpus, least=0)
        _check_least("--slurm-minutes", self.slurm_minutes, least=1)
        _check_least("--slurm-memory-gb", self.slurm_memory_gb, least=1)


@dataclass(frozen=True, kw_only=True)
class Machines:
    """Where the work runs. Nothing here changes a run's settings.

    Attributes:
        executor: local: processes on this machine; slurm or ray: the nodes of a cluster, which see the same storage.
        task_cpus: Cores, and threads, of a task that trains, predicts or evaluates on a cluster; the last digits of
            predictions depend on them.
        slurm: What is asked of Slurm.
        ray_address: The head node, HOST:PORT; a Ray cluster on this machine alone unless said.
    """

    executor: Literal["local", "ray", "slurm"] = "local"
    task_cpus: int = 1
    slurm: SlurmSettings = field(default_factory=SlurmSettings)
    ray_address: str | None = None

    def __post_init__(self) -> None:
        _check_least("--task-cpus", self.task_cpus, least=1)

    @contextmanager
    def opened(self, *, workers: int, work: Path, roots: Mapping[str, Path]) -> Iterator[Executor]:
        """The executor, for as long as the block takes.

        Args:
            workers: Processes on this machine.
            work: A folder that all machines see, kept until the run is sealed: logs, and which jobs there are.
            roots: By name the folders under which the paths of tasks lie, wherever a node has them.

        Raises:
            SettingsError: If the executor is not installed, not there, or not safe to use.
        """
        if self.executor == "slurm":
            from cxr_core.tasks.slurm import slurm_executor

            with slurm_executor(self.slurm, task_cpus=self.task_cpus, work=work, roots=roots) as executor:
                yield executor
        elif self.executor == "ray":
            from cxr_core.tasks.ray import ray_executor

            with ray_executor(self.ray_address, task_cpus=self.task_cpus, roots=roots, workers=workers) as executor:
                yield executor
        else:
            yield Local(workers=workers)


def _check_least(flag: str, value: int, *, least: int) -> None:
    if value < least:
        raise SettingsError(f"{flag} must be at least {least}, found {value}.")
