"""One metric of each class, against pandas."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_core.findings import FINDINGS
from dashboard.performance.data.areas import areas
from dashboard.performance.data.regime import regime
from dashboard.results.class_scores import class_scores, score_rows
from dashboard.results.side import Side
from tests.support.made.performance import compared, write
from tests.support.results import change, frame, key_of


@pytest.mark.parametrize(
    ("metric", "task"),
    [("recall", "single_class"), ("f1", "single_class"), ("auroc", "single_class"), ("auroc", "finding")],
)
def test_rows_are_the_files_in_class_order(results: Path, metric: str, task: str) -> None:
    path = write(results)
    rows = class_scores(compared(path), metric=metric, task=task)
    assert [row.name for row in rows] == list(FINDINGS)
    stored = frame(path, f"FROM metric WHERE model_id = 'split' AND metric = '{metric}' AND task = '{task}'")
    stored = stored[stored["stratum"] == "all"].set_index(["role", "policy", "finding"])
    gap = frame(path, f"FROM gap WHERE metric = '{metric}' AND task = '{task}' AND internal_policy = 'dominant'")
    gap = gap[gap["external_policy"] == "u_ignore"].set_index("finding")
    for row in rows:
        tests = ((row.internal, ("internal_test", "dominant")), (row.external, ("external_test", "u_ignore")))
        for score, test in tests:
            expected = stored.loc[(*test, row.name)]
            assert score is not None
            assert score.estimate.value == pytest.approx(expected["value"])
            assert (score.estimate.low, score.estimate.high) == pytest.approx((expected["low"], expected["high"]))
            assert (score.positives, score.estimate.n) == (expected["n_positive"], expected["n"])
            assert score.estimate.estimable != expected["not_estimable"]
            assert score.prevalence == pytest.approx(expected["n_positive"] / expected["n"])
        assert row.lost is not None
        assert row.lost.value == pytest.approx(gap.loc[row.name, "value"])


def test_a_model_trained_on_all_images_has_no_home_and_no_loss(results: Path) -> None:
    path = write(results)
    rows = class_scores(compared(path, model="full"), metric="recall", task="single_class")
    assert all(row.internal is None and row.lost is None and row.external is not None for row in rows)
    assert (regime(key_of(path), "full"), regime(key_of(path), "split")) == ("full", "split")


def test_areas_are_drawn_only_with_enough_images(results: Path) -> None:
    path = write(results)
    found = areas(compared(path), finding="Consolidation", task="single_class")
    assert {side: own.is_drawn for side, own in found.items()} == {Side.INTERNAL: False, Side.EXTERNAL: True}
    assert math.isnan(found[Side.INTERNAL].prevalence)
    alone = areas(
        replace(compared(path), external_dataset=None, external_policy=None),
        finding="Consolidation",
        task="single_class",
    )
    assert list(alone) == [Side.INTERNAL]


def test_what_is_undefined_is_so_in_the_table(results: Path) -> None:
    path = write(results)
    change(path, "UPDATE metric SET value = NULL WHERE metric = 'precision' AND finding = 'Nodule/Mass'")
    table = score_rows(compared(path), metric="precision", task="single_class")
    nodule = [row for row in table if row["finding"] == "Nodule/Mass"]
    assert [row["role"] for row in nodule] == ["internal_test", "external_test"]
    assert all(math.isnan(row["value"]) for row in nodule)
    assert nodule[0]["n_positive"] == 98
