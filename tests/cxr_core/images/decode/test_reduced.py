import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.errors import ImageError
from cxr_core.images.decode.reduced import check_size, halvings, reduce, whole


@given(height=st.integers(1, 20_000), width=st.integers(1, 20_000), size_px=st.integers(1, 2000))
def test_one_more_halving_would_be_too_many(height, width, size_px):
    count = halvings(height=height, width=width, size_px=size_px)
    assert count == 0 or min(height, width) // 2**count >= size_px
    assert min(height, width) // 2 ** (count + 1) < size_px


@given(height=st.integers(1, 70), width=st.integers(1, 70), size_px=st.integers(1, 40), deep=st.booleans())
def test_samples_are_means_rounded_half_up_at_each_step(height, width, size_px, deep):
    dtype = np.uint16 if deep else np.uint8
    pixels = np.random.default_rng(0).integers(0, np.iinfo(dtype).max + 1, (height, width)).astype(dtype)
    image = reduce(whole(pixels), size_px=size_px)
    expected = pixels.astype(np.int64)
    for _ in range(halvings(height=height, width=width, size_px=size_px)):
        even = expected[: len(expected) // 2 * 2, : expected.shape[1] // 2 * 2]
        expected = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2] + 2) // 4
    np.testing.assert_array_equal(image.pixels, expected)
    assert (image.height, image.width, image.lowest, image.highest) == (height, width, pixels.min(), pixels.max())
    assert image.pixels.dtype == dtype


def test_sizes_of_radiographs_pass():
    check_size(height=1, width=1)
    check_size(height=4200, width=3500)
    check_size(height=10_000, width=8000)


@pytest.mark.parametrize(("height", "width"), [(0, 100), (100, 0), (-1, 100), (20_001, 1), (1, 20_001), (10_000, 8001)])
def test_other_sizes_are_refused(height, width):
    with pytest.raises(ImageError, match=f"the file says {width} x {height} px"):
        check_size(height=height, width=width)
