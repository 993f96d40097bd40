"""Several runs, or several sites, side by side, in words."""

import re
from collections.abc import Sequence

from cxr_core.store.runs import FoundRun
from dashboard import words
from dashboard.results.comparison import Comparison
from dashboard.results.side import Side

_SETTINGS = {
    "findings": "classes",
    "size_px": "image size in pixels",
    "cap": "most training images of a class",
    "select": "weights kept",
}


def offered(run: FoundRun) -> str:
    """A run to compare with, in plain text: its name, what it was and when, since two can be of one day."""
    preset = f"{run.preset}, " if run.preset is not None and not is_unnamed(run) else ""
    return f"{run.name}, {preset}{run.created_at:%-d %b %Y, %H:%M}"


def is_unnamed(run: FoundRun) -> bool:
    """Whether a run is called by its preset and a fingerprint, since nobody gave it a name."""
    return run.preset is not None and re.fullmatch(rf"{re.escape(run.preset)}-[0-9a-f]{{8}}", run.name) is not None


def compared_at(comparison: Comparison) -> str:
    """Two sites and their policies, in plain text: ``VinBigData, most-marked class, to CheXpert train, any reader``."""
    named = [f"{test.site}, {words.policy(test.policy)}" for test in comparison.tests.values()]
    return ", to ".join(named) if len(named) == len(Side) else f"{named[0]}, no {Side.EXTERNAL.test}"


def left_out(*, unreadable: Sequence[str], untested: Sequence[str], too_many: Sequence[str]) -> str | None:
    """Which of the runs that the address names are not shown, and why, in plain text; None if all are.

    Args:
        unreadable: Not complete, damaged, or not there.
        untested: Without a tested model, or without what is compared.
        too_many: More than can be shown at once.
    """
    why = {
        "not here, not complete, or cannot be read": unreadable,
        "without a tested model, or without the numbers that are compared": untested,
        "more than four": too_many,
    }
    said = [f"{', '.join(f'“{name}”' for name in names)} ({reason})" for reason, names in why.items() if names]
    return f"Left out of the comparison: {'; '.join(said)}." if said else None


def setting(name: str) -> str:
    """What a setting is called: ``learning rate``, plain text."""
    return _SETTINGS.get(name, name.replace("_", " "))


def setting_value(value: object) -> str:
    """A setting's value, plain text."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(setting_value, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
