"""Where tasks run: on this machine, on the nodes of a Slurm or of a Ray cluster; everything above sees `run_all` alone.

A task is a frozen dataclass, performed by a function at the top level of a module: files in, and one file out.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A task that gave no file.

    Attributes:
        reason: Why, in a sentence for the user.
        is_cut_off: Whether it was ended from outside, or could not go on, and so said nothing itself.
    """

    reason: str
    is_cut_off: bool = False


Outcome = Path | Failure


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What each of some tasks takes.

    Attributes:
        kind: What they do, in a word: the name of their jobs.
        timeout_s: A task that takes longer is killed; None: no limit.
        memory_bytes: Address space that a worker may take beyond what its imports take; None: no limit. Linux only.
        cpus: Processor cores, at least 1.
        gpus: Accelerators.
    """

    kind: str
    timeout_s: float | None = None
    memory_bytes: int | None = None
    cpus: int = 1
    gpus: int = 0


class Executor(Protocol):
    """A place where tasks run."""

    @property
    def slots(self) -> int:
        """How many tasks of one core it performs at a time, as far as is known; 0: one, in this process."""
        ...

    @property
    def task_cpus(self) -> int:
        """Cores of a task that trains, predicts or evaluates; at least 1."""
        ...

    def performed(
        self, tasks: Sequence[T], perform: Callable[[T], Path], *, needs: Needs
    ) -> Generator[tuple[int, Outcome]]:
        """Performs tasks and gives the index and the outcome of each, in the order in which they end.

        Closed before its end, as after an exception, it ends what still runs.

        Args:
            tasks: Frozen dataclasses that can be pickled.
            perform: A function at the top level of a module: writes one file whole and returns its path.
            needs: What each of them takes.

        Raises:
            NoRoomError: If the disk takes no more: no task is to blame.
            Exception: What else `perform` raises, for that is a mistake in the program.
            RuntimeError: If workers die before they can begin a task, again and again.
        """
        ...


def run_all(
    tasks: Sequence[T],
    perform: Callable[[T], Path],
    *,
    executor: Executor,
    needs: Needs,
    on_done: Callable[[T, Outcome], None] | None = None,
) -> list[Outcome]:
    """Performs each task, and gives in their order what file it wrote or why it did not.

    Args:
        tasks: Frozen dataclasses that can be pickled.
        perform: A function at the top level of a module: writes one file whole and returns its path.
        executor: Where they run.
        needs: What each of them takes.
        on_done: Called here after each task, in the order in which they end.

    Returns:
        A path or a `Failure` for each task. A `CxrError`, an abort, a hang and too much memory are failures.

    Raises:
        NoRoomError: If the disk takes no more: no task is to blame. Tasks that still run are killed.
        Exception: What else `perform` raises, for that is a mistake in the program. Tasks that still run are killed.
        RuntimeError: If workers die before they can begin a task, again and again.
    """
    results: dict[int, Outcome] = {}
    with closing(executor.performed(tasks, perform, needs=needs)) as performed:
        for index, outcome in performed:
            results[index] = outcome
            if on_done is not None:
                on_done(tasks[index], outcome)
    return [results[index] for index in range(len(tasks))]
