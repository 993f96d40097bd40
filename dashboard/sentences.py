"""The one sentence under a page's title, composed from what its queries found. Markdown; no number is made here."""

from dashboard.numbers import Estimate, bracket, percent, points
from dashboard.queries.overview.accuracies import Configuration
from dashboard.queries.overview.no_skill import NoSkill
from dashboard.queries.overview.tested import Tested
from dashboard.words import plain

_FEW_IMAGES = 100


def how_far(row: Configuration, *, abroad: NoSkill | None) -> str:
    """How far the model travels, and what its accuracy abroad is worth.

    Args:
        row: The configuration that the page is about.
        abroad: The no-skill lines of its external test; None if it has none.
    """
    if row.external is None:
        return f"{_at_home(row)} This run has no external test under this policy: score it with train.py evaluate."
    if not row.external.is_number:
        return f"{_at_home(row)} Abroad its accuracy is not estimable: only {row.external.n:,} images have a class."
    verdict = _verdict(row.external, abroad)
    if row.internal is None:
        return (
            f"Right on **{percent(row.external.value)}** abroad{_gray(row.external)}. {verdict} "
            "It was trained on all images at home, so there is no internal test and its loss is not estimable."
        )
    if not row.internal.is_number or row.lost is None or not row.lost.is_number:
        return (
            f"Right on **{percent(row.external.value)}** abroad{_gray(row.external)}. {verdict} "
            f"What it loses is not estimable: the internal test has only {row.internal.n:,} images."
        )
    return (
        f"Right on **{percent(row.internal.value)}** at home and **{percent(row.external.value)}** abroad: "
        f"{_loss(row.lost)}. {verdict}"
    )


def few_images(*, internal: Tested, external: Tested) -> str | None:
    """A caution where a test is small; None where neither is."""
    small = [
        f"{test.images:,} {where}"
        for test, where in ((internal, "at home"), (external, "abroad"))
        if 0 < test.images < _FEW_IMAGES
    ]
    if not small:
        return None
    return f"Only {' and '.join(small)}: these numbers show that the run works, not how good the model is."


def tested_on(test: Tested) -> str:
    """``29,842 images of 14,921 patients``, or ``641 images, patients not recorded``."""
    images = "1 image" if test.images == 1 else f"{test.images:,} images"
    if test.images == 0:
        return "none"
    if test.patients is None:
        return f"{images}, patients not recorded"
    patients = "1 patient" if test.patients == 1 else f"{test.patients:,} patients"
    unknown = f" ({test.without_patient:,} without a recorded patient)" if test.without_patient else ""
    return f"{images} of {patients}{unknown}"


def _at_home(row: Configuration) -> str:
    if row.internal is None:
        return "There is no internal test."
    if not row.internal.is_number:
        return f"At home its accuracy is not estimable: the internal test has only {row.internal.n:,} images."
    return f"Right on **{percent(row.internal.value)}** at home{_gray(row.internal)}."


def _loss(lost: Estimate) -> str:
    if lost.low <= 0 <= lost.high:
        return f"a difference of **{points(lost.value)} points**{_gray(lost)}, which may be chance"
    if lost.value < 0:
        return f"it gains **{points(-lost.value)} points**{_gray(lost)}"
    return f"it loses **{points(lost.value)} points**{_gray(lost)}"


def _verdict(external: Estimate, no_skill: NoSkill | None) -> str:
    if no_skill is None or no_skill.best_class is None:
        return ""
    constant = f"always answering “{plain(no_skill.best_class)}” there ({percent(no_skill.best_constant)})"
    if external.high < no_skill.best_constant:
        return f"That is **below** {constant}."
    if external.low > no_skill.best_constant:
        return f"That is above {constant}."
    return f"That is **not clearly above** {constant}."


def _gray(estimate: Estimate) -> str:
    text = bracket(estimate)
    return f" :gray[{plain(text)}]" if text else ""
