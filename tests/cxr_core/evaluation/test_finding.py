"""The task by hand: presence that is known for some images and not for others."""

import math

import numpy as np
import pytest

from cxr_core.evaluation.group import Sample
from cxr_core.evaluation.tasks import finding
from cxr_core.statistics.resampling import resample


def test_each_finding_counts_the_images_where_it_is_known() -> None:
    n = 100
    present = np.full((n, 6), np.nan, dtype=np.float32)
    present[:80, 0] = np.arange(80) < 40
    present[50:, 1] = np.arange(50) < 31
    present[:90, 2] = np.arange(90) < 29
    present[:10, 3] = 1
    drawn = resample(np.arange(n), seed=0, dataset="site", replicates=50)
    probability = np.tile(np.linspace(1, 0, n, dtype=np.float32)[:, np.newaxis], 6)
    # The unknown images would spoil the perfect order of the first finding.
    probability[80:, 0] = 1
    sample = Sample(
        classes=np.full(n, -1, dtype=np.int8),
        present=present,
        predicted=np.zeros(n, dtype=np.int8),
        probability=probability,
        clusters=drawn.clusters,
        weights=drawn.weights,
        train_mix=np.full(6, np.nan),
    )
    found = {(one.metric, one.finding): one for one in finding(sample)}
    assert len(found) == 2 + 12
    assert [found["auroc", index].n for index in range(6)] == [80, 50, 90, 10, 0, 0]
    assert [found["auroc", index].n_positive for index in range(6)] == [40, 31, 29, 10, 0, 0]
    assert [found["auroc", index].n_effective for index in range(6)] == [40, 19, 29, 0, 0, 0]
    assert [found["average_precision", index].n_effective for index in range(6)] == [40, 31, 29, 10, 0, 0]
    assert [found["auroc", index].not_estimable for index in range(6)] == [False, *[True] * 5]
    assert [found["average_precision", index].not_estimable for index in range(6)] == [False, False, *[True] * 4]
    assert [found["auroc", index].value for index in range(3)] == [1, 1, 1]
    assert [math.isnan(found["average_precision", index].value) for index in range(3, 6)] == [True] * 3
    assert found["macro_auroc", None].n == 100
    assert found["macro_auroc", None].value == 1
    assert (found["macro_auroc", None].n_effective, found["macro_auroc", None].not_estimable) == (19, True)
    assert (found["macro_average_precision", None].n_effective, found["macro_auroc", None].n_positive) == (31, None)


@pytest.mark.parametrize("known", [np.nan, 0.0])
def test_nothing_known_or_nothing_present(known: float) -> None:
    drawn = resample(np.arange(40), seed=0, dataset="site", replicates=10)
    sample = Sample(
        classes=np.full(40, -1, dtype=np.int8),
        present=np.full((40, 6), known, dtype=np.float32),
        predicted=np.zeros(40, dtype=np.int8),
        probability=np.full((40, 6), 1 / 6, dtype=np.float32),
        clusters=drawn.clusters,
        weights=drawn.weights,
        train_mix=np.full(6, np.nan),
    )
    for one in finding(sample):
        assert math.isnan(one.value)
        assert math.isnan(one.interval.low)
        assert one.not_estimable


def test_the_interval_of_a_mean_over_findings_does_not_depend_on_the_other_images_of_the_dataset() -> None:
    rng = np.random.default_rng(3)
    present = (rng.random((300, 4)) < 0.4).astype(np.float32)
    scores = np.clip(present * 0.2 + rng.random((300, 4)), 0, 1).astype(np.float32)
    patients = rng.integers(0, 120, 300)
    found = []
    for others in (0, 500):
        everyone = np.concatenate([1000 + np.arange(others), patients])
        drawn = resample(everyone, seed=0, dataset="site", replicates=200)
        sample = Sample(
            classes=np.full(300, -1, dtype=np.int8),
            present=present,
            predicted=np.full(300, -1, dtype=np.int8),
            probability=scores,
            clusters=drawn.clusters[others:],
            weights=drawn.weights,
            train_mix=np.full(4, np.nan),
        )
        found.append({one.metric: one for one in finding(sample) if one.finding is None})
    for metric in ("macro_auroc", "macro_average_precision"):
        assert found[0][metric].interval == found[1][metric].interval
        replicates = found[1][metric].replicates
        reach = (found[1][metric].interval.high - found[1][metric].interval.low) / 2
        assert reach == pytest.approx(1.96 * replicates.std(), rel=0.2)
