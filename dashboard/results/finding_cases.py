"""The cases of one finding: a part of their list, in its order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from dashboard.results.case_filter import CaseFilter, Outcome
from dashboard.results.case_list import case_counts
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, Value, ask, number
from dashboard.results.downloads import Row, image_rows, of_test, single
from dashboard.results.images import Key
from dashboard.results.judged import MEMBERS, flagging, listed
from dashboard.results.runs import classes
from dashboard.results.thresholds import thresholds


@dataclass(frozen=True, kw_only=True)
class FindingCase:
    """One image of a test and what the model says of a finding.

    Attributes:
        key: Its dataset and id.
        finding: The finding.
        outcome: What came of it.
        score: In [0, 1]; NaN where the model gives a flag alone.
        view: As stored; None where not recorded.
        sex: As stored.
        age_years: In years.
        members: Of the ensemble, those that were asked about the image; 0 where it has none.
        members_flagging: Of these, the ones whose own score reaches the ensemble's threshold.
    """

    key: Key
    finding: str
    outcome: Outcome
    score: float
    view: str | None
    sex: str | None
    age_years: float | None
    members: int = 0
    members_flagging: int = 0

    @property
    def is_present(self) -> bool:
        """Whether the image has the finding."""
        return self.outcome in ("true_positive", "missed")

    @property
    def is_flagged(self) -> bool:
        """Whether the model says so."""
        return self.outcome in ("true_positive", "false_alarm")

    @property
    def is_right(self) -> bool:
        """Whether both are the same."""
        return self.is_present == self.is_flagged


@st.cache_data(max_entries=128, show_spinner=False)
def finding_cases(
    run: RunKey, test: TestSet, wanted: CaseFilter, *, offset: int, limit: int
) -> tuple[FindingCase, ...]:
    """A part of a list of one finding, in its order."""
    return _cases(run, test, wanted, offset=offset, limit=limit)


def finding_case_rows(run: RunKey, test: TestSet, wanted: CaseFilter) -> list[Row]:
    """The whole list for a download."""
    found = _cases(run, test, wanted, offset=0, limit=case_counts(run, test, wanted).cases)
    limits = thresholds(run, model=test.model)
    return [
        {
            **of_test(run, test),
            **named,
            "finding": case.finding,
            "present": case.is_present,
            "flagged": case.is_flagged,
            "outcome": case.outcome,
            "probability": single(case.score),
            "threshold": limits.get(case.finding),
            "view": case.view,
            "sex": case.sex,
            "age_years": case.age_years,
            "members": case.members,
            "members_flagging": case.members_flagging,
        }
        for case, named in zip(found, image_rows(run, [case.key for case in found]), strict=True)
    ]


def _cases(run: RunKey, test: TestSet, wanted: CaseFilter, *, offset: int, limit: int) -> tuple[FindingCase, ...]:
    condition, parameters = wanted.condition(classes=classes(run))
    first, second = wanted.order()
    sql = f"""
        WITH {listed(run, wanted)}
        SELECT image_id, outcome, confidence, view, sex, age_years FROM listed WHERE {condition}
        ORDER BY {first}, {second}, image_id LIMIT $limit OFFSET $offset
    """  # noqa: S608 (the filter's own words; its values are parameters)
    rows = ask(run, sql, {**test.parameters(), **parameters, "limit": limit, "offset": offset})
    finding = wanted.finding or ""
    members = _members(run, test, finding, [str(row[0]) for row in rows])
    return tuple(_case(test.dataset, row, finding=finding, members=members.get(str(row[0]), (0, 0))) for row in rows)


def _members(run: RunKey, test: TestSet, finding: str, images: Sequence[str]) -> dict[str, tuple[int, int]]:
    """From an image to the members that say something of the finding, and those that flag it; of some images alone."""
    given = {"model": test.model, "dataset": test.dataset, "role": test.role, "finding": finding}
    if not images or not ask(run, MEMBERS, {"model": test.model}):
        return {}
    rows = ask(run, flagging(run, finding), {**given, "images": list(images)})
    return {str(image): (int(number(members)), int(number(flag))) for image, members, flag in rows}


def _case(dataset: str, row: Sequence[Value], *, finding: str, members: tuple[int, int]) -> FindingCase:
    image, outcome, score, view, sex, age_years = row
    return FindingCase(
        key=(dataset, str(image)),
        finding=finding,
        outcome=cast("Outcome", outcome),
        score=number(score),
        view=None if view is None else str(view),
        sex=None if sex is None else str(sex),
        age_years=None if age_years is None else float(age_years),
        members=members[0],
        members_flagging=members[1],
    )
