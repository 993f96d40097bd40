"""The runs of a results folder as a table of links."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.components.load import load

_KEY = "run_list"
_HTML = "<table></table>"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One run, in plain text; what is not known is empty.

    Attributes:
        id: Its name in the address.
        href: Where its link leads.
        name: As it is shown.
        day: When it was complete.
        sites: From where to where it was tested.
        images: How many each test has.
        is_synthetic: Whether a computer drew images of it.
        headline: The number that stands for it.
        state: Why there is none.
    """

    id: str
    href: str
    name: str
    day: str
    sites: str
    images: str
    is_synthetic: bool
    headline: str
    state: str


def run_list(rows: Sequence[Row], *, on_open: Callable[[str], None]) -> None:
    """Draws the table.

    Args:
        rows: From the top.
        on_open: Called with the id of the run that was clicked, before the next run of the script.
    """
    known = {row.id for row in rows}

    def opened() -> None:
        target = st.session_state[_KEY].opened
        if target in known:
            on_open(target)

    load(__name__, html=_HTML, shared=("element", "links"))(
        key=_KEY, data={"rows": [asdict(row) for row in rows]}, on_opened_change=opened
    )
