import hashlib
import time

import numpy as np
import pytest

from cxr_core.errors import DataError
from cxr_core.images import shards
from cxr_core.images.decode.facts import ImageFacts
from cxr_core.images.entries import Cached, Entry, Rejected
from cxr_core.images.pixels import Pixels

SIZE_PX = 8


def picture_hash(number: int) -> str:
    return "blake3:" + hashlib.sha256(str(number).encode()).hexdigest()[:32]


def write_shard(cache, numbers, *, name, shade=0):
    """Image n is gray n throughout, or another shade."""
    pixels = np.stack([np.full((SIZE_PX, SIZE_PX), (number + shade) % 256, np.uint8) for number in numbers])
    entries = [
        Entry(
            file_key=f"key {number}",
            result=Cached(
                content_hash="same",
                picture_hash=picture_hash(number),
                width=10,
                height=20,
                facts=ImageFacts(sex="F"),
            ),
            row=row,
        )
        for row, number in enumerate(numbers)
    ]
    entries.append(Entry(file_key="bad", result=Rejected(reason="because"), row=None))
    index = shards.folder(cache, size_px=SIZE_PX) / f"{name}.json"
    shards.write(index, pixels=pixels, entries=entries)
    return index


@pytest.fixture
def cache(tmp_path):
    write_shard(tmp_path, [0, 1, 2], name="a")
    write_shard(tmp_path, [3], name="b")
    write_shard(tmp_path, [4, 5], name="c")
    return tmp_path


def open_pixels(cache, numbers):
    return Pixels.open(cache, size_px=SIZE_PX, picture_hashes=[picture_hash(number) for number in numbers])


def test_rows_are_positions_among_the_hashes_asked_for(cache):
    pixels = open_pixels(cache, [5, 0, 3, 3, 1])
    assert len(pixels) == 5
    batch = pixels.take(np.array([4, 0, 0, 2, 1]))
    assert batch.shape == (5, SIZE_PX, SIZE_PX)
    assert batch.dtype == np.uint8
    assert batch[:, 3, 3].tolist() == [1, 5, 5, 3, 0]


def test_a_batch_is_a_copy(cache):
    pixels = open_pixels(cache, [0])
    pixels.take(np.array([0]))[:] = 99
    assert pixels.take(np.array([0])).max() == 0


def test_no_rows_and_no_hashes(cache, tmp_path):
    assert open_pixels(cache, [0]).take(np.array([], dtype=int)).shape == (0, SIZE_PX, SIZE_PX)
    assert len(Pixels.open(tmp_path / "none", size_px=SIZE_PX, picture_hashes=[])) == 0


def test_a_row_outside_is_an_error(cache):
    with pytest.raises(IndexError):
        open_pixels(cache, [0, 1]).take(np.array([2]))


def test_what_is_not_at_hand_is_an_error_and_can_be_asked_for(cache):
    hashes = [picture_hash(number) for number in (0, 77, 5, 78)]
    assert Pixels.at_hand(cache, size_px=SIZE_PX, picture_hashes=hashes).tolist() == [True, False, True, False]
    with pytest.raises(DataError, match=r"Expected 4 images of 8 px in .*; 2 are not at hand"):
        Pixels.open(cache, size_px=SIZE_PX, picture_hashes=hashes)
    with pytest.raises(DataError):
        Pixels.open(cache, size_px=SIZE_PX + 1, picture_hashes=hashes[:1])


def test_hashes_of_another_kind_are_no_mere_absence(cache):
    old = [picture_hash(0).removeprefix("blake3:")]
    with pytest.raises(DataError, match=r"blake3 and none.*run again"):
        Pixels.open(cache, size_px=SIZE_PX, picture_hashes=old)
    with pytest.raises(DataError, match=r"blake3 and none.*run again"):
        Pixels.at_hand(cache, size_px=SIZE_PX, picture_hashes=old)


def test_half_a_shard_is_not_at_hand(cache):
    pixel_file = shards.folder(cache, size_px=SIZE_PX) / "a.npy"
    pixel_file.write_bytes(pixel_file.read_bytes()[:-1])
    assert Pixels.at_hand(cache, size_px=SIZE_PX, picture_hashes=[picture_hash(0), picture_hash(3)]).tolist() == [
        False,
        True,
    ]


def test_of_two_shards_with_one_image_the_later_counts(cache):
    time.sleep(0.01)
    write_shard(cache, [3, 0], name="0", shade=100)
    assert open_pixels(cache, [0, 3, 4]).take(np.arange(3))[:, 0, 0].tolist() == [100, 103, 4]


def test_what_was_opened_stays_readable_when_the_cache_is_deleted(cache):
    pixels = open_pixels(cache, [0, 4])
    for index in shards.indexes(shards.folder(cache, size_px=SIZE_PX)):
        shards.read(index).remove()
    assert pixels.take(np.array([1, 0]))[:, 0, 0].tolist() == [4, 0]


def test_forty_thousand_images_are_found_by_one_look_at_each_shard(tmp_path, monkeypatch):
    for start in range(0, 40_000, 256):
        write_shard(tmp_path, range(start, min(start + 256, 40_000)), name=f"{start}")
    looked_at, read = [], shards.read
    monkeypatch.setattr(shards, "read", lambda index: looked_at.append(index) or read(index))
    pixels = open_pixels(tmp_path, range(40_000))
    rows = np.random.default_rng(0).integers(0, 40_000, 500)
    np.testing.assert_array_equal(pixels.take(rows)[:, 0, 0], rows % 256)
    assert len(looked_at) == len(set(looked_at)) == 157
