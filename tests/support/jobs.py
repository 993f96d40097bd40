"""Tasks that end well, badly or not at all, for the tests of what performs them."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_core.errors import DataError, NoRoomError


@dataclass(frozen=True, kw_only=True)
class Job:
    """Attributes:
    folder: Where it writes `NUMBER`, and `began-NUMBER` before.
    does: What comes in between.
    number: Its own.
    """

    folder: Path
    does: str
    number: int = 0

    @property
    def began(self) -> Path:
        return self.folder / f"began-{self.number}"

    @property
    def go(self) -> Path:
        """What a job that holds waits for."""
        return self.folder / "go"


def perform(job: Job) -> Path:
    job.began.write_text(f"{os.getpid()}", encoding="ascii")
    _DOES[job.does](job)
    path = job.folder / f"{job.number}"
    path.write_text(f"{os.getpid()}", encoding="ascii")
    return path


def _write(_: Job) -> None:
    pass


def _abort(_: Job) -> None:
    os.abort()


def _kill(_: Job) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hang(_: Job) -> None:
    time.sleep(600)


def _hold(job: Job) -> None:
    while not job.go.exists():
        time.sleep(0.05)


def _swell(_: Job) -> None:
    np.ones(3 * 2**30, dtype=np.uint8)


def _data(_: Job) -> None:
    raise DataError("Expected one thing, found another.")


def _full(_: Job) -> None:
    raise NoRoomError("Cannot write a file.")


def _mistake(_: Job) -> None:
    raise KeyError("a mistake in the program")


_DOES: dict[str, Callable[[Job], None]] = {
    "write": _write, "abort": _abort, "kill": _kill, "hang": _hang, "hold": _hold, "swell": _swell, "data": _data,
    "full": _full, "mistake": _mistake,
}  # fmt: skip
