"""Refits on other patients, against one refit after another; a replicate's single Newton step against its own refit."""

import numpy as np
import numpy.typing as npt
import pytest

from cxr_core.shift import crossfit, refit
from cxr_core.shift.answers import SiteAnswers
from cxr_core.shift.folds import FOLDS, MANY, divisions
from tests.support.two_sites import answers, weights_of_images

Values = npt.NDArray[np.float64]


def _target(one: SiteAnswers, mix: tuple[float, ...]) -> Values:
    """The weight of an image of each class in each replicate, such that the classes have a mix."""
    counts = one.counts()
    return np.array(mix)[:, np.newaxis] * counts.sum(axis=0) / np.maximum(counts, 1)


def _in_full(one: SiteAnswers, target: Values, *, seed: int, repeats: int) -> Values:
    """Every replicate refitted in full, image by image."""
    weights, found = weights_of_images(one), np.zeros((one.n_classes, one.weights.shape[1]))
    for fold in divisions(one.clusters, seed=seed, repeats=repeats):
        for left_out in range(FOLDS):
            fitted, judged = fold != left_out, fold == left_out
            for column in range(found.shape[1]):
                own = weights[fitted, column] * target[one.classes[fitted], column]
                parameters = refit.fit(one.scores[fitted], one.classes[fitted], own)
                right = refit.scores(one.scores[judged], parameters).argmax(axis=1) == one.classes[judged]
                for index in range(one.n_classes):
                    of = right & (one.classes[judged] == index)
                    found[index, column] += weights[judged, column][of].sum() / repeats
    return found


@pytest.mark.parametrize("seed", range(2))
def test_one_newton_step_is_nearly_the_refit_of_each_replicate(seed: int) -> None:
    one = answers(600, seed=seed, biases=(0.0, 1.5, -1.5, 0.5), replicates=30)
    target = _target(one, (0.25,) * 4)
    found = crossfit.correct_by_class(one, target=target, seed=seed, repeats=2) / one.counts()
    expected = _in_full(one, target, seed=seed, repeats=2) / one.counts()
    np.testing.assert_allclose(found[:, 0], expected[:, 0], atol=1e-12)
    apart = found.mean(axis=0) - expected.mean(axis=0)
    assert np.abs(apart).max() < 0.01
    assert found.mean(axis=0)[1:].std() == pytest.approx(expected.mean(axis=0)[1:].std(), rel=0.15)


def test_the_step_is_newtons(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parameters themselves, each replicate for itself from the gradient and the Hessian of all its images."""
    one = answers(seed=3, replicates=12)
    target = _target(one, (0.25,) * 4)
    found = crossfit._fitted(one, target=target)
    first = refit.fit(one.scores, one.classes, target[one.classes, 0])
    np.testing.assert_array_equal(found[:, 0], first)
    slope = refit.gradient(one.scores, one.classes, first)
    curvature = refit.hessian(one.scores, target[one.classes, 0], first)
    for column in range(1, 13):
        own = weights_of_images(one)[:, column] * target[one.classes, column]
        whole = own @ slope + refit.RIDGE * (first - refit.unchanged(4))
        np.testing.assert_allclose(found[:, column], first - np.linalg.solve(curvature, whole), atol=1e-5)
    monkeypatch.setattr(crossfit, "MANY", 240)
    np.testing.assert_array_equal(crossfit._fitted(one, target=target), np.repeat(first[:, np.newaxis], 13, axis=1))


def test_where_scores_tell_the_opposite_a_replicates_temperature_stays_at_0_too() -> None:
    one = answers(seed=0, skill=-2.0)
    found = crossfit._fitted(one, target=_target(one, (0.25,) * 4))
    assert (found[0] == 0).all()
    assert np.isfinite(found).all()


def test_a_replicates_temperature_is_never_negative() -> None:
    one = answers(60, seed=0, skill=0.05, replicates=200)
    found = crossfit._fitted(one, target=_target(one, (0.25,) * 4))
    assert found[0, 0] > 0
    assert found[0].min() == 0


@pytest.mark.parametrize("classes", [np.zeros(200, np.int64), np.repeat([0, 1], [199, 1])])
def test_a_site_of_one_class_or_nearly_so_stays_finite(classes: npt.NDArray[np.int64]) -> None:
    drawn = answers(200, seed=0)
    one = SiteAnswers(scores=drawn.scores, classes=classes, clusters=drawn.clusters, weights=drawn.weights)
    found = crossfit.correct_by_class(one, target=np.ones((4, 41)), seed=0, repeats=1)
    assert np.isfinite(found).all()
    assert (found <= one.counts() + 1e-6).all()


@pytest.mark.parametrize("seed", range(2))
def test_mean_probabilities_are_those_of_refits_on_other_patients(seed: int) -> None:
    one = answers(120, seed=seed, biases=(0.0, 1.5, -1.5, 0.5))
    classes = np.where(np.arange(120) % 7 == 0, -1, one.classes)
    found = crossfit.mean_probability(one.scores, classes=classes, clusters=one.clusters, seed=seed, repeats=3)
    expected = np.zeros((120, 4))
    for fold in divisions(one.clusters, seed=seed, repeats=3):
        for image in range(120):
            fitted = (fold != fold[image]) & (classes >= 0)
            parameters = refit.fit(one.scores[fitted], classes[fitted])
            expected[image] += refit.probability(one.scores[image : image + 1], parameters)[0] / 3
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(("n", "expected"), [(MANY - 1, 3), (MANY, 1)])
def test_folds_hold_whole_patients_and_are_of_like_size(n: int, expected: int) -> None:
    clusters = np.random.default_rng(0).integers(0, 500, n) * 10
    found = list(divisions(clusters, seed=1, repeats=3))
    assert len(found) == expected
    for fold in found:
        assert set(fold) == set(range(FOLDS))
        own = {(patient, number) for patient, number in zip(clusters, fold, strict=True)}
        assert len(own) == 500
        assert set(np.bincount([number for _, number in own])) == {100}
    again = list(divisions(clusters, seed=1, repeats=3))
    assert all((one == other).all() for one, other in zip(found, again, strict=True))
    assert not (found[0] == next(divisions(clusters, seed=2))).all()
    assert next(divisions(np.zeros(0, np.int64), seed=0, repeats=1)).size == 0
