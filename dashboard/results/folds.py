"""Datasets on which a run in folds has one answer an image from all its networks together alone."""

import streamlit as st

from cxr_core.roles import pooled_ensemble
from dashboard.results.database import RunKey, ask

_POOLED = "SELECT DISTINCT dataset FROM metric WHERE model_id = $pooled"


@st.cache_data(max_entries=64, show_spinner=False)
def pooled(run: RunKey, *, model: str) -> frozenset[str]:
    """The datasets on which only all folds' networks together have one answer an image; none in a run without folds."""
    return frozenset(str(dataset) for (dataset,) in ask(run, _POOLED, {"pooled": pooled_ensemble(model)}))
