"""Curves: both tests told apart twice, no-skill lines, and axes that stay without a curve."""

import numpy as np
import plotly.graph_objects as go
import pytest

from cxr_core.metrics.curves import curve
from dashboard.palette import LIGHT
from dashboard.performance.figures.curves import PlottedCurves, curves_figure
from dashboard.results.side import Side

CURVE = curve(np.array([False, True, True, False, False]), np.array([0.9, 0.8, 0.5, 0.4, 0.1]))


def _drawn(side: str, *, prevalence: float = 0.4) -> PlottedCurves:
    return PlottedCurves(
        side=side, curve=CURVE, roc=f"roc {side}", precision_recall=f"pr {side}", prevalence=prevalence
    )


def _lines(figure: go.Figure) -> list[go.Scatter]:
    return [trace for trace in figure.data if trace.mode == "lines" and trace.x is not None and len(trace.x)]


def test_each_test_has_its_colour_and_its_dash_in_both_panels() -> None:
    figure = curves_figure([_drawn(Side.INTERNAL), _drawn(Side.EXTERNAL)], palette=LIGHT)
    looks = [(trace.line.color, trace.line.dash, trace.xaxis) for trace in _lines(figure)]
    assert looks == [
        (LIGHT.internal, "solid", "x"),
        (LIGHT.internal, "solid", "x2"),
        (LIGHT.external, "dash", "x"),
        (LIGHT.external, "dash", "x2"),
    ]
    names = [(note.text, note.font.color) for note in figure.layout.annotations]
    assert ("roc internal", LIGHT.internal) in names
    assert ("pr external", LIGHT.external) in names


def test_the_area_under_the_drawn_steps_is_the_average_precision() -> None:
    _, steps = _lines(curves_figure([_drawn(Side.INTERNAL)], palette=LIGHT))
    assert steps.line.shape == "vh"
    recall, precision = np.array(steps.x) / 100, np.array(steps.y) / 100
    # Found at the second and the third score: precision 1/2 and 2/3.
    assert float(np.sum(np.diff(recall) * precision[1:])) == pytest.approx((0.5 + 2 / 3) / 2)
    assert (recall[0], precision[0]) == pytest.approx((0, 0.5))


def test_no_skill_is_the_diagonal_and_the_share_of_positives() -> None:
    figure = curves_figure(
        [_drawn(Side.INTERNAL, prevalence=0.3), _drawn(Side.EXTERNAL, prevalence=0.1)], palette=LIGHT
    )
    diagonal, *shares = [(shape.x0, shape.y0, shape.x1, shape.y1) for shape in figure.layout.shapes]
    assert diagonal == (0, 0, 100, 100)
    assert shares == [(0, 30.0, 100, 30.0), (0, 10.0, 100, 10.0)]
    places = {note.text: note.yanchor for note in figure.layout.annotations if "no skill," in note.text}
    assert places == {"no skill, internal 30.0": "bottom", "no skill, external 10.0": "top"}


def test_without_a_curve_both_panels_stay() -> None:
    empty = PlottedCurves(side=Side.INTERNAL, curve=None, roc="few", precision_recall="few", prevalence=float("nan"))
    figure = curves_figure([empty], palette=LIGHT)
    assert _lines(figure) == []
    assert {trace.xaxis for trace in figure.data} == {"x", "x2"}
    assert len(figure.layout.shapes) == 1
