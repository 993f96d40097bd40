import math

import numpy as np
import numpy.typing as npt
import pytest

from cxr_core.statistics import design
from cxr_core.statistics.resampling import resample, totals


def _replicated_share(successes: npt.NDArray[np.bool_], patients: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    drawn = resample(patients, seed=4, dataset="site", replicates=5000)
    counts = totals(successes.astype(np.int64), drawn.clusters, n_groups=2, weights=drawn.weights)
    return counts[1] / counts.sum(axis=0)


def test_size_of_the_patient_that_a_random_image_belongs_to() -> None:
    assert design.cluster_size(np.array([3, 3, 3, 0])) == pytest.approx((9 + 1) / 4)
    assert design.cluster_size(np.arange(5)) == 1
    assert math.isnan(design.cluster_size(np.array([], dtype=np.int64)))


@pytest.mark.parametrize("likeness", [0.0, 0.5, 1.0])
def test_likeness_is_found_again(likeness: float) -> None:
    rng = np.random.default_rng(8)
    patients = np.repeat(np.arange(500), 4)
    # Each image repeats its patient's answer with this chance, squared over a pair of images.
    own, shared = rng.random(2000) < 0.4, (rng.random(500) < 0.4)[patients]
    successes = np.where(rng.random(2000) < math.sqrt(likeness), shared, own)
    values = _replicated_share(successes, patients)
    found = design.intraclass_correlation(values[1:], share=float(values[0]), n=2000, size=4.0)
    assert found == pytest.approx(likeness, abs=0.08)


@pytest.mark.parametrize(
    ("share", "n", "size"),
    [(0.05, 100, 2.0), (0.95, 100, 2.0), (0.5, 30, 4.0), (0.5, 100, 1.0), (math.nan, 0, math.nan)],
)
def test_where_likeness_cannot_be_told_the_most_careful_is_taken(share: float, n: int, size: float) -> None:
    assert design.intraclass_correlation(np.full(50, share), share=share, n=n, size=size) == 1


def test_without_replicates_too() -> None:
    assert design.intraclass_correlation(np.array([]), share=0.5, n=1000, size=2.0) == 1


def test_images_of_one_patient_that_always_agree_are_worth_one() -> None:
    assert design.effective_size(60, size=3.0, intraclass_correlation=1.0) == pytest.approx(20)
    assert design.effective_size(60, size=3.0, intraclass_correlation=0.0) == pytest.approx(60)
    assert design.effective_size(60, size=1.0, intraclass_correlation=1.0) == pytest.approx(60)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [([], 0), ([1] * 30, 30), ([4] * 30, 30), ([2, 1, 1], 16 / 6), ([90, *[1] * 30], 120**2 / (90**2 + 30))],
    ids=["none", "apart", "alike", "one pair", "one patient has most"],
)
def test_images_count_as_patients_do(sizes: list[int], expected: float) -> None:
    clusters = np.repeat(np.arange(len(sizes)), sizes)
    assert design.independent(clusters) == pytest.approx(expected)
