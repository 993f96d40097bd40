"""Members by hand: a mean that loses none of them, and a range of their own differences."""

import math

import pytest

from cxr_core.statistics import members
from cxr_core.statistics.intervals import Interval
from cxr_core.statistics.members import MemberSummary, is_of_these_networks


def test_a_mean_and_its_range() -> None:
    found = members.summary([0.6, 0.5, 0.7])
    assert found.value == pytest.approx(0.6)
    assert (found.low, found.high, found.count) == (0.5, 0.7, 3)


def test_the_mean_is_undefined_where_it_is_for_one_of_them_and_the_range_is_of_the_others() -> None:
    found = members.summary([0.6, math.nan, 0.7])
    assert math.isnan(found.value)
    assert (found.low, found.high, found.count) == (0.6, 0.7, 3)


def test_of_no_member_nothing_is_known() -> None:
    for values in ([], [math.nan]):
        found = members.summary(values)
        assert all(map(math.isnan, (found.value, found.low, found.high)))


def test_the_range_of_a_loss_is_that_of_each_members_own() -> None:
    # Both tests range over 0.1, and each member loses the same.
    found = members.difference([0.6, 0.7], [0.4, 0.5])
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.2, 0.2))
    other = members.difference([0.6, 0.7], [0.5, 0.4])
    assert (other.value, other.low, other.high) == pytest.approx((0.2, 0.1, 0.3))


def test_other_members_are_refused() -> None:
    with pytest.raises(ValueError, match="same members"):
        members.difference([0.5], [0.5, 0.4])


@pytest.mark.parametrize(("high", "is_wide"), [(0.249, False), (0.251, True), (math.nan, False)])
def test_a_gap_is_of_these_networks_where_members_spread_over_half_of_its_interval(high: float, is_wide: bool) -> None:
    members = MemberSummary(value=0.2, low=0.15, high=high, count=3)
    assert is_of_these_networks(members, Interval(low=0.1, high=0.3)) is is_wide
