"""The cases of a list: how many, a part of them in order, and who stands next to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.results import flags
from dashboard.results.case_filter import CaseFilter
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, Value, ask, number
from dashboard.results.downloads import Row, image_rows, of_test, single
from dashboard.results.images import ANSWERED, Key
from dashboard.results.runs import classes

PER_PAGE = 40
"""Cases that a page shows at once."""

_JUDGED = f"""
    judged AS (
        SELECT image_id, class, predicted, probability[predicted + 1] AS confidence, probability[class + 1] AS of_true,
            predicted = class AS right_answer, view, sex, age_years, patient_id
        FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id)
        WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
            AND image.left_out IS NULL AND {ANSWERED}
    )
"""  # noqa: S608 (a constant)

_OF_FINDING = """
    point AS (SELECT {threshold} AS value),
    said AS (
        SELECT image_id, present[{place}] = 1 AS is_present, {flagged} AS is_flagged, probability[{place}] AS score,
            point.value AS threshold, flagged[{place}] = 1 AS flag, view, sex, age_years, patient_id
        FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id), point
        WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy
            AND NOT isnan(present[{place}])
    ),
    judged AS (
        SELECT image_id, NULL::TINYINT AS class, NULL::TINYINT AS predicted,
            CASE WHEN NOT isnan(score) THEN score END AS confidence,
            abs(confidence - threshold) AS off_threshold, is_present = is_flagged AS right_answer,
            CASE
                WHEN is_present THEN CASE WHEN is_flagged THEN 'true_positive' ELSE 'missed' END
                ELSE CASE WHEN is_flagged THEN 'false_alarm' ELSE 'true_negative' END
            END AS outcome, view, sex, age_years, patient_id
        FROM said WHERE is_flagged IS NOT NULL
    )
"""

_DISPUTED = """
    , asked AS (
        SELECT other.image_id, count(*) FILTER (other.predicted <> judged.predicted) AS other_answers,
            max(other.probability[judged.predicted + 1]) - min(other.probability[judged.predicted + 1]) AS spread
        FROM prediction AS other JOIN judged USING (image_id)
        WHERE other.dataset = $dataset AND other.role = $role AND other.model_id IN (
            SELECT one.model_id FROM model AS one JOIN model AS ensemble USING (regime)
            WHERE ensemble.model_id = $model AND one.member IS NOT NULL
        )
        GROUP BY 1
    )
    , listed AS (FROM judged JOIN asked USING (image_id))
"""

_UNDISPUTED = ", listed AS (FROM judged)"


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


def listed(run: RunKey, wanted: CaseFilter) -> str:
    """What follows WITH: the images of a test as ``listed``, with what the filter's conditions and its order need.

    Of a finding, those where it is known whether it is present, and the model says whether it is.
    """
    if wanted.finding is not None:
        place, threshold = classes(run).index(wanted.finding) + 1, flags.threshold("$finding")
        flagged = flags.FLAGGED.format(place=place, threshold="point.value")
        return _OF_FINDING.format(place=place, threshold=threshold, flagged=flagged) + _UNDISPUTED
    return _JUDGED + (_DISPUTED if wanted.asks_members else _UNDISPUTED)


@st.cache_data(max_entries=128, show_spinner=False)
def case_counts(run: RunKey, test: TestSet, wanted: CaseFilter) -> CaseCounts:
    """How many images pass a filter."""
    condition, parameters = wanted.condition(classes=classes(run))
    sql = f"""
        WITH {listed(run, wanted)}
        SELECT count(*) FILTER ({condition}), count(*) FILTER (NOT right_answer AND {condition}), count(*) FROM listed
    """  # noqa: S608 (the filter's own words; its values are parameters)
    cases, wrong, total = ask(run, sql, {**test.parameters(), **parameters})[0]
    return CaseCounts(cases=int(number(cases)), wrong=int(number(wrong)), test=int(number(total)))


@st.cache_data(max_entries=128, show_spinner=False)
def cases(run: RunKey, test: TestSet, wanted: CaseFilter, *, offset: int, limit: int) -> tuple[Case, ...]:
    """A part of a list, in its order."""
    return _cases(run, test, wanted, offset=offset, limit=limit)


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
