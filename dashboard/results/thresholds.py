"""From which score on a finding is called present, and where that was chosen."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from cxr_core.roles import local_model
from dashboard.results.comparison import Comparison
from dashboard.results.database import RunKey, ask, number
from dashboard.results.metrics import STATED, Kind

RULES: Mapping[str, str] = {
    STATED: "stated",
    "youden": "Youden's rule",
    "sensitivity=0.90": "sensitivity 90\u00a0%",
    "specificity=0.90": "specificity 90\u00a0%",
}
"""From an operating point as it is stored to what it is called."""

Place = Literal["internal", "carried", "local"]
"""In the internal test; in the external test at the same threshold; there at one that its patients gave."""

PLACES: Mapping[Place, Kind] = {
    "internal": "internal_test",
    "carried": "external_test",
    "local": "external_adapted",
}
"""In their order, with what their numbers are of."""

ChosenOn = tuple[str, str]
"""The dataset, and the role of its images."""

_SQL = "SELECT finding, value FROM threshold WHERE model_id = $model AND operating_point = $point"

_CHOSEN_ON = """
    SELECT DISTINCT chosen_on.dataset, chosen_on.role FROM threshold
    WHERE model_id = $model AND operating_point = $point AND chosen_on IS NOT NULL ORDER BY ALL
"""

_POINTS = """
    SELECT DISTINCT operating_point FROM metric
    WHERE task = 'finding' AND metric = 'recall' AND (
        (model_id = $model AND role = 'internal_test' AND dataset = $internal_dataset AND policy = $internal_policy)
        OR (dataset = $external_dataset AND policy = $external_policy
            AND (model_id, role) IN (($model, 'external_test'), ($local, 'external_adapted'))))
"""


@st.cache_data(max_entries=64, show_spinner=False)
def thresholds(run: RunKey, *, model: str, point: str = STATED) -> dict[str, float]:
    """The threshold of each finding at an operating point; one that has none, as under flags, is missing."""
    return {str(name): number(value) for name, value in ask(run, _SQL, {"model": model, "point": point})}


@st.cache_data(max_entries=64, show_spinner=False)
def chosen_on(comparison: Comparison, *, point: str, is_local: bool = False) -> tuple[ChosenOn, ...]:
    """The images that the thresholds of an operating point were chosen on; none where they came with the scores.

    Args:
        comparison: Of which model.
        point: The operating point.
        is_local: Whether those of the model fitted to local patients are asked for.
    """
    model = local_model(comparison.model) if is_local else comparison.model
    rows = ask(comparison.run, _CHOSEN_ON, {"model": model, "point": point})
    return tuple((str(dataset), str(role)) for dataset, role in rows)


@st.cache_data(max_entries=64, show_spinner=False)
def offered_rules(comparison: Comparison) -> dict[str, str]:
    """The operating points with numbers of a model, or of its local thresholds, by name; the stated one first."""
    models = {"model": comparison.model, "local": local_model(comparison.model)}
    rows = ask(comparison.run, _POINTS, {**models, **comparison.parameters()})
    found = {point for (point,) in rows}
    return {point: label for point, label in RULES.items() if point in found}
