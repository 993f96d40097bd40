"""The class mix without labels, beside that of the labels and that of the internal test."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.figures.annotations import annotation
from dashboard.figures.axes import row_axis, share_axis, share_end
from dashboard.figures.names import shortened
from dashboard.figures.template import SMALL_PX
from dashboard.notation import percent
from dashboard.palette import Palette
from dashboard.results.side import Side
from dashboard.shift.data.class_mix import EstimatedShare

_ROW_PX = 30
_COLUMN_PX = 78
_LETTERS = 28


def class_mix(rows: Sequence[EstimatedShare], *, palette: Palette) -> go.Figure:
    """A row a class: its share internally, externally by labels, and externally as estimated.

    Args:
        rows: Those whose estimate may be read; at least one.
        palette: The colours of the current theme.
    """
    figure = go.Figure()
    external, ground = palette.external, palette.ground
    columns = (
        (Side.INTERNAL.mark, "internal", palette.internal, [row.internal for row in rows]),
        (Side.EXTERNAL.mark, "by labels", external, [row.external for row in rows]),
        ("◇", "estimated", external, [row.estimated for row in rows]),
    )
    symbols = (Side.INTERNAL.symbol, Side.EXTERNAL.symbol, Side.EXTERNAL.symbol)
    texts = []
    for place, ((mark, heading, color, shares), symbol) in enumerate(zip(columns, symbols, strict=True), start=1):
        figure.add_scatter(
            x=[100 * share for share in shares],
            y=list(range(len(rows))),
            mode="markers",
            marker={
                "color": ground if mark == "◇" else color,
                "size": 10,
                "symbol": symbol,
                "line": {"color": color, "width": 2},
            },
            hovertext=[f"{heading}: {percent(share)}" for share in shares],
            hoverinfo="text",
            cliponaxis=False,
        )
        written = [f"<b>{mark} {heading}</b>", *map(percent, shares)]
        texts += [
            annotation(
                text,
                x=1,
                y=y,
                shift_px=(_COLUMN_PX * place + 8 * place, 0),
                anchor="right",
                color=color,
                size_px=SMALL_PX,
                axis="x domain",
            )
            for y, text in enumerate(written, start=-1)
        ]
    top = max(share for *_, shares in columns for share in shares)
    figure.update_layout(
        annotations=texts,
        height=_ROW_PX * (len(rows) + 1) + 50,
        margin={"r": (_COLUMN_PX + 8) * len(columns) + 12, "t": 6, "b": 30},
        xaxis=share_axis(end=share_end(top), has_grid=True),
        yaxis=row_axis([shortened(row.finding, letters=_LETTERS) for row in rows], ends=(len(rows) - 0.4, -1.5)),
    )
    return figure
