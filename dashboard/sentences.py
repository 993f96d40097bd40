"""Sentences and cells composed from what the queries found, in Markdown. No number is made here."""

import math
from collections.abc import Sequence

from dashboard.numbers import NOT_ESTIMABLE, Estimate, bracket, counted, percent, points
from dashboard.queries.overview.accuracies import Configuration
from dashboard.queries.overview.no_skill import NoSkill
from dashboard.queries.overview.paper import Reported
from dashboard.queries.overview.recalls import RecallLost
from dashboard.queries.overview.tested import Tested
from dashboard.words import plain

NO_SKILL_LINES = {
    "uniform": "each class as likely",
    "test_mix": "drawn as this test is mixed",
    "train_mix": "drawn as the training was mixed",
    "train_majority": "always the most frequent in training",
    "best_constant": "always the most frequent in this test",
}
"""From the lines of `NoSkill` to words."""

_FEW_IMAGES = 100


def configuration(row: Configuration) -> str:
    """``split, ensemble`` or ``split, single (mean of 3)``."""
    return f"{row.regime}, ensemble" if row.members is None else f"{row.regime}, single (mean of {row.members})"


def how_far(row: Configuration, *, abroad: NoSkill | None) -> str:
    """How far the model travels, and what its accuracy abroad is worth.

    Args:
        row: The configuration that the page is about.
        abroad: The no-skill lines of its external test; None if it has none.
    """
    if row.external is None:
        return f"{_alone('at home', row.internal)} This run has no external test, so nothing can be said about the way."
    verdict = _verdict(row.external, abroad)
    if row.internal is None:
        return f"{_alone('abroad', row.external)} {verdict} {_no_internal(row)}"
    if row.lost is None or not (row.lost.is_number and row.internal.is_number and row.external.is_number):
        return f"{_alone('at home', row.internal)} {_alone('abroad', row.external)} {verdict} What it loses is {NOT_ESTIMABLE}."
    return (
        f"Right on **{percent(row.internal.value)}** at home and **{percent(row.external.value)}** abroad: "
        f"{_loss(row.lost)}. {verdict}"
    )


def few_images(*, internal: Tested, external: Tested) -> str | None:
    """A caution where a test is small; None where neither is."""
    small = [
        f"{counted(test.images, 'image')} {where}"
        for test, where in ((internal, "at home"), (external, "abroad"))
        if 0 < test.images < _FEW_IMAGES
    ]
    if not small:
        return None
    return f"Only {' and '.join(small)}: enough to see that it runs, too few to say how good the model is."


def tested_on(test: Tested) -> str:
    """``29,842 images of 14,921 patients``, ``641 images, patients not recorded``, or ``none``."""
    if test.images == 0:
        return "none"
    images = counted(test.images, "image")
    if test.patients is None:
        return f"{images}, patients not recorded"
    unknown = f" ({test.without_patient:,} without a recorded patient)" if test.without_patient else ""
    return f"{images} of {counted(test.patients, 'patient')}{unknown}"


def resampled(*, internal: Tested, external: Tested) -> str:
    """What the brackets are, and of whom they were made."""
    unknown = [
        where for test, where in ((internal, "at home"), (external, "abroad")) if test.images and test.patients is None
    ]
    images = f" ({' and '.join(unknown)} images, since patients are not recorded)" if unknown else ""
    return f"In brackets: 95 % intervals, patients resampled{images}; for single members, the lowest to the highest."


def training_cell(estimate: Estimate | None) -> str:
    """An accuracy on training images for a table: gray, since it is no test."""
    if estimate is None:
        return _small("not measured")
    return f":gray[{percent(estimate.value)}]" if estimate.is_number else _small(NOT_ESTIMABLE)


def share_cell(estimate: Estimate | None, *, absent: str) -> str:
    """A share for a table, its bracket smaller and gray; where it is no number, why, in small gray words."""
    if estimate is None:
        return _small(absent)
    if not estimate.is_number:
        return _small(f"{NOT_ESTIMABLE}: {counted(estimate.n, 'image')}")
    return f"**{percent(estimate.value)}** {_small(bracket(estimate))}".strip()


def lost_cell(lost: Estimate | None) -> str:
    """Points lost for a table."""
    if lost is None or not lost.is_number:
        return _small(NOT_ESTIMABLE)
    return f"**{points(lost.value)}** {_small(bracket(lost))}".strip()


def no_skill_cells(lines: NoSkill | None) -> list[str]:
    """The five lines of a test for a table."""
    if lines is None:
        return [_small("no test")] * len(NO_SKILL_LINES)
    shares = (lines.uniform, lines.test_mix, lines.train_mix, lines.train_majority, lines.best_constant)
    return [_small("not recorded") if math.isnan(share) else percent(share) for share in shares]


def paper_home(reported: Reported) -> str:
    """The paper's accuracy at home, marked where it is one on training images."""
    return f"{percent(reported.home)} {_small('training') if reported.home_is_training else ''}".strip()


def paper_abroad(reported: Reported) -> str:
    """The paper's accuracy abroad."""
    return _small("not given") if reported.abroad is None else percent(reported.abroad)


def recall_change(row: RecallLost) -> str:
    """``recall 56.0 → 10.0 %``."""
    return f"recall {points(row.home)} → {percent(row.abroad)}"


def too_few(rows: Sequence[RecallLost]) -> str:
    """Which classes have too few positives, and how many."""
    return "; ".join(
        f"{plain(row.finding)} ({row.positives_home:,} at home, {row.positives_abroad:,} abroad)" for row in rows
    )


def described(rows: Sequence[Configuration]) -> str:
    """The picture of the configurations for those who do not see it; plain text."""
    said = []
    for row in rows:
        parts = {
            "training images": row.training if row.internal is None else None,
            "internal test": row.internal,
            "external test": row.external,
        }
        numbers = ", ".join(
            f"{name} {percent(part.value) if part.is_number else NOT_ESTIMABLE}" for name, part in parts.items() if part
        )
        said.append(f"{configuration(row)}: {numbers}")
    return f"Accuracy at home and abroad. {'; '.join(said)}."


def _alone(where: str, estimate: Estimate | None) -> str:
    if estimate is None:
        return f"There is no test {where}."
    if not estimate.is_number:
        return f"Its accuracy {where} is {NOT_ESTIMABLE}: {counted(estimate.n, 'image')} with a single class."
    return f"Right on **{percent(estimate.value)}** {where}{_gray(estimate)}."


def _no_internal(row: Configuration) -> str:
    if row.regime == "full":
        return f"It was trained on all images at home: there is no internal test, and what it loses is {NOT_ESTIMABLE}."
    return f"There is no internal test under this policy: what it loses is {NOT_ESTIMABLE}."


def _loss(lost: Estimate) -> str:
    if lost.low <= 0 <= lost.high:
        return f"a difference of **{points(lost.value)} points**{_gray(lost)}, which may be chance"
    if lost.value < 0:
        return (
            f"it gains **{points(-lost.value)} points** :gray[{plain(f'[{points(-lost.high)}, {points(-lost.low)}]')}]"
        )
    return f"it loses **{points(lost.value)} points**{_gray(lost)}"


def _verdict(external: Estimate, no_skill: NoSkill | None) -> str:
    if no_skill is None or no_skill.best_class is None or not external.is_number:
        return ""
    constant = f"always answering “{plain(no_skill.best_class)}” there ({percent(no_skill.best_constant)})"
    if external.high < no_skill.best_constant:
        return f"That is **below** {constant}."
    if external.low > no_skill.best_constant:
        return f"That is above {constant}."
    return f"That is **not clearly different** from {constant}."


def _gray(estimate: Estimate) -> str:
    text = bracket(estimate)
    return f" :gray[{plain(text)}]" if text else ""


def _small(text: str) -> str:
    return f":gray[:small[{plain(text)}]]" if text else ""
