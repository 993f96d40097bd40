"""One task of filling the cache: some files become one shard."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_core.errors import ImageError
from cxr_core.images.decode.file import decode
from cxr_core.images.harmonize import decoding_px, harmonize
from cxr_core.images.shards import Cached, Entry, Pixels8, Rejected, write


@dataclass(frozen=True, kw_only=True)
class Shelve:
    """Decode these files into one shard.

    Attributes:
        folder: Where the shard goes.
        files: With their keys.
        size_px: Side of the square images.
    """

    folder: Path
    files: tuple[tuple[Path, str], ...]
    size_px: int

    @property
    def index(self) -> Path:
        """The file that is there when the task is done: its name follows from the files."""
        names = " ".join(key for _, key in self.files)
        return self.folder / f"{hashlib.sha256(names.encode()).hexdigest()[:32]}.json"


def perform(task: Shelve) -> Path:
    """Decodes, harmonizes and writes a shard; returns its index."""
    rows: dict[str, int] = {}
    pixels: list[Pixels8] = []
    entries: list[Entry] = []
    for path, key in task.files:
        try:
            cached, image = _prepare(path, size_px=task.size_px)
        except ImageError as error:
            entries.append(Entry(file_key=key, result=Rejected(reason=str(error)), row=None))
            continue
        except OSError as error:
            reason = f"The file cannot be read: {error.strerror}."
            entries.append(Entry(file_key=key, result=Rejected(reason=reason), row=None, lasting=False))
            continue
        if cached.content_hash not in rows:
            rows[cached.content_hash] = len(pixels)
            pixels.append(image)
        entries.append(Entry(file_key=key, result=cached, row=rows[cached.content_hash]))
    shape = (0, task.size_px, task.size_px)
    write(task.index, pixels=np.stack(pixels) if pixels else np.empty(shape, np.uint8), entries=entries)
    return task.index


def _prepare(path: Path, *, size_px: int) -> tuple[Cached, Pixels8]:
    decoded = decode(path, size_px=decoding_px(size_px))
    cached = Cached(
        content_hash=decoded.content_hash,
        width=decoded.image.width,
        height=decoded.image.height,
        view=decoded.view,
        sex=decoded.sex,
        age_years=decoded.age_years,
    )
    return cached, harmonize(decoded, size_px=size_px)
