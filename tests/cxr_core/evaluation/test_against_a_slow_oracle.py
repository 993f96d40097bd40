"""Values and intervals, recomputed one replicate and one image at a time with scikit-learn on repeated images."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn import metrics as oracle

from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.findings import FINDINGS
from cxr_core.statistics.resampling import Resamples, resample
from tests.support import slow_intervals as slow

Key = tuple[str, str | None]
Rows = npt.NDArray[np.int64]
SEED, REPLICATES, K = 3, 20, 6
LABELS = list(range(K))
RANKED = {"auroc": slow.auroc, "average_precision": slow.average_precision}


@dataclass(frozen=True, kw_only=True)
class Group:
    """The images of one site, model, role, policy, task and stratum."""

    site: Site
    one: Scored
    policy: str
    task: str
    rows: Rows
    drawn: Resamples

    @property
    def patients(self) -> Rows:
        return self.site.patients[self.rows]

    @property
    def classes(self) -> npt.NDArray[np.int8]:
        return self.site.references[self.policy].classes[self.rows]

    def present(self, index: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Which images have a finding, and of which that is known."""
        if self.task == "single_class":
            return self.classes == index, np.ones(self.rows.size, bool)
        present = self.site.references[self.policy].present[self.rows, index]
        return present == 1, np.isfinite(present)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
def test_metric_rows(sites: list[Site], scored: list[Scored]) -> None:
    stratum = "sex=F"
    frame = metric_rows(measure(sites, scored, classes=FINDINGS, seed=SEED, replicates=REPLICATES))
    frame = frame[(frame["stratum"] == stratum) & ~frame["metric"].str.startswith("predicted_as")]
    compared = 0
    for site, one in _pairs(sites, scored, model="split"):
        for (role, policy, task), rows in frame[_of(frame, one)].groupby(["role", "policy", "task"]):
            group = _group(site, one, role=role, policy=policy, task=task, stratum=stratum)
            compared += _compare(rows, _replicate(group), own=_own_intervals(group), by_hand=_shares(group))
    assert compared > 100


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
@pytest.mark.parametrize("task", ["single_class", "finding"])
def test_gap_rows(sites: list[Site], scored: list[Scored], task: str) -> None:
    frame = gap_rows(measure(sites, scored, classes=FINDINGS, seed=SEED, replicates=REPLICATES))
    rows = frame[(frame["stratum"] == "all") & (frame["internal_policy"] == "majority") & (frame["task"] == task)]
    rows = rows[(rows["external_policy"] == "u_ignore") & ~rows["metric"].str.contains("macro|balanced")]
    internal, external = _pairs(sites, scored, model="split")
    groups = [
        _group(*internal, role="internal_test", policy="majority", task=task, stratum="all"),
        _group(*external, role="external_test", policy="u_ignore", task=task, stratum="all"),
    ]
    (first, own), (second, others) = ((_replicate(group), _own_intervals(group)) for group in groups)
    differences = {key: first[key] - second[key] for key in first if _both_have_intervals(first[key], second[key])}
    ends = {key: _apart(first[key][0], own[key], second[key][0], others[key]) for key in own if key in differences}
    rows = rows[
        [
            (row.metric, row.finding if isinstance(row.finding, str) else None) in differences
            for row in rows.itertuples()
        ]
    ]
    assert _compare(rows, differences, own=ends, by_hand={"recall", "precision", "specificity"}) > 10
    for shared in rows.itertuples():
        assert shared.value == pytest.approx(shared.internal_value - shared.external_value, nan_ok=True)


def _apart(first: float, its: slow.Ends, second: float, others: slow.Ends) -> slow.Ends:
    below = math.sqrt((first - its[0]) ** 2 + (others[1] - second) ** 2)
    above = math.sqrt((its[1] - first) ** 2 + (second - others[0]) ** 2)
    return first - second - below, first - second + above


def _pairs(sites: list[Site], scored: list[Scored], *, model: str) -> list[tuple[Site, Scored]]:
    by_name = {site.dataset: site for site in sites}
    return [(by_name[one.dataset], one) for one in scored if one.model_id == model]


def _of(frame: pd.DataFrame, one: Scored) -> pd.Series:
    return (frame["dataset"] == one.dataset) & (frame["model_id"] == one.model_id)


def _compare(
    rows: pd.DataFrame, replicated: dict[Key, slow.Floats], *, own: dict[Key, slow.Ends], by_hand: set[str]
) -> int:
    """Number of intervals that were compared; those of Wilson are left to the tests by hand."""
    compared = 0
    for row in rows.to_dict("records"):
        key = (row["metric"], row["finding"] if isinstance(row["finding"], str) else None)
        values = replicated[key]
        assert row["value"] == pytest.approx(values[0], abs=1e-6, nan_ok=True), row
        defined = values[1:][np.isfinite(values[1:])]
        if key in own:
            assert [row["low"], row["high"]] == pytest.approx(own[key], abs=1e-5, nan_ok=True), row
            compared += not math.isnan(own[key][0])
            continue
        if row["metric"] in by_hand or (row["metric"] == "accuracy" and _few(row)):
            continue
        if row["metric"] in {"no_skill_test_mix", "no_skill_best_constant"}:
            assert math.isnan(row["low"])
            assert math.isnan(row["high"])
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


def _group(site: Site, one: Scored, *, role: str, policy: str, task: str, stratum: str) -> Group:
    reference = site.references[policy]
    kept = (one.role == role) & site.strata[stratum]
    kept &= reference.classes >= 0 if task == "single_class" else np.isfinite(reference.present).any(axis=1)
    drawn = resample(site.patients, seed=SEED, dataset=site.dataset, replicates=REPLICATES)
    return Group(site=site, one=one, policy=policy, task=task, rows=np.flatnonzero(kept), drawn=drawn)


def _replicate(group: Group) -> dict[Key, slow.Floats]:
    measured = _single_class if group.task == "single_class" else _finding
    found = []
    for column in range(1 + REPLICATES):
        weights = group.drawn.weights[group.drawn.clusters[group.rows], column]
        found.append(measured(group, np.repeat(group.rows, weights.astype(int))))
    return {key: np.array([each[key] for each in found]) for key in found[0]}


def _own_intervals(group: Group) -> dict[Key, slow.Ends]:
    """Of all areas, of F1, and of their means."""
    found: dict[Key, slow.Ends] = {}
    for metric in (*RANKED, "f1") if group.task == "single_class" else RANKED:
        parts = [_f1(group, index) if metric == "f1" else _ranked(group, metric, index) for index in LABELS]
        found |= {(metric, FINDINGS[index]): ends for index, (_, ends, _) in enumerate(parts)}
        many = [parts[index] for index in LABELS if _is_estimable(group, index)]
        found[f"macro_{metric}", None] = slow.mean(*zip(*many, strict=True)) if many else slow.NONE
    return found


def _shares(group: Group) -> set[str]:
    """Proportions of a class, and the means of those that all have few successes or failures."""
    found = {"recall", "precision", "specificity"}
    answered = group.one.predicted[group.rows]
    estimable = [index for index in LABELS if _is_estimable(group, index)]
    for mean, metric, over in (
        ("balanced_accuracy", "recall", sorted(set(group.classes) - {-1})),
        *((f"macro_{metric}", metric, estimable) for metric in sorted(found)),
    ):
        parts = []
        for index in over:
            true = group.classes == index
            part, whole = {
                "recall": (true & (answered == index), true),
                "precision": (true & (answered == index), answered == index),
                "specificity": (~true & (answered != index), ~true),
            }[metric]
            parts.append(min(part.sum(), whole.sum() - part.sum()) < 10)
        found |= {mean} if all(parts) else set()
    return found


def _is_estimable(group: Group, index: int) -> bool:
    return slow.n_effective([*group.patients[group.present(index)[0]]]) >= 30


def _ranked(group: Group, metric: str, index: int) -> tuple[float, slow.Ends, slow.Floats]:
    present, known = group.present(index)
    present, patients = present[known], group.patients[known]
    if not present.any() or present.all():
        return math.nan, slow.NONE, np.full(REPLICATES, np.nan)
    scores = group.one.probability[group.rows[known], index].astype(np.float64)
    value = RANKED[metric](present, scores, np.ones((1, present.size)))[0]
    change = slow.influence(lambda weights: RANKED[metric](present, scores, weights), present.size)
    positives, negatives = int(present.sum()), int((~present).sum())
    variance = slow.hanley_mcneil(positives, negatives) if metric == "auroc" else slow.binomial(positives)
    kinds = (present, ~present)
    ends = slow.interval(value, change=change, patients=patients, kinds=kinds, variance=variance)
    return value, ends, change @ group.drawn.weights[group.drawn.clusters[group.rows[known]], 1:]


def _f1(group: Group, index: int) -> tuple[float, slow.Ends, slow.Floats]:
    true, answered = group.classes == index, group.one.predicted[group.rows] == index
    either, n = true | answered, true.size
    if not either.any():
        return math.nan, slow.NONE, np.full(REPLICATES, np.nan)
    weights = group.drawn.weights[group.drawn.clusters[group.rows], 1:].T
    share, *replicates = slow.overlap(true, answered, np.vstack([np.ones(n), weights]))
    change = slow.influence(lambda weights: slow.overlap(true, answered, weights), n)
    variance = slow.binomial(int(either.sum()))
    low, high = slow.interval(share, change=change, patients=group.patients, kinds=(either,), variance=variance)
    f1 = 2 * np.array([share, low, high, *replicates]) / (1 + np.array([share, low, high, *replicates]))
    return float(f1[0]), (float(f1[1]), float(f1[2])), f1[3:]


def _single_class(group: Group, copies: Rows) -> dict[Key, float]:
    one, classes = group.one, group.site.references[group.policy].classes
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
    positives = np.bincount(group.classes, minlength=K)
    shares = np.bincount(truth, minlength=K) / truth.size
    return {
        **_with_macros(group, per_class),
        ("accuracy", None): oracle.accuracy_score(truth, answers),
        ("balanced_accuracy", None): float(np.mean(np.array(per_class["recall"])[positives > 0])),
        ("no_skill_uniform", None): 1 / 6,
        ("no_skill_test_mix", None): float(np.sum(shares**2)),
        ("no_skill_train_mix", None): float(np.dot(shares, one.train_mix)),
        ("no_skill_train_majority", None): float(shares[int(np.argmax(one.train_mix))]),
        ("no_skill_best_constant", None): float(shares.max()),
    }


def _finding(group: Group, copies: Rows) -> dict[Key, float]:
    one, present = group.one, group.site.references[group.policy].present
    areas: dict[str, list[float]] = {"auroc": [], "average_precision": []}
    for index in LABELS:
        known = copies[np.isfinite(present[copies, index])]
        truth, scores = present[known, index] == 1, one.probability[known, index]
        areas["auroc"].append(_area(oracle.roc_auc_score, truth, scores))
        areas["average_precision"].append(_area(oracle.average_precision_score, truth, scores))
    return _with_macros(group, areas)


def _with_macros(group: Group, per_class: dict[str, list[float]]) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for metric, values in per_class.items():
        estimable = np.array(values)[[_is_estimable(group, index) for index in LABELS]]
        found[f"macro_{metric}", None] = float(estimable.mean()) if estimable.size else np.nan
        found |= {(metric, FINDINGS[index]): value for index, value in enumerate(values)}
    return found


def _area(measure_area: Callable[..., float], truth: npt.NDArray[np.bool_], scores: npt.NDArray[np.floating]) -> float:
    return float(measure_area(truth, scores)) if truth.any() and not truth.all() else float("nan")
