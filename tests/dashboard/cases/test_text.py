"""Which images it got wrong, in words, and what stands under an image."""

import pytest

from cxr_core.findings import FINDINGS
from dashboard.cases import text as sentences
from dashboard.cases.data import Loosened
from dashboard.results.case_list import Case, CaseCounts
from dashboard.results.side import Side
from dashboard.text import case_captions
from tests.support.pages import as_read


def _case(**changes: object) -> Case:
    known = {
        "key": ("chexpert_train", "i7"),
        "true": "Cardiomegaly",
        "predicted": "No Finding",
        "confidence": 0.914,
        "of_true": 0.04,
        "view": "AP",
        "sex": "F",
        "age_years": 67.0,
    }
    return Case(**{**known, **changes})


@pytest.mark.parametrize(
    ("wrong", "sure", "expected"),
    [
        (22_297, 3_118, "Wrong on 22,297 of 29,842 external images; on 3,118 of them it was at least 90 % sure."),
        (22_297, 0, "Wrong on 22,297 of 29,842 external images; on none of them it was at least 90 % sure."),
        (0, 0, "Right on all 29,842 external images."),
    ],
)
def test_the_answer(wrong: int, sure: int, expected: str) -> None:
    everything = CaseCounts(cases=29_842, wrong=wrong, test=29_842)
    confident = CaseCounts(cases=5_000, wrong=sure, test=29_842)
    assert as_read(sentences.answer(everything, sure=confident, side=Side.EXTERNAL)) == expected


def test_how_much_a_filter_holds() -> None:
    some = CaseCounts(cases=412, wrong=300, test=29_842)
    assert as_read(sentences.held(some, side=Side.EXTERNAL)) == "412 images, 1.4 % of the external test, 300 wrong"
    everything = CaseCounts(cases=641, wrong=1, test=641)
    assert as_read(sentences.held(everything, side=Side.INTERNAL)) == "641 images, all of the internal test, 1 wrong"


def test_nothing_says_what_to_loosen() -> None:
    assert as_read(sentences.nothing(Loosened(key="conf", cases=12))) == (
        "No image passes all of these filters. Set confidence to any, and there are 12."
    )
    assert sentences.nothing(Loosened(key="sex", cases=1)).endswith("there is 1.")
    assert "nor all but one" in sentences.nothing(None)


def test_a_probability_never_rounds_to_certainty() -> None:
    written = {
        0.914: "91 %",
        0.994: "99 %",
        0.9951: "> 99 %",
        1.0: "> 99 %",
        0.006: "1 %",
        0.004: "< 1 %",
        0.0: "< 1 %",
    }
    assert {share: as_read(case_captions.sure(share)) for share in written} == written


def test_names_under_a_tile_are_short() -> None:
    assert max(len(sentences.short(finding)) for finding in FINDINGS) <= 13


def test_an_image_in_words() -> None:
    assert as_read(case_captions.described(_case())) == (
        "Cardiomegaly taken for No Finding with 91.4 %; the true class got 4.0 % (frontal AP, woman, 67 years)"
    )
    unknown = _case(predicted="Cardiomegaly", of_true=0.914, view=None, sex=None, age_years=None)
    assert as_read(case_captions.described(unknown)) == "Cardiomegaly recognized with 91.4 %"
