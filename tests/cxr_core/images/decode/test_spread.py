"""Whether a window can be meant for values, and which pixels lie beyond all others."""

import numpy as np
import pytest

from cxr_core.images.decode.spread import fits, without_spikes

VALUES = np.arange(1001.0)
ONES = np.ones(1001, np.intp)


@pytest.mark.parametrize(
    ("ends", "fitting"),
    [
        ((-500, 50), False),  # 951 of 1001 at its upper end, 40 of 980 inside
        ((-500, 51), True),  # 950 of 1001: less than 95 %
        ((950, 1500), False),  # 951 at its lower end
        ((949, 1500), True),
        ((200, 800), True),
        ((5000, 6000), False),
        ((-6000, -5000), False),
        ((-6000, 6000), True),
    ],
)
def test_a_window_is_meant_for_values_that_it_tells_apart(ends, fitting):
    assert fits(VALUES, ONES, ends=ends) is fitting


def test_a_window_that_holds_half_of_the_range_is_meant_for_it_wherever_the_pixels_are():
    counts = np.where(VALUES == 0, 30_000, 2)  # the 1st percentile is 0, the 99th 841
    assert fits(VALUES, counts, ends=(300, 1500))
    assert not fits(VALUES, counts, ends=(600, 1500))


def test_nine_pixels_far_above_and_below_are_spikes_and_end_where_the_others_do():
    values = np.arange(-70_000.0, 65_536.0)
    counts = np.where((values >= 0) & (values <= 4000), 100, 0)
    counts[-1], counts[0] = 9, 9
    cut, has_spikes = without_spikes(values, counts)
    assert has_spikes
    assert (cut.min(), cut.max()) == (0, 4000)
    np.testing.assert_array_equal(cut[(values >= 0) & (values <= 4000)], np.arange(4001))


def test_spikes_at_one_end_leave_the_other_as_it_is():
    values = np.arange(65_536.0)
    counts = np.where((values >= 500) & (values <= 4000), 100, 0)
    counts[[0, -1]] = 1
    cut, _ = without_spikes(values, counts)
    assert (cut.min(), cut.max()) == (0, 4000)


@pytest.mark.parametrize("share", [0.002, 0.05])
def test_what_is_more_than_a_handful_is_no_spike(share):
    values = np.arange(65_536.0)
    counts = np.where(values <= 4000, 100, 0)
    counts[-1] = int(share * counts.sum())
    cut, has_spikes = without_spikes(values, counts)
    assert not has_spikes
    np.testing.assert_array_equal(cut, values)


def test_extremes_that_follow_on_the_others_are_no_spikes():
    counts = np.round(1e5 * np.exp(-(((VALUES - 500) / 150) ** 2) / 2)).astype(int)
    assert not without_spikes(VALUES, counts)[1]
    assert not without_spikes(VALUES[:2], np.array([999_999, 1]))[1]
