"""The journal of a run: its process writes it while it works."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, RLock, Thread

from cxr_core.errors import CxrError, NoRoomError
from cxr_core.files import written_whole
from cxr_core.progress.report import MemberSoFar, Report, Stage, StageName, report_file

_PAUSE_S = 1.0

_SIGN_OF_LIFE_S = 10.0


class Journal:
    """How far the run is; every thread may tell it more."""

    def __init__(self, stages: tuple[StageName, ...]) -> None:
        now = _now()
        self._lock = RLock()
        self._report = Report(
            stages=stages, stage=None, members=(), started_at=now, updated_at=now, problem=None
        )  # fmt: skip

    @property
    def report(self) -> Report:
        """How far the run is now."""
        return self._report

    def begin(self, name: StageName, *, total: int, done: int = 0, dataset: str | None = None) -> None:
        """Begins a stage.

        Args:
            name: Which.
            total: How much there is to do.
            done: How much of it an earlier process has done.
            dataset: What it is about; None for all.
        """
        now = _now()
        stage = Stage(
            name=name, dataset=dataset, done=done, total=total, began_with=done, began_at=now, changed_at=now
        )  # fmt: skip
        with self._lock:
            self._report = replace(self._report, stage=stage, updated_at=now)

    def reach(self, done: int, *, total: int | None = None) -> None:
        """Says how much of the stage is done now, and where it is known only now, out of how much."""
        now = _now()
        with self._lock:
            stage = self._report.stage
            if stage is None or (stage.done, stage.total) == (done, total or stage.total):
                return
            stage = replace(stage, done=done, total=total or stage.total, changed_at=now)
            self._report = replace(self._report, stage=stage, updated_at=now)

    def advance(self, count: int = 1) -> None:
        """Says that so much more of the stage is done."""
        with self._lock:
            stage = self._report.stage
            self.reach(count + (stage.done if stage is not None else 0))

    def tell(self, members: tuple[MemberSoFar, ...]) -> None:
        """Says how far the networks in training are."""
        with self._lock:
            if members != self._report.members:
                self._report = replace(self._report, members=members, updated_at=_now())

    def mark_synthetic(self, datasets: tuple[str, ...]) -> None:
        """Says the images of which datasets a computer drew."""
        with self._lock:
            if datasets != self._report.synthetic:
                self._report = replace(self._report, synthetic=datasets, updated_at=_now())

    def fail(self, problem: str) -> None:
        """Says what ended the run."""
        with self._lock:
            self._report = replace(self._report, problem=problem, updated_at=_now())

    def live(self) -> None:
        """Says that the process is there, though nothing has changed."""
        with self._lock:
            self._report = replace(self._report, updated_at=_now())


@contextmanager
def kept(folder: Path, *, stages: tuple[StageName, ...]) -> Iterator[Journal]:
    """Keeps the journal of the run in a folder on disk: at most once a second, whole, until the block ends.

    A disk that takes no report stops no run. The report stays where it is; it goes with the work folder.

    Args:
        folder: The run's.
        stages: What the run goes through, in order.
    """
    journal, over, path = Journal(stages), Event(), report_file(folder)
    _write(path, journal.report)
    keeper = Thread(target=_keep, args=(journal, path, over), daemon=True)
    keeper.start()
    try:
        yield journal
    except CxrError as error:
        journal.fail(str(error))
        raise
    finally:
        over.set()
        keeper.join()
        _write(path, journal.report)


def _keep(journal: Journal, path: Path, over: Event) -> None:
    written = journal.report
    while not over.wait(_PAUSE_S):
        if (_now() - written.updated_at).total_seconds() > _SIGN_OF_LIFE_S:
            journal.live()
        if journal.report is not written:
            written = journal.report
            _write(path, written)


def _write(path: Path, report: Report) -> None:
    with suppress(OSError, NoRoomError), written_whole(path) as part:
        part.write_text(report.as_json(), encoding="utf-8")


def _now() -> datetime:
    return datetime.now(UTC)
