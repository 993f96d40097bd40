"""The parts of a gap and the verdicts on a finding, in words."""

from collections.abc import Mapping

from dashboard import words
from dashboard.notation import NOT_ESTIMABLE, first_of, plural, told_of
from dashboard.results.verdicts import Verdict
from dashboard.results.waterfalls import LAST, OTHER_CLASSES, GapParts
from dashboard.words import listed, plain

SCALES = {"balanced_accuracy": "balanced accuracy", "accuracy": "accuracy"}

NOT_IDENTIFIABLE = "not identifiable"

_COUNTED = "the images in common count as "

_TERMS = {
    "class_mix": "class mix",
    "cause_not_won_back": "{cause}, not won back",
    "cause_won_back": "{cause}, won back by thresholds",
    "thresholds": "thresholds",
    LAST: "what remains",
    OTHER_CLASSES: "classes too rare to compare",
    "ranking": "ranking",
}


def cause(name: str | None) -> str:
    """``view``, ``sex``, or an attribute as the file has it; plain text."""
    return words.one_line(name or "")


def term(found: GapParts, name: str) -> str:
    """What a term of a waterfall is called, plain text: ``view and what remains`` where they are one."""
    if name == LAST and found.reason is not None:
        return f"{cause(found.cause)} and {_TERMS[LAST]}"
    return _TERMS.get(name, name.replace("_", " ")).format(cause=cause(found.cause))


def verdict(found: Verdict | None) -> str:
    """``ranking slightly lost, threshold kept``."""
    if found is None:
        return ""
    if found.ranking is None:
        return NOT_ESTIMABLE
    return f"ranking {found.ranking}, threshold {found.threshold}"


def why_not_identifiable(found: GapParts, *, noun: str) -> str:
    """Why the cause of a waterfall is not identifiable: ``not identifiable: not recorded``; empty where it is.

    Args:
        found: The waterfall.
        noun: What is counted.
    """
    if found.reason is None:
        return ""
    count = found.reason.removeprefix(_COUNTED)
    reason = (
        told_of(noun, found.reason)
        if count == found.reason
        else f"{plural(noun)} of a shared {cause(found.cause)} count as {count}"
    )
    return f"{NOT_IDENTIFIABLE}: {words.one_line(reason)}"


def verdicts_told(found: Mapping[str, Verdict], *, noun: str) -> str:
    """Which findings lost their ranking, or their threshold, a sentence in Markdown; empty without verdicts.

    Args:
        found: By finding.
        noun: What is counted.
    """
    known = {name: each for name, each in found.items() if each.ranking is not None}
    if not known:
        return f"No finding has enough {plural(noun)} in both tests for a verdict: {NOT_ESTIMABLE}." if found else ""
    groups = {
        "Ranking lost": [name for name, each in known.items() if each.ranking == "lost"],
        "ranking slightly lost": [name for name, each in known.items() if each.ranking == "slightly lost"],
        "threshold lost": [name for name, each in known.items() if each.threshold == "lost"],
    }
    said = [f"{label}: {_names(names)}" for label, names in groups.items() if names]
    if not said:
        return "Of no finding is ranking or threshold clearly lost."
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}."


def _names(names: list[str]) -> str:
    return listed(first_of([f"**{plain(name)}**" for name in names]))
