"""A waterfall: from the internal test down to the external one, a row a part of the gap."""

import math
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation, Shape

from dashboard.figures.annotations import annotation
from dashboard.figures.axes import row_axis
from dashboard.figures.template import SMALL_PX
from dashboard.notation import NOT_ESTIMABLE, Estimate, amount, bracket, points
from dashboard.palette import Palette, mix
from dashboard.results.side import Side
from dashboard.results.waterfalls import OF_CAUSE, OTHER_CLASSES, GapParts
from dashboard.text.causes import NOT_IDENTIFIABLE, SCALES, cause, term
from dashboard.words import in_picture

_ROW_PX = 40
_ROOM = 2.0
_NUMBERS_PX = 165
_BELOW = 0.43
"""How far below the middle of its bar an interval lies: at its lower edge, in rows."""


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A part, from where on it goes, in points, and how many rows above the part before it ends.

    Its estimate is None where it is not identifiable.
    """

    label: str
    start: float
    estimate: Estimate | None
    is_named: bool
    rows: int = 1


def waterfall(found: GapParts, *, palette: Palette) -> go.Figure:
    """The gap and its terms; what is 0 by definition is left out, what is not identifiable is hatched.

    Args:
        found: With levels.
        palette: The colours of the current theme.
    """
    rows = _rows(found)
    ends = {Side.INTERNAL: 0, Side.EXTERNAL: len(rows) + 1}
    low, high = _range(found, rows)
    figure = go.Figure()
    texts, shapes = list[Annotation](), list[Shape]()
    for y, row in enumerate(rows, start=1):
        if row.estimate is None:
            _draw_unknown(figure, y=y, ends=(low, high), palette=palette)
            texts.append(_unknown(y, at=(low + high) / 2, palette=palette))
            continue
        if row.estimate.is_number:
            _draw_term(figure, row, row.estimate, y=y, palette=palette)
        texts.append(_numbers(row, row.estimate, y=y, palette=palette))
        shapes.append(_step(row.start, y, palette, rows=row.rows))
    shapes.append(_step(100 * _level(found, Side.EXTERNAL).value, ends[Side.EXTERNAL], palette))
    for side, y in ends.items():
        level = _level(found, side)
        _draw_level(figure, level, side, y=y, palette=palette)
        text = f"<b>{amount(level)}</b> {_soft(bracket(level), palette)}"
        texts.append(_written(text, y=y, color=side.color(palette)))
    names = [f"<b>{Side.INTERNAL.test}</b>", *(_name(row) for row in rows), f"<b>{Side.EXTERNAL.test}</b>"]
    figure.update_layout(
        annotations=texts,
        shapes=shapes,
        height=_ROW_PX * len(names) + 56,
        margin={"r": _NUMBERS_PX + 12, "t": 6, "b": 44},
        barmode="overlay",
        bargap=0.28,
        xaxis={"range": [low, high], "title": {"text": f"{SCALES[found.scale]}, %"}, "showgrid": True},
        yaxis=row_axis(names, ends=(len(names) - 0.4, -0.6)),
    )
    return figure


def _rows(found: GapParts) -> list[_Row]:
    rows, at, named = list[_Row](), 100 * _level(found, Side.INTERNAL).value, found.named[:1]
    shown = {name: each for name, each in found.terms.items() if name not in (*found.zero, OTHER_CLASSES)}
    for name, estimate in shown.items():
        if found.reason is not None and name in OF_CAUSE:
            if name == OF_CAUSE[0]:
                rows.append(_Row(label=cause(found.cause), start=at, estimate=None, is_named=False))
            continue
        above = 2 if rows and rows[-1].estimate is None else 1
        rows.append(_Row(label=term(found, name), start=at, estimate=estimate, is_named=name in named, rows=above))
        at -= 0 if math.isnan(estimate.value) else 100 * estimate.value
    return rows


def _level(found: GapParts, side: Side) -> Estimate:
    return found.levels[str(side)]


def _range(found: GapParts, rows: list[_Row]) -> tuple[float, float]:
    ends = list[float]()
    for side in Side:
        level = _level(found, side)
        ends += [100 * end for end in (level.value, level.low, level.high)]
    for row in rows:
        if row.estimate is not None:
            ends += [row.start - 100 * end for end in (0.0, row.estimate.value, row.estimate.low, row.estimate.high)]
    known = [end for end in ends if not math.isnan(end)]
    return min(known) - _ROOM, max(known) + _ROOM


def _draw_term(figure: go.Figure, row: _Row, estimate: Estimate, *, y: int, palette: Palette) -> None:
    color = palette.text if row.is_named else mix(palette.ground, palette.text, 0.45)
    lost = 100 * estimate.value
    figure.add_bar(
        x=[-lost],
        y=[y],
        base=[row.start],
        orientation="h",
        marker={"color": color if lost >= 0 else palette.ground, "line": {"color": color, "width": 1.5}},
        hovertemplate=f"{in_picture(row.label)}: {points(estimate.value)} points {bracket(estimate)}<extra></extra>",
    )
    if not math.isnan(estimate.low):
        figure.add_scatter(
            x=[row.start - 100 * estimate.high, row.start - 100 * estimate.low],
            y=[y + _BELOW, y + _BELOW],
            mode="lines",
            line={"color": color, "width": 2},
            hoverinfo="skip",
        )


def _draw_unknown(figure: go.Figure, *, y: int, ends: tuple[float, float], palette: Palette) -> None:
    low, high = ends
    figure.add_bar(
        x=[high - low],
        y=[y],
        base=[low],
        orientation="h",
        marker={
            "color": palette.ground,
            "line": {"width": 0},
            "pattern": {"shape": "/", "fgcolor": palette.rule, "bgcolor": palette.ground, "size": 8, "solidity": 0.2},
        },
        hoverinfo="skip",
    )


def _draw_level(figure: go.Figure, level: Estimate, side: Side, *, y: int, palette: Palette) -> None:
    color = side.color(palette)
    if not math.isnan(level.low):
        figure.add_scatter(
            x=[100 * level.low, 100 * level.high],
            y=[y, y],
            mode="lines",
            line={"color": color, "width": 5},
            opacity=0.55,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[100 * level.value],
        y=[y],
        mode="markers",
        marker={"color": color, "size": 12, "symbol": side.symbol},
        hovertemplate=f"{side.test}: {amount(level)} {bracket(level)}<extra></extra>",
    )


def _step(x: float, y: int, palette: Palette, *, rows: int = 1) -> Shape:
    """From the end of the last bar above to where a row begins, so many rows below."""
    line = {"color": palette.rule, "width": 1.5}
    return Shape(type="line", x0=x, x1=x, y0=y - rows, y1=y, line=line, layer="below")


def _numbers(row: _Row, estimate: Estimate, *, y: int, palette: Palette) -> Annotation:
    if not estimate.is_number:
        return _written(f"<i>{NOT_ESTIMABLE}</i>", y=y, color=palette.soft)
    value = points(estimate.value)
    said = f"<b>{value}</b>" if row.is_named else value
    return _written(f"{said} {_soft(bracket(estimate), palette)}", y=y, color=palette.text)


def _unknown(y: int, *, at: float, palette: Palette) -> Annotation:
    text = annotation(f" <i>{NOT_IDENTIFIABLE}</i> ", x=at, y=y, color=palette.soft, size_px=SMALL_PX)
    return text.update(bgcolor=palette.ground)


def _written(text: str, *, y: int, color: str) -> Annotation:
    return annotation(text, x=1, y=y, shift_px=(_NUMBERS_PX, 0), anchor="right", color=color, axis="x domain")


def _name(row: _Row) -> str:
    name = in_picture(row.label)
    return f"<b>{name}</b>" if row.is_named else name


def _soft(text: str, palette: Palette) -> str:
    return f"<span style='color:{palette.soft}'>{text}</span>"
