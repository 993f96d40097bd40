"""Seconds per epoch."""

from collections.abc import Sequence

import plotly.graph_objects as go

from cxr_core.statistics.members import summary
from dashboard.palette import Palette
from dashboard.training.data.losses import TrainingCurve, regimes
from dashboard.training.figures.panels import panels, write
from dashboard.training.text import names

_HEIGHT_PX = 190


def pace_figure(curves: Sequence[TrainingCurve], *, palette: Palette) -> go.Figure:
    """Seconds of each epoch, a panel a regime, a thin line a member.

    Args:
        curves: The members.
        palette: The colours of the current theme.
    """
    order = regimes(curves)
    figure = panels(curves, regimes=order, height_px=_HEIGHT_PX, room=0.04, palette=palette)
    top = 1.15 * max((seconds for curve in curves for seconds in curve.seconds), default=1.0)
    figure.update_yaxes(range=[0, top], nticks=4)
    for panel, regime in enumerate(order, start=1):
        own = [curve for curve in curves if curve.regime == regime and curve.epochs]
        times = [seconds for curve in own for seconds in curve.seconds]
        mean = f": {names.seconds(summary(times).value)} on average" if times else ""
        write(
            figure,
            f"<b>{regime}</b>{mean}",
            x=0.6,
            height=1,
            panel=panel,
            color=palette.text,
            shift_px=(0, 3),
            stands="bottom",
        )
        for curve in own:
            figure.add_scatter(
                x=curve.epochs,
                y=curve.seconds,
                mode="lines" if len(curve.epochs) > 1 else "markers",
                line={"color": palette.soft, "width": 1.2},
                marker={"color": palette.soft, "size": 5},
                hovertemplate=f"{names.member(curve)}, epoch %{{x}}<br>%{{y:.1f}} seconds<extra></extra>",
                row=1,
                col=panel,
            )
    return figure
