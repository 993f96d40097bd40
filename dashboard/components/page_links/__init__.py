"""The row of page links, under the product's name."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.components.load import load

_KEY = "page_links"
_HTML = '<div class="row"><span class="product">Second Site</span><nav aria-label="Pages"></nav></div>'


def page_links(
    pages: Mapping[str, str], *, current: str, comparison: Mapping[str, str], on_open: Callable[[str], None]
) -> None:
    """Draws the links, completes the address bar without a step in the history, and keeps the focus of the keyboard.

    Args:
        pages: From the id of each page, as in the address, to its title, in order.
        current: The id of the page that is shown.
        comparison: The rest of the address, which every link keeps.
        on_open: Called with the id of the page that was clicked, before the next run of the script.
    """

    def opened() -> None:
        target = st.session_state[_KEY].opened
        if target in pages:
            on_open(target)

    load(__name__, html=_HTML, shared=("links", "focus"))(
        key=_KEY,
        data={
            "pages": [{"id": page, "title": title} for page, title in pages.items()],
            "current": current,
            "comparison": dict(comparison),
            # Each change of the address draws the links anew, and with them completes it.
            "address": st.query_params.to_dict(),
        },
        on_opened_change=opened,
    )
