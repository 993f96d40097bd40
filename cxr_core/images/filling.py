"""One task of filling the cache: some files become one shard."""

import hashlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path

import numpy as np

from cxr_core.errors import ImageError
from cxr_core.images import identity
from cxr_core.images.decode import facts
from cxr_core.images.decode.file import decode
from cxr_core.images.entries import Cached, Entry, Rejected
from cxr_core.images.harmonize import Pixels8, decoding_px, harmonize, pipeline_fingerprint
from cxr_core.images.shards import write


@dataclass(frozen=True, kw_only=True)
class FillShard:
    """Decode these files into one shard.

    Attributes:
        folder: Where the shard goes.
        files: Paths with their keys.
        size_px: Side of the square images.
        timeout_s: What one file may take.
    """

    folder: Path
    files: tuple[tuple[Path, str], ...]
    size_px: int
    timeout_s: float

    @property
    def index(self) -> Path:
        """The file that is there when the task is done; its name follows from the files and from what is read of them.

        So no shard takes another's place: whoever knows the rows of one finds these in it, or finds it gone.
        """
        keys = " ".join((f"facts {facts.VERSION}", *(key for _, key in self.files)))
        return self.folder / f"{hashlib.sha256(keys.encode()).hexdigest()[:32]}.json"

    def split(self, parts: int) -> list["FillShard"]:
        """The same work in about as many smaller tasks."""
        size = -(-len(self.files) // parts)
        return [
            FillShard(
                folder=self.folder,
                files=self.files[start : start + size],
                size_px=self.size_px,
                timeout_s=self.timeout_s,
            )
            for start in range(0, len(self.files), size)
        ]


def perform(task: FillShard) -> Path:
    """Decodes and harmonizes the files of a task, writes the shard and returns its index."""
    rows: dict[str, int] = {}
    pixels: list[Pixels8] = []
    entries: list[Entry] = []
    for path, key in task.files:
        prepared = _prepare(path, key, task=task)
        if isinstance(prepared, Entry):
            entries.append(prepared)
            continue
        cached, image = prepared
        row = rows.setdefault(cached.picture_hash, len(pixels))
        if row == len(pixels):
            pixels.append(image)
        entries.append(Entry(file_key=key, result=cached, row=row))
    write(task.index, pixels=np.stack(pixels) if pixels else np.empty(0, np.uint8), entries=entries)
    return task.index


def _prepare(path: Path, key: str, *, task: FillShard) -> tuple[Cached, Pixels8] | Entry:
    try:
        with _time_limit(task):
            decoded = decode(path, size_px=decoding_px(task.size_px))
            image = harmonize(decoded, size_px=task.size_px)
    except ImageError as error:
        return Entry(file_key=key, result=Rejected(reason=str(error)), row=None)
    except OSError as error:
        reason = f"The file cannot be read ({error.strerror}). Check that it is there and readable."
        return Entry(file_key=key, result=Rejected(reason=reason), row=None, lasting=False)
    cached = Cached(
        content_hash=decoded.content_hash,
        picture_hash=identity.of_picture(
            image, content_hash=decoded.content_hash, pipeline=pipeline_fingerprint(task.size_px)
        ),
        width=decoded.image.width,
        height=decoded.image.height,
        facts=decoded.facts,
        notes=decoded.notes,
    )
    return cached, image


@contextmanager
def _time_limit(task: FillShard) -> Iterator[None]:
    """Has the kernel end a worker whose decoder hangs over one of several files; over the only one, the pool does.

    Nothing written in Python could interrupt a decoder.
    """
    if len(task.files) == 1 or parent_process() is None:
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, task.timeout_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
