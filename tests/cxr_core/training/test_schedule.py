import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from cxr_core.settings import Recipe
from cxr_core.training.objective import class_weights
from cxr_core.training.schedule import learning_rate


def _rates(schedule, steps=100):
    recipe = Recipe(learning_rate=0.2, schedule=schedule)
    return [learning_rate(recipe, step=step, steps=steps) for step in range(steps)]


def test_constant_is_constant():
    assert set(_rates("constant")) == {0.2}


def test_cosine_falls_from_the_peak_through_half_of_it_towards_zero():
    rates = _rates("cosine")
    assert rates[0] == 0.2
    assert rates[50] == pytest.approx(0.1)
    assert rates == sorted(rates, reverse=True)
    assert 0 < rates[-1] < 0.001


def test_one_cycle_rises_for_thirty_steps_in_a_hundred_then_falls():
    rates = _rates("one_cycle")
    assert rates[0] == pytest.approx(0.2 / 25)
    assert rates[15] == pytest.approx(0.2 * (1 + 1 / 25) / 2)
    assert rates[30] == pytest.approx(0.2)
    assert rates[65] == pytest.approx(0.1)
    assert max(rates) == rates[30]
    assert 0 < rates[-1] < 0.001


def test_a_schedule_of_one_step_is_no_trouble():
    assert [_rates(schedule, steps=1) for schedule in ("constant", "cosine", "one_cycle")] == [[0.2], [0.2], [0.008]]


def test_balanced_weights_are_those_of_scikit_learn_for_the_classes_present():
    classes = np.array([0] * 7 + [1] * 2 + [4], np.int64)
    weights = class_weights(classes, n_classes=6, recipe=Recipe(class_weights="balanced"))
    expected = compute_class_weight("balanced", classes=np.array([0, 1, 4]), y=classes)
    np.testing.assert_allclose(weights[[0, 1, 4]], expected, rtol=1e-6)
    assert weights[[2, 3, 5]].tolist() == [0, 0, 0]
    assert weights[classes].mean() == pytest.approx(1)


def test_without_weights_all_count_the_same():
    assert class_weights(np.array([0, 0, 1]), n_classes=6, recipe=Recipe()).tolist() == [1] * 6
