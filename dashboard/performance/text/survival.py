"""The answer: which class keeps its recall, and which is lost."""

from collections.abc import Sequence
from dataclasses import replace

from dashboard.notation import NOT_ESTIMABLE, Estimate, bracket, first_of, percent, points
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.configurations import few_images
from dashboard.words import plain

_LOST = 0.1
"""A class is called lost if it keeps less than this share of its recall."""


def answer(rows: Sequence[Pair]) -> str:
    """Which class keeps most of its recall and which loses most, of those with enough images at both sites.

    Args:
        rows: Recall of every class.
    """
    compared = sorted((row for row in rows if row.lost is not None and row.lost.is_number), key=_loss)
    if not compared:
        return _alone(rows)
    named = [compared[0]] if len(compared) == 1 else [compared[0], compared[-1]]
    said = "; ".join(_said(row) for row in named)
    others = [plain(row.name) for row in rows if row not in compared]
    rest = f" Too few images to tell: {', '.join(first_of(others))}." if others else ""
    return f"{said}.{rest}"


def caution(rows: Sequence[Pair]) -> str | None:
    """A caution where a test is small; None where neither is.

    Args:
        rows: A metric of every class of the task with a single class.
    """
    return few_images(
        {side: max((row.sides[side].estimate.n for row in rows if side in row.sides), default=0) for side in Side}
    )


def _alone(rows: Sequence[Pair]) -> str:
    if not any(row.internal for row in rows):
        why = f"{Side.INTERNAL.missing} of this model"
        return f"{why}, so what a finding keeps is {NOT_ESTIMABLE}.{_best_and_worst(rows, Side.EXTERNAL)}"
    if not any(row.external for row in rows):
        return (
            f"{Side.EXTERNAL.missing}, so nothing can be said about the journey.{_best_and_worst(rows, Side.INTERNAL)}"
        )
    return f"No class has enough images at both sites: what survives is {NOT_ESTIMABLE}."


def _best_and_worst(rows: Sequence[Pair], side: Side) -> str:
    scores = [(row.name, row.sides[side].estimate) for row in rows if side in row.sides]
    found = [(finding, estimate) for finding, estimate in scores if estimate.is_number]
    if len(found) < 2:
        return ""
    found.sort(key=lambda pair: -pair[1].value)
    if not found[0][1].low > found[-1][1].high:
        return ""
    best, worst = (f"**{plain(finding)}** ({percent(estimate.value)})" for finding, estimate in (found[0], found[-1]))
    return f" {side.where.capitalize()} it finds {best} most often, {worst} least often."


def _said(row: Pair) -> str:
    if row.internal is None or row.external is None or row.lost is None:
        return ""
    finding, lost = f"**{plain(row.name)}**", row.lost
    before, after = row.internal.estimate.value, row.external.estimate.value
    internal, external = points(before), points(after)
    if lost.low <= 0 <= lost.high:
        change = f"{internal} → {external} %, a difference of {points(abs(lost.value))} points{_gray(_turned(lost))}"
        return f"{finding} has no clear loss of recall: {change}, which may be chance"
    if lost.value < 0:
        gained = _turned(lost)
        return f"{finding} gains **{points(gained.value)} points** of recall{_gray(gained)}: {internal} → {external} %"
    if after < _LOST * before:
        return f"{finding} is lost: **{external}** of {internal} points of recall are left, {_less(lost)}"
    return f"{finding} keeps **{external}** of {internal} points of recall, {_less(lost)}"


def _less(lost: Estimate) -> str:
    return f"{points(lost.value)} less{_gray(lost)}"


def _turned(lost: Estimate) -> Estimate:
    if lost.value >= 0:
        return lost
    return replace(lost, value=-lost.value, low=-lost.high, high=-lost.low)


def _loss(row: Pair) -> float:
    return row.lost.value if row.lost is not None else float("inf")


def _gray(estimate: Estimate) -> str:
    text = bracket(estimate)
    return f" :gray[{plain(text)}]" if text else ""
