"""What the names of a table of predictions mean: findings that were asked for, or those of the vocabulary."""

from collections.abc import Sequence

from cxr_core import findings
from cxr_core.attributes import identifying
from cxr_core.brought.records import FindingMatch
from cxr_core.datasets.table import column_names

_LONGEST = 40


def meant(own: str, *, asked: Sequence[str] | None) -> FindingMatch | None:
    """The finding that a name means; None if it is none of those.

    Args:
        own: The table's name.
        asked: The findings that were asked for, None for the whole vocabulary.
    """
    known = findings.canonical(own)
    candidates = asked if asked is not None else [known] if known else []
    finding = next((each for each in candidates if findings.same(own, each)), None)
    if finding is None:
        return None
    if findings.spelling(own) == findings.spelling(finding):
        return FindingMatch(own=own, finding=finding, grade="exact", reason="It has the finding's own name.")
    return FindingMatch(own=own, finding=finding, grade="close", reason="It is another name of the finding.")


def under_its_own(name: str) -> FindingMatch | None:
    """A finding that nobody knows, under the name of its column; None if the name may be that of something else."""
    words = " ".join(name.split())
    is_number = words.replace(".", "", 1).isdigit()
    if is_number or len(words) > _LONGEST or identifying(words) or column_names.held(words) is not None:
        return None
    finding = words[:1].upper() + words[1:]
    return FindingMatch(
        own=name, finding=finding, grade="exact", reason="The vocabulary does not know it: it keeps its own name."
    )
