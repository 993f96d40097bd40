"""A gap in words: internal minus external, so that a loss is positive and a gain negative, as in tables and files."""

import math
from collections.abc import Collection
from dataclasses import replace

from cxr_core.statistics.intervals import Interval, smallest_seen
from dashboard.notation import NOT_ESTIMABLE, Estimate, Unit, amount, bare, bracket, difference
from dashboard.results.pairs import are_alike
from dashboard.results.side import Side
from dashboard.words import plain


def gap(lost: Estimate) -> str:
    """``a gap of **27.8 points** [21.2, 33.9]``, Markdown; says where it may be chance, and where it is a gain."""
    said = f"a gap of **{difference(lost)}**{gray(lost)}"
    if lost.low <= 0 <= lost.high:
        return f"{said}, which may be chance{f': {seen}' if (seen := could_have_seen(lost)) else ''}"
    return f"{said}, a gain" if lost.value < 0 else said


def could_have_seen(lost: Estimate) -> str:
    """``this n could have seen 6.0 points``; empty where 0 lies outside the interval, or it is a range of members.

    Args:
        lost: A gap.
    """
    if lost.spread == "range" or not lost.low <= 0 <= lost.high:
        return ""
    smallest = smallest_seen(Interval(low=lost.low, high=lost.high))
    return f"this n could have seen {difference(replace(lost, value=smallest))}"


def way(internal: Estimate, external: Estimate) -> str:
    """``79.5 → 51.7 %``, ``0.936 → 0.869``: from the internal to the external test, Markdown."""
    return f"{bare(internal.value, unit=internal.unit)} → {amount(external)}"


def told(
    label: str, internal: Estimate | None, external: Estimate | None, lost: Estimate | None, *, of: str = "classes"
) -> str:
    """``accuracy 79.5 → 51.7 %, a gap of **27.8 points** [21.2, 33.9]``, Markdown; else what is known of it.

    Args:
        label: What the number is of.
        internal: In the internal test; None if there is none.
        external: In the external test; None if there is none.
        lost: Internal minus external, of these two; None where they are not compared.
        of: What an average is over.
    """
    known = {
        side: estimate
        for side, estimate in ((Side.INTERNAL, internal), (Side.EXTERNAL, external))
        if estimate is not None and estimate.is_number
    }
    is_compared = len(known) == len(Side) and lost is not None and lost.is_number
    if is_compared and lost is not None and are_alike(internal, external, lost):
        return f"{label} {way(known[Side.INTERNAL], known[Side.EXTERNAL])}, {gap(lost)}"
    said = [f"**{amount(estimate)}**{gray(estimate)} {side.where}" for side, estimate in known.items()]
    rest = f"; over the {of} that both have, {gap(lost)}" if is_compared and lost is not None else ""
    return f"{label} {' and '.join(said) or NOT_ESTIMABLE}{rest}"


def missing(sides: Collection[Side]) -> str:
    """Which test is missing, so that there is no gap; nothing where both are there.

    Args:
        sides: The tests that hold images.
    """
    if Side.EXTERNAL not in sides:
        return f"{Side.EXTERNAL.missing}, so there is no gap."
    return "" if Side.INTERNAL in sides else f"{Side.INTERNAL.missing} of this model, so there is no gap."


def gray(estimate: Estimate) -> str:
    """The interval after a number, smaller in rank, Markdown; nothing where there is none."""
    text = bracket(estimate)
    return f" :gray[{plain(text)}]" if text else ""


def gap_title(unit: Unit) -> str:
    """What a column of gaps is headed by."""
    return "gap, points" if unit == "share" else "gap"


def is_lost(lost: Estimate | None) -> bool | None:
    """Whether a gap is clearly a loss: its interval lies above 0; None where it is not estimable, or has none."""
    if lost is None or not lost.is_number or math.isnan(lost.low):
        return None
    return lost.low > 0
