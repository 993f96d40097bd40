"""The image cache: filled from files, looked up by content hash. It belongs to the machine and can be deleted at any time."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from cxr_core.errors import DataError
from cxr_core.files import sweep
from cxr_core.images import shards
from cxr_core.images.filling import Shelve, perform
from cxr_core.images.shards import Cached, Entry, Pixels8, Rejected
from cxr_core.tasks import Failure, run_all

__all__ = ["Cached", "Pixels", "Rejected", "fill"]

SHARD_FILES = 256


def fill(
    files: Sequence[Path],
    *,
    cache: Path,
    size_px: int,
    workers: int,
    label: str,
    timeout_s: float = 60,
    memory_bytes: int = 2 * 2**30,
    show_progress: bool = True,
) -> list[Cached | Rejected]:
    """Sees to it that every file's harmonized pixels are in the cache.

    Args:
        files: DICOM, JPEG or PNG files, in any order.
        cache: The machine's cache folder.
        size_px: Side of the square images.
        workers: Processes that decode; 0 decodes here, where a crash takes everything with it.
        label: Stands before the progress bar.
        timeout_s: What one file may take.
        memory_bytes: What one worker may take.
        show_progress: Whether to show a bar on standard error.

    Returns:
        For each file, in order, its image or why it was set aside.
    """
    place = shards.folder(cache, size_px=size_px)
    sweep(place)
    keys = [_file_key(path) for path in files]
    known = _known(place, size_px=size_px)
    unknown = {key: path for path, key in zip(files, keys, strict=True) if key is not None and key not in known}
    failed: dict[str, str] = {}
    with tqdm(
        total=len(files), initial=len(files) - len(unknown), desc=label, unit=" images", disable=not show_progress
    ) as bar:

        def done(task: Shelve, result: Path | Failure) -> None:
            if not isinstance(result, Failure):
                bar.update(len(task.files))

        tasks = _cut(list(unknown.items()), place=place, size_px=size_px, workers=workers)
        while tasks:
            limit = timeout_s * max(len(task.files) for task in tasks)
            results = run_all(tasks, perform, workers=workers, timeout_s=limit, memory_bytes=memory_bytes, on_done=done)
            lost = [(task, result) for task, result in zip(tasks, results, strict=True) if isinstance(result, Failure)]
            failed |= {task.files[0][1]: result.reason for task, result in lost if len(task.files) == 1}
            tasks = [part for task, _ in lost if len(task.files) > 1 for part in _split(task)]
    known = _known(place, size_px=size_px, lasting_only=False)
    return [_result(key, known, failed) for key in keys]


def _result(key: str | None, known: Mapping[str, Entry], failed: Mapping[str, str]) -> Cached | Rejected:
    if key is None:
        return Rejected(reason="There is no such file.")
    if key in known:
        return known[key].result
    return Rejected(reason=failed[key])


def _cut(files: list[tuple[str, Path]], *, place: Path, size_px: int, workers: int) -> list[Shelve]:
    size = max(1, min(SHARD_FILES, -(-len(files) // (4 * max(workers, 1)))))
    return [
        Shelve(folder=place, size_px=size_px, files=tuple((path, key) for key, path in files[start : start + size]))
        for start in range(0, len(files), size)
    ]


def _split(task: Shelve) -> list[Shelve]:
    size = -(-len(task.files) // 16)
    return [
        Shelve(folder=task.folder, size_px=task.size_px, files=task.files[start : start + size])
        for start in range(0, len(task.files), size)
    ]


def _known(place: Path, *, size_px: int, lasting_only: bool = True) -> dict[str, Entry]:
    return {
        entry.file_key: entry
        for shard in shards.read_all(place)
        if shard.rows == 0 or shard.pixels(size_px=size_px) is not None
        for entry in shard.entries
        if entry.lasting or not lasting_only
    }


def _file_key(path: Path) -> str | None:
    try:
        status = path.stat()
    except OSError:
        return None
    text = f"{path.resolve()}\n{status.st_size}\n{status.st_mtime_ns}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Pixels:
    """Harmonized images, memory-mapped.

    Attributes:
        shards: The mapped shards, each of shape ``(n, size_px, size_px)``.
        places: Shape ``(images, 2)``: the shard and the row in it of each content hash asked for.
        size_px: Side of the square images.
    """

    shards: tuple[Pixels8, ...]
    places: npt.NDArray[np.intp]
    size_px: int

    @classmethod
    def open(cls, cache: Path, *, size_px: int, content_hashes: Sequence[str]) -> "Pixels":
        """Maps the shards that hold these images.

        Raises:
            DataError: If some are not in the cache.
        """
        mapped: list[Pixels8] = []
        rows: dict[str, tuple[int, int]] = {}
        for shard in shards.read_all(shards.folder(cache, size_px=size_px)):
            pixels = shard.pixels(size_px=size_px)
            if pixels is None:
                continue
            for entry in shard.entries:
                if isinstance(entry.result, Cached) and entry.row is not None:
                    rows[entry.result.content_hash] = (len(mapped), entry.row)
            mapped.append(pixels)
        missing = [content_hash for content_hash in content_hashes if content_hash not in rows]
        if missing:
            raise DataError(
                f"{len(missing)} of {len(content_hashes)} images are not at hand in {cache}. Run again to decode them."
            )
        places = np.array([rows[content_hash] for content_hash in content_hashes], dtype=np.intp).reshape(-1, 2)
        return cls(shards=tuple(mapped), places=places, size_px=size_px)

    def __len__(self) -> int:
        return len(self.places)

    def take(self, rows: npt.NDArray[np.intp]) -> Pixels8:
        """Copies some images.

        Args:
            rows: Shape ``(b,)``: positions in the content hashes asked for.

        Returns:
            Shape ``(b, size_px, size_px)``.
        """
        out = np.empty((len(rows), self.size_px, self.size_px), dtype=np.uint8)
        for position, (shard, row) in enumerate(self.places[rows].tolist()):
            out[position] = self.shards[shard][row]
        return out
