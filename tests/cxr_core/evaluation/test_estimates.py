"""Means of estimates: of classes, or of the ensembles of several folds."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cxr_core.evaluation.estimates import MetricEstimate, mean_of
from cxr_core.statistics import intervals
from cxr_core.statistics.intervals import Interval


def _part(
    value: float, replicates: list[float], *, half: float | None = None, n_effective: float = 40
) -> MetricEstimate:
    own = None if half is None else Interval(low=value - half, high=value + half)
    return MetricEstimate(
        metric="auroc",
        finding=None,
        value=value,
        interval=own or intervals.percentile(np.array(replicates)),
        n=100,
        n_positive=None,
        n_effective=n_effective,
        replicates=np.array(replicates, dtype=np.float32),
        has_own_interval=own is not None,
    )


def test_replicates_are_averaged_one_by_one() -> None:
    first, second = _part(0.5, [0.4, 0.5, 0.6]), _part(0.7, [0.9, 0.7, 0.5], n_effective=31)
    found = mean_of([first, second], like=first)
    assert found.value == pytest.approx(0.6)
    assert found.replicates == pytest.approx([0.65, 0.6, 0.55])
    expected = intervals.percentile(np.array([0.65, 0.6, 0.55]))
    assert (found.interval.low, found.interval.high) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert (found.n_effective, found.has_own_interval) == (31, False)


@pytest.mark.parametrize(("other", "half"), [([1, 2, 3], 0.1), ([3, 2, 1], 0.0), ([1, 3, 1], math.sqrt(0.02) / 2)])
def test_own_intervals_are_averaged_as_their_replicates_go_together(other: list[float], half: float) -> None:
    first, second = _part(0.5, [1, 2, 3], half=0.1), _part(0.7, other, half=0.1)
    found = mean_of([first, second], like=first)
    assert (found.interval.low, found.interval.high) == (pytest.approx(0.6 - half), pytest.approx(0.6 + half))
    assert found.has_own_interval


@pytest.mark.parametrize(("correlation", "half"), [(1.0, 0.1), (-1.0, 0.0), (0.0, math.sqrt(0.02) / 2)])
def test_how_classes_vary_together_is_read_off_the_patients_where_it_is_known(correlation: float, half: float) -> None:
    replicates = [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]
    first, second = (
        replace(_part(value, drawn, half=0.1), finding=index, alike=np.array(row))
        for index, (value, drawn, row) in enumerate(
            zip((0.5, 0.7), replicates, ([1, correlation], [correlation, 1]), strict=True)
        )
    )
    found = mean_of([first, second], like=first)
    assert (found.interval.low, found.interval.high) == (pytest.approx(0.6 - half), pytest.approx(0.6 + half))
    assert found.alike is None


def test_of_nothing_or_of_the_undefined() -> None:
    first = _part(0.5, [0.4, 0.5, 0.6], half=0.1)
    for parts in ([], [first, _part(math.nan, [math.nan] * 3, half=math.nan, n_effective=0)]):
        found = mean_of(parts, like=first)
        assert math.isnan(found.value)
        assert math.isnan(found.interval.low)
        assert np.isnan(found.replicates).all()
        assert found.not_estimable
