"""Whether the ranking or the threshold of a finding is lost: one reader of the table `verdict`."""

from dataclasses import dataclass

import streamlit as st

from dashboard.results.comparison import Comparison
from dashboard.results.database import ask

_SQL = """
    SELECT finding, ranking, threshold FROM verdict
    WHERE model_id = $model AND internal_dataset = $internal_dataset AND internal_policy = $internal_policy
        AND external_dataset = $external_dataset AND external_policy = $external_policy
"""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Of one finding.

    Attributes:
        ranking: ``lost``, ``slightly lost``, ``kept`` or ``undecided``; None: not estimable, as the next.
        threshold: ``lost``, ``kept`` or ``undecided``.
    """

    ranking: str | None
    threshold: str | None


@st.cache_data(max_entries=64, show_spinner=False)
def verdicts(comparison: Comparison) -> dict[str, Verdict]:
    """By finding; one that was not compared, as under other policies than the primary ones, is missing."""
    return {
        str(finding): Verdict(
            ranking=None if ranking is None else str(ranking), threshold=None if threshold is None else str(threshold)
        )
        for finding, ranking, threshold in ask(
            comparison.run, _SQL, {"model": comparison.model, **comparison.parameters()}
        )
    }
