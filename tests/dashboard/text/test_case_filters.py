"""A filter in words, and the headline of its list."""

import pytest

from dashboard.results.case_filter import CaseFilter
from dashboard.results.case_list import CaseCounts
from dashboard.results.side import Side
from dashboard.text.case_filters import answer, phrases
from tests.support.pages import as_read

ALL = CaseFilter()
SOME = CaseFilter(true=("Cardiomegaly",), view=("AP",))
WRONG = CaseFilter(at=Side.INTERNAL, true=("Cardiomegaly", "Nodule/Mass"), got="wrong")


@pytest.mark.parametrize(
    ("wanted", "cases", "wrong", "sure", "expected"),
    [
        (ALL, 592, 292, 30, "Wrong on 292 of 592 external images; on 30 of them it was at least 90 % sure."),
        (ALL, 592, 292, 0, "Wrong on 292 of 592 external images; on none of them it was at least 90 % sure."),
        (ALL, 592, 0, 0, "Right on all 592 external images."),
        (
            SOME, 37, 17, 3,
            "37 of 592 external images (6.2 %): Cardiomegaly, frontal AP. Wrong on 17 of them; on 3 of those it was at",
        ),
        (SOME, 37, 0, 0, "37 of 592 external images (6.2 %): Cardiomegaly, frontal AP. Right on all of them."),
        (
            WRONG, 17, 17, 2,
            "17 of 592 internal images (2.9 %): Cardiomegaly or Nodule/Mass, answered wrong. On 2 of them it was at",
        ),
        (CaseFilter(got="right"), 300, 0, 9, "300 of 592 external images (50.7 %): answered right."),
        (SOME, 0, 0, 0, "0 of 592 external images (0.0 %): Cardiomegaly, frontal AP."),
    ],
)  # fmt: skip
def test_the_headline_says_what_is_listed(wanted: CaseFilter, cases: int, wrong: int, sure: int, expected: str) -> None:
    counts, confident = CaseCounts(cases=cases, wrong=wrong, test=592), CaseCounts(cases=9, wrong=sure, test=592)
    rest = " least 90 % sure."
    said = as_read(answer(counts, sure=confident, wanted=wanted))
    assert said.removesuffix(rest) == expected.removesuffix(rest)


def test_a_filter_by_confidence_says_nothing_of_another_confidence() -> None:
    counts = CaseCounts(cases=40, wrong=10, test=592)
    said = as_read(answer(counts, sure=None, wanted=CaseFilter(confidence=(40, 70))))
    assert said == "40 of 592 external images (6.8 %): confidence 40 to 70 %. Wrong on 10 of them."


def test_each_filter_in_a_few_words() -> None:
    wanted = CaseFilter(
        predicted=("Lung Opacity", "Consolidation"),
        got="wrong",
        members="differ",
        view=("PA", "AP"),
        sex=("F",),
        age=("40-59", "80+"),
        attributes=(("manufacturer", ("Agfa", "Fuji")),),
        id="i7",
    )
    assert phrases(wanted, wrong="wrong") == [
        "predicted Lung Opacity or Consolidation", "wrong", "members differ", "frontal PA or frontal AP", "women",
        "40 to 59 years or 80 years and older", "manufacturer Agfa or Fuji", "one id",
    ]  # fmt: skip
    cell = CaseFilter(true=("Cardiomegaly",), predicted=("No Finding",))
    assert phrases(cell) == ["Cardiomegaly", "taken for No Finding"]
    assert phrases(CaseFilter(true=("Cardiomegaly",), predicted=("Cardiomegaly",))) == ["Cardiomegaly", "recognized"]
