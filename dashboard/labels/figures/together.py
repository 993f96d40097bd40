"""Findings that occur together at a site."""

import math
from collections.abc import Sequence
from itertools import product

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation, Shape

from dashboard.figures.annotations import annotation
from dashboard.figures.names import shortened, wrapped
from dashboard.labels.data.together import Together
from dashboard.notation import FEWEST, MANY, NOT_ESTIMABLE, plural, points, whole
from dashboard.palette import Palette, ink, mix
from dashboard.words import in_picture

_ROW_PX = 36
_MANY_ROWS_PX = 24
_LINE_PX = 14

_ROOM = 0.095
"""For the numbers at the right, in columns for each column; no less than of ten."""


def together_figure(table: Together, *, noun: str = "image", color: str, palette: Palette) -> go.Figure:
    """Of the images with the finding of a row, the share with that of the column; the number of images at the right.

    Args:
        table: How often findings occur together. A row of few images has no shares; a finding that the site does not
            label is unknown.
        noun: What is counted.
        color: ``#RRGGBB`` of the site.
        palette: The colours of the current theme.
    """
    right = len(table.classes) - 0.42
    words: list[Annotation] = []
    cells: list[Shape] = []
    figure = go.Figure()
    if len(table.classes) > MANY:
        figure.add_trace(_many_cells(table, color=color, palette=palette))
    else:
        for row, column in product(range(len(table.classes)), repeat=2):
            _draw_cell(cells, words, table, place=(row, column), color=color, palette=palette)
    for row, n in enumerate(table.present):
        said = f"{n:,}" if n >= FEWEST else f"<i>{n:,}: too few</i>" if table.labelled[row] else "<i>unknown</i>"
        words.append(annotation(said, x=right, y=row, color=palette.soft, anchor="left"))
    words.append(annotation(plural(noun), x=right, y=-0.72, color=palette.soft, anchor="left"))
    _lay_out(figure, table.classes, palette=palette)
    # All at once: Plotly looks at all of them again for each that is added.
    figure.update_layout(shapes=cells, annotations=words)
    return figure


def _many_cells(table: Together, *, color: str, palette: Palette) -> go.Heatmap:
    """All cells as one: hundreds of shapes and words would take a browser many seconds."""
    k = range(len(table.classes))
    shown = [[table.share(i, j) if _is_shown(table, i, j) else math.nan for j in k] for i in k]
    said = [["" if math.isnan(share) else whole(share) for share in row] for row in shown]
    told = [
        [
            f"{in_picture(one)}: also {in_picture(other)} {said[i][j] or _why_not(table, i, j)}"
            for j, other in enumerate(table.classes)
        ]
        for i, one in enumerate(table.classes)
    ]
    return go.Heatmap(
        z=[[math.sqrt(share) for share in row] for row in shown],
        zmin=0,
        zmax=1,
        colorscale=[[0, palette.band], [1, color]],
        showscale=False,
        text=said,
        texttemplate="%{text}",
        textfont={"size": 11.5},
        xgap=2,
        ygap=2,
        customdata=told,
        hovertemplate="%{customdata}<extra></extra>",
        hoverongaps=False,
    )


def _why_not(table: Together, row: int, column: int) -> str:
    return NOT_ESTIMABLE if table.labelled[row] and table.labelled[column] else "unknown, not labelled"


def _is_shown(table: Together, row: int, column: int) -> bool:
    share = table.share(row, column)
    return row != column and table.known[row][column] >= FEWEST and not math.isnan(share)


def _draw_cell(
    cells: list[Shape],
    words: list[Annotation],
    table: Together,
    *,
    place: tuple[int, int],
    color: str,
    palette: Palette,
) -> None:
    row, column = place
    share, is_shown = table.share(row, column), _is_shown(table, row, column)
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
        words.append(annotation(points(share), x=column, y=row, color=ink(fill)))


def _lay_out(figure: go.Figure, findings: Sequence[str], *, palette: Palette) -> None:
    k, are_many = len(findings), len(findings) > MANY
    heads = [_head(finding, k=k) for finding in findings]
    places = list(range(k))
    axis = {"tickvals": places}
    figure.add_scatter(x=places, y=places, mode="markers", marker={"opacity": 0}, hoverinfo="skip")
    top = 18 + _LINE_PX * max(head.count("<br>") + 1 for head in heads)
    figure.update_layout(
        height=(_MANY_ROWS_PX * k + 250) if are_many else (_ROW_PX * k + 14 + top),
        margin={"r": 10, "t": 20 if are_many else top, "b": 6},
        xaxis={
            **axis,
            "range": [-0.5, k - 0.5 + max(0.95, _ROOM * k)],
            "ticktext": heads,
            "side": "top",
            "automargin": True,
            **({"tickangle": -90} if are_many else {"autotickangles": [0, -90]}),
            "tickfont": {"size": 11.5, "color": palette.text},
        },
        yaxis={
            **axis,
            "range": [k - 0.5, -0.5],
            "ticktext": [
                shortened(finding, letters=40) if are_many else wrapped(finding, letters=24) for finding in findings
            ],
            "tickfont": {"size": 12.5},
        },
    )


def _head(finding: str, *, k: int) -> str:
    """A column's name: upright over many, else on lines, and upright where the columns are narrower than its words."""
    return shortened(finding, letters=30) if k > MANY else wrapped(finding, letters=54 // k, lines=4)
