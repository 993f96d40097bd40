"""The flow: what each reason takes away lies between what was there and what is left."""

import pytest

from dashboard.labels.data.flow import Flow, Step
from dashboard.labels.figures.flow import flow_figure
from dashboard.palette import LIGHT

FOUND = Flow(
    dataset="vinbigdata",
    role="internal_test",
    of=6,
    listed=1000,
    steps=(Step(reason="train", images=700, left=300), Step(reason="several", images=100, left=200)),
    kept=200,
)


def test_bars_go_down_from_all_images_to_the_test() -> None:
    figure = flow_figure(FOUND, palette=LIGHT)
    assert [trace.base[0] for trace in figure.data] == pytest.approx([0, 0.3, 0.2, 0])
    assert [trace.x[0] for trace in figure.data] == pytest.approx([1, 0.7, 0.1, 0.2])
    assert list(figure.layout.yaxis.ticktext) == ["all images", "trained on", "several of the six", "internal test"]
    assert tuple(figure.layout.xaxis.range) == (0, 1)


def test_only_what_is_kept_has_the_colour_of_the_site() -> None:
    for role, color in (("internal_test", LIGHT.internal), ("external_test", LIGHT.external)):
        found = Flow(dataset="d", role=role, of=6, listed=1000, steps=FOUND.steps, kept=200)
        figure = flow_figure(found, palette=LIGHT)
        assert [trace.marker.color for trace in figure.data] == [color, LIGHT.band, LIGHT.band, color]
        assert [trace.marker.pattern.shape for trace in figure.data] == [None, "/", "/", None]


def test_counts_and_shares_are_written() -> None:
    words = [note.text for note in flow_figure(FOUND, palette=LIGHT).layout.annotations]
    assert words[0] == "<b>1,000</b>"
    assert words[1].startswith("700  ")
    assert "70.0\u00a0%" in words[1]
    assert "<b>200</b>" in words[3]


def test_a_site_without_images_can_be_drawn() -> None:
    figure = flow_figure(Flow(dataset="d", role="external_test", of=6, listed=0, steps=(), kept=0), palette=LIGHT)
    assert list(figure.layout.yaxis.ticktext) == ["all images", "external test"]
