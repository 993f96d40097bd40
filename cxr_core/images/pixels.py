"""Harmonized images by picture hash, read from the cache in batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cxr_core.errors import DataError
from cxr_core.images import identity, shards
from cxr_core.images.harmonize import Pixels8


class Images(Protocol):
    """Harmonized images by row: `Pixels`, or arrays in memory."""

    def __len__(self) -> int:
        """How many images there are."""
        ...

    def take(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        """The images of these rows, shape ``(b, H, W)``."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Pixels:
    """Images in the order of the picture hashes that were asked for, memory-mapped.

    Attributes:
        mapped: Shards, each of shape ``(n, size_px, size_px)``.
        places: Shape ``(images, 2)``: for each image its shard, and its row there.
        size_px: Side of the square images.
    """

    mapped: tuple[Pixels8, ...]
    places: npt.NDArray[np.intp]
    size_px: int

    @classmethod
    def open(cls, cache: Path, *, size_px: int, picture_hashes: Sequence[str]) -> "Pixels":
        """Maps the shards that hold these images.

        Args:
            cache: The machine's cache folder.
            size_px: Side of the square images.
            picture_hashes: Of the images wanted; the same one may come twice.

        Raises:
            DataError: If some are not in the cache (`at_hand` tells which are), or the hashes are of another kind.
        """
        mapped: list[Pixels8] = []
        places: dict[str, tuple[int, int]] = {}
        for pixels, rows in _images(cache, size_px=size_px):
            places |= {picture_hash: (len(mapped), row) for picture_hash, row in rows.items()}
            mapped.append(pixels)
        identity.check_kinds(places, picture_hashes)
        lacking = sum(picture_hash not in places for picture_hash in picture_hashes)
        if lacking:
            raise DataError(
                f"Expected {len(picture_hashes)} images of {size_px} px in {cache}; {lacking} are not at hand. "
                "Start the same command again: it decodes what is missing."
            )
        wanted = [places[picture_hash] for picture_hash in picture_hashes]
        return cls(mapped=tuple(mapped), places=np.array(wanted, dtype=np.intp).reshape(-1, 2), size_px=size_px)

    @staticmethod
    def at_hand(cache: Path, *, size_px: int, picture_hashes: Sequence[str]) -> npt.NDArray[np.bool_]:
        """For each of these images, whether it is in the cache; shape ``(images,)``.

        Raises:
            DataError: If the hashes are of another kind than the cache's.
        """
        known = {picture_hash for _, rows in _images(cache, size_px=size_px) for picture_hash in rows}
        identity.check_kinds(known, picture_hashes)
        return np.array([picture_hash in known for picture_hash in picture_hashes], dtype=np.bool_)

    def __len__(self) -> int:
        return len(self.places)

    def take(self, rows: npt.NDArray[np.integer]) -> Pixels8:
        """Copies some of the images.

        Args:
            rows: Shape ``(b,)``: positions in the picture hashes that were asked for.

        Returns:
            Shape ``(b, size_px, size_px)``.

        Raises:
            IndexError: If a position is outside.
        """
        batch = np.empty((len(rows), self.size_px, self.size_px), dtype=np.uint8)
        for image, (shard, row) in zip(batch, self.places[rows].tolist(), strict=True):
            image[:] = self.mapped[shard][row]
        return batch


def _images(cache: Path, *, size_px: int) -> list[tuple[Pixels8, dict[str, int]]]:
    """Each readable shard's pixels, and the row of each image in it."""
    found = []
    for index in shards.indexes(shards.folder(cache, size_px=size_px)):
        shard = shards.read(index)
        pixels = shard.pixels(size_px=size_px) if shard else None
        if shard is None or pixels is None:
            continue
        found.append((pixels, shard.images()))
    return found
