"""The prevalence of findings: a row a finding, a mark a site."""

from collections.abc import Mapping

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation, Shape

from dashboard.figures.annotations import annotation
from dashboard.figures.axes import row_axis, share_axis, share_end
from dashboard.figures.names import wrapped
from dashboard.labels.data.distribution import ClassShare, Mix
from dashboard.notation import MANY, Estimate, bracket, counted, percent, points
from dashboard.palette import Palette
from dashboard.results.comparison import TestSet
from dashboard.results.differences import may_be_chance
from dashboard.results.side import Side
from dashboard.words import in_picture

_ROW_PX = 52
_MANY_ROW_PX = 36
_APART = 0.2
_FAR = 0.72
"""Above this share of the axis there is no room for the numbers at the right of a mark."""

_AXIS_END = 0.87


def prevalence_figure(found: Mapping[TestSet, Mix], *, between: Mapping[str, Estimate], palette: Palette) -> go.Figure:
    """The share of each finding at each site, on one axis as far as they reach; what changed at the right.

    Args:
        found: The sites, all with the same findings in the same order.
        between: External minus internal, of the findings that both sites label.
        palette: The colours of the current theme.
    """
    figure, words, lines = go.Figure(), list[Annotation](), list[Shape]()
    highs = [row.share.high for mix in found.values() for row in mix.classes if row.share.is_number]
    end = share_end(max(highs, default=0.0) / _FAR)
    for test, mix in found.items():
        apart = (-_APART if test.side is Side.INTERNAL else _APART) if len(found) > 1 else 0.0
        for place, row in enumerate(mix.classes):
            y = place + apart
            words.append(_number(row, y=y, end=end, noun=test.noun, color=test.side.color(palette), palette=palette))
            if row.share.is_number:
                _draw(figure, row, y=y, side=test.side, palette=palette)
                ends = {"x0": 100 * row.share.low, "x1": 100 * row.share.high}
                line = {"color": test.side.color(palette), "width": 4}
                lines.append(Shape(type="line", **ends, y0=y, y1=y, line=line, layer="below"))
    names = [row.finding for row in next(iter(found.values())).classes]
    words += [_change(between[name], y=place, palette=palette) for place, name in enumerate(names) if name in between]
    figure.update_layout(annotations=words, shapes=lines)
    figure.update_layout(
        height=(_MANY_ROW_PX if len(names) > MANY else _ROW_PX) * len(names) + 60,
        margin={"r": 10, "t": 10},
        xaxis={**share_axis(end=end if highs else 1.0), "domain": [0, _AXIS_END if between else 1]},
        yaxis={
            **row_axis([wrapped(name, letters=26, lines=2) for name in names], ends=(len(names) - 0.5, -0.5)),
            "ticklabelstandoff": 8,
        },
    )
    return figure


def _draw(figure: go.Figure, row: ClassShare, *, y: float, side: Side, palette: Palette) -> None:
    figure.add_scatter(
        x=[100 * row.share.value],
        y=[y],
        mode="markers",
        marker={"color": side.color(palette), "size": 10, "symbol": side.symbol},
        hovertemplate=f"{in_picture(row.finding)}<br>{percent(row.share.value)} {bracket(row.share)}<extra></extra>",
        cliponaxis=False,
    )


def _number(row: ClassShare, *, y: float, end: float, noun: str, color: str, palette: Palette) -> Annotation:
    share = row.share
    if not share.is_number:
        said = f"<i>{row.images:,} of {counted(share.n, noun)}</i>" if share.n else "<i>not labelled</i>"
        return annotation(said, x=0, y=y, shift_px=(9, 0), anchor="left", color=palette.soft, size_px=13)
    said = f"<b>{percent(share.value)}</b>  <span style='color:{palette.soft}'>{row.images:,} of {share.n:,}</span>"
    is_far = share.high > _FAR * end
    x, shift, anchor = (share.low, -9, "right") if is_far else (share.high, 9, "left")
    return annotation(said, x=100 * x, y=y, shift_px=(shift, 0), anchor=anchor, color=color, size_px=13)


def _change(change: Estimate, *, y: float, palette: Palette) -> Annotation:
    sign = "+" if change.value > 0 else ""
    said = f"{sign}{points(change.value)} <span style='color:{palette.soft}'>{bracket(change)}</span>"
    bold = said if may_be_chance(change) else f"<b>{said}</b>"
    return annotation(bold, axis="paper", x=1, y=y, color=palette.text, anchor="right")
