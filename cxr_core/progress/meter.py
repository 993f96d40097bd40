"""The one progress of a run: what it is told moves a bar on standard error, goes into the journal, or is printed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Never

from tqdm import tqdm

from cxr_core.progress.journal import Journal
from cxr_core.progress.report import MemberSoFar, StageName

_PAUSE_S = 0.5


class Meter:
    """How much of some work is done: a bar where it has a label, the journal's stage where there is one, or neither."""

    def __init__(self, *, label: str | None = None, unit: str = "", journal: Journal | None = None) -> None:
        self._label, self._unit, self._journal = label, unit, journal
        self._bar: tqdm[Never] | None = None

    def expect(self, total: int, *, done: int = 0) -> None:
        """Says how much there is to do, and what of it an earlier process has done; from now on the bar is shown."""
        if self._label is not None:
            self._bar = tqdm(total=total, initial=done, desc=self._label, unit=self._unit)
        if self._journal is not None:
            self._journal.reach(done, total=total)

    def advance(self, count: int = 1) -> None:
        """Says that so much more is done."""
        if self._bar is not None:
            self._bar.update(count)
        if self._journal is not None:
            self._journal.advance(count)

    @contextmanager
    def following(self, count: Callable[[], int]) -> Iterator[None]:
        """Follows work that other processes do until the block ends.

        Args:
            count: How much is done, looked at twice a second.
        """
        over = Event()

        def watch() -> None:
            while not over.wait(_PAUSE_S):
                self._reach(count())

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
            self._reach(count())

    def close(self) -> None:
        """Leaves the bar as it is."""
        if self._bar is not None:
            self._bar.close()

    def _reach(self, done: int) -> None:
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
        if self._journal is not None:
            self._journal.reach(done)


SILENT = Meter()
"""For work that nobody follows."""


class Progress:
    """How far a run is, for whoever sits before it and for whoever opens its page."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def say(self, line: str) -> None:
        """Prints a line, past any bar."""
        tqdm.write(line)

    def tell(self, members: tuple[MemberSoFar, ...]) -> None:
        """Says how far the networks in training are."""
        self._journal.tell(members)

    def mark_synthetic(self, datasets: tuple[str, ...]) -> None:
        """Says the images of which datasets a computer drew."""
        self._journal.mark_synthetic(datasets)

    @contextmanager
    def stage(
        self,
        name: StageName,
        *,
        total: int,
        done: int = 0,
        is_estimate: bool = False,
        dataset: str | None = None,
        label: str | None = None,
        unit: str = "",
    ) -> Iterator[Meter]:
        """Begins a stage of the run; it is the run's until another begins.

        Args:
            name: Which.
            total: How much there is to do.
            done: How much of it an earlier process has done.
            is_estimate: Whether the total is known for sure only later (`Meter.expect`); the bar waits for it.
            dataset: What it is about; None for all.
            label: Stands before the bar; without one there is none.
            unit: Of what.
        """
        self._journal.begin(name, total=total, done=done, dataset=dataset)
        meter = Meter(label=label, unit=unit, journal=self._journal)
        if not is_estimate:
            meter.expect(total, done=done)
        try:
            yield meter
        finally:
            meter.close()

    @contextmanager
    def bar(self, label: str, *, total: int, unit: str) -> Iterator[Meter]:
        """Shows a part of a stage that the journal does not know.

        Args:
            label: Stands before the bar.
            total: How much there is to do.
            unit: Of what.
        """
        meter = Meter(label=label, unit=unit)
        meter.expect(total)
        try:
            yield meter
        finally:
            meter.close()
