"""Each finding: AUROC in both tests, what is reached at a threshold by a rule, and the verdict."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

from dashboard.notation import Estimate
from dashboard.results import downloads
from dashboard.results.class_scores import class_scores, score_rows
from dashboard.results.comparison import Comparison
from dashboard.results.database import Value, ask, number
from dashboard.results.downloads import Row
from dashboard.results.pairs import Pair
from dashboard.results.runs import class_order
from dashboard.results.verdicts import Verdict, verdicts
from dashboard.results.waterfalls import YOUDEN, GapParts, waterfalls

Place = Literal["internal", "carried", "local"]
"""Where a threshold is judged: internally; externally, carried there as it is; externally, chosen there."""

METRICS = ("recall", "specificity")

RULES = {
    "youden": "Youden's rule",
    "sensitivity=0.90": "sensitivity 90\u00a0%",
    "specificity=0.90": "specificity 90\u00a0%",
}
"""From a rule as it is stored to what it is called."""

_PLACES: Mapping[str, Place] = {"internal_test": "internal", "external_test": "carried", "external_adapted": "local"}

_SQL = """
    SELECT operating_point, finding, metric, role, model_id, dataset, policy,
        value, low, high, n, n_positive, n_effective, not_estimable
    FROM metric
    WHERE task = 'finding' AND stratum = 'all' AND finding IS NOT NULL AND metric IN (SELECT unnest($metrics))
        AND operating_point IN (SELECT unnest($rules)) AND (
        (model_id = $model AND role = 'internal_test' AND dataset = $internal_dataset AND policy = $internal_policy)
        OR (dataset = $external_dataset AND policy = $external_policy AND (
            (model_id = $model AND role = 'external_test')
            OR (model_id = $model || '+local' AND role = 'external_adapted'))))
"""


@dataclass(frozen=True, kw_only=True)
class AtRule:
    """A number at a threshold by a rule.

    Attributes:
        estimate: Its value.
        positives: Images with the finding.
        row: The same for a download.
    """

    estimate: Estimate
    positives: int
    row: Row = field(repr=False)


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
    at: Mapping[str, Mapping[Place, AtRule]]
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
    held = {rule for rule, *_ in _numbers(comparison)}
    return {rule: label for rule, label in RULES.items() if rule in held}


def findings(comparison: Comparison, *, rule: str) -> tuple[FindingRow, ...]:
    """Every finding that has a number: what lost most AUROC first, what is not estimable last, else in class order.

    Args:
        comparison: Which model and which tests.
        rule: By which thresholds are chosen.
    """
    at: dict[str, dict[str, dict[Place, AtRule]]] = {}
    for (of_rule, finding, metric, place), found in _numbers(comparison).items():
        if of_rule == rule:
            at.setdefault(finding, {}).setdefault(metric, {})[place] = found
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
    numbers = [found.row for (of_rule, *_), found in _numbers(comparison).items() if of_rule == rule]
    return score_rows(comparison, metric="auroc", task="finding") + numbers


@st.cache_data(max_entries=64, show_spinner=False)
def _numbers(comparison: Comparison) -> dict[tuple[str, str, str, Place], AtRule]:
    given = {
        "model": comparison.model, **comparison.parameters(), "metrics": METRICS, "rules": tuple(RULES),
    }  # fmt: skip
    order = class_order(comparison.run)
    rows = sorted(ask(comparison.run, _SQL, given), key=lambda row: (order(str(row[1])), str(row[2]), str(row[3])))
    return {
        (str(rule), str(finding), str(metric), _PLACES[str(role)]): _at_rule(
            comparison, (rule, finding, metric, role), rest
        )
        for rule, finding, metric, role, *rest in rows
    }


def _at_rule(comparison: Comparison, key: tuple[Value, ...], rest: list[Value]) -> AtRule:
    rule, finding, metric, role = map(str, key)
    model, dataset, policy, value, low, high, n, positives, worth, few = rest
    estimate = Estimate(
        value=number(value),
        low=number(low),
        high=number(high),
        n=int(number(n)),
        n_effective=number(worth),
        estimable=not few,
    )
    row = {
        **downloads.beginning(comparison.run, model=str(model), dataset=str(dataset), role=role, policy=str(policy)),
        **downloads.number(
            estimate,
            metric=metric,
            finding=finding,
            task="finding",
            n_positive=int(number(positives or 0)),
            operating_point=rule,
        ),
    }
    return AtRule(estimate=estimate, positives=int(number(positives or 0)), row=row)
