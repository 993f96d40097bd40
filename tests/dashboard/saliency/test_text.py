"""The answer in words, for every way in which it can be unknown."""

import math
from dataclasses import replace

import pytest

from dashboard.notation import Estimate
from dashboard.results.hit_rates import Pointing
from dashboard.results.saliency_test import SaliencyTest
from dashboard.results.sampled_images import SampledImage
from dashboard.results.side import Side
from dashboard.saliency.data.boxes import BoxDensity
from dashboard.saliency.data.mean_maps import MeanMap
from dashboard.saliency.data.worst import worst_class
from dashboard.saliency.text import images, maps
from dashboard.saliency.text import rates as sentences
from dashboard.text import saliency_methods

INTERNAL = SaliencyTest(model="split", dataset="vinbigdata", policy="dominant", role="internal_test", has_boxes=True)
EXTERNAL = SaliencyTest(model="split", dataset="chexpert", policy="u_ignore", role="external_test", has_boxes=False)
RATE = Estimate(value=0.468, low=0.41, high=0.5, n=77, estimable=True)
USUAL = Estimate(value=0.403, low=0.31, high=0.5, n=77, estimable=True)
ABOVE = Estimate(value=0.065, low=0.012, high=0.118, n=77, estimable=True)
POINTING = Pointing(
    finding="Pleural Effusion", rate=RATE, usual=USUAL, difference=ABOVE, usual_from="training", images=77, shares={}
)
NONE = Estimate(value=math.nan, low=math.nan, high=math.nan, n=0, estimable=False)
NOTHING = replace(POINTING, rate=NONE, usual=NONE, difference=NONE, usual_from=None, images=0)
MEAN = MeanMap(n=77, height=7, width=7, values=b"", n_image=77, side_px=0, image=b"x")


def _answer(internal: SaliencyTest, found: Pointing) -> str:
    said = sentences.right_place(
        {Side.INTERNAL: internal, Side.EXTERNAL: EXTERNAL},
        {Side.INTERNAL: (found,), Side.EXTERNAL: (NOTHING,)},
        finding="Pleural Effusion",
    )
    return said.replace("\u00a0", " ")


def test_the_answer_compares_with_the_usual_place() -> None:
    assert _answer(INTERNAL, POINTING) == (
        "**Pleural Effusion**: internal hit rate **46.8 %** :gray[\\[41\\.0\\, 50\\.0\\]] (n = 77), "
        "**6.5 points above** :gray[\\[1\\.2\\, 11\\.8\\]] always pointing at the usual place (40.3 %). "
        "The external site has no boxes: not estimable."
    )


@pytest.mark.parametrize(
    ("internal", "found", "said"),
    [
        (INTERNAL, NOTHING, "no image of the internal test has a box: not estimable."),
        (
            INTERNAL,
            replace(POINTING, rate=replace(RATE, n=12, estimable=False)),
            "the internal hit rate is not estimable: 12 images with a box.",
        ),
        (
            replace(INTERNAL, role="train"),
            POINTING,
            "it was trained on all internal images: there is no test, and the hit rate is not estimable.",
        ),
        (replace(INTERNAL, has_boxes=False), NOTHING, "the internal site has no boxes: not estimable."),
    ],
)
def test_what_is_not_estimable_is_never_a_number(internal: SaliencyTest, found: Pointing, said: str) -> None:
    answer = _answer(internal, found)
    assert answer.startswith(f"**Pleural Effusion**: {said}")
    assert "%" not in answer


def test_without_an_external_test_the_answer_says_so() -> None:
    said = sentences.right_place({Side.INTERNAL: INTERNAL}, {Side.INTERNAL: (POINTING,)}, finding="Pleural Effusion")
    assert said.endswith("There is no external test.")


def test_a_shortfall_is_told_as_points_below() -> None:
    below = replace(ABOVE, value=-0.394, low=-0.527, high=-0.26)
    said = _answer(INTERNAL, replace(POINTING, difference=below))
    assert "**39.4 points below** :gray[\\[26\\.0\\, 52\\.7\\]] always pointing" in said


def test_an_interval_that_spans_0_is_not_called_better_or_worse() -> None:
    said = _answer(INTERNAL, replace(POINTING, difference=replace(ABOVE, low=-0.01)))
    assert "**not clearly different** from always pointing at the usual place (40.3 %): 6.5 points" in said
    assert "above" not in said


def test_the_class_with_the_least_to_show_is_called_the_worst() -> None:
    other = replace(POINTING, finding="Nodule/Mass", difference=replace(ABOVE, value=-0.1))
    for finding, is_worst in (("Nodule/Mass", True), ("Pleural Effusion", False)):
        said = sentences.right_place({Side.INTERNAL: INTERNAL}, {Side.INTERNAL: (POINTING, other)}, finding=finding)
        assert ("the worst of two classes" in said) == is_worst


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((POINTING, replace(POINTING, finding="b", difference=replace(ABOVE, value=-0.2))), "b"),
        (
            (
                replace(POINTING, difference=NONE),
                replace(POINTING, finding="b", rate=replace(RATE, value=0.1), difference=NONE),
            ),
            "b",
        ),
        ((replace(POINTING, rate=replace(RATE, estimable=False)), NOTHING), None),
    ],
    ids=["difference", "rate", "none"],
)
def test_the_page_opens_on_the_worst_estimable_class(found: tuple[Pointing, ...], expected: str | None) -> None:
    assert worst_class(found) == expected


def test_where_boxes_lie_is_told_with_their_number() -> None:
    density = BoxDensity(n=179, side=1, values=b"x", most=0.38)
    said = maps.boxes({Side.INTERNAL: density, Side.EXTERNAL: None}).replace("\u00a0", " ")
    assert said == "half as many readers' boxes as at the densest place (internal: 38.0 % of 179)"
    assert maps.legend(MEAN, density).replace("\u00a0", " ") == (
        "mean of 77 maps; lines: 50 and 80 % of the peak; "
        "dashed: half as many readers' boxes as at the densest place (38.0 % of 179)"
    )
    assert maps.boxes({Side.INTERNAL: None}) == ""


def test_without_a_usual_place_nothing_is_compared() -> None:
    assert "usual place" not in _answer(INTERNAL, replace(POINTING, usual=NONE, difference=NONE, usual_from=None))


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
    assert maps.mean_of(MEAN) == "mean of 77 maps"
    assert maps.mean_of(replace(MEAN, n_image=70)) == "mean of 77 maps, 70 images"
    assert maps.mean_of(replace(MEAN, n=30, image=None, n_image=0)) == "mean of 30 maps; no image, too few"
    assert maps.mean_of(replace(MEAN, n=29, n_image=29)) == "mean of 29 maps: not estimable"
    assert maps.mean_of(None) == ""


def test_the_pictures_are_told_in_words() -> None:
    drawn = SampledImage(key=("a", "b"), sort="missed", predicted="No Finding", share=0.123, readers=math.nan)
    said = images.tile(drawn, finding="Nodule/Mass", side=Side.EXTERNAL).replace("\u00a0", " ")
    assert said == "Nodule/Mass, external: missed. The model says No Finding; Nodule/Mass got 12.3 %."
    told = sentences.described({Side.INTERNAL: (POINTING, replace(NOTHING, finding="Nodule/Mass"))}).replace(
        "\u00a0", " "
    )
    assert (
        "Pleural Effusion, internal: 46.8 % [41.0, 50.0] of 77 images, usual place 40.3 %, difference 6.5 [1.2, 11.8]"
        in told
    )
    assert "Nodule/Mass, internal: not estimable, 0 images" in told
    assert maps.mean_map(MEAN, finding="Nodule/Mass", side=Side.INTERNAL) == (
        "Where the model looks on 77 internal Nodule/Mass images, on average"
    )


def test_a_method_that_is_not_known_keeps_its_name() -> None:
    assert saliency_methods.method("gradcam++") == "Grad-CAM++"
    assert saliency_methods.method("![x](y)") == "![x](y)"
