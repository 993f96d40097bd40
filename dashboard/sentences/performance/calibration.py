"""How far confidence lies from being right, and whether that is more than chance, in words."""

from collections.abc import Mapping

from dashboard.notation import NOT_ESTIMABLE, counted, counting, points
from dashboard.queries.performance.reliability import Reliability
from dashboard.results.side import Side


def calibration(side: Side, found: Reliability, *, absent: str) -> str:
    """The calibration error of a test, as it is written over its panel."""
    start = f"{side.mark} {side}"
    if found.n == 0:
        return f"{start}: {absent}"
    if not found.is_estimable:
        return f"{start}: {NOT_ESTIMABLE}, {counting(found.n, worth=found.n_effective)}"
    chance = f"by chance up to {points(found.by_chance)}"
    return f"{start}: calibration error <b>{points(found.error)} points</b> ({chance}), {counted(found.n, 'image')}"


def calibration_change(tests: Mapping[Side, Reliability]) -> str:
    """The calibration errors of both tests in a sentence."""
    told = [(side.where, found) for side, found in tests.items() if found.is_estimable]
    if not told:
        return f"Fewer than 30 images, as patients count, in either test: calibration is {NOT_ESTIMABLE}."
    off = [f"**{points(found.error)} points** {where}" for where, found in told if found.is_off]
    chance = [
        f"{where[0].upper()}{where[1:]} it is not clearly off: {points(found.error)} points, where a perfectly "
        f"calibrated model of as many patients shows up to {points(found.by_chance)}."
        for where, found in told
        if not found.is_off
    ]
    said = [f"Its confidence is off by {' and '.join(off)}: the expected calibration error."] if off else []
    return " ".join(said + chance)
