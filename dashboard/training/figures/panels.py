"""Panels side by side, one for each regime, whose horizontal axis is the epoch."""

from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.figures.template import quiet
from dashboard.palette import Palette
from dashboard.training.data.losses import TrainingCurve


def panels(
    curves: Sequence[TrainingCurve], *, regimes: Sequence[str], height_px: int, room: float, palette: Palette
) -> go.Figure:
    """Empty panels in the order of the regimes, with a common vertical axis from 0.

    Args:
        curves: The members, for the range of the epochs.
        regimes: One panel each.
        height_px: Of the whole.
        room: Free to the right of the last epoch, for names at the ends of lines, in widths of the rest.
        palette: The colours of the current theme.
    """
    figure = make_subplots(rows=1, cols=len(regimes), shared_yaxes=True, horizontal_spacing=0.03)
    last = last_epoch(curves)
    figure.update_layout(
        height=height_px,
        margin={"r": 10, "b": 44},
    )
    figure.update_xaxes(
        range=[0.6, last + (last - 0.6) * room],
        tickvals=_ticks(last),
        title_text="epoch",
    )
    figure.update_yaxes(showgrid=True, tickfont=quiet(palette))
    return figure


def last_epoch(curves: Sequence[TrainingCurve]) -> int:
    """The last epoch that any member has or is to have, at least 1."""
    return max((max(curve.planned, *curve.epochs, 1) for curve in curves), default=1)


def write(
    figure: go.Figure,
    text: str,
    *,
    x: float,
    height: float,
    panel: int,
    color: str,
    size_px: int = 13,
    shift_px: tuple[int, int] = (0, 0),
    stands: Literal["middle", "bottom"] = "middle",
) -> None:
    """Writes into a panel, counted from 1, at an epoch and so far up, from 0 to 1: with its middle there, or above."""
    axis = "" if panel == 1 else panel
    figure.add_annotation(
        xref=f"x{axis}",
        yref=f"y{axis} domain",
        x=x,
        y=height,
        text=text,
        xanchor="left",
        yanchor=stands,
        xshift=shift_px[0],
        yshift=shift_px[1],
        font={"color": color, "size": size_px},
    )


def _ticks(last: int) -> list[int]:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, last) if last / step <= 6)
    return [*((1,) if step > 2 else ()), *range(step, last + 1, step)]
