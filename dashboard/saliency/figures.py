"""Hit rates, beside what always pointing at the usual place scores."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation, Shape

from dashboard.figures.annotations import annotation
from dashboard.figures.axes import share_axis
from dashboard.figures.names import wrapped
from dashboard.notation import MANY, NOT_ESTIMABLE, bracket, counted, percent, points
from dashboard.palette import Palette
from dashboard.results.hit_rates import Pointing
from dashboard.results.side import Side
from dashboard.words import in_picture

_ROW_PX = 48
_MANY_ROWS_PX = 30
_LETTERS = 22
_TOP = -0.85
_HALF_LINE = 0.27


@dataclass(frozen=True, kw_only=True)
class HitRateRow:
    """One class at one site.

    Attributes:
        pointing: How often its saliency points at what readers marked.
        side: Which site.
        label: The class, and the site where both have boxes.
        is_bold: Whether the page is about this class.
    """

    pointing: Pointing
    side: Side
    label: str
    is_bold: bool


def hit_rates(rows: Sequence[HitRateRow], *, palette: Palette) -> go.Figure:
    """Hit rates, a row a class, on an axis from 0 to 100 %; what is not estimable is written and has no mark.

    Args:
        rows: From the top.
        palette: The colours of the current theme.
    """
    figure = go.Figure()
    bottom, are_many = len(rows) - 0.4, len(rows) > 2 * MANY
    longest = max((len(line) for row in rows for line in wrapped(row.label, letters=_LETTERS).split("<br>")), default=0)
    words, lines = list[Annotation](), list[Shape]()
    for y, row in enumerate(rows):
        line = {"color": palette.grid, "width": 1}
        lines.append(Shape(type="line", x0=0, x1=100, y0=y, y1=y, line=line, layer="below"))
        name = wrapped(row.label, letters=_LETTERS)
        label = f"<b>{name}</b>" if row.is_bold else name
        size_px = 11.5 if are_many and "<br>" in label else 13
        words.append(
            annotation(label, x=0, y=y, shift_px=(-12, 0), anchor="right", color=palette.text, size_px=size_px)
        )
        words += _numbers(row.pointing, y=y, palette=palette, is_tight=are_many)
        lines += _usual_line(row.pointing, y=y, palette=palette)
        _draw_rate(figure, row, y=y, palette=palette)
    words += _name_of_line(rows, palette=palette)
    figure.update_layout(
        # All at once: Plotly looks at all of them again for each that is added.
        annotations=words,
        shapes=lines,
        height=(_MANY_ROWS_PX if are_many else _ROW_PX) * len(rows) + 74,
        margin={"l": max(140, 18 + 7 * longest), "r": 150, "t": 8},
        xaxis=share_axis(steps=4),
        yaxis={"range": [bottom, _TOP], "visible": False},
    )
    return figure


def _usual_line(pointing: Pointing, *, y: int, palette: Palette) -> list[Shape]:
    if not _has_line(pointing):
        return []
    x = 100 * pointing.usual.value
    dashes = {"color": palette.baseline, "dash": "dot", "width": 2.5}
    return [Shape(type="line", x0=x, x1=x, y0=y - _HALF_LINE, y1=y + _HALF_LINE, line=dashes)]


def _numbers(pointing: Pointing, *, y: int, palette: Palette, is_tight: bool) -> list[Annotation]:
    """The rate, and below it, where there is room, what it is above that of the usual place."""
    rate, apart = pointing.rate, pointing.difference
    if not rate.is_number:
        why = f"{NOT_ESTIMABLE}: {counted(rate.n, 'image')}" if rate.n else "no image with a box"
        return [_beside(f"<i>{why}</i>", y=y, color=palette.soft, size_px=12)]
    written = f"{percent(rate.value)}  <span style='color:{palette.soft}'>n = {rate.n:,}</span>"
    if is_tight or not apart.is_number:
        return [_beside(written, y=y, color=palette.text)]
    difference = f"{_signed(apart.value)} {bracket(apart)}"
    return [
        _beside(written, y=y, color=palette.text, down_px=-8),
        _beside(difference, y=y, color=palette.soft, size_px=12, down_px=8),
    ]


def _signed(difference: float) -> str:
    return f"{'+' if difference > 0 else ''}{points(difference)}"


def _beside(text: str, *, y: int, color: str, size_px: float = 13, down_px: int = 0) -> Annotation:
    return annotation(text, x=100, y=y, shift_px=(12, -down_px), anchor="left", color=color, size_px=size_px)


def _draw_rate(figure: go.Figure, row: HitRateRow, *, y: int, palette: Palette) -> None:
    rate = row.pointing.rate
    if not rate.is_number:
        return
    color = row.side.color(palette)
    figure.add_scatter(
        x=[100 * rate.value],
        y=[y],
        mode="markers",
        error_x={
            "type": "data",
            "array": [100 * (rate.high - rate.value)],
            "arrayminus": [100 * (rate.value - rate.low)],
            "color": color,
            "thickness": 1.5,
            "width": 0,
        },
        marker={"color": color, "size": 12, "symbol": row.side.symbol},
        hovertemplate=(
            f"{in_picture(row.label)}: {percent(rate.value)} {bracket(rate)}, n = {rate.n:,}{_usual(row.pointing)}"
            "<extra></extra>"
        ),
    )


def _name_of_line(rows: Sequence[HitRateRow], *, palette: Palette) -> list[Annotation]:
    """Names the dashed line once, above the first that is drawn."""
    first = next(((y, row.pointing.usual.value) for y, row in enumerate(rows) if _has_line(row.pointing)), None)
    if first is None:
        return []
    y, usual = first
    name = Annotation(
        x=100 * usual,
        y=y - _HALF_LINE,
        text="usual place",
        font={"color": palette.baseline, "size": 12},
        xanchor="left" if usual < 0.15 else "right" if usual > 0.85 else "center",
        yanchor="bottom",
    )
    return [name]


def _has_line(pointing: Pointing) -> bool:
    return pointing.rate.is_number and not math.isnan(pointing.usual.value)


def _usual(pointing: Pointing) -> str:
    usual, apart = pointing.usual, pointing.difference
    if not apart.is_number:
        return ""
    return (
        f"<br>usual place {percent(usual.value)} {bracket(usual)}<br>difference {points(apart.value)} {bracket(apart)}"
    )
