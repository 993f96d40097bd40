"""Histograms of confidence in both tests, right and wrong answers apart."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.figures.axes import share_axis
from dashboard.figures.marks import Look, looks
from dashboard.figures.template import SMALL_PX, quiet
from dashboard.notation import counted, percent, points
from dashboard.palette import Palette, mix
from dashboard.performance.data.answers import Bin
from dashboard.performance.data.confidence import Confidence
from dashboard.performance.figures.axes import keep_panel, write_panel_title
from dashboard.results.side import Side

_HEIGHT_PX = 420

_TOPS = (25, 50, 100)
"""Where the axis of shares may end, in percent: the least that holds both tests."""


def confidence_figure(tests: Sequence[tuple[Side, str, Confidence]], *, palette: Palette) -> go.Figure:
    """Histograms of the highest probability, one test above the other, on the same axes.

    Args:
        tests: For each: the side, what is written above, and its answers; internal first.
        palette: The colours of the current theme.
    """
    figure = make_subplots(rows=len(tests), cols=1, shared_xaxes=True, vertical_spacing=0.16)
    figure.update_layout(height=_HEIGHT_PX)
    figure.update_xaxes(**share_axis(has_grid=True))
    kinds = looks(palette, rise=0)
    for row, (side, title, found) in enumerate(tests, start=1):
        look = kinds.of(side)
        keep_panel(figure, place=(row, 1))
        write_panel_title(figure, title, panel=row, color=look.color, rise_px=4)
        if found.is_estimable:
            _draw(figure, found, row=row, look=look, palette=palette)
    top = _top([confidence for _, _, confidence in tests if confidence.is_estimable])
    ticks = [0, top / 2, top]
    figure.update_yaxes(
        range=[0, top],
        tickvals=ticks,
        ticktext=[f"{tick:g}" if tick < top else f"{tick:g} %" for tick in ticks],
        showgrid=True,
        tickfont=quiet(palette),
        title_text="of images",
    )
    figure.update_xaxes(title_text="confidence: the highest probability", row=len(tests))
    figure.update_layout(barmode="stack", bargap=0.06, margin={"t": 34, "b": 44, "l": 60})
    return figure


def _draw(figure: go.Figure, confidence: Confidence, *, row: int, look: Look, palette: Palette) -> None:
    bins = [confidence_bin for confidence_bin in confidence.bins if confidence_bin.n]
    soft = mix(palette.ground, look.color, 0.25)
    hatched = {"color": soft, "pattern": {"shape": "/", "fgcolor": look.color, "size": 6, "solidity": 0.25}}
    kinds = (
        ("right", [confidence_bin.right for confidence_bin in bins], {"color": look.color}),
        ("wrong", [confidence_bin.n - confidence_bin.right for confidence_bin in bins], hatched),
    )
    for name, counts, marker in kinds:
        figure.add_bar(
            x=[50 * (confidence_bin.low + confidence_bin.high) for confidence_bin in bins],
            y=[100 * count / confidence.n for count in counts],
            width=100 / len(confidence.bins) * 0.92,
            marker={**marker, "line": {"color": look.color, "width": 1}},
            hovertext=[_said(confidence_bin, count, name) for confidence_bin, count in zip(bins, counts, strict=True)],
            hoverinfo="text",
            row=row,
            col=1,
        )
    _draw_median(figure, confidence, row=row, palette=palette)


def _said(confidence_bin: Bin, count: int, name: str) -> str:
    return (
        f"{points(confidence_bin.low)} to {percent(confidence_bin.high)} sure: {count:,} {name} of "
        f"{counted(confidence_bin.n, 'image')}"
    )


def _draw_median(figure: go.Figure, confidence: Confidence, *, row: int, palette: Palette) -> None:
    line = {"color": palette.text, "width": 1.5, "dash": "dot"}
    x = 100 * confidence.median
    axis = "" if row == 1 else str(row)
    figure.add_shape(type="line", x0=x, x1=x, y0=0, y1=1, yref=f"y{axis} domain", xref=f"x{axis}", line=line)
    figure.add_annotation(
        x=x,
        xref=f"x{axis}",
        y=1,
        yref=f"y{axis} domain",
        text=f"median {points(confidence.median)}",
        xanchor="right" if x > 88 else "left",
        yanchor="top",
        xshift=-4 if x > 88 else 4,
        font={"color": palette.text, "size": SMALL_PX},
        bgcolor=palette.ground,
    )


def _top(tests: Sequence[Confidence]) -> float:
    shares = [100 * confidence_bin.n / confidence.n for confidence in tests for confidence_bin in confidence.bins]
    highest = max(shares, default=math.nan)
    return next((top for top in _TOPS if highest <= top), _TOPS[-1])
