"""The areas under the curves of one class in both tests, and whether there are enough images to draw them."""

from dataclasses import dataclass, replace

from cxr_core.metrics.record import Task
from dashboard.results.class_scores import class_scores
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from dashboard.results.side import Side

_METRICS = ("auroc", "average_precision")


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


def gaps(comparison: Comparison, *, finding: str, task: Task) -> dict[str, Pair | None]:
    """Both areas in both tests with what is lost of them, by their metric's name; None for a class without numbers.

    Where networks of all folds answer image by image, the curves are of these, and there is no gap: it would be of
    unlike numbers of networks.
    """
    return {metric: _pair(comparison, metric=metric, finding=finding, task=task) for metric in _METRICS}


def _pair(comparison: Comparison, *, metric: str, finding: str, task: Task) -> Pair | None:
    own = {
        side: _area(replace(comparison, model=test.model), side, metric=metric, finding=finding, task=task)
        for side, test in comparison.tests.items()
    }
    rows = class_scores(comparison, metric=metric, task=task)
    lost = next((row.lost for row in rows if row.name == finding), None)
    if not any(own.values()):
        return None
    return Pair(
        name=finding,
        internal=own.get(Side.INTERNAL),
        external=own.get(Side.EXTERNAL),
        lost=None if comparison.pooled_sites else lost,
    )


def _area(comparison: Comparison, side: Side, *, metric: str, finding: str, task: Task) -> Number | None:
    rows = class_scores(comparison, metric=metric, task=task)
    return next((row.of(side) for row in rows if row.name == finding), None)
