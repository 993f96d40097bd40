"""A copy of a results file that nobody else can write to: DuckDB ends the process where a file changes under it."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cxr_core.errors import StoreError

_CLONE = 0x40049409
"""Linux's FICLONE: the copy shares the blocks of its source until one is written to, where a disk can do that."""


@contextmanager
def private(path: Path, *, folder: Path) -> Iterator[Path]:
    """A copy under a name of its own, which goes with the block; who has it open by then keeps it.

    Where there is no room for a copy, or no place, the file itself is given: reading it is as safe as it was.

    Args:
        path: A results file.
        folder: Where copies are made.

    Raises:
        StoreError: If the file was written to while it was copied.
    """
    copy = None
    before = _version(path)
    try:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(suffix=".duckdb", dir=folder)
            copy = Path(name)
            with os.fdopen(handle, "wb") as target, path.open("rb") as source:
                _copy(source, target)
        if _version(path) != before:
            raise StoreError(f"{path.parent.name}/{path.name} is being written just now. Load the page again.")
        whole = copy is not None and copy.stat().st_size == before[1]
        yield copy if copy is not None and whole else path
    finally:
        if copy is not None:
            copy.unlink(missing_ok=True)


def _version(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    try:
        fcntl.ioctl(target.fileno(), _CLONE, source.fileno())
    except OSError:  # another file system, or one that shares no blocks
        shutil.copyfileobj(source, target, 8 * 2**20)
