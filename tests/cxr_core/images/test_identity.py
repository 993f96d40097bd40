"""Which exposure, and which picture of it."""

import numpy as np
import pytest
from blake3 import blake3

from cxr_core.errors import DataError
from cxr_core.images import identity

SAMPLES = np.arange(12, dtype=np.uint16).reshape(3, 4) * 300


def test_a_hash_says_its_kind_and_follows_from_shape_depth_and_values():
    expected = blake3(b"samples 3 4 2 " + SAMPLES.astype("<u2").tobytes()).hexdigest(length=16)
    assert identity.of_samples(SAMPLES) == f"blake3:{expected}"


def test_equal_values_are_one_exposure_however_they_lie_in_memory():
    same = identity.of_samples(SAMPLES)
    assert identity.of_samples(SAMPLES.astype(">u2")) == same
    assert identity.of_samples(SAMPLES.astype(np.int64)) == same
    assert identity.of_samples(np.asfortranarray(SAMPLES)) == same
    low = SAMPLES // 300
    assert identity.of_samples(low) == identity.of_samples(low.astype(np.uint8)) != same


def test_other_values_or_another_shape_are_another_exposure():
    others = [SAMPLES, SAMPLES + np.uint16(1), SAMPLES.reshape(4, 3), SAMPLES.T]
    assert len({identity.of_samples(other) for other in others}) == 4


def test_padding_after_a_stream_does_not_count_and_its_bytes_do():
    assert identity.of_stream(b"\xff\xd8..\xff\xd9\0") == identity.of_stream(b"\xff\xd8..\xff\xd9")
    assert identity.of_stream(b"\xff\xd8..\xff\xd9") != identity.of_stream(b"\xff\xd8.,\xff\xd9")


def test_a_picture_is_another_with_each_thing_that_made_it():
    pixels = np.arange(16, dtype=np.uint8).reshape(4, 4)
    found = {
        identity.of_picture(pixels, content_hash="blake3:a", pipeline="p"),
        identity.of_picture(pixels ^ np.uint8(1), content_hash="blake3:a", pipeline="p"),
        identity.of_picture(pixels, content_hash="blake3:b", pipeline="p"),
        identity.of_picture(pixels, content_hash="blake3:a", pipeline="q"),
    }
    assert len(found) == 4
    assert all(one.startswith("blake3:") for one in found)


@pytest.mark.parametrize(
    ("old", "named"), [("0123abcd", "blake3 and none"), ("sha256:0123", "blake3 and sha256"), ("A <b>:0", "and none")]
)
def test_hashes_of_unlike_kinds_are_never_compared(old, named):
    with pytest.raises(DataError, match=f"{named}.*run again"):
        identity.check_kinds(["blake3:00", None], {old: "train"})


def test_hashes_of_one_kind_and_none_at_all_are():
    identity.check_kinds(["blake3:00", None, float("nan")], ["blake3:01"], [])
    identity.check_kinds(["a"], ["b"])
    identity.check_kinds()
