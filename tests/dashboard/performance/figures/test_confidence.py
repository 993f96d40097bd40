"""Histograms and reliability: shares of each test on one axis, few images open, none not drawn."""

from dataclasses import replace

import pytest

from dashboard.palette import LIGHT
from dashboard.performance.data.answers import Bin
from dashboard.performance.data.calibration import Reliability
from dashboard.performance.data.confidence import Confidence
from dashboard.performance.figures.calibration import reliability_figure
from dashboard.performance.figures.confidence import confidence_figure
from dashboard.results.side import Side

BINS = (
    Bin(low=0.4, high=0.5, n=40, right=10, confidence=0.45),
    Bin(low=0.5, high=0.6, n=0, right=0, confidence=float("nan")),
    Bin(low=0.9, high=1.0, n=60, right=50, confidence=0.95),
)
SURE = Confidence(n=100, right=60, mean=0.75, median=0.9, n_effective=100, low=0.502, high=0.691, bins=BINS)
FOUND = Reliability(
    bins=(BINS[0], replace(BINS[2], n=12, right=3, confidence=0.6), BINS[2]),
    n=112,
    n_effective=112,
    error=0.1,
    by_chance=0.05,
    mean=0.734,
    share=0.5625,
)


def test_right_and_wrong_are_stacked_shares_of_the_images() -> None:
    figure = confidence_figure([(Side.INTERNAL, "a", SURE)], palette=LIGHT)
    right, wrong = (trace for trace in figure.data if trace.type == "bar")
    assert list(right.x) == pytest.approx([45, 95])
    assert list(right.y) == [10, 50]
    assert list(wrong.y) == [30, 10]
    assert (right.marker.pattern.shape, wrong.marker.pattern.shape) == (None, "/")
    assert figure.layout.barmode == "stack"


def test_both_tests_share_one_axis_of_shares() -> None:
    flat = replace(SURE, bins=tuple(replace(BINS[0], n=5, low=i / 20, high=(i + 1) / 20) for i in range(20)))
    figure = confidence_figure([(Side.INTERNAL, "a", SURE), (Side.EXTERNAL, "b", flat)], palette=LIGHT)
    assert tuple(figure.layout.yaxis.range) == tuple(figure.layout.yaxis2.range) == (0, 100)
    alone = confidence_figure([(Side.EXTERNAL, "b", flat)], palette=LIGHT)
    assert tuple(alone.layout.yaxis.range) == (0, 25)


def test_too_few_images_draw_no_bar_but_keep_their_panel() -> None:
    figure = confidence_figure([(Side.INTERNAL, "a", replace(SURE, n=12, n_effective=12))], palette=LIGHT)
    assert [trace.type for trace in figure.data] == ["scatter"]
    assert [note.text for note in figure.layout.annotations] == ["a"]


def test_bins_lie_at_their_mean_confidence_and_few_images_are_open() -> None:
    figure = reliability_figure([(Side.INTERNAL, "a", FOUND)], palette=LIGHT)
    many, few = figure.data
    assert (list(many.x), list(many.y)) == ([45.0, 95.0], pytest.approx([25.0, 100 * 50 / 60]))
    assert (list(few.x), few.mode, few.marker.color) == ([60.0], "markers", LIGHT.ground)
    assert {"40", "60", "12"} <= {note.text for note in figure.layout.annotations}


def test_bins_too_close_for_their_counts_tell_them_together() -> None:
    close = replace(FOUND, bins=(BINS[0], replace(BINS[0], n=41, confidence=0.46)))
    words = {note.text for note in reliability_figure([(Side.INTERNAL, "a", close)], palette=LIGHT).layout.annotations}
    assert "40 to 41 images in each" in words
    assert "40" not in words


def test_too_few_images_draw_no_reliability() -> None:
    figure = reliability_figure([(Side.INTERNAL, "a", replace(FOUND, n=12, n_effective=12))], palette=LIGHT)
    assert len(figure.data) == 0
