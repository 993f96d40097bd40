"""Numbers in columns beside the rows of a picture."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation

from dashboard.figures.template import SMALL_PX
from dashboard.notation import NOT_ESTIMABLE, Estimate, amount, bare, bracket
from dashboard.palette import Palette
from dashboard.results.metrics import Number
from dashboard.text.counts import too_few


def written(number: Number | None, *, absent: str, palette: Palette) -> str:
    """A number with its interval as Plotly's rich text, or why there is none.

    Args:
        number: The number; None where there is no such test.
        absent: What to say where there is no such test.
        palette: The colours of the current theme.
    """
    if number is None:
        return small(absent, palette)
    estimate = number.estimate
    if number.task == "finding" and not estimate.n:
        return small("<i>not known</i>", palette)
    if not estimate.estimable:
        # What they count as goes below: on one line it would reach into the column before.
        return small(f"<i>{NOT_ESTIMABLE}: {too_few(number).replace(', ', ',<br>')}</i>", palette)
    if math.isnan(estimate.value):
        return small("<i>undefined</i>", palette)
    return f"{amount(estimate)} {small(bracket(estimate), palette)}".strip()


def written_gap(lost: Estimate | None, *, palette: Palette) -> str:
    """A gap with its interval, the same way; nothing where there is none."""
    if lost is None:
        return ""
    if not lost.is_number:
        return small(f"<i>{NOT_ESTIMABLE}</i>", palette)
    return f"<b>{bare(lost.value, unit=lost.unit)}</b> {small(bracket(lost), palette)}".strip()


def small(text: str, palette: Palette) -> str:
    """Plotly's rich text of second rank."""
    return f"<span style='font-size:{SMALL_PX}px;color:{palette.soft}'>{text}</span>" if text else ""


def write_column(
    figure: go.Figure, texts: Sequence[tuple[float, str]], *, heading: tuple[float, str], x_px: int, color: str
) -> None:
    """Writes a column of numbers, flush right, in the margin at the right of the picture.

    Args:
        figure: The figure.
        texts: Row and text.
        heading: Its row and the text above the column.
        x_px: Where the column ends, from the right end of the axis.
        color: Of the text.
    """
    column = [
        Annotation(
            x=1,
            xref="x domain",
            xshift=x_px,
            xanchor="right",
            y=y,
            text=text,
            align="right",
            font={"color": color},
        )
        for y, text in (heading, *texts)
    ]
    # All at once: Plotly looks at all of them again for each that is added.
    figure.layout.annotations = (*figure.layout.annotations, *column)
