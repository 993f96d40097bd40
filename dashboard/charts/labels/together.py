"""Which findings occur together at a site."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation, Shape

from dashboard.notation import FEWEST, points
from dashboard.palette import Palette, ink, mix
from dashboard.queries.labels.together import Together
from dashboard.words import in_picture

_ROW_PX = 36


def together(found: Together, *, color: str, palette: Palette) -> go.Figure:
    """Of the images with the finding of a row, the share with that of the column; the number of images at the right.

    Args:
        found: How often findings occur together. A row of few images has no shares.
        color: ``#RRGGBB`` of the site.
        palette: The colours of the current theme.
    """
    right = len(found.classes) - 0.42
    words: list[Annotation] = []
    cells: list[Shape] = []
    for row in range(len(found.classes)):
        for column in range(len(found.classes)):
            _draw_cell(cells, words, found, place=(row, column), color=color, palette=palette)
        n = found.present[row]
        said = f"{n:,}" if n >= FEWEST else f"<i>{n:,}: too few</i>"
        words.append(_word(said, x=right, y=row, color=palette.soft, anchor="left"))
    words.append(_word("images", x=right, y=-0.72, color=palette.soft, anchor="left"))
    figure = go.Figure()
    _lay_out(figure, [in_picture(finding) for finding in found.classes], palette=palette)
    # All at once: Plotly looks at all of them again for each that is added.
    figure.update_layout(shapes=cells, annotations=words)
    return figure


def _draw_cell(
    cells: list[Shape],
    words: list[Annotation],
    found: Together,
    *,
    place: tuple[int, int],
    color: str,
    palette: Palette,
) -> None:
    row, column = place
    share = found.share(row, column)
    is_shown = row != column and found.known[row][column] >= FEWEST and not math.isnan(share)
    # By square root: most shares are small, and would all look alike.
    fill = mix(palette.band, color, math.sqrt(share)) if is_shown else palette.ground
    cells.append(
        Shape(
            type="rect",
            x0=column - 0.48,
            x1=column + 0.48,
            y0=row - 0.46,
            y1=row + 0.46,
            fillcolor=fill,
            line={"width": 0 if is_shown or row == column else 1, "color": palette.grid},
            layer="below",
        )
    )
    if is_shown:
        words.append(_word(points(share), x=column, y=row, color=ink(fill)))


def _word(text: str, *, x: float, y: float, color: str, anchor: str = "center") -> Annotation:
    return Annotation(x=x, y=y, text=text, showarrow=False, xanchor=anchor, font={"size": 13, "color": color})


def _lay_out(figure: go.Figure, findings: Sequence[str], *, palette: Palette) -> None:
    names = [finding.replace(" ", "<br>").replace("/", "/<br>") for finding in findings]
    places = list(range(len(findings)))
    axis = {"tickvals": places, "showgrid": False, "zeroline": False, "fixedrange": True}
    figure.add_scatter(x=places, y=places, mode="markers", marker={"opacity": 0}, hoverinfo="skip")
    figure.update_layout(
        height=_ROW_PX * len(findings) + 60,
        showlegend=False,
        margin={"l": 10, "r": 10, "t": 46, "b": 6},
        xaxis={
            **axis,
            "range": [-0.5, len(findings) + 0.45],
            "ticktext": names,
            "side": "top",
            "tickangle": 0,
            "tickfont": {"size": 11.5, "color": palette.text},
        },
        yaxis={
            **axis,
            "range": [len(findings) - 0.5, -0.5],
            "ticktext": list(findings),
            "tickfont": {"size": 12.5, "color": palette.text},
            "automargin": True,
        },
    )
