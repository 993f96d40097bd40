"""One metric of each class in both tests."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.graph_objs.layout import Shape
from plotly.subplots import make_subplots

from cxr_core.metrics.record import Baseline
from dashboard.figures.axes import row_axis, share_axis
from dashboard.figures.baselines import dashes
from dashboard.figures.marks import Mark, draw_marks, looks
from dashboard.figures.names import wrapped
from dashboard.notation import NOT_ESTIMABLE, Estimate, bracket, points
from dashboard.palette import Palette
from dashboard.performance.figures.columns import small, write_column, written
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from dashboard.results.side import Side

_ROW_PX = 58
_COLUMNS_PX = (165, 330, 485)
_MARGIN_PX = 495
_TOP = -0.75


def by_class(rows: Sequence[Pair], *, no_internal: str, no_skill: Baseline | None, palette: Palette) -> go.Figure:
    """A row a class, in the order given, on an axis from 0 to 100 %; numbers and the loss in columns at the right.

    Args:
        rows: From the top.
        no_internal: What to say where there is no internal test.
        no_skill: What takes no skill: ``half`` draws one line at 50 %, ``prevalence`` a tick for each class and test.
        palette: The colours of the current theme.
    """
    figure = make_subplots()
    figure.update_layout(height=_ROW_PX * len(rows) + 66)
    figure.update_xaxes(**share_axis(has_grid=True))
    kinds = looks(palette, rise=0.13)
    bottom = len(rows) - 0.5
    _draw_no_skill(figure, rows, no_skill, bottom=bottom, palette=palette)
    for y, row in enumerate(rows):
        _join(figure, row, y=y, rise=0.13, palette=palette)
    for side in Side:
        marks = [Mark(y=y, estimate=row.sides[side].estimate) for y, row in enumerate(rows) if side in row.sides]
        draw_marks(figure, marks, kinds.of(side))
    _write_columns(figure, rows, no_internal=no_internal, palette=palette)
    names = [_name(row, palette) for row in rows]
    figure.update_yaxes(**row_axis(names, ends=(bottom, _TOP)))
    figure.update_layout(margin={"r": _MARGIN_PX, "t": 10})
    return figure


def _name(row: Pair, palette: Palette) -> str:
    positives = ", ".join(f"{score.images:,} {side}" for side, score in row.sides.items())
    return f"{wrapped(row.name, letters=26)}<br>{small(positives, palette)}"


def _join(figure: go.Figure, row: Pair, *, y: int, rise: float, palette: Palette) -> None:
    shown = [score.estimate.value for score in row.sides.values() if score.estimate.is_number]
    if len(shown) < len(Side):
        return
    figure.add_scatter(
        x=[100 * value for value in shown],
        y=[y - rise, y + rise],
        mode="lines",
        line={"color": palette.rule, "width": 2},
        hoverinfo="skip",
    )


def _write_columns(figure: go.Figure, rows: Sequence[Pair], *, no_internal: str, palette: Palette) -> None:
    absent = {Side.INTERNAL: no_internal, Side.EXTERNAL: f"no {Side.EXTERNAL.test}"}
    columns = [
        (
            [_score(row.of(side), absent=absent[side], palette=palette) for row in rows],
            _title(side),
            side.color(palette),
        )
        for side in Side
    ]
    columns.append(([_lost(row.lost, palette=palette) for row in rows], "points lost", palette.text))
    for x_px, (texts, title, color) in zip(_COLUMNS_PX, columns, strict=True):
        heading = (_TOP + 0.2, f"<b>{title}</b>")
        write_column(figure, list(enumerate(texts)), heading=heading, x_px=x_px, color=color)


def _title(side: Side) -> str:
    return f"{side.mark} {side}"


def _score(score: Number | None, *, absent: str, palette: Palette) -> str:
    if score is None:
        return small(absent, palette)
    return written(score.estimate, positives=score.positives, absent=absent, palette=palette)


def _lost(lost: Estimate | None, *, palette: Palette) -> str:
    if lost is None or not lost.is_number:
        return small(f"<i>{NOT_ESTIMABLE}</i>", palette)
    return f"<b>{points(lost.value)}</b> {small(bracket(lost), palette)}".strip()


def _draw_no_skill(
    figure: go.Figure, rows: Sequence[Pair], no_skill: Baseline | None, *, bottom: float, palette: Palette
) -> None:
    if no_skill == "half":
        figure.add_shape(type="line", x0=50, x1=50, y0=_TOP + 0.3, y1=bottom, line=dashes(palette), layer="below")
        figure.add_annotation(x=50, y=_TOP + 0.2, text="chance", font={"color": palette.baseline})
    if no_skill == "prevalence":
        found = [
            _prevalence(score, ends=ends, palette=palette)
            for y, row in enumerate(rows)
            for score, ends in ((row.internal, (y - 0.36, y)), (row.external, (y, y + 0.36)))
            if score is not None and not math.isnan(score.prevalence)
        ]
        figure.update_layout(shapes=found)


def _prevalence(score: Number, *, ends: tuple[float, float], palette: Palette) -> Shape:
    x = 100 * score.prevalence
    dots = {"color": palette.baseline, "dash": "dot", "width": 2}
    return Shape(type="line", x0=x, x1=x, y0=ends[0], y1=ends[1], line=dots, layer="below")
