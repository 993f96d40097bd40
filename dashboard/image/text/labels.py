"""Labels of readers and classes under policies, of one image, in words."""

from collections.abc import Sequence

from dashboard import words
from dashboard.image.data.readings import Reading
from dashboard.image.data.truth import Truth
from dashboard.notation import in_words
from dashboard.words import plain

_NO_CLASS = {"several": "several findings", "uncertain": "an uncertain label"}


def no_single_class(truth: Truth | None) -> str:
    """Why an image has no class under a policy."""
    if truth is None:
        return "There is no label policy for this dataset."
    if truth.left_out is None:
        known = f": it says {listed(truth.found)}" if truth.found else ""
        return f"No single class under this policy, which tells of each finding alone{known}."
    reason = _no_class(truth)
    found = f": {listed(truth.found)}" if truth.found else ""
    return f"No single class under this policy ({plain(reason)}){found}."


def policy_class(truth: Truth) -> str:
    """What a policy makes of an image, short."""
    if truth.finding is not None:
        return f"**{plain(truth.finding)}**"
    if truth.left_out is None:
        return "no single class, findings alone" if truth.present else "not known"
    return f":gray[left out: {plain(_no_class(truth))}]"


def policy_name(truth: Truth, *, shown: Truth | None) -> str:
    """A policy, marked if it is the one that the page judges by."""
    return f"**{plain(words.policy(truth.policy))}**" if truth == shown else plain(words.policy(truth.policy))


def presence(truth: Truth) -> str:
    """Which of the classes a policy takes for present, and which it does not know."""
    found = listed(truth.found) if truth.found else f"none of the {in_words(len(truth.classes))}"
    unknown = f"; unknown: {listed(truth.unknown)}" if truth.unknown else ""
    return f"{found}{unknown}" if truth.present else "not recorded"


def labels_in_short(readings: Sequence[Reading], *, classes: Sequence[str]) -> str:
    """What the readers say of the classes, those that no one mentions last and unnamed."""
    told = [_in_short(reading) for reading in readings if reading.matched is not None]
    named = [text for text in told if text]
    rest = "the others absent or not mentioned" if named else f"None of the {in_words(len(classes))} is mentioned."
    return " · ".join([*named, rest]) if readings else "none recorded"


def _no_class(truth: Truth) -> str:
    if truth.left_out == "none":
        return f"none of the {in_words(len(truth.classes))} findings"
    return _NO_CLASS.get(truth.left_out or "", truth.left_out or "")


def _in_short(reading: Reading) -> str:
    values = list(reading.by_reader.values())
    present, uncertain = values.count("present"), values.count("uncertain")
    if not present and not uncertain:
        return ""
    if len(values) == 1:
        return f"{plain(reading.matched or '')} {values[0]}"
    parts = [f"{present} of {len(values)} readers"] if present else []
    return f"{plain(reading.matched or '')}: {', '.join([*parts, *([f'{uncertain} uncertain'] if uncertain else [])])}"


def finding_and_class(each: Reading) -> str:
    """A dataset's own finding, and the class that it is taken for."""
    if each.matched is None:
        return f":gray[{plain(each.finding)}]"
    other = each.matched.lower() != each.finding.lower()
    return f"**{plain(each.finding)}**" + (f" :gray[:small[for {plain(each.matched)}, {each.grade}]]" if other else "")


def said(reading: Reading, *, reader: str) -> str:
    """What one reader says of a finding."""
    value = reading.by_reader.get(reader, "not mentioned")
    return {"present": "**present**", "uncertain": "*uncertain*"}.get(value, f":gray[{value}]")


def is_mentioned(reading: Reading) -> bool:
    """Whether anyone takes a finding for present or is uncertain of it."""
    return any(value in {"present", "uncertain"} for value in reading.by_reader.values())


def listed(names: Sequence[str]) -> str:
    """``Cardiomegaly, Nodule/Mass and Consolidation``."""
    return words.listed([plain(name) for name in names])
