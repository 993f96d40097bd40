"""How far does it travel? The picture."""

import math
from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go

from dashboard.numbers import NOT_ESTIMABLE, Estimate, bracket, percent, points
from dashboard.palette import Palette
from dashboard.queries.overview.accuracies import Configuration
from dashboard.queries.overview.no_skill import NoSkill
from dashboard.sentences.overview import configuration as name_of

_ROW_PX = 60
_TOP = -0.72
_NAME_SHIFT_PX = 18
_VALUE_SHIFT_PX = -16

_NARROW_GAP = 30
"""Percentage points below which the loss does not fit between the two values on a small screen."""

_Anchor = Literal["left", "center", "right"]


def dumbbells(rows: Sequence[Configuration], *, no_skill: NoSkill | None, palette: Palette) -> go.Figure:
    """Accuracy at home and abroad, a row a configuration, on an axis from 0 to 100 %.

    Args:
        rows: From the top.
        no_skill: The lines of the external test, of which the highest is drawn; None draws none.
        palette: The colours of the current theme.
    """
    figure = go.Figure()
    bottom = len(rows) - 0.45
    if no_skill is not None and no_skill.estimable and not math.isnan(no_skill.best_constant):
        _draw_band(figure, no_skill.best_constant, bottom=bottom, palette=palette)
    for y, row in enumerate(rows):
        _write(figure, name_of(row), x=0, y=y, shift_px=(6, _NAME_SHIFT_PX), color=palette.text, anchor="left")
        _draw_doubt(figure, row, y=y, palette=palette)
        _draw_loss(figure, row, y=y, palette=palette)
        _draw_marks(figure, row, y=y, palette=palette)
    figure.update_layout(
        height=_ROW_PX * len(rows) + 60,
        showlegend=False,
        margin={"l": 10, "r": 26, "t": 20, "b": 26},
        font={"size": 13},
        hoverlabel={"font_size": 13},
        xaxis={
            "range": [0, 100],
            "tickvals": [0, 20, 40, 60, 80, 100],
            "ticktext": ["0", "20", "40", "60", "80", "100 %"],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"size": 12, "color": palette.soft},
        },
        yaxis={"range": [bottom, _TOP], "visible": False, "fixedrange": True},
    )
    return figure


def _draw_band(figure: go.Figure, best_constant: float, *, bottom: float, palette: Palette) -> None:
    edge = 100 * best_constant
    across = {"y0": _TOP, "y1": bottom, "layer": "below"}
    figure.add_shape(type="rect", x0=0, x1=edge, fillcolor=palette.band, line_width=0, **across)
    dashes = {"color": palette.no_skill, "dash": "dash", "width": 1.5}
    figure.add_shape(type="line", x0=edge, x1=edge, line=dashes, **across)
    figure.add_annotation(
        x=edge,
        y=_TOP,
        text=f"best constant answer abroad, {points(best_constant)}",
        showarrow=False,
        font={"color": palette.no_skill, "size": 12},
        xanchor="left" if edge < 45 else "right",
        yanchor="bottom",
    )


def _draw_doubt(figure: go.Figure, row: Configuration, *, y: int, palette: Palette) -> None:
    tests = {"internal test": row.internal, "external test": row.external}
    unknown = [test for test, estimate in tests.items() if estimate is not None and not estimate.is_number]
    if unknown:
        said = f"<i>{unknown[0] if len(unknown) == 1 else 'both tests'} {NOT_ESTIMABLE}</i>"
        _write(figure, said, x=100, y=y, shift_px=(0, _NAME_SHIFT_PX), color=palette.soft, anchor="right", size_px=12)


def _draw_loss(figure: go.Figure, row: Configuration, *, y: int, palette: Palette) -> None:
    if not _is_compared(row) or row.internal is None or row.external is None or row.lost is None:
        return
    home, abroad = 100 * row.internal.value, 100 * row.external.value
    figure.add_shape(
        type="line", x0=abroad, x1=home, y0=y, y1=y, line={"color": palette.rule, "width": 2}, layer="below"
    )
    text = f"<b>{points(abs(row.lost.value))}</b> {'lost' if row.lost.value >= 0 else 'gained'}"
    if abs(home - abroad) >= _NARROW_GAP:
        _write(figure, text, x=(home + abroad) / 2, y=y, shift_px=(0, _VALUE_SHIFT_PX), color=palette.text)
        return
    right = 100 * max(_reach(row.internal), _reach(row.external))
    _write(figure, text, x=right, y=y, shift_px=(12, 0), color=palette.text, anchor="left")


def _draw_marks(figure: go.Figure, row: Configuration, *, y: int, palette: Palette) -> None:
    home_anchor, abroad_anchor = _anchors(row)
    if row.training is not None and row.internal is None:
        _draw_mark(figure, row.training, y=y, color=palette.training, fill=palette.ground, symbol="circle")
    if row.internal is not None:
        _draw_mark(figure, row.internal, y=y, color=palette.source, symbol="circle", anchor=home_anchor)
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
    anchor: _Anchor = "center",
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
    _write(figure, points(estimate.value), x=x, y=y, shift_px=(0, _VALUE_SHIFT_PX), color=color, anchor=anchor)


def _write(
    figure: go.Figure,
    text: str,
    *,
    x: float,
    y: int,
    shift_px: tuple[int, int],
    color: str,
    anchor: _Anchor = "center",
    size_px: int = 14,
) -> None:
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


def _is_compared(row: Configuration) -> bool:
    return all(estimate is not None and estimate.is_number for estimate in (row.internal, row.external, row.lost))


def _anchors(row: Configuration) -> tuple[_Anchor, _Anchor]:
    """Where the values stand at home and abroad: away from each other if the marks are close."""
    if row.internal is None or row.external is None or 100 * abs(row.internal.value - row.external.value) > 12:
        return "center", "center"
    return ("left", "right") if row.internal.value >= row.external.value else ("right", "left")


def _reach(estimate: Estimate) -> float:
    return estimate.value if math.isnan(estimate.high) else estimate.high
