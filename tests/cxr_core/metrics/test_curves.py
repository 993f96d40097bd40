"""Curves are those of scikit-learn, and thinning only leaves points out."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import auc, precision_recall_curve, roc_auc_score, roc_curve

from cxr_core.metrics.curves import Curve, curve


def _of(present: np.ndarray, scores: np.ndarray) -> Curve:
    found = curve(present, scores)
    assert found is not None
    return found


def _drawn(n: int, *, digits: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = np.round(rng.random(n), digits)
    return rng.random(n) < scores**2, scores


@pytest.mark.parametrize("digits", [1, 2, 9], ids=["many ties", "some ties", "no ties"])
def test_each_point_is_one_of_scikit_learns(digits: int) -> None:
    present, scores = _drawn(300, digits=digits)
    found = _of(present, scores)
    false_alarms, recall, thresholds = roc_curve(present, scores, drop_intermediate=False)
    assert found.threshold == pytest.approx(thresholds)
    assert found.recall == pytest.approx(recall)
    assert found.false_alarms == pytest.approx(false_alarms)

    precision, recall, thresholds = precision_recall_curve(present, scores)
    assert found.threshold[1:] == pytest.approx(thresholds[::-1])
    assert found.precision[1:] == pytest.approx(precision[:-1][::-1])
    assert found.recall[1:] == pytest.approx(recall[:-1][::-1])


def test_the_order_of_images_does_not_matter() -> None:
    present, scores = _drawn(200, digits=1)
    order = np.random.default_rng(1).permutation(200)
    one, other = _of(present, scores), _of(present[order], scores[order])
    assert np.array_equal(one.recall, other.recall)
    assert np.array_equal(one.precision[1:], other.precision[1:])


def test_nothing_is_called_positive_above_the_highest_score_and_all_at_the_lowest() -> None:
    found = _of(*_drawn(50, digits=3))
    assert np.isinf(found.threshold[0])
    assert np.isnan(found.precision[0])
    assert (found.recall[0], found.recall[-1]) == (0, 1)
    assert (found.false_alarms[0], found.false_alarms[-1]) == (0, 1)
    assert found.precision[-1] == found.positives / found.n


def test_single_precision_scores_keep_their_ties() -> None:
    scores = np.array([0.1, 0.1, 0.3, 0.7], np.float32)
    found = _of(np.array([True, False, False, True]), scores)
    assert found.threshold[1:].tolist() == [np.float32(0.7), np.float32(0.3), np.float32(0.1)]


def test_a_thinned_curve_has_only_points_of_the_whole_one_and_nearly_its_area() -> None:
    present, scores = _drawn(20_000, digits=9)
    whole = _of(present, scores)
    thin = whole.thinned()
    at = np.flatnonzero(np.isin(whole.threshold, thin.threshold))
    assert thin.threshold.size <= 3 * 130 + 3 < whole.threshold.size
    for name in ("threshold", "recall", "false_alarms", "precision"):
        assert np.array_equal(getattr(thin, name), getattr(whole, name)[at], equal_nan=True)
    assert auc(thin.false_alarms, thin.recall) == pytest.approx(roc_auc_score(present, scores), abs=2e-4)
    for share in (thin.recall, thin.false_alarms):
        assert (share[0], share[-1]) == (0, 1)
        assert max(later - before for before, later in pairwise(share)) < 0.01


def test_the_first_threshold_that_reaches_a_level_is_kept_on_each_axis() -> None:
    present, scores = _drawn(3000, digits=9)
    falling = np.sort(scores)[::-1]
    kept = set(_of(present, scores).thinned(levels=51).threshold.tolist())
    for kind in (present, ~present, np.ones(3000, bool)):
        reached = np.cumsum(kind[np.argsort(-scores)]) / kind.sum()
        assert {falling[np.argmax(reached >= level)] for level in np.linspace(0, 1, 51)} <= kept


def test_a_short_curve_is_not_thinned() -> None:
    whole = _of(*_drawn(390, digits=9))
    assert whole.thinned().threshold.size == whole.threshold.size == 391
    assert whole.thinned(levels=10).threshold.size < 40


@pytest.mark.parametrize("present", [np.zeros(4, bool), np.ones(4, bool), np.empty(0, bool)])
def test_without_positives_or_negatives_there_is_no_curve(present: np.ndarray) -> None:
    assert curve(present, np.linspace(0, 1, present.size)) is None


def test_scores_that_are_missing_or_of_other_images_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        curve(np.array([True, False]), np.array([0.5, np.nan]))
    with pytest.raises(ValueError, match="shapes"):
        curve(np.array([True, False]), np.array([0.5]))


@pytest.mark.parametrize(
    ("threshold", "recall", "false_alarms"), [(0.95, 0, 0), (0.9, 0.5, 0), (0.5, 0.5, 0.5), (0.4, 1, 0.5), (0, 1, 1)]
)
def test_a_threshold_stands_where_as_many_are_called_positive(
    threshold: float, recall: float, false_alarms: float
) -> None:
    line = curve(np.array([True, False, True, False]), np.array([0.9, 0.6, 0.4, 0.1]))
    assert line is not None
    place = line.place(threshold)
    assert (line.recall[place], line.false_alarms[place]) == (recall, false_alarms)
