"""The regime of an ensemble: what it was trained on."""

import streamlit as st

from dashboard.results.configurations import Regime
from dashboard.results.database import RunKey, ask


@st.cache_data(max_entries=64, show_spinner=False)
def regime(run: RunKey, model: str) -> Regime:
    """``full`` if it was trained on all source images, else ``split``."""
    rows = ask(run, "SELECT regime FROM model WHERE model_id = $model", {"model": model})
    return "full" if ("full",) in rows else "split"
