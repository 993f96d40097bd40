"""SiteAnswers after a refit on other patients, counted by class in the sample and in every replicate.

A replicate's own refit is approximated by one Newton step from the sample's, with the replicate's weights: the cost of
a matrix product, and at 600 images a site intervals that cover; the sample's refit kept in all replicates does not
(docs/methods.md). The folds are the same in all replicates, so that a patient drawn twice never stands on both sides.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cxr_core.shift import refit
from cxr_core.shift.answers import SiteAnswers, Values
from cxr_core.shift.folds import FOLDS, REPEATS, divisions
from cxr_core.statistics.resampling import Weights, counted

_BLOCK = 128

MANY = 50_000
"""From so many images the sample's refit is kept in all replicates: its own error no longer tells."""


def correct_by_class(answers: SiteAnswers, *, target: Values, seed: int, repeats: int = REPEATS) -> Values:
    """The weight of the correct answers of each class after the refit, a mean over the divisions into folds.

    Args:
        answers: n images of one site.
        target: The weight of an image of each class in the fit, in each replicate, shape ``(k, 1 + r)``.
        seed: The run's.
        repeats: How many divisions into folds.

    Returns:
        Shape ``(k, 1 + r)``.
    """
    total = np.zeros((answers.n_classes, answers.weights.shape[1]))
    count = 0
    for fold in divisions(answers.clusters, seed=seed, repeats=repeats):
        count += 1
        for left_out in range(FOLDS):
            parameters = _fitted(answers.only(fold != left_out), target=target)
            total += _correct(answers.only(fold == left_out), parameters)
    return total / count


def mean_probability(
    scores: Values,
    *,
    classes: npt.NDArray[np.int64],
    clusters: npt.NDArray[np.int64],
    seed: int,
    repeats: int = REPEATS,
) -> npt.NDArray[np.float32]:
    """Refitted probabilities of every image of a site, each by refits on other patients; a mean over the divisions.

    Args:
        scores: Log-probabilities, shape ``(n, k)``.
        classes: Reference standard, shape ``(n,)``; -1: no single class, judged and never fitted on.
        clusters: Patient of each image, shape ``(n,)``.
        seed: The run's.
        repeats: How many divisions into folds.

    Returns:
        Shape ``(n, k)``; each row adds up to 1.
    """
    total, count = np.zeros_like(scores), 0
    for fold in divisions(clusters, seed=seed, repeats=repeats):
        count += 1
        for left_out in range(FOLDS):
            fitted, judged = (fold != left_out) & (classes >= 0), fold == left_out
            total[judged] += refit.probability(scores[judged], refit.fit(scores[fitted], classes[fitted]))
    return (total / count).astype(np.float32)


def _fitted(answers: SiteAnswers, *, target: Values) -> Values:
    """The parameters of each replicate, shape ``(1 + k, 1 + r)``."""
    weights = target[answers.classes, 0]
    first = refit.fit(answers.scores, answers.classes, weights)
    replicates = answers.weights.shape[1]
    if answers.classes.size >= MANY or replicates == 1:
        return np.repeat(first[:, np.newaxis], replicates, axis=1)
    # Where scores tell nothing, the temperature stays at its bound, and biases alone move.
    scores = answers.scores if first[0] > 0 else np.zeros_like(answers.scores)
    slope = refit.gradient(scores, answers.classes, first)
    moved = sum(
        _by_patient(slope[of], answers.clusters[of], weights=answers.weights) * target[index]
        for index, of in ((index, answers.classes == index) for index in range(answers.n_classes))
    )
    pull = refit.RIDGE * (first - refit.unchanged(answers.n_classes))
    step = np.linalg.solve(refit.hessian(scores, weights, first), moved + pull[:, np.newaxis])
    found = first[:, np.newaxis] - step
    found[0] = np.maximum(found[0], 0) if first[0] > 0 else 0
    found[:, 0] = first
    return np.asarray(found)


def _by_patient(values: Values, clusters: npt.NDArray[np.int64], *, weights: Weights) -> Values:
    """Weighted sums of the columns over images, shape ``(columns, 1 + r)``."""
    patients = weights.shape[0]
    sums = [np.bincount(clusters, weights=column, minlength=patients) for column in values.T]
    return counted(np.array(sums, dtype=np.float32), weights)


def _correct(answers: SiteAnswers, parameters: Values) -> Values:
    """The weight of the correct answers of each class in each replicate, shape ``(k, 1 + r)``."""
    found = np.zeros((answers.n_classes, parameters.shape[1]))
    own = answers.scores[np.arange(answers.classes.size), answers.classes]
    starts = np.searchsorted(np.sort(answers.classes), np.arange(answers.n_classes + 1))
    order = np.argsort(answers.classes, kind="stable")
    for block in _blocks(parameters.shape[1]):
        biases = parameters[1:, block]
        hit = np.ones((answers.classes.size, biases.shape[1]), dtype=np.bool_)
        for index in range(answers.n_classes):
            ahead = np.outer(own - answers.scores[:, index], parameters[0, block])
            hit &= ahead + biases[answers.classes] - biases[index] >= 0
        weighted = np.where(hit, answers.weights[:, block][answers.clusters], 0)[order]
        for index in range(answers.n_classes):
            found[index, block] = weighted[starts[index] : starts[index + 1]].sum(axis=0, dtype=np.float64)
    return found


def _blocks(columns: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, columns, _BLOCK))
