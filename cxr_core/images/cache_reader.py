"""Single images out of the cache, for those who look at a few and in any order."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt


class CacheReader:
    """Harmonized images by picture hash, memory-mapped; what is decoded later is found too.

    One lookup serves several threads: what it knows is replaced whole.
    """

    def __init__(self, folder: Path) -> None:
        """Reads nothing yet.

        Args:
            folder: Where the shards of one pipeline lie, ``images/<pipeline fingerprint>`` in the cache.
        """
        self._folder = folder
        self._seen_ns = -1
        self._indexes: frozenset[Path] = frozenset()
        self._places: Mapping[str, tuple[Path, int]] = {}
        self._mapped: dict[Path, npt.NDArray[np.uint8] | None] = {}

    def find(self, picture_hash: str) -> npt.NDArray[np.uint8] | None:
        """The picture of this hash, shape ``(size, size)``; None if it is not in the cache."""
        found = self._picture(picture_hash)
        if found is None:
            self._look_again()
            found = self._picture(picture_hash)
        return found

    def _picture(self, picture_hash: str) -> npt.NDArray[np.uint8] | None:
        location = self._places.get(picture_hash)
        if location is None:
            return None
        file, row = location
        pixels = self._pixels(file)
        return None if pixels is None or row >= len(pixels) else pixels[row]

    def _pixels(self, file: Path) -> npt.NDArray[np.uint8] | None:
        if file not in self._mapped:
            self._mapped[file] = _map(file)
        return self._mapped[file]

    def _look_again(self) -> None:
        try:
            changed_ns = self._folder.stat().st_mtime_ns
        except OSError:
            return
        if changed_ns == self._seen_ns:
            return
        indexes = frozenset(self._folder.glob("*.json"))
        places = dict(self._places)
        for index in indexes - self._indexes:
            places |= _places(index)
        self._places, self._indexes, self._seen_ns = places, indexes, changed_ns


def _map(file: Path) -> npt.NDArray[np.uint8] | None:
    try:
        mapped = np.lib.format.open_memmap(file, mode="r")
    except (OSError, ValueError, EOFError):
        return None
    return np.asarray(mapped) if mapped.dtype == np.uint8 and mapped.ndim == 3 else None


def _places(index: Path) -> dict[str, tuple[Path, int]]:
    from cxr_core.images import shards

    shard = shards.read(index)
    if shard is None:
        return {}
    return {picture_hash: (index.with_suffix(".npy"), row) for picture_hash, row in shard.images().items()}
