import numpy as np
import pytest

from cxr_core.statistics import resampling
from cxr_core.statistics.resampling import resample, totals, totals_of_many

PATIENTS = np.array([900, 7, 900, 12, 7, 900])


def test_patients_are_renumbered_and_the_sample_itself_comes_first() -> None:
    drawn = resample(PATIENTS, seed=1, dataset="home", replicates=5)
    np.testing.assert_array_equal(drawn.clusters, [2, 0, 2, 1, 0, 2])
    assert drawn.weights.shape == (3, 6)
    np.testing.assert_array_equal(drawn.weights[:, 0], 1)


@pytest.mark.parametrize("replicates", [1, 63, 64, 65, 200])
def test_every_replicate_draws_as_many_patients_as_there_are(replicates: int) -> None:
    drawn = resample(np.arange(40), seed=1, dataset="home", replicates=replicates)
    assert drawn.weights.shape == (40, 1 + replicates)
    np.testing.assert_array_equal(drawn.weights.sum(axis=0), 40)
    assert (drawn.weights[:, 1:] != 1).any(axis=0).all()


def test_draws_are_multinomial() -> None:
    patients = 50
    weights = resample(np.arange(patients), seed=3, dataset="home", replicates=4000).weights[:, 1:]
    assert weights.mean() == 1
    np.testing.assert_allclose(weights.mean(axis=1), 1, atol=0.1)
    assert weights.var() == pytest.approx(1 - 1 / patients, abs=0.02)
    assert np.cov(weights[:2])[0, 1] == pytest.approx(-1 / patients, abs=0.06)


def test_same_seed_same_draw_and_each_dataset_its_own() -> None:
    first = resample(np.arange(30), seed=5, dataset="home", replicates=10).weights
    np.testing.assert_array_equal(first, resample(np.arange(30), seed=5, dataset="home", replicates=10).weights)
    assert (first != resample(np.arange(30), seed=6, dataset="home", replicates=10).weights).any()
    assert (first != resample(np.arange(30), seed=5, dataset="away", replicates=10).weights).any()


def test_the_global_generator_is_left_alone() -> None:
    before = np.random.get_state(legacy=False)["state"]["key"].copy()  # noqa: NPY002 - this is what must not change
    resample(np.arange(30), seed=5, dataset="home", replicates=10)
    after = np.random.get_state(legacy=False)["state"]["key"]  # noqa: NPY002
    np.testing.assert_array_equal(before, after)


def test_no_patients_and_no_replicates() -> None:
    assert resample(np.array([], dtype=np.int64), seed=0, dataset="home", replicates=3).weights.shape == (0, 4)
    assert resample(np.arange(3), seed=0, dataset="home", replicates=0).weights.shape == (3, 1)
    np.testing.assert_array_equal(
        resample(PATIENTS, seed=0, dataset="home", replicates=3).without_replicates().weights, np.ones((3, 1))
    )


def test_totals_by_hand() -> None:
    groups, clusters = np.array([0, 0, 2, 2]), np.array([0, 1, 1, 1])
    weights = np.array([[1, 0], [1, 3]], dtype=np.float32)
    found = totals(groups, clusters, n_groups=3, weights=weights)
    np.testing.assert_array_equal(found, [[2, 3], [0, 0], [2, 6]])


def test_weights_in_bytes_count_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    patients, groups = rng.integers(0, 300, 700), rng.integers(0, 5, 700)
    patients[patients == 7] = 8
    drawn = resample(patients, seed=0, dataset="home", replicates=9)
    expected = totals(groups, drawn.clusters, n_groups=5, weights=drawn.weights)
    monkeypatch.setattr(resampling, "MANY", 100)
    monkeypatch.setattr(resampling, "_BLOCK", 64)
    in_bytes = resample(patients, seed=0, dataset="home", replicates=9)
    assert (drawn.weights.dtype, in_bytes.weights.dtype) == (np.float32, np.uint8)
    np.testing.assert_array_equal(in_bytes.weights, drawn.weights)
    for count in (totals, totals_of_many):
        for each in (drawn, in_bytes):
            found = count(groups, each.clusters, n_groups=5, weights=each.weights)
            np.testing.assert_array_equal(found, expected)
