"""Shares over patients: their value, and an interval that patients make wider and never narrower than images would."""

import math

import numpy as np
import pytest

from cxr_core.statistics import design, shares
from cxr_core.statistics.intervals import wilson
from cxr_core.statistics.shares import Share, Sums


def _ends(found: Share) -> tuple[float, float]:
    return found.interval.low, found.interval.high


def _wilson(share: float, *, n: float) -> tuple[float, float]:
    interval = wilson(share, n=n)
    return interval.low, interval.high


def test_single_images_have_wilsons_interval() -> None:
    found = shares.share(np.array([1] * 30 + [0] * 70), np.ones(100))
    assert (found.value, found.n_effective) == (0.3, 100)
    assert _ends(found) == pytest.approx(_wilson(0.3, n=100))


def test_patients_whose_images_are_all_alike_count_once() -> None:
    found = shares.share(4 * np.array([1] * 30 + [0] * 70), np.full(100, 4))
    assert (found.value, found.n_effective) == (0.3, 100)
    assert _ends(found) == pytest.approx(_wilson(0.3, n=100))


def test_the_interval_is_that_of_patients_drawn_again() -> None:
    rng = np.random.default_rng(1)
    sizes = rng.integers(1, 9, size=400)
    y = rng.binomial(sizes, rng.beta(0.8, 1.6, size=400))
    found = shares.share(y, sizes)
    draws = rng.integers(0, 400, size=(4000, 400))
    low, high = np.percentile(y[draws].sum(axis=1) / sizes[draws].sum(axis=1), [2.5, 97.5])
    assert _ends(found) == pytest.approx((low, high), abs=0.006)
    alone = _wilson(found.value, n=sizes.sum())
    assert found.interval.high - found.interval.low > 1.2 * (alone[1] - alone[0])


def test_its_variance_is_that_of_leaving_out_one_patient_at_a_time() -> None:
    # The jackknife of a ratio, Cochran (1977), section 6.17, against the linearised variance, read back from the width.
    rng = np.random.default_rng(2)
    m = rng.integers(1, 6, size=300)
    y = rng.binomial(m, rng.beta(1, 1.5, size=300))
    without = (y.sum() - y) / (m.sum() - m)
    variance = 299 / 300 * ((without - without.mean()) ** 2).sum()
    share = y.sum() / m.sum()
    assert _ends(shares.share(y, m)) == pytest.approx(_wilson(share, n=share * (1 - share) / variance), abs=5e-4)


def test_unlike_images_of_a_patient_do_not_make_it_narrower() -> None:
    found = shares.share(np.array([1] * 90 + [0] * 5 + [2] * 5), np.full(100, 2))
    assert _ends(found) == pytest.approx(_wilson(0.5, n=200))


@pytest.mark.parametrize("hits", [0, 3, 597, 600])
def test_few_hits_or_misses_count_patients_not_images(hits: int) -> None:
    y = np.array([hits // 200 + (patient < hits % 200) for patient in range(200)])
    assert _ends(shares.share(y, np.full(200, 3))) == pytest.approx(_wilson(hits / 600, n=200))


def test_a_share_of_nothing_is_not_a_number() -> None:
    for found in (shares.share(np.empty(0), np.empty(0)), shares.share(np.zeros(3), np.zeros(3))):
        assert math.isnan(found.value)
        assert all(map(math.isnan, _ends(found)))
        assert found.n_effective == 0


def test_images_are_added_up_within_their_patients() -> None:
    rng = np.random.default_rng(3)
    patients = rng.integers(0, 60, size=300)
    counted = rng.random(300) < 0.4
    names = np.array([f"p{each}" for each in patients], dtype=object)
    found = shares.of_images(counted, patients=names)
    whole = np.bincount(patients)
    assert found == shares.share(*(each[whole > 0] for each in (np.bincount(patients, weights=counted), whole)))
    assert found.value == pytest.approx(counted.mean())
    assert found.n_effective == pytest.approx(design.independent(patients))


def test_parts_of_an_image_vary_less_than_whole_ones_and_are_taken_for_them() -> None:
    counted = np.random.default_rng(4).choice([0, 1 / 3, 2 / 3, 1], size=200)
    found = shares.of_images(counted, patients=np.arange(200))
    assert _ends(found) == pytest.approx(_wilson(counted.mean(), n=200))


def test_sums_of_a_database_say_the_same() -> None:
    rng = np.random.default_rng(5)
    m = rng.integers(1, 5, size=80)
    y = rng.binomial(m, 0.4)
    sums = Sums(part=y.sum(), whole=m.sum(), part_squares=y @ y, products=y @ m, whole_squares=m @ m)
    assert shares.of_sums(sums) == shares.share(y, m)


def test_images_without_a_patient_of_their_own_are_refused() -> None:
    with pytest.raises(ValueError, match="a patient of each image"):
        shares.of_images(np.ones(3), patients=np.arange(2))
    with pytest.raises(ValueError, match="a part of each whole"):
        shares.share(np.ones(3), np.ones(2))


def _two_methods(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What two methods count of the same images, which agree within an image and within a patient."""
    rng = np.random.default_rng(3)
    patients = np.repeat(np.arange(n), rng.integers(1, 5, size=n))
    alike, own = rng.random(n)[patients], rng.random(patients.size)
    return (0.6 * alike + 0.4 * own < 0.6), (0.6 * alike + 0.4 * own + 0.1 * rng.random(patients.size) < 0.45), patients


def test_the_difference_on_the_same_images_is_that_of_patients_drawn_again() -> None:
    one, other, patients = _two_methods(400)
    found = shares.difference_of_images(one, other, patients=patients)
    y, m = shares.per_patient(one.astype(float) - other, np.ones(one.size), patients=patients)
    draws = np.random.default_rng(4).integers(0, 400, size=(4000, 400))
    low, high = np.percentile(y[draws].sum(axis=1) / m[draws].sum(axis=1), [2.5, 97.5])
    assert found.value == pytest.approx(one.mean() - other.mean())
    assert _ends(found) == pytest.approx((low, high), abs=0.006)
    assert found.n_effective == shares.of_images(one, patients=patients).n_effective


def test_a_difference_to_what_never_varies_is_as_wide_as_if_the_two_were_independent() -> None:
    one, _, patients = _two_methods(50)
    found = shares.difference_of_images(one, np.ones(one.size), patients=patients)
    own, always = (shares.of_images(each, patients=patients) for each in (one, np.ones(one.size)))
    below = math.hypot(own.value - own.interval.low, 0)
    above = math.hypot(own.interval.high - own.value, 1 - always.interval.low)
    assert _ends(found) == pytest.approx((found.value - below, found.value + above))


def test_a_difference_of_nothing_is_undefined() -> None:
    found = shares.difference_of_images(np.empty(0), np.empty(0), patients=np.empty(0))
    assert math.isnan(found.value)
    assert math.isnan(found.interval.low)
    assert found.n_effective == 0
