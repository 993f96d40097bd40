"""What it takes to add a metric: a formula and a record. Its interval, its mean over classes and its gap follow."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.metrics import precision_score

from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.findings import FINDINGS
from cxr_core.metrics import catalogue, confusion, influence, variance
from cxr_core.metrics.record import FromCounts, FromMix, FromRanking, MeanOf, Metric

Values = npt.NDArray[np.float64]


def _omitted(counts: Values) -> Values:
    """FN / (TN + FN)."""
    of_class, predicted = counts.sum(axis=-1), counts.sum(axis=-2)
    total = counts.sum(axis=(-2, -1))[..., np.newaxis]
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    return confusion.share(of_class - hits, total - predicted)


OMITTED = Metric(
    name="false_omission_rate",
    label="false omission rate",
    scope="class",
    formula="FN / (TN + FN)",
    source=FromCounts(values=_omitted),
    rests_on="not_predicted",
    is_proportion=True,
    how_to_read="Of the images not predicted as a class, how many are of it all the same.",
)


@pytest.fixture
def rows(sites: list[Site], scored: list[Scored], monkeypatch: pytest.MonkeyPatch) -> tuple[pd.DataFrame, pd.DataFrame]:
    records = (
        OMITTED,
        replace(
            catalogue.record("auroc"),
            name="ranking_loss",
            source=FromRanking(
                value=lambda areas: 1 - areas.auroc,
                influence=lambda present, scores: -influence.auroc(present, scores),
                variance=lambda positives, negatives: variance.hanley_mcneil(positives=positives, negatives=negatives),
            ),
        ),
        replace(
            catalogue.record("accuracy"), name="error", source=FromCounts(values=lambda c: 1 - confusion.accuracy(c))
        ),
        replace(
            catalogue.record("balanced_accuracy"), name="mean_omission", source=MeanOf(metric="false_omission_rate")
        ),
        replace(
            catalogue.record("no_skill_uniform"),
            name="no_skill_worst_constant",
            source=FromMix(values=lambda test, _: test.min(axis=-1)),
        ),
    )
    monkeypatch.setattr(catalogue, "METRICS", catalogue.by_name((*catalogue.WRITTEN, *records)))
    measured = measure(sites, scored, classes=FINDINGS, seed=0, replicates=50)
    return metric_rows(measured), gap_rows(measured)


def test_it_is_measured_with_an_interval(
    rows: tuple[pd.DataFrame, pd.DataFrame], sites: list[Site], scored: list[Scored]
) -> None:
    metric, _ = rows
    found = _of(metric, "false_omission_rate", role="external_test", policy="u_ignore").set_index("finding")
    split, external = scored[1], sites[1]
    classes = external.references["u_ignore"].classes
    for index, name in enumerate(FINDINGS):
        true, predicted = classes[classes >= 0] != index, split.predicted[classes >= 0] != index
        row = found.loc[name]
        assert row["value"] == pytest.approx(1 - precision_score(true, predicted))
        assert row["low"] <= row["value"] <= row["high"]
        assert row["low"] < row["high"]
        patients = np.bincount(external.patients[classes >= 0][predicted])
        assert row["n_effective"] == pytest.approx(patients.sum() ** 2 / (patients**2).sum())


def test_its_mean_over_classes_is_measured_too(rows: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    metric, _ = rows
    where = {"role": "external_test", "policy": "u_ignore"}
    recall, each = (_of(metric, name, **where).set_index("finding") for name in ("recall", "false_omission_rate"))
    over = recall.index[recall["n_effective"] >= 30]
    assert _of(metric, "macro_false_omission_rate", **where)["value"].item() == pytest.approx(
        each.loc[over, "value"].mean()
    )
    assert _of(metric, "mean_omission", **where)["value"].item() == pytest.approx(
        each.loc[recall["n_positive"] > 0, "value"].mean()
    )


def test_its_gap_has_an_interval(rows: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    metric, gap = rows
    pair = {"internal_policy": "majority", "external_policy": "u_ignore"}
    for name in (
        "false_omission_rate",
        "ranking_loss",
        "error",
        "macro_false_omission_rate",
        "mean_omission",
        "macro_ranking_loss",
    ):
        lost = _of(gap, name, **pair)
        assert len(lost) == (6 if name in ("false_omission_rate", "ranking_loss") else 1)
        assert lost["low"].notna().any()
        inside = _of(metric, name, role="internal_test", policy="majority")
        outside = _of(metric, name, role="external_test", policy="u_ignore")
        if not name.startswith("m"):
            assert [*lost["value"]] == pytest.approx([*(inside["value"].to_numpy() - outside["value"].to_numpy())])


def test_one_from_scores_is_measured_in_both_tasks(rows: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    metric, _ = rows
    for task in ("single_class", "finding"):
        of_task = metric[metric["task"] == task].set_index(
            ["model_id", "dataset", "role", "policy", "stratum", "finding"]
        )
        loss, auroc = (of_task.loc[of_task["metric"] == name, "value"] for name in ("ranking_loss", "auroc"))
        pd.testing.assert_series_equal(loss, 1 - auroc, check_names=False)


def test_a_line_without_skill_has_no_gap(rows: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    metric, gap = rows
    assert "no_skill_worst_constant" in set(metric["metric"])
    assert "no_skill_worst_constant" not in set(gap["metric"])


def _of(frame: pd.DataFrame, metric: str, **where: str) -> pd.DataFrame:
    given = {"metric": metric, "model_id": "split", "task": "single_class", "stratum": "all", **where}
    return frame[np.logical_and.reduce([frame[name] == value for name, value in given.items()])]


def test_a_record_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="rests on the least"):
        replace(OMITTED, rests_on="least")
    with pytest.raises(ValueError, match="images of one kind"):
        replace(OMITTED, rests_on="rarer")
    with pytest.raises(ValueError, match="predicts no class"):
        replace(OMITTED, source=catalogue.record("auroc").source)
