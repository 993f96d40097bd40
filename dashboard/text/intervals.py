"""What intervals are over in words: patients, or what is counted where it is not recorded of whom an image is."""

from collections.abc import Mapping

from dashboard.notation import plural
from dashboard.results.comparison import PATIENT
from dashboard.results.side import Side


def over(resampled: Mapping[Side, str]) -> str:
    """``over patients``, ``over studies``, or ``over patients (over images in the external test)``.

    Args:
        resampled: Of each test that there is, what its intervals are over: ``patient``, or what it is counted in.
    """
    nouns = dict.fromkeys(resampled.values())
    if len(nouns) == 1:
        return f"over {plural(next(iter(nouns)))}"
    others = [f"over {plural(noun)} in the {side.test}" for side, noun in resampled.items() if noun != PATIENT]
    if PATIENT not in nouns:
        return " and ".join(others)
    return f"over {plural(PATIENT)}{f' ({others[0]})' if others else ''}"


def as_counted(*, has_patients: bool) -> str:
    """``, as patients count``: how images are counted where their patients are recorded; nothing where they are not."""
    return f", as {plural(PATIENT)} count" if has_patients else ""
