"""Tasks that were given out together: which elements still run, what came back, what was lost and is done again."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Generic, TypeVar

from cxr_core import stopping
from cxr_core.errors import SettingsError
from cxr_core.tasks.executor import Failure, Needs, Outcome
from cxr_core.tasks.node import check_seen
from cxr_core.tasks.parcel import Parcel
from cxr_core.tasks.slurm.cluster import AwayError, Call, Cluster, Element, FullError, job_of
from cxr_core.tasks.slurm.ledger import Ledger
from cxr_core.tasks.slurm.mailbox import Mailbox
from cxr_core.tasks.slurm.pace import Pace

T = TypeVar("T")

_TRIES = 3
_GRACES_WHILE_ENDING = 3  # its node may still be at it, or never say so


@dataclass(kw_only=True)
class Given:
    """Tasks that are given to one element.

    Attributes:
        indices: Of the tasks.
        tries: How many elements were lost with them before.
        gone_since: When the element was first missed.
        in_vain_since: Since when it waits for what does not come by itself.
    """

    indices: tuple[int, ...]
    tries: int = 0
    gone_since: float | None = None
    in_vain_since: float | None = None


@dataclass(kw_only=True)
class Batch(Generic[T]):
    """Some tasks that were given out together.

    Attributes:
        tasks: All of them.
        perform: What performs one.
        needs: What each takes.
        cluster: What runs the elements.
        mailbox: How they are spoken with.
        ledger: Where their jobs are written down.
        pace: How often is looked, and how long is waited for what.
        job_minutes: Minutes that an element may take.
        job_memory_gb: Memory of an element.
        waiting: What is to be given out.
    """

    tasks: Sequence[T]
    perform: Callable[[T], Path]
    needs: Needs
    cluster: Cluster
    mailbox: Mailbox
    ledger: Ledger
    pace: Pace
    job_minutes: int
    job_memory_gb: int
    waiting: list[Given] = field(default_factory=list)
    _out: dict[str, tuple[str, Given]] = field(default_factory=dict)  # by name: the element and what it has
    _names: Iterator[int] = field(default_factory=count)
    _array_size: int = 0
    _asked: float = field(default_factory=time.monotonic)
    _answered: float = field(default_factory=time.monotonic)

    @property
    def is_open(self) -> bool:
        """Whether there are tasks whose outcome is not known."""
        return bool(self.waiting or self._out)

    def give_out(self) -> None:
        """Gives out what waits, as many arrays as it takes; where the cluster takes no more, the rest waits."""
        now = time.monotonic()
        if not self.waiting or (self._out and now - self._asked < self.pace.ask_s and self._array_size):
            return
        self.ledger.note(())
        while self.waiting:
            try:
                self._array_size = self._array_size or self.cluster.array_size
                array = self.waiting[: self._array_size]
                stopping.unbroken(partial(self._submit, array))
            except AwayError as error:
                self._note_away(error)
                return
            except FullError as error:
                if self._array_size == 1 and not self._out:
                    self._note_away(error)
                self._array_size = max(1, self._array_size // 2)
                return
            del self.waiting[: len(array)]
            self._answered = time.monotonic()

    def taken(self) -> Iterator[tuple[int, Outcome]]:
        """The outcomes that have arrived; the error that ends all, once those before it were given."""
        for name in sorted(self.mailbox.arrived() & self._out.keys()):
            outcome = self.mailbox.take(name)
            element, given = self._out.pop(name)
            self.cluster.tidy(element)
            for place, found in outcome.outcomes.items():
                if isinstance(found, Path):
                    check_seen(found, within_s=self.pace.grace_s)
                yield given.indices[place], found
            if outcome.error is not None:
                raise outcome.error

    def lost(self) -> Iterator[tuple[int, Outcome]]:
        """Asks the cluster after its elements, where it is time: what is lost is given out again, or has failed."""
        now = time.monotonic()
        if not self._out or now - self._asked < self.pace.ask_s:
            return
        self._asked = now
        try:
            seen = self.cluster.seen({job_of(element) for element, _ in self._out.values()})
        except AwayError as error:
            self._note_away(error)
            return
        self._answered = time.monotonic()
        here = self.mailbox.arrived()
        for name, (element, given) in list(self._out.items()):
            if name not in here and self._is_lost(given, seen.get(element)):
                yield from self._lose(name, seen)

    def close(self) -> None:
        """Takes back what is not done, and ends the jobs."""
        jobs = {job_of(element) for element, _ in self._out.values()}
        if jobs:
            stopping.unbroken(partial(self.cluster.cancel, jobs))
        else:
            self.ledger.settle()
        self.mailbox.clear()

    def _submit(self, array: Sequence[Given]) -> None:
        """Nothing breaks in between the submission and the note of it."""
        named = {f"{next(self._names):06d}": given for given in array}
        calls = [self._put(name, given) for name, given in named.items()]
        try:
            elements = self.cluster.submit(calls, needs=self.needs, mark=self.ledger.mark)
        except BaseException:
            for name in named:
                self.mailbox.remove(name)
            raise
        self._out |= {name: (element, given) for element, (name, given) in zip(elements, named.items(), strict=True)}
        self.ledger.note(elements)

    def _put(self, name: str, given: Given) -> Call:
        tasks = tuple(self.tasks[index] for index in given.indices)
        return self.mailbox.put(name, Parcel(tasks=tasks, perform=self.perform, needs=self.needs))

    def _is_lost(self, given: Given, element: Element | None) -> bool:
        now = time.monotonic()
        if element is not None and not element.is_ending:
            given.gone_since = None
            self._check_hope(given, element, now=now)
            return False
        given.gone_since = given.gone_since or now
        graces = 1 if element is None or element.is_ended else _GRACES_WHILE_ENDING
        return now - given.gone_since >= graces * self.pace.grace_s

    def _check_hope(self, given: Given, element: Element, *, now: float) -> None:
        if not element.waits or not self.cluster.is_hopeless(element.reason):
            given.in_vain_since = None
            return
        given.in_vain_since = given.in_vain_since or now
        if now - given.in_vain_since >= self.pace.in_vain_s:
            raise SettingsError(
                f"Slurm lets the jobs of this run wait in vain: {element.reason}. See `squeue` and `sinfo`; what was "
                "finished is kept, and another start may ask for another --slurm-partition or for less."
            )

    def _lose(self, name: str, seen: Mapping[str, Element]) -> Iterator[tuple[int, Outcome]]:
        element, given = self._out.pop(name)
        self.mailbox.remove(name)
        self.cluster.tidy(element)
        found = seen.get(element)
        for_others = found is not None and found.state == "PREEMPTED"
        tries = given.tries + (not for_others)
        asks_too_much = found is not None and (found.took_too_long or found.took_too_much)
        if tries == _TRIES or (asks_too_much and len(given.indices) == 1):
            yield from ((index, Failure(reason=self._words(found, tries))) for index in given.indices)
        else:  # each for itself: one that asks too much takes no others with it
            self.waiting.extend(Given(indices=(index,), tries=tries) for index in given.indices)

    def _words(self, element: Element | None, tries: int) -> str:
        if element is not None and element.took_too_long:
            return (
                f"Slurm ended its job after {self.job_minutes} min, as --slurm-minutes says; the same "
                "command with more of them goes on from here."
            )
        if element is not None and element.took_too_much:
            return f"Slurm ended its job for want of memory: --slurm-memory-gb allows {self.job_memory_gb} GB."
        last = "Slurm knows it no more" if element is None else f"Slurm says {element.state} ({element.reason})"
        return f"Its job ended {tries} times without saying what became of it: {last}. See the logs in work/slurm."

    def _note_away(self, error: Exception) -> None:
        self._asked = time.monotonic()
        if self._asked - self._answered >= self.pace.away_s:
            raise SettingsError(
                f"Slurm has answered nothing that this run asked for {self.pace.away_s / 60:.0f} minutes: {error} Once "
                "`squeue` answers, the same command goes on from here."
            ) from error
