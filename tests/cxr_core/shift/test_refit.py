"""The refit against scipy's optimiser, and its derivatives against finite differences."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import minimize

from cxr_core.shift import refit
from tests.support.two_sites import answers

Values = npt.NDArray[np.float64]


def _objective(parameters: Values, raw: Values, classes: npt.NDArray[np.int64], weights: Values) -> float:
    moved = parameters[0] * raw + parameters[1:]
    own = moved[np.arange(classes.size), classes]
    loss = np.log(np.exp(moved).sum(axis=1)) - own
    return float((weights * loss).sum() + 0.5 * (parameters[0] - 1) ** 2 + 0.5 * (parameters[1:] ** 2).sum())


def _best(raw: Values, classes: npt.NDArray[np.int64], weights: Values) -> Values:
    start = np.array([1.0, *np.zeros(raw.shape[1])])
    bounds = [(0, None)] + [(None, None)] * raw.shape[1]
    options = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 5000}
    return np.asarray(
        minimize(_objective, start, args=(raw, classes, weights), method="L-BFGS-B", bounds=bounds, options=options).x
    )


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_optimum_that_scipy_finds(seed: int) -> None:
    one = answers(seed=seed, biases=(0.0, 1.0, -1.5, 0.5))
    weights = np.random.default_rng(seed).integers(0, 4, one.classes.size).astype(np.float64)
    for given in (None, weights):
        expected = _best(one.scores, one.classes, np.ones(one.classes.size) if given is None else given)
        found = refit.fit(one.scores, one.classes, given)
        np.testing.assert_allclose(found, expected, atol=2e-4)
        assert found[1:].sum() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_of_scores_that_tell_the_opposite_the_temperature_stays_at_0_and_the_biases_are_those_of_that(
    seed: int,
) -> None:
    one = answers(seed=seed, skill=-2.0)
    found = refit.fit(one.scores, one.classes)
    assert found[0] == 0
    np.testing.assert_allclose(found, _best(one.scores, one.classes, np.ones(one.classes.size)), atol=2e-4)


def test_derivatives_are_those_of_finite_differences() -> None:
    one = answers(60, seed=0)
    weights = np.random.default_rng(0).random(60)
    at = np.array([0.8, 0.3, -0.2, 0.5, -0.1])
    step = 1e-5
    moves = step * np.eye(at.size)

    def slope(parameters: Values) -> Values:
        per_image = refit.gradient(one.scores, one.classes, parameters)
        return np.asarray(weights @ per_image + refit.RIDGE * (parameters - refit.unchanged(4)))

    numeric = [
        (
            _objective(at + move, one.scores, one.classes, weights)
            - _objective(at - move, one.scores, one.classes, weights)
        )
        / (2 * step)
        for move in moves
    ]
    np.testing.assert_allclose(slope(at), numeric, atol=1e-6)
    curvature = np.array([(slope(at + move) - slope(at - move)) / (2 * step) for move in moves])
    np.testing.assert_allclose(refit.hessian(one.scores, weights, at), curvature, atol=1e-6)


@pytest.mark.parametrize("n", [0, 1, 30, 3000])
def test_images_of_one_class_alone_leave_it_finite(n: int) -> None:
    one = answers(3000, seed=0, replicates=0)
    found = refit.fit(one.scores[:n], np.zeros(n, dtype=np.int64))
    assert np.isfinite(found).all()
    assert found[0] >= 0
    assert (found[1] > 0) == (n > 0)
    assert (found[2:] < 0).all() == (n > 0)


def test_images_of_weight_zero_are_as_if_they_were_not_there() -> None:
    one = answers(seed=1)
    weights = (np.arange(one.classes.size) % 3 > 0).astype(np.float64)
    kept = weights > 0
    np.testing.assert_allclose(
        refit.fit(one.scores, one.classes, weights), refit.fit(one.scores[kept], one.classes[kept]), atol=1e-9
    )


def test_known_biases_are_found_and_taken_off() -> None:
    biases = np.array([1.5, -1.0, 0.5, -1.0])
    plain, moved = answers(6000, seed=2, replicates=0), answers(6000, seed=2, biases=(*biases,), replicates=0)
    found = refit.fit(moved.scores, moved.classes) - refit.fit(plain.scores, plain.classes)
    np.testing.assert_allclose(found[1:] / refit.fit(moved.scores, moved.classes)[0], -biases, atol=0.02)


def test_it_does_not_change_the_order_of_a_class_against_another() -> None:
    one = answers(seed=3, biases=(0.0, 1.0, -1.5, 0.5))
    moved = refit.scores(one.scores, refit.fit(one.scores, one.classes))
    before, after = one.scores[:, 0] - one.scores[:, 2], moved[:, 0] - moved[:, 2]
    assert (np.argsort(before) == np.argsort(after)).all()
    said = refit.probability(one.scores, refit.fit(one.scores, one.classes))
    np.testing.assert_allclose(said.sum(axis=1), 1)
    np.testing.assert_array_equal(said.argmax(axis=1), moved.argmax(axis=1))
