"""Cells of tables, in Markdown: a number, its bracket smaller and gray; where it is no number, why."""

import math

from dashboard.notation import NOT_ESTIMABLE, Estimate, amount, bare, bracket, percent, resting_on
from dashboard.results.baselines import LINES, Baselines
from dashboard.words import plain


def training(estimate: Estimate | None) -> str:
    """An accuracy on training images: gray, since it is no test."""
    if estimate is None:
        return small("not measured")
    return f":gray[{percent(estimate.value)}]" if estimate.is_number else small(NOT_ESTIMABLE)


def share(estimate: Estimate | None, *, absent: str, is_bold: bool = True) -> str:
    """A share, or a score, of a test.

    Args:
        estimate: The number.
        absent: What to say where there is no such test.
        is_bold: Whether it stands out.
    """
    if estimate is None:
        return small(absent)
    if not estimate.is_number:
        return small(f"{NOT_ESTIMABLE}: {resting_on(estimate)}")
    return _written(amount(estimate), estimate, is_bold=is_bold)


def gap(estimate: Estimate | None, *, absent: str = NOT_ESTIMABLE, is_bold: bool = True) -> str:
    """Internal minus external, in points or as a decimal.

    Args:
        estimate: The gap.
        absent: What to say where there is none.
        is_bold: Whether it stands out.
    """
    if estimate is None:
        return small(absent)
    if not estimate.is_number:
        return small(NOT_ESTIMABLE)
    return _written(bare(estimate.value, unit=estimate.unit), estimate, is_bold=is_bold)


def baselines(lines: Baselines | None) -> list[str]:
    """The lines of a test, in the order of `LINES`."""
    if lines is None:
        return [small("no test")] * len(LINES)
    if not lines.estimable:
        return [small(NOT_ESTIMABLE)] * len(LINES)
    shares = [lines.lines.get(name, math.nan) for name in LINES]
    return [small("not recorded") if math.isnan(each) else percent(each) for each in shares]


def _written(number: str, estimate: Estimate, *, is_bold: bool) -> str:
    return f"{f'**{number}**' if is_bold else number} {small(bracket(estimate))}".strip()


def small(text: str) -> str:
    """Plain text in small gray letters; nothing for no text."""
    return f":gray[:small[{plain(text)}]]" if text else ""
