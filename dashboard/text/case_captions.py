"""An image and its answer, in words."""

import math

from dashboard import words
from dashboard.notation import probability
from dashboard.results.case_list import Case


def sure(confidence: float) -> str:
    """``91 %``; ``> 99 %`` and ``< 1 %`` where that would round to certainty; of NaN that there is none."""
    if math.isnan(confidence):
        return "no probability"
    text = f"{100 * confidence:.0f}"
    return {"100": ">\u00a099", "0": "<\u00a01"}.get(text, text) + "\u00a0%"


def described(case: Case) -> str:
    """An image and its answer, in plain text."""
    known = (
        "" if case.view is None else words.view(case.view),
        "" if case.sex is None else words.sex(case.sex),
        "" if case.age_years is None else words.age(case.age_years),
    )
    about = ", ".join(filter(None, known))
    if case.is_right:
        said = f"{case.true} recognized with {probability(case.confidence)}"
    else:
        gave = f"the true class got {probability(case.of_true)}"
        said = f"{case.true} taken for {case.predicted} with {probability(case.confidence)}; {gave}"
    return f"{said} ({about})" if about else said
