"""The largest cause of a gap, in words."""

from dashboard.notation import bracket, difference
from dashboard.results.waterfalls import GapParts
from dashboard.text.causes import SCALES, term

NOTHING = "nothing is named"


def largest(found: GapParts) -> str:
    """The largest of the terms that are named, plain text; that none is."""
    return term(found, found.named[0]) if found.named else NOTHING


def told(found: GapParts) -> list[str]:
    """What it takes of the gap, and what comes next, plain text, a line each."""
    whole = f"{difference(found.gap)} of {SCALES.get(found.scale, found.scale)}"
    if not found.named:
        return [f"of {whole}: no part of 2 points or more is clear"]
    first, *others = (f"{difference(found.terms[name])} {bracket(found.terms[name])}" for name in found.named)
    said = [f"{first}, of {whole}"]
    if others:
        said.append(f"next: {term(found, found.named[1])}, {others[0]}")
    return said
