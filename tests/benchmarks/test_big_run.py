"""A made-up run is a real results file, and its metrics are those of its predictions."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core.findings import FINDINGS
from cxr_core.store.open import open_run
from tests.support.big_run.size import PAPER, TEN_MILLION, Size
from tests.support.big_run.writing import write_run

SMALL = Size(
    name="small",
    internal=300,
    external=700,
    internal_left_out=50,
    external_left_out=90,
    members=2,
    shown=60,
    features=8,
    epochs=2,
)

ANSWERS = """
    SELECT model_id, dataset, role, policy, class, predicted
    FROM prediction JOIN reference USING (dataset, image_id) WHERE class IS NOT NULL
"""
GROUP = ["model_id", "dataset", "role", "policy"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("results"), size=SMALL, seed=3)


def asked(path: Path, sql: str) -> pd.DataFrame:
    with open_run(path) as connection:
        return connection.execute(sql).df()


def stored(path: Path, metric: str) -> pd.DataFrame:
    sql = f"FROM metric WHERE task = 'single_class' AND stratum = 'all' AND metric = '{metric}' AND n > 0"
    return asked(path, sql)


def test_it_has_as_many_rows_as_its_size_says(small: Path) -> None:
    counts = asked(small, "SELECT (SELECT count(*) FROM prediction), (SELECT count(*) FROM image)").iloc[0]
    assert list(counts) == [SMALL.predictions, 300 + 700 + 50 + 90]
    assert (PAPER.predictions, TEN_MILLION.predictions) == (8 * (3_205 + 29_842), 10_000_000)


def test_accuracy_is_that_of_the_predictions(small: Path) -> None:
    answers = asked(small, ANSWERS)
    expected = (
        (answers["class"] == answers["predicted"]).groupby([answers[name] for name in GROUP]).agg(["mean", "size"])
    )
    found = stored(small, "accuracy").set_index(GROUP).sort_index()
    assert len(found) == len(expected) > 20
    np.testing.assert_allclose(found["value"], expected["mean"])
    assert (found["n"] == expected["size"]).all()


@pytest.mark.parametrize(("metric", "by"), [("recall", "class"), ("precision", "predicted")])
def test_recall_and_precision_are_those_of_the_predictions(small: Path, metric: str, by: str) -> None:
    answers = asked(small, ANSWERS)
    right = answers["class"] == answers["predicted"]
    expected = right.groupby([*(answers[name] for name in GROUP), answers[by].map(dict(enumerate(FINDINGS)))]).mean()
    found = stored(small, metric).dropna(subset=["value"]).set_index([*GROUP, "finding"])["value"].sort_index()
    expected.index = expected.index.set_names(found.index.names)
    pd.testing.assert_series_equal(found, expected, check_names=False)


def test_confusion_counts_are_those_of_the_predictions(small: Path) -> None:
    answers = asked(small, ANSWERS)
    cell = answers[(answers["class"] == 1) & (answers["predicted"] == 0)]
    expected = cell.groupby(GROUP).size()
    found = stored(small, "predicted_as_no_finding").query("finding == 'Cardiomegaly'").set_index(GROUP)["value"]
    assert found[found > 0].sort_index().to_dict() == expected.to_dict()


def test_a_gap_is_internal_minus_external(small: Path) -> None:
    gap = asked(small, "FROM gap WHERE metric = 'accuracy' AND stratum = 'all'")
    accuracy = stored(small, "accuracy").set_index(GROUP)["value"]
    assert len(gap) == 4 * 3  # policies with a class
    for row in gap.itertuples():
        internal = accuracy["split", row.internal_dataset, "internal_test", row.internal_policy]
        external = accuracy["split", row.external_dataset, "external_test", row.external_policy]
        assert row.value == pytest.approx(internal - external)
        assert row.low < row.value < row.high


def test_probabilities_sum_to_one_and_the_ensemble_is_its_members_mean(small: Path) -> None:
    rows = asked(small, "SELECT model_id, dataset, image_id, predicted, probability FROM prediction")
    probability = np.stack(rows["probability"].to_list())
    np.testing.assert_allclose(probability.sum(axis=1), 1, atol=1e-5)
    assert (probability.argmax(axis=1) == rows["predicted"]).all()
    by_model = {
        name: probability[own.to_numpy()]
        for name in ("split", "split-0", "split-1")
        for own in [rows["model_id"] == name]
    }
    np.testing.assert_allclose(by_model["split"], (by_model["split-0"] + by_model["split-1"]) / 2, atol=1e-6)


def test_rows_of_a_model_lie_side_by_side(small: Path) -> None:
    rows = asked(small, "SELECT dataset, model_id FROM results.main.prediction ORDER BY rowid")
    runs = (rows != rows.shift()).any(axis=1).sum()
    assert runs == len(rows.drop_duplicates()) == 12


def test_no_member_saw_the_internal_test(small: Path) -> None:
    roles = asked(small, "SELECT DISTINCT model_id, dataset, role FROM prediction")
    of_full = roles[roles["model_id"].str.startswith("full") & (roles["dataset"] == "vinbigdata")]
    assert set(of_full["role"]) == {"train"}
    held_out = asked(small, "SELECT model_id, count(*) AS n FROM prediction WHERE role = 'internal_test' GROUP BY ALL")
    assert dict(zip(held_out["model_id"], held_out["n"], strict=True)) == {"split": 60, "split-0": 60, "split-1": 60}


def test_shown_images_are_the_worst_and_others(small: Path) -> None:
    rows = asked(
        small,
        "SELECT predicted <> class AS wrong, max_p, image_id IN (SELECT image_id FROM saliency) AS shown FROM ("
        "SELECT *, list_max(probability) AS max_p FROM prediction JOIN reference USING (dataset, image_id) "
        "WHERE model_id = 'split' AND role = 'external_test' AND policy = 'u_zeros' AND class IS NOT NULL)",
    )
    assert asked(small, "SELECT count(DISTINCT image_id) FROM saliency").iloc[0, 0] <= 120
    worst = rows[rows["wrong"]].nlargest(5, "max_p")
    assert worst["shown"].sum() >= 3  # what an image shows is not always what its label says


def test_the_same_seed_draws_the_same_rows(small: Path, tmp_path: Path) -> None:
    again = write_run(tmp_path, size=SMALL, seed=3)
    other = write_run(tmp_path / "other", size=SMALL, seed=4)
    rows = [
        asked(path, "SELECT * EXCLUDE (probability), probability::VARCHAR FROM prediction")
        for path in (small, again, other)
    ]
    pd.testing.assert_frame_equal(rows[0], rows[1])
    assert not rows[0].equals(rows[2])


def test_a_class_can_be_missing_at_both_sites(tmp_path: Path) -> None:
    path = write_run(tmp_path, size=replace(SMALL, without="Consolidation"))
    assert asked(path, "SELECT count(*) FROM reference WHERE class = 5 OR present[6] = 1").iloc[0, 0] == 0
    assert asked(path, "SELECT count(*) FROM prediction WHERE predicted = 5").iloc[0, 0] > 0
    recall = stored(path, "recall").query("finding == 'Consolidation'")
    assert recall["value"].isna().all()
    assert recall["not_estimable"].all()
