"""What so many local patients buy, a row a number of patients."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.figures.annotations import annotation
from dashboard.figures.axes import row_axis
from dashboard.figures.template import SMALL_PX
from dashboard.notation import bracket, counted, points, whole
from dashboard.palette import Palette
from dashboard.shift.data.local_patients import Gain
from dashboard.text.causes import SCALES

_ROW_PX = 36
_NUMBERS_PX = 140
_LACKING_PX = 110


def local_patients(rows: Sequence[Gain], *, noun: str, palette: Palette) -> go.Figure:
    """The mean gain, and from the 5th to the 95th percentile of the draws.

    Args:
        rows: Of one metric, the fewest patients first; at least one.
        noun: What is drawn.
        palette: The colours of the current theme.
    """
    figure = go.Figure()
    color = palette.training
    figure.add_vline(x=0, line={"color": palette.rule, "width": 1.5})
    for y, row in enumerate(rows):
        figure.add_scatter(
            x=[100 * row.gain.low, 100 * row.gain.high],
            y=[y, y],
            mode="lines",
            line={"color": color, "width": 5},
            opacity=0.55,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[100 * row.gain.value for row in rows],
        y=list(range(len(rows))),
        mode="markers",
        marker={"color": color, "size": 11, "symbol": "triangle-up"},
        hovertext=[f"{points(row.gain.value)} points, {bracket(row.gain)}" for row in rows],
        hoverinfo="text",
    )
    figure.layout.annotations = (
        *_column([points(row.gain.value) for row in rows], [bracket(row.gain) for row in rows], palette),
        *(
            annotation(
                text,
                x=1,
                y=y,
                shift_px=(_NUMBERS_PX + _LACKING_PX, 0),
                anchor="right",
                color=palette.soft,
                size_px=SMALL_PX,
                axis="x domain",
            )
            for y, text in enumerate(["lack a class", *(f"{whole(row.lacking)} %" for row in rows)], start=-1)
        ),
    )
    figure.update_layout(
        height=_ROW_PX * (len(rows) + 1) + 50,
        margin={"r": _NUMBERS_PX + _LACKING_PX + 12, "t": 6, "b": 44},
        xaxis={
            "title": {"text": f"gain in {SCALES.get(rows[0].metric, rows[0].metric)}, points"},
            "showgrid": True,
        },
        yaxis=row_axis([counted(row.patients, noun) for row in rows], ends=(len(rows) - 0.4, -1.5)),
    )
    return figure


def _column(values: Sequence[str], brackets: Sequence[str], palette: Palette) -> list[go.layout.Annotation]:
    soft = f"<span style='color:{palette.soft}'>{{}}</span>"
    texts = ["gain", *(f"{value} {soft.format(f'({said})')}" for value, said in zip(values, brackets, strict=True))]
    return [
        annotation(
            text,
            x=1,
            y=y,
            shift_px=(_NUMBERS_PX, 0),
            anchor="right",
            color=palette.text if y >= 0 else palette.soft,
            size_px=SMALL_PX,
            axis="x domain",
        )
        for y, text in enumerate(texts, start=-1)
    ]
