"""Plotly figures. Marks are labelled where they stand; colours come from the palette, so that both themes are readable."""

import plotly.graph_objects as go

from dashboard.numbers import Estimate, bracket, percent, points
from dashboard.palette import Palette
from dashboard.queries.overview.accuracies import Configuration

_ROW_PX = 62
_TOP = -0.72


def dumbbells(
    rows: tuple[Configuration, ...], *, best_constant: float | None, palette: Palette
) -> go.Figure:
    """Accuracy at home and abroad, a row a configuration, on an axis from 0 to 100 %.

    Args:
        rows: In the order of drawing, from the top.
        best_constant: What the best constant answer reaches abroad, in [0, 1]; None draws no band.
        palette: The colours of the current theme.
    """
    figure = go.Figure()
    bottom = len(rows) - 0.45
    if best_constant is not None:
        _draw_band(figure, best_constant, bottom=bottom, palette=palette)
    for y, row in enumerate(rows):
        _draw_row(figure, row, y=y, palette=palette)
    figure.update_layout(
        height=_ROW_PX * len(rows) + 62,
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


def configuration_name(row: Configuration) -> str:
    """``split, ensemble`` or ``split, single (mean of 3)``."""
    return f"{row.regime}, ensemble" if row.members is None else f"{row.regime}, single (mean of {row.members})"


def _draw_band(figure: go.Figure, best_constant: float, *, bottom: float, palette: Palette) -> None:
    edge = 100 * best_constant
    figure.add_shape(
        type="rect", x0=0, x1=edge, y0=_TOP, y1=bottom, fillcolor=palette.band, line_width=0, layer="below"
    )
    figure.add_shape(
        type="line", x0=edge, x1=edge, y0=_TOP, y1=bottom, layer="below",
        line={"color": palette.no_skill, "dash": "dash", "width": 1.5},
    )
    figure.add_annotation(
        x=edge, y=_TOP, text=f"best constant answer abroad, {points(best_constant)}", showarrow=False,
        font={"color": palette.no_skill, "size": 12}, xanchor="left" if edge < 60 else "right", yanchor="bottom",
    )


def _draw_row(figure: go.Figure, row: Configuration, *, y: int, palette: Palette) -> None:
    name = configuration_name(row)
    figure.add_annotation(
        x=0, y=y, yshift=18, xshift=6, text=name, showarrow=False, xanchor="left",
        font={"color": palette.text, "size": 14},
    )
    _draw_loss(figure, row, y=y, palette=palette)
    if row.internal is None and row.training is not None:
        _draw_mark(figure, row.training, y=y, color=palette.training, symbol="circle-open", name=f"{name}, training images")
    if row.internal is not None:
        _draw_mark(figure, row.internal, y=y, color=palette.source, symbol="circle", name=f"{name}, internal test")
    if row.external is not None:
        _draw_mark(figure, row.external, y=y, color=palette.external, symbol="diamond", name=f"{name}, external test")


def _draw_loss(figure: go.Figure, row: Configuration, *, y: int, palette: Palette) -> None:
    if row.lost is None or row.internal is None or row.external is None:
        return
    if not (row.lost.is_number and row.internal.is_number and row.external.is_number):
        return
    ends = (100 * row.external.value, 100 * row.internal.value)
    figure.add_shape(
        type="line", x0=ends[0], x1=ends[1], y0=y, y1=y, line={"color": palette.rule, "width": 2}, layer="below"
    )
    figure.add_annotation(
        x=sum(ends) / 2, y=y, yshift=-14, text=f"<b>{points(row.lost.value)}</b> lost", showarrow=False,
        font={"color": palette.text, "size": 13},
    )


def _draw_mark(figure: go.Figure, estimate: Estimate, *, y: int, color: str, symbol: str, name: str) -> None:
    if not estimate.is_number:
        return
    x = 100 * estimate.value
    figure.add_shape(
        type="line", x0=100 * estimate.low, x1=100 * estimate.high, y0=y, y1=y, line={"color": color, "width": 5}
    )
    figure.add_scatter(
        x=[x], y=[y], mode="markers",
        marker={"color": color, "size": 12, "symbol": symbol, "line": {"width": 2 if symbol.endswith("open") else 0}},
        hovertemplate=f"{percent(estimate.value)} {bracket(estimate)}<extra>{name}</extra>",
    )
    figure.add_annotation(
        x=x, y=y, yshift=-16, text=points(estimate.value), showarrow=False, font={"color": color, "size": 14}
    )
