"""The class mix without labels: against QuaPy, its likelihood, and scipy's two-sample distance."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import softmax
from scipy.stats import ks_2samp

from cxr_core.shift import class_mix, refit
from cxr_core.shift.answers import SiteAnswers
from cxr_core.shift.waterfall import FEW
from tests.support.two_sites import answers

Values = npt.NDArray[np.float64]


def _posteriors(n: int, *, seed: int, mix: tuple[float, ...], prior: Values) -> Values:
    """Of normal scores in four classes, right for a prior whatever the mix is that they are drawn from."""
    rng = np.random.default_rng(seed)
    seen = rng.normal(size=(n, 4)) + 1.5 * np.eye(4)[rng.choice(4, n, p=mix)]
    return np.asarray(softmax(1.5 * seen + np.log(prior), axis=1))


@pytest.mark.parametrize("seed", range(3))
def test_expectation_maximization_gives_the_most_likely_mix(seed: int) -> None:
    prior, mix = np.array([0.4, 0.3, 0.2, 0.1]), (0.1, 0.2, 0.2, 0.5)
    posteriors = _posteriors(1500, seed=seed, mix=mix, prior=prior)
    found = class_mix.expectation_maximization(posteriors, prior)
    assert found.sum() == pytest.approx(1)
    np.testing.assert_allclose(found, mix, atol=0.05)

    def likelihood(shares: Values) -> float:
        return float(np.log((posteriors * (shares / prior)).sum(axis=1)).sum())

    best, rng = likelihood(found), np.random.default_rng(seed)
    for _ in range(100):
        other = np.clip(found + rng.normal(scale=0.01, size=4), 1e-9, None)
        assert likelihood(other / other.sum()) <= best


def test_it_is_that_of_quapy() -> None:
    from quapy.method.aggregative import EMQ  # It takes seconds to import.

    for seed in range(3):
        prior = np.random.default_rng(seed).dirichlet(np.full(4, 5.0))
        posteriors = _posteriors(400, seed=seed, mix=(0.1, 0.2, 0.2, 0.5), prior=prior)
        expected, _ = EMQ.EM(prior, posteriors, epsilon=1e-10)
        np.testing.assert_allclose(class_mix.expectation_maximization(posteriors, prior), expected, atol=1e-6)


@pytest.mark.parametrize("seed", range(2))
def test_a_site_of_another_mix_alone_may_be_read_and_is_about_right(seed: int) -> None:
    mix = (0.1, 0.2, 0.3, 0.4)
    known, away = (answers(1500, seed=10 * seed + place, mix=each) for place, each in enumerate(((0.25,) * 4, mix)))
    found = class_mix.estimate(known, away.scores, clusters=away.clusters)
    assert found is not None
    assert found.may_be_read
    np.testing.assert_allclose(found.shares, mix, atol=0.06)
    # Nothing but the mix could explain it: it is not that of the known site.
    same = class_mix.estimate(known, known.scores, clusters=known.clusters)
    assert same is not None
    np.testing.assert_allclose(same.shares, np.bincount(known.classes) / 1500, atol=0.01)


def test_where_thresholds_moved_it_must_not_be_read() -> None:
    known = answers(1500, seed=1, mix=(0.25,) * 4)
    away = answers(1500, seed=2, mix=(0.25,) * 4, biases=(2.0, -1.0, 0.0, 1.0))
    found = class_mix.estimate(known, away.scores, clusters=away.clusters)
    assert found is not None
    assert not found.may_be_read


@pytest.mark.parametrize("seed", range(3))
def test_the_distance_is_that_of_scipy_where_images_count_alike(seed: int) -> None:
    """Two classes in equal numbers, found in equal numbers: every weight is 1."""
    rng = np.random.default_rng(seed)
    known = answers(200, seed=seed, mix=(0.25,) * 4, replicates=0)
    away = np.round(answers(150, seed=seed + 9, mix=(0.25,) * 4).scores, 1)
    clusters = rng.integers(0, 90, 150)
    found = class_mix._distance(known, away, clusters=clusters, weight=np.ones(4))
    farthest = max(ks_2samp(known.scores[:, index], away[:, index]).statistic for index in range(4))
    patients = np.unique(clusters).size
    # The two-sample bound at 5 %, one comparison for each class.
    bound = math.sqrt(-math.log(0.05 / 4 / 2) / 2 * (1 / 200 + 1 / patients))
    assert found == pytest.approx(farthest / bound)


def test_with_weights_it_is_that_of_images_that_are_there_so_often() -> None:
    known = answers(120, seed=3, replicates=0)
    weight = np.array([1.0, 3.0, 0.0, 2.0])
    away = answers(80, seed=4).scores
    often = np.repeat(np.arange(120), weight[known.classes].astype(int))
    farthest = max(ks_2samp(known.scores[often, index], away[:, index]).statistic for index in range(4))
    own = weight[known.classes]
    bound = math.sqrt(-math.log(0.05 / 4 / 2) / 2 * ((own**2).sum() / own.sum() ** 2 + 1 / 80))
    found = class_mix._distance(known, away, clusters=np.arange(80), weight=weight)
    assert found == pytest.approx(farthest / bound)


def test_the_estimate_is_made_of_posteriors_calibrated_on_the_known_images() -> None:
    known, away = answers(300, seed=5), answers(300, seed=6, mix=(0.1, 0.2, 0.3, 0.4))
    overconfident = replace(known, scores=3 * known.scores)
    found = class_mix.estimate(overconfident, 3 * away.scores, clusters=away.clusters)
    parameters = refit.fit(overconfident.scores, known.classes)
    shares = np.bincount(known.classes) / 300
    expected = class_mix.expectation_maximization(refit.probability(3 * away.scores, parameters), shares)
    assert found is not None
    np.testing.assert_array_equal(found.shares, expected)


def test_a_class_that_is_not_known_or_a_site_without_images_has_none() -> None:
    known = answers(100, seed=0)
    lacking = known.only(known.classes != 2)
    assert class_mix.estimate(lacking, known.scores, clusters=known.clusters) is None
    assert class_mix.estimate(known, known.scores[:0], clusters=known.clusters[:0]) is None
    empty = SiteAnswers(
        scores=known.scores[:0], classes=known.classes[:0], clusters=known.clusters[:0], weights=known.weights
    )
    assert class_mix.estimate(empty, known.scores, clusters=known.clusters) is None


def test_nine_known_images_of_a_class_are_too_few_to_say_anything() -> None:
    known, away = (answers(600, seed=seed, mix=(0.25,) * 4) for seed in range(2))
    of_first = np.flatnonzero(known.classes == 0)
    for kept, is_estimated in ((FEW - 1, False), (FEW, True)):
        rows = np.sort(np.concatenate([of_first[:kept], np.flatnonzero(known.classes != 0)]))
        fewer = replace(known, scores=known.scores[rows], classes=known.classes[rows], clusters=known.clusters[rows])
        found = class_mix.estimate(fewer, away.scores, clusters=away.clusters)
        assert (found is not None) == is_estimated
    assert class_mix.estimate(known, away.scores[:9], clusters=away.clusters[:9]) is None
