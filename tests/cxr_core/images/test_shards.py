import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest

from cxr_core.errors import UnreadableError
from cxr_core.images import shards
from cxr_core.images.decode import facts
from cxr_core.images.decode.facts import ImageFacts
from cxr_core.images.entries import Cached, Entry, Rejected

ENTRIES = (
    Entry(
        file_key="1",
        result=Cached(
            content_hash="aa",
            picture_hash="bb",
            width=30,
            height=20,
            facts=ImageFacts(view="PA", age_years=61.5, manufacturer="Agfa", year=2019),
            notes=("window", "view"),
        ),
        row=0,
    ),
    Entry(file_key="2", result=Rejected(reason="Expected this; found that."), row=None),
    Entry(file_key="3", result=Rejected(reason="Not now."), row=None, lasting=False),
)
PIXELS = np.arange(16, dtype=np.uint8).reshape(1, 4, 4)


@pytest.fixture
def index(tmp_path):
    shards.write(tmp_path / "shard.json", pixels=PIXELS, entries=ENTRIES)
    return tmp_path / "shard.json"


def test_what_is_written_is_read(index):
    shard = shards.read(index)
    assert (shard.entries, shard.rows) == (ENTRIES, 1)
    np.testing.assert_array_equal(shard.pixels(size_px=4), PIXELS)
    assert shard.is_intact(size_px=4)
    assert not shard.is_intact(size_px=5)


def test_a_shard_without_images_needs_no_pixels(tmp_path):
    shards.write(tmp_path / "shard.json", pixels=np.empty(0, np.uint8), entries=ENTRIES[1:])
    assert [path.name for path in tmp_path.iterdir()] == ["shard.json"]
    shard = shards.read(tmp_path / "shard.json")
    assert shard.pixels(size_px=4).shape == (0, 4, 4)
    assert shard.is_intact(size_px=4)


def test_one_other_bit_is_noticed(index):
    pixel_file = index.with_suffix(".npy")
    data = bytearray(pixel_file.read_bytes())
    data[-1] ^= 1
    pixel_file.write_bytes(bytes(data))
    assert not shards.read(index).is_intact(size_px=4)


def test_pickled_pixels_are_not_loaded(index):
    np.save(index.with_suffix(".npy"), np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert shards.read(index).pixels(size_px=4) is None


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", "null", '{"rows": 1}', '{"rows": 1, "checksum": 0, "entries": [{}]}']
)
def test_a_damaged_index_is_none(index, damage):
    index.write_text(damage)
    assert shards.read(index) is None


def test_an_index_cut_off_anywhere_is_none(index):
    text = index.read_text()
    for end in range(0, len(text), 7):
        index.write_text(text[:end])
        assert shards.read(index) is None


def test_facts_of_an_earlier_reading_are_told_from_todays_and_their_pixels_are_as_good(index):
    assert shards.read(index).has_all_facts
    content = json.loads(index.read_text())
    content["facts_version"] = facts.VERSION - 1
    content["entries"][0]["facts"] = {"view": "PA"}
    index.write_text(json.dumps(content))
    early = shards.read(index)
    assert not early.has_all_facts
    assert early.entries[0].result.facts == ImageFacts(view="PA")
    assert early.is_intact(size_px=4)
    assert early.images() == {"bb": 0}


def test_facts_of_a_later_release_are_read_as_far_as_they_are_known(index):
    content = json.loads(index.read_text())
    content["facts_version"] = facts.VERSION + 1
    content["entries"][0]["facts"]["tube_voltage"] = 125
    index.write_text(json.dumps(content))
    later = shards.read(index)
    assert later.has_all_facts
    assert later.entries == ENTRIES


def test_an_index_without_a_version_of_its_facts_is_none(index):
    content = json.loads(index.read_text())
    del content["facts_version"]
    index.write_text(json.dumps(content))
    assert shards.read(index) is None


@pytest.mark.parametrize("said", [None, "PA", [], 3])
def test_an_index_whose_facts_are_none_is_damaged(index, said):
    content = json.loads(index.read_text())
    content["entries"][0]["facts"] = said
    index.write_text(json.dumps(content))
    assert shards.read(index) is None


def test_a_missing_index_is_none(tmp_path):
    assert shards.read(tmp_path / "none.json") is None


def test_a_row_that_is_not_there_makes_an_index_damaged(index):
    content = json.loads(index.read_text())
    for row in (1, -1, None, "0"):
        content["entries"][0]["row"] = row
        index.write_text(json.dumps(content))
        assert shards.read(index) is None


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE, errno.EIO, errno.EMFILE])
def test_what_cannot_be_read_is_not_taken_for_damaged(index, monkeypatch, number):
    """What is damaged is deleted; this may be whole."""

    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    shard = shards.read(index)
    monkeypatch.setattr(np.lib.format, "open_memmap", refuse)
    with pytest.raises(UnreadableError, match="cannot be read"):
        shard.is_intact(size_px=4)
    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(UnreadableError, match="cannot be read"):
        shards.read(index)
    assert index.exists()


def test_what_is_gone_is_none(index):
    shard = shards.read(index)
    shard.remove()
    assert shards.read(index) is None
    assert shard.pixels(size_px=4) is None
