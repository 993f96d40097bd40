"""Agreement of readers against scikit-learn for two, and pair by pair for more."""

from itertools import permutations

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import f1_score

from cxr_core.metrics.agreement import pairs


def _agreement(marks: npt.NDArray[np.int64], readers: npt.NDArray[np.int64]) -> float:
    found = pairs(marks, readers)
    return float(found.shared.sum() / found.all.sum())


def test_of_two_readers_it_is_the_dice_coefficient_of_what_they_mark() -> None:
    rng = np.random.default_rng(0)
    is_there = rng.random(400) < 0.3
    first, second = (np.where(rng.random(400) < 0.8, is_there, ~is_there) for _ in range(2))
    found = _agreement(first.astype(np.int64) + second, np.full(400, 2))
    assert found == pytest.approx(f1_score(first, second))


def test_of_more_readers_each_pair_counts_and_blank_readings_do_not() -> None:
    readings = np.random.default_rng(1).choice([0.0, 1.0, np.nan], p=[0.4, 0.4, 0.2], size=(100, 4))
    marking = [(one, other) for row in readings for one, other in permutations(row[~np.isnan(row)], 2) if one == 1]
    found = _agreement(np.nansum(readings, axis=1).astype(int), (~np.isnan(readings)).sum(axis=1))
    assert found == pytest.approx(np.mean([other for _, other in marking]))


def test_images_that_nobody_marks_or_one_reads_have_no_pairs() -> None:
    found = pairs(np.array([0, 1, 2]), np.array([3, 1, 3]))
    assert (found.shared.tolist(), found.all.tolist()) == ([0, 0, 2], [0, 0, 4])


def test_more_marks_than_readers_are_refused() -> None:
    with pytest.raises(ValueError, match="at most as many"):
        pairs(np.array([3]), np.array([2]))
