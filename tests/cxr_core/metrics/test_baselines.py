import numpy as np
import pytest

from cxr_core.metrics import baselines

TEST = np.array([0.5, 0.3, 0.2])
TRAIN = np.array([0.1, 0.6, 0.3])


def test_by_hand() -> None:
    assert baselines.uniform(TEST) == pytest.approx(1 / 3)
    assert baselines.test_mix(TEST) == pytest.approx(0.25 + 0.09 + 0.04)
    assert baselines.train_mix(TEST, train=TRAIN) == pytest.approx(0.05 + 0.18 + 0.06)
    assert baselines.train_majority(TEST, train=TRAIN) == pytest.approx(0.3)
    assert baselines.best_constant(TEST) == pytest.approx(0.5)


def test_published_prior_of_chexpert_frontals() -> None:
    counts = np.array([16974, 5910, 1467, 24943, 16457, 2752], dtype=np.float64)
    assert float(baselines.test_mix(baselines.mix(counts))) == pytest.approx(0.261, abs=5e-4)


def test_simulated_answers_score_what_the_lines_say() -> None:
    rng = np.random.default_rng(2)
    truth = rng.choice(3, 200_000, p=TEST)
    assert np.mean(rng.choice(3, truth.size, p=TRAIN) == truth) == pytest.approx(
        float(baselines.train_mix(TEST, train=TRAIN)), abs=0.005
    )
    assert np.mean(rng.permutation(truth) == truth) == pytest.approx(float(baselines.test_mix(TEST)), abs=0.005)


def test_of_equal_majorities_the_first_is_answered() -> None:
    assert baselines.train_majority(TEST, train=np.array([0.2, 0.4, 0.4])) == pytest.approx(0.3)


def test_replicates_are_kept_apart() -> None:
    mixes = baselines.mix(np.array([[2.0, 2.0, 4.0], [0.0, 0.0, 0.0]]))
    np.testing.assert_allclose(baselines.best_constant(mixes), [0.5, np.nan])
    np.testing.assert_allclose(baselines.uniform(mixes), [1 / 3, np.nan])
    np.testing.assert_allclose(baselines.train_majority(mixes, train=TRAIN), [0.25, np.nan])


def test_an_unknown_training_mix_gives_no_line() -> None:
    unknown = np.full(3, np.nan)
    assert np.isnan(baselines.train_mix(TEST, train=unknown))
    assert np.isnan(baselines.train_majority(TEST, train=unknown))
