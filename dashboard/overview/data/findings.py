"""The findings of a model that gives no single answer: what is said of each first, what changed most on top."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.results.class_scores import class_scores, mean_score, score_gap_rows, score_rows
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row, gap_rows, number_rows
from dashboard.results.holdings import holdings
from dashboard.results.metrics import numbers
from dashboard.results.pairs import Pair
from dashboard.results.runs import choices


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


def means(comparison: Comparison) -> dict[str, dict[str, Pair]]:
    """By model, the means over findings of what is said first, by metric: all models on the same tests."""
    found: dict[str, dict[str, Pair]] = {}
    for model in choices(comparison.run).models:
        of_model = replace(comparison, model=model)
        own = {metric: mean_score(of_model, metric=metric) for metric in holdings(of_model).headline}
        found[model] = {metric: pair for metric, pair in own.items() if pair is not None}
    return {model: own for model, own in found.items() if own}


def finding_rows(comparison: Comparison) -> list[Row]:
    """Every finding and the means over them in both tests, for a download."""
    means_of = (row for row in numbers(comparison, metrics=_means(comparison), task="finding") if row.kind != "train")
    rows = number_rows(comparison.run, means_of)
    for metric in holdings(comparison).headline:
        rows += score_rows(comparison, metric=metric, task="finding")
    return rows


def finding_gap_rows(comparison: Comparison) -> list[Row]:
    """What is lost of them, for a download."""
    rows = gap_rows(comparison, numbers(comparison, metrics=_means(comparison), task="finding"))
    for metric in holdings(comparison).headline:
        rows += score_gap_rows(comparison, metric=metric, task="finding")
    return rows


def _means(comparison: Comparison) -> tuple[str, ...]:
    return tuple(f"macro_{metric}" for metric in holdings(comparison).headline)
