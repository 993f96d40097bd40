"""Losses that take no skill against scikit-learn and SciPy, and how a loss went by hand."""

import math

import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.metrics import log_loss

from cxr_core.metrics import losses


def test_the_loss_of_a_mix_is_that_of_answering_it_for_every_image() -> None:
    classes = np.repeat(np.arange(3), [50, 30, 20])
    answer = np.array([0.2, 0.5, 0.3])
    found = losses.of_mix(np.array([0.5, 0.3, 0.2]), answer=answer)
    assert found == pytest.approx(log_loss(classes, np.tile(answer, (100, 1))))


def test_the_loss_of_the_own_mix_is_its_entropy_and_of_an_even_one_the_uniform_loss() -> None:
    mix = np.array([0.5, 0.3, 0.2])
    assert losses.of_mix(mix, answer=mix) == pytest.approx(entropy(mix))
    assert losses.of_mix(mix, answer=np.full(3, 1 / 3)) == pytest.approx(losses.uniform(3)) == math.log(3)


def test_a_class_that_nobody_has_costs_nothing_and_one_that_is_ruled_out_everything() -> None:
    assert losses.of_mix(np.array([1.0, 0.0]), answer=np.array([0.5, 0.5])) == pytest.approx(math.log(2))
    assert losses.of_mix(np.array([0.5, 0.5]), answer=np.array([1.0, 0.0])) == math.inf


def test_without_images_there_is_no_loss() -> None:
    assert math.isnan(losses.of_mix(np.full(2, np.nan), answer=np.array([0.5, 0.5])))
    assert math.isnan(losses.uniform(0))


@pytest.mark.parametrize(
    ("after_each", "expected"),
    [
        ([1.0, 0.9, 0.95], "rose"),
        ([1.0, 0.9, 0.905], "level"),
        ([1.0, 0.95, 0.9], "falling"),
        ([1.0, 0.905, 0.9], "level"),
        ([1.0], "level"),
        ([math.nan, 0.9, 0.95], "rose"),
        ([1.0, 0.9, math.nan], None),
        ([], None),
    ],
)
def test_a_course_is_told_by_its_end(after_each: list[float], expected: str | None) -> None:
    assert losses.course(after_each) == expected
