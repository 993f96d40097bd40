"""The workspace of a command: results, cache, device; and the folder of one run, held by one process at a time."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from cxr_core import files, provenance
from cxr_core.errors import SettingsError, StoreError, UnreadableError
from cxr_core.progress.report import LOCK_FILE, WORK_FOLDER
from cxr_core.store.runs import RESULTS_FILE
from cxr_core.tasks.machines import Machines

_NAME_LENGTH = 200

ALREADY_SEALED = "This very run is complete already: nothing was computed."


@dataclass(frozen=True, kw_only=True)
class Folders:
    """Where runs and images lie.

    Attributes:
        results: The folder of runs.
        cache: The folder of harmonized images, shared by all runs; it can be deleted at any time, but for `private` if
            an unfinished run reads a table of one's own: without it the same table gets other pseudonyms.
    """

    results: Path = field(default_factory=lambda: Path(os.environ.get("SECOND_SITE_RESULTS", "results")))
    cache: Path = field(default_factory=lambda: Path(os.environ.get("SECOND_SITE_CACHE", "cache")))

    @property
    def private(self) -> Path:
        """Where private tables keep their key and the map from pseudonyms to files."""
        return self.cache / "private"

    @property
    def weights(self) -> Path:
        """Where starting weights are looked for."""
        return self.cache / "weights"


@dataclass(frozen=True, kw_only=True)
class Workspace(Folders):
    """The folders and the machines of a command that computes. Nothing here changes a run's settings.

    Attributes:
        name: The run's name; by default the preset and a fingerprint of the configuration.
        device: What trains and predicts.
        workers: Processes on this machine that decode images, and on a processor train and predict; the last digits
            depend on them.
        machines: Where the work runs.
    """

    name: str | None = None
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    machines: Machines = field(default_factory=Machines)

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise SettingsError(f"--workers must be at least 1, found {self.workers}.")


@dataclass(frozen=True, kw_only=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    @property
    def run_id(self) -> str:
        """The run's name."""
        return self.path.name

    @property
    def results(self) -> Path:
        """The sealed file."""
        return self.path / RESULTS_FILE

    @property
    def members(self) -> Path:
        """Where the members' weights are kept."""
        return self.path / "members"

    @property
    def work(self) -> Path:
        """What is needed until the run is sealed: checkpoints, shards of predictions, the report of how far it is."""
        return self.path / WORK_FOLDER

    @property
    def is_sealed(self) -> bool:
        """Whether the run is complete.

        Raises:
            OSError: If that cannot be seen: a run that is there must never be taken for one that is not.
        """
        try:
            self.results.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True


def run_folder(workspace: Workspace, *, preset: str, identity: object) -> RunFolder:
    """The folder of the run with this identity.

    Args:
        workspace: Results folder and, where given, the run's name.
        preset: The first half of the default name.
        identity: Everything that makes the run what it is; its fingerprint is the second half.

    Raises:
        SettingsError: If the name is not a plain one, or belongs to a run with other settings.
        StoreError: If what describes the run of that name is damaged.
        UnreadableError: If it is there and cannot be read.
    """
    mark = files.fingerprint(identity)
    name = workspace.name or f"{preset}-{mark[:8]}"
    if not name.replace("-", "").replace("_", "").replace(".", "").isalnum() or name.startswith("."):
        raise SettingsError(f"--name takes letters, digits, '-', '_' and '.', found {name!r}.")
    if len(name) > _NAME_LENGTH:
        raise SettingsError(f"--name takes at most {_NAME_LENGTH} characters, found {len(name)}.")
    folder = RunFolder(path=workspace.results / name)
    described = _described(folder)
    if described not in (None, mark):
        raise SettingsError(
            f"The run {name!r} exists with other settings or other data ({folder.path / 'run.json'}). "
            "Choose another --name, or delete that folder."
        )
    return folder


@contextmanager
def locked(folder: RunFolder) -> Iterator[None]:
    """Holds the run's folder against a second process; the hold ends with this process, however it ends.

    Raises:
        StoreError: If another process holds it, or the folder cannot be written.
    """
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        lock = (folder.path / LOCK_FILE).open("w")
    except OSError as error:
        raise StoreError(f"Cannot write to {folder.path}: {error.strerror}. Choose another --results.") from error
    with lock:
        try:
            _lock(lock)
        except BlockingIOError as error:
            raise StoreError(
                f"Another process is working on the run {folder.run_id!r}. Wait for it, or choose another --name."
            ) from error
        files.sweep(folder.path)
        yield


def _lock(lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(0.1)  # a page that looks whether the run is worked on holds it for an instant
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def describe_run(folder: RunFolder, *, identity: object) -> None:
    """Writes `run.json`: the run's fingerprint, its settings, and what is about to compute it."""
    described = {
        "run_id": folder.run_id,
        "fingerprint": files.fingerprint(identity),
        "config": identity,
        "versions": provenance.versions(),
        "git_commit": provenance.git_commit(),
    }
    files.write(folder.path / "run.json", (json.dumps(described, indent=2, default=str) + "\n").encode())


def _described(folder: RunFolder) -> str | None:
    path = folder.path / "run.json"
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["fingerprint"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableError.of(path, error) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoreError(
            f"{path} is damaged: it does not tell what the run is. Choose another --name, or move that folder away."
        ) from error
