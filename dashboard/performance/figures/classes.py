"""One metric of each class in both tests."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.graph_objs.layout import Shape
from plotly.subplots import make_subplots

from cxr_core.metrics.record import Baseline
from dashboard.figures.axes import row_axis, share_axis
from dashboard.figures.baselines import dashes
from dashboard.figures.marks import Mark, draw_marks, looks
from dashboard.figures.names import wrapped
from dashboard.notation import MANY, Unit, bracket, difference
from dashboard.palette import Palette
from dashboard.performance.figures.columns import small, write_column, written, written_gap
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.counts import of_both_in_short, rests_on
from dashboard.text.gaps import gap_title

_ROW_PX = 58
_LOW_ROW_PX = 48
"""Of many rows, none of which has a second gap."""
_COLUMNS_PX = (165, 330, 485)
_TOP = -0.75
_BELOW = 0.32


@dataclass(frozen=True, kw_only=True)
class OtherMetric:
    """Another metric of the same classes.

    Attributes:
        label: What it is called.
        rows: Its numbers.
    """

    label: str
    rows: Sequence[Pair]


def by_class(
    rows: Sequence[Pair],
    *,
    no_internal: str,
    no_skill: Baseline | None,
    beside: OtherMetric | None = None,
    sides: Collection[Side] = tuple(Side),
    palette: Palette,
) -> go.Figure:
    """A row a class, in the order given, on an axis of the metric's unit; numbers and the gap in columns at the right.

    Args:
        rows: From the top.
        no_internal: What to say where there is no internal test.
        no_skill: What takes no skill: ``half`` draws one line at 0.5, ``prevalence`` a tick for each class and test.
        beside: Another metric, whose gap stands below that of this one.
        sides: The tests that there are columns for; the gap has one where these are both.
        palette: The colours of the current theme.
    """
    unit: Unit = next((score.estimate.unit for row in rows for score in row.sides.values()), "share")
    figure = make_subplots()
    row_px = _LOW_ROW_PX if len(rows) > MANY and beside is None else _ROW_PX
    figure.update_layout(height=row_px * len(rows) + 66)
    figure.update_xaxes(**share_axis(has_grid=True, unit=unit))
    kinds = looks(palette, rise=0.13)
    bottom = len(rows) - 0.5
    _draw_no_skill(figure, rows, no_skill, bottom=bottom, palette=palette)
    for y, row in enumerate(rows):
        _join(figure, row, y=y, rise=0.13, palette=palette)
    for side in Side:
        scores = [(y, row.sides[side]) for y, row in enumerate(rows) if side in row.sides]
        marks = [Mark(y=y, estimate=score.estimate, rests_on=rests_on(score)) for y, score in scores]
        draw_marks(figure, marks, kinds.of(side))
    columns = _columns(rows, no_internal=no_internal, unit=unit, palette=palette)
    shown = columns if len(sides) == len(Side) else [columns[place] for place, side in enumerate(Side) if side in sides]
    for x_px, (texts, title, color) in zip(_COLUMNS_PX, shown, strict=False):
        heading = (_TOP + 0.2, f"<b>{title}</b>")
        write_column(figure, list(enumerate(texts)), heading=heading, x_px=x_px, color=color)
    if beside is not None:
        _write_beside(figure, rows, beside, palette=palette)
    names = [_name(row, palette) for row in rows]
    figure.update_yaxes(**row_axis(names, ends=(bottom, _TOP)))
    figure.update_layout(margin={"r": _COLUMNS_PX[len(shown) - 1] + 10, "t": 10})
    return figure


def _name(row: Pair, palette: Palette) -> str:
    return f"{wrapped(row.name, letters=26)}<br>{small(of_both_in_short(row), palette)}"


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


def _columns(
    rows: Sequence[Pair], *, no_internal: str, unit: Unit, palette: Palette
) -> list[tuple[list[str], str, str]]:
    """Texts, heading and colour of both tests and of the gap."""
    absent = {Side.INTERNAL: no_internal, Side.EXTERNAL: f"no {Side.EXTERNAL.test}"}
    columns = [
        (
            [written(row.of(side), absent=absent[side], palette=palette) for row in rows],
            _title(side),
            side.color(palette),
        )
        for side in Side
    ]
    columns.append(([written_gap(row.lost, palette=palette) for row in rows], gap_title(unit), palette.text))
    return columns


def _write_beside(figure: go.Figure, rows: Sequence[Pair], beside: OtherMetric, *, palette: Palette) -> None:
    """The gap of another metric of each class, small, below its gap in the metric that is shown."""
    gaps = {row.name: row.lost for row in beside.rows if row.lost is not None and row.lost.is_number}
    texts = [
        (y + _BELOW, small(f"{beside.label} gap {difference(lost)} {bracket(lost)}".strip(), palette))
        for y, row in enumerate(rows)
        if (lost := gaps.get(row.name)) is not None
    ]
    write_column(figure, texts, heading=(_TOP, ""), x_px=_COLUMNS_PX[-1], color=palette.soft)


def _title(side: Side) -> str:
    return f"{side.mark} {side}"


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
