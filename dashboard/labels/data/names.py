"""By which name each site calls the classes, and how well that name means the class."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.results.database import RunKey, Value, ask, number
from dashboard.results.runs import classes

_MATCHES = """
    SELECT class, finding, grade, reason FROM name_match WHERE dataset = $dataset
    ORDER BY class, grade = 'weak', grade = 'close', finding
"""


@dataclass(frozen=True, kw_only=True)
class Match:
    """A site's name for a class.

    Attributes:
        finding: The class.
        name: What the site calls it.
        grade: ``exact``, ``close`` or ``weak``.
        reason: Why, as the run wrote it.
    """

    finding: str
    name: str
    grade: str
    reason: str


@st.cache_data(max_entries=64, show_spinner=False)
def names(run: RunKey, dataset: str) -> tuple[tuple[Match, ...], ...]:
    """The names that a dataset has for each class, in their order; none where it knows no such finding."""
    rows = ask(run, _MATCHES, {"dataset": dataset})
    return tuple(
        tuple(_match(finding, row) for row in rows if number(row[0]) == index)
        for index, finding in enumerate(classes(run))
    )


def _match(finding: str, row: Sequence[Value]) -> Match:
    _, name, grade, reason = map(str, row)
    return Match(finding=finding, name=name, grade=grade, reason=reason)
