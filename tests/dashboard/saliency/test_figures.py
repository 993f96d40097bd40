"""The hit rates: what is drawn, what is written, and what is not."""

import math
from dataclasses import replace

import plotly.graph_objects as go
import pytest

from dashboard.notation import Estimate
from dashboard.palette import DARK, LIGHT
from dashboard.results.hit_rates import Pointing
from dashboard.results.side import Side
from dashboard.saliency.figures import HitRateRow, hit_rates
from tests.support.pages import notes

RATE = Estimate(value=0.468, low=math.nan, high=math.nan, n=77, estimable=True)
USUAL = Estimate(value=0.403, low=0.31, high=0.5, n=77, estimable=True)
BELOW = Estimate(value=-0.065, low=-0.118, high=-0.012, n=77, estimable=True)
NONE = Estimate(value=math.nan, low=math.nan, high=math.nan, n=0, estimable=False)
POINTING = Pointing(
    finding="Pleural Effusion", rate=RATE, usual=USUAL, difference=BELOW, usual_from="training", images=77, shares={}
)
ROW = HitRateRow(pointing=POINTING, side=Side.INTERNAL, label="Pleural Effusion", is_bold=False)


def _dots(figure: go.Figure) -> list[float]:
    return [shape.x0 for shape in figure.layout.shapes if shape.line.dash == "dot"]


def test_a_rate_stands_beside_that_of_the_usual_place() -> None:
    figure = hit_rates([ROW], palette=LIGHT)
    (mark,) = figure.data
    assert mark.x == pytest.approx((46.8,))
    assert (mark.marker.symbol, mark.marker.color) == ("circle", LIGHT.internal)
    assert _dots(figure) == pytest.approx([40.3])
    assert "usual place" in notes(figure)
    assert any("46.8" in text and "n = 77" in text for text in notes(figure))
    assert "\u22126.5 [\u221211.8, \u22121.2]" in notes(figure)
    assert tuple(figure.layout.xaxis.range) == (0, 100)


def test_the_external_test_is_a_diamond_in_its_own_colour() -> None:
    (mark,) = hit_rates([replace(ROW, side=Side.EXTERNAL)], palette=DARK).data
    assert (mark.marker.symbol, mark.marker.color) == ("diamond", DARK.external)


@pytest.mark.parametrize(("n", "said"), [(12, "<i>not estimable: 12 images</i>"), (0, "<i>no image with a box</i>")])
def test_what_is_not_estimable_is_words_without_a_mark(n: int, said: str) -> None:
    few = replace(POINTING, rate=replace(RATE, n=n, estimable=False))
    figure = hit_rates([replace(ROW, pointing=few)], palette=LIGHT)
    assert len(figure.data) == 0
    assert _dots(figure) == []
    assert said in notes(figure)
    assert not any("46.8" in text for text in notes(figure))


def test_no_usual_place_draws_no_line() -> None:
    figure = hit_rates(
        [replace(ROW, pointing=replace(POINTING, usual=NONE, difference=NONE, usual_from=None))], palette=LIGHT
    )
    assert _dots(figure) == []
    assert "usual place" not in notes(figure)


def test_the_class_of_the_page_is_bold() -> None:
    figure = hit_rates([replace(ROW, is_bold=True), replace(ROW, label="Nodule/Mass")], palette=LIGHT)
    assert "<b>Pleural Effusion</b>" in notes(figure)
    assert "Nodule/Mass" in notes(figure)
