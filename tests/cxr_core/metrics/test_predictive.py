"""Predictive values at another prevalence."""

import math

import pytest

from cxr_core.metrics.predictive import predictive_values


def test_they_are_those_of_a_table_of_ten_thousand() -> None:
    # 500 have it: 450 are flagged, 50 are not. 9,500 do not: 1,900 are flagged, 7,600 are not.
    found = predictive_values(sensitivity=0.9, specificity=0.8, prevalence=0.05)
    assert found.positive == pytest.approx(450 / 2350)
    assert found.negative == pytest.approx(7600 / 7650)


def test_at_the_ends_of_prevalence_they_follow_from_it_alone() -> None:
    nobody = predictive_values(sensitivity=0.9, specificity=0.8, prevalence=0)
    assert (nobody.positive, nobody.negative) == (0, 1)
    everybody = predictive_values(sensitivity=0.9, specificity=0.8, prevalence=1)
    assert (everybody.positive, everybody.negative) == (1, 0)


def test_where_nothing_is_flagged_a_flag_is_worth_nothing_that_is_known() -> None:
    found = predictive_values(sensitivity=0, specificity=1, prevalence=0.2)
    assert math.isnan(found.positive)
    assert found.negative == pytest.approx(0.8)


@pytest.mark.parametrize("undefined", ["sensitivity", "specificity", "prevalence"])
def test_of_what_is_undefined_they_are_undefined(undefined: str) -> None:
    given = {"sensitivity": 0.9, "specificity": 0.8, "prevalence": 0.2} | {undefined: math.nan}
    found = predictive_values(**given)
    assert math.isnan(found.positive)
    assert math.isnan(found.negative)


def test_a_percentage_is_no_share() -> None:
    with pytest.raises(ValueError, match=r"Expected a prevalence in \[0, 1\], found 20"):
        predictive_values(sensitivity=0.9, specificity=0.8, prevalence=20)
