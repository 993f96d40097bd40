"""Verdicts at their borders; Youden's index taken apart; the difference of two AUROCs against DeLong's."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from MLstatkit import Delong_test
from scipy.special import expit
from scipy.stats import norm

from cxr_core.metrics import influence, ranking, variance
from cxr_core.shift import thresholds, verdict
from cxr_core.statistics import intervals, score
from cxr_core.statistics.intervals import NONE, Interval

Values = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
ABOVE, BELOW = np.nextafter(0.05, 1), np.nextafter(0.05, 0)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.001, 0.2, "lost"),
        (0.001, 0.05, "lost"),
        (0.001, BELOW, "slightly lost"),
        (0.0, BELOW, "kept"),
        (-0.2, BELOW, "kept"),
        (-0.2, -0.1, "kept"),
        (0.0, 0.05, "undecided"),
        (-0.01, 0.06, "undecided"),
        (math.nan, math.nan, "undecided"),
    ],
)
def test_what_is_said_of_the_ranking(low: float, high: float, said: str) -> None:
    assert verdict.ranking(Interval(low=low, high=high)) == said


@pytest.mark.parametrize(
    ("lost", "low", "high", "said"),
    [
        (0.05, 0.001, 0.2, "lost"),
        (BELOW, 0.001, 0.2, "undecided"),
        (BELOW, 0.001, np.nextafter(0.1, 0), "kept"),
        (0.05, 0.001, 0.0999, "lost"),
        (0.06, 0.0, 0.2, "undecided"),
        (0.06, 0.0, 0.1, "undecided"),
        (0.06, -0.01, 0.0999, "kept"),
        (-0.1, -0.2, 0.0, "kept"),
        (0.2, math.nan, math.nan, "undecided"),
    ],
)
def test_what_is_said_of_the_threshold(lost: float, low: float, high: float, said: str) -> None:
    assert verdict.threshold(lost, Interval(low=low, high=high)) == said


def test_without_an_interval_nothing_is_decided() -> None:
    assert (verdict.ranking(NONE), verdict.threshold(0.5, NONE)) == ("undecided", "undecided")


def _site(n: int, *, seed: int, distance: float = 2.0) -> tuple[npt.NDArray[np.float64], Bools]:
    rng = np.random.default_rng(seed)
    present = rng.random(n) < 0.3
    return rng.normal(size=n) + distance * present, present


def _youden(flagged: Bools, present: Bools) -> Values:
    return np.array([flagged[present].mean() - flagged[~present].mean()])


def _terms(seed: int, *, shift: float) -> tuple[verdict.YoudenTerms, float]:
    """Of a site whose logits lie elsewhere by a known amount, with its AUROC."""
    (first, inside), (second, outside) = _site(20_000, seed=seed), _site(20_000, seed=seed + 100)
    home, away = expit(first).astype(np.float32), expit(second + shift).astype(np.float32)
    carried = np.float32(thresholds.choose(home, inside, rule="youden"))
    local = np.float32(thresholds.choose(away, outside, rule="youden"))
    found = verdict.youden_terms(
        internal=_youden(home >= carried, inside),
        carried=_youden(away >= carried, outside),
        local=_youden(away >= local, outside),
    )
    return found, ranking.auroc(outside, away)


@pytest.mark.parametrize("seed", range(2))
def test_a_known_shift_of_the_scores_costs_thresholds_and_neither_auroc_nor_ranking(seed: int) -> None:
    (plain, area), (moved, same) = (_terms(seed, shift=shift) for shift in (0.0, 1.5))
    assert same == pytest.approx(area, abs=1e-6)
    assert moved.ranking[0] == pytest.approx(plain.ranking[0], abs=1e-3)
    assert abs(plain.thresholds[0]) < 0.01
    # Normal distributions 2 apart, cut 1.5 away from their middle instead of there.
    expected = (2 * norm.cdf(1) - 1) - (norm.cdf(2.5) + norm.cdf(-0.5) - 1)
    assert moved.thresholds[0] == pytest.approx(expected, abs=0.04)
    for each in (plain, moved):
        np.testing.assert_allclose(each.thresholds + each.ranking, each.gap, atol=1e-12)


def _auroc(scores: Values, present: Bools) -> tuple[float, Interval]:
    area, positives = ranking.auroc(present, scores), int(present.sum())
    return area, score.interval(
        area,
        influence=influence.auroc(present, scores),
        clusters=np.arange(present.size),
        kinds=(present, ~present),
        variance=variance.hanley_mcneil(positives=positives, negatives=present.size - positives),
    )


@pytest.mark.parametrize("seed", range(2))
def test_where_each_patient_has_one_image_a_difference_of_two_sites_is_nearly_that_of_delong(seed: int) -> None:
    """DeLong's variance of each site, and their sum; the two sites are independent of each other."""
    sites = [_site(800, seed=seed, distance=1.5), _site(1200, seed=seed + 50, distance=1.2)]
    areas, errors = [], []
    for scores, present in sites:
        _, _, (low, high), _, area, _, info = Delong_test(present.astype(int), scores, np.zeros(present.size))
        assert info["method"] == "delong"
        areas.append(area)
        errors.append((high - low) / (2 * norm.ppf(0.975)))
    own = [_auroc(*site) for site in sites]
    assert [area for area, _ in own] == [pytest.approx(area) for area in areas]
    gap = intervals.difference(own[0][0], own[0][1], second=own[1][0], second_interval=own[1][1])
    expected = norm.ppf(0.975) * math.hypot(*errors)
    assert gap.high - gap.low == pytest.approx(2 * expected, rel=0.03)
