"""From which score on a finding is called present."""

import streamlit as st

from dashboard.results.database import RunKey, ask, number
from dashboard.results.metrics import STATED

_SQL = "SELECT finding, value FROM threshold WHERE model_id = $model AND operating_point = $point"


@st.cache_data(max_entries=64, show_spinner=False)
def thresholds(run: RunKey, *, model: str) -> dict[str, float]:
    """The stated threshold of each finding; one that has none, as under flags, is missing."""
    return {str(name): number(value) for name, value in ask(run, _SQL, {"model": model, "point": STATED})}
