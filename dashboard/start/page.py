"""Start: which run?"""

from urllib.parse import urlencode

import streamlit as st

from dashboard import state
from dashboard.components.run_list import run_list
from dashboard.results import runs
from dashboard.start import text


def show(*, page: str) -> None:
    """Draws the page.

    Args:
        page: What a run is opened at, as in the address.
    """
    found = runs.found_runs()
    st.title("Which run?", anchor=False)
    st.markdown(text.heading(len(found)))
    rows = [text.row(run, href=f"?{urlencode({'run': run.name, 'page': page})}") for run in found]
    run_list(rows, on_open=lambda name: state.open_page(page, {"run": name}))
