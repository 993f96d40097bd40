"""From which score on a finding is called present, and where that was chosen."""

from collections.abc import Mapping

import streamlit as st

from dashboard.results.comparison import Comparison
from dashboard.results.database import RunKey, ask, number
from dashboard.results.metrics import STATED

RULES: Mapping[str, str] = {
    STATED: "stated",
    "youden": "Youden",
    "sensitivity=0.90": "sensitivity 90\u00a0%",
    "specificity=0.90": "specificity 90\u00a0%",
}
"""From an operating point as it is stored to what it is called."""

ChosenOn = tuple[str, str]
"""The dataset, and the role of its images."""

_SQL = "SELECT finding, value FROM threshold WHERE model_id = $model AND operating_point = $point"

_CHOSEN_ON = """
    SELECT DISTINCT chosen_on.dataset, chosen_on.role FROM threshold
    WHERE model_id = $model AND operating_point = $point AND chosen_on IS NOT NULL ORDER BY ALL
"""

_POINTS = """
    SELECT DISTINCT operating_point FROM metric
    WHERE model_id = $model AND task = 'finding' AND metric = 'recall' AND (
        (role = 'internal_test' AND dataset = $internal_dataset AND policy = $internal_policy)
        OR (role = 'external_test' AND dataset = $external_dataset AND policy = $external_policy))
"""


@st.cache_data(max_entries=64, show_spinner=False)
def thresholds(run: RunKey, *, model: str, point: str = STATED) -> dict[str, float]:
    """The threshold of each finding at an operating point; one that has none, as under flags, is missing."""
    return {str(name): number(value) for name, value in ask(run, _SQL, {"model": model, "point": point})}


@st.cache_data(max_entries=64, show_spinner=False)
def chosen_on(run: RunKey, *, model: str, point: str) -> tuple[ChosenOn, ...]:
    """The images that the thresholds of an operating point were chosen on; none where they came with the scores."""
    rows = ask(run, _CHOSEN_ON, {"model": model, "point": point})
    return tuple((str(dataset), str(role)) for dataset, role in rows)


@st.cache_data(max_entries=64, show_spinner=False)
def offered_rules(comparison: Comparison) -> dict[str, str]:
    """The operating points that a model has numbers at, and what they are called; the stated one first."""
    rows = ask(comparison.run, _POINTS, {"model": comparison.model, **comparison.parameters()})
    found = {point for (point,) in rows}
    return {point: label for point, label in RULES.items() if point in found}
