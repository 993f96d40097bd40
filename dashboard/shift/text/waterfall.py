"""The waterfall in words: what is 0 by definition, what is not identifiable, and what an eye does not see."""

from collections.abc import Mapping

from dashboard.notation import bracket, difference, percent, plural
from dashboard.results.side import Side
from dashboard.results.waterfalls import OF_CAUSE, OTHER_CLASSES, GapParts
from dashboard.text.causes import NOT_IDENTIFIABLE, SCALES, cause, term, why_not_identifiable
from dashboard.text.gaps import gray
from dashboard.words import plain

_ALIKE = "class mix, since this scale counts every class alike"


def footnote(found: GapParts, *, images: Mapping[Side, int], noun: str, intervals: str) -> str:
    """What stands below the picture, Markdown.

    Args:
        found: What is drawn.
        images: Of each test.
        noun: What is counted.
        intervals: What they are over.
    """
    n = ", ".join(f"{side} n = {count:,}" for side, count in images.items())
    said = [
        _zeros(found),
        _unknown(found, noun=noun),
        _other_order(found),
        _others(found),
        f"Points lost are positive; {plural(noun)}: {n}.",
        f"In brackets: 95 % intervals {intervals}.",
    ]
    return " ".join(filter(None, said))


def described(found: GapParts) -> str:
    """The picture in plain text, for those who do not see it."""
    levels = f"{SCALES[found.scale]}: internal {percent(found.levels['internal'].value)}"
    terms = [
        f"{term(found, name)} {difference(each)} {bracket(each)}".strip()
        for name, each in found.terms.items()
        if each.is_number and name not in found.zero
    ]
    unknown = [f"{cause(found.cause)} {NOT_IDENTIFIABLE}"] if found.reason is not None else []
    return f"{'; '.join([levels, *terms, *unknown])}; external {percent(found.levels['external'].value)}."


def _zeros(found: GapParts) -> str:
    said = []
    if "class_mix" in found.zero and found.scale == "balanced_accuracy":
        said.append(_ALIKE)
    if all(name in found.zero for name in OF_CAUSE):
        name = plain(cause(found.cause))
        said.append(f"{name}, since the internal test has every {name} of the external one")
    return f"0 by definition: {'; '.join(said)}." if said else ""


def _unknown(found: GapParts, *, noun: str) -> str:
    if found.reason is None:
        return ""
    name = plain(cause(found.cause))
    why = plain(why_not_identifiable(found, noun=noun))
    return f"{name[:1].upper()}{name[1:]} (hatched) is {why}; the last bar holds it."


def _other_order(found: GapParts) -> str:
    other = found.other_order
    if found.scale != "accuracy" or other is None or not other.is_number:
        return ""
    return f"Class mix in the other order, at the internal mix: {difference(other)}{gray(other)}."


def _others(found: GapParts) -> str:
    """What classes cost that one of the sites has too few images of: no bar is of them."""
    other = found.terms.get(OTHER_CLASSES)
    if other is None or OTHER_CLASSES in found.zero or not other.is_number:
        return ""
    return f"Classes too rare to compare are left out; with them the gap is {difference(found.gap)}{gray(found.gap)}."
