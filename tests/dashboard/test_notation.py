"""Numbers as they are written."""

import math
from dataclasses import replace

import pytest

from cxr_core.metrics.catalogue import is_share, records
from dashboard.notation import (
    Estimate,
    amount,
    bracket,
    counted,
    decimal,
    difference,
    first_of,
    in_words,
    percent,
    points,
    probability,
    resting_on,
    whole,
)


def _estimate(*, value: float = 0.5, low: float = math.nan, high: float = math.nan, estimable: bool = True) -> Estimate:
    return Estimate(value=value, low=low, high=high, n=100, estimable=estimable)


@pytest.mark.parametrize(
    ("difference", "written"),
    [(0.38, "38.0"), (-0.05, "\u22125.0"), (0.0, "0.0"), (-0.0001, "0.0"), (1.0, "100.0"), (0.12345, "12.3")],
)
def test_points_have_one_decimal_and_a_real_minus(difference: float, written: str) -> None:
    assert points(difference) == written


def test_percent_does_not_break_before_its_sign() -> None:
    assert percent(0.253) == "25.3\u00a0%"


@pytest.mark.parametrize(
    ("share", "written"), [(0.99949, "99.9"), (0.9996, "> 99.9"), (1.0, "> 99.9"), (0.0004, "< 0.1"), (0.0006, "0.1")]
)
def test_a_probability_is_never_written_as_certain(share: float, written: str) -> None:
    assert probability(share).replace("\u00a0", " ") == f"{written} %"


def test_an_interval_stands_in_brackets_and_a_range_in_words() -> None:
    assert bracket(_estimate(low=0.248, high=0.258)) == "[24.8, 25.8]"
    members = Estimate(value=0.25, low=0.231, high=0.259, n=100, estimable=True, spread="range")
    assert bracket(members) == "23.1 to 25.9"


@pytest.mark.parametrize(
    ("score", "written"), [(0.8391, "0.839"), (-0.05, "\u22120.050"), (-0.0001, "0.000"), (1, "1.000")]
)
def test_a_score_is_a_decimal_of_three_digits(score: float, written: str) -> None:
    assert decimal(score) == written


def test_areas_and_scores_are_decimals_and_shares_are_in_percent() -> None:
    share = Estimate(value=0.278, low=0.2, high=0.34, n=0, estimable=True)
    score = replace(share, unit="score")
    assert [amount(share), difference(share), bracket(share)] == ["27.8\u00a0%", "27.8 points", "[20.0, 34.0]"]
    assert [amount(score), difference(score), bracket(score)] == ["0.278", "0.278", "[0.200, 0.340]"]
    assert {record.name for record in records() if record.scope != "count" and not is_share(record.name)} == {
        "f1", "macro_f1", "auroc", "macro_auroc", "average_precision", "macro_average_precision",
    }  # fmt: skip


@pytest.mark.parametrize(("low", "high"), [(math.nan, math.nan), (0.1, math.nan), (math.nan, 0.1)])
def test_no_interval_is_no_bracket(low: float, high: float) -> None:
    assert bracket(_estimate(low=low, high=high)) == ""


def test_what_is_undefined_or_not_estimable_is_no_number() -> None:
    assert _estimate().is_number
    assert not _estimate(value=math.nan).is_number
    assert not _estimate(estimable=False).is_number


def test_counts_have_a_plural_and_thousands() -> None:
    assert [counted(n, "image") for n in (0, 1, 29842)] == ["0 images", "1 image", "29,842 images"]


@pytest.mark.parametrize(
    ("n_effective", "said"),
    [
        (math.nan, "100 images"),
        (100.0, "100 images"),
        (12.34, "100 images, counting as 12.3"),
        (0.0, "100 images, counting as 0.0"),
    ],
)
def test_too_few_is_said_as_patients_count(n_effective: float, said: str) -> None:
    assert resting_on(replace(_estimate(estimable=False), n_effective=n_effective)) == said


def test_too_few_of_another_kind() -> None:
    few = replace(_estimate(estimable=False), n_effective=29.9)
    assert resting_on(few, n=41, noun="positive") == "41 positives, counting as 29.9"


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.253, "25"), (1.0, "100"), (0.0, "0"), (0.004, "<1"), (-0.053, "\u22125"), (-0.004, "\u2212<1"), (0.996, "100")],
)
def test_where_there_is_little_room_a_share_is_a_whole_number_and_nothing_becomes_none(
    share: float, written: str
) -> None:
    assert whole(share) == written


def test_numbers_up_to_ten_are_words() -> None:
    assert [in_words(n) for n in (0, 6, 10, 11, 1000)] == ["none", "six", "ten", "11", "1,000"]


def test_of_many_names_the_first_are_named_and_the_rest_counted() -> None:
    assert first_of(["a", "b"]) == ["a", "b"]
    assert first_of(list("abcdefgh")) == list("abcdefgh")
    assert first_of(list("abcdefghi")) == ["a", "b", "c", "d", "e", "4 more"]
