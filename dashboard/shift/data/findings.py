"""Each finding: AUROC in both tests, what is reached at a threshold by a rule, and the verdict."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.results.class_scores import class_scores, score_rows
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row, number_rows
from dashboard.results.metrics import STATED, Number, numbers
from dashboard.results.pairs import Pair
from dashboard.results.runs import class_order
from dashboard.results.thresholds import PLACES, Place, offered_rules
from dashboard.results.verdicts import Verdict, verdicts
from dashboard.results.waterfalls import YOUDEN, GapParts, waterfalls

METRICS = ("recall", "specificity")


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """One finding.

    Attributes:
        name: What it is called.
        auroc: In both tests; None where it was not measured.
        at: By metric, what is reached at each place; one that was not measured is missing.
        youden: Its loss at Youden's threshold, taken apart; None where it was not.
        verdict: None where there is none.
    """

    name: str
    auroc: Pair | None
    at: Mapping[str, Mapping[Place, Number]]
    youden: GapParts | None
    verdict: Verdict | None

    @property
    def lost(self) -> float:
        """What it lost in AUROC; NaN where that is not estimable."""
        lost = None if self.auroc is None else self.auroc.lost
        return lost.value if lost is not None and lost.is_number else math.nan

    @property
    def is_estimable(self) -> bool:
        """Whether both tests have enough images with it and without it for a verdict."""
        return self.verdict is not None and self.verdict.ranking is not None


def rules(comparison: Comparison) -> dict[str, str]:
    """The rules that the run has numbers by, with what they are called."""
    return {rule: label for rule, label in offered_rules(comparison).items() if rule != STATED}


def findings(comparison: Comparison, *, rule: str) -> tuple[FindingRow, ...]:
    """Every finding that has a number: what lost most AUROC first, what is not estimable last, else in class order.

    Args:
        comparison: Which model and which tests.
        rule: By which thresholds are chosen.
    """
    places = {kind: place for place, kind in PLACES.items()}
    at: dict[str, dict[str, dict[Place, Number]]] = {}
    for row in _numbers(comparison, rule=rule):
        at.setdefault(str(row.finding), {}).setdefault(row.metric, {})[places[row.kind]] = row
    aurocs = {pair.name: pair for pair in class_scores(comparison, metric="auroc", task="finding")}
    apart = {each.finding: each for each in waterfalls(comparison) if each.scale == YOUDEN}
    judged = verdicts(comparison)
    rows = [
        FindingRow(name=name, auroc=aurocs.get(name), at=at[name], youden=apart.get(name), verdict=judged.get(name))
        for name in sorted(at, key=class_order(comparison.run))
    ]
    return tuple(sorted(rows, key=lambda row: (math.isnan(row.lost), -row.lost)))


def finding_rows(comparison: Comparison, *, rule: str) -> list[Row]:
    """AUROC in both tests, and every number by a rule, for a download."""
    at_rule = number_rows(comparison.run, _numbers(comparison, rule=rule))
    return score_rows(comparison, metric="auroc", task="finding") + at_rule


def _numbers(comparison: Comparison, *, rule: str) -> list[Number]:
    """In class order."""
    order = class_order(comparison.run)
    found = numbers(comparison, metrics=METRICS, task="finding", point=rule, is_local=True)
    shown = [row for row in found if row.finding is not None and row.kind in PLACES.values()]
    return sorted(shown, key=lambda row: (order(str(row.finding)), row.metric, row.place))
