"""One metric of each class at home and abroad."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.runs import Value, ask, class_order, number

Metric = Literal["recall", "precision", "f1", "auroc", "average_precision"]

Task = Literal["single_class", "finding"]
"""``single_class``: images with a single class. ``finding``: every image where presence of the finding is known."""

RANKED: tuple[Metric, ...] = ("auroc", "average_precision")
"""The metrics that both tasks have: they need a score, not an answer."""

_SCORES = """
    SELECT finding, role, value, low, high, n, n_positive, n_effective, not_estimable FROM metric
    WHERE model_id = $model AND task = $task AND stratum = 'all' AND metric = $metric AND finding IS NOT NULL
        AND ((role = 'internal_test' AND dataset = $internal_dataset AND policy = $internal_policy)
            OR (role = 'external_test' AND dataset = $external_dataset AND policy = $external_policy))
"""

_GAPS = """
    SELECT finding, value, low, high, not_estimable FROM gap
    WHERE model_id = $model AND task = $task AND stratum = 'all' AND metric = $metric AND finding IS NOT NULL
        AND internal_dataset = $internal_dataset AND internal_policy = $internal_policy
        AND external_dataset = $external_dataset AND external_policy = $external_policy
"""


@dataclass(frozen=True, kw_only=True)
class Score:
    """A metric of one class in one test.

    Attributes:
        estimate: Its value, of all images that count.
        positives: Images with the class.
    """

    estimate: Estimate
    positives: int

    @property
    def prevalence(self) -> float:
        """Share of images with the class; NaN without images."""
        return self.positives / self.estimate.n if self.estimate.n else float("nan")


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """One class.

    Attributes:
        finding: Its name.
        home: In the internal test; None if there is none.
        abroad: In the external test; None if there is none.
        lost: Home minus abroad; None unless both exist.
    """

    finding: str
    home: Score | None
    abroad: Score | None
    lost: Estimate | None


@st.cache_data(max_entries=64, show_spinner=False)
def by_class(comparison: Comparison, *, metric: Metric, task: Task) -> tuple[ClassRow, ...]:
    """One metric of every class that the run has numbers of, in class order.

    Recall, precision and F1 exist only for ``single_class``.
    """
    parameters = {**comparison.parameters(), "model": comparison.model, "metric": metric, "task": task}
    scores = {(str(row[0]), str(row[1])): _score(row) for row in ask(comparison.run, _SCORES, parameters)}
    gaps = {str(row[0]): _gap(row) for row in ask(comparison.run, _GAPS, parameters)}
    return tuple(
        ClassRow(
            finding=finding,
            home=scores.get((finding, "internal_test")),
            abroad=scores.get((finding, "external_test")),
            lost=gaps.get(finding),
        )
        for finding in sorted({finding for finding, _ in scores}, key=class_order(comparison.run))
    )


def csv_rows(rows: Sequence[ClassRow], *, metric: Metric, task: Task) -> list[dict[str, str | int | float | None]]:
    """The rows as a table to take along."""
    return [
        {
            "finding": row.finding,
            "metric": metric,
            "task": task,
            "test": test,
            "value": score.estimate.value,
            "low": score.estimate.low,
            "high": score.estimate.high,
            "images": score.estimate.n,
            "positives": score.positives,
            "counting as": score.estimate.n_effective,
            "estimable": "yes" if score.estimate.estimable else "no",
            **_csv_gap(row.lost),
        }
        for row in rows
        for test, score in (("internal test", row.home), ("external test", row.abroad))
        if score is not None
    ]


def _csv_gap(lost: Estimate | None) -> dict[str, str | int | float | None]:
    names = ("points lost", "points lost, low", "points lost, high")
    values = (None, None, None) if lost is None else (lost.value, lost.low, lost.high)
    return dict(zip(names, values, strict=True))


def _score(row: tuple[Value, ...]) -> Score:
    _, _, value, low, high, n, positives, n_effective, not_estimable = row
    estimate = Estimate(
        value=number(value),
        low=number(low),
        high=number(high),
        n=int(number(n)),
        n_effective=number(n_effective),
        estimable=not not_estimable,
    )
    return Score(estimate=estimate, positives=int(positives or 0))


def _gap(row: tuple[Value, ...]) -> Estimate:
    _, value, low, high, not_estimable = row
    return Estimate(value=number(value), low=number(low), high=number(high), n=0, estimable=not not_estimable)
