"""Why this answer? in words."""

from dataclasses import replace
from functools import partial

import pytest

from cxr_core.findings import FINDINGS
from dashboard.image.data.answer import Answer, Said
from dashboard.image.data.nearest import Near
from dashboard.image.data.readings import Reading
from dashboard.image.data.truth import Truth
from dashboard.image.text import answer as answer_sentences
from dashboard.image.text import labels as labels_sentences
from dashboard.image.text import nearest as nearest_sentences
from dashboard.image.text import original as original_sentences
from dashboard.image.text.picture import SALIENCY_METHOD
from dashboard.results.side import Side

NAN = float("nan")


def said(predicted: int, *probability: float, model: str = "split", name: str = "ensemble") -> Said:
    return Said(model=model, name=name, predicted=predicted, finding=FINDINGS[predicted], probability=probability)


ENSEMBLE = said(0, 0.71, 0.05, 0.02, 0.03, 0.18, 0.01)
EFFUSION = Truth(
    policy="u_ignore",
    is_default=True,
    rule="",
    classes=FINDINGS,
    index=4,
    left_out=None,
    present=(0.0, 0.0, 0.0, 0.0, 1.0, 0.0),
)
ANSWER = Answer(
    ensemble=ENSEMBLE,
    members=tuple(said(predicted, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1) for predicted in (0, 0, 4)),
    role="external_test",
)


def read(text: str) -> str:
    return text.replace("\\", "").replace("\u00a0", " ").replace("*", "")


def test_a_wrong_answer() -> None:
    assert read(answer_sentences.why(ANSWER, EFFUSION)) == (
        ":material/close: Pleural Effusion taken for No Finding with 71.0 %; the true class got 18.0 %. "
        "Two of three members agree."
    )


def test_a_right_answer() -> None:
    right = replace(EFFUSION, index=0)

    assert read(answer_sentences.why(ANSWER, right)).startswith(":material/check: No Finding with 71.0 %, rightly.")


def test_a_training_image_is_no_test() -> None:
    trained = replace(ANSWER, role="train")

    for truth in (EFFUSION, replace(EFFUSION, index=0)):
        told = read(answer_sentences.why(trained, truth))
        assert ":gray-badge[" in told
        assert "no test" in told
        assert "rightly" not in told
        assert "taken for" not in told
        assert ":material/" not in told


def test_an_image_without_a_single_class_is_neither_right_nor_wrong() -> None:
    several = replace(EFFUSION, index=None, left_out="several", present=(0.0, 1.0, 0.0, 0.0, 1.0, 0.0))

    assert read(answer_sentences.why(ANSWER, several)) == (
        "No single class under this policy (several findings): Cardiomegaly and Pleural Effusion. "
        "The model answers No Finding with 71.0 %. Two of three members agree."
    )


def test_a_policy_of_findings_alone_and_a_dataset_without_policies() -> None:
    alone = replace(EFFUSION, index=None)

    assert "each finding alone: it says Pleural Effusion" in read(answer_sentences.why(ANSWER, alone))
    assert answer_sentences.why(ANSWER, None).startswith("There is no label policy")


@pytest.mark.parametrize(
    ("predictions", "expected"),
    [
        ((0, 0, 0), "All three members agree."),
        ((0, 4, 4), "One of three members agrees."),
        ((4, 4, 4), "None of three members agrees."),
        ((0, 0), "Both members agree."),
        ((0, 4), "One of two members agrees."),
        ((0,) * 12, "All 12 members agree."),
        ((0,), ""),
        ((), ""),
    ],
)
def test_whether_the_members_agree(predictions: tuple[int, ...], expected: str) -> None:
    members = tuple(said(predicted, *[1 / 6] * 6) for predicted in predictions)

    assert answer_sentences.agreement(replace(ANSWER, members=members)) == expected


def test_a_class_in_the_database_cannot_write_markdown() -> None:
    evil = Reading(finding="![](http://x)", matched=None, grade=None, by_reader={"R1": "present"})

    assert "![](" not in labels_sentences.finding_and_class(evil)


def test_why_nothing_is_near() -> None:
    why = partial(nearest_sentences.none_near, finding="Cardiomegaly", site="chexpert_train")
    assert (
        why(Side.INTERNAL, is_trained_on=True)
        == "This model was trained on all internal images: it has no internal test."
    )
    assert "no other image of Cardiomegaly" in why(Side.INTERNAL, is_trained_on=False)
    assert why(Side.EXTERNAL, is_trained_on=True) == "The external test holds no other image."


def test_labels_in_short() -> None:
    labels = [
        Reading(
            finding="Cardiomegaly",
            matched="Cardiomegaly",
            grade="exact",
            by_reader={"R1": "present", "R2": "absent", "R3": "uncertain"},
        ),
        Reading(
            finding="Edema",
            matched=None,
            grade=None,
            by_reader={"R1": "present", "R2": "absent", "R3": "absent"},
        ),
    ]

    assert read(labels_sentences.labels_in_short(labels, classes=FINDINGS)) == (
        "Cardiomegaly: 1 of 3 readers, 1 uncertain · the others absent or not mentioned"
    )
    alone = [replace(labels[0], by_reader={"labeler": "uncertain"})]
    assert labels_sentences.labels_in_short(alone, classes=FINDINGS).startswith("Cardiomegaly uncertain")
    assert labels_sentences.labels_in_short([], classes=FINDINGS) == "none recorded"


def test_the_same_patient_is_named_by_its_place() -> None:
    other = Near(
        key=("d", "i"), true="Cardiomegaly", predicted="No Finding", confidence=0.5, cosine=0.9, same_patient=False
    )
    same = replace(other, same_patient=True)

    assert nearest_sentences.same_patient([same, other, same, replace(other, same_patient=None)]) == (
        "Of the same patient: image 1 and 3."
    )
    assert nearest_sentences.same_patient([other]) == ""


def test_an_absent_original_says_what_to_do_and_no_path() -> None:
    told = original_sentences.no_original(
        "folder", "", dataset="chexpert_train", site="CheXpert train", reader="chexpert"
    )

    assert "SECOND_SITE_DATA=chexpert=DIR" in told
    own = original_sentences.no_original("folder", "", dataset="own`x", site="own`x", reader="table")
    assert "SECOND_SITE_DATA=ownx=DIR" in own
    assert "Get it again" in read(
        original_sentences.no_original("refused", "Get it again.", dataset="d", site="d", reader="table")
    )


@pytest.mark.parametrize(
    ("left_out", "why"),
    [
        ("not_predicted", "no prediction was brought for it"),
        ("moon_phase", "it was left out for a reason unknown here"),
    ],
)
def test_why_the_model_was_not_asked_is_said_in_words(left_out: str, why: str) -> None:
    said = answer_sentences.not_asked(left_out=left_out)
    assert said == f"This model was not asked about this image: {why}."


def test_a_picture_that_left_the_page_names_sites_and_method() -> None:
    assert nearest_sentences.sheet_heading(Side.INTERNAL, site="VinBigData (synthetic)") == (
        "\u25cf internal test: VinBigData (synthetic)"
    )
    assert SALIENCY_METHOD == "saliency: class activation where no other method is named"
