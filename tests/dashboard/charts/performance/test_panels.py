"""Four metrics side by side: what is joined, what is written where there is no number."""

from dataclasses import replace

import plotly.graph_objects as go

from cxr_core.findings import FINDINGS
from cxr_core.metrics.catalogue import METRICS, record
from dashboard.charts.performance.panels import panels
from dashboard.notation import Estimate
from dashboard.palette import DARK, LIGHT
from dashboard.queries.performance.panels import Averaged, Panel, PanelRow
from dashboard.results.configurations import Configuration
from dashboard.results.side import Side

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


def _figure(*rows: PanelRow) -> go.Figure:
    found = [Panel(metric=record(name), rows=rows) for name in ("accuracy", "macro_recall")]
    return panels(found, no_skill={"accuracy": 0.3}, palette=LIGHT)


def _words(figure: go.Figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


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
    words = " ".join(_words(figure))
    assert "internal: not estimable, 9 images" in words
    assert "internal: not estimable<" in words
    assert words.count("external: undefined") == 2
    assert all(len(trace.x) == 0 for trace in figure.data if trace.mode == "markers+text")


def test_the_best_constant_answer_has_a_band_where_it_is_known() -> None:
    figure = _figure(SPLIT)
    assert [text for text in _words(figure) if "constant" in text] == ["best constant externally, 30.0"]
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.type == "rect"] == [(0, 30.0)]


def test_axes_are_shares_and_the_same_for_every_panel() -> None:
    figure = _figure(SPLIT, FULL)
    assert tuple(figure.layout.xaxis.range) == tuple(figure.layout.xaxis2.range) == (0, 100)


def test_colours_follow_the_theme() -> None:
    figure = panels([Panel(metric=record("accuracy"), rows=(SPLIT, FULL))], no_skill={}, palette=DARK)
    assert {trace.marker.line.color for trace in figure.data if trace.mode == "markers+text"} == {
        DARK.internal,
        DARK.external,
        DARK.training,
    }


def test_more_than_four_metrics_begin_another_line() -> None:
    found = [Panel(metric=METRICS[name], rows=(SPLIT, FULL)) for name in list(METRICS)[:6]]
    figure = panels(found, no_skill={}, palette=LIGHT)
    tops = [getattr(figure.layout, f"yaxis{i or ''}").domain[1] for i in ("", 2, 3, 4, 5, 6)]
    assert tops[:4] == [1.0] * 4
    assert tops[4] == tops[5] < 0.5
    assert figure.layout.height > 1.5 * panels(found[:4], no_skill={}, palette=LIGHT).layout.height


def test_chance_is_called_so() -> None:
    panel = Panel(metric=record("macro_auroc"), rows=(SPLIT,))
    assert "chance, 50.0" in _words(panels([panel], no_skill={"macro_auroc": 0.5}, palette=LIGHT))
