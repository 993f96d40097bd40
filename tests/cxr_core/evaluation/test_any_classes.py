"""Whatever classes a run has, its numbers are those of scikit-learn, class by class and from site to site."""

import math
import warnings
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn import metrics as oracle

from cxr_core.evaluation.inputs import Scored, Site, strata_of
from cxr_core.evaluation.mean_map import groups, of_classes
from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.manifest import Reference
from cxr_core.metrics.catalogue import predicted_as
from cxr_core.statistics import design

CLASSES = {
    "two": ("No Finding", "Edema"),
    "two diseases": ("Mass", "Nodule"),
    "four": ("Edema", "Nodule/Mass", "No Finding", "Nodule-Mass"),
    "thirty": tuple(f"Finding {index}" for index in range(30)),
    "thirty with No Finding": (*(f"Finding {index}" for index in range(29)), "No Finding"),
}
SITES = {"home": "internal_test", "away": "external_test"}
IMAGES = {"home": 1400, "away": 900}

Made = tuple[tuple[str, ...], dict[str, tuple[Site, Scored]], pd.DataFrame, pd.DataFrame]
"""The classes, what is evaluated at each site, and the rows of both tables."""


def _site(name: str, *, k: int, rng: np.random.Generator) -> tuple[Site, Scored]:
    n = IMAGES[name]
    shares = np.arange(k, 0, -1) / np.arange(k + 1).sum()
    classes = rng.choice(k, n, p=shares).astype(np.int8)
    present = (rng.random((n, k)) < shares).astype(np.float32)
    present[np.arange(n), classes] = 1
    present[rng.random((n, k)) < 0.1] = np.nan
    classes[rng.random(n) < 0.15] = -1
    raw = np.round(rng.dirichlet(np.ones(k), n), 2) + 0.3 * (np.arange(k) == classes[:, np.newaxis])
    probability = (raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)
    site = Site(
        dataset=name,
        patients=rng.integers(0, n // 2, n),
        references={"policy": Reference(classes=classes, left_out=np.full(n, None, object), present=present)},
        class_policies=frozenset({"policy"}),
        strata=strata_of(view=np.full(n, "PA", object), sex=np.full(n, None, object), age_years=np.full(n, np.nan)),
    )
    scored = Scored(
        model_id="split",
        dataset=name,
        is_ensemble=True,
        role=np.full(n, SITES[name]),
        probability=probability,
        predicted=probability.argmax(axis=1).astype(np.int8),
        train_mix=shares,
    )
    return site, scored


@pytest.fixture(scope="module", params=CLASSES)
def made(request: pytest.FixtureRequest) -> Made:
    classes = CLASSES[request.param]
    rng = np.random.default_rng(len(classes))
    sites = {name: _site(name, k=len(classes), rng=rng) for name in SITES}
    measured = measure(
        [site for site, _ in sites.values()], [one for _, one in sites.values()], classes=classes, seed=0, replicates=40
    )
    return classes, sites, metric_rows(measured), gap_rows(measured)


def _by_hand(site: Site, one: Scored, *, task: str, k: int) -> dict[str, list[float]]:
    reference, labels = site.references["policy"], list(range(k))
    if task == "finding":
        known = np.isfinite(reference.present)
        ranked = [(reference.present[known[:, i], i] == 1, one.probability[known[:, i], i]) for i in labels]
        return {
            "auroc": [oracle.roc_auc_score(has, scores) for has, scores in ranked],
            "average_precision": [oracle.average_precision_score(has, scores) for has, scores in ranked],
        }
    single = reference.classes >= 0
    truth, answer = reference.classes[single], one.predicted[single]
    settings = {"labels": labels, "average": None, "zero_division": np.nan}
    return {
        "recall": [*oracle.recall_score(truth, answer, **settings)],
        "precision": [*oracle.precision_score(truth, answer, **settings)],
        "f1": [*oracle.f1_score(truth, answer, **settings)],
        "specificity": [oracle.recall_score(truth != i, answer != i, zero_division=np.nan) for i in labels],
        "auroc": [oracle.roc_auc_score(truth == i, one.probability[single, i]) for i in labels],
        "average_precision": [oracle.average_precision_score(truth == i, one.probability[single, i]) for i in labels],
    }


def _estimable(site: Site, *, task: str, k: int) -> npt.NDArray[np.bool_]:
    reference = site.references["policy"]
    has = reference.present == 1 if task == "finding" else reference.classes[:, np.newaxis] == np.arange(k)
    return np.array([design.independent(site.patients[has[:, i]]) >= 30 for i in range(k)])


@pytest.mark.parametrize("task", ["single_class", "finding"])
def test_every_class_and_mean_at_both_sites(made: Made, task: str) -> None:
    classes, sites, metric, _ = made
    for name, (site, one) in sites.items():
        rows = metric[(metric["dataset"] == name) & (metric["task"] == task) & (metric["stratum"] == "all")]
        by_class = rows.dropna(subset=["finding"]).set_index(["metric", "finding"])["value"]
        overall = rows[rows["finding"].isna()].set_index("metric")
        estimable = _estimable(site, task=task, k=len(classes))
        for what, values in _by_hand(site, one, task=task, k=len(classes)).items():
            found = [by_class[what, each] for each in classes]
            assert found == pytest.approx(values, abs=1e-9, nan_ok=True), (name, what)
            mean = np.mean(np.array(values)[estimable]) if estimable.any() else math.nan
            assert overall.loc[f"macro_{what}", "value"] == pytest.approx(mean, nan_ok=True)
        assert overall["n_positive"].isna().all()
        ensemble = rows[rows["value"].notna() & rows["finding"].notna()]
        assert ensemble.loc[ensemble["metric"].isin(["recall", "auroc"]), "low"].notna().any()


def test_all_classes_together(made: Made) -> None:
    classes, sites, metric, _ = made
    for name, (site, one) in sites.items():
        kept = site.references["policy"].classes >= 0
        truth, answer = site.references["policy"].classes[kept], one.predicted[kept]
        shares = np.bincount(truth, minlength=len(classes)) / truth.size
        rows = metric[(metric["dataset"] == name) & (metric["task"] == "single_class")]
        overall = rows[(rows["stratum"] == "all") & rows["finding"].isna()].set_index("metric")["value"]
        assert overall["accuracy"] == pytest.approx(oracle.accuracy_score(truth, answer))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            assert overall["balanced_accuracy"] == pytest.approx(oracle.balanced_accuracy_score(truth, answer))
        assert overall["no_skill_uniform"] == pytest.approx(1 / len(classes))
        assert overall["no_skill_best_constant"] == pytest.approx(shares.max())
        assert overall["no_skill_train_mix"] == pytest.approx(shares @ one.train_mix)
        assert overall["no_skill_train_majority"] == pytest.approx(shares[0])


def test_every_cell_of_the_confusion_matrix(made: Made) -> None:
    classes, sites, metric, _ = made
    for name, (site, one) in sites.items():
        kept = site.references["policy"].classes >= 0
        counts = oracle.confusion_matrix(
            site.references["policy"].classes[kept], one.predicted[kept], labels=range(len(classes))
        )
        rows = metric[(metric["dataset"] == name) & metric["metric"].str.startswith("predicted_as_")]
        cells = rows[rows["stratum"] == "all"].set_index(["finding", "metric"])["value"]
        assert len(cells) == len(classes) ** 2
        for i, true in enumerate(classes):
            assert [cells[true, cell] for cell in predicted_as(classes)] == counts[i].tolist()


@pytest.mark.parametrize("task", ["single_class", "finding"])
def test_every_gap(made: Made, task: str) -> None:
    classes, sites, _, gap = made
    rows = gap[(gap["task"] == task) & (gap["stratum"] == "all")]
    first, second = (_by_hand(site, one, task=task, k=len(classes)) for site, one in sites.values())
    both = np.logical_and.reduce([_estimable(site, task=task, k=len(classes)) for site, _ in sites.values()])
    for what in first:
        lost = np.array(first[what]) - np.array(second[what])
        found = rows[rows["metric"] == what].set_index("finding").loc[list(classes)]
        assert [*found["value"]] == pytest.approx([*lost], abs=1e-9, nan_ok=True)
        assert found["low"].notna().any()
        (mean,) = rows[rows["metric"] == f"macro_{what}"].to_dict("records")
        assert mean["classes"] == [name for name, shared in zip(classes, both, strict=True) if shared]
        assert mean["value"] == pytest.approx(lost[both].mean() if both.any() else math.nan, nan_ok=True)


def test_one_class_is_measured_as_far_as_it_makes_sense() -> None:
    rng = np.random.default_rng(1)
    sites = [_site(name, k=1, rng=rng) for name in SITES]
    sites = [(replace(site, class_policies=frozenset()), one) for site, one in sites]
    measured = measure(
        [site for site, _ in sites], [one for _, one in sites], classes=("Edema",), seed=0, replicates=20
    )
    metric, gap = metric_rows(measured), gap_rows(measured)
    assert set(metric["task"]) == {"finding"}
    assert set(metric["finding"].dropna()) == {"Edema"}
    assert set(gap["metric"]) == {"auroc", "average_precision", "macro_auroc", "macro_average_precision"}


def test_one_class_alone_is_always_answered_rightly_and_ranks_nothing() -> None:
    rng = np.random.default_rng(2)
    site, one = _site("home", k=1, rng=rng)
    frame = metric_rows(measure([site], [one], classes=("Edema",), seed=0, replicates=20))
    frame = frame[(frame["task"] == "single_class") & (frame["stratum"] == "all")].set_index("metric")
    assert (frame.loc[["accuracy", "recall", "no_skill_uniform"], "value"] == 1).all()
    assert frame.loc[["auroc", "average_precision", "specificity"], "value"].isna().all()


def test_classes_that_are_not_as_many_as_the_outputs_are_refused() -> None:
    site, one = _site("home", k=4, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="split on home: expected 3 classes, found 4"):
        measure([site], [one], classes=("A", "B", "C"), seed=0)


@pytest.mark.parametrize(("classes", "located"), [(("Edema", "No Finding"), {0}), (("Edema", "Mass"), {0, 1})])
def test_only_a_finding_has_a_place_to_look_at(classes: tuple[str, ...], located: set[int]) -> None:
    found = groups(
        classes,
        present={"policy": of_classes(np.array([0, 1, 0, 1], np.int8), count=2)},
        role=np.full(4, "external_test", object),
        answered=of_classes(np.array([0, 1, 1, 0], np.int8), count=2) == 1,
    )
    assert {group.finding for group in found} == located
