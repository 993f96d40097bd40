"""Values and percentile intervals, recomputed one replicate at a time with scikit-learn on repeated images."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn import metrics as oracle

from cxr_core.evaluation.gap import gap_rows
from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.metric import metric_rows
from cxr_core.findings import FINDINGS
from cxr_core.statistics.resampling import resample

Key = tuple[str, str | None]
Rows = npt.NDArray[np.int64]
SEED, REPLICATES, K = 3, 20, 6
LABELS = list(range(K))


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
def test_metric_rows(sites: list[Site], scored: list[Scored]) -> None:
    stratum = "sex=F"
    frame = metric_rows(measure(sites, scored, seed=SEED, replicates=REPLICATES))
    frame = frame[(frame["stratum"] == stratum) & ~frame["metric"].str.startswith("taken_for")]
    compared = 0
    for site, one in _pairs(sites, scored, model="split"):
        for (role, policy, task), rows in frame[_of(frame, one)].groupby(["role", "policy", "task"]):
            replicated = _replicate(site, one, role=role, policy=policy, task=task, stratum=stratum)
            compared += _compare(rows, replicated)
    assert compared > 100


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
@pytest.mark.parametrize("task", ["six_way", "finding"])
def test_gap_rows(sites: list[Site], scored: list[Scored], task: str) -> None:
    frame = gap_rows(measure(sites, scored, seed=SEED, replicates=REPLICATES))
    rows = frame[(frame["stratum"] == "all") & (frame["internal_policy"] == "majority") & (frame["task"] == task)]
    rows = rows[(rows["external_policy"] == "u_ignore") & ~rows["metric"].str.contains("macro|balanced")]
    home, abroad = _pairs(sites, scored, model="split")
    first = _replicate(*home, role="internal_test", policy="majority", task=task, stratum="all")
    second = _replicate(*abroad, role="external_test", policy="u_ignore", task=task, stratum="all")
    differences = {key: first[key] - second[key] for key in first if _both_have_intervals(first[key], second[key])}
    rows = rows[
        [
            (row.metric, row.finding if isinstance(row.finding, str) else None) in differences
            for row in rows.itertuples()
        ]
    ]
    assert _compare(rows, differences) > 10
    for shared in rows.itertuples():
        assert shared.value == pytest.approx(shared.internal_value - shared.external_value, nan_ok=True)


def _pairs(sites: list[Site], scored: list[Scored], *, model: str) -> list[tuple[Site, Scored]]:
    by_name = {site.dataset: site for site in sites}
    return [(by_name[one.dataset], one) for one in scored if one.model_id == model]


def _of(frame: pd.DataFrame, one: Scored) -> pd.Series:
    return (frame["dataset"] == one.dataset) & (frame["model_id"] == one.model_id)


def _compare(rows: pd.DataFrame, replicated: dict[Key, npt.NDArray[np.float64]]) -> int:
    """Number of intervals that were compared; Wilson's are left to the tests by hand."""
    compared = 0
    for row in rows.to_dict("records"):
        values = replicated[row["metric"], row["finding"] if isinstance(row["finding"], str) else None]
        assert row["value"] == pytest.approx(values[0], abs=1e-6, nan_ok=True), row
        defined = values[1:][np.isfinite(values[1:])]
        if row["metric"] in {"recall", "precision", "specificity"} or (row["metric"] == "accuracy" and _few(row)):
            continue
        expected = np.percentile(defined, [2.5, 97.5]) if defined.size else np.full(2, np.nan)
        if np.isnan(values[0]) or defined.size < 0.95 * REPLICATES or np.ptp(defined) < 1e-9:
            expected = np.full(2, np.nan)
        assert [row["low"], row["high"]] == pytest.approx(expected, abs=1e-6, nan_ok=True), row
        compared += bool(np.isfinite(expected).all())
    return compared


def _both_have_intervals(*sides: npt.NDArray[np.float64]) -> bool:
    return all(
        np.isfinite(side[1:]).mean() >= 0.95 and np.nanmax(side[1:]) - np.nanmin(side[1:]) > 1e-9 for side in sides
    )


def _few(row: dict[str, float]) -> bool:
    return min(row["value"], 1 - row["value"]) * row.get("n", 0) < 9.5


def _replicate(
    site: Site, one: Scored, *, role: str, policy: str, task: str, stratum: str
) -> dict[Key, npt.NDArray[np.float64]]:
    drawn = resample(site.patients, seed=SEED, dataset=site.dataset, replicates=REPLICATES)
    reference = site.references[policy]
    kept = (one.role == role) & site.strata[stratum]
    kept &= reference.classes >= 0 if task == "six_way" else np.isfinite(reference.present).any(axis=1)
    rows = np.flatnonzero(kept)
    found = []
    for column in range(1 + REPLICATES):
        copies = np.repeat(rows, drawn.weights[drawn.clusters[rows], column].astype(int))
        measured = _six_way if task == "six_way" else _finding
        found.append(measured(site, one, policy, rows, copies))
    return {key: np.array([each[key] for each in found]) for key in found[0]}


def _six_way(site: Site, one: Scored, policy: str, rows: Rows, copies: Rows) -> dict[Key, float]:
    classes = site.references[policy].classes
    truth, answers = classes[copies], one.predicted[copies]
    settings = {"labels": LABELS, "average": None, "zero_division": np.nan}
    per_class = {
        "recall": list(oracle.recall_score(truth, answers, **settings)),
        "precision": list(oracle.precision_score(truth, answers, **settings)),
        "f1": list(oracle.f1_score(truth, answers, **settings)),
        "specificity": [oracle.recall_score(truth != c, answers != c, zero_division=np.nan) for c in LABELS],
        "auroc": [_area(oracle.roc_auc_score, truth == c, one.probability[copies, c]) for c in LABELS],
        "average_precision": [
            _area(oracle.average_precision_score, truth == c, one.probability[copies, c]) for c in LABELS
        ],
    }
    positives = np.bincount(classes[rows], minlength=K)
    shares = np.bincount(truth, minlength=K) / truth.size
    return {
        **_with_macros(per_class, positives),
        ("accuracy", None): oracle.accuracy_score(truth, answers),
        ("balanced_accuracy", None): float(np.mean(np.array(per_class["recall"])[positives > 0])),
        ("no_skill_uniform", None): 1 / 6,
        ("no_skill_test_mix", None): float(np.sum(shares**2)),
        ("no_skill_train_mix", None): float(np.dot(shares, one.train_mix)),
        ("no_skill_train_majority", None): float(shares[int(np.argmax(one.train_mix))]),
        ("no_skill_best_constant", None): float(shares.max()),
    }


def _finding(site: Site, one: Scored, policy: str, rows: Rows, copies: Rows) -> dict[Key, float]:
    present = site.references[policy].present
    areas: dict[str, list[float]] = {"auroc": [], "average_precision": []}
    for index in LABELS:
        known = copies[np.isfinite(present[copies, index])]
        truth, scores = present[known, index] == 1, one.probability[known, index]
        areas["auroc"].append(_area(oracle.roc_auc_score, truth, scores))
        areas["average_precision"].append(_area(oracle.average_precision_score, truth, scores))
    return _with_macros(areas, (present[rows] == 1).sum(axis=0))


def _with_macros(per_class: dict[str, list[float]], positives: npt.NDArray[np.int64]) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for metric, values in per_class.items():
        estimable = np.array(values)[positives >= 30]
        found[f"macro_{metric}", None] = float(estimable.mean()) if estimable.size else np.nan
        found |= {(metric, FINDINGS[index]): value for index, value in enumerate(values)}
    return found


def _area(measure_area: Callable[..., float], truth: npt.NDArray[np.bool_], scores: npt.NDArray[np.floating]) -> float:
    return float(measure_area(truth, scores)) if truth.any() and not truth.all() else float("nan")
