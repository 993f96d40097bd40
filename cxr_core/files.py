"""Files that exist whole or not at all."""

import errno
import hashlib
import json
import os
import re
import shutil
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cxr_core.errors import NoRoomError

_MACHINE = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]
_PART = re.compile(r"\.((?P<machine>[0-9a-f]{8})-)?(?P<pid>\d+)\.part(\.wal|\.tmp)?$")
_FORGOTTEN_S = 24 * 3600.0

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of a disk that takes no more: it is full, or there is a quota, or a limit on the size of a file."""

_OWNER_ALONE = 0o700


@contextmanager
def written_whole(path: Path, *, size: int | None = None) -> Iterator[Path]:
    """A temporary name to write to, renamed to `path` when the block ends without an error, removed otherwise.

    A process that is killed in between leaves a `.part` file, which `sweep` removes later; `path` itself is never half
    written. Two processes that write the same path do not disturb each other: the later one wins.

    Args:
        path: Where the file is to be; its folder is made.
        size: How many bytes it will have, where that is known: a file of another size is not renamed.

    Raises:
        NoRoomError: If the disk takes no more, or took less than it was given.
    """
    part = part_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)  # left by a killed process that had the same number, as the first in a container
        yield part
        _check_size(flush(part), expected=size)
        part.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        short = type(error) is OSError and error.errno is None  # NumPy, where fewer bytes arrived than were given
        if error.errno not in NO_ROOM and not short:
            raise
        part.unlink(missing_ok=True)
        raise no_room(path, needed=size, reason=error.strerror or str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def part_of(path: Path) -> Path:
    """The name under which this process, of this machine, writes a file before it is whole.

    Args:
        path: Where the file is to be.
    """
    return path.with_name(f".{path.name}.{_MACHINE}-{os.getpid()}.part")


def write(path: Path, content: bytes) -> None:
    """Writes a file whole; it is renamed into place once it was flushed and read back as it was meant.

    Raises:
        NoRoomError: If the disk takes no more, or gives back something else.
    """
    with written_whole(path, size=len(content)) as part:
        part.write_bytes(content)
        _check_written(part, content)


def copy(source: Path, to: Path) -> str:
    """Copies a file whole; it is renamed into place once the copy was read back and equals the source.

    Returns:
        The copy's `sha256`.

    Raises:
        NoRoomError: If the disk takes no more, or gives back something else.
    """
    size = source.stat().st_size
    with written_whole(to, size=size) as part:
        shutil.copyfile(source, part)
        found = sha256(part)
        if found != sha256(source):
            raise OSError(None, "the copy does not equal its source")
    return found


def no_room(path: Path, *, needed: int | None, reason: str) -> NoRoomError:
    """The error of a file that the disk did not take, with how much is needed, where known, and how much is free.

    Args:
        path: The file; what was written of it should be gone by now, since it counts as free then.
        needed: Its size in bytes; None where that is not known.
        reason: What the system said.
    """
    amounts = [] if needed is None else [f"at least {megabytes(needed)} are needed"]
    with suppress(OSError):
        amounts.append(f"{megabytes(shutil.disk_usage(path.parent).free)} are free")
    return NoRoomError(
        f"Cannot write {path.name} to {path.parent}: {', '.join([reason, *amounts])}. "
        "Make room there and start the same command again: what was finished is kept."
    )


def megabytes(size: int) -> str:
    """A number of bytes as one reads it: ``12.3 MB``."""
    return f"{size / 1e6:,.1f} MB"


def write_private(path: Path, content: bytes) -> None:
    """Writes a file that its owner alone may read, whatever the umask and whatever lay there before.

    Raises:
        NoRoomError: If the disk takes no more, or gives back something else.
    """
    with written_whole(path, size=len(content)) as part:
        with os.fdopen(_create_private(part), "wb") as file:
            file.write(content)
        _check_written(part, content)


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
    """Removes what killed processes left half written below a folder; what a living process is writing stays.

    Of a process of another machine nobody here knows whether it lives: what it wrote stays for a day.
    """
    for part in folder.rglob(".*.part*"):
        match = _PART.search(part.name)
        if not match or _is_being_written(part, match):
            continue
        if part.is_dir():  # what DuckDB had no memory for
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)


def flush(path: Path) -> int:
    """Sees to it that a file is on the disk, and gives its size in bytes."""
    with path.open("rb") as written:
        os.fsync(written.fileno())
        return os.fstat(written.fileno()).st_size


def fingerprint(value: object) -> str:
    """A hash of anything that JSON can hold, 16 hexadecimal digits; the order of keys does not matter."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def digest(path: Path) -> str:
    """A hash of a file's content, 16 hexadecimal digits."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()[:16]


def sha256(path: Path) -> str:
    """A hash of a file's content with its kind in front; what ``sha256sum`` prints follows the colon."""
    with path.open("rb") as content:
        return f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"


def is_alive(pid: int) -> bool:
    """Whether a process still runs; a zombie does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_being_written(part: Path, match: re.Match[str]) -> bool:
    if match["machine"] in (None, _MACHINE):
        return is_alive(int(match["pid"]))
    try:
        return time.time() - part.stat().st_mtime < _FORGOTTEN_S
    except FileNotFoundError:
        return True


def _check_size(found: int, *, expected: int | None) -> None:
    if expected is not None and found != expected:
        raise OSError(None, f"{found:,} of {expected:,} bytes arrived")


def _check_written(part: Path, content: bytes) -> None:
    meant, block = memoryview(content), 1 << 20
    with part.open("rb") as written:
        same = all(written.read(block) == meant[start : start + block] for start in range(0, len(meant), block))
        if not same or written.read(1):
            raise OSError(None, "the disk gave back something else than it was given")


def _flush_folder(folder: Path) -> None:
    """Sees to it that a new name is on the disk too, where the file system can be asked for that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_zombie(pid: int) -> bool:
    """Whether a process is over and only waits for its parent to take note, as far as Linux tells."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["Z"]
