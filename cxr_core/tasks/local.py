"""A pool of processes for tasks: a process that aborts, hangs or takes too much memory loses one task."""

import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children, connection, get_context, parent_process, resource_tracker
from pathlib import Path
from queue import SimpleQueue
from threading import RLock, Thread
from typing import TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from cxr_core import stopping
from cxr_core.errors import CxrError, NoRoomError
from cxr_core.tasks.executor import Failure, Needs, Outcome

T = TypeVar("T")

_BARREN_POOLS = 3


@dataclass(frozen=True, kw_only=True)
class Local:
    """An `Executor`: a pool of processes on this machine.

    Attributes:
        workers: Processes; 0 performs the tasks in this one, one after the other, without limits.
    """

    workers: int

    @property
    def slots(self) -> int:
        """As `Executor`."""
        return self.workers

    @property
    def task_cpus(self) -> int:
        """As `Executor`."""
        return 1

    def performed(
        self, tasks: Sequence[T], perform: Callable[[T], Path], *, needs: Needs
    ) -> Generator[tuple[int, Outcome]]:
        """As `Executor`."""
        if self.workers == 0:
            for index, task in enumerate(tasks):
                yield index, _outcome(partial(perform, task))
            return
        done: set[int] = set()
        barren = 0
        while len(done) < len(tasks):
            before = len(done)
            left = {index: task for index, task in enumerate(tasks) if index not in done}
            with _pool(min(self.workers, len(left)), memory_bytes=needs.memory_bytes, perform=perform) as pool:
                futures = stopping.unbroken(partial(_scheduled, pool, left, perform=perform, timeout_s=needs.timeout_s))
                for index, future in _finished(futures):
                    done.add(index)
                    yield index, _outcome(future.result)
            barren = barren + 1 if len(done) == before else 0
            if barren == _BARREN_POOLS:
                raise RuntimeError(
                    f"Worker processes died {barren} times in a row before any of {len(left)} tasks ended."
                )


@contextmanager
def _pool(workers: int, *, memory_bytes: int | None, perform: Callable[[T], Path]) -> Iterator[ProcessPool]:
    stopping.unbroken(resource_tracker.ensure_running)  # before the workers: it opens what is held back from them
    others = set(active_children())
    pool = ProcessPool(
        max_workers=workers,
        initializer=_prepare_worker,
        initargs=(os.getpid(), memory_bytes, perform),
        context=get_context("spawn"),
    )
    try:
        yield pool
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        for worker in set(active_children()) - others:
            worker.terminate()  # before the pool takes away its locks, which one that still loads would miss aloud
        pool.join()


def _scheduled(
    pool: ProcessPool, waiting: Mapping[int, T], *, perform: Callable[[T], Path], timeout_s: float | None
) -> dict[int, ProcessFuture[Path]]:
    """The first task begins the workers."""
    return {index: pool.schedule(_perform, args=(perform, task), timeout=timeout_s) for index, task in waiting.items()}


def _perform(perform: Callable[[T], Path], task: T) -> Path:
    """What a worker does; an error that its parent could not make again would break the pool."""
    try:
        return perform(task)
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 -- its own
        except Exception:  # noqa: BLE001 -- whatever its class does
            raise RuntimeError(f"{type(error).__name__}: {error}") from None
        raise


def _finished(futures: dict[int, ProcessFuture[Path]]) -> Iterator[tuple[int, ProcessFuture[Path]]]:
    """The futures as they end; those that no worker took up, because the pool broke, are left out."""
    ended: SimpleQueue[int] = SimpleQueue()
    for index, future in futures.items():
        future.add_done_callback(partial(_announce, ended, index))
    for _ in futures:
        index = ended.get()
        if not isinstance(futures[index].exception(), BrokenProcessPool):
            yield index, futures[index]


def _announce(ended: SimpleQueue[int], index: int, _: Future[Path]) -> None:
    ended.put(index)


def _outcome(get: Callable[[], Path]) -> Outcome:
    try:
        return get()
    except NoRoomError:
        raise
    except CxrError as error:
        return Failure(reason=str(error))
    except MemoryError:
        return Failure(reason="It needed more memory than a worker may take.", is_cut_off=True)
    except TimeoutError:
        return Failure(reason="It took longer than allowed and was stopped.", is_cut_off=True)
    except ProcessExpired as expired:
        return Failure(reason=f"Its process ended unexpectedly (exit code {expired.exitcode}).", is_cut_off=True)


def _prepare_worker(parent: int, memory_bytes: int | None, perform: Callable[[T], Path]) -> None:  # noqa: ARG001
    """Runs first in each worker; `perform` is handed over so that its imports are there before memory is limited."""
    import cv2
    from tqdm import tqdm

    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # pebble's own answer waits for whatever a decoder is busy with
    tqdm.set_lock(RLock())  # its own is a semaphore, left over where a worker is ended
    cv2.setNumThreads(1)
    if sys.platform != "linux":
        Thread(target=_watch_parent, daemon=True).start()
        return
    _die_with(parent)
    if memory_bytes is not None:
        _limit_memory(memory_bytes)


def _die_with(parent: int) -> None:
    """Asks the kernel for a kill when the thread that started this process is no more: nothing lingers."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _watch_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _limit_memory(extra_bytes: int) -> None:
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + extra_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
