import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import t as student

from cxr_core.metrics import influence, ranking
from cxr_core.metrics import variance as variances
from cxr_core.statistics import score
from cxr_core.statistics.intervals import Interval

Ints = npt.NDArray[np.int64]


def _auroc(present: npt.NDArray[np.bool_], scores: npt.NDArray[np.float64], clusters: Ints) -> tuple[float, Interval]:
    area = ranking.auroc(present, scores)
    positives = int(present.sum())
    variance = variances.hanley_mcneil(positives=positives, negatives=present.size - positives)
    change, kinds = influence.auroc(present, scores), (present, ~present)
    return area, score.interval(area, influence=change, clusters=clusters, kinds=kinds, variance=variance)


def _drawn(n: int, *, seed: int = 0) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    present = rng.random(n) < 0.2
    return present, rng.normal(size=n) + 1.5 * present


def test_hanley_and_mcneils_own_example() -> None:
    """Radiology 143: 51 abnormal and 58 normal images, an area of 0.893, a standard error of 0.032."""
    variance = variances.hanley_mcneil(positives=51, negatives=58)
    assert math.sqrt(variance(0.893)) == pytest.approx(0.032, abs=0.001)
    assert variance(0.3) == pytest.approx(variance(0.7))
    assert variance(0.0) == variance(1.0) == 0


def test_a_share_of_independent_images_has_nearly_wilsons_interval() -> None:
    """With Student's quantile for the normal one, and the sample's variance for the binomial one."""
    counted, n = np.arange(200) < 130, 200
    found = score.interval(
        0.65,
        influence=influence.proportion(counted, among=np.ones(n, bool)),
        clusters=np.arange(n),
        kinds=(np.ones(n, bool),),
        variance=variances.binomial(n),
    )
    q = student.ppf(0.975, n - 1) * math.sqrt(n / (n - 1))
    centre, reach = 0.65 + q**2 / (2 * n), q * math.sqrt(0.65 * 0.35 / n + q**2 / (4 * n**2))
    assert found.low == pytest.approx((centre - reach) / (1 + q**2 / n), abs=1e-9)
    assert found.high == pytest.approx((centre + reach) / (1 + q**2 / n), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_it_holds_the_value_and_stays_within_bounds(seed: int) -> None:
    present, scores = _drawn(60, seed=seed)
    area, found = _auroc(present, scores, np.arange(60) // 2)
    assert 0 < found.low < area < found.high < 1


@pytest.mark.parametrize(("scores", "area"), [([3.0, 2, 1, 0], 1.0), ([0.0, 1, 2, 3], 0.0), ([1.0] * 4, 0.5)])
def test_there_is_a_width_where_no_image_differs(scores: list[float], area: float) -> None:
    present = np.repeat([True, True, False, False], 10)
    value, found = _auroc(present, np.repeat(scores, 10), np.arange(40))
    assert value == area
    assert found.high - found.low > 0.1
    assert (found.low == 0) == (area == 0)
    assert (found.high == 1) == (area == 1)


def test_copies_of_a_patients_image_tell_nothing_new() -> None:
    present, scores = _drawn(200)
    _, once = _auroc(present, scores, np.arange(200))
    _, thrice = _auroc(np.repeat(present, 3), np.repeat(scores, 3), np.repeat(np.arange(200), 3))
    _, as_if_apart = _auroc(np.repeat(present, 3), np.repeat(scores, 3), np.arange(600))
    assert (thrice.low, thrice.high) == (pytest.approx(once.low, abs=0.004), pytest.approx(once.high, abs=0.004))
    assert as_if_apart.high - as_if_apart.low < 0.65 * (once.high - once.low)


def test_one_mistake_among_many_does_not_make_it_certain() -> None:
    """300 of 300 right but one pair: a jackknife of two images has nothing to say of the rest."""
    present = np.arange(3000) < 300
    scores = np.where(present, 1.0, 0.0) + np.linspace(0.5, 0, 3000)
    perfect, alone = _auroc(present, scores, np.arange(3000))[1], scores.copy()
    alone[299] = (scores[300] + scores[301]) / 2
    area, found = _auroc(present, alone, np.arange(3000))
    assert area == pytest.approx(1 - 1 / (300 * 2700))
    assert 1 - found.low > 0.6 * (1 - perfect.low)


@pytest.mark.parametrize("patients", [1, 2])
def test_fewer_than_three_patients_of_a_kind_give_none(patients: int) -> None:
    present = np.arange(40) < 20
    clusters = np.where(present, np.arange(40) % patients, np.arange(40))
    _, found = _auroc(present, np.linspace(0, 1, 40), clusters)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_the_undefined_has_none() -> None:
    present = np.ones(40, bool)
    nothing = np.full(40, np.nan)
    found = score.interval(
        math.nan, influence=nothing, clusters=np.arange(40), kinds=(present,), variance=variances.binomial(40)
    )
    assert math.isnan(found.low)
    assert math.isnan(found.high)
