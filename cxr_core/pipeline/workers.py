"""Where networks train and predict: on a processor several processes of few threads, on an accelerator this process.

Two processes of one thread train a small network four times as fast as one process of two threads. On a cluster each
task has a process of its own, with as many threads as it has cores.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from threadpoolctl import threadpool_limits

from cxr_core.errors import SettingsError
from cxr_core.tasks import Executor, Failure, Local, Needs, Outcome, run_all

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class _Work(Generic[T]):
    task: T
    perform: Callable[[T], Path]
    threads: int


_CUT_OFF = (
    "That was one of the tasks of this run. If memory was short, use fewer --workers, or end what else takes it. What "
    "is done is kept: the same command goes on."
)


def run_tasks(
    tasks: Sequence[T],
    perform: Callable[[T], Path],
    *,
    kind: str,
    device: str | None,
    executor: Executor,
    on_done: Callable[[T], None] | None = None,
) -> None:
    """Performs every task.

    Args:
        tasks: What can be sent to another process.
        perform: A function at the top level of a module.
        kind: What they do, in a word.
        device: Of networks, ``cpu`` or an accelerator: then tasks on this machine are performed here, one after the
            other. None: no network takes part, and torch is not loaded.
        executor: Where they run; on this machine with one process, and for one task, the work is done here.
        on_done: Called here after each task.

    Raises:
        SettingsError: With the reason of the first task that failed; what the others made is kept.
    """
    needs = Needs(kind=kind, cpus=executor.task_cpus, gpus=int((device or "cpu").startswith("cuda")))
    threads = executor.task_cpus
    if isinstance(executor, Local):
        processes = min(executor.workers, len(tasks)) if device in ("cpu", None) else 0
        executor = Local(workers=processes if processes > 1 else 0)
        threads = max(1, (os.cpu_count() or 1) // max(processes, 1))
    limited = _perform if device is None else _perform_with_torch
    work = [_Work(task=task, perform=perform, threads=threads) for task in tasks]

    def note(done: _Work[T], result: Outcome) -> None:
        if on_done is not None and not isinstance(result, Failure):
            on_done(done.task)

    for result in run_all(work, limited, executor=executor, needs=needs, on_done=note):
        if isinstance(result, Failure):
            raise SettingsError(f"{result.reason} {_CUT_OFF}" if result.is_cut_off else result.reason)


def _perform(work: _Work[T]) -> Path:
    with threadpool_limits(work.threads):
        return work.perform(work.task)


def _perform_with_torch(work: _Work[T]) -> Path:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(work.threads)
    try:
        return work.perform(work.task)
    finally:
        torch.set_num_threads(before)
