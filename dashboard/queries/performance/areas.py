"""The areas under the curves of one class at home and abroad, and whether there are enough images to draw them."""

from dataclasses import dataclass

from dashboard.queries.performance.classes import RANKED, ClassRow, Metric, Score, Task, by_class
from dashboard.results.comparison import Comparison
from dashboard.results.side import Side


@dataclass(frozen=True, kw_only=True)
class Areas:
    """One test of one class.

    Attributes:
        side: Which test.
        auroc: Area under the ROC curve; None if there is no such test.
        precision: Average precision; None if there is no such test.
    """

    side: Side
    auroc: Score | None
    precision: Score | None

    @property
    def is_drawn(self) -> bool:
        """Whether there are enough images for a curve."""
        return self.auroc is not None and self.auroc.estimate.is_number

    @property
    def prevalence(self) -> float:
        """Share of images with the class; NaN where there is no curve."""
        return self.auroc.prevalence if self.auroc is not None and self.is_drawn else float("nan")


def areas(comparison: Comparison, *, finding: str, task: Task) -> tuple[Areas, ...]:
    """The areas at home and, where the run has an external site, abroad."""
    row, other = (_row(comparison, finding=finding, metric=metric, task=task) for metric in RANKED)
    home = Areas(side=Side.INTERNAL, auroc=row.home if row else None, precision=other.home if other else None)
    if comparison.external_dataset is None:
        return (home,)
    abroad = Areas(side=Side.EXTERNAL, auroc=row.abroad if row else None, precision=other.abroad if other else None)
    return home, abroad


def _row(comparison: Comparison, *, finding: str, metric: Metric, task: Task) -> ClassRow | None:
    rows = by_class(comparison, metric=metric, task=task)
    return next((row for row in rows if row.finding == finding), None)
