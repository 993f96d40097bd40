"""Two-by-two tables of findings at the stated threshold: present or absent, flagged or not."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain

import streamlit as st

from dashboard.notation import Estimate
from dashboard.results.case_filter import OUTCOMES, Outcome
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import Number, numbers
from dashboard.results.runs import classes
from dashboard.results.side import Side
from dashboard.results.thresholds import thresholds

_METRICS = ("recall", "specificity", "precision", "npv")

_OF_ROW: Mapping[Outcome, tuple[str, bool]] = {
    "true_positive": ("recall", True),
    "missed": ("recall", False),
    "false_alarm": ("specificity", False),
    "true_negative": ("specificity", True),
}
_OF_COLUMN: Mapping[Outcome, tuple[str, bool]] = {
    "true_positive": ("precision", True),
    "missed": ("npv", False),
    "false_alarm": ("precision", False),
    "true_negative": ("npv", True),
}
"""From an outcome to the metric that its share is, or that leaves its share."""

_NONE = Estimate(value=math.nan, low=math.nan, high=math.nan, n=0, estimable=False)


@dataclass(frozen=True, kw_only=True)
class TwoByTwo:
    """One finding in one test, over the images where its presence is known and the model says something of it.

    Attributes:
        finding: Its name.
        threshold: From which score up it is flagged; NaN where the model gives flags alone.
        counts: Images of each outcome.
        metrics: Recall, specificity, precision and negative predictive value with their intervals, as the run has them.
    """

    finding: str
    threshold: float
    counts: Mapping[Outcome, int]
    metrics: Mapping[str, Estimate]

    @property
    def images(self) -> int:
        """Images in all; 0 where the site does not label the finding, or the model says nothing of it."""
        return sum(self.counts.values())

    @property
    def present(self) -> int:
        """Images with the finding."""
        return self.counts["true_positive"] + self.counts["missed"]

    @property
    def flagged(self) -> int:
        """Images that are flagged for it."""
        return self.counts["true_positive"] + self.counts["false_alarm"]

    def share_of_row(self, outcome: Outcome) -> Estimate:
        """Of the images that have the finding, or of those that do not, the share with this outcome."""
        return self._share(_OF_ROW[outcome])

    def share_of_column(self, outcome: Outcome) -> Estimate:
        """Of the images that are flagged, or of those that are not, the share with this outcome."""
        return self._share(_OF_COLUMN[outcome])

    def _share(self, of: tuple[str, bool]) -> Estimate:
        metric, is_it = of
        found, rests_on = self.metrics.get(metric, _NONE), self._whole(metric)
        value, low, high = found.value, found.low, found.high
        if not is_it:
            value, low, high = 1 - value, 1 - high, 1 - low
        return Estimate(
            value=value,
            low=low,
            high=high,
            n=rests_on,
            n_effective=found.n_effective,
            estimable=found.estimable,
        )

    def _whole(self, metric: str) -> int:
        of = {"recall": self.present, "precision": self.flagged, "npv": self.images - self.flagged}
        return of.get(metric, self.images - self.present)


@st.cache_data(max_entries=64, show_spinner=False)
def two_by_twos(comparison: Comparison, side: Side) -> tuple[TwoByTwo, ...]:
    """Every finding of the run in a test that it has, in the order of the outputs."""
    test, named = comparison.tests[side], classes(comparison.run)
    found: dict[str, dict[str, Number]] = {}
    for row in numbers(replace(comparison, model=test.model), metrics=_METRICS, task="finding"):
        if row.kind == side.role and row.finding is not None:
            found.setdefault(row.finding, {})[row.metric] = row
    limits = thresholds(comparison.run, model=test.model)
    return tuple(
        TwoByTwo(
            finding=finding,
            threshold=limits.get(finding, math.nan),
            counts=_counts(found.get(finding, {})),
            metrics={metric: row.estimate for metric, row in found.get(finding, {}).items()},
        )
        for finding in named
    )


@st.cache_data(max_entries=64, show_spinner=False)
def changes(comparison: Comparison) -> dict[str, dict[Outcome, Estimate]]:
    """By finding and outcome, internal minus external share of the images that have the finding, or do not.

    They are the run's gaps of recall and specificity, with its intervals; a finding without any is missing.
    """
    gaps: dict[str, dict[str, Estimate]] = {}
    for row in numbers(comparison, metrics=("recall", "specificity"), task="finding"):
        if row.kind == "gap" and row.finding is not None:
            gaps.setdefault(row.finding, {})[row.metric] = row.estimate
    return {
        finding: {
            outcome: own[metric] if is_it else _negative(own[metric])
            for outcome, (metric, is_it) in _OF_ROW.items()
            if metric in own
        }
        for finding, own in gaps.items()
    }


def most_changed_first(comparison: Comparison) -> tuple[str, ...]:
    """The findings by the larger of their two changes between the tests, of recall or of specificity.

    Those without a change come after them, the most images first: a run with one test has these alone. A finding that
    no test can tell anything of is left out.
    """
    tables = {side: two_by_twos(comparison, side) for side in comparison.tests}
    told: dict[str, int] = {}
    for table in chain.from_iterable(tables.values()):
        if table.images:
            told[table.finding] = told.get(table.finding, 0) + table.images
    changes: dict[str, float] = {}
    for row in numbers(comparison, metrics=("recall", "specificity"), task="finding"):
        if row.kind == "gap" and row.finding in told and row.estimate.is_number:
            changes[row.finding] = max(changes.get(row.finding, 0.0), abs(row.estimate.value))
    return tuple(sorted(told, key=lambda name: (-changes.get(name, -1.0), -told[name])))


def _negative(gap: Estimate) -> Estimate:
    return replace(gap, value=-gap.value, low=-gap.high, high=-gap.low)


def _counts(found: Mapping[str, Number]) -> dict[Outcome, int]:
    """As recall and specificity with their images say it: a pass over ten million predictions would take a minute."""
    if "recall" not in found or "specificity" not in found:
        return dict.fromkeys(OUTCOMES, 0)
    present = found["recall"].positives or 0
    absent = found["recall"].estimate.n - present
    recognized, cleared = _part(found["recall"], present), _part(found["specificity"], absent)
    return {
        "true_positive": recognized,
        "missed": present - recognized,
        "false_alarm": absent - cleared,
        "true_negative": cleared,
    }


def _part(share: Number, whole: int) -> int:
    return round(share.estimate.value * whole) if whole else 0
