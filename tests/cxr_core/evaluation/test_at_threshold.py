"""Findings at an operating point: against scikit-learn and pandas, what is not said, and flags without scores."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, precision_score, recall_score, roc_auc_score

from cxr_core.evaluation.flags import flags
from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.findings import FINDINGS
from cxr_core.statistics.design import independent

AT_THRESHOLD = ("recall", "specificity", "precision", "npv", "accuracy")
THRESHOLDS = np.array([0.3, 0.5, 0.1, 0.4, np.nan, 0.2], np.float32)
UNSAID = 2
"""A finding that the model says nothing of."""


def sigmoid(one: Scored, *, has_scores: bool = True, point: str = "stated") -> Scored:
    """The same model, were its outputs not to exclude each other."""
    probability = one.probability.copy()
    probability[:, UNSAID] = np.nan
    stated = flags(probability, None, thresholds={point: THRESHOLDS})
    return replace(
        one,
        outputs="sigmoid",
        predicted=np.full_like(one.predicted, -1),
        probability=probability if has_scores else None,
        flagged=stated,
    )


@pytest.fixture(scope="module")
def rows(sites: list[Site], scored: list[Scored]) -> tuple[pd.DataFrame, pd.DataFrame]:
    measured = measure(
        sites, [sigmoid(one) for one in scored if one.model_id == "split"], classes=FINDINGS, seed=0, replicates=200
    )
    return metric_rows(measured), gap_rows(measured)


def _external(sites: list[Site], scored: list[Scored]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], Site]:
    (one,) = (one for one in scored if one.model_id == "split" and one.dataset == "away")
    return one.probability, sites[1].references["u_ignore"].present, sites[1]


def _of(frame: pd.DataFrame, metric: str, **where: str) -> pd.DataFrame:
    given = {"metric": metric, "policy": "u_ignore", "stratum": "all", **where}
    return frame[np.logical_and.reduce([frame[name] == value for name, value in given.items()])]


def test_each_finding_has_what_scikit_learn_finds(
    rows: tuple[pd.DataFrame, pd.DataFrame], sites: list[Site], scored: list[Scored]
) -> None:
    probability, present, site = _external(sites, scored)
    for index in (0, 1, 3, 5):
        known = np.isfinite(present[:, index])
        true, flagged = present[known, index] == 1, probability[known, index] >= THRESHOLDS[index]
        patients = site.patients[known]
        expected = {
            "recall": (recall_score(true, flagged, zero_division=np.nan), true),
            "specificity": (recall_score(~true, ~flagged, zero_division=np.nan), ~true),
            "precision": (precision_score(true, flagged, zero_division=np.nan), flagged),
            "npv": (precision_score(~true, ~flagged, zero_division=np.nan), ~flagged),
            "accuracy": (accuracy_score(true, flagged), np.ones_like(true)),
        }
        for metric, (value, among) in expected.items():
            row = _of(rows[0], metric, finding=FINDINGS[index], operating_point="stated").iloc[0]
            assert row["value"] == pytest.approx(value, nan_ok=True), metric
            assert (row["n"], row["n_positive"]) == (known.sum(), true.sum())
            assert row["n_effective"] == pytest.approx(independent(patients[among]))
            assert math.isnan(value) or row["low"] <= value <= row["high"]


def test_an_interval_is_that_of_the_patients_drawn_again(
    rows: tuple[pd.DataFrame, pd.DataFrame], sites: list[Site], scored: list[Scored]
) -> None:
    probability, present, site = _external(sites, scored)
    known = np.isfinite(present[:, 0])
    table = pd.DataFrame(
        {
            "patient": site.patients[known],
            "right": (present[known, 0] == 1) == (probability[known, 0] >= THRESHOLDS[0]),
        }
    )
    by_patient = table.groupby("patient")["right"].agg(["sum", "count"]).to_numpy()
    drawn = np.random.default_rng(8).integers(0, len(by_patient), (4000, len(by_patient)))
    again = by_patient[drawn].sum(axis=1)
    row = _of(rows[0], "accuracy", finding=FINDINGS[0]).iloc[0]
    expected = np.percentile(again[:, 0] / again[:, 1], [2.5, 97.5])
    np.testing.assert_allclose([row["low"], row["high"]], expected, atol=0.02)


def test_there_is_no_single_class_and_scores_are_as_without_a_threshold(
    rows: tuple[pd.DataFrame, pd.DataFrame], sites: list[Site], scored: list[Scored]
) -> None:
    metric, _ = rows
    assert set(metric["task"]) == {"finding"}
    probability, present, _ = _external(sites, scored)
    known = np.isfinite(present[:, 1])
    row = _of(metric, "auroc", finding=FINDINGS[1]).iloc[0]
    assert pd.isna(row["operating_point"])
    assert row["value"] == pytest.approx(roc_auc_score(present[known, 1] == 1, probability[known, 1]))


def test_what_the_model_says_nothing_of_is_undefined_and_has_no_gap(rows: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    metric, gap = rows
    unsaid = metric[metric["finding"] == FINDINGS[UNSAID]]
    assert set(unsaid["metric"]) == {"auroc", "average_precision", *AT_THRESHOLD}
    assert unsaid[["value", "low", "high"]].isna().all(axis=None)
    assert (unsaid["n"] == 0).all()
    assert unsaid["not_estimable"].all()
    assert gap.loc[gap["finding"] == FINDINGS[UNSAID], "value"].isna().all()
    # Finding 4 has scores and no threshold.
    without = gap[(gap["finding"] == FINDINGS[4]) & (gap["stratum"] == "all")]
    assert without.groupby("metric")["value"].apply(lambda value: value.notna().any()).to_dict() == {
        "auroc": True, "average_precision": True, **dict.fromkeys(AT_THRESHOLD, False)
    }  # fmt: skip


def test_a_mean_is_over_the_findings_with_enough_positives(rows: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    metric, gap = rows
    counted = _of(metric, "recall", operating_point="stated").set_index("finding")["n_effective"]
    over = counted.index[counted >= 30]
    assert len(over) >= 2
    for name in AT_THRESHOLD:
        each = _of(metric, name, operating_point="stated").set_index("finding")["value"]
        row = _of(metric, f"macro_{name}").iloc[0]
        assert row["value"] == pytest.approx(each.loc[over].mean())
        assert row["operating_point"] == "stated"
    pairs = gap[(gap["metric"] == "macro_npv") & (gap["stratum"] == "all")]
    assert len(pairs) == 4
    assert all(FINDINGS[UNSAID] not in classes and FINDINGS[4] not in classes for classes in pairs["classes"])


def test_a_gap_is_that_of_one_operating_point(rows: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    metric, gap = rows
    pairs = gap[(gap["internal_policy"] == "majority") & (gap["external_policy"] == "u_ignore")]
    pairs = pairs[(pairs["stratum"] == "all") & (pairs["finding"] == FINDINGS[0])].set_index("metric")
    for name in ("auroc", *AT_THRESHOLD):
        sides = [
            _of(metric, name, policy=policy, role=role, finding=FINDINGS[0])["value"].item()
            for policy, role in (("majority", "internal_test"), ("u_ignore", "external_test"))
        ]
        assert pairs.loc[name, "value"] == pytest.approx(sides[0] - sides[1])
        assert pairs.loc[name, "low"] < pairs.loc[name, "value"] < pairs.loc[name, "high"]
        assert (pairs.loc[name, "operating_point"] == "stated") == (name != "auroc")


def test_flags_alone_give_the_same_numbers_and_no_area(
    rows: tuple[pd.DataFrame, pd.DataFrame], sites: list[Site], scored: list[Scored]
) -> None:
    alone = [sigmoid(one, has_scores=False) for one in scored if one.model_id == "split"]
    measured = measure(sites, alone, classes=FINDINGS, seed=0, replicates=200)
    for found, whole in zip((metric_rows(measured), gap_rows(measured)), rows, strict=True):
        expected = whole[whole["operating_point"] == "stated"].reset_index(drop=True)
        pd.testing.assert_frame_equal(found.astype(expected.dtypes), expected)


def test_what_one_site_has_alone_has_no_gap(sites: list[Site], scored: list[Scored]) -> None:
    inside, outside = (one for one in scored if one.model_id == "split")
    measured = measure(
        sites,
        [sigmoid(inside), sigmoid(outside, has_scores=False, point="youden")],
        classes=FINDINGS,
        seed=0,
        replicates=0,
    )
    assert len(metric_rows(measured))
    assert gap_rows(measured).empty


def test_one_class_is_enough(sites: list[Site], scored: list[Scored]) -> None:
    site = replace(
        sites[1],
        references={
            policy: replace(reference, classes=np.minimum(reference.classes, 0), present=reference.present[:, :1])
            for policy, reference in sites[1].references.items()
        },
    )
    (one,) = (sigmoid(one) for one in scored if one.model_id == "split" and one.dataset == "away")
    alone = replace(
        one,
        probability=one.probability[:, :1],
        train_mix=one.train_mix[:1],
        flagged={name: each[:, :1] for name, each in one.flagged.items()},
    )
    found = metric_rows(measure([site], [alone], classes=["Edema"], seed=0, replicates=20))
    assert set(found["metric"]) == {
        name for each in ("auroc", "average_precision", *AT_THRESHOLD) for name in (each, f"macro_{each}")
    }
    assert found.loc[(found["metric"] == "recall") & (found["stratum"] == "all"), "value"].notna().all()


def test_a_score_written_as_the_threshold_is_positive_and_a_flag_stands_whatever_the_score() -> None:
    scores = np.array([[0.7, 0.1], [0.69, 0.2], [0.9, np.nan]], np.float32)
    given = np.array([[np.nan, 1], [1, np.nan], [0, np.nan]], np.float32)
    thresholds = {"stated": np.array([0.7, np.nan], np.float32)}
    np.testing.assert_array_equal(
        flags(scores, None, thresholds=thresholds)["stated"], [[1, np.nan], [0, np.nan], [1, np.nan]]
    )
    np.testing.assert_array_equal(
        flags(scores, given, thresholds=thresholds)["stated"], [[1, 1], [1, np.nan], [0, np.nan]]
    )
    np.testing.assert_array_equal(flags(None, given, thresholds=thresholds)["stated"], given)
    assert not flags(scores, None, thresholds={})


def test_outputs_that_contradict_themselves_are_refused(scored: list[Scored]) -> None:
    one = scored[1]
    with pytest.raises(ValueError, match="expected no class"):
        replace(one, outputs="sigmoid")
    with pytest.raises(ValueError, match="flags alone"):
        replace(one, probability=None, flagged=sigmoid(one).flagged)
    with pytest.raises(ValueError, match="found neither"):
        replace(sigmoid(one), probability=None, flagged={})
    with pytest.raises(ValueError, match="1, 0 or NaN"):
        replace(one, flagged={"stated": np.full_like(one.probability, 0.5)})
