"""Filters that a list of cases can be narrowed by: only those that its images have."""

from dataclasses import dataclass, replace

import streamlit as st

from dashboard.results import attributes
from dashboard.results.case_filter import AGES, ATTRIBUTE, CaseFilter
from dashboard.results.case_list import case_counts
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, Value, ask, number
from dashboard.results.images import ANSWERED
from dashboard.results.runs import classes

_KINDS = f"""
    SELECT DISTINCT class, predicted, view, sex, least(floor(age_years / 20), 4)::INTEGER
    FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
        AND image.left_out IS NULL AND {ANSWERED}
"""  # noqa: S608 (a constant)

_ATTRIBUTES = f"""
    SELECT name, value, count(*) AS images
    FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id)
        JOIN attribute USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
        AND image.left_out IS NULL AND {ANSWERED}
    GROUP BY ALL ORDER BY name, images DESC, value
"""  # noqa: S608 (a constant)

_MOST_VALUES = 100
"""Of one attribute, in a list to pick from."""

_MEMBERS = """
    SELECT count(*) FROM model AS one JOIN model AS ensemble USING (regime)
    WHERE ensemble.model_id = $model AND one.member IS NOT NULL
"""


@dataclass(frozen=True, kw_only=True)
class FilterOptions:
    """What the images of a test have; empty where there is nothing to tell apart.

    Attributes:
        true: Names of the classes that have images.
        predicted: Names of the classes that are answered.
        views: As stored.
        sexes: As stored.
        ages: Of `AGES`.
        members: Whether there are members that could disagree.
        attributes: Name and values of each attribute, the values that most images have.
    """

    true: tuple[str, ...]
    predicted: tuple[str, ...]
    views: tuple[str, ...]
    sexes: tuple[str, ...]
    ages: tuple[str, ...]
    members: bool
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def allowed(self, wanted: CaseFilter) -> CaseFilter:
        """A filter without what is not offered; an attribute stays, since only the values of most images are."""
        return replace(
            wanted,
            true=wanted.true if wanted.true in self.true else None,
            predicted=wanted.predicted if wanted.predicted in self.predicted else None,
            view=wanted.view if wanted.view in self.views else None,
            sex=wanted.sex if wanted.sex in self.sexes else None,
            age=wanted.age if wanted.age in self.ages else None,
            members=wanted.members if self.members else None,
            sort=wanted.sort if self.members or wanted.sort != "most_disputed" else "confidently_wrong",
        )


@dataclass(frozen=True, kw_only=True)
class Loosened:
    """A filter that could be dropped.

    Attributes:
        key: As in the address.
        cases: Images that pass all others.
    """

    key: str
    cases: int


@st.cache_data(max_entries=64, show_spinner=False)
def filter_options(run: RunKey, test: TestSet) -> FilterOptions:
    """What the images of a test can be told apart by."""
    kinds = ask(run, _KINDS, test.parameters())
    named, (true, answers, views, sexes, ages) = classes(run), ({row[i] for row in kinds} for i in range(5))
    ((members,),) = ask(run, _MEMBERS, {"model": test.model})
    return FilterOptions(
        true=tuple(named[i] for i in _numbers(true)),
        predicted=tuple(named[i] for i in _numbers(answers)),
        views=_told_apart(views),
        sexes=_told_apart(sexes),
        ages=tuple(AGES[i] for i in _numbers(ages)) if len(ages) > 1 else (),
        members=number(members) > 1,
        attributes=_attributes(run, test),
    )


def absent_attributes(run: RunKey, test: TestSet, wanted: CaseFilter) -> tuple[tuple[str, str], ...]:
    """Those attributes of a filter that no image of the test has, each with its value."""
    return tuple(
        one
        for one in wanted.attributes
        if not case_counts(run, test, CaseFilter(at=wanted.at, attributes=(one,))).cases
    )


def loosened(run: RunKey, test: TestSet, wanted: CaseFilter) -> Loosened | None:
    """The one filter that brings the most images when it is dropped; None if none alone brings any."""
    without = {
        "true": replace(wanted, true=None),
        "as": replace(wanted, predicted=None),
        "got": replace(wanted, got=None),
        "conf": replace(wanted, confidence=None),
        "members": replace(wanted, members=None),
        "view": replace(wanted, view=None),
        "sex": replace(wanted, sex=None),
        "age": replace(wanted, age=None),
        **{
            f"{ATTRIBUTE}{one[0]}": replace(wanted, attributes=tuple(each for each in wanted.attributes if each != one))
            for one in wanted.attributes
        },
    }
    found = [
        Loosened(key=key, cases=case_counts(run, test, each).cases) for key, each in without.items() if each != wanted
    ]
    best = max(found, key=lambda one: one.cases, default=None)
    return best if best is not None and best.cases else None


def _attributes(run: RunKey, test: TestSet) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not attributes.names(run):
        return ()
    images = case_counts(run, test, CaseFilter()).test
    values: dict[str, dict[str, int]] = {}
    for name, value, count in ask(run, _ATTRIBUTES, test.parameters()):
        values.setdefault(str(name), {})[str(value)] = int(number(count))
    return tuple(
        (name, tuple(sorted(list(counts)[:_MOST_VALUES])))
        for name, counts in values.items()
        if name in attributes.names(run) and max(counts.values()) < images
    )


def _told_apart(values: set[Value]) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in values if value is not None)) if len(values) > 1 else ()


def _numbers(values: set[Value]) -> list[int]:
    return sorted(int(number(value)) for value in values if value is not None)
