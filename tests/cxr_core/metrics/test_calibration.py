import math

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from cxr_core.metrics.calibration import (
    bins_of_equal_count,
    bins_of_equal_width,
    error_by_chance,
    expected_error,
    mean_and_median,
)

NONE = np.empty(0, np.int64)


def test_the_expected_error_is_the_mean_distance_of_the_bins():
    n, right, confidence = np.array([10, 30]), np.array([5, 27]), np.array([0.6, 0.8])

    assert expected_error(n, right, confidence) == pytest.approx((10 * 0.1 + 30 * 0.1) / 40)
    assert math.isnan(expected_error(NONE, NONE, np.empty(0)))


@pytest.mark.parametrize(("n", "expected"), [(100, 0.0797), (400, 0.0399), (10_000, 0.008)])
def test_one_bin_by_chance_is_off_by_what_the_binomial_says(n, expected):
    # |k / n - p| of a binomial at p = 0.79 exceeds 1.96 sqrt(p (1 - p) / n) in 5 %, 2.24 of them in 2.5 %
    found = error_by_chance(np.array([n]), np.array([0.79]))

    assert found == pytest.approx(2.241 * math.sqrt(0.79 * 0.21 / n), rel=0.08)
    assert found == pytest.approx(expected * 2.241 / 1.96, rel=0.1)


def test_a_perfectly_calibrated_model_is_called_off_in_one_of_forty_samples():
    rng = np.random.default_rng(3)
    confidence = np.repeat(np.linspace(0.25, 0.95, 8), 43)
    bins = np.repeat(np.arange(8), 43)
    n, mean = np.bincount(bins), np.bincount(bins, weights=confidence) / 43
    floor = error_by_chance(n, mean)
    right = [np.bincount(bins, weights=rng.random(confidence.size) < confidence) for _ in range(2000)]
    off = np.mean([expected_error(n, one.astype(np.int64), mean) > floor for one in right])

    assert 0.01 < off < 0.04
    assert 0.05 < floor < 0.09


def test_images_of_few_patients_show_more_by_chance():
    n, confidence = np.array([200, 400]), np.array([0.5, 0.8])

    alone, clustered = error_by_chance(n, confidence), error_by_chance(n, confidence, n_effective=150)

    assert clustered == pytest.approx(2 * alone, rel=0.1)
    assert error_by_chance(n, confidence) == alone
    assert math.isnan(error_by_chance(NONE, np.empty(0)))


def _drawn(n: int = 500, *, digits: int = 9) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    confidence = np.round(rng.random(n), digits)
    return confidence, rng.random(n) < confidence


def test_bins_of_equal_width_are_those_of_scikit_learn_and_numpy():
    confidence, right = _drawn()
    found = bins_of_equal_width(confidence, right, bins=10)
    share, mean = calibration_curve(right, confidence, n_bins=10)

    assert found.n.tolist() == np.histogram(confidence, bins=10, range=(0, 1))[0].tolist()
    assert found.right / found.n == pytest.approx(share)
    assert found.confidence == pytest.approx(mean)
    assert found.low == pytest.approx(np.arange(10) / 10)
    assert found.high == pytest.approx(np.arange(1, 11) / 10)


def test_the_error_of_bins_is_the_mean_over_images():
    confidence, right = _drawn()
    found = bins_of_equal_width(confidence, right)
    place = np.minimum((confidence * 10).astype(int), 9)
    apart = [abs(right[place == own].mean() - confidence[place == own].mean()) for own in place]

    assert expected_error(found.n, found.right, found.confidence) == pytest.approx(np.mean(apart))


def test_empty_bins_are_kept_and_undefined_until_they_are_left_out():
    found = bins_of_equal_width(np.array([0.05, 1.0]), np.array([False, True]), bins=4)

    assert found.n.tolist() == [1, 0, 0, 1]
    assert np.isnan(found.confidence[1:3]).all()
    assert found.filled().low.tolist() == [0, 0.75]
    assert found.filled().right.tolist() == [0, 1]


def test_bins_of_equal_count_hold_as_many_images():
    confidence, right = _drawn(1000)
    found = bins_of_equal_count(confidence, right)

    assert found.n.tolist() == [100] * 10
    assert found.high == pytest.approx(np.sort(confidence)[99::100])
    assert found.right.tolist() == [int(own.sum()) for own in np.split(right[np.argsort(confidence)], 10)]


@pytest.mark.parametrize("digits", [0, 1, 2])
def test_images_of_one_confidence_share_a_bin(digits):
    confidence, right = _drawn(digits=digits)
    found = bins_of_equal_count(confidence, right)

    assert (found.n > 0).all()
    assert found.n.sum() == 500
    assert (found.low[1:] > found.high[:-1]).all()
    for low, high, n, hits in zip(found.low, found.high, found.n, found.right, strict=True):
        own = (confidence >= low) & (confidence <= high)
        assert (own.sum(), right[own].sum()) == (n, hits)


def test_without_images_bins_of_equal_width_are_empty_and_there_is_none_of_equal_count():
    nothing = np.empty(0)

    assert bins_of_equal_width(nothing, nothing.astype(bool)).n.tolist() == [0] * 10
    assert bins_of_equal_count(nothing, nothing.astype(bool)).n.size == 0


def test_how_sure_it_is_without_images_is_not_known():
    assert all(map(math.isnan, mean_and_median(np.empty(0))))
