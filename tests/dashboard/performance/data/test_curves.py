"""Curves of a test against scikit-learn."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from cxr_core.findings import FINDINGS
from dashboard.performance.data.curves import Curve, curve, curve_rows
from tests.support.made.performance import EXTERNAL, INTERNAL, answers, scores, write
from tests.support.results import change, frame, key_of


def _roc_area(found: Curve) -> float:
    return float(np.trapezoid(found.recall, found.false_alarms))


def _average_precision(found: Curve) -> float:
    return float(np.nansum(np.diff(found.recall) * found.precision[1:]))


@pytest.mark.parametrize("finding", ["No Finding", "Consolidation"])
def test_areas_are_those_of_scikit_learn(results: Path, finding: str) -> None:
    path = write(results)
    for test in (INTERNAL, EXTERNAL):
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
    found = curve(key_of(path), EXTERNAL, finding="Pleural Effusion", task="finding")
    assert found is not None
    assert 0 < found.n == known.sum() < len(both)
    expected = roc_auc_score(present[known], scores(both, "Pleural Effusion")[known])
    assert _roc_area(found) == pytest.approx(expected)


def test_no_curve_without_positives_or_without_negatives(results: Path) -> None:
    path = write(results)
    change(path, "UPDATE reference SET class = 1 WHERE class IS NOT NULL")
    assert curve(key_of(path), INTERNAL, finding="No Finding", task="single_class") is None
    assert curve(key_of(path), INTERNAL, finding="Cardiomegaly", task="single_class") is None


def test_the_table_to_take_along_has_a_row_a_threshold(results: Path) -> None:
    key = key_of(write(results))
    found = curve(key, INTERNAL, finding="No Finding", task="single_class")
    assert found is not None
    rows = curve_rows(key, INTERNAL, found, finding="No Finding", task="single_class")
    assert len(rows) == len(found.recall) - 1
    assert {row["role"] for row in rows} == {"internal_test"}
    assert all(len(str(row["threshold"])) <= 4 for row in rows)  # scores are made with two digits
