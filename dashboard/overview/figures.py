"""Dumbbells: accuracy in both tests, a row a configuration."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.figures.annotations import annotation
from dashboard.figures.axes import share_axis
from dashboard.figures.baselines import draw_band
from dashboard.figures.marks import Mark, draw_marks, looks
from dashboard.notation import NOT_ESTIMABLE, Estimate, points
from dashboard.palette import Palette
from dashboard.results.baselines import Baselines
from dashboard.results.configurations import Configuration
from dashboard.results.side import Side
from dashboard.words import in_picture

_ROW_PX = 60
_TOP = -0.72
_NAME_PX = 14
_NAME_SHIFT_PX = 18
_VALUE_SHIFT_PX = -16

_CLOSE = 0.12
"""Below so large a difference the values of both tests would lie on each other."""

_NARROW_GAP = 30
"""Percentage points below which the loss does not fit between the two values on a small screen."""


@dataclass(frozen=True, kw_only=True)
class DumbbellRow:
    """One row of the picture.

    Attributes:
        name: What it is called, plain text.
        detail: More of that, in smaller gray letters.
        configuration: Its accuracies.
        baselines: The lines of its external test, of which the highest is drawn; None draws none.
    """

    name: str
    detail: str = ""
    configuration: Configuration
    baselines: Baselines | None


def dumbbells(rows: Sequence[DumbbellRow], *, palette: Palette) -> go.Figure:
    """Accuracy in both tests, a row a configuration, on an axis from 0 to 100 %.

    Args:
        rows: From the top.
        palette: The colours of the current theme.
    """
    figure = make_subplots()
    bottom = len(rows) - 0.45
    edges = [None if row.baselines is None else row.baselines.edge for row in rows]
    shared = edges[0] if edges and all(edge == edges[0] for edge in edges) else None
    if shared is not None:
        draw_band(figure, shared, across=(_TOP, bottom), palette=palette)
        _draw_name_of_band(figure, shared, palette=palette)
    for y, (row, edge) in enumerate(zip(rows, edges, strict=True)):
        if shared is None and edge is not None:
            draw_band(figure, edge, across=(max(_TOP, y - 0.6), min(bottom, y + 0.4)), palette=palette)
        own = f"dashed: best constant answer externally, {points(edge)}" if shared is None and edge is not None else ""
        name = annotation(
            _name(row, palette),
            x=0,
            y=y,
            shift_px=(6, _NAME_SHIFT_PX),
            color=palette.text,
            size_px=_NAME_PX,
            anchor="left",
        )
        figure.add_annotation(name)
        _draw_note(figure, row.configuration, own, y=y, palette=palette)
        _draw_loss(figure, row.configuration, y=y, palette=palette)
    _draw_marks(figure, [row.configuration for row in rows], palette=palette)
    figure.update_layout(
        height=_ROW_PX * len(rows) + 60,
        margin={"r": 26, "t": 20},
        xaxis=share_axis(),
        yaxis={"range": [bottom, _TOP], "visible": False},
    )
    return figure


def _draw_marks(figure: go.Figure, rows: Sequence[Configuration], *, palette: Palette) -> None:
    """Draws the tests of each configuration; its training images only where it has no internal test."""
    training, tests = list[Mark](), {side: list[Mark]() for side in Side}
    for y, row in enumerate(rows):
        left, right = _apart(row)
        if row.internal is None:
            training += _mark(row.training, y=y, where="bottom center")
        tests[Side.INTERNAL] += _mark(row.internal, y=y, where=f"bottom {left}")
        tests[Side.EXTERNAL] += _mark(row.external, y=y, where=f"bottom {right}")
    kinds = looks(palette, rise=0)
    for marks, look in ((training, kinds.training), *((tests[side], kinds.of(side)) for side in Side)):
        draw_marks(figure, marks, look, size_px=12, text_px=14)


def _mark(estimate: Estimate | None, *, y: int, where: str) -> list[Mark]:
    return [] if estimate is None else [Mark(y=y, estimate=estimate, text=points(estimate.value), where=where)]


def _apart(row: Configuration) -> tuple[str, str]:
    """Where the values of the internal and the external test stand: away from each other if the marks are close."""
    if row.internal is None or row.external is None or abs(row.internal.value - row.external.value) > _CLOSE:
        return "center", "center"
    return ("right", "left") if row.internal.value >= row.external.value else ("left", "right")


def _draw_name_of_band(figure: go.Figure, best_constant: float, *, palette: Palette) -> None:
    figure.add_annotation(
        x=100 * best_constant,
        y=_TOP,
        text=f"best constant answer externally, {points(best_constant)}",
        font={"color": palette.baseline, "size": 12},
        xanchor="left" if best_constant < 0.45 else "right",
        yanchor="bottom",
    )


def _name(row: DumbbellRow, palette: Palette) -> str:
    name, detail = in_picture(row.name), in_picture(row.detail)
    soft = f"  <span style='color:{palette.soft};font-size:12px'>{detail}</span>"
    return f"{name}{soft if detail else ''}"


def _draw_note(figure: go.Figure, row: Configuration, best_constant: str, *, y: int, palette: Palette) -> None:
    tests = {"internal test": row.internal, "external test": row.external}
    unknown = [test for test, estimate in tests.items() if estimate is not None and not estimate.is_number]
    doubt = f"<i>{unknown[0] if len(unknown) == 1 else 'both tests'} {NOT_ESTIMABLE}</i>" if unknown else ""
    said = "; ".join(note for note in (doubt, best_constant) if note)
    if said:
        note = annotation(
            said, x=100, y=y, shift_px=(0, _NAME_SHIFT_PX), color=palette.soft, size_px=12, anchor="right"
        )
        figure.add_annotation(note)


def _draw_loss(figure: go.Figure, row: Configuration, *, y: int, palette: Palette) -> None:
    if not _is_compared(row) or row.internal is None or row.external is None or row.lost is None:
        return
    internal, external = 100 * row.internal.value, 100 * row.external.value
    figure.add_shape(
        type="line", x0=external, x1=internal, y0=y, y1=y, line={"color": palette.rule, "width": 2}, layer="below"
    )
    text = f"<b>{points(abs(row.lost.value))}</b> {'lost' if row.lost.value >= 0 else 'gained'}"
    if abs(internal - external) >= _NARROW_GAP:
        place, shift_px, anchor = (internal + external) / 2, (0, _VALUE_SHIFT_PX), "center"
    else:
        place, shift_px, anchor = 100 * max(_reach(row.internal), _reach(row.external)), (12, 0), "left"
    figure.add_annotation(
        annotation(text, x=place, y=y, shift_px=shift_px, color=palette.text, size_px=_NAME_PX, anchor=anchor)
    )


def _is_compared(row: Configuration) -> bool:
    return all(estimate is not None and estimate.is_number for estimate in (row.internal, row.external, row.lost))


def _reach(estimate: Estimate) -> float:
    return estimate.value if math.isnan(estimate.high) else estimate.high
