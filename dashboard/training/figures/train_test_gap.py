"""Accuracy on training images beside that on new ones, a row a model."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.graph_objs.layout import Annotation

from dashboard.figures.annotations import annotation
from dashboard.figures.axes import row_axis, share_axis
from dashboard.figures.baselines import draw_band
from dashboard.notation import NOT_ESTIMABLE, Estimate, bracket, percent, points
from dashboard.palette import Palette
from dashboard.training.data.train_test_gap import TrainVersusHeldOut
from dashboard.training.text import names

_ROW_PX = 34
_NARROW_ROW_PX = 24
_MANY_ROWS = 9
_TOP = -0.9
_NOTE = 40
"""As far as a note reaches; what lies nearer has it behind its number."""


def train_test_gap_figure(
    rows: Sequence[TrainVersusHeldOut], *, best_constant: float | None, palette: Palette
) -> go.Figure:
    """Accuracy on training images and on new ones, a row a model, on an axis from 0 to 100 %.

    Args:
        rows: From the top.
        best_constant: Accuracy in the internal test of always giving the most frequent class; None draws none.
        palette: The colours of the current theme.
    """
    figure = go.Figure()
    words: list[Annotation] = []
    bottom = len(rows) - 0.45
    if best_constant is not None:
        _draw_band(figure, words, best_constant, bottom=bottom, palette=palette)
    free = 1.0 if best_constant is None else 100 * best_constant + 2
    labels = [f"<b>{names.model(row)}</b>" if row.member is None else names.model(row) for row in rows]
    for y, row in enumerate(rows):
        _draw_row(figure, words, row, y=y, free=free, palette=palette)
    figure.update_layout(
        annotations=words,  # all at once: Plotly looks at all of them again for each that is added
        height=(_ROW_PX if len(rows) <= _MANY_ROWS else _NARROW_ROW_PX) * (len(rows) + 1) + 34,
        margin={"r": 34, "t": 14},
        xaxis=share_axis(steps=4),
        yaxis={**row_axis(labels, ends=(bottom, _TOP)), "ticklabelstandoff": 6},
    )
    return figure


def _draw_band(
    figure: go.Figure, words: list[Annotation], best_constant: float, *, bottom: float, palette: Palette
) -> None:
    draw_band(figure, best_constant, across=(_TOP, bottom), palette=palette)
    text = f"best constant answer {points(best_constant)}"
    words.append(
        annotation(
            text, x=100 * best_constant, y=_TOP, color=palette.baseline, shift_px=(4, -8), anchor="left", size_px=12
        )
    )


def _draw_row(
    figure: go.Figure, words: list[Annotation], row: TrainVersusHeldOut, *, y: int, free: float, palette: Palette
) -> None:
    training, held_out = row.training, row.held_out
    note = _note(row)
    if row.gap.is_number and training is not None and held_out is not None:
        low, high = sorted((100 * training.value, 100 * held_out.value))
        dots = {"color": palette.training, "width": 2, "dash": "dot"}
        figure.add_shape(type="line", x0=low, x1=high, y0=y, y1=y, line=dots, layer="below")
        text = f"<b>{points(row.gap.value)}</b>"
        words.append(annotation(text, x=(low + high) / 2, y=y, color=palette.text, shift_px=(0, 9), size_px=12))
    is_left = row.gap.is_number and row.gap.value < 0
    is_clear = training is None or not training.is_number or 100 * _ends(training)[0] > free + _NOTE
    if note and is_clear:
        words.append(annotation(f"<i>{note}</i>", x=free, y=y, color=palette.soft, anchor="left", size_px=12))
    ours, theirs = (palette.training, palette.ground), (palette.internal, palette.internal)
    _draw_mark(
        figure,
        words,
        training,
        y=y,
        colors=ours,
        images="training images",
        is_left=is_left,
        note="" if is_clear else note,
    )
    _draw_mark(figure, words, held_out, y=y, colors=theirs, images="internal test", is_left=not is_left, note="")


def _note(row: TrainVersusHeldOut) -> str:
    """Why there is no gap; empty where there is one."""
    if row.gap.is_number or row.training is None:
        return ""
    return "nothing held out" if row.held_out is None else NOT_ESTIMABLE


def _ends(estimate: Estimate) -> tuple[float, float]:
    """From where to where a mark with its interval lies."""
    known = [end for end in (estimate.low, estimate.value, estimate.high) if not math.isnan(end)]
    return min(known), max(known)


def _draw_mark(
    figure: go.Figure,
    words: list[Annotation],
    estimate: Estimate | None,
    *,
    y: int,
    colors: tuple[str, str],
    images: str,
    is_left: bool,
    note: str,
) -> None:
    if estimate is None or not estimate.is_number:
        return
    color, fill = colors
    x = 100 * _ends(estimate)[0 if is_left else 1]
    shift_px, anchor = ((-7, 0), "right") if is_left else ((7, 0), "left")
    said = points(estimate.value) + (f"  <i>{note}</i>" if note else "")
    words.append(annotation(said, x=x, y=y, color=color, shift_px=shift_px, anchor=anchor, size_px=12))
    if not (math.isnan(estimate.low) or math.isnan(estimate.high)):
        bar = {"x0": 100 * estimate.low, "x1": 100 * estimate.high, "y0": y, "y1": y}
        figure.add_shape(type="line", **bar, line={"color": color, "width": 4}, layer="below")
    figure.add_scatter(
        x=[100 * estimate.value],
        y=[y],
        mode="markers",
        marker={"color": fill, "size": 10, "symbol": "circle", "line": {"width": 2, "color": color}},
        hovertemplate=f"{images}: {percent(estimate.value)} {bracket(estimate)} n = {estimate.n:,}<extra></extra>",
    )
