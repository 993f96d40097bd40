"""The areas under the curves of one class in both tests, and whether there are enough images to draw them."""

from dataclasses import dataclass, replace

from cxr_core.metrics.record import Task
from dashboard.results.class_scores import class_scores
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import Number
from dashboard.results.side import Side


@dataclass(frozen=True, kw_only=True)
class CurveAreas:
    """One test of one class.

    Attributes:
        auroc: Area under the ROC curve; None if there is no such test.
        precision: Average precision; None if there is no such test.
    """

    auroc: Number | None
    precision: Number | None

    @property
    def is_drawn(self) -> bool:
        """Whether there are enough images for a curve."""
        return self.auroc is not None and self.auroc.estimate.is_number

    @property
    def prevalence(self) -> float:
        """Share of images with the class; NaN where there is no curve."""
        return self.auroc.prevalence if self.auroc is not None and self.is_drawn else float("nan")


def areas(comparison: Comparison, *, finding: str, task: Task) -> dict[Side, CurveAreas]:
    """The areas of each test that the run has, each of the model that answers image by image there."""
    return {
        side: CurveAreas(
            auroc=_area(replace(comparison, model=test.model), side, metric="auroc", finding=finding, task=task),
            precision=_area(
                replace(comparison, model=test.model), side, metric="average_precision", finding=finding, task=task
            ),
        )
        for side, test in comparison.tests.items()
    }


def _area(comparison: Comparison, side: Side, *, metric: str, finding: str, task: Task) -> Number | None:
    rows = class_scores(comparison, metric=metric, task=task)
    return next((row.of(side) for row in rows if row.name == finding), None)
