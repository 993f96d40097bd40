"""Tasks as elements of Slurm's job arrays."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from cxr_core.errors import SettingsError
from cxr_core.tasks.executor import Executor
from cxr_core.tasks.machines import SlurmSettings


def slurm_executor(
    settings: SlurmSettings, *, task_cpus: int, work: Path, roots: Mapping[str, Path]
) -> AbstractContextManager[Executor]:
    """The executor, for as long as the block takes."""
    raise SettingsError("Not here yet.")
