"""What tests rest on, in words."""

import pytest

from dashboard.results.side import Side
from dashboard.text.configurations import few_images


@pytest.mark.parametrize(("images", "is_said"), [(0, False), (1, True), (99, True), (100, False)])
def test_a_caution_from_one_to_ninety_nine_images(images: int, is_said: bool) -> None:
    assert (few_images({Side.INTERNAL: images, Side.EXTERNAL: 5000}) is not None) == is_said
