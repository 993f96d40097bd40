"""Shares over clusters: their value, and an interval that patients make wider and never narrower than images would."""

import math

import numpy as np
import pytest

from cxr_core.statistics.intervals import wilson
from dashboard.notation import Estimate
from dashboard.queries.labels.shares import clustered_share


def _of(y: np.ndarray, m: np.ndarray) -> Estimate:
    y, m = y.astype(float), m.astype(float)
    squares = (float(y @ y), float(y @ m), float(m @ m))
    return clustered_share(part=float(y.sum()), whole=float(m.sum()), squares=squares, n=int(m.sum()))


def test_single_images_have_wilsons_interval() -> None:
    y = np.array([1] * 30 + [0] * 70)
    found, plain = _of(y, np.ones(100)), wilson(0.3, n=100)
    assert found.value == 0.3
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


def test_patients_whose_images_are_all_alike_count_once() -> None:
    y = np.array([1] * 30 + [0] * 70)
    found, plain = _of(4 * y, np.full(100, 4)), wilson(0.3, n=100)
    assert found.n == 400
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


def test_the_interval_is_that_of_patients_drawn_again() -> None:
    rng = np.random.default_rng(1)
    sizes = rng.integers(1, 9, size=400)
    y = rng.binomial(sizes, rng.beta(0.8, 1.6, size=400))
    found = _of(y, sizes)
    draws = rng.integers(0, 400, size=(4000, 400))
    low, high = np.percentile(y[draws].sum(axis=1) / sizes[draws].sum(axis=1), [2.5, 97.5])
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.006)
    assert found.high - found.low > 1.2 * (wilson(found.value, n=found.n).high - wilson(found.value, n=found.n).low)


def test_unlike_images_of_a_patient_do_not_make_it_narrower() -> None:
    y = np.array([1] * 90 + [0] * 5 + [2] * 5)
    found, plain = _of(y, np.full(100, 2)), wilson(0.5, n=200)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


@pytest.mark.parametrize("hits", [0, 3, 597, 600])
def test_few_hits_or_misses_count_patients_not_images(hits: int) -> None:
    y = np.array([hits // 200 + (patient < hits % 200) for patient in range(200)])
    found, plain = _of(y, np.full(200, 3)), wilson(hits / 600, n=200)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


def test_a_share_of_nothing_is_not_a_number() -> None:
    found = clustered_share(part=0, whole=0, squares=(0, 0, 0), n=0)
    assert math.isnan(found.value)
    assert not found.is_number


@pytest.mark.parametrize(("n", "is_number"), [(29, False), (30, True)])
def test_a_share_of_few_images_is_not_shown_as_a_number(n: int, is_number: bool) -> None:
    assert _of(np.array([1] * 10 + [0] * (n - 10)), np.ones(n)).is_number is is_number
