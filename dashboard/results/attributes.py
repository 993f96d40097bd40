"""Attributes: what a site knows of its images beside view, sex and age."""

import streamlit as st

from dashboard.results.database import RunKey, ask
from dashboard.results.images import Key

_NAMES = "SELECT DISTINCT name FROM attribute ORDER BY name LIMIT $limit"

_OF_IMAGE = """
    SELECT name, value FROM attribute WHERE dataset = $dataset AND image_id = $image ORDER BY name, value LIMIT $limit
"""

_MOST = 50
"""A stranger's file may hold any number of them."""


@st.cache_data(max_entries=64, show_spinner=False)
def names(run: RunKey) -> tuple[str, ...]:
    """The names of all attributes of a run, in the order of their letters."""
    return tuple(str(name) for (name,) in ask(run, _NAMES, {"limit": _MOST}))


@st.cache_data(max_entries=128, show_spinner=False)
def of_image(run: RunKey, *, key: Key) -> tuple[tuple[str, str], ...]:
    """Name and value of each attribute of an image; one that is not recorded is absent."""
    rows = ask(run, _OF_IMAGE, {"dataset": key[0], "image": key[1], "limit": _MOST})
    return tuple((str(name), str(value)) for name, value in rows)
