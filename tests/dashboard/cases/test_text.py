"""Which images it got wrong, in words, and what stands under an image."""

from dashboard.cases import text as sentences
from dashboard.cases.data import Loosened
from dashboard.results.class_cases import Case
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


def test_an_image_in_words() -> None:
    assert as_read(case_captions.described(_case())) == (
        "Cardiomegaly taken for No Finding with 91.4 %; the true class got 4.0 % (frontal AP, woman, 67 years)"
    )
    unknown = _case(predicted="Cardiomegaly", of_true=0.914, view=None, sex=None, age_years=None)
    assert as_read(case_captions.described(unknown)) == "Cardiomegaly recognized with 91.4 %"
