"""The class mix without labels, in words."""

from collections.abc import Sequence

from dashboard.notation import first_of, percent, plural
from dashboard.shift.data.class_mix import EstimatedShare
from dashboard.words import listed, plain

_DIFFER = "The {} differ, not only their mix"


def answer(found: Sequence[EstimatedShare], *, is_whole: bool, noun: str) -> str:
    """Whether the estimate may be read, Markdown.

    Args:
        found: Every class; at least one.
        is_whole: Whether the shares are of one mix; else each finding is estimated for itself.
        noun: What is counted.
    """
    if is_whole or len(found) == 1:
        far = f"{found[0].distance:.1f} times as far apart as chance allows"
        if not found[0].may_be_read:
            return f"{_DIFFER.format(plural(noun))}: the scores of the two sites are {far}, so no estimate is shown."
        return "The sites may differ in their mix alone, so it can be estimated from the scores."
    refused = [each.finding for each in found if not each.may_be_read]
    if not refused:
        return "The sites may differ in their mix alone, so each share can be estimated from the scores."
    names = listed(first_of([plain(name) for name in refused]))
    return f"{_DIFFER.format(plural(noun))}, so no estimate is shown: {names}."


def described(found: Sequence[EstimatedShare]) -> str:
    """The picture in plain text, for those who do not see it."""
    said = [
        f"{each.finding}: internal {percent(each.internal)}, external {percent(each.external)}, estimated "
        f"{percent(each.estimated)}"
        for each in found
    ]
    return f"{'; '.join(said)}."
