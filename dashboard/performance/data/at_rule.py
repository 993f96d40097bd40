"""What findings reach at thresholds by a rule: internally, externally as carried, and as chosen on local patients."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cxr_core.metrics.predictive import predictive_values
from cxr_core.roles import local_model
from cxr_core.statistics.intervals import Interval, difference
from cxr_core.statistics.predictive_intervals import predictive_intervals
from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row, gap_rows, number_rows
from dashboard.results.metrics import Number, numbers
from dashboard.results.runs import class_order
from dashboard.results.thresholds import PLACES, Place, thresholds

METRICS = ("recall", "specificity", "precision", "npv")
PREDICTIVE = ("precision", "npv")
"""Those that depend on how many images have the finding."""


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """One metric of a finding, or of the mean over findings.

    Attributes:
        finding: Which; None of the mean.
        metric: Its name in the catalogue, without ``macro_``.
        at: The number at each place that has one.
        lost: Internal minus external, at the carried threshold; None where there is none.
        positives: At each place the images with the finding, and all.
    """

    finding: str | None
    metric: str
    at: Mapping[Place, Estimate]
    lost: Estimate | None
    positives: Mapping[Place, tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class RuleThreshold:
    """The thresholds of a finding; None where there is none."""

    carried: float | None
    local: float | None


def rows(comparison: Comparison, *, rule: str, prevalence: float | None = None) -> tuple[RuleRow, ...]:
    """Every metric of every finding that is known at any place, in class order.

    Args:
        comparison: Which model and which tests.
        rule: The operating point.
        prevalence: The share with the finding, in [0, 1], that predictive values are told at; None: each site's own.
    """
    order = class_order(comparison.run)
    found: dict[str, dict[str, list[Number]]] = {}
    for row in _numbers(comparison, rule=rule, metrics=METRICS):
        if row.finding is not None:
            found.setdefault(row.finding, {}).setdefault(row.metric, []).append(row)
    told = (
        _row(finding, metric, found[finding][metric])
        for finding in sorted(found, key=order)
        for metric in METRICS
        if metric in found[finding]
    )
    known = tuple(row for row in told if any(total for _, total in row.positives.values()))
    return known if prevalence is None else at_prevalence(known, prevalence=prevalence)


def means(comparison: Comparison, *, rule: str) -> tuple[RuleRow, ...]:
    """Sensitivity and specificity as means over findings."""
    named = {"macro_recall": "recall", "macro_specificity": "specificity"}
    found: dict[str, list[Number]] = {}
    for row in _numbers(comparison, rule=rule, metrics=tuple(named)):
        found.setdefault(row.metric, []).append(row)
    return tuple(_row(None, named[metric], own) for metric, own in found.items())


def threshold_of(comparison: Comparison, *, rule: str) -> dict[str, RuleThreshold]:
    """The thresholds of each finding that has any."""
    carried = thresholds(comparison.run, model=comparison.model, point=rule)
    local = thresholds(comparison.run, model=local_model(comparison.model), point=rule)
    return {
        finding: RuleThreshold(carried=carried.get(finding), local=local.get(finding))
        for finding in dict.fromkeys((*carried, *local))
    }


def at_prevalence(found: Iterable[RuleRow], *, prevalence: float) -> tuple[RuleRow, ...]:
    """The same rows with predictive values as they are at a prevalence.

    Args:
        found: With the sensitivity and the specificity of each finding.
        prevalence: The share with the finding, in [0, 1].
    """
    given = tuple(found)
    by_metric = {(row.finding, row.metric): row for row in given}
    return tuple(
        row if row.metric not in PREDICTIVE else _moved(row, by_metric, prevalence=prevalence) for row in given
    )


def predictive(recall: Estimate, specificity: Estimate, *, prevalence: float) -> dict[str, Estimate]:
    """Both predictive values of a finding at a prevalence, by their names in the catalogue."""
    values = predictive_values(sensitivity=recall.value, specificity=specificity.value, prevalence=prevalence)
    ends = predictive_intervals(
        sensitivity=(recall.value, _interval(recall)),
        specificity=(specificity.value, _interval(specificity)),
        prevalence=prevalence,
    )
    both = recall.estimable and specificity.estimable
    return {
        metric: Estimate(value=value, low=interval.low, high=interval.high, n=recall.n, estimable=both)
        for metric, value, interval in (
            ("precision", values.positive, ends.positive),
            ("npv", values.negative, ends.negative),
        )
    }


def _interval(estimate: Estimate) -> Interval:
    return Interval(low=estimate.low, high=estimate.high)


def rule_rows(comparison: Comparison, *, rule: str) -> list[Row]:
    """Every number for a download."""
    return number_rows(comparison.run, _of_findings(comparison, rule=rule))


def rule_gap_rows(comparison: Comparison, *, rule: str) -> list[Row]:
    """What is lost, for a download."""
    return gap_rows(comparison, _of_findings(comparison, rule=rule))


def _moved(row: RuleRow, by_metric: Mapping[tuple[str | None, str], RuleRow], *, prevalence: float) -> RuleRow:
    recalls, others = by_metric.get((row.finding, "recall")), by_metric.get((row.finding, "specificity"))
    if recalls is None or others is None:
        return replace(row, at={}, lost=None)
    at = {
        place: predictive(recalls.at[place], others.at[place], prevalence=prevalence)[row.metric]
        for place in recalls.at
        if place in others.at
    }
    if "internal" not in at or "carried" not in at:
        return replace(row, at=at, lost=None)
    internal, carried = at["internal"], at["carried"]
    apart = difference(internal.value, _interval(internal), second=carried.value, second_interval=_interval(carried))
    lost = Estimate(
        value=internal.value - carried.value,
        low=apart.low,
        high=apart.high,
        n=0,
        estimable=internal.estimable and carried.estimable,
    )
    return replace(row, at=at, lost=lost)


def _row(finding: str | None, metric: str, found: Iterable[Number]) -> RuleRow:
    by_kind = {number.kind: number for number in found}
    here = {place: by_kind[kind] for place, kind in PLACES.items() if kind in by_kind}
    return RuleRow(
        finding=finding,
        metric=metric,
        at={place: number.estimate for place, number in here.items()},
        lost=by_kind["gap"].estimate if "gap" in by_kind else None,
        positives={place: (number.positives or 0, number.estimate.n) for place, number in here.items()},
    )


def _of_findings(comparison: Comparison, *, rule: str) -> list[Number]:
    return [row for row in _numbers(comparison, rule=rule, metrics=METRICS) if row.finding is not None]


def _numbers(comparison: Comparison, *, rule: str, metrics: tuple[str, ...]) -> list[Number]:
    found = numbers(comparison, metrics=metrics, task="finding", point=rule, is_local=True)
    return [row for row in found if row.kind != "train"]
