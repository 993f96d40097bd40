"""ROC and precision-recall curves of one class in both tests."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cxr_core.metrics.curves import Curve
from dashboard.figures.axes import share_axis
from dashboard.figures.baselines import dashes
from dashboard.figures.marks import Look, looks
from dashboard.figures.template import SMALL_PX, quiet
from dashboard.notation import points
from dashboard.palette import Palette
from dashboard.performance.data.operating import OperatingPoint
from dashboard.performance.figures.axes import keep_panel
from dashboard.results.side import Side

_HEIGHT_PX = 400
_MARKS = 12

_LOW = 6
"""Percentage points below which a name does not fit under its line."""


@dataclass(frozen=True, kw_only=True)
class PlottedCurves:
    """The curves of one test.

    Attributes:
        side: Which test.
        curve: The points; None where there are too few images, or none.
        roc: What is written over the ROC curve: its area and what it rests on, or why there is none.
        precision_recall: The same over the other.
        points: Where it is called present: the carried threshold before the local one; empty where none is known.
        prevalence: What an answer without skill has as precision, in [0, 1]; NaN without images.
    """

    side: Side
    curve: Curve | None
    roc: str
    precision_recall: str
    prevalence: float
    points: tuple[OperatingPoint, ...] = ()


def curves_figure(tests: Sequence[PlottedCurves], *, palette: Palette) -> go.Figure:
    """Both curves side by side, each test in its own colour and dash, named above.

    Args:
        tests: Internal before external.
        palette: The colours of the current theme.
    """
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.09)
    figure.update_layout(height=_HEIGHT_PX)
    figure.update_xaxes(**share_axis(has_grid=True))
    kinds = looks(palette, rise=0)
    for column in (1, 2):
        keep_panel(figure, place=(1, column))
    _draw_diagonal(figure, palette=palette)
    _draw_prevalences(figure, tests, palette=palette)
    for line, test in enumerate(tests):
        look = kinds.of(test.side)
        _name(figure, test.roc, column=1, line=line, look=look)
        _name(figure, test.precision_recall, column=2, line=line, look=look)
        if test.curve is not None:
            _draw(figure, test.curve, look)
            for point in test.points:
                _draw_point(figure, point, look, palette=palette)
    figure.update_yaxes(**share_axis(has_grid=True), tickfont=quiet(palette))
    for column, across, up in (
        (1, "1 \u2212 specificity", "sensitivity (recall)"),
        (2, "recall (sensitivity)", "precision"),
    ):
        figure.update_xaxes(title_text=across, col=column)
        figure.update_yaxes(title_text=up, col=column)
    figure.update_layout(margin={"t": 64, "b": 44, "l": 60})
    return figure


def _draw(figure: go.Figure, curve: Curve, look: Look) -> None:
    hits, alarms, precision = (
        (100 * shares).tolist() for shares in (curve.recall, curve.false_alarms, curve.precision)
    )
    said = [_said(curve, i) for i in range(len(hits))]
    _line(figure, alarms, hits, look=look, said=said, column=1, shape="linear")
    # Vertical before horizontal: the area under these steps is the average precision. It begins at the first hit.
    first = next(i for i, each in enumerate(hits) if each > 0)
    across, up = [0.0, *hits[first:]], [precision[first], *precision[first:]]
    _line(figure, across, up, look=look, said=[said[first], *said[first:]], column=2, shape="vh")


def _draw_point(figure: go.Figure, point: OperatingPoint, look: Look, *, palette: Palette) -> None:
    """A ring on both curves; of a local threshold a triangle."""
    which = "local threshold" if point.is_local else "threshold"
    said = (
        f"at the {which} {point.threshold:.4g}<br>sensitivity {points(point.recall)} %<br>"
        f"specificity {points(point.specificity)} %<br>PPV {points(point.precision)} %"
    )
    places = ((100 * (1 - point.specificity), 100 * point.recall), (100 * point.recall, 100 * point.precision))
    for column, (x, y) in enumerate(places, start=1):
        figure.add_scatter(
            x=[x],
            y=[y],
            mode="markers",
            marker={
                "color": palette.ground,
                "symbol": "triangle-up" if point.is_local else look.symbol,
                "size": 14,
                "line": {"width": 3, "color": look.color},
            },
            hovertext=[said],
            hoverinfo="text",
            cliponaxis=False,
            row=1,
            col=column,
        )


def _line(
    figure: go.Figure,
    x: Sequence[float],
    y: Sequence[float],
    *,
    look: Look,
    said: Sequence[str],
    column: int,
    shape: str,
) -> None:
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": look.color, "width": 2.5, "dash": look.dash, "shape": shape},
        hovertext=said,
        hoverinfo="text",
        row=1,
        col=column,
    )
    step = max(1, len(x) // _MARKS)
    figure.add_scatter(
        x=x[step::step],
        y=y[step::step],
        mode="markers",
        marker={"color": look.color, "symbol": look.symbol, "size": 7},
        hoverinfo="skip",
        row=1,
        col=column,
    )


def _said(curve: Curve, i: int) -> str:
    threshold = curve.threshold[i]
    if math.isinf(threshold):
        return "nothing called present"
    return (
        f"from a probability of {points(threshold)} %<br>"
        f"sensitivity {points(curve.recall[i])} %: called present of those with it<br>"
        f"1 \u2212 specificity {points(curve.false_alarms[i])} %: called present of those without it<br>"
        f"precision {points(curve.precision[i])} %: right of those called present"
    )


def _name(figure: go.Figure, text: str, *, column: int, line: int, look: Look) -> None:
    figure.add_annotation(
        x=0,
        xref="x domain" if column == 1 else "x2 domain",
        xanchor="left",
        y=1,
        yref="y domain" if column == 1 else "y2 domain",
        yanchor="bottom",
        yshift=26 - 20 * line,
        text=text,
        font={"color": look.color},
    )


def _draw_diagonal(figure: go.Figure, *, palette: Palette) -> None:
    figure.add_shape(type="line", x0=0, y0=0, x1=100, y1=100, line=dashes(palette), layer="below", row=1, col=1)
    figure.add_annotation(
        x=72,
        y=66,
        text="no skill",
        xanchor="left",
        font={"color": palette.baseline, "size": SMALL_PX},
        row=1,
        col=1,
    )


def _draw_prevalences(figure: go.Figure, tests: Sequence[PlottedCurves], *, palette: Palette) -> None:
    """A dashed line a test, the name of the higher one above it, that of the lower one below."""
    shown = sorted((test for test in tests if not math.isnan(test.prevalence)), key=lambda test: -test.prevalence)
    for place, test in enumerate(shown):
        y = 100 * test.prevalence
        figure.add_shape(type="line", x0=0, x1=100, y0=y, y1=y, line=dashes(palette), layer="below", row=1, col=2)
        figure.add_annotation(
            x=1,
            y=y,
            text=f"no skill, {test.side} {points(test.prevalence)}",
            xanchor="left",
            yanchor="top" if place and y > _LOW else "bottom",
            font={"color": palette.baseline, "size": SMALL_PX},
            row=1,
            col=2,
        )
