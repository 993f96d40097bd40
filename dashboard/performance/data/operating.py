"""Where on its curves a finding is called present."""

from dataclasses import dataclass, replace

from cxr_core.metrics.curves import Curve
from cxr_core.roles import local_model
from dashboard.results.class_scores import class_scores
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import STATED
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
        is_local: Whether it was chosen on patients of the site itself.
    """

    threshold: float
    recall: float
    specificity: float
    precision: float
    is_local: bool = False


def points(comparison: Comparison, *, finding: str) -> dict[Side, OperatingPoint]:
    """The stated operating point of a finding in each test that has numbers there; none where the model has flags."""
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
            found[side] = OperatingPoint(
                threshold=threshold,
                recall=known["recall"],
                specificity=known["specificity"],
                precision=known["precision"],
            )
    return found


def on_curves(
    comparison: Comparison, lines: dict[Side, Curve | None], *, finding: str, rule: str
) -> dict[Side, tuple[OperatingPoint, ...]]:
    """The thresholds of a finding by a rule as they stand on its curves: the carried one, externally the local one too.

    Args:
        comparison: Which model and which tests.
        lines: The curve of each test that has one.
        finding: Which.
        rule: The operating point.
    """
    if rule == STATED:
        return {side: (point,) for side, point in points(comparison, finding=finding).items()}
    models = {comparison.model: False, local_model(comparison.model): True}
    found: dict[Side, tuple[OperatingPoint, ...]] = {}
    for side, line in lines.items():
        for model, is_local in models.items():
            threshold = thresholds(comparison.run, model=model, point=rule).get(finding)
            if line is not None and threshold is not None and not (is_local and side is Side.INTERNAL):
                found[side] = (*found.get(side, ()), _on(line, threshold, is_local=is_local))
    return found


def _on(line: Curve, threshold: float, *, is_local: bool) -> OperatingPoint:
    place = line.place(threshold)
    return OperatingPoint(
        threshold=threshold,
        recall=float(line.recall[place]),
        specificity=1 - float(line.false_alarms[place]),
        precision=float(line.precision[place]),
        is_local=is_local,
    )
