"""The answer: which class keeps its recall, and which is lost."""

from collections.abc import Sequence
from dataclasses import replace

from dashboard.notation import NOT_ESTIMABLE, Estimate, bracket, first_of, percent, points
from dashboard.queries.overview.sample import Sample
from dashboard.queries.performance.classes import ClassRow, Score
from dashboard.sentences.overview import few_images
from dashboard.words import plain

_LOST = 0.1
"""A class is called lost if it keeps less than this share of its recall."""


def answer(rows: Sequence[ClassRow]) -> str:
    """Which class keeps most of its recall and which loses most, of those with enough images at both sites.

    Args:
        rows: Recall of every class.
    """
    compared = sorted((row for row in rows if row.lost is not None and row.lost.is_number), key=_loss)
    if not compared:
        return _alone(rows)
    named = [compared[0]] if len(compared) == 1 else [compared[0], compared[-1]]
    said = "; ".join(_said(row) for row in named)
    others = [plain(row.finding) for row in rows if row not in compared]
    rest = f" Too few images to tell: {', '.join(first_of(others))}." if others else ""
    return f"{said}.{rest}"


def caution(rows: Sequence[ClassRow]) -> str | None:
    """A caution where a test is small; None where neither is.

    Args:
        rows: A metric of every class of the task with a single class.
    """
    return few_images(internal=_images([row.home for row in rows]), external=_images([row.abroad for row in rows]))


def _images(scores: Sequence[Score | None]) -> Sample:
    return Sample(
        images=max((score.estimate.n for score in scores if score is not None), default=0),
        patients=None,
        without_patient=0,
    )


def _alone(rows: Sequence[ClassRow]) -> str:
    if not any(row.home for row in rows):
        why = "There is no internal test of this model"
        return f"{why}, so what a finding keeps is {NOT_ESTIMABLE}.{_best_and_worst(rows, abroad=True)}"
    if not any(row.abroad for row in rows):
        why = "There is no external test"
        return f"{why}, so nothing can be said about the journey.{_best_and_worst(rows, abroad=False)}"
    return f"No class has enough images at both sites: what survives is {NOT_ESTIMABLE}."


def _best_and_worst(rows: Sequence[ClassRow], *, abroad: bool) -> str:
    pairs = [(row.finding, row.abroad if abroad else row.home) for row in rows]
    found = [(finding, score.estimate) for finding, score in pairs if score is not None and score.estimate.is_number]
    if len(found) < 2:
        return ""
    found.sort(key=lambda pair: -pair[1].value)
    if not found[0][1].low > found[-1][1].high:
        return ""
    best, worst = (f"**{plain(finding)}** ({percent(estimate.value)})" for finding, estimate in (found[0], found[-1]))
    return f" {'Abroad' if abroad else 'At home'} it finds {best} most often, {worst} least often."


def _said(row: ClassRow) -> str:
    if row.home is None or row.abroad is None or row.lost is None:
        return ""
    finding, lost = f"**{plain(row.finding)}**", row.lost
    home, abroad = points(row.home.estimate.value), points(row.abroad.estimate.value)
    if lost.low <= 0 <= lost.high:
        change = f"{home} → {abroad} %, a difference of {points(abs(lost.value))} points{_gray(_turned(lost))}"
        return f"{finding} has no clear loss of recall: {change}, which may be chance"
    if lost.value < 0:
        gained = _turned(lost)
        return f"{finding} gains **{points(gained.value)} points** of recall{_gray(gained)}: {home} → {abroad} %"
    if row.abroad.estimate.value < _LOST * row.home.estimate.value:
        return f"{finding} is lost: **{abroad}** of {home} points of recall are left, {_less(lost)}"
    return f"{finding} keeps **{abroad}** of {home} points of recall, {_less(lost)}"


def _less(lost: Estimate) -> str:
    return f"{points(lost.value)} less{_gray(lost)}"


def _turned(lost: Estimate) -> Estimate:
    if lost.value >= 0:
        return lost
    return replace(lost, value=-lost.value, low=-lost.high, high=-lost.low)


def _loss(row: ClassRow) -> float:
    return row.lost.value if row.lost is not None else float("inf")


def _gray(estimate: Estimate) -> str:
    text = bracket(estimate)
    return f" :gray[{plain(text)}]" if text else ""
