import math

import pytest

from dashboard.training.text.live import time_left
from dashboard.training.text.names import images, seconds


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (2.66, "2.7 seconds"),
        (40.2, "40 seconds"),
        (119.4, "119 seconds"),
        (119.6, "2 minutes"),
        (3600, "60 minutes"),
        (7200, "2.0 hours"),
        (3 * 86_400, "3.0 days"),
    ],
)
def test_a_duration_is_rounded_as_one_would_say_it(duration: float, said: str) -> None:
    assert seconds(duration) == said


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (math.nan, ""),
        (0.0, "; this stage is nearly done"),
        (3, "; about 5 seconds left for this stage"),
        (44, "; about 45 seconds left for this stage"),
        (60, "; about 1 minute left for this stage"),
        (239, "; about 4 minutes left for this stage"),
        (3 * 3600, "; about 3 hours left for this stage"),
        (40 * 3600, "; about 2 days left for this stage"),
    ],
)
def test_the_time_left_is_told_roughly(left: float, said: str) -> None:
    assert time_left(left) == said


def test_images_of_members_that_differ_are_a_range() -> None:
    assert images((1, 1)) == "1 image"
    assert images((1040, 1044)) == "1,040 to 1,044 images"
