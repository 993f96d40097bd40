"""The mix of a site under each label policy."""

from collections.abc import Iterator, Sequence

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation

from dashboard import words
from dashboard.figures.annotations import annotation
from dashboard.figures.axes import row_axis, share_axis, share_end
from dashboard.figures.names import shortened
from dashboard.labels.data.distribution import ClassShare, Mix
from dashboard.notation import counted, percent
from dashboard.palette import Palette, ink, mix

_ROW_PX = 23
_BETWEEN = 0.035
"""Between two panels, as a share of the width."""

_NUMBER_PX = 12.5
_FEWEST_PANELS = 4
"""Panels are as wide as if there were at least so many, so that those of both sites can be compared."""

_PALE = 0.6

_INSIDE = 0.6
"""Above this share of the axis a number stands in its bar."""


def policies(mixes: Sequence[Mix], *, shown: str, reach: float, color: str, palette: Palette) -> go.Figure:
    """The mix of the same images under each label policy, a panel each, on axes as far as both sites' shares reach.

    Args:
        mixes: From the left.
        reach: The greatest share of both sites, in [0, 1].
        shown: The policy that is chosen for the other pictures: its bars are in the full colour.
        color: ``#RRGGBB`` of the site.
        palette: The colours of the current theme.
    """
    figure, notes = go.Figure(), list[Annotation]()
    end = share_end(reach / _INSIDE)
    width = 1 / max(len(mixes), _FEWEST_PANELS)
    for panel, each in enumerate(mixes):
        is_shown = each.policy == shown
        axis = "x" if panel == 0 else f"x{panel + 1}"
        domain = [panel * width, (panel + 1) * width - _BETWEEN]
        figure.update_layout({f"xaxis{axis[1:]}": _axis(domain, end=end, is_drawn=_is_drawn(each))})
        notes.append(_title(each, axis=axis, is_shown=is_shown, palette=palette))
        if each.images:
            bar = color if is_shown else mix(palette.ground, color, _PALE)
            _draw_bars(figure, each, axis=axis, color=bar)
            notes += _numbers(each, axis=axis, end=end, color=bar, palette=palette)
        else:
            middle = (len(each.classes) - 1) / 2
            notes.append(
                annotation(
                    "<i>gives no single class</i>",
                    axis=axis,
                    x=0,
                    y=middle,
                    color=palette.text,
                    size_px=_NUMBER_PX,
                    anchor="left",
                )
            )
    # All at once: Plotly looks at all of them again for each that is added.
    figure.update_layout(annotations=notes)
    _lay_out(figure, mixes)
    return figure


def _draw_bars(figure: go.Figure, each: Mix, *, axis: str, color: str) -> None:
    figure.add_bar(
        x=[100 * row.share.value if row.share.is_number else 0 for row in each.classes],
        y=list(range(len(each.classes))),
        orientation="h",
        xaxis=axis,
        marker={"color": color},
        width=0.62,
        hoverinfo="skip",
    )


def _numbers(each: Mix, *, axis: str, end: float, color: str, palette: Palette) -> Iterator[Annotation]:
    for y, row in enumerate(each.classes):
        share = row.share if row.share.is_number else None
        x = 100 * share.value if share else 0
        is_inside = x > 100 * _INSIDE * end
        count = f"<span style='color:{ink(color) if is_inside else palette.soft}'>{row.images:,}</span>"
        said = f"{percent(share.value)}  {count}" if share else _few(row)
        if is_inside:
            yield annotation(
                said, axis=axis, x=x, y=y, shift_px=(-5, 0), anchor="right", color=ink(color), size_px=_NUMBER_PX
            )
        else:
            yield annotation(
                said, axis=axis, x=x, y=y, shift_px=(5, 0), anchor="left", color=palette.text, size_px=_NUMBER_PX
            )


def _few(row: ClassShare) -> str:
    return f"<i>{row.images:,} of {row.share.n:,}</i>" if row.share.n else "<i>unknown</i>"


def _title(each: Mix, *, axis: str, is_shown: bool, palette: Palette) -> Annotation:
    name = words.in_picture(words.policy(each.policy))
    said = f"<b>{name}</b>" if is_shown else name
    count = f"  <span style='color:{palette.soft}'>{counted(each.images, each.noun)}</span>" if each.images else ""
    return Annotation(
        xref=axis,
        yref="paper",
        x=0,
        y=1,
        yshift=2,
        text=said + count,
        xanchor="left",
        yanchor="bottom",
        font={"color": palette.text},
    )


def _is_drawn(each: Mix) -> bool:
    return any(row.share.is_number for row in each.classes)


def _axis(domain: list[float], *, end: float, is_drawn: bool) -> dict[str, object]:
    own = {"domain": domain, "anchor": "y", "tickfont": {"size": 11}}
    return {**share_axis(steps=2, end=end), **own, "zeroline": is_drawn, "showticklabels": is_drawn}


def _lay_out(figure: go.Figure, mixes: Sequence[Mix]) -> None:
    findings = [shortened(row.finding, letters=44) for row in mixes[0].classes] if mixes else []
    figure.update_layout(
        height=_ROW_PX * len(findings) + 56,
        margin={"r": 10, "t": 26, "b": 22},
        yaxis={**row_axis(findings, ends=(len(findings) - 0.45, -0.55)), "tickfont": {"size": 12.5}},
    )
