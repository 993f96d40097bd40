"""Recall by view, sex, age and attribute in both tests."""

import math
from collections.abc import Collection, Iterable, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import words
from dashboard.figures.axes import row_axis, share_axis
from dashboard.figures.marks import Mark, draw_marks, looks
from dashboard.figures.names import shortened
from dashboard.notation import Unit, plural
from dashboard.palette import Palette
from dashboard.performance.data.subgroups import Subgroup
from dashboard.performance.figures.columns import small, write_column, written, written_gap
from dashboard.results.metrics import Number
from dashboard.results.side import Side
from dashboard.text.counts import rests_on
from dashboard.text.gaps import gap_title

_ROW_PX = 35
_BETWEEN = 0.45
_COLUMNS_PX = (205, 410)
_GAP_PX = 545
_MARGIN_PX = 555
_HEADING_Y = -0.8
_LONGEST_NAME = 32


def subgroups_figure(
    groups: Sequence[Subgroup], *, no_internal: str, sides: Collection[Side] = tuple(Side), palette: Palette
) -> go.Figure:
    """A row a group, with a space between those by view, sex, age and each attribute; numbers in columns at the right.

    Args:
        groups: From the top.
        no_internal: What to say where there is no internal test.
        sides: The tests that there are columns for.
        palette: The colours of the current theme.
    """
    rows = _rows(groups)
    figure = make_subplots()
    bottom = rows[-1] + 0.6 if rows else 1
    figure.update_layout(height=round(_ROW_PX * (bottom + 1.2) + 44))
    units = [number.estimate.unit for group in groups for number in group.scores.sides.values()]
    unit: Unit = units[0] if units else "share"
    figure.update_xaxes(**share_axis(has_grid=True, unit=unit))
    kinds = looks(palette, rise=0.15)
    absent = {Side.INTERNAL: no_internal, Side.EXTERNAL: f"no {Side.EXTERNAL.test}"}
    for side, x_px in zip((side for side in Side if side in sides), _COLUMNS_PX, strict=False):
        look, scores = kinds.of(side), [group.scores.of(side) for group in groups]
        constants = [(y, group.best_constant(side)) for y, group in zip(rows, groups, strict=True)]
        _draw_constants(figure, constants, rise=look.rise, palette=palette)
        pairs = list(zip(rows, scores, strict=True))
        marks = [
            Mark(y=y, estimate=number.estimate, rests_on=rests_on(number)) for y, number in pairs if number is not None
        ]
        draw_marks(figure, marks, look)
        texts = [
            (y, _written(number, absent=_absence(group) if any(scores) else absent[side], palette=palette))
            for group, (y, number) in zip(groups, pairs, strict=True)
        ]
        heading = (_HEADING_Y, f"<b>{side.mark} {side}</b>")
        write_column(figure, texts, heading=heading, x_px=x_px, color=look.color)
    if any(group.scores.lost is not None for group in groups):
        gaps = [(y, written_gap(group.scores.lost, palette=palette)) for y, group in zip(rows, groups, strict=True)]
        heading = (_HEADING_Y, f"<b>{gap_title(unit)}</b>")
        write_column(figure, gaps, heading=heading, x_px=_GAP_PX, color=palette.text)
    nouns = [number.noun for group in groups for number in group.scores.sides.values()]
    everything = f"all {plural(nouns[0])}" if nouns else "all images"
    names = [shortened(words.stratum(group.stratum, everything=everything), letters=_LONGEST_NAME) for group in groups]
    figure.update_yaxes(**row_axis(names, ends=(bottom, _HEADING_Y - 0.4), places=rows))
    figure.update_layout(margin={"r": _MARGIN_PX if len(sides) == len(Side) else _COLUMNS_PX[0] + 10, "t": 6})
    return figure


def _absence(group: Subgroup) -> str:
    """Why one site has no such group: of an attribute it may have images that are too few to be one."""
    return "no such group" if group.is_by_attribute else "no images"


def _rows(groups: Sequence[Subgroup]) -> list[float]:
    rows: list[float] = []
    for i, group in enumerate(groups):
        starts = i > 0 and group.kind != groups[i - 1].kind
        rows.append(0.0 if not rows else rows[-1] + 1 + (_BETWEEN if starts else 0))
    return rows


def _written(number: Number | None, *, absent: str, palette: Palette) -> str:
    if number is None:
        return small(absent, palette)
    text = written(number, absent=absent, palette=palette)
    if not number.estimate.is_number:
        return text
    return f"{text} {small(f'n = {number.images:,}', palette)}"


def _draw_constants(
    figure: go.Figure, constants: Iterable[tuple[float, float]], *, rise: float, palette: Palette
) -> None:
    for y, constant in constants:
        if math.isnan(constant):
            continue
        x, middle = 100 * constant, y - rise
        line = {"color": palette.baseline, "width": 2}
        figure.add_shape(type="line", x0=x, x1=x, y0=middle - 0.16, y1=middle + 0.16, line=line, layer="below")
