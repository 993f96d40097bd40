"""The answer in words, for every way in which it can be unknown."""

import math
from dataclasses import replace

import pytest

from dashboard.notation import Estimate
from dashboard.results.hit_rates import Pointing
from dashboard.results.saliency_test import SaliencyTest
from dashboard.results.sampled_images import SampledImage
from dashboard.results.side import Side
from dashboard.saliency import text as sentences
from dashboard.saliency.data import MeanMap
from dashboard.text import saliency_methods

INTERNAL = SaliencyTest(model="split", dataset="vinbigdata", policy="dominant", role="internal_test", has_boxes=True)
EXTERNAL = SaliencyTest(model="split", dataset="chexpert", policy="u_ignore", role="external_test", has_boxes=False)
RATE = Estimate(value=0.468, low=0.41, high=0.5, n=77, estimable=True)
POINTING = Pointing(finding="Pleural Effusion", rate=RATE, usual=0.403, usual_from="training", images=77, shares={})
NOTHING = replace(
    POINTING, rate=replace(RATE, value=math.nan, n=0, estimable=False), usual=math.nan, usual_from=None, images=0
)
MEAN = MeanMap(n=77, height=7, width=7, values=b"", n_image=77, side_px=0, image=b"x", box=None)


def _answer(internal: SaliencyTest, found: Pointing) -> str:
    said = sentences.right_place(
        {Side.INTERNAL: internal, Side.EXTERNAL: EXTERNAL},
        {Side.INTERNAL: (found,), Side.EXTERNAL: (NOTHING,)},
        finding="Pleural Effusion",
    )
    return said.replace("\u00a0", " ")


def test_the_answer_compares_with_the_usual_place() -> None:
    assert _answer(INTERNAL, POINTING) == (
        "Internally, its peak lies in a reader's box on **46.8 %** :gray[\\[41\\.0\\, 50\\.0\\]] of 77 Pleural "
        "Effusion images; always pointing at the usual place scores 40.3 %. "
        "The external site has no boxes: not estimable."
    )


@pytest.mark.parametrize(
    ("internal", "found", "said"),
    [
        (INTERNAL, NOTHING, "No Pleural Effusion image of the internal test has a box: not estimable."),
        (
            INTERNAL,
            replace(POINTING, rate=replace(RATE, n=12, estimable=False)),
            "Internally, pointing is not estimable: 12 Pleural Effusion images with a box.",
        ),
        (
            replace(INTERNAL, role="train"),
            POINTING,
            "It was trained on all internal images: there is no test, and pointing is not estimable.",
        ),
        (replace(INTERNAL, has_boxes=False), NOTHING, "The internal site has no boxes: not estimable."),
    ],
)
def test_what_is_not_estimable_is_never_a_number(internal: SaliencyTest, found: Pointing, said: str) -> None:
    answer = _answer(internal, found)
    assert answer.startswith(said)
    assert "%" not in answer


def test_without_an_external_test_the_answer_says_so() -> None:
    said = sentences.right_place({Side.INTERNAL: INTERNAL}, {Side.INTERNAL: (POINTING,)}, finding="Pleural Effusion")
    assert said.endswith("There is no external test.")


def test_a_usual_place_that_scores_more_is_said_to() -> None:
    assert "usual place scores **more**: 51.0 %" in _answer(INTERNAL, replace(POINTING, usual=0.51))


def test_a_usual_place_within_the_interval_is_not_called_better_or_worse() -> None:
    for usual in (0.42, 0.49):
        answer = _answer(INTERNAL, replace(POINTING, usual=usual))
        assert answer.count("**not clearly different**") == 1
        assert "**more**" not in answer


def test_a_box_is_named_where_there_is_one() -> None:
    boxed = replace(MEAN, box=(0, 0, 1, 1))
    assert sentences.box((MEAN, None), finding="Cardiomegaly") == ""
    assert sentences.box((boxed, None), finding="Cardiomegaly") == "mean of the readers' boxes"
    assert sentences.box((boxed, None), finding="Pleural Effusion").endswith("of both sides")


def test_without_a_usual_place_nothing_is_compared() -> None:
    assert "usual place" not in _answer(INTERNAL, replace(POINTING, usual=math.nan, usual_from=None))


def test_the_footnote_tells_samples_and_where_the_usual_place_is_from() -> None:
    tested = {Side.INTERNAL: (replace(POINTING, images=9000), replace(POINTING, usual_from="other tenths"))}
    said = sentences.footnote(tested)
    assert "Pleural Effusion: a sample of 77 of 9,000 images with a box." in said
    assert "training images of the class" in said
    assert "nine tenths" in said
    assert sentences.footnote({Side.INTERNAL: (NOTHING,)}) == ""


@pytest.mark.parametrize(
    ("internal", "said"),
    [
        (INTERNAL, "no image that was tested has a box"),
        (replace(INTERNAL, role="train"), "this model was trained on"),
        (replace(INTERNAL, has_boxes=False), "neither site has any"),
    ],
)
def test_an_empty_picture_says_why(internal: SaliencyTest, said: str) -> None:
    assert said in sentences.why_no_rates({Side.INTERNAL: internal, Side.EXTERNAL: EXTERNAL})


def test_a_mean_tells_how_many_it_is_of() -> None:
    assert sentences.mean_of(MEAN) == "mean of 77 maps"
    assert sentences.mean_of(replace(MEAN, n_image=70, box=(0, 0, 1, 1))) == "mean of 77 maps, 70 images"
    assert sentences.mean_of(replace(MEAN, n=1, image=None, n_image=0)) == "mean of 1 map; no image, too few"
    assert sentences.mean_of(None) == ""


def test_the_pictures_are_told_in_words() -> None:
    drawn = SampledImage(key=("a", "b"), sort="missed", predicted="No Finding", share=0.123, readers=math.nan)
    said = sentences.tile(drawn, finding="Nodule/Mass", side=Side.EXTERNAL).replace("\u00a0", " ")
    assert said == "Nodule/Mass, external: missed. The model says No Finding; Nodule/Mass got 12.3 %."
    told = sentences.described({Side.INTERNAL: (POINTING, replace(NOTHING, finding="Nodule/Mass"))}).replace(
        "\u00a0", " "
    )
    assert "Pleural Effusion, internal: 46.8 % [41.0, 50.0] of 77 images, usual place 40.3 %" in told
    assert "Nodule/Mass, internal: not estimable, 0 images" in told
    assert sentences.mean_map(MEAN, finding="Nodule/Mass", side=Side.INTERNAL) == (
        "Where the model looks on 77 internal Nodule/Mass images, on average"
    )


def test_a_method_that_is_not_known_keeps_its_name() -> None:
    assert saliency_methods.method("gradcam++") == "Grad-CAM++"
    assert saliency_methods.method("![x](y)") == "![x](y)"
