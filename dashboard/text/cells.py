"""Cells of tables, in Markdown: a number, its bracket smaller and gray; where it is no number, why."""

import math

from dashboard.notation import NOT_ESTIMABLE, Estimate, bracket, percent, points, resting_on
from dashboard.results.baselines import LINES, Baselines
from dashboard.words import plain


def training(estimate: Estimate | None) -> str:
    """An accuracy on training images: gray, since it is no test."""
    if estimate is None:
        return small("not measured")
    return f":gray[{percent(estimate.value)}]" if estimate.is_number else small(NOT_ESTIMABLE)


def share(estimate: Estimate | None, *, absent: str) -> str:
    """A share of a test.

    Args:
        estimate: The share.
        absent: What to say where there is no such test.
    """
    if estimate is None:
        return small(absent)
    if not estimate.is_number:
        return small(f"{NOT_ESTIMABLE}: {resting_on(estimate)}")
    return f"**{percent(estimate.value)}** {small(bracket(estimate))}".strip()


def lost(estimate: Estimate | None) -> str:
    """Points lost."""
    if estimate is None or not estimate.is_number:
        return small(NOT_ESTIMABLE)
    return f"**{points(estimate.value)}** {small(bracket(estimate))}".strip()


def baselines(lines: Baselines | None) -> list[str]:
    """The lines of a test, in the order of `LINES`."""
    if lines is None:
        return [small("no test")] * len(LINES)
    if not lines.estimable:
        return [small(NOT_ESTIMABLE)] * len(LINES)
    shares = [lines.lines.get(name, math.nan) for name in LINES]
    return [small("not recorded") if math.isnan(each) else percent(each) for each in shares]


def small(text: str) -> str:
    """Plain text in small gray letters; nothing for no text."""
    return f":gray[:small[{plain(text)}]]" if text else ""
