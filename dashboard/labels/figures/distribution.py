"""The mix of classes in the internal and the external test."""

from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation, Shape

from dashboard.figures.annotations import annotation
from dashboard.figures.axes import row_axis, share_axis, share_end
from dashboard.figures.names import wrapped
from dashboard.labels.data.distances import Distance
from dashboard.labels.data.distribution import ClassShare, Mix
from dashboard.notation import Estimate, bracket, counted, percent, plural, points
from dashboard.palette import Palette
from dashboard.results.differences import may_be_chance
from dashboard.words import in_picture

_ROW_PX = 60
_APART = 0.19
"""How far the marks of a class lie above and below its row, in rows."""

_LABEL_PX = 9
_AXIS_END = 0.87
"""Where the axis ends and the column of changes begins, as a share of the width."""

_FAR = 0.72
"""Above this share of the axis there is no room for the numbers at the right of a mark."""


@dataclass(frozen=True, kw_only=True)
class SiteMark:
    """How a site is drawn: ``#RRGGBB``, Plotly's symbol, and the side of the row, -1 above and 1 below."""

    color: str
    fill: str
    symbol: str
    side: int


def distribution(
    internal: Mix, external: Mix | None, *, between: Distance | None, is_test: bool, palette: Palette
) -> go.Figure:
    """Share of each class internally (above) and externally (below), a row a class, on an axis as far as they reach.

    Args:
        internal: The mix of the internal test.
        external: The mix of the external test; None if there is none.
        between: How far apart they are; None writes no changes.
        is_test: Whether the internal images are a test; if not, they are drawn as training images are.
        palette: The colours of the current theme.
    """
    figure, words, lines = go.Figure(), list[Annotation](), list[Shape]()
    color = palette.internal if is_test else palette.training
    fill = palette.internal if is_test else palette.ground
    sites = [(internal, SiteMark(color=color, fill=fill, symbol="circle", side=-1))]
    if external is not None:
        mark = SiteMark(color=palette.external, fill=palette.external, symbol="diamond", side=1)
        sites.append((external, mark))
    highs = [each.share.high for mix, _ in sites for each in mix.classes if each.share.is_number]
    end = share_end(max(highs, default=0.0) / _FAR)
    for mix, mark in sites:
        for row, class_share in enumerate(mix.classes):
            y = row + _APART * mark.side
            _draw(figure, class_share, y=y, mark=mark)
            lines += _interval(class_share, y=y, mark=mark)
            words.append(_number(class_share, y=y, end=end, noun=mix.noun, mark=mark, palette=palette))
    if between is not None:
        words += _changes(between, palette=palette)
    lines += [_between_rows(y, palette=palette) for y in range(1, len(internal.classes))]
    # All at once: Plotly looks at all of them again for each that is added.
    figure.update_layout(annotations=words, shapes=lines)
    names = [wrapped(class_share.finding, letters=24, lines=3) for class_share in internal.classes]
    _lay_out(figure, names, end=end if highs else None)
    return figure


def _draw(figure: go.Figure, class_share: ClassShare, *, y: float, mark: SiteMark) -> None:
    share = class_share.share
    if not share.is_number:
        return
    figure.add_scatter(
        x=[100 * share.value],
        y=[y],
        mode="markers",
        marker={"color": mark.fill, "size": 12, "symbol": mark.symbol, "line": {"width": 2, "color": mark.color}},
        hovertemplate=f"{in_picture(class_share.finding)}<br>{percent(share.value)} {bracket(share)}<extra></extra>",
        cliponaxis=False,
    )


def _interval(class_share: ClassShare, *, y: float, mark: SiteMark) -> list[Shape]:
    if not class_share.share.is_number:
        return []
    ends = {"x0": 100 * class_share.share.low, "x1": 100 * class_share.share.high}
    return [Shape(type="line", **ends, y0=y, y1=y, line={"color": mark.color, "width": 5}, layer="below")]


def _number(
    class_share: ClassShare, *, y: float, end: float, noun: str, mark: SiteMark, palette: Palette
) -> Annotation:
    share = class_share.share
    if not share.is_number:
        some = f"{class_share.images:,} of {counted(share.n, noun)}" if share.n else f"no {plural(noun)}"
        said = f"<i>{some}</i>"
        return annotation(said, x=0, y=y, shift_px=(_LABEL_PX, 0), anchor="left", color=palette.soft, size_px=14)
    said = (
        f"<b>{percent(share.value)}</b>  <span style='color:{palette.soft}'>{counted(class_share.images, noun)}</span>"
    )
    if share.high <= _FAR * end:
        return annotation(
            said, x=100 * share.high, y=y, shift_px=(_LABEL_PX, 0), anchor="left", color=mark.color, size_px=14
        )
    return annotation(
        said, x=100 * share.low, y=y, shift_px=(-_LABEL_PX, 0), anchor="right", color=mark.color, size_px=14
    )


def _changes(between: Distance, *, palette: Palette) -> list[Annotation]:
    found = []
    for y, change in enumerate(between.changes):
        said = f"{_signed(change)} <span style='color:{palette.soft}'>{bracket(change)}</span>"
        found.append(
            annotation(
                said if may_be_chance(change) else f"<b>{said}</b>",
                axis="paper",
                x=1,
                y=y,
                color=palette.text,
                anchor="right",
            )
        )
    head = Annotation(
        xref="paper",
        yref="paper",
        x=1,
        y=1,
        text="change: external minus internal",
        xanchor="right",
        yanchor="bottom",
        font={"color": palette.soft, "size": 12},
    )
    return [*found, head]


def _signed(change: Estimate) -> str:
    return f"+{points(change.value)}" if change.value > 0 else points(change.value)


def _between_rows(y: int, *, palette: Palette) -> Shape:
    line = {"color": palette.grid, "width": 1}
    return Shape(type="line", x0=0, x1=1, xref="paper", y0=y - 0.5, y1=y - 0.5, line=line, layer="below")


def _lay_out(figure: go.Figure, findings: list[str], *, end: float | None) -> None:
    """With an axis up to `end`; without one where nothing lies on it."""
    bottom = len(findings) - 0.5
    figure.update_layout(
        height=_ROW_PX * len(findings) + 50,
        margin={"r": 10, "t": 24},
        xaxis={**share_axis(end=end or 1.0), "domain": [0, _AXIS_END], "showticklabels": end is not None},
        yaxis={
            **row_axis(findings, ends=(bottom, -0.55)),
            "tickfont": {"size": 14},
            "ticklabelstandoff": 8,
        },
    )
