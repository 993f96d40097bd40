"""Influences against finite differences of the metrics themselves."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from cxr_core.metrics import influence, ranking

Measure = Callable[..., float]
Influence = Callable[..., npt.NDArray[np.float64]]

AREAS = [(influence.auroc, ranking.auroc), (influence.average_precision, ranking.average_precision)]


@pytest.mark.parametrize(("of", "measure"), AREAS)
@pytest.mark.parametrize("decimals", [1, 12], ids=["many ties", "none"])
def test_it_is_the_change_with_an_images_weight(of: Influence, measure: Measure, decimals: int) -> None:
    rng = np.random.default_rng(decimals)
    present = rng.random(60) < 0.3
    scores = np.round(rng.random(60) + 0.3 * present, decimals)
    step, found = 1e-6, of(present, scores)
    for image in range(60):
        more, less = np.ones(60), np.ones(60)
        more[image], less[image] = 1 + step, 1 - step
        change = measure(present, scores, weights=more) - measure(present, scores, weights=less)
        assert found[image] == pytest.approx(change / (2 * step), abs=1e-8)
    assert found.sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("of", "measure"), AREAS)
def test_it_foretells_a_bootstrap(of: Influence, measure: Measure) -> None:
    rng = np.random.default_rng(0)
    present = rng.random(2000) < 0.3
    scores = rng.normal(size=2000) + present
    weights = rng.poisson(1, 2000).astype(np.float64)
    expected = measure(present, scores, weights=weights)
    assert measure(present, scores) + of(present, scores) @ weights == pytest.approx(expected, abs=3e-3)


@pytest.mark.parametrize("of", [influence.auroc, influence.average_precision])
@pytest.mark.parametrize("present", [[], [True, True], [False]])
def test_undefined_without_both_kinds(of: Influence, present: list[bool]) -> None:
    found = of(np.array(present, dtype=bool), np.linspace(0, 1, len(present)))
    assert found.shape == (len(present),)
    assert np.isnan(found).all()


def test_of_a_perfect_order_there_is_none() -> None:
    present = np.array([True, True, False, False, False])
    for of in (influence.auroc, influence.average_precision):
        assert (of(present, np.array([5.0, 4, 3, 2, 1])) == 0).all()


def test_of_a_share() -> None:
    counted, among = np.array([True, True, False, False]), np.array([True, True, True, False])
    np.testing.assert_allclose(influence.proportion(counted, among=among), [1 / 9, 1 / 9, -2 / 9, 0])
    assert np.isnan(influence.proportion(counted, among=np.zeros(4, bool))).all()
