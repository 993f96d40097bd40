"""Tasks that end well, badly or not at all, for the tests of what performs them."""

import os
import signal
import time
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
    match job.does:
        case "abort":
            os.abort()
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(600)
        case "hold":
            while not job.go.exists():
                time.sleep(0.05)
        case "swell":
            np.ones(3 * 2**30, dtype=np.uint8)
        case "data":
            raise DataError("Expected one thing, found another.")
        case "full":
            raise NoRoomError("Cannot write a file.")
        case "mistake":
            raise KeyError("a mistake in the program")
    path = job.folder / f"{job.number}"
    path.write_text(f"{os.getpid()}", encoding="ascii")
    return path
