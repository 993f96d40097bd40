"""A row a class: numbers in columns, words where there are none."""

from dataclasses import replace

import plotly.graph_objects as go
import pytest

from dashboard.palette import LIGHT
from dashboard.performance.figures.classes import OtherMetric, by_class
from dashboard.results.pairs import Pair
from tests.support.made.numbers import lost, number, pair
from tests.support.pages import notes

INTERNAL = number(0.7, n=300, positives=54)
EXTERNAL = number(0.2, n=600, positives=60)
ROW = pair("Cardiomegaly", INTERNAL, EXTERNAL, lost(0.5, half=0.14))


def _figure(*rows: Pair, no_skill: str | None = None) -> go.Figure:
    return by_class(rows, no_internal="none: trained on all", no_skill=no_skill, palette=LIGHT)


def _points(figure: go.Figure) -> dict[str, tuple[float, ...]]:
    return {trace.marker.symbol: tuple(trace.x) for trace in figure.data if trace.mode == "markers+text"}


def test_a_row_has_both_marks_both_intervals_and_the_loss() -> None:
    figure = _figure(ROW)
    assert _points(figure) == {"circle": (70.0,), "diamond": (20.0,)}
    words = " ".join(notes(figure))
    assert "70.0\u00a0% <span" in words
    assert "[60.0, 80.0]" in words
    assert "<b>50.0</b>" in words
    assert "[36.0, 64.0]" in words
    assert "54, 60 positives" in figure.layout.yaxis.ticktext[0]
    assert tuple(figure.layout.xaxis.range) == (0, 100)


def test_the_pointer_is_told_what_the_metric_rests_on_and_not_all_images() -> None:
    said = [text for trace in _figure(ROW).data for text in trace.hovertext or ()]
    assert said == [
        "internal test: 70.0\u00a0% [60.0, 80.0], 54 positives",
        "external test: 20.0\u00a0% [10.0, 30.0], 60 positives",
    ]


def test_an_area_is_a_decimal_on_an_axis_of_its_own() -> None:
    both = [
        replace(each, metric="auroc", estimate=replace(each.estimate, unit="score")) for each in (INTERNAL, EXTERNAL)
    ]
    by = replace(lost(0.5, half=0.14), unit="score")
    figure = _figure(pair("Cardiomegaly", *both, by), no_skill="half")
    words = " ".join(notes(figure))
    assert "0.700 <span" in words
    assert "<b>0.500</b>" in words
    assert "<b>gap</b>" in words
    assert list(figure.layout.xaxis.ticktext) == ["0", "0.2", "0.4", "0.6", "0.8", "1"]
    assert "54 of 300, 60 of 600 positives" in figure.layout.yaxis.ticktext[0]


def test_another_metrics_gap_stands_below_the_gap() -> None:
    by = replace(lost(0.086), unit="score")
    beside = OtherMetric(label="AUROC", rows=[pair("Cardiomegaly", INTERNAL, EXTERNAL, by)])
    figure = by_class([ROW], no_internal="-", no_skill=None, beside=beside, palette=LIGHT)
    assert "AUROC gap 0.086 [0.036, 0.136]" in " ".join(notes(figure))


def test_a_class_with_too_few_images_is_an_empty_row_with_words() -> None:
    few = replace(INTERNAL, estimate=replace(INTERNAL.estimate, estimable=False), positives=12)
    figure = _figure(replace(ROW, internal=few, lost=replace(ROW.lost, estimable=False)))
    assert _points(figure) == {"circle": (), "diamond": (20.0,)}
    assert "not estimable: 12 positives" in " ".join(notes(figure))
    assert "70.0" not in " ".join(notes(figure))
    assert "50.0" not in " ".join(notes(figure))
    assert not [trace for trace in figure.data if trace.mode == "lines" and trace.line.color == LIGHT.rule]


def test_what_is_undefined_is_not_called_too_few() -> None:
    undefined = replace(EXTERNAL, estimate=replace(EXTERNAL.estimate, value=float("nan")))
    assert "undefined" in " ".join(notes(_figure(replace(ROW, external=undefined))))


def test_no_internal_test_says_why() -> None:
    figure = _figure(replace(ROW, internal=None, lost=None))
    assert "none: trained on all" in " ".join(notes(figure))
    assert _points(figure)["circle"] == ()


@pytest.mark.parametrize(("no_skill", "places"), [(None, []), ("half", [50]), ("prevalence", [18.0, 10.0])])
def test_what_takes_no_skill(no_skill: str | None, places: list[float]) -> None:
    shapes = _figure(ROW, no_skill=no_skill).layout.shapes
    assert [shape.x0 for shape in shapes] == pytest.approx(places)


def test_a_name_from_a_file_does_nothing_in_the_picture() -> None:
    text = _figure(replace(ROW, name="<a href='http://x'>x</a>")).layout.yaxis.ticktext[0]
    assert "<a" not in text


def test_images_that_count_as_fewer_say_so_on_a_line_of_their_own() -> None:
    few = replace(INTERNAL.estimate, estimable=False, n_effective=28.1)
    figure = _figure(replace(ROW, internal=replace(INTERNAL, estimate=few)))
    assert "54 positives,<br>counting as 28.1" in " ".join(notes(figure))
