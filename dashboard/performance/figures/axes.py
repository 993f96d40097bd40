"""What the pictures of this page share: one size of text, names of rows, titles of panels."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.figures.axes import share_axis
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
    figure.update_xaxes(**share_axis(palette, has_grid=True))
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


def write_panel_title(figure: go.Figure, text: str, *, panel: int, color: str, rise_px: int) -> None:
    """Writes over the upper left corner of a panel, counted from 1."""
    axis = "" if panel == 1 else str(panel)
    figure.add_annotation(
        x=0,
        xref=f"x{axis} domain",
        xanchor="left",
        y=1,
        yref=f"y{axis} domain",
        yanchor="bottom",
        yshift=rise_px,
        text=text,
        showarrow=False,
        font={"color": color},
    )
