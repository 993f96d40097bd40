"""What a model says, as log-probabilities of classes that exclude each other."""

import numpy as np
import pytest
from scipy.special import softmax

from cxr_core.shift import answers
from cxr_core.shift.answers import SiteAnswers
from cxr_core.statistics.resampling import resample
from tests.support import two_sites


def _of_finding(scores: np.ndarray, threshold: float) -> SiteAnswers:
    n = scores.size
    drawn = resample(np.arange(n), seed=0, dataset="site", replicates=5)
    return answers.of_finding(
        scores.astype(np.float32),
        present=np.arange(n) % 2 == 0,
        threshold=threshold,
        clusters=drawn.clusters,
        weights=drawn.weights,
    )


@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.5, 0.7, 1.0])
def test_the_answer_is_present_from_the_threshold_up_in_the_precision_of_scores(threshold: float) -> None:
    at = np.float32(threshold)
    scores = np.clip(
        [at, np.nextafter(at, np.float32(1)), np.nextafter(at, np.float32(0)), 0, 1, 1e-9, 1 - 1e-9, 0.5], 0, 1
    )
    found = _of_finding(scores, threshold)
    assert np.isfinite(found.scores).all()
    np.testing.assert_array_equal(found.scores.argmax(axis=1) == 1, scores.astype(np.float32) >= at)
    np.testing.assert_allclose(np.exp(found.scores).sum(axis=1), 1)
    np.testing.assert_array_equal(found.correct(), (scores.astype(np.float32) >= at) == (np.arange(8) % 2 == 0))


def test_at_a_threshold_of_one_half_they_are_the_logarithms_of_the_score() -> None:
    scores = np.array([0.2, 0.5001, 0.9])
    found = _of_finding(scores, 0.5)
    np.testing.assert_allclose(np.exp(found.scores), np.stack([1 - scores, scores], axis=1), rtol=1e-5)


def test_another_threshold_moves_the_log_odds_by_its_own() -> None:
    found = _of_finding(np.array([0.2, 0.6, 0.9]), 0.2)
    odds = np.array([0.25, 1.5, 9]) / 0.25
    np.testing.assert_allclose(found.scores[1:, 1] - found.scores[1:, 0], np.log(odds[1:]), rtol=1e-5)
    assert 0 < found.scores[0, 1] - found.scores[0, 0] < 1e-5


def test_a_probability_of_zero_has_a_finite_logarithm() -> None:
    drawn = resample(np.arange(2), seed=0, dataset="site", replicates=1)
    found = answers.of_classes(
        np.array([[0, 1, 0], [0.2, 0.3, 0.5]], np.float32),
        classes=np.array([1, 2], np.int8),
        clusters=drawn.clusters,
        weights=drawn.weights,
    )
    assert np.isfinite(found.scores).all()
    np.testing.assert_allclose(softmax(found.scores, axis=1), [[0, 1, 0], [0.2, 0.3, 0.5]], atol=1e-6)
    assert found.correct().tolist() == [True, True]


def test_sums_by_class_are_those_of_its_images_in_every_replicate() -> None:
    one = two_sites.answers(80, seed=0, replicates=6)
    values = np.random.default_rng(0).random(80)
    weights = two_sites.weights_of_images(one)
    for given, found in ((values, one.by_class(values)), (np.ones(80), one.counts())):
        expected = [(given[:, np.newaxis] * weights)[one.classes == index].sum(axis=0) for index in range(4)]
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    few = one.only(one.classes == 1)
    np.testing.assert_array_equal(few.counts()[1], one.counts()[1])
    assert few.counts()[[0, 2, 3]].sum() == 0
