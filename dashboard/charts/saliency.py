"""Does it look at the right place? The picture: hit rates beside what always pointing at the usual place scores."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts.axes import share_axis
from dashboard.notation import NOT_ESTIMABLE, bracket, counted, percent
from dashboard.palette import Palette
from dashboard.queries.saliency.pointing import Pointing
from dashboard.results.side import Side
from dashboard.words import in_picture

_ROW_PX = 48
_TOP = -0.85
_HALF_LINE = 0.27


@dataclass(frozen=True, kw_only=True)
class Row:
    """One class at one site.

    Attributes:
        pointing: How often its saliency points at what readers marked.
        side: Which site.
        label: The class, and the site where both have boxes.
        is_bold: Whether the page is about this class.
    """

    pointing: Pointing
    side: Side
    label: str
    is_bold: bool


def hit_rates(rows: Sequence[Row], *, palette: Palette) -> go.Figure:
    """Hit rates, a row a class, on an axis from 0 to 100 %; what is not estimable is written and has no mark.

    Args:
        rows: From the top.
        palette: The colours of the current theme.
    """
    figure = go.Figure()
    bottom = len(rows) - 0.4
    for y, row in enumerate(rows):
        figure.add_shape(type="line", x0=0, x1=100, y0=y, y1=y, line={"color": palette.grid, "width": 1}, layer="below")
        label = f"<b>{in_picture(row.label)}</b>" if row.is_bold else in_picture(row.label)
        _write(figure, label, x=0, y=y, shift_px=-12, anchor="right", color=palette.text)
        _draw_usual(figure, row.pointing, y=y, palette=palette)
        _draw_rate(figure, row, y=y, palette=palette)
    _draw_name_of_line(figure, rows, palette=palette)
    figure.update_layout(
        height=_ROW_PX * len(rows) + 74,
        showlegend=False,
        margin={"l": 140, "r": 150, "t": 8, "b": 26},
        font={"size": 13},
        hoverlabel={"font_size": 13},
        xaxis=share_axis(palette, steps=4),
        yaxis={"range": [bottom, _TOP], "visible": False, "fixedrange": True},
    )
    return figure


def _draw_usual(figure: go.Figure, pointing: Pointing, *, y: int, palette: Palette) -> None:
    if _has_line(pointing):
        x = 100 * pointing.usual
        dashes = {"color": palette.no_skill, "dash": "dot", "width": 2.5}
        figure.add_shape(type="line", x0=x, x1=x, y0=y - _HALF_LINE, y1=y + _HALF_LINE, line=dashes)


def _draw_rate(figure: go.Figure, row: Row, *, y: int, palette: Palette) -> None:
    rate = row.pointing.rate
    if not rate.is_number:
        why = f"{NOT_ESTIMABLE}: {counted(rate.n, 'image')}" if rate.n else "no image with a box"
        _write(figure, f"<i>{why}</i>", x=100, y=y, shift_px=12, anchor="left", color=palette.soft, size_px=12)
        return
    color = row.side.color(palette)
    figure.add_scatter(
        x=[100 * rate.value],
        y=[y],
        mode="markers",
        error_x={
            "type": "data",
            "array": [100 * (rate.high - rate.value)],
            "arrayminus": [100 * (rate.value - rate.low)],
            "color": color,
            "thickness": 1.5,
            "width": 0,
        },
        marker={"color": color, "size": 12, "symbol": row.side.symbol},
        hovertemplate=(
            f"{in_picture(row.label)}: {percent(rate.value)} {bracket(rate)}, "
            f"usual place {_usual(row.pointing)}<extra></extra>"
        ),
    )
    written = f"{percent(rate.value)}  <span style='color:{palette.soft}'>n = {rate.n:,}</span>"
    _write(figure, written, x=100, y=y, shift_px=12, anchor="left", color=palette.text)


def _draw_name_of_line(figure: go.Figure, rows: Sequence[Row], *, palette: Palette) -> None:
    """Names the dashed line once, above the first that is drawn."""
    first = next(((y, row.pointing.usual) for y, row in enumerate(rows) if _has_line(row.pointing)), None)
    if first is not None:
        y, usual = first
        figure.add_annotation(
            x=100 * usual,
            y=y - _HALF_LINE,
            text="usual place",
            showarrow=False,
            font={"color": palette.no_skill, "size": 12},
            xanchor="left" if usual < 0.15 else "right" if usual > 0.85 else "center",
            yanchor="bottom",
        )


def _has_line(pointing: Pointing) -> bool:
    return pointing.rate.is_number and not math.isnan(pointing.usual)


def _usual(pointing: Pointing) -> str:
    return "unknown" if math.isnan(pointing.usual) else percent(pointing.usual)


def _write(
    figure: go.Figure,
    text: str,
    *,
    x: float,
    y: int,
    shift_px: int,
    anchor: str,
    color: str,
    size_px: int = 13,
) -> None:
    figure.add_annotation(
        x=x, y=y, xshift=shift_px, text=text, showarrow=False, xanchor=anchor, font={"color": color, "size": size_px}
    )
