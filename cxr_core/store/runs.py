"""The runs of a results folder, and their states."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb

from cxr_core.errors import RefusedError, StoreError
from cxr_core.store.checked import remedy
from cxr_core.store.open import open_run, unreadable
from cxr_core.store.outline import Outline, outline

RESULTS_FILE = "results.duckdb"

_MOMENT_S = 10

State = Literal["complete", "unfinished", "damaged"]


@dataclass(frozen=True, kw_only=True)
class FoundRun:
    """One folder below the results folder.

    Attributes:
        name: The folder's name, unique in the results folder; it is the run's id unless someone renamed it. Bytes in it
            that are no text are written as hexadecimal digits.
        path: Its results file, which exists unless the run is unfinished.
        state: ``unfinished``: still going on, or stopped before it was complete. ``damaged``: the file cannot be read.
        created_at: When the run was sealed; for one that cannot be read, when its folder last changed. UTC.
        preset: The preset that it came from; None where that cannot be read.
        outline: What it is opened with; None where that cannot be read.
        problem: Why it is damaged and what to do; None unless it is.
        is_lasting: Whether the same file would be found so another time too; what stood in the way of reading it, such
            as another program that has it open, may be gone without a change of the file.
    """

    name: str
    path: Path
    state: State
    created_at: datetime
    preset: str | None = None
    outline: Outline | None = None
    problem: str | None = None
    is_lasting: bool = True


def list_runs(results: Path, *, look: Callable[[Path], FoundRun] | None = None) -> tuple[FoundRun, ...]:
    """Every run in a results folder, the newest first. One that is damaged is named and hides no other.

    Args:
        results: The folder of runs. If there is none, no run is found.
        look: How to look into one run's folder: `look_into`, or a function that remembers what that said.

    Raises:
        StoreError: If the folder of runs cannot be read.
    """
    try:
        if not results.is_dir():
            return ()
        folders = [folder for folder in results.iterdir() if folder.is_dir() and not folder.name.startswith(".")]
    except OSError as error:
        raise StoreError(
            f"The folder of runs cannot be read: {error.strerror}. Change that, or choose another folder."
        ) from error
    runs = [run for folder in folders if (run := _seen(folder, look or look_into)) is not None]
    return tuple(sorted(runs, key=lambda run: (-run.created_at.timestamp(), run.name)))


def look_into(folder: Path, *, copies: Path | None = None) -> FoundRun:
    """What one run's folder holds; opening its results file takes some hundredths of a second.

    Args:
        folder: The run's.
        copies: Where a results file that changed just now is copied to before it is read, as in `open_run`; one at
            rest is read where it lies, since all runs are looked into and copies of all would cost too much.
    """
    path = folder / RESULTS_FILE
    changed_at = _time(folder.stat().st_mtime)
    if not path.is_file():
        return FoundRun(name=_text(folder), path=path, state="unfinished", created_at=changed_at)
    try:
        created_at, preset, outlined = _described(path, copies=copies if _is_new(path) else None)
    except StoreError as error:
        return FoundRun(
            name=_text(folder),
            path=path,
            state="damaged",
            created_at=changed_at,
            problem=str(error),
            is_lasting=isinstance(error, RefusedError),
        )
    return FoundRun(
        name=_text(folder), path=path, state="complete", created_at=created_at, preset=preset, outline=outlined
    )


def _seen(folder: Path, look: Callable[[Path], FoundRun]) -> FoundRun | None:
    """One run; None if it was taken away since it was listed."""
    name = _text(folder)
    if name != folder.name:
        return _damaged(folder, f"The folder {name} has a name that is no text. Rename it, then load the page again.")
    try:
        return look(folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _damaged(folder, f"{name} cannot be read: {error.strerror}. Change that, then load the page again.")


def _damaged(folder: Path, problem: str) -> FoundRun:
    return FoundRun(
        name=_text(folder),
        path=folder / RESULTS_FILE,
        state="damaged",
        created_at=_time(0),
        problem=problem,
        is_lasting=False,
    )


def _described(path: Path, *, copies: Path | None) -> tuple[datetime, str, Outline | None]:
    with open_run(path, threads=1, copies=copies) as connection:
        try:
            ((created_at, preset),) = connection.execute("SELECT created_at, preset FROM run").fetchall()
        except (duckdb.Error, ValueError) as error:  # ValueError: bytes that are no text
            raise unreadable(path, error) from error
        try:
            outlined = outline(connection)
        except (duckdb.Error, ValueError):
            outlined = None
    # DuckDB knows times that Python does not, and gives them in another form.
    if not isinstance(created_at, datetime) or not isinstance(preset, str):
        raise RefusedError(
            f"{path.parent.name}/{path.name} is damaged: it tells no time and preset that can be read. {remedy()}"
        )
    return created_at.replace(tzinfo=UTC), preset, outlined


def _is_new(path: Path) -> bool:
    """Whether the file changed a moment ago, so that someone may be writing it."""
    return abs(time.time() - path.stat().st_ctime) < _MOMENT_S


def _text(folder: Path) -> str:
    """A folder's name; a name on disk need not be text."""
    return os.fsencode(folder.name).decode("utf-8", "backslashreplace")


def _time(seconds: float) -> datetime:
    """A time of a file; 1970 where it is none that Python knows."""
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, tz=UTC)
