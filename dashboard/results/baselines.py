"""Baselines: what takes no skill to reach on the same images."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from cxr_core.metrics.catalogue import records
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import Kind, numbers
from dashboard.results.runs import class_order

LINES = {record.name: record.label for record in records(scope="no_skill")}
"""From the stored name of an accuracy without a look at any image to what it is called."""

BEST_CONSTANT = "no_skill_best_constant"


@dataclass(frozen=True, kw_only=True)
class Baselines:
    """Accuracies without a look at any image.

    Attributes:
        lines: From their names in `LINES`, in [0, 1]; one that is not stored is missing.
        best_class: The class that is most frequent in this test; None if it is not stored.
        estimable: False if the test has too few images for any of these to be read as a number.
    """

    lines: Mapping[str, float]
    best_class: str | None
    estimable: bool

    @property
    def best_constant(self) -> float:
        """Always the class that is most frequent in this test; none of the others can be higher. NaN: not stored."""
        return self.lines.get(BEST_CONSTANT, math.nan)

    @property
    def edge(self) -> float | None:
        """Up to where an accuracy takes no skill; None where that is not known, or not estimable."""
        return self.best_constant if self.estimable and not math.isnan(self.best_constant) else None


def baselines(comparison: Comparison, *, kind: Kind) -> Baselines | None:
    """The no-skill lines of one test, or of the training images; None if the model has no such images."""
    found = [row for row in numbers(comparison, metrics=(*LINES, "recall")) if row.kind == kind]
    lines = {row.metric: row.estimate for row in found if row.finding is None}
    if not lines:
        return None
    order = class_order(comparison.run)
    positives = {row.finding: row.images for row in found if row.finding is not None and row.positives}
    return Baselines(
        lines={metric: line.value for metric, line in lines.items()},
        best_class=max(positives, key=lambda finding: (positives[finding], -order(finding)), default=None),
        estimable=all(line.estimable for line in lines.values()),
    )
