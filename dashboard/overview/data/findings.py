"""The findings of a model that gives no single answer: what is said of each first, what changed most on top."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.results.class_scores import class_scores, score_gap_rows, score_rows
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row
from dashboard.results.holdings import holdings
from dashboard.results.pairs import Pair
from dashboard.results.side import Side


@dataclass(frozen=True, kw_only=True)
class FindingScores:
    """One finding.

    Attributes:
        name: What it is called.
        scores: AUROC, or of flags alone sensitivity and specificity, by their names in the catalogue.
    """

    name: str
    scores: Mapping[str, Pair]

    @property
    def change(self) -> float:
        """By how much it changed, in either direction, in what changed most; NaN where that is not estimable."""
        known = [abs(pair.lost.value) for pair in self.scores.values() if pair.lost is not None and pair.lost.is_number]
        return max(known, default=math.nan)

    def is_known(self, side: Side) -> bool:
        """Whether a test has images of which it is known, and of which the model says something."""
        return any((number := pair.of(side)) is not None and number.estimate.n > 0 for pair in self.scores.values())

    @property
    def lowest(self) -> float:
        """Its lowest score in any test; NaN where none is estimable."""
        known = [n.estimate.value for pair in self.scores.values() for n in pair.sides.values() if n.estimate.is_number]
        return min(known, default=math.nan)


def findings(comparison: Comparison) -> tuple[FindingScores, ...]:
    """Every finding: what changed most first, with one test the lowest first; what is not estimable last."""
    by_name: dict[str, dict[str, Pair]] = {}
    held = holdings(comparison)
    for metric in held.headline:
        for pair in class_scores(comparison, metric=metric, task="finding"):
            by_name.setdefault(pair.name, {})[metric] = pair
    found = [FindingScores(name=name, scores=scores) for name, scores in by_name.items()]
    rank = {each.name: -each.change if held.is_compared else each.lowest for each in found}
    return tuple(sorted(found, key=lambda each: (math.isnan(rank[each.name]), rank[each.name])))


def finding_rows(comparison: Comparison) -> list[Row]:
    """Every finding in both tests, for a download."""
    headline = holdings(comparison).headline
    return [row for metric in headline for row in score_rows(comparison, metric=metric, task="finding")]


def finding_gap_rows(comparison: Comparison) -> list[Row]:
    """What is lost of them, for a download."""
    headline = holdings(comparison).headline
    return [row for metric in headline for row in score_gap_rows(comparison, metric=metric, task="finding")]
