"""The progress of an unfinished run, as its own process wrote it down, and whether that process still works on it."""

import fcntl
import json
import math
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

StageName = Literal["decode", "train", "predict", "write", "evaluate"]

LOCK_FILE = ".lock"
"""In the folder of a run: locked as long as a process works on it."""

WORK_FOLDER = "work"
"""In the folder of a run, until it is sealed: checkpoints, shards of predictions, the report."""

_REPORT_FILE = "progress.json"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What is being done.

    Attributes:
        name: Which stage.
        dataset: The dataset that it is about; None where it is about all.
        done: How much of it is done, in the stage's own unit: images, epochs, datasets, comparisons.
        total: Out of how much.
        began_with: How much was done when this process began with it; an earlier one may have got so far.
        began_at: When that was.
        changed_at: When `done` last grew.
    """

    name: StageName
    dataset: str | None
    done: int
    total: int
    began_with: int
    began_at: datetime
    changed_at: datetime

    def seconds_left(self, now: datetime) -> float:
        """How long the stage will still take at its pace so far, at least 0; NaN before anything of it is done."""
        done = self.done - self.began_with
        if done <= 0:
            return math.nan
        pace = (self.changed_at - self.began_at).total_seconds() / done
        return max(0.0, (self.total - self.done) * pace - (now - self.changed_at).total_seconds())


@dataclass(frozen=True, kw_only=True)
class EpochSoFar:
    """One epoch of a network in training, as the table `epoch` will hold it."""

    epoch: int
    train_loss: float
    held_out_loss: float | None
    seconds: float


@dataclass(frozen=True, kw_only=True)
class MemberSoFar:
    """A network in training.

    Attributes:
        model_id: Its name in the results.
        regime: ``full`` or ``split``.
        fold: The held-out fold; None without folds.
        number: Which of the regime's (or fold's) networks, from 0.
        planned: How many epochs it is to have.
        epochs: Those behind it, first to last.
        is_done: Whether its weights are written.
    """

    model_id: str
    regime: str
    fold: int | None
    number: int
    planned: int
    epochs: tuple[EpochSoFar, ...]
    is_done: bool


@dataclass(frozen=True, kw_only=True)
class Report:
    """How far a run is.

    Attributes:
        stages: What the run goes through, in order.
        stage: Where it is; None before the first.
        members: The networks in training or trained; empty before that.
        started_at: When the process began.
        updated_at: When this was written.
        problem: The error that ended it, in a sentence; None if none was met.
        synthetic: The datasets whose images a computer drew, as far as that is known.
    """

    stages: tuple[StageName, ...]
    stage: Stage | None
    members: tuple[MemberSoFar, ...]
    started_at: datetime
    updated_at: datetime
    problem: str | None
    synthetic: tuple[str, ...] = ()

    def as_json(self) -> str:
        """As `read` finds it."""
        return json.dumps(asdict(self), default=datetime.isoformat)


def report_file(folder: Path) -> Path:
    """Where the report of the run in a folder lies."""
    return folder / WORK_FOLDER / _REPORT_FILE


def read(folder: Path) -> Report | None:
    """The report of the run in a folder; None if there is none that this release understands."""
    try:
        return _report(report_file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_worked_on(folder: Path) -> bool:
    """Whether a process holds the run in a folder, also one in another container that shares it."""
    try:
        with (folder / LOCK_FILE).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _report(text: str) -> Report:
    written = json.loads(text)
    stage = written["stage"]
    for of, name in ((written, "started_at"), (written, "updated_at"), (stage, "began_at"), (stage, "changed_at")):
        if of is not None:
            of[name] = datetime.fromisoformat(of[name])
    for member in written["members"]:
        member["epochs"] = tuple(EpochSoFar(**epoch) for epoch in member["epochs"])
    written["members"] = tuple(MemberSoFar(**member) for member in written["members"])
    written["stages"] = tuple(written["stages"])
    written["synthetic"] = tuple(written.get("synthetic", ()))
    written["stage"] = None if stage is None else Stage(**stage)
    return Report(**written)
