"""Files that exist whole or not at all."""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OWNER_ALONE = 0o700

_PART = re.compile(r"\.(?P<pid>\d+)\.part(\.wal)?$")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A temporary name to write to, renamed to `path` when the block ends without an error, removed otherwise.

    A process that is killed in between leaves a `.part` file, which `sweep` removes later; `path` itself is never half
    written. Two processes that write the same path do not disturb each other: the later one wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Writes a file that its owner alone may read, whatever the umask and whatever lay there before."""
    with written_whole(path) as part, os.fdopen(_create_private(part), "wb") as file:
        file.write(content)


def make_private(folder: Path) -> None:
    """Makes a folder that its owner alone may enter; one that is there already is closed to others."""
    folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_ALONE)
    close_to_others(folder)


def close_to_others(path: Path) -> None:
    """Takes from a file or folder of this user's what others may do with it; no such file is none to close."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    mode = stat.S_IMODE(status.st_mode)
    if status.st_uid == os.geteuid() and mode & ~_OWNER_ALONE:
        path.chmod(mode & _OWNER_ALONE)


def _create_private(path: Path) -> int:
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def sweep(folder: Path) -> None:
    """Removes what killed processes left half written below a folder; what a living process is writing stays."""
    for part in folder.rglob(".*.part*"):
        match = _PART.search(part.name)
        if match and not is_alive(int(match["pid"])):
            part.unlink(missing_ok=True)


def fingerprint(value: object) -> str:
    """A hash of anything that JSON can hold, 16 hexadecimal digits; the order of keys does not matter."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def digest(path: Path) -> str:
    """A hash of a file's content, 16 hexadecimal digits."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()[:16]


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that is over and not yet buried does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether a process is over and only waits for its parent to take note, as far as Linux tells."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["Z"]
