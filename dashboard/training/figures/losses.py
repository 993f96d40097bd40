"""Losses by epoch, a panel a regime."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from cxr_core.statistics.members import summary
from dashboard.figures.baselines import dashes
from dashboard.palette import Palette
from dashboard.training.data.losses import TrainingCurve, regimes
from dashboard.training.figures.loss_axis import LossAxis, loss_axis
from dashboard.training.figures.panels import last_epoch, panels, write
from dashboard.training.text import names

_HEIGHT_PX = 330

_ROOM = 0.36

_MANY_EPOCHS = 30

_APART = 0.075
"""Least distance of two names at the ends of lines, in heights of a panel."""


def losses_figure(
    curves: Sequence[TrainingCurve],
    *,
    titles: Mapping[str, str],
    no_skill: Mapping[str, float],
    palette: Palette,
    is_log: bool = False,
) -> go.Figure:
    """Loss by epoch, a panel a regime, two thin lines a member: on its training images and on held-out ones.

    Args:
        curves: The members.
        titles: What stands above each regime's panel.
        no_skill: From regime to the loss of an answer without a look at the image; NaN draws none.
        palette: The colours of the current theme.
        is_log: Whether the axis of the losses is logarithmic.
    """
    order = regimes(curves)
    figure = panels(curves, regimes=order, height_px=_HEIGHT_PX, room=_ROOM, palette=palette)
    axis = loss_axis(curves, no_skill, is_log=is_log)
    figure.update_yaxes(**axis.layout())
    for panel, regime in enumerate(order, start=1):
        own = [curve for curve in curves if curve.regime == regime]
        write(
            figure, titles[regime], x=0.6, height=1, panel=panel, color=palette.text, shift_px=(0, 5), stands="bottom"
        )
        floor = no_skill.get(regime, math.nan)
        _draw_no_skill(figure, floor, panel=panel, last=last_epoch(curves), palette=palette)
        for curve in own:
            _draw_line(
                figure, curve, curve.train_loss, panel=panel, axis=axis, color=palette.training, fill=palette.ground
            )
        for curve in own:
            _draw_line(figure, curve, curve.held_out_loss, panel=panel, axis=axis, color=palette.internal, fill=None)
        _write_names(figure, own, no_skill=floor, panel=panel, axis=axis, palette=palette)
    return figure


def _draw_no_skill(figure: go.Figure, loss: float, *, panel: int, last: int, palette: Palette) -> None:
    if math.isnan(loss):
        return
    figure.add_shape(
        type="line", x0=0.6, x1=last, y0=loss, y1=loss, line=dashes(palette), layer="below", row=1, col=panel
    )


def _draw_line(
    figure: go.Figure,
    curve: TrainingCurve,
    losses: Sequence[float],
    *,
    panel: int,
    axis: LossAxis,
    color: str,
    fill: str | None,
) -> None:
    points = [(epoch, loss) for epoch, loss in zip(curve.epochs, losses, strict=True) if not math.isnan(loss)]
    if not points:
        return
    name, images = names.member(curve), "training images" if fill else "held-out images"
    figure.add_scatter(
        x=[epoch for epoch, _ in points],
        y=[loss for _, loss in points],
        mode="lines+markers" if len(points) <= _MANY_EPOCHS else "lines",
        line={"color": color, "width": 1.2},
        marker={"size": 5, "color": fill or color, "line": {"width": 1.2, "color": color}},
        hovertemplate=f"{name}, epoch %{{x}}<br>{images}: %{{y:.3f}}<extra></extra>",
        row=1,
        col=panel,
    )
    above = [(epoch, loss) for epoch, loss in points if loss > axis.top]
    if above:
        figure.add_scatter(
            x=[epoch for epoch, _ in above],
            y=[axis.top] * len(above),
            mode="markers",
            marker={"symbol": "triangle-up", "size": 8, "color": color},
            customdata=[loss for _, loss in above],
            hovertemplate=f"{name}, epoch %{{x}}<br>{images}: %{{customdata:.3f}}, above the frame<extra></extra>",
            cliponaxis=False,
            row=1,
            col=panel,
        )


def _write_names(
    figure: go.Figure, own: Sequence[TrainingCurve], *, no_skill: float, panel: int, axis: LossAxis, palette: Palette
) -> None:
    ends = {
        "no skill": (no_skill, palette.baseline),
        "training": (summary([curve.train_loss[-1] for curve in own if curve.epochs]).value, palette.training),
        "held out": (summary([curve.held_out_loss[-1] for curve in own if curve.epochs]).value, palette.internal),
    }
    known = sorted((loss, name, color) for name, (loss, color) in ends.items() if not math.isnan(loss))
    places = _apart([axis.height(loss) for loss, _, _ in known], least=_APART)
    for place, (loss, name, color) in zip(places, known, strict=True):
        x = last_epoch(own) if name == "no skill" else max(curve.epochs[-1] for curve in own if curve.epochs)
        text = f"{name} {loss:.2f}"
        write(figure, text, x=x, height=place, panel=panel, color=color, size_px=12, shift_px=(8, 0))


def _apart(places: Sequence[float], *, least: float) -> list[float]:
    """Rising places moved up where the next is nearer than `least`, and all moved down by half of that."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + least) if moved else place)
    middle = sum(new - old for new, old in zip(moved, places, strict=True)) / max(1, len(moved))
    return [max(0.0, place - middle) if middle else place for place in moved]
