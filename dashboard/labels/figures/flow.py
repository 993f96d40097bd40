"""The flow of images of a site, from all to those of its test."""

import plotly.graph_objects as go

from dashboard.figures.axes import row_axis, share_axis
from dashboard.labels.data.flow import Flow
from dashboard.labels.text.flow import kept_name, step_name
from dashboard.notation import percent, plural
from dashboard.palette import Palette

_ROW_PX = 34
_LABEL_PX = 7


def flow_figure(found: Flow, *, palette: Palette) -> go.Figure:
    """A bar for all images, one for what each reason takes away, one for the test, on an axis from 0 to all images.

    Args:
        found: From the top.
        palette: The colours of the current theme.
    """
    color = palette.internal if found.role == "internal_test" else palette.external
    figure = go.Figure()
    _draw(figure, start=0, images=found.listed, flow=found, y=0, color=color, palette=palette)
    for y, step in enumerate(found.steps, start=1):
        _draw(figure, start=step.left, images=step.images, flow=found, y=y, color=None, palette=palette)
        _draw_edge(figure, x=step.left / found.listed, y=y, palette=palette)
    _draw(figure, start=0, images=found.kept, flow=found, y=len(found.steps) + 1, color=color, palette=palette)
    names = [
        f"all {plural(found.noun)}",
        *(step_name(step.reason, of=found.of) for step in found.steps),
        kept_name(found),
    ]
    _lay_out(figure, names)
    return figure


def _draw(
    figure: go.Figure, *, start: int, images: int, flow: Flow, y: int, color: str | None, palette: Palette
) -> None:
    """A bar in the site's colour, or hatched in gray where it is what was left out."""
    total = flow.listed or 1
    left, right = start / total, (start + images) / total
    hatching = {"shape": "/", "fgcolor": palette.training, "bgcolor": palette.band, "size": 6, "solidity": 0.25}
    figure.add_bar(
        x=[right - left],
        base=[left],
        y=[y],
        orientation="h",
        width=0.66,
        marker={"color": color} if color else {"color": palette.band, "pattern": hatching},
        hoverinfo="skip",
    )
    count = f"<b>{images:,}</b>" if color else f"{images:,}"
    share = f"  <span style='color:{palette.soft}'>{percent(images / total)}</span>" if images < total else ""
    is_crowded = right > 0.78 and left >= 0.2
    is_full = right > 0.78 and not is_crowded
    figure.add_annotation(
        x=left if is_crowded else right,
        y=y,
        xshift=-_LABEL_PX if is_crowded or is_full else _LABEL_PX,
        xanchor="right" if is_crowded or is_full else "left",
        text=count + ("" if is_full and color else share),
        bgcolor=palette.ground if is_full and not color else None,
        font={"color": palette.ground if is_full and color else palette.text},
    )


def _draw_edge(figure: go.Figure, *, x: float, y: int, palette: Palette) -> None:
    """A thin line from where a step leaves off to the next one."""
    figure.add_shape(
        type="line", x0=x, x1=x, y0=y - 0.33, y1=y + 0.67, line={"color": palette.rule, "width": 1}, layer="below"
    )


def _lay_out(figure: go.Figure, names: list[str]) -> None:
    figure.update_layout(
        height=_ROW_PX * len(names) + 40,
        barmode="overlay",
        margin={"r": 16, "t": 6},
        xaxis=share_axis(steps=4, whole=1),
        yaxis=row_axis(names, ends=(len(names) - 0.5, -0.5)),
    )
