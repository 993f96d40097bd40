"""Recall by view, sex, age and attribute at home and abroad."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.runs import Value, ask, number

KINDS = ("all", "view", "sex", "age")
"""What images are grouped by, in the order of the page, before their attributes; ``all`` is every image."""

_SQL = """
    WITH test AS (
        SELECT role, stratum, metric, finding, value, low, high, n, n_positive, n_effective, not_estimable FROM metric
        WHERE model_id = $model AND task = 'single_class'
            AND ((role = 'internal_test' AND dataset = $internal_dataset AND policy = $internal_policy)
                OR (role = 'external_test' AND dataset = $external_dataset AND policy = $external_policy))
    )
    SELECT role, stratum, value, low, high, n, n_positive, n_effective, not_estimable, constant.best
    FROM (FROM test WHERE metric = $metric AND finding IS NOT DISTINCT FROM $finding)
    LEFT JOIN (
        SELECT role, stratum, value AS best FROM test
        WHERE metric = 'no_skill_best_constant' AND finding IS NULL AND NOT not_estimable
    ) AS constant USING (role, stratum)
"""


@dataclass(frozen=True, kw_only=True)
class GroupScore:
    """A group of images in one test.

    Attributes:
        estimate: Recall of the class; over all classes the accuracy.
        positives: Images of the class; None over all classes.
        best_constant: What always giving the group's most frequent class scores over all classes; NaN for one class.
    """

    estimate: Estimate
    positives: int | None
    best_constant: float

    @property
    def n(self) -> int:
        """Images that the number rests on."""
        return self.estimate.n if self.positives is None else self.positives


@dataclass(frozen=True, kw_only=True)
class Group:
    """Images of one view, sex or age, or with one value of an attribute.

    Attributes:
        stratum: As stored: ``view=PA``.
        home: In the internal test; None if it has no such image.
        abroad: In the external test; None if it has no such image.
    """

    stratum: str
    home: GroupScore | None
    abroad: GroupScore | None

    @property
    def kind(self) -> str:
        """What the images are grouped by: one of `KINDS`, or the name of an attribute."""
        return self.stratum.partition("=")[0]

    @property
    def is_by_attribute(self) -> bool:
        """Whether the images are grouped by an attribute: of those a site has groups of some values alone."""
        return self.kind not in KINDS


@st.cache_data(max_entries=64, show_spinner=False)
def groups(comparison: Comparison, *, finding: str | None) -> tuple[Group, ...]:
    """Every group that has an image at one of the sites.

    All images come first, then those by view, by sex, by age from young to old, and by each attribute, by its name.

    Args:
        comparison: Which model and which tests.
        finding: The class; None: the share of images of any class that are right, which is recall over all of them.
    """
    metric = "accuracy" if finding is None else "recall"
    parameters = {**comparison.parameters(), "model": comparison.model, "metric": metric, "finding": finding}
    scores = {(str(row[1]), str(row[0])): _score(row, finding=finding) for row in ask(comparison.run, _SQL, parameters)}
    strata = sorted({stratum for stratum, _ in scores}, key=_order)
    return tuple(
        Group(
            stratum=stratum,
            home=scores.get((stratum, "internal_test")),
            abroad=scores.get((stratum, "external_test")),
        )
        for stratum in strata
    )


def csv_rows(found: Sequence[Group], *, finding: str | None) -> list[dict[str, str | int | float | None]]:
    """The groups as a table to take along."""
    return [
        {
            "group": group.stratum,
            "test": test,
            "finding": finding,
            "metric": "accuracy" if finding is None else "recall",
            "value": each.estimate.value,
            "low": each.estimate.low,
            "high": each.estimate.high,
            "images": each.estimate.n,
            "images of the class": each.positives,
            "counting as": each.estimate.n_effective,
            "best constant answer": each.best_constant,
            "estimable": "yes" if each.estimate.estimable else "no",
        }
        for group in found
        for test, each in (("internal test", group.home), ("external test", group.abroad))
        if each is not None
    ]


def _score(row: tuple[Value, ...], *, finding: str | None) -> GroupScore:
    _, _, value, low, high, n, positives, n_effective, not_estimable, constant = row
    estimate = Estimate(
        value=number(value),
        low=number(low),
        high=number(high),
        n=int(number(n)),
        n_effective=number(n_effective),
        estimable=not not_estimable,
    )
    return GroupScore(
        estimate=estimate,
        positives=None if finding is None else int(positives or 0),
        best_constant=number(constant) if finding is None else float("nan"),
    )


def _order(stratum: str) -> tuple[int, str, str]:
    kind, _, value = stratum.partition("=")
    return KINDS.index(kind) if kind in KINDS else len(KINDS), kind, value
