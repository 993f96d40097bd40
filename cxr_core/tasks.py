"""Where tasks run: a pool of processes in which one that aborts, hangs or takes too much memory loses one task."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from cxr_core.errors import CxrError

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A task that gave no file.

    Attributes:
        reason: Why, in a sentence for the user.
    """

    reason: str


def run_all(
    tasks: Sequence[T],
    perform: Callable[[T], Path],
    *,
    workers: int,
    timeout_s: float | None,
    memory_bytes: int | None,
    on_done: Callable[[T, Path | Failure], None] | None = None,
) -> list[Path | Failure]:
    """Performs each task and gives, in their order, what file it wrote or why it did not.

    Args:
        tasks: Frozen dataclasses that can be pickled.
        perform: A function at the top level of a module: writes one file whole and returns its path.
        workers: Processes; 0 performs the tasks here, without limits.
        timeout_s: A task that takes longer is killed; None: no limit.
        memory_bytes: Address space that a worker may take beyond what it has after its imports; None: no limit.
        on_done: Called here after each task, in the order in which they end.

    Returns:
        A path or a `Failure` for each task. A `CxrError`, an abort, a hang and too much memory are failures.

    Raises:
        Exception: What else `perform` raises, for that is a mistake in the program; the remaining tasks are stopped.
    """
    results: dict[int, Path | Failure] = {}

    def finish(index: int, result: Path | Failure) -> None:
        results[index] = result
        if on_done is not None:
            on_done(tasks[index], result)

    if workers == 0:
        for index, task in enumerate(tasks):
            finish(index, _outcome(lambda task=task: perform(task)))
    elif tasks:
        _run_in_pool(tasks, perform, workers=workers, timeout_s=timeout_s, memory_bytes=memory_bytes, finish=finish)
    return [results[index] for index in range(len(tasks))]


def _run_in_pool(
    tasks: Sequence[T],
    perform: Callable[[T], Path],
    *,
    workers: int,
    timeout_s: float | None,
    memory_bytes: int | None,
    finish: Callable[[int, Path | Failure], None],
) -> None:
    pool = ProcessPool(
        max_workers=min(workers, len(tasks)),
        initializer=_prepare_worker,
        initargs=(os.getpid(), memory_bytes, perform),
        context=get_context("spawn"),
    )
    try:
        waiting: dict[ProcessFuture[Path], int] = {
            pool.schedule(perform, args=(task,), timeout=timeout_s): index for index, task in enumerate(tasks)
        }
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                finish(waiting.pop(future), _outcome(future.result))
    finally:
        pool.stop()
        pool.join()


def _outcome(result: Callable[[], Path]) -> Path | Failure:
    try:
        return result()
    except CxrError as error:
        return Failure(reason=str(error))
    except MemoryError:
        return Failure(reason="It needed more memory than a worker may take.")
    except TimeoutError:
        return Failure(reason="It took longer than allowed and was stopped.")
    except ProcessExpired as expired:
        return Failure(reason=f"Its process ended unexpectedly (exit code {expired.exitcode}).")


def _prepare_worker(parent: int, memory_bytes: int | None, perform: Callable[[T], Path]) -> None:
    """Runs in each worker; `perform` is among the arguments so that its imports count as the worker's own memory."""
    import cv2

    cv2.setNumThreads(1)
    if sys.platform == "linux":
        _die_with(parent)
        if memory_bytes is not None:
            _limit_memory(memory_bytes)


def _die_with(parent: int) -> None:
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _limit_memory(extra_bytes: int) -> None:
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + extra_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
