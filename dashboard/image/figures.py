"""The bars of an image's probabilities as an SVG."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from dashboard.components.probabilities import Bar, Mark
from dashboard.figures.printing import FAMILY
from dashboard.palette import Palette

_LETTER = 0.62
"""Of a letter of DejaVu Sans, its mean width by its height."""

_TEXT_PX = 11
_SMALL_PX = 9.5
_EDGE_PX = 10
_ROW_PX = 38
_BAR_PX = 13
_TICK_PX = 20
_AXIS_PX = 260
_NUMBER_PX = 60


def probabilities_drawing(bars: Sequence[Bar], *, palette: Palette) -> str:
    """A row a class on one axis from 0 to 100 %: a bar for the ensemble, a tick for each member.

    Args:
        bars: In class order.
        palette: Its colours.
    """
    names = max((_LETTER * _TEXT_PX * len(_named(bar)) for bar in bars), default=0.0) + 12
    left = _EDGE_PX + names
    width, bottom = left + _AXIS_PX + _NUMBER_PX + _EDGE_PX, _EDGE_PX + _ROW_PX * len(bars)
    parts = [
        *_axis(left=left, bottom=bottom, palette=palette),
        *(part for row, bar in enumerate(bars) for part in _row(bar, row=row, left=left, palette=palette)),
    ]
    height = bottom + _TEXT_PX + 2 * _EDGE_PX
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{FAMILY}">{"".join(parts)}</svg>'
    )


def _axis(*, left: float, bottom: float, palette: Palette) -> Iterator[str]:
    for percent in (0, 50, 100):
        x = left + _AXIS_PX * percent / 100
        yield f'<path d="M{x:.1f} {_EDGE_PX}V{bottom}" stroke="{palette.grid}" fill="none"/>'
        said = "100 %" if percent == 100 else str(percent)
        yield _text(said, x=x, y=bottom + _TEXT_PX + 4, anchor="middle", fill=palette.soft, size_px=_SMALL_PX)


def _row(bar: Bar, *, row: int, left: float, palette: Palette) -> Iterator[str]:
    middle = _EDGE_PX + _ROW_PX * (row + 0.5)
    colours: dict[Mark, str] = {
        "right": palette.right,
        "wrong": palette.wrong,
        "training": palette.training,
        "plain": palette.rule,
        "none": palette.rule,
    }
    yield _text(_named(bar), x=left - 8, y=middle + 4, anchor="end", fill=palette.text, size_px=_TEXT_PX)
    if not math.isnan(bar.probability):
        box = f'x="{left:.1f}" y="{middle - _BAR_PX / 2:.1f}" width="{_AXIS_PX * bar.probability:.1f}"'
        yield f'<rect {box} height="{_BAR_PX}" fill="{colours[bar.mark]}"/>'
    for share in bar.members:
        if not math.isnan(share):
            x = left + _AXIS_PX * share
            line = f"M{x:.1f} {middle - _TICK_PX / 2:.1f}v{_TICK_PX}"
            yield f'<path d="{line}" stroke="{palette.text}" stroke-width="1.5" fill="none"/>'
    if not math.isnan(bar.threshold):
        x = left + _AXIS_PX * bar.threshold
        line = f"M{x:.1f} {middle - _TICK_PX / 2 - 3:.1f}v{_TICK_PX + 6}"
        yield f'<path d="{line}" stroke="{palette.text}" stroke-width="1.5" stroke-dasharray="4 3" fill="none"/>'
    yield _text(
        bar.written,
        x=left + _AXIS_PX + _NUMBER_PX,
        y=middle + 4,
        anchor="end",
        fill=palette.text,
        size_px=_TEXT_PX,
    )


def _named(bar: Bar) -> str:
    return f"{bar.finding} ({bar.said})" if bar.said else bar.finding


def _text(text: str, *, x: float, y: float, anchor: str, fill: str, size_px: float) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size_px}"'
    return f'<text {place} fill="{fill}">{escape(text)}</text>'
