"""An image and its answer, in words."""

import math
from collections.abc import Mapping

from dashboard import words
from dashboard.notation import probability
from dashboard.results.case_filter import Outcome
from dashboard.results.class_cases import Case
from dashboard.results.finding_cases import FindingCase

OUTCOMES: Mapping[Outcome, str] = {
    "true_positive": "true positive",
    "missed": "missed",
    "false_alarm": "false alarm",
    "true_negative": "true negative",
}
"""What came of a finding on an image."""


def sure(confidence: float) -> str:
    """``91 %``; ``> 99 %`` and ``< 1 %`` where that would round to certainty; of NaN that there is none."""
    if math.isnan(confidence):
        return "no probability"
    text = f"{100 * confidence:.0f}"
    return {"100": ">\u00a099", "0": "<\u00a01"}.get(text, text) + "\u00a0%"


def described(case: Case) -> str:
    """An image and its answer, in plain text."""
    if case.is_right:
        said = f"{case.true} recognized with {probability(case.confidence)}"
    else:
        gave = f"the true class got {probability(case.of_true)}"
        said = f"{case.true} taken for {case.predicted} with {probability(case.confidence)}; {gave}"
    return _with(said, case)


def finding_described(case: FindingCase) -> str:
    """An image and what is said of a finding, in plain text."""
    score = "" if math.isnan(case.score) else f", score {probability(case.score)}"
    members = f", {said}" if (said := agreeing(case)) else ""
    return _with(f"{case.finding}: {OUTCOMES[case.outcome]}{score}{members}", case)


def scored(case: FindingCase) -> str:
    """The first words under an image: its score, or the flag where there is none."""
    if not math.isnan(case.score):
        return sure(case.score)
    return "flagged" if case.is_flagged else "not flagged"


def agreeing(case: FindingCase) -> str:
    """``2 of 3 members flag it``; empty where there are no members that could differ."""
    if case.members < 2:
        return ""
    return f"{case.members_flagging} of {case.members} members flag it"


def _with(said: str, case: Case | FindingCase) -> str:
    known = (
        "" if case.view is None else words.view(case.view),
        "" if case.sex is None else words.sex(case.sex),
        "" if case.age_years is None else words.age(case.age_years),
    )
    about = ", ".join(filter(None, known))
    return f"{said} ({about})" if about else said
