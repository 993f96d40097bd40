"""Both sides of the bootstrap compute the same metrics, of the sample and of a replicate, with tied scores."""

import numpy as np
import pytest

from benchmarks.bootstrap import draw, metrics, ours, sampled, theirs
from cxr_core.evaluation.tasks import single_class
from cxr_core.findings import FINDINGS

ANSWERS = draw(900, seed=3)


def test_scores_are_tied_and_patients_have_several_images() -> None:
    assert all(len(np.unique(column)) < 650 for column in ANSWERS.scores.T)
    assert 900 / len(np.unique(ANSWERS.patients)) == pytest.approx(2.7, abs=0.3)


def test_both_have_the_same_values() -> None:
    found, expected = ours(ANSWERS, replicates=100), theirs(ANSWERS, replicates=3)
    assert len(expected) == 6 * 6 + 6 + 1
    for key, (value, low, high) in expected.items():
        assert found[key] == pytest.approx(value, abs=1e-12), key
        assert low <= high


def test_both_have_the_same_values_in_a_replicate() -> None:
    sample = sampled(ANSWERS, replicates=2)
    estimates = {(one.metric, one.finding): one for one in single_class(sample, classes=FINDINGS)}
    for replicate in (1, 2):
        rows = np.repeat(np.arange(900), sample.weights[sample.clusters, replicate].astype(int))
        expected = metrics(ANSWERS.classes[rows], ANSWERS.scores[rows])
        for key, value in expected.items():
            if key[0] in {"accuracy", "recall", "precision", "f1", "specificity"}:
                assert estimates[key].replicates[replicate - 1] == pytest.approx(value, abs=1e-6), key
