"""Calibration in both tests: shares of right answers by confidence, or of a finding by its score."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.figures.axes import share_axis
from dashboard.figures.baselines import dashes
from dashboard.figures.marks import Look, looks
from dashboard.figures.template import SMALL_PX, quiet
from dashboard.notation import FEWEST, counted, percent, plural
from dashboard.palette import Palette
from dashboard.performance.data.answers import Bin
from dashboard.performance.data.calibration import Reliability
from dashboard.performance.figures.axes import write_panel_title
from dashboard.results.side import Side

_HEIGHT_PX = 430
_COUNTS_Y = -5

_NARROW = 5
"""Percentage points between two bins below which their numbers of images do not stand beside each other."""


@dataclass(frozen=True, kw_only=True)
class BinWords:
    """What is written at the axes, and at a bin for the pointer.

    Attributes:
        across: Title of the horizontal axis.
        up: Title of the vertical axis.
        sure: Behind the ends of a bin.
        right: Behind how many of its images it is true of.
        mean: Before its mean.
        noun: What is counted.
    """

    across: str
    up: str
    sure: str
    right: str
    mean: str
    noun: str = "image"


OF_ANSWERS = BinWords(
    across="mean confidence: the highest probability",
    up="share that is right",
    sure="sure",
    right="right",
    mean="mean confidence",
)


def of_scores(noun: str) -> BinWords:
    """What is written of the scores of a finding.

    Args:
        noun: What is counted.
    """
    return BinWords(
        across="mean score",
        up="share with the finding",
        sure="scored",
        right="with it",
        mean="mean score",
        noun=noun,
    )


def reliability_figure(
    tests: Sequence[tuple[Side, str, Reliability]], *, said: BinWords = OF_ANSWERS, palette: Palette
) -> go.Figure:
    """A panel a test: accuracy against mean confidence of each bin, its images beneath, the diagonal of honest answers.

    Args:
        tests: For each: the side, what is written above, and its bins; internal first.
        said: What is written at the axes and the bins.
        palette: The colours of the current theme.
    """
    figure = make_subplots(rows=1, cols=len(tests), horizontal_spacing=0.07)
    figure.update_layout(height=_HEIGHT_PX)
    figure.update_xaxes(**share_axis(has_grid=True))
    kinds = looks(palette, rise=0)
    for column, (side, title, found) in enumerate(tests, start=1):
        look = kinds.of(side)
        _draw_diagonal(figure, column=column, says=column == 1, palette=palette)
        write_panel_title(figure, title, panel=column, color=look.color, rise_px=24)
        if found.is_estimable:
            _draw(figure, found.bins, column=column, look=look, said=said, palette=palette)
    figure.update_yaxes(**{**share_axis(has_grid=True), "range": [2 * _COUNTS_Y, 100]}, tickfont=quiet(palette))
    figure.update_xaxes(title_text=said.across)
    figure.update_yaxes(title_text=said.up, col=1)
    figure.update_layout(margin={"t": 56, "b": 44, "l": 60})
    return figure


def _draw(figure: go.Figure, bins: Sequence[Bin], *, column: int, look: Look, said: BinWords, palette: Palette) -> None:
    for confidence_bin in bins:
        _draw_distance(figure, confidence_bin, column=column, look=look)
    many = [confidence_bin for confidence_bin in bins if confidence_bin.n >= FEWEST]
    few = [confidence_bin for confidence_bin in bins if confidence_bin.n < FEWEST]
    _draw_bins(figure, many, column=column, look=look, said=said, fill=look.color, mode="lines+markers")
    _draw_bins(figure, few, column=column, look=look, said=said, fill=palette.ground, mode="markers")
    _write_counts(figure, bins, column=column, noun=said.noun, palette=palette)


def _draw_bins(
    figure: go.Figure, bins: Sequence[Bin], *, column: int, look: Look, said: BinWords, fill: str, mode: str
) -> None:
    figure.add_scatter(
        x=[100 * confidence_bin.confidence for confidence_bin in bins],
        y=[100 * confidence_bin.accuracy for confidence_bin in bins],
        mode=mode,
        line={"color": look.color, "width": 2, "dash": look.dash},
        marker={"color": fill, "size": 10, "symbol": look.symbol, "line": {"width": 2, "color": look.color}},
        hovertext=[_said(confidence_bin, said) for confidence_bin in bins],
        hoverinfo="text",
        cliponaxis=False,
        row=1,
        col=column,
    )


def _said(confidence_bin: Bin, said: BinWords) -> str:
    few = f"<br>fewer than {FEWEST} {plural(said.noun)}: not estimable" if confidence_bin.n < FEWEST else ""
    return (
        f"{percent(confidence_bin.low)} to {percent(confidence_bin.high)} {said.sure}: "
        f"{counted(confidence_bin.n, said.noun)}<br>"
        f"{confidence_bin.right:,} {said.right}, {said.mean} {percent(confidence_bin.confidence)}{few}"
    )


def _draw_distance(figure: go.Figure, confidence_bin: Bin, *, column: int, look: Look) -> None:
    figure.add_shape(
        type="line",
        x0=100 * confidence_bin.confidence,
        x1=100 * confidence_bin.confidence,
        y0=100 * confidence_bin.accuracy,
        y1=100 * confidence_bin.confidence,
        line={"color": look.color, "width": 1},
        opacity=0.5,
        layer="below",
        row=1,
        col=column,
    )


def _write_counts(figure: go.Figure, bins: Sequence[Bin], *, column: int, noun: str, palette: Palette) -> None:
    texts = [(100 * confidence_bin.confidence, f"{confidence_bin.n:,}") for confidence_bin in bins]
    places = [x for x, _ in texts]
    if any(right - left < _NARROW for left, right in pairwise(places)):
        few, many = min(confidence_bin.n for confidence_bin in bins), max(confidence_bin.n for confidence_bin in bins)
        span = f"{few:,} to {many:,}" if few < many else f"{few:,}"
        texts = [(50, f"{span} {plural(noun)} in each")]
    for x, text in texts:
        figure.add_annotation(
            x=x,
            y=_COUNTS_Y,
            text=text,
            font={"color": palette.soft, "size": 11},
            row=1,
            col=column,
        )


def _draw_diagonal(figure: go.Figure, *, column: int, says: bool, palette: Palette) -> None:
    figure.add_shape(type="line", x0=0, y0=0, x1=100, y1=100, line=dashes(palette), layer="below", row=1, col=column)
    if says:
        figure.add_annotation(
            x=100,
            y=100,
            yshift=7,
            text="dashed: perfectly calibrated",
            xanchor="right",
            yanchor="bottom",
            font={"color": palette.baseline, "size": SMALL_PX},
            row=1,
            col=column,
        )
