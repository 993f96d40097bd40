from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxr_core.evaluation.estimates import MetricEstimate
from cxr_core.evaluation.group import Measured
from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.findings import FINDINGS
from cxr_core.statistics import intervals
from cxr_core.statistics.intervals import Interval


@pytest.fixture(scope="module")
def measured(sites: list[Site], scored: list[Scored]) -> tuple[Measured, ...]:
    return measure(sites, scored, classes=FINDINGS, seed=0, replicates=200)


@pytest.fixture(scope="module")
def gap(measured: tuple[Measured, ...]) -> pd.DataFrame:
    return gap_rows(measured)


def test_training_images_and_members_have_no_gap(gap: pd.DataFrame) -> None:
    assert set(gap["model_id"]) == {"split"}


def test_a_role_of_training_cannot_enter(sites: list[Site], scored: list[Scored]) -> None:
    trained = [replace(one, role=np.where(one.role == "internal_test", "train", one.role)) for one in scored]
    frame = gap_rows(measure(sites, trained, classes=FINDINGS, seed=0, replicates=20))
    assert frame.empty
    assert list(frame.columns) == list(
        gap_rows(measure(sites, scored, classes=FINDINGS, seed=0, replicates=20)).columns
    )


@pytest.mark.parametrize("role", ["external_adapted", "validation"])
def test_nor_can_what_was_fitted_externally_or_chosen_by(sites: list[Site], scored: list[Scored], role: str) -> None:
    other = [replace(one, role=np.where(one.role == "external_test", role, one.role)) for one in scored]
    assert gap_rows(measure(sites, other, classes=FINDINGS, seed=0, replicates=20)).empty


def test_pairs_are_like_for_like(gap: pd.DataFrame) -> None:
    pairs = gap[["task", "internal_policy", "external_policy"]].drop_duplicates()
    single_class = pairs[pairs["task"] == "single_class"]
    assert set(single_class["external_policy"]) == {"u_ignore"}
    assert set(single_class["internal_policy"]) == {"majority", "unanimous"}
    assert len(pairs[pairs["task"] == "finding"]) == 4
    assert "view=PA" in set(gap["stratum"])
    assert "view=AP" not in set(gap["stratum"])
    assert not gap["metric"].str.contains("predicted_as|no_skill").any()
    place = [
        name
        for name in gap.columns
        if name not in {"classes", "internal_value", "external_value", "value", "low", "high"}
    ]
    assert not gap.duplicated(place).any()


def test_values_are_those_of_the_metric_table(gap: pd.DataFrame, measured: tuple[Measured, ...]) -> None:
    metric = metric_rows(measured)
    key = ["model_id", "task", "stratum", "finding", "metric"]
    inside = metric[metric["role"] == "internal_test"].rename(
        columns={"dataset": "internal_dataset", "policy": "internal_policy"}
    )
    outside = metric[metric["role"] == "external_test"].rename(
        columns={"dataset": "external_dataset", "policy": "external_policy"}
    )
    both = gap.merge(inside, on=[*key, "internal_dataset", "internal_policy"], suffixes=("", "_inside"))
    both = both.merge(outside, on=[*key, "external_dataset", "external_policy"], suffixes=("", "_outside"))
    assert len(both) == len(gap)
    plain = both[~both["metric"].str.contains("macro|balanced")]
    pd.testing.assert_series_equal(plain["internal_value"], plain["value_inside"], check_names=False)
    pd.testing.assert_series_equal(plain["external_value"], plain["value_outside"], check_names=False)
    pd.testing.assert_series_equal(
        plain["not_estimable"], plain["not_estimable_inside"] | plain["not_estimable_outside"], check_names=False
    )


@pytest.mark.parametrize(
    ("metric", "base"), [("macro_recall", "recall"), ("macro_average_precision", "average_precision")]
)
def test_means_are_over_what_both_sites_can_estimate(gap: pd.DataFrame, metric: str, base: str) -> None:
    rows = gap[(gap["stratum"] == "all") & (gap["task"] == "single_class") & (gap["internal_policy"] == "majority")]
    each = rows[rows["metric"] == base]
    estimable = each[~each["not_estimable"]]
    mean = rows[rows["metric"] == metric].iloc[0]
    assert 0 < len(estimable) < 6
    assert list(mean["classes"]) == [name for name in FINDINGS if name in set(estimable["finding"])]
    assert mean["internal_value"] == pytest.approx(estimable["internal_value"].mean())
    assert mean["external_value"] == pytest.approx(estimable["external_value"].mean())
    assert mean["low"] < mean["value"] < mean["high"]
    assert not mean["not_estimable"]


def test_balanced_accuracy_is_over_classes_seen_at_both_sites(gap: pd.DataFrame) -> None:
    rows = gap[(gap["stratum"] == "all") & (gap["task"] == "single_class") & (gap["internal_policy"] == "majority")]
    recall = rows[(rows["metric"] == "recall") & rows["value"].notna()]
    mean = rows[rows["metric"] == "balanced_accuracy"].iloc[0]
    assert list(mean["classes"]) == [name for name in FINDINGS if name in set(recall["finding"])]
    assert mean["internal_value"] == pytest.approx(recall["internal_value"].mean())
    assert mean["not_estimable"]


def test_no_shared_class_no_mean(gap: pd.DataFrame) -> None:
    thin = gap[gap["metric"].str.startswith("macro_") & (gap["classes"].map(len) == 0)]
    assert len(thin) > 0
    assert thin[["internal_value", "external_value", "value", "low", "high"]].isna().all(axis=None)
    assert thin["not_estimable"].all()


def test_few_successes_at_one_site_take_the_sites_own_intervals(
    gap: pd.DataFrame, measured: tuple[Measured, ...]
) -> None:
    found = {
        (group.role, one.finding): one
        for group in measured
        for one in group.estimates
        if (group.model_id, group.stratum, group.task, one.metric) == ("split", "all", "single_class", "recall")
        and group.policy in {"majority", "u_ignore"}
    }
    checked = 0
    for index, name in enumerate(FINDINGS):
        first, second = found["internal_test", index], found["external_test", index]
        if not (first.has_own_interval or second.has_own_interval):
            continue
        expected: Interval = intervals.difference(
            first.value, first.interval, second=second.value, second_interval=second.interval
        )
        row = gap[(gap["stratum"] == "all") & (gap["metric"] == "recall") & (gap["finding"] == name)]
        row = row[row["internal_policy"] == "majority"].iloc[0]
        assert (row["low"], row["high"]) == (pytest.approx(expected.low), pytest.approx(expected.high))
        checked += 1
    assert checked > 0


def test_an_interval_missing_at_one_site_is_missing_in_the_gap(
    gap: pd.DataFrame, measured: tuple[Measured, ...]
) -> None:
    metric = metric_rows(measured)
    without = metric[(metric["role"] == "internal_test") & metric["low"].isna() & metric["finding"].notna()]
    lost = without.merge(
        gap,
        left_on=["model_id", "dataset", "policy", "task", "stratum", "finding", "metric"],
        right_on=["model_id", "internal_dataset", "internal_policy", "task", "stratum", "finding", "metric"],
        suffixes=("_metric", ""),
    )
    assert len(lost) > 0
    assert lost[["low", "high"]].isna().all(axis=None)


def test_the_sites_are_resampled_independently(sites: list[Site], scored: list[Scored]) -> None:
    """The variance of the gap is the sum of the sites' variances."""
    measured = measure(sites, scored, classes=FINDINGS, seed=0, replicates=2000)
    groups = {
        group.role: {one.metric: one for one in group.estimates if one.finding is None}
        for group in measured
        if (group.model_id, group.stratum, group.task) == ("split", "all", "single_class")
        and group.policy in {"majority", "u_ignore"}
    }
    inside, outside = groups["internal_test"]["accuracy"].replicates, groups["external_test"]["accuracy"].replicates
    assert np.var(inside - outside) == pytest.approx(np.var(inside) + np.var(outside), rel=0.1)
    row = gap_rows(measured).query(
        "stratum == 'all' and metric == 'accuracy' and internal_policy == 'majority' and external_policy == 'u_ignore'"
    )
    expected = np.percentile(inside - outside, [2.5, 97.5])
    np.testing.assert_allclose(row[["low", "high"]].to_numpy()[0], expected, atol=1e-6)


@pytest.mark.parametrize("own_at", ["internal_test", "external_test"])
def test_an_interval_of_its_own_at_either_site_is_enough(own_at: str) -> None:
    own = {"internal_test": Interval(low=0.7, high=0.95), "external_test": Interval(low=0.3, high=0.8)}
    groups = [
        _accuracy(role, value=value, interval=own[role], has_own_interval=role == own_at)
        for role, value in (("internal_test", 0.9), ("external_test", 0.5))
    ]
    row = gap_rows(groups).iloc[0]
    expected = intervals.difference(0.9, own["internal_test"], second=0.5, second_interval=own["external_test"])
    assert row["value"] == pytest.approx(0.4)
    assert (row["low"], row["high"]) == (pytest.approx(expected.low), pytest.approx(expected.high))


@pytest.mark.parametrize(("internal", "external", "flagged"), [(30, 31, False), (29.9, 400, True), (400, 29.9, True)])
def test_a_gap_is_estimable_if_both_sides_are(internal: float, external: float, flagged: bool) -> None:
    ends = Interval(low=0.4, high=0.6)
    sizes = {"internal_test": internal, "external_test": external}
    groups = [_accuracy(role, value=0.5, interval=ends, n_effective=size) for role, size in sizes.items()]
    assert bool(gap_rows(groups)["not_estimable"].iloc[0]) is flagged


def _accuracy(
    role: str, *, value: float, interval: Interval, has_own_interval: bool = False, n_effective: float = 40
) -> Measured:
    one = MetricEstimate(
        metric="accuracy",
        finding=None,
        value=value,
        interval=interval,
        n=40,
        n_positive=None,
        n_effective=n_effective,
        replicates=np.linspace(value - 0.01, value + 0.01, 100, dtype=np.float32),
        has_own_interval=has_own_interval,
    )
    return Measured(
        model_id="split",
        is_ensemble=True,
        dataset=role,
        role=role,
        policy="majority",
        task="single_class",
        stratum="all",
        classes=FINDINGS,
        estimates=(one,),
    )
