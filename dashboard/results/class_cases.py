"""Cases of images with one answer and a single class: a part of their list, in its order."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.results.case_filter import CaseFilter
from dashboard.results.case_list import case_counts
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, Value, ask, number
from dashboard.results.downloads import Row, image_rows, of_test, single
from dashboard.results.images import Key
from dashboard.results.judged import listed
from dashboard.results.runs import classes


@dataclass(frozen=True, kw_only=True)
class Case:
    """One image of a test and what the model answered.

    Attributes:
        key: Its dataset and id.
        true: Name of its class by the label policy.
        predicted: Name of the class that was answered.
        confidence: Probability of that class, in [0, 1].
        of_true: Probability of the true class.
        view: As stored; None where not recorded.
        sex: As stored.
        age_years: In years.
    """

    key: Key
    true: str
    predicted: str
    confidence: float
    of_true: float
    view: str | None
    sex: str | None
    age_years: float | None

    @property
    def is_right(self) -> bool:
        """Whether the answer is the true class."""
        return self.true == self.predicted


@st.cache_data(max_entries=128, show_spinner=False)
def cases(run: RunKey, test: TestSet, wanted: CaseFilter, *, offset: int, limit: int) -> tuple[Case, ...]:
    """A part of a list, in its order."""
    return _cases(run, test, wanted, offset=offset, limit=limit)


def case_rows(run: RunKey, test: TestSet, wanted: CaseFilter) -> list[Row]:
    """The whole list for a download."""
    found = _cases(run, test, wanted, offset=0, limit=case_counts(run, test, wanted).cases)
    return [
        {
            **of_test(run, test),
            **named,
            "class": case.true,
            "predicted": case.predicted,
            "right": case.is_right,
            "probability_of_class": single(case.of_true),
            "probability_of_predicted": single(case.confidence),
            "view": case.view,
            "sex": case.sex,
            "age_years": case.age_years,
        }
        for case, named in zip(found, image_rows(run, [case.key for case in found]), strict=True)
    ]


def _cases(run: RunKey, test: TestSet, wanted: CaseFilter, *, offset: int, limit: int) -> tuple[Case, ...]:
    condition, parameters = wanted.condition(classes=classes(run))
    first, second = wanted.order()
    sql = f"""
        WITH {listed(run, wanted)}
        SELECT image_id, class, predicted, confidence, of_true, view, sex, age_years FROM listed WHERE {condition}
        ORDER BY {first}, {second}, image_id LIMIT $limit OFFSET $offset
    """  # noqa: S608 (the filter's own words; its values are parameters)
    rows = ask(run, sql, {**test.parameters(), **parameters, "limit": limit, "offset": offset})
    return tuple(_case(test.dataset, row, named=classes(run)) for row in rows)


def _case(dataset: str, row: tuple[Value, ...], *, named: Sequence[str]) -> Case:
    image, true, predicted, confidence, of_true, view, sex, age_years = row
    return Case(
        key=(dataset, str(image)),
        true=named[int(number(true))],
        predicted=named[int(number(predicted))],
        confidence=number(confidence),
        of_true=number(of_true),
        view=None if view is None else str(view),
        sex=None if sex is None else str(sex),
        age_years=None if age_years is None else float(age_years),
    )
