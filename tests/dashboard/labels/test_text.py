"""The page's answers in words."""

import math
import re
from dataclasses import replace

import pytest

from cxr_core.findings import FINDINGS
from dashboard.labels.data.flow import Flow, Step
from dashboard.labels.data.names import Match
from dashboard.labels.data.outcomes import Outcome
from dashboard.labels.data.together import Together
from dashboard.labels.text import distribution as mixes
from dashboard.labels.text import flow, images, names, sites
from dashboard.notation import Estimate
from dashboard.results.comparison import TestSet
from dashboard.results.pictures import Picture
from dashboard.results.side import Side
from tests.support.made.mixes import apart, made
from tests.support.pages import as_read

INTERNAL = made([160, 160, 200, 160, 160, 160])
EXTERNAL = made([290, 130, 90, 200, 200, 90], dataset="chexpert_train", policy="u_ignore")
TEST = TestSet(model="split", dataset="chexpert_train", policy="u_ignore", role="external_test")


def test_the_largest_difference_is_named_with_its_interval() -> None:
    between = apart([0.13, -0.03, -0.11, 0.04, 0.04, -0.07])
    assert as_read(mixes.how_mixed(INTERNAL, EXTERNAL, between=between, is_test=True)) == (
        "No Finding is 16.0 % internally and 29.0 % externally: a change of +13.0 points [8.0, 18.0]. "
        "In all, 21.0 % of images would have to change class for equal mixes (by chance, about 5.0 %)."
    )


def test_fewer_external_ones_are_a_negative_change() -> None:
    said = as_read(mixes.how_mixed(INTERNAL, EXTERNAL, between=apart([0, 0, -0.11, 0, 0, 0]), is_test=True))
    assert said.startswith(
        "Nodule/Mass is 20.0 % internally and 9.0 % externally: a change of \u221211.0 points [\u221216.0, \u22126.0]."
    )


def test_what_may_be_chance_is_said_to_be() -> None:
    said = as_read(mixes.how_mixed(INTERNAL, EXTERNAL, between=apart([0, 0, -0.04, 0, 0, 0]), is_test=True))
    assert "a change of \u22124.0 points [\u22129.0, 1.0], which may be chance" in said


def test_images_that_are_no_test_are_said_to_be_none() -> None:
    said = as_read(mixes.how_mixed(INTERNAL, EXTERNAL, between=apart([0.13, 0, 0, 0, 0, 0]), is_test=False))
    assert said.startswith("No Finding is 16.0 % of all images internally and")


def test_few_images_give_no_answer() -> None:
    few = made([3, 1, 0, 0, 0, 0])
    assert mixes.how_mixed(few, EXTERNAL, between=None, is_test=True) == (
        "How far the mixes differ is not estimable: 4 internal images."
    )
    assert mixes.how_mixed(few, None, between=None, is_test=True).startswith("There is no external test")


def test_many_images_of_few_patients_give_no_answer_either() -> None:
    share = replace(SHARE, n=140, n_effective=18.75, estimable=False)
    few = replace(INTERNAL, classes=tuple(replace(each, share=share) for each in INTERNAL.classes))
    assert mixes.how_mixed(few, EXTERNAL, between=None, is_test=True) == (
        "How far the mixes differ is not estimable: 140 internal images, counting as 18.8."
    )


def test_the_pictures_are_told_in_words() -> None:
    assert "No Finding 16.0" in mixes.mix_described(INTERNAL, EXTERNAL)
    assert "External" not in mixes.mix_described(INTERNAL, None)
    said = mixes.policies_described((made([3, 1, 0, 0, 0, 0]), made([0] * 6, policy="explicit")))
    assert "over half of readers: No Finding 3 of 4, Cardiomegaly 1 of 4" in said
    assert "explicit labels only: no single class" in said


KEPT = Flow(
    dataset="vinbigdata",
    role="internal_test",
    of=6,
    listed=1000,
    steps=(Step(reason="train", images=800, left=200),),
    kept=200,
)
AWAY = replace(KEPT, dataset="chexpert_train", role="external_test", steps=(), listed=800, kept=592)


def test_how_many_are_kept() -> None:
    assert as_read(flow.who_was_kept([KEPT, AWAY])) == (
        "The internal test holds 200 of 1,000 images (20.0 %). The external test holds 592 of 800 images (74.0 %)."
    )
    assert as_read(flow.who_was_kept([KEPT])).endswith("There is no external test.")


def test_trained_on_all_is_not_the_same_as_none_with_a_class() -> None:
    full = replace(KEPT, kept=0)
    assert flow.who_was_kept([full, AWAY]).startswith("The model was trained on all internal images: none is left")
    classless = replace(full, steps=(*KEPT.steps, Step(reason="several", images=200, left=0)))
    assert as_read(flow.who_was_kept([classless, AWAY])).startswith("The internal test holds 0 of 1,000 images")


def test_the_flow_is_told_in_words() -> None:
    assert flow.flow_described(KEPT) == "Of 1,000 images: 800 trained on, 200 internal test."
    assert flow.why_rejected((), site="CheXpert train") == ""
    assert as_read(flow.why_rejected((("no pixels", 2), ("cut", 1)), site="CheXpert train")) == (
        "Files of CheXpert train that cannot be read: no pixels (2 files); cut (1 file)"
    )


def test_the_table_of_policies_leaves_out_reasons_that_never_apply() -> None:
    one = Outcome(policy="u_ignore", classes=(9, 1, 0, 0, 0, 0), none=0, several=4, uncertain=2, no_class=0)
    other = replace(one, policy="u_zeros", several=5, uncertain=0)
    columns = flow.outcomes_table((one, other), shown="u_zeros")
    assert list(columns) == ["Label policy", "in test", "several", "uncertain"]
    assert columns["Label policy"] == ["uncertain left out", "**uncertain is negative**"]
    assert columns["in test"] == ["**10**", "**10**"]
    assert columns["uncertain"] == ["2", "0"]


def _match(index: int, *, grade: str) -> tuple[Match, ...]:
    return (Match(finding=FINDINGS[index], name=f"<{index}>", grade=grade, reason="Why*."),)


EXACT = tuple(_match(index, grade="exact") for index in range(6))
SHARE = Estimate(value=0.5, low=0.4, high=0.6, n=100, estimable=True)
OURS = names.Named(
    classes=FINDINGS,
    dataset="vinbigdata",
    site="VinBigData",
    side=Side.INTERNAL,
    names=EXACT,
    agreement=[SHARE] * 6,
    devices=None,
)
THEIRS = names.Named(
    classes=FINDINGS,
    dataset="chexpert_train",
    site="CheXpert train",
    side=Side.EXTERNAL,
    names=(_match(0, grade="weak"), *EXACT[1:3], _match(3, grade="close"), _match(4, grade="weak"), ()),
    agreement=None,
    devices=[replace(SHARE, n=29, estimable=False), replace(SHARE, value=math.nan, n=0, estimable=False), *[SHARE] * 4],
)


def test_names_that_do_not_mean_the_class_are_named() -> None:
    assert as_read(names.how_named([OURS, THEIRS])) == (
        "Externally, No Finding and Pleural Effusion are only weak matches; Lung Opacity is only a close match; "
        "nothing is called Consolidation."
    )
    recorded = replace(THEIRS, devices=[SHARE] * 6)
    said = "50.0 % [40.0, 60.0] of external No Finding images show support devices."
    assert as_read(names.how_named([OURS, recorded])).endswith(f"nothing is called Consolidation. {said}")
    assert names.how_named([OURS, replace(OURS, side=Side.EXTERNAL)]) == "Every name means its class."
    assert names.how_named([OURS]) == "Every internal name means its class."


def test_a_further_name_that_is_a_worse_match_is_told_too() -> None:
    further = (
        (*EXACT[0], *_match(0, grade="weak"), *_match(0, grade="weak")),
        (*EXACT[1], *_match(1, grade="exact")),
        (*_match(2, grade="close"), *_match(2, grade="weak")),
        *EXACT[3:],
    )
    assert as_read(names.how_named([replace(OURS, names=further)])) == (
        "Internally, No Finding and Nodule/Mass have a further name that is a weak match; "
        "Nodule/Mass is only a close match."
    )


def test_the_table_of_names_shows_what_is_known() -> None:
    columns = {
        as_read(heading): [as_read(cell) for cell in column]
        for heading, column in names.names_table([OURS, THEIRS]).items()
    }
    assert list(columns) == [
        "Class",
        "● internal name",
        "◆ external name",
        "● internal reader agreement",
        "● internal support devices",
        "◆ external support devices",
    ]
    assert columns["◆ external name"][0] == "<0> weak"
    assert columns["◆ external name"][5] == "no such name"
    assert columns["● internal reader agreement"][0] == "50.0 % [40.0, 60.0] n = 100"
    assert columns["● internal support devices"] == ["not recorded"] * 6
    assert columns["◆ external support devices"][:3] == [
        "not estimable, n = 29",
        "not estimable, n = 0",
        "50.0 % [40.0, 60.0] n = 100",
    ]


def test_names_out_of_a_file_are_plain_text() -> None:
    written = " ".join(names.names_table([OURS, THEIRS])["Class"])
    cells = [cell for column in names.names_table([OURS, THEIRS]).values() for cell in column]
    assert not any(
        re.search(r"(?<!\\)<", cell) for cell in [*cells, names.reasons([OURS, THEIRS], exact=True), written]
    )
    assert "Why\\*" in names.reasons([OURS, THEIRS], exact=False)


def test_reasons_are_those_of_the_exact_matches_or_the_others() -> None:
    others = names.reasons([OURS, THEIRS], exact=False).splitlines()
    assert len(others) == 3
    assert as_read(others[0]) == "- No Finding, external “<0>”, weak: Why*."
    assert len(names.reasons([OURS, THEIRS], exact=True).splitlines()) == 8


def test_the_legend_says_who_has_one_reader() -> None:
    assert as_read(names.names_legend([OURS, THEIRS])).endswith("CheXpert train: one reader, so no agreement.")
    assert "Readers agree" not in names.names_legend([THEIRS])


def test_what_occurs_together_is_told_in_words() -> None:
    found = Together(
        dataset="d",
        policy="p",
        images=60,
        classes=FINDINGS,
        present=(40, 29, 0, 0, 0, 0),
        known=((40, 40, 9, 40, 40, 40), *[(0,) * 6] * 5),
        both=((40, 10, 1, 0, 0, 0), *[(0,) * 6] * 5),
        labelled=(60, 60, 60, 60, 60, 0),
    )
    said = names.together_described(found).replace("\u00a0", " ")
    assert "No Finding: Cardiomegaly 25.0 %, Nodule/Mass too few images, Lung Opacity 0.0 %" in said
    assert f"{FINDINGS[-1]} unknown" in said
    assert names.unlabelled([(TEST, found)]) == f"Unknown externally, not labelled there: {FINDINGS[-1]}."
    assert "Cardiomegaly:" not in said
    assert "Too few images of each" in names.together_described(replace(found, present=(0,) * 6))


def test_what_is_drawn() -> None:
    assert as_read(images.what_is_drawn("Cardiomegaly", mixes=[INTERNAL, made([1, 3, 0, 0, 0, 0])], count=8)) == (
        "Cardiomegaly: 8 of 160 internal and 3 of 3 external images, drawn at random, not picked."
    )
    assert "external" not in images.what_is_drawn("Cardiomegaly", mixes=[INTERNAL], count=8)


@pytest.mark.parametrize(
    ("sex", "age", "said"), [("F", 67.4, "woman, 67"), (None, 67.4, "67"), ("M", None, "man"), (None, None, "")]
)
def test_captions_leave_out_what_is_not_recorded(sex: str | None, age: float | None, said: str) -> None:
    picture = Picture(
        key=("d", "i"),
        picture_hash=None,
        pipeline_fingerprint="p",
        width=None,
        height=None,
        view="AP",
        sex=sex,
        age_years=age,
        patient=None,
    )
    assert images.person(picture) == said
    assert images.view_of(picture) == "frontal AP"
    assert images.view_of(None) == "not recorded"
    assert images.person(None) == ""
    assert images.image_described(picture, finding="Cardiomegaly").endswith("reference standard: Cardiomegaly")


def test_sites_have_their_badges() -> None:
    assert as_read(sites.site(TEST, is_test=True, images=1)) == "◆ external test CheXpert train: 1 image"
    internal = replace(TEST, dataset="vinbigdata", role="internal_test")
    assert as_read(sites.site(internal, is_test=True)) == "● internal test VinBigData"
    assert as_read(sites.site(internal, is_test=False)) == "○ training images, no test VinBigData"
