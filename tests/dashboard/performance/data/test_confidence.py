"""Confidence and reliability against pandas."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core.metrics.calibration import error_by_chance
from cxr_core.statistics.intervals import wilson
from dashboard.performance.data.answers import bin_rows
from dashboard.performance.data.calibration import reliability
from dashboard.performance.data.confidence import confidence
from tests.support.made.performance import EXTERNAL, INTERNAL, answers, write
from tests.support.results import change, frame, key_of


@pytest.mark.parametrize("test", [INTERNAL, EXTERNAL])
def test_histogram_mean_and_median_are_those_of_the_scores(results: Path, test) -> None:
    path = write(results)
    both = answers(path, test)
    found = confidence(key_of(path), test)
    assert (found.n, found.right) == (len(both), both["is_right"].sum())
    assert found.mean == pytest.approx(both["confidence"].mean())
    assert found.median == pytest.approx(both["confidence"].median())
    counts, edges = np.histogram(both["confidence"], bins=20, range=(0, 1))
    right, _ = np.histogram(both.loc[both["is_right"], "confidence"], bins=20, range=(0, 1))
    assert [each.n for each in found.bins] == list(counts)
    assert [each.right for each in found.bins] == list(right)
    assert [each.low for each in found.bins] == pytest.approx(list(edges[:-1]))
    assert sum(each.n for each in found.bins) == found.n


def test_the_calibration_error_is_the_mean_distance_over_images(results: Path) -> None:
    path = write(results)
    both = answers(path, EXTERNAL)
    bins = both.groupby(np.minimum(np.floor(both["confidence"] * 10), 9))
    expected = sum(len(own) * abs(own["is_right"].mean() - own["confidence"].mean()) for _, own in bins) / len(both)
    found = reliability(key_of(path), EXTERNAL, spacing="width")
    assert found.error == pytest.approx(expected)
    assert [each.n for each in found.bins] == [len(own) for _, own in bins]
    assert all(each.n for each in found.bins)


def test_bins_of_equal_count_keep_ties_together(results: Path) -> None:
    path = write(results)
    both = answers(path, EXTERNAL)
    found = reliability(key_of(path), EXTERNAL, spacing="count")
    assert 5 <= len(found.bins) <= 10
    assert sum(each.n for each in found.bins) == found.n == len(both)
    assert found.bins[0].n >= found.n / 10
    for before, after in zip(found.bins, found.bins[1:], strict=False):
        assert before.high < after.low
    for each in found.bins:
        own = both[both["confidence"].between(each.low, each.high)]
        assert (each.n, each.right) == (len(own), own["is_right"].sum())
        assert each.confidence == pytest.approx(own["confidence"].mean())


def test_a_confidence_of_one_is_in_the_last_bin(results: Path) -> None:
    path = write(results)
    change(path, "UPDATE prediction SET predicted = 0, probability = [1, 0, 0, 0, 0, 0]")
    found = confidence(key_of(path), INTERNAL)
    assert found.bins[-1].n == found.n > 0
    (only,) = reliability(key_of(path), INTERNAL, spacing="count").bins
    assert (only.n, only.confidence) == (found.n, 1)


def test_a_test_that_holds_no_images_is_no_number(results: Path) -> None:
    run = key_of(write(results))
    nowhere = replace(INTERNAL, model="full")
    found = confidence(run, nowhere)
    assert (found.n, found.is_estimable) == (0, False)
    assert all(map(math.isnan, (found.mean, found.median, found.accuracy)))
    for spacing in ("width", "count"):
        empty = reliability(run, nowhere, spacing=spacing)
        assert (empty.bins, empty.n) == ((), 0)
        assert math.isnan(empty.error)


def test_the_table_to_take_along_has_a_row_a_bin(results: Path) -> None:
    key = key_of(write(results))
    found = confidence(key, INTERNAL)
    table = pd.DataFrame(bin_rows(key, INTERNAL, found.bins))
    assert len(table) == 20
    assert table["n"].sum() == found.n
    assert table.loc[table["n"] == 0, "accuracy"].isna().all()
    assert table["not_estimable"].tolist() == (table["n"] < 30).tolist()


@pytest.mark.parametrize(
    ("patients", "n_effective"), [("NULL", 196), ("'p' || (substr(image_id, 2)::INT % 30)", 29.33)]
)
def test_what_a_calibrated_model_shows_by_chance_is_of_as_many_patients(
    results: Path, patients: str, n_effective: float
) -> None:
    path = write(results)
    change(path, f"UPDATE image SET patient_id = {patients} WHERE dataset = 'vinbigdata'")  # noqa: S608
    found = reliability(key_of(path), INTERNAL, spacing="width")
    n, mean = (np.array([getattr(each, name) for each in found.bins]) for name in ("n", "confidence"))

    assert confidence(key_of(path), INTERNAL).n_effective == pytest.approx(n_effective, abs=0.01)
    assert found.by_chance == pytest.approx(
        error_by_chance(n, mean, n_effective=confidence(key_of(path), INTERNAL).n_effective)
    )
    assert found.is_off is (found.error > found.by_chance)


def test_many_images_of_few_patients_are_too_few(results: Path) -> None:
    path = write(results)
    change(path, "UPDATE image SET patient_id = 'p' || (substr(image_id, 2)::INT % 20) WHERE dataset = 'vinbigdata'")
    sure, found = confidence(key_of(path), INTERNAL), reliability(key_of(path), INTERNAL, spacing="width")
    assert sure.n == found.n > 100
    assert found.n_effective == sure.n_effective < 30
    assert not sure.is_estimable
    assert not found.is_estimable


def test_the_interval_of_what_is_right_is_over_patients(results: Path) -> None:
    path = write(results)
    patients = "'p' || (substr(image_id, 2)::INT % 60)"
    change(path, f"UPDATE image SET patient_id = {patients} WHERE dataset = 'vinbigdata'")  # noqa: S608
    both = answers(path, INTERNAL).merge(frame(path, "FROM image WHERE dataset = 'vinbigdata'"), on="image_id")
    by_patient = both.groupby("patient_id")["is_right"].agg(["sum", "count"])
    y, m = by_patient["sum"].to_numpy(float), by_patient["count"].to_numpy(float)
    p = y.sum() / m.sum()
    n = p * (1 - p) / (((y - p * m) ** 2).sum() / m.sum() ** 2)
    expected = wilson(p, n=min(max(n, m.sum() ** 2 / (m**2).sum()), m.sum()))
    found = confidence(key_of(path), INTERNAL)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.is_off is not (found.low <= found.mean <= found.high)


def test_the_interval_is_the_one_that_the_run_stores_and_other_pages_show(results: Path) -> None:
    path = write(results)
    found = confidence(key_of(path), INTERNAL)
    change(
        path,
        f"UPDATE metric SET value = {found.accuracy}, n = {found.n}, low = 0.125, high = 0.875 "  # noqa: S608
        "WHERE metric = 'accuracy' AND role = 'internal_test' AND stratum = 'all'",
    )
    stored = confidence(key_of(path), INTERNAL)
    assert (stored.low, stored.high) == (0.125, 0.875)
