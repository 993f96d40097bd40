"""Intervals of predictive values at another prevalence."""

import math

import numpy as np
import pytest

from cxr_core.metrics.predictive import predictive_values
from cxr_core.statistics.intervals import NONE, Interval, wilson
from cxr_core.statistics.predictive_intervals import predictive_intervals


def share(value: float, n: int) -> tuple[float, Interval]:
    return value, wilson(value, n=n)


@pytest.mark.parametrize(
    ("sensitivity", "specificity", "positives", "negatives", "prevalence"),
    [(0.9, 0.8, 60, 540, 0.05), (0.97, 0.9, 40, 400, 0.02), (0.6, 0.95, 100, 100, 0.3)],
)
def test_their_intervals_hold_the_truth(
    sensitivity: float, specificity: float, positives: int, negatives: int, prevalence: float
) -> None:
    rng = np.random.default_rng(0)
    truth = predictive_values(sensitivity=sensitivity, specificity=specificity, prevalence=prevalence)
    held = np.zeros(2)
    for _ in range(2000):
        hits, cleared = (
            rng.binomial(positives, sensitivity) / positives,
            rng.binomial(negatives, specificity) / negatives,
        )
        found = predictive_intervals(
            sensitivity=share(hits, positives), specificity=share(cleared, negatives), prevalence=prevalence
        )
        held += [
            found.positive.low <= truth.positive <= found.positive.high,
            found.negative.low <= truth.negative <= found.negative.high,
        ]
    assert ((held / 2000 > 0.935) & (held / 2000 < 0.98)).all(), held / 2000


def test_where_nothing_is_a_false_alarm_an_interval_has_one_end() -> None:
    found = predictive_intervals(sensitivity=share(0.9, 100), specificity=share(1.0, 400), prevalence=0.05)
    assert found.positive.high == 1
    # At worst as at the lower ends of both.
    low = predictive_values(sensitivity=wilson(0.9, n=100).low, specificity=wilson(1.0, n=400).low, prevalence=0.05)
    assert found.positive.low == pytest.approx(low.positive)


def test_there_is_no_interval_where_there_is_nothing_to_rest_it_on() -> None:
    nothing_flagged = predictive_intervals(sensitivity=share(0.0, 100), specificity=share(1.0, 400), prevalence=0.05)
    assert math.isnan(nothing_flagged.positive.low)
    assert nothing_flagged.negative.low < 0.95 < nothing_flagged.negative.high
    unknown = predictive_intervals(sensitivity=(0.9, NONE), specificity=share(0.8, 400), prevalence=0.05)
    assert math.isnan(unknown.positive.low)
    assert math.isnan(unknown.negative.high)
    everybody = predictive_intervals(sensitivity=share(0.9, 100), specificity=share(0.8, 400), prevalence=1)
    assert math.isnan(everybody.positive.low)
