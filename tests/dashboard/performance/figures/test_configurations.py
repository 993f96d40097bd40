"""Metrics side by side: what is joined, what is written where there is no number."""

from dataclasses import replace

import plotly.graph_objects as go

from cxr_core.findings import FINDINGS
from dashboard.notation import Estimate
from dashboard.palette import DARK, LIGHT
from dashboard.performance.data.configurations import Averaged, Panel, PanelRow
from dashboard.performance.figures.configurations import panels_figure
from dashboard.results.configurations import Configuration
from dashboard.results.side import Side
from tests.support.pages import notes

INTERNAL = Estimate(value=0.6, low=0.55, high=0.65, n=640, estimable=True)
EXTERNAL = Estimate(value=0.25, low=0.24, high=0.26, n=30000, estimable=True)
TRAIN = Estimate(value=0.95, low=0.94, high=0.96, n=2563, estimable=True)
SPLIT = PanelRow(
    configuration=Configuration(
        model="split", regime="split", members=None, training=TRAIN, internal=INTERNAL, external=EXTERNAL, lost=EXTERNAL
    ),
    averaged=Averaged(classes=FINDINGS, missing={Side.INTERNAL: (), Side.EXTERNAL: ()}),
    is_joined=True,
)
FULL = replace(
    SPLIT,
    configuration=replace(SPLIT.configuration, model="full", regime="full", internal=None, lost=None),
    averaged=Averaged(classes=FINDINGS, missing={Side.EXTERNAL: ()}),
    is_joined=False,
)


def _figure(*rows: PanelRow, metric: str = "macro_recall") -> go.Figure:
    panel = Panel(metric=metric, rows=rows)
    return panels_figure([replace(panel, metric="accuracy"), panel], constants={"accuracy": 0.3}, palette=LIGHT)


def _marks(figure: go.Figure, color: str) -> list[go.Scatter]:
    return [trace for trace in figure.data if trace.mode == "markers+text" and trace.marker.line.color == color]


def test_both_tests_are_joined_and_training_images_are_not() -> None:
    figure = _figure(SPLIT, FULL)
    joints = [trace for trace in figure.data if trace.mode == "lines" and trace.line.color == LIGHT.rule]
    assert [(tuple(trace.x), tuple(trace.y)) for trace in joints] == [((25.0, 60.0), (0, 0))] * 2
    for training in _marks(figure, LIGHT.training):
        assert (tuple(training.x), tuple(training.text)) == ((95.0,), ("95.0",))
        assert training.marker.color == LIGHT.ground
        assert list(training.y) == [1 - 0.0001]


def test_training_images_of_a_model_with_a_test_are_not_drawn() -> None:
    assert all(len(trace.x) == 0 for trace in _marks(_figure(SPLIT), LIGHT.training))


def test_an_interval_on_training_images_is_dotted() -> None:
    figure = _figure(FULL)
    dashes = {trace.line.color: trace.line.dash for trace in figure.data if trace.mode == "lines"}
    assert (dashes[LIGHT.training], dashes[LIGHT.external]) == ("dot", "solid")


def test_averages_over_other_classes_are_not_joined() -> None:
    figure = _figure(replace(SPLIT, is_joined=False))
    assert not [trace for trace in figure.data if trace.mode == "lines" and trace.line.color == LIGHT.rule]


def test_what_is_no_number_is_words_and_no_mark() -> None:
    few = replace(INTERNAL, estimable=False, n=9)
    undefined = replace(EXTERNAL, value=float("nan"))
    row = replace(SPLIT, configuration=replace(SPLIT.configuration, internal=few, external=undefined))
    figure = _figure(row)
    words = " ".join(notes(figure))
    assert "internal: not estimable, 9 images" in words
    assert "internal: not estimable<" in words
    assert words.count("external: undefined") == 2
    assert all(len(trace.x) == 0 for trace in figure.data if trace.mode == "markers+text")


def test_the_best_constant_answer_has_a_band_where_it_is_known() -> None:
    figure = _figure(SPLIT)
    assert [text for text in notes(figure) if "without skill" in text] == ["without skill externally, 30.0"]
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.type == "rect"] == [(0, 30.0)]


def test_axes_are_shares_and_the_same_for_every_panel() -> None:
    figure = _figure(SPLIT, FULL)
    assert tuple(figure.layout.xaxis.range) == tuple(figure.layout.xaxis2.range) == (0, 100)


def test_panels_stand_four_in_a_row() -> None:
    names = ("accuracy", "balanced_accuracy", "macro_recall", "macro_precision", "macro_f1")
    figure = panels_figure([Panel(metric=name, rows=(SPLIT,)) for name in names], constants={}, palette=LIGHT)
    titles = [annotation for annotation in figure.layout.annotations if annotation.text.startswith("<b>")]
    assert [title.text for title in titles] == [
        "<b>Accuracy</b>",
        "<b>Balanced accuracy</b>",
        "<b>Macro recall</b>",
        "<b>Macro precision</b>",
        "<b>Macro F1</b>",
    ]
    assert [title.xref for title in titles] == ["x", "x2", "x3", "x4", "x5"]
    assert figure.layout.xaxis5.domain[0] == figure.layout.xaxis.domain[0]
    assert figure.layout.yaxis5.domain[1] < figure.layout.yaxis.domain[0]


def test_colours_follow_the_theme() -> None:
    figure = panels_figure([Panel(metric="accuracy", rows=(SPLIT, FULL))], constants={}, palette=DARK)
    assert {trace.marker.line.color for trace in figure.data if trace.mode == "markers+text"} == {
        DARK.internal,
        DARK.external,
        DARK.training,
    }
