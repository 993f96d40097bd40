"""How far does it travel? The picture."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts.axes import share_axis
from dashboard.charts.overview.marks import VALUE_SHIFT_PX, draw_marks, write
from dashboard.notation import NOT_ESTIMABLE, Estimate, points
from dashboard.palette import Palette
from dashboard.results.configurations import Configuration
from dashboard.results.no_skill import NoSkill

_ROW_PX = 60
_TOP = -0.72
_NAME_SHIFT_PX = 18

_NARROW_GAP = 30
"""Percentage points below which the loss does not fit between the two values on a small screen."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the picture.

    Attributes:
        name: What it is called, plain text.
        detail: More of that, in smaller gray letters.
        configuration: Its accuracies.
        no_skill: The lines of its external test, of which the highest is drawn; None draws none.
    """

    name: str
    detail: str = ""
    configuration: Configuration
    no_skill: NoSkill | None


def dumbbells(rows: Sequence[Row], *, palette: Palette) -> go.Figure:
    """Accuracy in both tests, a row a configuration, on an axis from 0 to 100 %.

    Args:
        rows: From the top.
        palette: The colours of the current theme.
    """
    figure = go.Figure()
    bottom = len(rows) - 0.45
    edges = [None if row.no_skill is None else row.no_skill.edge for row in rows]
    shared = edges[0] if edges and all(edge == edges[0] for edge in edges) else None
    if shared is not None:
        _draw_band(figure, shared, across=(_TOP, bottom), palette=palette)
        _draw_name_of_band(figure, shared, palette=palette)
    for y, (row, edge) in enumerate(zip(rows, edges, strict=True)):
        if shared is None and edge is not None:
            _draw_band(figure, edge, across=(max(_TOP, y - 0.6), min(bottom, y + 0.4)), palette=palette)
        own = f"dashed: best constant answer externally, {points(edge)}" if shared is None and edge is not None else ""
        write(figure, _name(row, palette), x=0, y=y, shift_px=(6, _NAME_SHIFT_PX), color=palette.text, anchor="left")
        _draw_note(figure, row.configuration, own, y=y, palette=palette)
        _draw_loss(figure, row.configuration, y=y, palette=palette)
        draw_marks(figure, row.configuration, y=y, palette=palette)
    figure.update_layout(
        height=_ROW_PX * len(rows) + 60,
        showlegend=False,
        margin={"l": 10, "r": 26, "t": 20, "b": 26},
        font={"size": 13},
        hoverlabel={"font_size": 13},
        xaxis=share_axis(palette),
        yaxis={"range": [bottom, _TOP], "visible": False, "fixedrange": True},
    )
    return figure


def _draw_band(figure: go.Figure, best_constant: float, *, across: tuple[float, float], palette: Palette) -> None:
    edge = 100 * best_constant
    ends = {"y0": across[0], "y1": across[1], "layer": "below"}
    figure.add_shape(type="rect", x0=0, x1=edge, fillcolor=palette.band, line_width=0, **ends)
    dashes = {"color": palette.no_skill, "dash": "dash", "width": 1.5}
    figure.add_shape(type="line", x0=edge, x1=edge, line=dashes, **ends)


def _draw_name_of_band(figure: go.Figure, best_constant: float, *, palette: Palette) -> None:
    figure.add_annotation(
        x=100 * best_constant,
        y=_TOP,
        text=f"best constant answer externally, {points(best_constant)}",
        showarrow=False,
        font={"color": palette.no_skill, "size": 12},
        xanchor="left" if best_constant < 0.45 else "right",
        yanchor="bottom",
    )


def _name(row: Row, palette: Palette) -> str:
    # A results folder and what is in it can come from a stranger: no markup of theirs.
    name, detail = html.escape(row.name), html.escape(row.detail)
    soft = f"  <span style='color:{palette.soft};font-size:12px'>{detail}</span>"
    return f"{name}{soft if detail else ''}"


def _draw_note(figure: go.Figure, row: Configuration, best_constant: str, *, y: int, palette: Palette) -> None:
    tests = {"internal test": row.internal, "external test": row.external}
    unknown = [test for test, estimate in tests.items() if estimate is not None and not estimate.is_number]
    doubt = f"<i>{unknown[0] if len(unknown) == 1 else 'both tests'} {NOT_ESTIMABLE}</i>" if unknown else ""
    said = "; ".join(note for note in (doubt, best_constant) if note)
    if said:
        write(figure, said, x=100, y=y, shift_px=(0, _NAME_SHIFT_PX), color=palette.soft, anchor="right", size_px=12)


def _draw_loss(figure: go.Figure, row: Configuration, *, y: int, palette: Palette) -> None:
    if not _is_compared(row) or row.internal is None or row.external is None or row.lost is None:
        return
    internal, external = 100 * row.internal.value, 100 * row.external.value
    figure.add_shape(
        type="line", x0=external, x1=internal, y0=y, y1=y, line={"color": palette.rule, "width": 2}, layer="below"
    )
    text = f"<b>{points(abs(row.lost.value))}</b> {'lost' if row.lost.value >= 0 else 'gained'}"
    if abs(internal - external) >= _NARROW_GAP:
        write(figure, text, x=(internal + external) / 2, y=y, shift_px=(0, VALUE_SHIFT_PX), color=palette.text)
        return
    right = 100 * max(_reach(row.internal), _reach(row.external))
    write(figure, text, x=right, y=y, shift_px=(12, 0), color=palette.text, anchor="left")


def _is_compared(row: Configuration) -> bool:
    return all(estimate is not None and estimate.is_number for estimate in (row.internal, row.external, row.lost))


def _reach(estimate: Estimate) -> float:
    return estimate.value if math.isnan(estimate.high) else estimate.high
