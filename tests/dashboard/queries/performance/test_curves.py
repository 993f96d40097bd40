"""Curves against scikit-learn: exact where they are drawn, ties and few images included."""

import math
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from cxr_core.findings import FINDINGS
from dashboard.queries.performance.curves import Curve, csv_rows, curve, traced
from dashboard.results.side import Side
from tests.dashboard.performance_runs import ABROAD, HOME, answers, scores, write
from tests.support.results import change, frame, key_of


def _roc_area(found: Curve) -> float:
    return float(np.trapezoid(found.recall, found.false_alarms))


def _average_precision(found: Curve) -> float:
    return float(np.nansum(np.diff(found.recall) * np.array(found.precision[1:])))


@pytest.mark.parametrize("finding", ["No Finding", "Consolidation"])
def test_areas_are_those_of_scikit_learn(results: Path, finding: str) -> None:
    path = write(results)
    for test in (HOME, ABROAD):
        both = answers(path, test)
        present, score = both["class"] == FINDINGS.index(finding), scores(both, finding)
        found = curve(key_of(path), test, finding=finding, task="single_class")
        assert found is not None
        assert (found.n, found.positives) == (len(both), present.sum())
        assert _roc_area(found) == pytest.approx(roc_auc_score(present, score))
        assert _average_precision(found) == pytest.approx(average_precision_score(present, score))


def test_where_presence_is_unknown_an_image_does_not_count(results: Path) -> None:
    path = write(results)
    reference = frame(path, "FROM reference WHERE dataset = 'chexpert_train' AND policy = 'u_ignore'")
    prediction = frame(path, "FROM prediction WHERE model_id = 'split' AND dataset = 'chexpert_train'")
    both = prediction.merge(reference, on="image_id")
    present = np.array([each[4] for each in both["present"]])
    known = ~np.isnan(present)
    found = curve(key_of(path), ABROAD, finding="Pleural Effusion", task="finding")
    assert found is not None
    assert 0 < found.n == known.sum() < len(both)
    expected = roc_auc_score(present[known], scores(both, "Pleural Effusion")[known])
    assert _roc_area(found) == pytest.approx(expected)


def test_no_curve_without_positives_or_without_negatives(results: Path) -> None:
    path = write(results)
    change(path, "UPDATE reference SET class = 1 WHERE class IS NOT NULL")
    assert curve(key_of(path), HOME, finding="No Finding", task="single_class") is None
    assert curve(key_of(path), HOME, finding="Cardiomegaly", task="single_class") is None


def test_ties_share_a_threshold() -> None:
    found = traced(np.array([0.9, 0.5, 0.5, 0.5, 0.1]), np.array([True, True, False, True, False]))
    assert found is not None
    assert found.threshold == (math.inf, 0.9, 0.5, 0.1)
    assert found.recall == pytest.approx((0, 1 / 3, 1, 1))
    assert found.false_alarms == pytest.approx((0, 0, 0.5, 1))
    assert found.precision[1:] == pytest.approx((1, 0.75, 0.6))
    assert math.isnan(found.precision[0])


def test_many_images_are_thinned_and_every_point_kept_is_exact() -> None:
    rng = np.random.default_rng(0)
    score = np.sort(rng.random(200_000))[::-1]
    present = rng.random(score.size) < score * 0.3
    found = traced(score, present)
    assert found is not None
    assert len(found.recall) <= 400
    assert (found.recall[-1], found.false_alarms[-1]) == (1, 1)
    for i in range(1, len(found.recall), 37):
        called = score >= found.threshold[i]
        assert found.recall[i] == pytest.approx((called & present).sum() / present.sum())
        assert found.precision[i] == pytest.approx(present[called].mean())
        assert found.false_alarms[i] == pytest.approx((called & ~present).sum() / (~present).sum())
    assert _roc_area(found) == pytest.approx(roc_auc_score(present, score), abs=2e-4)
    # No gap on the way is wider than the spacing of the levels.
    assert np.diff(found.recall).max() < 0.01
    assert np.diff(found.false_alarms).max() < 0.01


def test_the_table_to_take_along_leaves_out_a_test_without_a_curve(results: Path) -> None:
    found = curve(key_of(write(results)), HOME, finding="No Finding", task="single_class")
    rows = csv_rows({Side.INTERNAL: found, Side.EXTERNAL: None}, finding="No Finding")
    assert found is not None
    assert len(rows) == len(found.recall) - 1
    assert {row["test"] for row in rows} == {"internal test"}
