"""Calibration in words: how far confidence lies from being right, or scores from the frequency of a finding."""

from collections.abc import Mapping

from dashboard.notation import NOT_ESTIMABLE, counted, counting, percent, points
from dashboard.performance.data.calibration import Reliability
from dashboard.results.side import Side
from dashboard.text.gaps import missing
from dashboard.text.intervals import as_counted
from dashboard.words import plain

SPACINGS = {"width": "bins of equal width", "count": "bins of equal count"}
"""How images are put into bins, as it is offered."""


def calibration(side: Side, reliability: Reliability, *, absent: str, noun: str = "image") -> str:
    """The calibration error of a test, as it is written over its panel.

    Args:
        side: Which test.
        reliability: Of it.
        absent: What to say where it has no images.
        noun: What it is counted in.
    """
    start = f"{side.mark} {side}"
    if reliability.n == 0:
        return f"{start}: {absent}"
    if not reliability.is_estimable:
        return f"{start}: {NOT_ESTIMABLE}, {counting(reliability.n, worth=reliability.n_effective, noun=noun)}"
    chance = f"by chance up to {points(reliability.by_chance)}"
    return (
        f"{start}: calibration error <b>{points(reliability.error)} points</b> ({chance}), "
        f"{counted(reliability.n, noun)}"
    )


def calibration_change(tests: Mapping[Side, Reliability], *, is_alone: bool = False, has_patients: bool = True) -> str:
    """The calibration errors of both tests in a sentence.

    Args:
        tests: Of each test that there is.
        is_alone: Whether the run has one test alone, so that nothing is said of another.
        has_patients: Whether it is recorded of whom images are.
    """
    told = [(side.where, reliability) for side, reliability in tests.items() if reliability.is_estimable]
    if not told:
        worth = as_counted(has_patients=has_patients)
        return f"Fewer than 30 images{worth}, in either test: calibration is {NOT_ESTIMABLE}."
    off = [
        f"**{points(reliability.error)} points** {where} ({counted(reliability.n, 'image')})"
        for where, reliability in told
        if reliability.is_off
    ]
    alike = "patients" if has_patients else "images"
    chance = [
        f"{where[0].upper()}{where[1:]} ({counted(reliability.n, 'image')}) it is not clearly off: "
        f"{points(reliability.error)} points, where a perfectly "
        f"calibrated model of as many {alike} shows up to {points(reliability.by_chance)}."
        for where, reliability in told
        if not reliability.is_off
    ]
    said = [f"Its confidence is off by {' and '.join(off)}: the expected calibration error."] if off else []
    without = "" if is_alone else missing({side for side, reliability in tests.items() if reliability.n})
    return " ".join(filter(None, (without, *said, *chance)))


def finding_calibration(finding: str, tests: Mapping[Side, Reliability]) -> str:
    """How far the scores of a finding lie from how often it is there, in each test with images, Markdown."""
    said = [
        f"{side.where} **{points(found.error)} points** off, {_weight(found)}"
        for side, found in tests.items()
        if found.is_estimable
    ]
    if not said:
        return f"**{plain(finding)}**: known of too few, so that its calibration is {NOT_ESTIMABLE}."
    return f"Scores of **{plain(finding)}** are {'; '.join(said)}."


def _weight(found: Reliability) -> str:
    """Whether an error is more than chance; and if so, on which side the scores lie on average."""
    if not found.is_off:
        return "no more than chance"
    return f"with a mean score of {percent(found.mean)} where {percent(found.share)} have it"
