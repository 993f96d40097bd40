"""Raw labels of one image, as each reader or column gave them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.results.database import RunKey, ask
from dashboard.results.images import Key
from dashboard.results.runs import classes

Value = Literal["present", "absent", "uncertain", "not mentioned"]

_STORED: Mapping[Value, int | None] = {"present": 1, "absent": 0, "uncertain": -1, "not mentioned": None}
_SAID: Mapping[object, Value] = {stored: value for value, stored in _STORED.items()}

# What is said twice counts by what says most: present before uncertain, uncertain before absent.
_SQL = """
    SELECT finding, reader,
        CASE WHEN bool_or(value = 1) THEN 1 WHEN bool_or(value = -1) THEN -1 ELSE max(value) END AS value, class, grade
    FROM raw_label LEFT JOIN name_match USING (dataset, finding)
    WHERE dataset = $dataset AND image_id = $image
    GROUP BY finding, reader, class, grade
    ORDER BY class IS NULL, class, finding, length(reader), reader
"""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One finding of a dataset.

    Attributes:
        finding: As the dataset calls it.
        matched: The class that it is taken for; None for none.
        grade: How good that match is: ``exact``, ``close`` or ``weak``.
        by_reader: What each reader says.
    """

    finding: str
    matched: str | None
    grade: str | None
    by_reader: Mapping[str, Value]


def as_stored(value: Value) -> int | None:
    """What a reader says as `raw_label` has it."""
    return _STORED[value]


@st.cache_data(max_entries=128, show_spinner=False)
def readings(run: RunKey, *, key: Key) -> tuple[Reading, ...]:
    """The labels of an image, those of the classes first, in their order."""
    found: dict[tuple[str, int | None], Reading] = {}
    for finding, reader, value, index, grade in ask(run, _SQL, {"dataset": key[0], "image": key[1]}):
        place = (str(finding), None if index is None else int(index))
        known = found.get(place)
        found[place] = Reading(
            finding=place[0],
            matched=None if place[1] is None else classes(run)[place[1]],
            grade=None if grade is None else str(grade),
            by_reader={**(known.by_reader if known else {}), str(reader): _SAID[value]},
        )
    return tuple(found.values())
