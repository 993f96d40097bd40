import math

from cxr_core.shift.naming import named
from cxr_core.statistics.intervals import NONE, Interval


def test_what_clearly_costs_two_points_is_named_the_largest_first() -> None:
    terms = {
        "small": (0.019, Interval(low=0.01, high=0.03)),
        "next": (0.03, Interval(low=0.01, high=0.05)),
        "chance": (0.2, Interval(low=-0.01, high=0.4)),
        "largest": (0.05, Interval(low=0.02, high=0.08)),
        "gain": (-0.3, Interval(low=-0.4, high=-0.2)),
        "unknown": (math.nan, NONE),
    }
    assert named(terms) == ("largest", "next")


def test_two_points_are_two_points_as_they_are_written() -> None:
    assert named({"part": (0.01951, Interval(low=0.01, high=0.03))}) == ("part",)
    assert named({"part": (0.01949, Interval(low=0.01, high=0.03))}) == ()
