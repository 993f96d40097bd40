"""Where on its curves a finding is called present."""

from dataclasses import dataclass, replace

from dashboard.results.class_scores import class_scores
from dashboard.results.comparison import Comparison
from dashboard.results.side import Side
from dashboard.results.thresholds import thresholds


@dataclass(frozen=True, kw_only=True)
class OperatingPoint:
    """A threshold in one test, and what is reached there; all in [0, 1], NaN where it is not defined.

    Attributes:
        threshold: From which score on.
        recall: Sensitivity.
        specificity: Of those without the finding, how many are not called present.
        precision: Of those called present, how many have it.
    """

    threshold: float
    recall: float
    specificity: float
    precision: float


def points(comparison: Comparison, *, finding: str) -> dict[Side, OperatingPoint]:
    """The operating point of a finding in each test that has numbers there; none where the model has flags."""
    found: dict[Side, OperatingPoint] = {}
    for side, test in comparison.tests.items():
        own = replace(comparison, model=test.model)
        threshold = thresholds(comparison.run, model=test.model).get(finding)
        numbers = {
            metric: pair.of(side)
            for metric in ("recall", "specificity", "precision")
            for pair in class_scores(own, metric=metric, task="finding")
            if pair.name == finding
        }
        known = {metric: number.estimate.value for metric, number in numbers.items() if number and number.estimate.n}
        if threshold is not None and len(known) == len(numbers) and known:
            found[side] = OperatingPoint(threshold=threshold, **known)
    return found
