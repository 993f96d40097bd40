"""Like with like: with folds, a gap compares as many networks on both sides."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from cxr_core.evaluation.group import Measured
from cxr_core.evaluation.inputs import Scored, Site, strata_of
from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Reference

Features = npt.NDArray[np.float64]
Probabilities = npt.NDArray[np.float32]

FOLDS = 3
MIX = np.array([0.3, 0.25, 0.15, 0.15, 0.1, 0.05])
MODELS = ("split", "split-f0", "split-f1", "split-f2", "split-pooled")


def _hospital(name: str, *, n: int, rng: np.random.Generator) -> tuple[Site, Features]:
    """Images of one and the same world, whatever the hospital is called; two an image a patient."""
    classes = rng.choice(6, n, p=MIX).astype(np.int8)
    features = rng.normal(size=(n, 12)) + 1.5 * np.eye(6, 12)[classes]
    present = np.eye(6, dtype=np.float32)[classes]
    site = Site(
        dataset=name,
        patients=np.arange(n) // 2,
        references={"policy": Reference(classes=classes, left_out=np.full(n, None, object), present=present)},
        class_policies=frozenset({"policy"}),
        strata=strata_of(
            view=np.where(np.arange(n) < 4, "AP", "PA").astype(object),
            sex=np.full(n, None, object),
            age_years=np.full(n, np.nan),
        ),
    )
    return site, features


def _scored(
    model: str, site: Site, probability: Probabilities, *, role: Sequence[str], is_ensemble: bool = True
) -> Scored:
    asked = np.array(role, object)
    return Scored(
        model_id=model,
        dataset=site.dataset,
        is_ensemble=is_ensemble,
        role=asked,
        probability=np.where((asked != "")[:, None], probability, np.float32(np.nan)),
        predicted=np.where(asked != "", probability.argmax(axis=1), -1).astype(np.int8),
        train_mix=MIX,
        fold_of="split" if "-f" in model else None,
        has_gap=model == "split",
    )


def _world(seed: int, *, n: int, networks: int = 1) -> tuple[list[Site], list[Scored]]:
    """Two equal hospitals, and a run of three folds on the first; each network learns from sixty images."""
    rng = np.random.default_rng(seed)
    (internal, ours), (external, theirs) = (_hospital(name, n=n, rng=rng) for name in ("home", "away"))
    classes = internal.references["policy"].classes
    fold = internal.patients % FOLDS
    scored, everyone = [], []
    in_turn = np.zeros((n, 6), np.float32)
    for index in range(FOLDS):
        own_site, elsewhere = [], []
        for _ in range(networks):
            learnt = rng.choice(np.flatnonzero(fold != index), 60, replace=False)
            network = LogisticRegression(C=100, max_iter=500).fit(ours[learnt], classes[learnt])
            answers = [np.zeros((n, 6), np.float32) for _ in range(2)]
            for answer, features in zip(answers, (ours, theirs), strict=True):
                answer[:, network.classes_] = network.predict_proba(features)
            own_site.append(answers[0])
            elsewhere.append(answers[1])
        role = ["internal_test" if held_out else "" for held_out in fold == index]
        own = np.mean(own_site, axis=0)
        in_turn[fold == index] = own[fold == index]
        scored.append(_scored(f"split-f{index}", internal, own, role=role))
        scored.append(_scored(f"split-f{index}", external, np.mean(elsewhere, axis=0), role=["external_test"] * n))
        everyone += elsewhere
    scored.append(_scored("split", internal, in_turn, role=["internal_test"] * n))
    scored.append(_scored("split-pooled", external, np.mean(everyone, axis=0), role=["external_test"] * n))
    return [internal, external], scored


@pytest.fixture(scope="module")
def measured() -> tuple[Measured, ...]:
    return measure(*_world(0, n=900, networks=2), classes=FINDINGS, seed=0, replicates=200)


@pytest.fixture(scope="module")
def rows(measured: tuple[Measured, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    return metric_rows(measured), gap_rows(measured)


def test_two_equal_hospitals_have_no_gap() -> None:
    found = [measure(*_world(seed, n=1500), classes=FINDINGS, seed=0, replicates=0) for seed in range(8)]
    gaps = pd.concat([gap_rows(measured) for measured in found])
    gaps = gaps[(gaps["stratum"] == "all") & gaps["finding"].isna()].groupby(["task", "metric"])["value"]
    metric = pd.concat([metric_rows(measured) for measured in found])
    accuracy = metric[(metric["metric"] == "accuracy") & (metric["stratum"] == "all")].groupby(["model_id", "role"])

    # the gap of one seed has a standard error of about 1.5 points, the mean of eight one of half a point
    assert gaps.mean()["single_class", "accuracy"] == pytest.approx(0, abs=0.013)
    assert gaps.mean()["single_class", "macro_auroc"] == pytest.approx(0, abs=0.01)
    assert gaps.mean()["finding", "macro_auroc"] == pytest.approx(0, abs=0.01)
    # what it would be against all networks together: a loss understated by more than three points
    mean = accuracy["value"].mean()
    assert mean["split", "internal_test"] - mean["split-pooled", "external_test"] < -0.03


def test_a_number_is_the_mean_over_the_ensembles_of_the_folds(rows: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    metric, gap = rows
    for role, side in (("internal_test", "internal_value"), ("external_test", "external_value")):
        for name in ("accuracy", "recall", "auroc", "f1"):
            own = metric[(metric["role"] == role) & (metric["metric"] == name) & (metric["stratum"] == "all")]
            own = own.assign(finding=own["finding"].fillna("all")).set_index(["task", "finding"])
            folds = own[own["model_id"].str.contains("-f")].groupby(["task", "finding"])["value"]
            mean = own.loc[own["model_id"] == "split", "value"]
            pd.testing.assert_series_equal(mean.sort_index(), folds.mean().sort_index(), check_exact=False)
            kept = gap[(gap["metric"] == name) & (gap["stratum"] == "all")]
            kept = kept.assign(finding=kept["finding"].fillna("all")).set_index(["task", "finding"])[side]
            pd.testing.assert_series_equal(kept.sort_index(), mean.sort_index(), check_names=False)


def test_replicates_are_shared_by_the_folds(measured: tuple[Measured, ...]) -> None:
    accuracy = {
        (group.model_id, group.role): group.estimates[0]
        for group in measured
        if (group.task, group.stratum) == ("single_class", "all")
    }
    for role in ("internal_test", "external_test"):
        folds = np.stack([accuracy[f"split-f{index}", role].replicates for index in range(FOLDS)])
        mean = accuracy["split", role]
        low, high = np.percentile(folds.mean(axis=0), [2.5, 97.5])

        assert mean.metric == "accuracy"
        assert (mean.interval.low, mean.interval.high) == pytest.approx((low, high), abs=1e-6)
        assert mean.interval.low < mean.value < mean.interval.high


def test_only_the_mean_has_a_gap_and_the_pooled_model_is_measured_beside_it(
    rows: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    metric, gap = rows

    assert set(gap["model_id"]) == {"split"}
    assert set(metric["model_id"]) == set(MODELS)
    assert set(metric.loc[metric["model_id"] == "split-pooled", "role"]) == {"external_test"}
    assert not metric.duplicated(
        ["model_id", "dataset", "role", "policy", "task", "stratum", "finding", "metric"]
    ).any()


def test_a_mean_rests_on_the_images_of_all_folds(rows: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    metric, _ = rows
    recall = metric[(metric["metric"] == "recall") & (metric["stratum"] == "all")]
    recall = recall.set_index(["role", "model_id", "finding"])
    rare = "Consolidation"

    assert recall.loc[("internal_test", "split", rare), "n"] == 900
    positives = [recall.loc[("internal_test", f"split-f{i}", rare), "n_positive"] for i in range(FOLDS)]
    assert max(positives) < 30 <= sum(positives) == recall.loc[("internal_test", "split", rare), "n_positive"]
    assert recall.loc[("internal_test", "split-f0", rare), "not_estimable"]
    assert not recall.loc[("internal_test", "split", rare), "not_estimable"]
    macro = metric[(metric["metric"] == "macro_recall") & (metric["stratum"] == "all")].set_index(["role", "model_id"])
    assert macro.loc[("internal_test", "split"), "value"] == pytest.approx(
        np.mean([recall.loc[("internal_test", "split", finding), "value"] for finding in FINDINGS])
    )


def test_what_is_taken_for_what_is_counted_where_each_image_has_one_answer(
    rows: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    metric, _ = rows
    taken = metric[metric["metric"].str.startswith("predicted_as_") & (metric["stratum"] == "all")]
    total = taken.groupby(["model_id", "role"])["value"].sum()

    assert total["split", "internal_test"] == total["split-pooled", "external_test"] == 900
    assert ("split", "external_test") not in total.index


def test_a_group_that_a_fold_has_no_image_of_has_no_mean(rows: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    metric, gap = rows
    few = metric[metric["stratum"] == "view=AP"]

    # four images of two patients: internal in two of three folds
    assert set(few.loc[few["role"] == "internal_test", "model_id"]) == {"split-f0", "split-f1"}
    assert "split" in set(few.loc[few["role"] == "external_test", "model_id"])
    assert "view=AP" not in set(gap["stratum"])


def test_the_order_of_models_changes_no_row() -> None:
    sites, scored = _world(3, n=300)
    first, second = (
        metric_rows(measure(sites, each, classes=FINDINGS, seed=0, replicates=40)) for each in (scored, scored[::-1])
    )
    pd.testing.assert_frame_equal(first, second, check_exact=True)
