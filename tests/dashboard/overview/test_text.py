"""The sentence under the title, case by case."""

import math
from dataclasses import replace

import pytest

from dashboard.notation import Estimate
from dashboard.overview.data.networks import of_these_networks
from dashboard.overview.text import answer as sentences
from dashboard.overview.text import classes
from dashboard.results.configurations import Configuration
from dashboard.results.sample_size import SampleSize
from dashboard.text import cells
from tests.support.made.numbers import lost, no_skill, number, pair
from tests.support.pages import as_read

INTERNAL = Estimate(value=0.6, low=0.55, high=0.65, n=640, estimable=True)
EXTERNAL = Estimate(value=0.3, low=0.28, high=0.32, n=30000, estimable=True)
LOST = Estimate(value=0.3, low=0.25, high=0.35, n=0, estimable=True)
ROW = Configuration(
    model="split", regime="split", members=None, training=None, internal=INTERNAL, external=EXTERNAL, lost=LOST
)
LINES = no_skill(0.4, best_class="Lung Opacity")


@pytest.mark.parametrize(
    ("best_constant", "said"),
    [
        (0.40, "below always answering"),
        (0.30, "not clearly different from always answering"),
        (0.32, "not clearly different from always answering"),
        (0.20, "above always answering"),
    ],
)
def test_the_verdict_looks_at_the_interval(best_constant: float, said: str) -> None:
    answer = sentences.how_far(ROW, baselines=no_skill(best_constant, best_class="Lung Opacity"))
    assert f"Externally it is {said} “Lung Opacity” ({100 * best_constant:.1f} %)." in as_read(answer)


@pytest.mark.parametrize("low", [math.nan])
def test_without_an_interval_nothing_is_called_above_or_below(low: float) -> None:
    bare = replace(ROW, external=replace(EXTERNAL, low=low, high=low))
    assert "not clearly different" in as_read(sentences.how_far(bare, baselines=LINES))


@pytest.mark.parametrize("side", ["internal", "external"])
def test_a_loss_between_numbers_that_are_none_is_not_told(side: str) -> None:
    none = replace(INTERNAL, value=math.nan, low=math.nan, high=math.nan)
    row = replace(ROW, internal=none) if side == "internal" else replace(ROW, external=none)
    said = as_read(sentences.how_far(row, baselines=LINES))
    assert "nan" not in said
    assert "The gap is not estimable." in said


def test_a_loss_whose_interval_holds_zero_may_be_chance() -> None:
    row = replace(ROW, lost=Estimate(value=0.02, low=-0.01, high=0.05, n=0, estimable=True))
    assert "a gap of 2.0 points [\u22121.0, 5.0], which may be chance: this n could have seen 4.3 points." in as_read(
        sentences.how_far(row, baselines=None)
    )


def test_a_gain_is_a_negative_gap_as_it_is_stored() -> None:
    row = replace(ROW, lost=Estimate(value=-0.1, low=-0.15, high=-0.05, n=0, estimable=True))
    assert "a gap of \u221210.0 points [\u221215.0, \u22125.0], a gain." in as_read(
        sentences.how_far(row, baselines=None)
    )


def test_a_loss_without_an_interval_is_stated_bare() -> None:
    row = replace(ROW, lost=replace(LOST, low=math.nan, high=math.nan))
    assert "a gap of 30.0 points." in as_read(sentences.how_far(row, baselines=None))


def test_a_loss_that_is_not_estimable_is_no_number() -> None:
    answer = as_read(sentences.how_far(replace(ROW, lost=replace(LOST, estimable=False)), baselines=LINES))
    assert answer.endswith("The gap is not estimable.")
    assert "30.0 points" not in answer


def test_the_way_in_one_sentence_and_whether_no_look_would_do_as_well() -> None:
    assert as_read(sentences.how_far(ROW, baselines=LINES)) == (
        "Right on 60.0 % at home and 30.0 % abroad: a gap of 30.0 points [25.0, 35.0]. "
        "Externally it is below always answering “Lung Opacity” (40.0 %)."
    )


def test_macro_auroc_stands_beside_accuracy_with_its_own_gap() -> None:
    scores = [replace(each, unit="score") for each in (INTERNAL, EXTERNAL, LOST)]
    ranking = replace(ROW, internal=scores[0], external=scores[1], lost=scores[2])
    said = as_read(sentences.how_far(ROW, ranking=ranking, baselines=None))
    assert said.endswith(" Macro AUROC 0.600 → 0.300, a gap of 0.300 [0.250, 0.350].")
    few = replace(ranking, internal=replace(scores[0], estimable=False), external=None)
    assert "AUROC" not in sentences.how_far(ROW, ranking=few, baselines=None)


def test_a_card_has_recall_its_gap_n_and_auroc() -> None:
    row = pair("A", number(0.6, positives=54), number(0.06, positives=53), lost(0.54, half=0.1))
    score = replace(number(0.9), estimate=replace(number(0.9).estimate, unit="score"))
    auroc = pair("A", score, score, lost(0.0))
    assert [line.replace("\u00a0", " ") for line in classes.lost_of(row, auroc=auroc)] == [
        "recall 60.0 → 6.0 %, n = 54, 53",
        "gap 54.0 points [44.0, 64.0]",
        "AUROC 0.900 → 0.900",
    ]
    assert len(classes.lost_of(row, auroc=replace(auroc, lost=lost(0.0, estimable=False)))) == 2


def test_a_model_trained_on_all_internal_images_loses_nothing_that_can_be_told() -> None:
    full = replace(ROW, model="full", regime="full", internal=None, lost=None)
    said = as_read(sentences.how_far(full, baselines=LINES))
    assert said.endswith("It was trained on all internal images, so there is no gap.")


def test_without_an_external_test_the_internal_number_stands_alone() -> None:
    assert as_read(sentences.how_far(replace(ROW, external=None, lost=None), baselines=None)) == (
        "Right on 60.0 % internally [55.0, 65.0]. There is no external test, so there is no gap."
    )


def test_what_rests_on_too_few_images_is_a_count() -> None:
    internal, external = replace(INTERNAL, estimable=False, n=10), replace(EXTERNAL, estimable=False, n=25)
    row = replace(ROW, internal=internal, external=external, lost=replace(LOST, estimable=False))
    assert as_read(sentences.how_far(row, baselines=LINES)) == (
        "Its internal accuracy is not estimable: 10 images. "
        "Its external accuracy is not estimable: 25 images. The gap is not estimable."
    )


def test_a_split_model_without_an_internal_test_was_not_trained_on_all() -> None:
    answer = as_read(sentences.how_far(replace(ROW, internal=None, lost=None), baselines=None))
    assert answer == ("Right on 30.0 % externally [28.0, 32.0]. There is no internal test, so there is no gap.")


def test_neither_test_leaves_one_sentence() -> None:
    answer = sentences.how_far(replace(ROW, internal=None, external=None, lost=None), baselines=None)
    assert answer == "There is no external test, so there is no gap."


def test_patients_are_counted_or_said_to_be_unknown() -> None:
    assert sentences.tested_on(SampleSize(images=0, patients=None, without_patient=0)) == "none"
    assert sentences.tested_on(SampleSize(images=1, patients=1, without_patient=0)) == "1 image of 1 patient"
    assert (
        sentences.tested_on(SampleSize(images=1200, patients=90, without_patient=7))
        == "1,200 images of 90 patients (7 without a recorded patient)"
    )


def test_cells_tell_numbers_from_reasons() -> None:
    assert cells.share(None, absent="none") == ":gray[:small[none]]"
    assert cells.share(replace(INTERNAL, estimable=False, n=12), absent="none") == (
        ":gray[:small[not estimable\\: 12 images]]"
    )
    assert cells.share(replace(INTERNAL, low=math.nan), absent="none") == "**60.0\u00a0%**"
    assert cells.share(replace(INTERNAL, unit="score"), absent="none", is_bold=False) == (
        "0.600 :gray[:small[\\[0\\.550\\, 0\\.650\\]]]"
    )
    assert cells.gap(None) == ":gray[:small[not estimable]]"
    assert cells.gap(None, absent="no gap") == ":gray[:small[no gap]]"
    assert cells.training(replace(INTERNAL, value=math.nan)) == ":gray[:small[not estimable]]"
    assert (
        cells.baselines(replace(LINES, lines={**LINES.lines, "no_skill_uniform": math.nan}))[0]
        == ":gray[:small[not recorded]]"
    )
    assert cells.baselines(replace(LINES, estimable=False)) == [":gray[:small[not estimable]]"] * 5


def test_members_that_lose_unlike_amounts_are_said_to_be_these_networks() -> None:
    lost = Estimate(value=0.28, low=0.2, high=0.36, n=0, estimable=True)
    members = replace(lost, low=0.23, high=0.33, spread="range")
    whole = replace(ROW, lost=lost)
    single = replace(
        whole, model=None, members=3, internal=replace(lost, value=0.8), external=replace(lost, value=0.52)
    )
    rows = [whole, replace(single, lost=members)]
    assert of_these_networks(rows, model="split") == members
    assert of_these_networks([whole, replace(single, lost=replace(members, high=0.3))], model="split") is None
    said = as_read(sentences.how_far(ROW, baselines=None, networks=members))
    assert "That is for these networks: single ones lose 23.0 to 33.0 points." in said
