"""What the pictures of this page share: one size of text, axes of shares, names of rows."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.palette import Palette

SIZE_PX = 13
SMALL_PX = 12


def style(figure: go.Figure, *, height_px: int, palette: Palette) -> None:
    """What all figures have: height, one font size, no legend, no zoom; shares from 0 to 100 % across."""
    figure.update_layout(
        height=height_px,
        showlegend=False,
        font={"size": SIZE_PX, "color": palette.text},
        hoverlabel={"font_size": SIZE_PX},
        margin={"l": 10, "r": 20, "t": 30, "b": 30},
    )
    figure.update_xaxes(**share_axis(palette))
    figure.update_yaxes(fixedrange=True, zeroline=False, showgrid=False)


def name_rows(
    figure: go.Figure, rows: Sequence[float], names: Sequence[str], *, ends: tuple[float, float], palette: Palette
) -> None:
    """Writes names at the left of rows, from the top; `ends` are the lowest and the highest place that is shown."""
    font = {"size": SIZE_PX, "color": palette.text}
    figure.update_yaxes(range=list(ends), tickvals=list(rows), ticktext=list(names), tickfont=font)


def keep_panel(figure: go.Figure, *, place: tuple[int, int]) -> None:
    """Lets Plotly draw the axes of a subplot that may stay empty."""
    figure.add_scatter(x=[], y=[], row=place[0], col=place[1])


def share_axis(palette: Palette) -> dict[str, object]:
    """An axis from 0 to 100 % with a faint grid."""
    return {
        "range": [0, 100],
        "tickvals": [0, 20, 40, 60, 80, 100],
        "ticktext": ["0", "20", "40", "60", "80", "100 %"],
        "showgrid": True,
        "gridcolor": palette.grid,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"size": SMALL_PX, "color": palette.soft},
    }
