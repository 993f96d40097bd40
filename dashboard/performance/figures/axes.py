"""Panels that may stay empty, and their titles."""

import plotly.graph_objects as go


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
        font={"color": color},
    )
