"""What ADR 5 promises of intervals, on two of its cells; `make bench-long NAME=coverage` simulates all twelve."""

import numpy as np
import pytest

from benchmarks.coverage import CELLS, PERCENTILES, PREVALENCE, Cell, draw, simulate, truths
from cxr_core.evaluation.tasks import single_class


@pytest.mark.parametrize("clustered", [True, False], ids=["clustered", "independent"])
def test_the_truth_is_held_where_percentiles_miss_it(clustered: bool) -> None:
    found = simulate(Cell(clustered=clustered, auroc=0.98, positives=30), samples=150, seed=1)
    percentiles = found.pop(PERCENTILES)
    assert percentiles.coverage < 0.9
    assert percentiles.below > 8 * percentiles.above
    for metric, tally in found.items():
        assert tally.n == 150, metric
        assert tally.coverage >= 0.91, metric
        assert max(tally.below, tally.above) <= 9, metric


def test_the_truth_is_that_of_many_images() -> None:
    cell = Cell(clustered=True, auroc=0.85, positives=6000)
    sample = draw(cell, np.random.default_rng(0))
    found = {one.metric: one.value for one in single_class(sample, classes=("present", "absent")) if one.finding == 0}
    assert sample.classes.size == 60_000
    assert (sample.classes == 0).mean() == pytest.approx(PREVALENCE, abs=0.005)
    for metric, true in truths(cell).items():
        assert found[metric] == pytest.approx(true, abs=0.015), metric


def test_there_are_twelve_cells() -> None:
    assert len({*CELLS}) == 12
    assert {cell.positives for cell in CELLS} == {30, 100, 300}
    assert {cell.images for cell in CELLS} == {300, 1000, 3000}
