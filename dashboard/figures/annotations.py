"""Words beside a point of a picture."""

from plotly.graph_objs.layout import Annotation

from dashboard.figures.template import SIZE_PX


def annotation(
    text: str,
    *,
    x: float,
    y: float,
    color: str,
    size_px: float = SIZE_PX,
    shift_px: tuple[int, int] = (0, 0),
    anchor: str = "center",
    axis: str = "x",
) -> Annotation:
    """A text beside a point.

    Args:
        text: In Plotly's markup: what is in it from a file was made plain before.
        x: Of the point.
        y: Of the point.
        color: ``#RRGGBB``.
        size_px: Of the letters.
        shift_px: To the right and up.
        anchor: ``left``, ``center`` or ``right``: which part of the text stands at the point, and how lines are set.
        axis: Of x; ``paper`` for a share of the picture's width.
    """
    return Annotation(
        xref=axis,
        x=x,
        y=y,
        xshift=shift_px[0],
        yshift=shift_px[1],
        text=text,
        xanchor=anchor,
        align=anchor,
        font={"color": color, "size": size_px},
    )
