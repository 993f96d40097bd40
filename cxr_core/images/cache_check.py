"""Checks that the images of a run that are in the cache are as they were written."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cxr_core.images import shards


@dataclass(frozen=True, kw_only=True)
class CacheCheck:
    """What became of some images in the cache.

    Attributes:
        whole: How many are there as they were written.
        damaged: Index files of the shards that hold others of them and are not as they were written.
    """

    whole: int
    damaged: tuple[Path, ...]


def check(folder: Path, *, size_px: int, picture_hashes: Collection[str]) -> CacheCheck:
    """Compares every shard that holds one of these images with its checksum.

    Args:
        folder: The folder of the shards, as `cxr_core.images.shards.folder` names it.
        size_px: Side of the square images.
        picture_hashes: Of the images; those that are not there count for nothing.
    """
    whole: set[str] = set()
    damaged = []
    for index in shards.indexes(folder):
        shard = shards.read(index)
        here = set() if shard is None else shard.images().keys() & set(picture_hashes)
        if shard is None or (here and not shard.is_intact(size_px=size_px)):
            damaged.append(index)
        else:
            whole |= here
    return CacheCheck(whole=len(whole), damaged=tuple(damaged))
