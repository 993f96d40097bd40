"""Tasks on the nodes of a Ray cluster: parcels with paths travel, and the paths of the files that were written.

Ray gives out again what a lost node had. What a task does to its process is seen to on the node, by the same pool as on
one machine.
"""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from cxr_core.errors import SettingsError
from cxr_core.tasks.executor import Executor, Failure, Needs, Outcome
from cxr_core.tasks.node import Sender, check_seen
from cxr_core.tasks.parcel import Performed, packed, parcels, unpacked
from cxr_core.tasks.ray.cluster import connected
from cxr_core.tasks.ray.nodes import perform_on_node, places, too_much

T = TypeVar("T")

_PATIENCE_S = 60.0  # for nodes that may be joining, and for storage that may show a file late
_LOOK_S = 5.0
_SOON_S = 0.5
_END_S = 5.0

_RETRIES = 2
# Each parcel pays for a process and its imports; what is told of ends with a whole one, and so does the run.
_PARCELS_A_PLACE = 8
_LARGEST_PARCEL = 32
_AHEAD = 2  # parcels a place that Ray holds: all at once would fill its store


@contextmanager
def ray_executor(
    address: str | None, *, task_cpus: int, roots: Mapping[str, Path], workers: int = 1
) -> Iterator[Executor]:
    """The executor, for as long as the block takes.

    Args:
        address: The head node of a cluster, HOST:PORT, one of whose nodes this machine is; None: a cluster of this
            machine alone, ended with the block.
        task_cpus: Cores of a task that trains, predicts or evaluates.
        roots: By name the folders under which the paths of tasks lie, wherever a node has them.
        workers: Cores of a cluster of this machine alone.

    Raises:
        SettingsError: If Ray is not installed, or the cluster is not there or is open to everybody.
    """
    with connected(address, cpus=max(workers, task_cpus)):
        patience_s = 0.0 if address is None else _PATIENCE_S
        yield _Ray(task_cpus=task_cpus, roots=roots, sender=Sender.here(roots), patience_s=patience_s)


@dataclass(frozen=True, kw_only=True)
class _Ray:
    """An `Executor`: the cluster that this process is connected to.

    Attributes:
        task_cpus: As `Executor`.
        roots: By name the folders under which the paths of tasks lie here.
        sender: What a node must have in common with this machine.
        patience_s: How long nodes are waited for that could perform a task.
    """

    task_cpus: int
    roots: Mapping[str, Path]
    sender: Sender
    patience_s: float

    @property
    def slots(self) -> int:
        """As `Executor`."""
        return max(1, places(Needs(kind="any")))

    def performed(
        self, tasks: Sequence[T], perform: Callable[[T], Path], *, needs: Needs
    ) -> Generator[tuple[int, Outcome]]:
        """As `Executor`.

        Raises:
            SettingsError: If no node can perform such a task, a node lacks what it takes, or the cluster is gone.
        """
        if not tasks:
            return
        with _cluster_is_there():
            at_once = self._places_in_time(needs)
            submit = _submitter(needs)
        size = min(max(1, len(tasks) // (_PARCELS_A_PLACE * at_once)), _LARGEST_PARCEL)
        waiting = deque(parcels(tasks, perform, needs=needs, size=size))
        running: dict[Any, range] = {}
        try:
            while waiting or running:
                with _cluster_is_there():
                    at_once = self._places_in_time(needs)
                    while waiting and len(running) < _AHEAD * at_once:
                        indices, parcel = waiting.popleft()
                        running[submit(packed(parcel, roots=self.roots), self.sender, needs.cpus)] = indices
                    ended = _ended(running)
                for ref in ended:
                    yield from self._outcomes(ref, running.pop(ref))
        finally:
            _cancel(list(running))

    def _outcomes(self, ref: object, indices: range) -> Iterator[tuple[int, Outcome]]:
        with _cluster_is_there():
            found = _received(ref)
        if isinstance(found, Failure):
            yield from ((index, found) for index in indices)
            return
        performed: Performed = unpacked(found, roots=self.roots)
        for place, outcome in performed.outcomes.items():
            if isinstance(outcome, Path):
                check_seen(outcome, within_s=_PATIENCE_S)
            yield indices[place], outcome
        if performed.error is not None:
            raise performed.error

    def _places_in_time(self, needs: Needs) -> int:
        """How many tasks the cluster performs at a time, once there is a node that can."""
        end = time.monotonic() + self.patience_s
        while (found := places(needs)) == 0:
            if time.monotonic() >= end:
                raise SettingsError(too_much(needs))
            time.sleep(_SOON_S)
        return found


def _submitter(needs: Needs) -> Callable[[bytes, Sender, int], object]:
    import ray

    given = ray.remote(perform_on_node).options(
        name=needs.kind, num_cpus=needs.cpus, num_gpus=needs.gpus, max_retries=_RETRIES, retry_exceptions=False
    )
    return given.remote


def _ended(running: Mapping[Any, range]) -> list[Any]:
    import ray

    return list(ray.wait(list(running), num_returns=1, timeout=_LOOK_S)[0])


def _received(ref: Any) -> bytes | Failure:  # noqa: ANN401 -- Ray's reference
    from ray import exceptions, get

    try:
        return bytes(get(ref))
    except exceptions.OutOfMemoryError:
        return Failure(reason="Its node had no memory left, again and again.", is_cut_off=True)
    except exceptions.WorkerCrashedError:
        return Failure(reason="What Ray performed it in ended unexpectedly, again and again.", is_cut_off=True)
    except exceptions.NodeDiedError:
        return Failure(reason="Its node was lost, again and again.", is_cut_off=True)


def _cancel(refs: list[Any]) -> None:
    """Ends what still runs, and what waits to; a cluster that is gone runs nothing."""
    if not refs:
        return
    import ray

    with suppress(Exception):
        for ref in refs:
            ray.cancel(ref, force=True)
        ray.wait(refs, num_returns=len(refs), timeout=_END_S)


@contextmanager
def _cluster_is_there() -> Iterator[None]:
    """Says of Ray's own errors what they mean: no task is to blame."""
    from ray.exceptions import RayError, RayTaskError

    try:
        yield
    except RayTaskError as error:
        raise SettingsError(
            f"A node could not begin ({error.cause}). Install the same program on all nodes."
        ) from error
    except (RayError, ConnectionError) as error:
        raise SettingsError(
            f"The Ray cluster is gone or does not answer ({type(error).__name__}). Start it again, and the same "
            "command: what was finished is kept."
        ) from error
