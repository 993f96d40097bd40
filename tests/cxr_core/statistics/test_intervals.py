import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from cxr_core.statistics import design, intervals
from cxr_core.statistics.intervals import NONE, Interval, smallest_seen
from cxr_core.statistics.resampling import resample, totals


def _is_none(interval: Interval) -> bool:
    return math.isnan(interval.low) and math.isnan(interval.high)


def test_percentiles_of_known_replicates() -> None:
    interval = intervals.percentile(np.arange(2001, dtype=np.float64))
    assert (interval.low, interval.high) == (pytest.approx(50), pytest.approx(1950))


@pytest.mark.parametrize(("undefined", "has_interval"), [(0, True), (5, True), (6, False), (100, False)])
def test_more_than_five_per_cent_undefined_replicates_give_no_interval(undefined: int, has_interval: bool) -> None:
    values = np.linspace(0, 1, 100)
    values[:undefined] = np.nan
    found = intervals.percentile(values)
    assert _is_none(found) is not has_interval
    if has_interval:
        expected = np.percentile(values[undefined:], [2.5, 97.5])
        assert (found.low, found.high) == (pytest.approx(expected[0]), pytest.approx(expected[1]))


@pytest.mark.parametrize("values", [[], [0.5], [0.0] * 50, [1 / 3] * 20 + [1 / 3 + 1e-16] * 20])
def test_a_width_of_zero_is_no_interval(values: list[float]) -> None:
    assert _is_none(intervals.percentile(np.array(values)))


@pytest.mark.parametrize(("successes", "n"), [(0, 12), (1, 30), (9, 200), (30, 30), (5, 10)])
def test_wilson_agrees_with_scipy(successes: int, n: int) -> None:
    expected = binomtest(successes, n).proportion_ci(method="wilson")
    found = intervals.wilson(successes / n, n=n)
    assert found.low == pytest.approx(expected.low, abs=1e-12)
    assert found.high == pytest.approx(expected.high, abs=1e-12)


@given(st.floats(0, 1), st.floats(0.5, 1e5))
def test_wilson_holds_the_proportion_and_has_a_width(share: float, n: float) -> None:
    found = intervals.wilson(share, n=n)
    assert 0 <= found.low <= share <= found.high <= 1
    assert found.low < found.high


@pytest.mark.parametrize(("share", "n"), [(math.nan, 10.0), (0.5, math.nan)])
def test_wilson_of_nothing_is_none(share: float, n: float) -> None:
    assert _is_none(intervals.wilson(share, n=n))


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_differences_are_newcombes_published_ones(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998, table II, method 10."""
    shares = [successes / n for successes, n in (first, second)]
    own = [intervals.wilson(share, n=n) for share, (_, n) in zip(shares, (first, second), strict=True)]
    found = intervals.difference(shares[0], own[0], second=shares[1], second_interval=own[1])
    assert (found.low, found.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


def test_a_difference_from_no_interval_has_none() -> None:
    assert _is_none(intervals.difference(0.5, intervals.NONE, second=0.1, second_interval=Interval(low=0, high=0.3)))
    assert _is_none(intervals.difference(0.5, Interval(low=0, high=0.6), second=0.1, second_interval=intervals.NONE))


OWN = [Interval(low=0.4, high=0.7), Interval(low=0.7, high=0.85)]


@pytest.mark.parametrize(
    ("alike", "below", "above"),
    [(0.0, math.hypot(0.1, 0.1), math.hypot(0.2, 0.05)), (1.0, 0.2, 0.25), (-1.0, 0.0, 0.15), (math.nan, 0.2, 0.25)],
)
def test_the_average_of_two(alike: float, below: float, above: float) -> None:
    found = intervals.average([0.5, 0.8], OWN, correlation=np.array([[1, alike], [alike, 1]]))
    assert (found.low, found.high) == (pytest.approx(0.65 - below / 2), pytest.approx(0.65 + above / 2))


def test_the_average_of_one_is_its_own() -> None:
    found = intervals.average([0.5], OWN[:1], correlation=np.ones((1, 1)))
    assert (found.low, found.high) == (pytest.approx(0.4), pytest.approx(0.7))


def test_an_average_with_no_interval_has_none() -> None:
    assert _is_none(intervals.average([0.5, 0.8], [OWN[0], intervals.NONE], correlation=np.eye(2)))


@pytest.mark.parametrize(("patients", "largest", "rho"), [(30, 1, 0.0), (15, 3, 0.3)], ids=["apart", "clustered"])
def test_near_the_edge_wilson_covers_what_percentiles_miss(patients: int, largest: int, rho: float) -> None:
    """About 30 images, 5 % successes: 95 % intervals should hold the truth in 95 of 100 samples."""
    rng = np.random.default_rng(20)
    trials, truth = 250, 0.05
    hits = np.zeros(2)
    for trial in range(trials):
        sizes = rng.integers(1, largest + 1, patients)
        clusters = np.repeat(np.arange(patients), sizes)
        successes = rng.random(clusters.size) < _chances(rng, patients, truth=truth, rho=rho)[clusters]
        hits += [truth >= one.low and truth <= one.high for one in _both_intervals(successes, clusters, seed=trial)]
    by_percentile, by_wilson = hits / trials
    assert by_percentile < 0.85
    assert by_wilson > 0.92


def _chances(rng: np.random.Generator, patients: int, *, truth: float, rho: float) -> npt.NDArray[np.float64]:
    if rho == 0:
        return np.full(patients, truth)
    spread = (1 - rho) / rho
    return rng.beta(truth * spread, (1 - truth) * spread, patients)


def _both_intervals(
    successes: npt.NDArray[np.bool_], clusters: npt.NDArray[np.int64], *, seed: int
) -> tuple[Interval, Interval]:
    drawn = resample(clusters, seed=seed, dataset="site", replicates=200)
    counts = totals(successes.astype(np.int64), drawn.clusters, n_groups=2, weights=drawn.weights)
    shares = counts[1] / counts.sum(axis=0)
    size = design.cluster_size(clusters)
    rho = design.intraclass_correlation(shares[1:], share=float(shares[0]), n=clusters.size, size=size)
    effective = design.effective_size(clusters.size, size=size, intraclass_correlation=rho)
    return intervals.percentile(shares[1:]), intervals.wilson(float(shares[0]), n=effective)


def test_a_difference_as_small_as_can_be_seen_is_clear_in_four_samples_of_five() -> None:
    n = 400
    error = math.sqrt(2 * 0.25 / n)
    interval = Interval(low=-0.01 - 1.959964 * error, high=-0.01 + 1.959964 * error)
    true = smallest_seen(interval)
    found = np.random.default_rng(0).normal(true, error, 100_000)
    assert np.mean(found - 1.959964 * error > 0) == pytest.approx(0.8, abs=0.005)


def test_without_an_interval_nothing_is_known_of_what_could_be_seen() -> None:
    assert math.isnan(smallest_seen(NONE))
