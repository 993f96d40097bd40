"""The list of cases that a filter makes: how many it holds, and who stands next to whom."""

from dataclasses import dataclass, replace

import streamlit as st

from dashboard.results.case_filter import CaseFilter
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number
from dashboard.results.images import Key
from dashboard.results.judged import listed
from dashboard.results.runs import classes

PER_PAGE = 40
"""Cases that a page shows at once."""


@dataclass(frozen=True, kw_only=True)
class CaseCounts:
    """How much a filter holds.

    Attributes:
        cases: Images that pass.
        wrong: Of those, the ones that the model got wrong.
        test: Images of the test that have a single answer.
    """

    cases: int
    wrong: int
    test: int


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """Where an image stands in its list.

    Attributes:
        position: From 1.
        total: Length of the list.
        previous: The image before it; None for the first.
        next: The image after it; None for the last.
    """

    position: int
    total: int
    previous: Key | None
    next: Key | None


@st.cache_data(max_entries=128, show_spinner=False)
def case_counts(run: RunKey, test: TestSet, wanted: CaseFilter) -> CaseCounts:
    """How many images pass a filter; its order changes none of it."""
    wanted = replace(wanted, sort="confidently_wrong")
    condition, parameters = wanted.condition(classes=classes(run))
    sql = f"""
        WITH {listed(run, wanted)}
        SELECT count(*) FILTER ({condition}), count(*) FILTER (NOT right_answer AND {condition}), count(*) FROM listed
    """  # noqa: S608 (the filter's own words; its values are parameters)
    cases, wrong, total = ask(run, sql, {**test.parameters(), **parameters})[0]
    return CaseCounts(cases=int(number(cases)), wrong=int(number(wrong)), test=int(number(total)))


@st.cache_data(max_entries=256, show_spinner=False)
def neighbours(run: RunKey, test: TestSet, wanted: CaseFilter, *, image: str) -> Neighbours | None:
    """Where an image stands in a list; None if it is not in it."""
    condition, parameters = wanted.condition(classes=classes(run))
    first, second = wanted.order()
    sql = f"""
        WITH {listed(run, wanted)},
        sorted AS (SELECT {{'a': {first}, 'b': {second}, 'c': image_id}} AS place FROM listed WHERE {condition}),
        here AS (SELECT place AS this FROM sorted WHERE place.c = $image)
        SELECT count(*) FILTER (place <= this), count(*),
            (max(place) FILTER (place < this)).c, (min(place) FILTER (place > this)).c
        FROM sorted, here HAVING count(*) > 0
    """  # noqa: S608 (the filter's own words; its values are parameters)
    rows = ask(run, sql, {**test.parameters(), **parameters, "image": image})
    if not rows:
        return None
    position, total, previous, following = rows[0]
    return Neighbours(
        position=int(number(position)),
        total=int(number(total)),
        previous=None if previous is None else (test.dataset, str(previous)),
        next=None if following is None else (test.dataset, str(following)),
    )
