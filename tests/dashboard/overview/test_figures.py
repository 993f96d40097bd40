"""The dumbbells: what is drawn, where, and what is not."""

import math
from dataclasses import replace

import plotly.graph_objects as go
import pytest

from dashboard.notation import Estimate
from dashboard.overview.figures import DumbbellRow, dumbbells
from dashboard.palette import DARK, LIGHT, Palette
from dashboard.results.baselines import Baselines
from dashboard.results.configurations import Configuration
from tests.support.made.numbers import no_skill
from tests.support.pages import notes

INTERNAL = Estimate(value=0.6, low=0.55, high=0.65, n=640, estimable=True)
EXTERNAL = Estimate(value=0.25, low=0.24, high=0.26, n=30000, estimable=True)
LOST = Estimate(value=0.35, low=0.3, high=0.4, n=0, estimable=True)
SPLIT = Configuration(
    model="split", regime="split", members=None, training=INTERNAL, internal=INTERNAL, external=EXTERNAL, lost=LOST
)
FULL = replace(SPLIT, model="full", regime="full", internal=None, lost=None)
LINES = no_skill(0.32)


def _drawn(*rows: Configuration, lines: Baselines | None = None, palette: Palette = LIGHT) -> go.Figure:
    return dumbbells([DumbbellRow(name="a", configuration=row, baselines=lines) for row in rows], palette=palette)


def _marks(figure: go.Figure) -> list[go.Scatter]:
    return [trace for trace in figure.data if trace.mode == "markers+text" and len(trace.x)]


def _intervals(figure: go.Figure, color: str) -> list[tuple[tuple[float, ...], float]]:
    """From where to where the bars of a colour reach, and how thick they are."""
    lines = [trace for trace in figure.data if trace.mode == "lines" and trace.line.color == color]
    return [(tuple(trace.x), trace.line.width) for trace in lines]


def _joints(figure: go.Figure) -> list[tuple[float, float]]:
    return [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.line.color == LIGHT.rule]


def test_the_axis_is_the_same_for_every_model() -> None:
    for rows in ((SPLIT,), (SPLIT, FULL)):
        assert tuple(_drawn(*rows, lines=LINES).layout.xaxis.range) == (0, 100)


def test_both_tests_are_joined_and_training_images_are_not() -> None:
    figure = _drawn(SPLIT, FULL)
    assert _joints(figure) == [(25.0, 60.0)]


def test_the_band_ends_at_the_best_constant_answer() -> None:
    figure = _drawn(SPLIT, lines=LINES)
    band, edge = figure.layout.shapes[:2]
    assert (band.x0, band.x1, band.fillcolor) == (0, 32.0, LIGHT.band)
    assert (edge.x0, edge.line.dash) == (32.0, "dash")
    assert "best constant answer externally, 32.0" in notes(figure)


@pytest.mark.parametrize("lines", [None, no_skill(math.nan), no_skill(estimable=False)])
def test_no_band_without_its_value(lines: Baselines | None) -> None:
    assert not any("constant" in text for text in notes(_drawn(SPLIT, lines=lines)))


def test_what_is_not_estimable_is_words_and_no_mark() -> None:
    row = replace(SPLIT, internal=replace(INTERNAL, estimable=False), lost=replace(LOST, estimable=False))
    figure = _drawn(row)
    assert [trace.marker.symbol for trace in _marks(figure)] == ["diamond"]
    assert _joints(figure) == []
    assert "<i>internal test not estimable</i>" in notes(figure)
    neither = replace(row, external=replace(EXTERNAL, value=math.nan))
    assert "<i>both tests not estimable</i>" in notes(_drawn(neither))


def test_intervals_are_thick_and_ranges_of_members_thin() -> None:
    for spread, width in (("interval", 5), ("range", 2)):
        row = replace(SPLIT, internal=Estimate(value=0.6, low=0.5, high=0.7, n=9, estimable=True, spread=spread))
        assert _intervals(_drawn(row), LIGHT.internal) == [((50.0, 70.0), width)]


def test_no_interval_draws_no_bar() -> None:
    row = replace(SPLIT, internal=replace(INTERNAL, low=math.nan, high=math.nan))
    figure = _drawn(row)
    assert _intervals(figure, LIGHT.internal) == []


def test_the_picked_model_is_bold_and_the_pointer_says_what_a_name_means() -> None:
    rows = [
        DumbbellRow(name=name, configuration=SPLIT, baselines=None, is_picked=name == "a", tooltip=f"means {name}")
        for name in ("a", "b")
    ]
    figure = dumbbells(rows, palette=LIGHT)
    assert [note for note in notes(figure) if "a" in note or "b" in note][:2] == ["<b>a</b>", "b"]
    assert [note.hovertext for note in figure.layout.annotations] == ["means a", "means b"]
    assert figure.layout.xaxis.title.text == "accuracy"


def test_the_numbers_stand_in_the_table_and_not_once_more_in_the_picture() -> None:
    assert not [text for trace in _drawn(SPLIT, FULL).data for text in trace.text or () if text]


def test_colours_follow_the_theme() -> None:
    for palette in (LIGHT, DARK):
        figure = _drawn(SPLIT, FULL, lines=LINES, palette=palette)
        outlines = {trace.marker.line.color: len(trace.x) for trace in _marks(figure)}
        assert outlines == {palette.training: 1, palette.internal: 1, palette.external: 2}


def test_runs_with_other_external_tests_have_bands_of_their_own() -> None:
    other = no_skill(0.2)
    rows = [
        DumbbellRow(name=name, configuration=SPLIT, baselines=lines) for name, lines in (("a", LINES), ("b", other))
    ]
    figure = dumbbells(rows, palette=LIGHT)
    assert [shape.x1 for shape in figure.layout.shapes if shape.fillcolor == LIGHT.band] == [32.0, 20.0]
    assert [text for text in notes(figure) if "constant" in text] == [
        "dashed: best constant answer externally, 32.0",
        "dashed: best constant answer externally, 20.0",
    ]


def test_a_strangers_name_is_no_markup() -> None:
    row = DumbbellRow(name="<a href='x'>", detail="<b>", configuration=SPLIT, baselines=None)
    (name, *_) = notes(dumbbells([row], palette=LIGHT))
    assert "<a" not in name
    assert "<b>" not in name


def test_names_out_of_a_file_are_only_text() -> None:
    row = DumbbellRow(name="%{y} <b>x", detail="$a$\n|", configuration=SPLIT, baselines=None)
    (said,) = [note for note in notes(dumbbells([row], palette=LIGHT)) if "x" in note]
    assert said.startswith("&#37;{y} &lt;b&gt;x")
    assert "&#36;a&#36; |" in said
