"""Tasks on the nodes of a Ray cluster."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from cxr_core.errors import SettingsError
from cxr_core.tasks.executor import Executor


def ray_executor(address: str | None, *, task_cpus: int, roots: Mapping[str, Path]) -> AbstractContextManager[Executor]:  # noqa: ARG001
    """The executor, for as long as the block takes."""
    raise SettingsError("Not here yet.")
