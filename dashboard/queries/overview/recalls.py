"""Which classes are lost on the way, and which are kept."""

from dataclasses import dataclass

import streamlit as st

from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.runs import Value, ask, class_order, number

_SQL = """
    WITH recall AS (
        SELECT finding, role, value, n_positive, not_estimable FROM metric
        WHERE model_id = $model AND task = 'single_class' AND stratum = 'all' AND metric = 'recall'
            AND finding IS NOT NULL
            AND ((role = 'internal_test' AND dataset = $internal_dataset AND policy = $internal_policy)
                OR (role = 'external_test' AND dataset = $external_dataset AND policy = $external_policy))
    )
    SELECT finding, home.value, abroad.value, home.n_positive, abroad.n_positive,
        gap.value, gap.low, gap.high, gap.not_estimable OR home.not_estimable OR abroad.not_estimable
    FROM (FROM recall WHERE role = 'internal_test') AS home
    JOIN (FROM recall WHERE role = 'external_test') AS abroad USING (finding)
    JOIN gap USING (finding)
    WHERE gap.model_id = $model AND gap.task = 'single_class' AND gap.stratum = 'all' AND gap.metric = 'recall'
        AND internal_dataset = $internal_dataset AND internal_policy = $internal_policy
        AND external_dataset = $external_dataset AND external_policy = $external_policy
"""


@dataclass(frozen=True, kw_only=True)
class RecallLost:
    """One class at both sites.

    Attributes:
        finding: The class.
        home: Recall in the internal test, in [0, 1]; NaN without positives.
        abroad: Recall in the external test.
        lost: Home minus abroad.
        positives_home: Images of this class in the internal test.
        positives_abroad: Images of this class in the external test.
    """

    finding: str
    home: float
    abroad: float
    lost: Estimate
    positives_home: int
    positives_abroad: int


@dataclass(frozen=True, kw_only=True)
class Recalls:
    """The classes worth naming.

    Attributes:
        lost: The two that lose most, of those that clearly lose (interval above 0), the larger first.
        kept: The one that loses least, unless it is named as lost already; None if there is none.
        too_few: Those with too few positives at one of the sites, in class order.
    """

    lost: tuple[RecallLost, ...]
    kept: RecallLost | None
    too_few: tuple[RecallLost, ...]


@st.cache_data(max_entries=64, show_spinner=False)
def recalls(comparison: Comparison) -> Recalls:
    """What each class loses of its recall; nothing is named if the model has no internal or no external test."""
    rows = [
        _recall_lost(row) for row in ask(comparison.run, _SQL, {**comparison.parameters(), "model": comparison.model})
    ]
    order = class_order(comparison.run)
    rows.sort(key=lambda row: order(row.finding))
    by_loss = sorted((row for row in rows if row.lost.is_number), key=lambda row: -row.lost.value)
    # The last one is the one kept best; it is lost as well only where no other class can be compared.
    lost = [row for row in (by_loss[:-1] or by_loss) if row.lost.low > 0]
    return Recalls(
        lost=tuple(lost[:2]),
        kept=by_loss[-1] if by_loss and by_loss[-1] not in lost else None,
        too_few=tuple(row for row in rows if not row.lost.is_number),
    )


def _recall_lost(row: tuple[Value, ...]) -> RecallLost:
    finding, home, abroad, positives_home, positives_abroad, value, low, high, not_estimable = row
    return RecallLost(
        finding=str(finding),
        home=number(home),
        abroad=number(abroad),
        lost=Estimate(value=number(value), low=number(low), high=number(high), n=0, estimable=not not_estimable),
        positives_home=int(positives_home or 0),
        positives_abroad=int(positives_abroad or 0),
    )
