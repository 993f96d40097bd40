"""The image cache: filled from files, looked up by picture hash. It is the machine's own and can be deleted at will."""

import hashlib
import stat
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from cxr_core.errors import DataError
from cxr_core.files import sweep
from cxr_core.images import shards
from cxr_core.images.entries import Cached, Rejected
from cxr_core.images.filling import FillShard, perform
from cxr_core.images.pixels import Pixels
from cxr_core.images.shards import Shard
from cxr_core.progress.meter import SILENT, Meter
from cxr_core.tasks import Executor, Failure, Needs, Outcome, run_all

__all__ = ["Cached", "Pixels", "Rejected", "fill"]

_SHARD_FILES = 256
_SHARD_BYTES = 64 * 2**20
_PARTS = 16


def fill(
    files: Sequence[Path],
    *,
    cache: Path,
    size_px: int,
    executor: Executor,
    timeout_s: float = 60,
    memory_bytes: int = 2 * 2**30,
    meter: Meter = SILENT,
) -> list[Cached | Rejected]:
    """Sees to it that each file's harmonized pixels are in the cache; decodes those that are not.

    What is finished when the process is killed is kept. A file that cannot be used is remembered with its reason; one
    that crashed its decoder, took too long or too much memory, or could not be opened, is tried again another time.

    Args:
        files: DICOM, JPEG or PNG files.
        cache: The machine's cache folder.
        size_px: Side of the square images.
        executor: Where they are decoded.
        timeout_s: What one file may take.
        memory_bytes: What one worker may take beyond its libraries.
        meter: Told how many files have to be decoded, and of each that is done.

    Returns:
        For each file, in their order, its image or why it is set aside.
    """
    folder = shards.folder(cache, size_px=size_px)
    _make(folder)
    sweep(folder)
    keys = _file_keys(files)
    known, early = _known(folder, wanted={key for key in keys if isinstance(key, str)}, size_px=size_px)
    unknown = {key: path for key, path in zip(keys, files, strict=True) if isinstance(key, str) and key not in known}
    if unknown:
        pending = tuple((path, key) for key, path in unknown.items())
        work = FillShard(folder=folder, files=pending, size_px=size_px, timeout_s=timeout_s)
        meter.expect(len(unknown))
        known |= _decode(work, executor=executor, memory_bytes=memory_bytes, meter=meter)
        sweep(folder)  # a worker whose parent was killed just before may have died only now
    _remove_early(early, known=known.keys())
    return [key if isinstance(key, Rejected) else known[key] for key in keys]


def _decode(work: FillShard, *, executor: Executor, memory_bytes: int, meter: Meter) -> dict[str, Cached | Rejected]:
    """Works off the files. A task that is lost with its worker is done again in parts, in the end file by file."""
    found: dict[str, Cached | Rejected] = {}

    def note(task: FillShard, result: Outcome) -> None:
        if isinstance(result, Path):
            shard = shards.read(result)
            found.update({entry.file_key: entry.result for entry in shard.entries} if shard else {})
        elif len(task.files) == 1:
            found[task.files[0][1]] = Rejected(reason=f"The file could not be decoded. {result.reason}")
        meter.advance(sum(key in found for _, key in task.files))

    tasks = work.split(_parts(work, slots=executor.slots))
    while tasks:
        limit = work.timeout_s * max(len(task.files) for task in tasks)
        needs = Needs(kind="decode", timeout_s=limit, memory_bytes=memory_bytes)
        results = run_all(tasks, perform, executor=executor, needs=needs, on_done=note)
        lost = [task for task, result in zip(tasks, results, strict=True) if isinstance(result, Failure)]
        tasks = [part for task in lost if len(task.files) > 1 for part in task.split(_PARTS)]
    return found


def _parts(work: FillShard, *, slots: int) -> int:
    """In how many shards: each slot gets several, so that all end at about the same time, and none is too large."""
    largest = max(1, min(_SHARD_FILES, _SHARD_BYTES // work.size_px**2))
    return max(-(-len(work.files) // largest), min(4 * slots, len(work.files)), 1)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"Expected a cache folder to write to; {folder} cannot be made ({error.strerror}). "
            "Set SECOND_SITE_CACHE to another folder."
        ) from error


def _known(folder: Path, *, wanted: AbstractSet[str], size_px: int) -> tuple[dict[str, Cached | Rejected], list[Shard]]:
    """What earlier runs found out about these files. Shards that are not as they were written are deleted.

    Returns:
        What is known by the file's key; and the shards that hold some of them and were written before all was read of a
        header that is read today. Their files are not known: they are read again.
    """
    known: dict[str, Cached | Rejected] = {}
    early = []
    for index in shards.indexes(folder):
        shard = shards.read(index)
        if shard is None:
            index.unlink(missing_ok=True)
            continue
        here = {entry.file_key: entry.result for entry in shard.entries if entry.lasting and entry.file_key in wanted}
        if here and not shard.has_all_facts:
            early.append(shard)
        elif here and not shard.is_intact(size_px=size_px):
            shard.remove()
        else:
            known |= here
    return known, early


def _remove_early(early: Sequence[Shard], *, known: AbstractSet[str]) -> None:
    """Deletes shards all of whose files were read again."""
    for shard in early:
        if {entry.file_key for entry in shard.entries} <= known:
            shard.remove()


def _file_keys(files: Sequence[Path]) -> list[str | Rejected]:
    """A hash of each file's place, size and time of change, or why it cannot be read."""
    folders = {folder: folder.resolve() for folder in {path.parent for path in files}}
    return [_file_key(path, folder=folders[path.parent]) for path in files]


def _file_key(path: Path, *, folder: Path) -> str | Rejected:
    try:
        status = path.stat()
    except OSError as error:
        return Rejected(reason=f"The file cannot be read ({error.strerror}). Check that it is there and readable.")
    if not stat.S_ISREG(status.st_mode):
        return Rejected(reason="Expected a file; found a folder or a device. Leave it out.")
    text = f"{folder / path.name}\n{status.st_size}\n{status.st_mtime_ns}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
