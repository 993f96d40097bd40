"""Dumbbells: accuracy in both tests, a row a configuration."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation
from plotly.subplots import make_subplots

from dashboard.figures.annotations import annotation
from dashboard.figures.axes import share_axis
from dashboard.figures.baselines import draw_band
from dashboard.figures.marks import Mark, draw_marks, looks
from dashboard.notation import NOT_ESTIMABLE, points
from dashboard.palette import Palette
from dashboard.results.baselines import Baselines
from dashboard.results.configurations import Configuration
from dashboard.results.side import Side
from dashboard.words import in_picture

_ROW_PX = 50
_TOP = -0.72
_NAME_PX = 14
_NAME_SHIFT_PX = 18


@dataclass(frozen=True, kw_only=True)
class DumbbellRow:
    """One row of the picture.

    Attributes:
        name: What it is called, plain text.
        detail: More of that, in smaller gray letters.
        configuration: Its accuracies.
        baselines: The lines of its external test, of which the highest is drawn; None draws none.
        is_picked: Whether the page is about it: its name is bold.
        tooltip: What its name means, plain text, for the pointer.
    """

    name: str
    detail: str = ""
    configuration: Configuration
    baselines: Baselines | None
    is_picked: bool = False
    tooltip: str = ""


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
        figure.add_annotation(_name(row, y=y, palette=palette))
        _draw_note(figure, row.configuration, own, y=y, palette=palette)
        _join(figure, row.configuration, y=y, palette=palette)
    _draw_marks(figure, [row.configuration for row in rows], palette=palette)
    figure.update_layout(
        height=_ROW_PX * len(rows) + 82,
        margin={"r": 26, "t": 20, "b": 44},
        xaxis={**share_axis(has_grid=True), "title": {"text": "accuracy"}},
        yaxis={"range": [bottom, _TOP], "visible": False},
    )
    return figure


def _draw_marks(figure: go.Figure, rows: Sequence[Configuration], *, palette: Palette) -> None:
    """Draws the tests of each configuration; its training images only where it has no internal test."""
    kinds = looks(palette, rise=0)
    training = {y: row.training for y, row in enumerate(rows) if row.internal is None}
    tests = (
        (kinds.training, training),
        (kinds.of(Side.INTERNAL), {y: row.internal for y, row in enumerate(rows)}),
        (kinds.of(Side.EXTERNAL), {y: row.external for y, row in enumerate(rows)}),
    )
    for look, estimates in tests:
        marks = [Mark(y=y, estimate=estimate) for y, estimate in estimates.items() if estimate is not None]
        draw_marks(figure, marks, look, size_px=12)


def _draw_name_of_band(figure: go.Figure, best_constant: float, *, palette: Palette) -> None:
    figure.add_annotation(
        x=100 * best_constant,
        y=_TOP,
        text=f"best constant answer externally, {points(best_constant)}",
        font={"color": palette.baseline, "size": 12},
        xanchor="left" if best_constant < 0.45 else "right",
        yanchor="bottom",
    )


def _name(row: DumbbellRow, *, y: int, palette: Palette) -> Annotation:
    name, detail = in_picture(row.name), in_picture(row.detail)
    soft = f"  <span style='color:{palette.soft};font-size:12px'>{detail}</span>"
    said = annotation(
        f"{f'<b>{name}</b>' if row.is_picked else name}{soft if detail else ''}",
        x=0,
        y=y,
        shift_px=(6, _NAME_SHIFT_PX),
        color=palette.text,
        size_px=_NAME_PX,
        anchor="left",
    )
    return said.update(hovertext=in_picture(row.tooltip)) if row.tooltip else said


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


def _join(figure: go.Figure, row: Configuration, *, y: int, palette: Palette) -> None:
    shown = [each for each in (row.external, row.internal, row.lost) if each is not None and each.is_number]
    if len(shown) < 3:
        return
    line = {"color": palette.rule, "width": 2}
    external, internal = 100 * shown[0].value, 100 * shown[1].value
    figure.add_shape(type="line", x0=external, x1=internal, y0=y, y1=y, line=line, layer="below")
