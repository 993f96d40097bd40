"""What a model says of findings on an image, in words."""

import math
from collections.abc import Sequence

from dashboard import words
from dashboard.image.data.findings import FindingSaid, FindingsAnswer
from dashboard.image.data.truth import Truth
from dashboard.image.text.answer import TRAINING_BADGE
from dashboard.notation import first_of
from dashboard.words import plain


def presence(said: FindingSaid, truth: Truth | None) -> bool | None:
    """Whether a finding is there under the policy that is shown; None where that is not known."""
    values = dict(zip(truth.classes, truth.present, strict=False)) if truth is not None else {}
    value = values.get(said.finding, math.nan)
    return None if math.isnan(value) else value == 1


def why(answer: FindingsAnswer, truth: Truth | None) -> str:
    """Which findings are above their thresholds, which are present, and what is unknown; of training, no test."""
    flagged = [said.finding for said in answer.findings if said.is_flagged]
    present = [said.finding for said in answer.findings if presence(said, truth)]
    unknown = [said.finding for said in answer.findings if presence(said, truth) is None]
    has_scores = any(not math.isnan(said.score) for said in answer.findings)
    above = "Above the threshold" if has_scores else "Flagged"
    parts = [f"{above}: {_named(flagged)}.", f"Present: {_named(present)}."]
    if unknown:
        parts.append(f":gray[Not known here: {_named(unknown)}.]")
    training = f"{TRAINING_BADGE} It was trained on this image, so this is no test. " if answer.role == "train" else ""
    return training + " ".join(parts)


def outcome(said: FindingSaid, truth: Truth | None) -> str:
    """What came of one finding: ``missed``; empty of what is absent and not flagged."""
    is_present = presence(said, truth)
    if said.is_flagged is None:
        return "present" if is_present else ""
    if is_present is None:
        return "not known here"
    if is_present:
        return "present, flagged" if said.is_flagged else "present, missed"
    return "false alarm" if said.is_flagged else ""


def _named(names: Sequence[str]) -> str:
    return words.listed(first_of([f"**{plain(name)}**" for name in names])) if names else "none"
