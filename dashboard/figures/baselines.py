"""Lines and bands of what takes no skill to reach, as pictures of several pages draw them."""

import plotly.graph_objects as go

from dashboard.palette import Palette


def dashes(palette: Palette) -> dict[str, object]:
    """The line of a number that takes no skill."""
    return {"color": palette.baseline, "dash": "dash", "width": 1.5}


def draw_band(
    figure: go.Figure,
    best_constant: float,
    *,
    across: tuple[float, float],
    palette: Palette,
    panel: tuple[int, int] | None = None,
) -> None:
    """Shades a picture up to what always giving one class scores.

    Args:
        figure: With shares from 0 to 100 across.
        best_constant: Its score, in [0, 1].
        across: The rows that it lies behind, from where to where.
        palette: The colours of the current theme.
        panel: Row and column of the subplot; None where there is only one.
    """
    edge = 100 * best_constant
    place = {} if panel is None else {"row": panel[0], "col": panel[1]}
    ends = {"y0": across[0], "y1": across[1], "layer": "below", **place}
    figure.add_shape(type="rect", x0=0, x1=edge, fillcolor=palette.band, line_width=0, **ends)
    figure.add_shape(type="line", x0=edge, x1=edge, line=dashes(palette), **ends)
