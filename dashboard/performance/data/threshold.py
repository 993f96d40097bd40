"""What every finding reaches at its threshold, or as it is flagged, beside AUROC."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.performance.data.at_rule import predictive
from dashboard.results.class_scores import class_scores, mean_score, score_gap_rows, score_rows
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row
from dashboard.results.holdings import holdings
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.results.thresholds import thresholds
from dashboard.results.two_by_two import most_changed_first

_AT_THRESHOLD = ("recall", "specificity", "precision", "npv", "accuracy")


@dataclass(frozen=True, kw_only=True)
class ThresholdRow:
    """A finding in a test.

    Attributes:
        finding: Which.
        threshold: From which score on it is called present; None where it is flagged.
        side: Which test.
        is_first: Whether it is the first row of the finding.
        numbers: By the names of the metrics; one that was not measured is missing.
    """

    finding: str
    threshold: float | None
    side: Side
    is_first: bool
    numbers: Mapping[str, Number]


def metrics(comparison: Comparison) -> tuple[str, ...]:
    """What is shown, AUROC first where there are scores."""
    return (*(("auroc",) if holdings(comparison).has_scores else ()), *_AT_THRESHOLD)


def rows(comparison: Comparison, *, prevalence: float | None = None) -> tuple[ThresholdRow, ...]:
    """A row a finding and a test: what changed most first, findings of which nothing is known last.

    Args:
        comparison: Which model and which tests.
        prevalence: The share with the finding, in [0, 1], that predictive values are told at; None: each site's own.
    """
    by_finding: dict[str, dict[str, Pair]] = {}
    for metric in metrics(comparison):
        for pair in class_scores(comparison, metric=metric, task="finding"):
            by_finding.setdefault(pair.name, {})[metric] = pair
    first = most_changed_first(comparison)
    named = sorted(by_finding, key=lambda name: first.index(name) if name in first else len(first))
    known = thresholds(comparison.run, model=comparison.model)
    sides = [side for side in Side if side in holdings(comparison).tests]
    return tuple(
        ThresholdRow(
            finding=finding,
            threshold=known.get(finding),
            side=side,
            is_first=side is sides[0],
            numbers=_at_prevalence(
                {metric: own for metric, pair in by_finding[finding].items() if (own := pair.of(side)) is not None},
                prevalence=prevalence,
            ),
        )
        for finding in named
        for side in sides
    )


def _at_prevalence(found: Mapping[str, Number], *, prevalence: float | None) -> Mapping[str, Number]:
    if prevalence is None or not {"recall", "specificity"} <= set(found):
        return found
    moved = predictive(found["recall"].estimate, found["specificity"].estimate, prevalence=prevalence)
    return {metric: replace(own, estimate=moved.get(metric, own.estimate)) for metric, own in found.items()}


def means(comparison: Comparison) -> dict[str, Pair]:
    """The mean over findings of each metric at the threshold."""
    found = {metric: mean_score(comparison, metric=metric) for metric in _AT_THRESHOLD}
    return {metric: pair for metric, pair in found.items() if pair is not None}


def number_rows_of(comparison: Comparison) -> list[Row]:
    """Every number for a download."""
    return [row for metric in metrics(comparison) for row in score_rows(comparison, metric=metric, task="finding")]


def gap_rows_of(comparison: Comparison) -> list[Row]:
    """What is lost, for a download."""
    return [row for metric in metrics(comparison) for row in score_gap_rows(comparison, metric=metric, task="finding")]
