"""The marks of one configuration: a circle at home, a diamond abroad, an open circle on training images."""

import math
from typing import Literal

import plotly.graph_objects as go

from dashboard.notation import Estimate, bracket, percent, points
from dashboard.palette import Palette
from dashboard.results.configurations import Configuration

VALUE_SHIFT_PX = -16

Anchor = Literal["left", "center", "right"]


def draw_marks(figure: go.Figure, row: Configuration, *, y: int, palette: Palette) -> None:
    """Draws the tests of a configuration; its training images only where it has no internal test."""
    home_anchor, abroad_anchor = _anchors(row)
    if row.training is not None and row.internal is None:
        _draw_mark(figure, row.training, y=y, color=palette.training, fill=palette.ground, symbol="circle")
    if row.internal is not None:
        _draw_mark(figure, row.internal, y=y, color=palette.internal, symbol="circle", anchor=home_anchor)
    if row.external is not None:
        _draw_mark(figure, row.external, y=y, color=palette.external, symbol="diamond", anchor=abroad_anchor)


def _draw_mark(
    figure: go.Figure,
    estimate: Estimate,
    *,
    y: int,
    color: str,
    symbol: str,
    fill: str | None = None,
    anchor: Anchor = "center",
) -> None:
    if not estimate.is_number:
        return
    x = 100 * estimate.value
    if not (math.isnan(estimate.low) or math.isnan(estimate.high)):
        bar = {"color": color, "width": 5 if estimate.spread == "interval" else 2}
        ends = {"x0": 100 * estimate.low, "x1": 100 * estimate.high}
        figure.add_shape(type="line", **ends, y0=y, y1=y, line=bar, layer="below")
    figure.add_scatter(
        x=[x],
        y=[y],
        mode="markers",
        marker={"color": fill or color, "size": 12, "symbol": symbol, "line": {"width": 2, "color": color}},
        hovertemplate=f"{percent(estimate.value)} {bracket(estimate)}<extra></extra>",
    )
    write(figure, points(estimate.value), x=x, y=y, shift_px=(0, VALUE_SHIFT_PX), color=color, anchor=anchor)


def write(
    figure: go.Figure,
    text: str,
    *,
    x: float,
    y: int,
    shift_px: tuple[int, int],
    color: str,
    anchor: Anchor = "center",
    size_px: int = 14,
) -> None:
    """Writes a text beside a point of the picture; `shift_px` is to the right and up."""
    figure.add_annotation(
        x=x,
        y=y,
        xshift=shift_px[0],
        yshift=shift_px[1],
        text=text,
        showarrow=False,
        xanchor=anchor,
        font={"color": color, "size": size_px},
    )


def _anchors(row: Configuration) -> tuple[Anchor, Anchor]:
    """Where the values stand at home and abroad: away from each other if the marks are close."""
    if row.internal is None or row.external is None or 100 * abs(row.internal.value - row.external.value) > 12:
        return "center", "center"
    return ("left", "right") if row.internal.value >= row.external.value else ("right", "left")
