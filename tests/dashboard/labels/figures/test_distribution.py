"""Both mixes in one picture: marks at their shares, words where there is no number."""

import pytest

from dashboard.labels.figures.distribution import distribution
from dashboard.palette import DARK, LIGHT
from tests.support.made.mixes import apart, made
from tests.support.pages import notes

INTERNAL = made([100, 50, 25, 15, 10, 0])
EXTERNAL = made([20, 50, 100, 30, 100, 200], dataset="chexpert_train", policy="u_ignore")
FEW = made([3, 1, 0, 0, 0, 0])
BETWEEN = apart([-0.46, -0.15, 0.075, -0.015, 0.15, 0.4])


def test_marks_are_at_the_shares_internal_above_and_external_below() -> None:
    figure = distribution(INTERNAL, EXTERNAL, between=BETWEEN, is_test=True, palette=LIGHT)
    marks = [(trace.x[0], trace.y[0], trace.marker.symbol, trace.marker.color) for trace in figure.data]
    for row, (ours, theirs) in enumerate(zip(INTERNAL.classes, EXTERNAL.classes, strict=True)):
        assert marks[row] == (100 * ours.share.value, row - 0.19, "circle", LIGHT.internal)
        assert marks[6 + row] == (100 * theirs.share.value, row + 0.19, "diamond", LIGHT.external)


def test_the_axis_reaches_as_far_as_the_shares_and_the_rows_are_the_classes_in_order() -> None:
    for external, most in ((None, 0.52), (EXTERNAL, 0.52)):
        figure = distribution(INTERNAL, external, between=None, is_test=True, palette=LIGHT)
        start, end = figure.layout.xaxis.range
        assert (start, end) == (0, 80)
        assert 0.6 * end < 100 * most < end
        assert list(figure.layout.xaxis.ticktext) == ["0", "20", "40", "60", "80 %"]
        assert figure.layout.yaxis.range == (5.5, -0.55)
        assert list(figure.layout.yaxis.ticktext) == [each.finding for each in INTERNAL.classes]


def test_counts_stand_beside_the_shares() -> None:
    words = " ".join(notes(distribution(INTERNAL, EXTERNAL, between=None, is_test=True, palette=LIGHT)))
    for said in ("50.0\u00a0%", "100 images", "40.0\u00a0%", "200 images", "0.0\u00a0%", "0 images"):
        assert said in words


def test_few_images_are_words_and_no_mark() -> None:
    figure = distribution(FEW, EXTERNAL, between=None, is_test=True, palette=LIGHT)
    assert {trace.marker.symbol for trace in figure.data} == {"diamond"}
    assert "<i>3 of 4 images</i>" in notes(figure)
    nothing = distribution(made([0] * 6), None, between=None, is_test=True, palette=LIGHT)
    assert notes(nothing) == ["<i>no images</i>"] * 6
    assert (nothing.layout.xaxis.showticklabels, figure.layout.xaxis.showticklabels) == (False, True)


def test_training_images_are_open_and_gray() -> None:
    figure = distribution(INTERNAL, EXTERNAL, between=None, is_test=False, palette=LIGHT)
    ours = [trace.marker for trace in figure.data[:6]]
    assert {(mark.color, mark.line.color) for mark in ours} == {(LIGHT.ground, LIGHT.training)}


def test_only_differences_that_are_clear_are_bold() -> None:
    words = notes(distribution(INTERNAL, EXTERNAL, between=BETWEEN, is_test=True, palette=LIGHT))
    assert any(text.startswith("<b>\u221246.0") for text in words)
    assert any(text.startswith("<b>+40.0") for text in words)
    assert any(text.startswith("\u22121.5 ") for text in words)
    assert "change: external minus internal" in words
    assert "change: external minus internal" not in notes(
        distribution(INTERNAL, EXTERNAL, between=None, is_test=True, palette=LIGHT)
    )


def test_large_shares_have_their_numbers_at_the_left() -> None:
    figure = distribution(made([90, 10, 0, 0, 0, 0]), None, between=None, is_test=True, palette=LIGHT)
    anchors = [note.xanchor for note in figure.layout.annotations]
    assert anchors == ["right", "left", "left", "left", "left", "left"]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_colours_follow_the_theme(palette: object) -> None:
    figure = distribution(INTERNAL, EXTERNAL, between=None, is_test=True, palette=palette)
    assert {trace.marker.line.color for trace in figure.data} == {palette.internal, palette.external}
