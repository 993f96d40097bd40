import math

import numpy as np
import pytest

from cxr_core.metrics.calibration import error_by_chance, expected_error

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
