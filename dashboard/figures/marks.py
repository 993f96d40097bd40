"""Marks of numbers with their intervals: which images they are of is told by colour, shape and dash."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import plotly.graph_objects as go

from dashboard.notation import Estimate, amount, bracket, counted
from dashboard.palette import Palette
from dashboard.results.side import Side


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the marks of one kind of images look.

    Attributes:
        name: What they are, in words.
        color: Of the outline and of the interval.
        fill: Of the inside.
        symbol: Plotly's name of the shape.
        dash: Of a curve.
        interval: The dash of an interval; dots where it must not look like that of a test.
        rise: How far above its row a mark stands, in rows; below where negative.
    """

    name: str
    color: str
    fill: str
    symbol: str
    dash: Literal["solid", "dash"]
    interval: Literal["solid", "dot"]
    rise: float


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One number in a row.

    Attributes:
        y: The row.
        estimate: The number.
        text: What is written beside it; empty for nothing.
        where: Where that stands, as Plotly calls it; None: above a mark that is raised, below one that is lowered.
        rests_on: What it rests on, as the pointer shows it; empty: its images.
    """

    y: float
    estimate: Estimate
    text: str = ""
    where: str | None = None
    rests_on: str = ""


@dataclass(frozen=True, kw_only=True)
class Looks:
    """How each kind of images looks in a theme."""

    tests: Mapping[Side, Look]
    training: Look

    def of(self, side: Side) -> Look:
        """How the images of a test look."""
        return self.tests[side]


def looks(palette: Palette, *, rise: float) -> Looks:
    """The three kinds.

    Args:
        palette: The colours of the current theme.
        rise: How far internal marks stand above their row and external ones below it, in rows.
    """
    tests = {
        side: Look(
            name=side.test,
            color=side.color(palette),
            fill=side.color(palette),
            symbol=side.symbol,
            dash="solid" if side is Side.INTERNAL else "dash",
            interval="solid",
            rise=rise if side is Side.INTERNAL else -rise,
        )
        for side in Side
    }
    training = replace(
        tests[Side.INTERNAL], name="training images", color=palette.training, fill=palette.ground, interval="dot"
    )
    return Looks(tests=tests, training=training)


def draw_marks(
    figure: go.Figure,
    marks: Sequence[Mark],
    look: Look,
    *,
    place: tuple[int, int] = (1, 1),
    size_px: int = 11,
    text_px: int = 13,
) -> None:
    """Draws numbers with their intervals; what is not a number is left out.

    Args:
        figure: Made with subplots.
        marks: At most one a row.
        look: How they look.
        place: Row and column of the subplot.
        size_px: Of a mark.
        text_px: Of the letters beside it.
    """
    shown = [mark for mark in marks if mark.estimate.is_number]
    for mark in shown:
        _draw_interval(figure, mark, look, place=place)
    figure.add_scatter(
        x=[100 * mark.estimate.value for mark in shown],
        y=[mark.y - look.rise for mark in shown],
        mode="markers+text",
        marker={"color": look.fill, "size": size_px, "symbol": look.symbol, "line": {"width": 2, "color": look.color}},
        text=[mark.text for mark in shown],
        textposition=[mark.where or ("bottom center" if look.rise < 0 else "top center") for mark in shown],
        textfont={"color": look.color, "size": text_px},
        hovertext=[_hover(mark, look) for mark in shown],
        hoverinfo="text",
        cliponaxis=False,
        row=place[0],
        col=place[1],
    )


def _hover(mark: Mark, look: Look) -> str:
    number = f"{amount(mark.estimate)} {bracket(mark.estimate)}".strip()
    return f"{look.name}: {number}, {mark.rests_on or counted(mark.estimate.n, 'image')}"


def _draw_interval(figure: go.Figure, mark: Mark, look: Look, *, place: tuple[int, int]) -> None:
    low, high = mark.estimate.low, mark.estimate.high
    if math.isnan(low) or math.isnan(high):
        return
    y = mark.y - look.rise
    figure.add_scatter(
        x=[100 * low, 100 * high],
        y=[y, y],
        mode="lines",
        line={"color": look.color, "width": 5 if mark.estimate.spread == "interval" else 2, "dash": look.interval},
        opacity=0.55,
        hoverinfo="skip",
        cliponaxis=False,
        row=place[0],
        col=place[1],
    )
