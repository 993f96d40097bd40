"""Distances between mixes against SciPy, by hand, and by drawing samples."""

import numpy as np
import pytest
from scipy.spatial.distance import cityblock

from cxr_core.metrics.mixes import total_variation, total_variation_by_chance


def test_total_variation_is_half_the_city_block_distance() -> None:
    first, second = np.random.default_rng(0).dirichlet(np.ones(6), size=2)
    assert total_variation(first, second) == pytest.approx(cityblock(first, second) / 2)
    assert total_variation(first, first) == 0


def test_mixes_without_a_common_class_are_all_apart() -> None:
    assert total_variation(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 1


def test_by_chance_it_is_what_samples_of_one_mix_show_on_average() -> None:
    rng, mix = np.random.default_rng(1), np.array([0.4, 0.3, 0.2, 0.1])
    first, second = rng.multinomial(400, mix, size=4000) / 400, rng.multinomial(900, mix, size=4000) / 900
    shown = np.mean([total_variation(one, other) for one, other in zip(first, second, strict=True)])
    errors = [np.sqrt(mix * (1 - mix) / n) for n in (400, 900)]
    assert total_variation_by_chance(*errors) == pytest.approx(shown, rel=0.02)


def test_what_is_not_known_is_not_a_number_and_other_classes_are_refused() -> None:
    one, unknown = np.array([0.5, 0.5]), np.array([0.5, np.nan])
    assert np.isnan(total_variation(one, unknown))
    assert np.isnan(total_variation_by_chance(one, unknown))
    with pytest.raises(ValueError, match="shapes"):
        total_variation(one, np.ones(3) / 3)
