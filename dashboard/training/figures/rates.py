"""The learning rate of each epoch."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.palette import Palette
from dashboard.training.data.losses import TrainingCurve, regimes
from dashboard.training.figures.panels import panels, write

_HEIGHT_PX = 190


def rates_figure(curves: Sequence[TrainingCurve], *, palette: Palette) -> go.Figure:
    """The learning rate at the start of each epoch, a panel a regime, a thin line a member; most members share one.

    Args:
        curves: The members.
        palette: The colours of the current theme.
    """
    order = regimes(curves)
    figure = panels(curves, regimes=order, height_px=_HEIGHT_PX, room=0.04, palette=palette)
    top = 1.15 * max((rate for curve in curves for rate in curve.learning_rate), default=1.0)
    figure.update_yaxes(range=[0, top], nticks=4, tickformat=".2~g")
    for panel, regime in enumerate(order, start=1):
        write(
            figure,
            f"<b>{regime}</b>",
            x=0.6,
            height=1,
            panel=panel,
            color=palette.text,
            shift_px=(0, 3),
            stands="bottom",
        )
        courses = dict.fromkeys((curve.epochs, curve.learning_rate) for curve in curves if curve.regime == regime)
        for epochs, rates in courses:
            figure.add_scatter(
                x=epochs,
                y=rates,
                mode="lines" if len(epochs) > 1 else "markers",
                line={"color": palette.soft, "width": 1.2},
                marker={"color": palette.soft, "size": 5},
                hovertemplate=f"{regime}, epoch %{{x}}<br>learning rate %{{y:.3g}}<extra></extra>",
                row=1,
                col=panel,
            )
    return figure
