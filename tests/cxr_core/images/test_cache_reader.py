"""Single images out of the cache."""

import os
from pathlib import Path

import numpy as np
import pytest

from cxr_core.images import shards
from cxr_core.images.cache_reader import CacheReader
from cxr_core.images.entries import Cached, Entry


def _shard(folder: Path, name: str, hashes: list[str]) -> np.ndarray:
    folder.mkdir(exist_ok=True)
    pixels = np.random.default_rng(len(name)).integers(0, 256, (len(hashes), 8, 8), np.uint8)
    entries = [
        Entry(
            file_key=f"{name}-{i}",
            result=Cached(content_hash="same", picture_hash=picture, width=8, height=8),
            row=i,
        )
        for i, picture in enumerate(hashes)
    ]
    shards.write(folder / f"{name}.json", pixels=pixels, entries=entries)
    return pixels


def test_an_image_is_found_by_its_picture_hash(tmp_path: Path) -> None:
    first, second = _shard(tmp_path, "a", ["x", "y"]), _shard(tmp_path, "b", ["z"])
    lookup = CacheReader(tmp_path)
    np.testing.assert_array_equal(lookup.find("y"), first[1])
    np.testing.assert_array_equal(lookup.find("z"), second[0])
    assert lookup.find("w") is None


def test_what_is_decoded_later_is_found_too(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    lookup = CacheReader(folder)
    assert lookup.find("x") is None
    first = _shard(folder, "a", ["x"])
    np.testing.assert_array_equal(lookup.find("x"), first[0])
    second = _shard(folder, "b", ["y"])
    os.utime(folder, ns=(1, 1))
    np.testing.assert_array_equal(lookup.find("y"), second[0])


@pytest.mark.parametrize("damage", ["index", "other kinds", "pixels", "an archive", "no pixels"])
def test_a_damaged_shard_has_no_images_and_hides_no_other(tmp_path: Path, damage: str) -> None:
    _shard(tmp_path, "a", ["x"])
    whole = _shard(tmp_path, "b", ["y"])
    if damage == "index":
        (tmp_path / "a.json").write_text('{"rows": 1')
    elif damage == "other kinds":
        (tmp_path / "a.json").write_text((tmp_path / "a.json").read_text().replace('"x"', '["x"]'))
    elif damage == "an archive":
        (tmp_path / "a.npy").unlink()
        np.savez(tmp_path / "a.npz", whole)
        (tmp_path / "a.npz").rename(tmp_path / "a.npy")
    elif damage == "pixels":
        (tmp_path / "a.npy").write_bytes((tmp_path / "a.npy").read_bytes()[:100])
    else:
        (tmp_path / "a.npy").unlink()
    lookup = CacheReader(tmp_path)
    assert lookup.find("x") is None
    np.testing.assert_array_equal(lookup.find("y"), whole[0])
