"""What ADR 5 promises of the interval of a share, on a few cells; `make bench-long NAME=share_coverage` runs all."""

import numpy as np
import pytest

from benchmarks.share_coverage import CELLS, METHODS, Cell, draw, simulate
from cxr_core.statistics.intervals import wilson


@pytest.mark.parametrize("share", [0.05, 0.5])
@pytest.mark.parametrize("patients", [30, 100])
def test_a_pages_interval_holds_the_truth_as_often_as_the_runs_own(patients: int, share: float) -> None:
    found = simulate(Cell(patients=patients, alike=0.8, share=share), samples=300, seed=1)
    pages, evaluation = (found[method].tally for method in METHODS)
    assert pages.n == evaluation.n == 300
    assert pages.coverage >= 0.93
    assert pages.coverage >= evaluation.coverage - 0.05


def test_an_interval_over_images_would_miss_it() -> None:
    cell, rng = Cell(patients=100, alike=0.8, share=0.5), np.random.default_rng(2)
    missed = 0
    for _ in range(300):
        counted, images = draw(cell, rng)
        over_images = wilson(counted.sum() / images.sum(), n=images.sum())
        missed += not over_images.low <= cell.share <= over_images.high
    assert missed > 0.15 * 300


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.8])
def test_two_images_of_a_patient_are_as_alike_as_said(alike: float) -> None:
    rng, cell = np.random.default_rng(3), Cell(patients=40_000, alike=alike, share=0.2)
    counted, images = draw(cell, rng)
    assert counted.sum() / images.sum() == pytest.approx(0.2, abs=0.01)
    assert images.mean() == pytest.approx(2.5, abs=0.05)
    pairs = images * (images - 1)
    both = (counted * (counted - 1)).sum() / pairs.sum()
    assert (both - 0.2**2) / (0.2 * 0.8) == pytest.approx(alike, abs=0.03)


def test_there_are_36_cells() -> None:
    assert len({*CELLS}) == 36
