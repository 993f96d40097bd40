"""The task by hand, on images whose confusion counts can be read off."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from cxr_core.evaluation.estimates import MetricEstimate
from cxr_core.evaluation.group import Sample
from cxr_core.evaluation.tasks import single_class
from cxr_core.findings import FINDINGS
from cxr_core.statistics import intervals
from cxr_core.statistics.resampling import resample


def _sample(
    counts: dict[tuple[int, int], int], *, replicates: int = 200, patient_size: int = 1, unlabelled: int = 0
) -> Sample:
    classes = np.array([truth for (truth, _), n in counts.items() for _ in range(n)] + [-1] * unlabelled, dtype=np.int8)
    predicted = np.array(
        [answer for (_, answer), n in counts.items() for _ in range(n)] + [0] * unlabelled, dtype=np.int8
    )
    drawn = resample(np.arange(classes.size) // patient_size, seed=0, dataset="site", replicates=replicates)
    probability = np.full((classes.size, 6), 0.1, dtype=np.float32)
    probability[np.arange(classes.size), predicted] = 0.5
    return Sample(
        classes=classes,
        present=np.full((classes.size, 6), np.nan, dtype=np.float32),
        predicted=predicted,
        probability=probability,
        clusters=drawn.clusters,
        weights=drawn.weights,
        train_mix=np.array([0.1, 0.5, 0.1, 0.1, 0.1, 0.1]),
    )


def _measured(sample: Sample) -> tuple[MetricEstimate, ...]:
    return single_class(sample, classes=FINDINGS)


def _by_key(estimates: tuple[MetricEstimate, ...]) -> dict[tuple[str, int | None], MetricEstimate]:
    return {(one.metric, one.finding): one for one in estimates}


# 40 No Finding, 32 Cardiomegaly, 5 Nodule/Mass; nothing is ever taken for Consolidation.
COUNTS = {(0, 0): 36, (0, 3): 4, (1, 1): 20, (1, 0): 12, (2, 4): 5}


def test_values_and_what_they_rest_on() -> None:
    found = _by_key(_measured(_sample(COUNTS, unlabelled=9)))
    values = {key: one.value for key, one in found.items()}
    assert len(found) == 2 + 6 + 5 + 6 * 6 + 36
    assert values["accuracy", None] == pytest.approx(56 / 77)
    assert values["balanced_accuracy", None] == pytest.approx((0.9 + 0.625 + 0) / 3)
    assert values["macro_recall", None] == pytest.approx((0.9 + 0.625) / 2)
    assert values["macro_precision", None] == pytest.approx((36 / 48 + 1) / 2)
    assert values["macro_specificity", None] == pytest.approx((25 / 37 + 1) / 2)
    assert values["recall", 2] == 0
    assert values["f1", 1] == pytest.approx(40 / 52)
    assert values["no_skill_uniform", None] == pytest.approx(1 / 6)
    assert values["no_skill_test_mix", None] == pytest.approx((40**2 + 32**2 + 5**2) / 77**2)
    assert values["no_skill_train_mix", None] == pytest.approx((0.1 * 40 + 0.5 * 32 + 0.1 * 5) / 77)
    assert values["no_skill_train_majority", None] == pytest.approx(32 / 77)
    assert values["no_skill_best_constant", None] == pytest.approx(40 / 77)
    assert values["predicted_as_no_finding", 1] == 12
    assert values["predicted_as_pleural_effusion", 2] == 5
    assert values["predicted_as_consolidation", 5] == 0
    assert {one.n for one in found.values()} == {77}
    assert [found["recall", index].n_positive for index in range(6)] == [40, 32, 5, 0, 0, 0]
    assert found["predicted_as_no_finding", 1].n_positive == 32
    assert found["accuracy", None].n_positive is None


def test_undefined_is_nan() -> None:
    found = _by_key(_measured(_sample(COUNTS)))
    for key in (("recall", 5), ("precision", 5), ("f1", 5), ("auroc", 5), ("average_precision", 5), ("precision", 2)):
        assert math.isnan(found[key].value), key
        assert math.isnan(found[key].interval.low), key
    assert found["specificity", 5].value == 1


def test_fewer_than_thirty_positives_are_flagged_and_still_told() -> None:
    found = _by_key(_measured(_sample(COUNTS)))
    assert [found["recall", index].not_estimable for index in range(6)] == [False, False, True, True, True, True]
    assert not found["macro_recall", None].not_estimable
    assert found["balanced_accuracy", None].not_estimable
    assert not found["accuracy", None].not_estimable
    assert found["recall", 2].interval.high > 0


@pytest.mark.parametrize(("n", "flagged"), [(29, True), (30, False)])
def test_thirty_are_enough(n: int, flagged: bool) -> None:
    found = _by_key(_measured(_sample({(0, 0): n - 1, (0, 1): 1})))
    assert found["recall", 0].not_estimable is flagged
    assert found["accuracy", None].not_estimable is flagged
    assert found["macro_recall", None].not_estimable is flagged
    assert math.isnan(found["macro_recall", None].value) is flagged


def test_each_metric_counts_the_images_that_it_is_a_share_of() -> None:
    found = _by_key(_measured(_sample(COUNTS)))
    for metric, sizes in {
        "recall": [40, 32, 5, 0, 0, 0],
        "f1": [40, 32, 5, 0, 0, 0],
        "average_precision": [40, 32, 5, 0, 0, 0],
        "precision": [48, 20, 0, 4, 5, 0],
        "specificity": [37, 45, 72, 77, 77, 77],
        "auroc": [37, 32, 5, 0, 0, 0],
        "predicted_as_no_finding": [40, 32, 5, 0, 0, 0],
    }.items():
        assert [found[metric, index].n_effective for index in range(6)] == sizes, metric
        assert [found[metric, index].not_estimable for index in range(6)] == [size < 30 for size in sizes], metric
    for metric in ("accuracy", "no_skill_uniform", "no_skill_best_constant"):
        assert found[metric, None].n_effective == 77


def test_a_mean_rests_on_the_least_of_its_classes() -> None:
    found = _by_key(_measured(_sample(COUNTS)))
    sizes = {"recall": 32, "precision": 20, "f1": 32, "specificity": 37, "auroc": 32, "average_precision": 32}
    assert {metric: found[f"macro_{metric}", None].n_effective for metric in sizes} == sizes
    assert found["balanced_accuracy", None].n_effective == 5
    # Twenty answers are too few for a precision; the class is not left out for it, which would flatter.
    assert found["macro_precision", None].not_estimable
    assert found["macro_precision", None].value == pytest.approx((36 / 48 + 1) / 2)


def test_a_dozen_patients_are_a_dozen_however_many_images_they_have() -> None:
    found = _by_key(_measured(_sample({(0, 0): 60, (1, 1): 60}, patient_size=5)))
    assert [found[metric, 0].n_effective for metric in ("recall", "precision", "specificity", "auroc")] == [12] * 4
    assert found["accuracy", None].n_effective == 24
    assert all(one.not_estimable for one in found.values())
    assert math.isnan(found["macro_recall", None].value)
    assert math.isnan(found["macro_recall", None].n_effective)


def test_lines_that_a_replicate_can_only_raise_have_no_interval() -> None:
    found = _by_key(_measured(_sample(COUNTS)))
    for metric in ("no_skill_test_mix", "no_skill_best_constant"):
        assert math.isnan(found[metric, None].interval.low)
        assert math.isnan(found[metric, None].interval.high)
    line = found["no_skill_train_majority", None]
    assert line.interval.low < line.value < line.interval.high


def test_f1_near_the_edge_keeps_a_width_and_its_bounds() -> None:
    found = _by_key(_measured(_sample({(0, 0): 40, (1, 1): 30, (2, 0): 1})))
    assert found["f1", 1].value == 1
    assert found["f1", 1].interval.low < 0.95
    assert found["f1", 1].interval.high == 1
    assert found["f1", 2].value == 0
    assert math.isnan(found["f1", 5].interval.low)
    share = found["f1", 0]
    assert share.value == pytest.approx(80 / 81)
    assert share.interval.low < 0.96 < share.value < share.interval.high < 1


def test_few_successes_or_failures_get_wilsons_interval() -> None:
    found = _by_key(_measured(_sample(COUNTS)))
    for key, share, n in (
        (("recall", 0), 0.9, 40),
        (("recall", 2), 0.0, 5),
        (("precision", 1), 1.0, 20),
        (("specificity", 1), 1.0, 45),
    ):
        expected = intervals.wilson(share, n=n)
        assert found[key].has_own_interval
        assert found[key].interval.low == pytest.approx(expected.low)
        assert found[key].interval.high == pytest.approx(expected.high)
    assert not found["recall", 1].has_own_interval


def test_images_of_one_patient_widen_wilsons_interval() -> None:
    alone = _by_key(_measured(_sample({(0, 0): 18, (0, 1): 2})))["accuracy", None].interval
    pairs = _by_key(_measured(_sample({(0, 0): 18, (0, 1): 2}, patient_size=2)))["accuracy", None].interval
    expected = intervals.wilson(0.9, n=10)
    assert pairs.low == pytest.approx(expected.low)
    assert pairs.low < alone.low < alone.high < pairs.high


def test_the_interval_of_a_count_is_that_of_the_share() -> None:
    found = _by_key(_measured(_sample(COUNTS)))
    for index in (0, 1, 2):
        name = ("predicted_as_no_finding", "predicted_as_cardiomegaly", "predicted_as_nodule_mass")[index]
        recall, count = found["recall", index], found[name, index]
        assert count.value == pytest.approx(recall.value * (recall.n_positive or 0))
        assert count.interval.low == pytest.approx(recall.interval.low * (recall.n_positive or 0))
        assert count.interval.high == pytest.approx(recall.interval.high * (recall.n_positive or 0))
    assert found["predicted_as_consolidation", 0].value == 0
    assert found["predicted_as_consolidation", 0].interval.high > 2


def test_a_constant_answer_has_no_false_certainty() -> None:
    found = _by_key(_measured(_sample({(0, 0): 50, (1, 0): 40})))
    assert found["macro_recall", None].value == 0.5
    assert found["macro_recall", None].interval.low < 0.48
    assert found["recall", 0].interval.low < 1
    assert found["recall", 1].interval.high > 0
    assert found["auroc", 0].value == 0.5


def test_without_replicates_there_are_values_alone() -> None:
    for one in _measured(_sample(COUNTS, replicates=0)):
        assert one.replicates.size == 0
        assert math.isnan(one.interval.low)
        assert math.isnan(one.interval.high)


@pytest.mark.parametrize("replicates", [0, 50])
def test_no_image_at_all(replicates: int) -> None:
    for one in _measured(_sample({}, replicates=replicates, unlabelled=3)):
        assert one.value == 0 if one.metric.startswith("predicted_as") else math.isnan(one.value)
        assert math.isnan(one.interval.low)
        assert one.n == 0
        assert one.not_estimable


def test_a_class_that_replicates_often_lose_has_no_percentile_interval() -> None:
    found = _by_key(_measured(_sample({(0, 0): 40, (1, 1): 1, (1, 0): 1})))
    assert math.isnan(found["f1", 3].interval.low)
    assert found["auroc", 1].value > 0.5
    assert math.isnan(found["auroc", 1].interval.low)
    assert math.isnan(found["balanced_accuracy", None].interval.low)
    assert not math.isnan(found["recall", 1].interval.low)


def test_the_order_of_images_changes_nothing() -> None:
    sample = _sample(COUNTS, patient_size=3)
    order = np.random.default_rng(0).permutation(sample.classes.size)
    shuffled = _reordered(sample, order)
    for one, other in zip(_measured(sample), _measured(shuffled), strict=True):
        assert (one.metric, one.finding) == (other.metric, other.finding)
        assert one.value == pytest.approx(other.value, nan_ok=True)
        assert one.interval.low == pytest.approx(other.interval.low, nan_ok=True)


def _reordered(sample: Sample, order: npt.NDArray[np.int64]) -> Sample:
    return Sample(
        classes=sample.classes[order],
        present=sample.present[order],
        predicted=sample.predicted[order],
        probability=sample.probability[order],
        clusters=sample.clusters[order],
        weights=sample.weights,
        train_mix=sample.train_mix,
    )
