"""The search for an image or a patient by an id."""

import streamlit as st

from dashboard import state, words
from dashboard.asked_cases import AskedCases
from dashboard.cases import text
from dashboard.notation import told_of
from dashboard.results.case_ids import images_of
from dashboard.results.comparison import Comparison

_PX = 300
_ID = "find_id"


def show(asked: AskedCases) -> None:
    """Draws the field."""
    noun = asked.test.noun
    st.session_state[_ID] = asked.wanted.id or ""
    st.text_input(
        told_of(noun, "image or patient id"),
        key=_ID,
        type="search",
        placeholder=told_of(noun, "Find an image or patient id"),
        label_visibility="collapsed",
        width=_PX,
        help=text.ID_HELP.format(lookup=words.command("lookup RUN ID")),
        on_change=_go,
    )


def show_elsewhere(comparison: Comparison, asked: AskedCases) -> None:
    """The way to an image that the run holds and the list does not."""
    wanted, noun = asked.wanted, asked.test.noun
    found = images_of(comparison.run, id=wanted.id) if wanted.id else ()
    if not found:
        return
    (dataset, image), *_ = found
    st.markdown(text.elsewhere(len(found), is_image=image == wanted.id, noun=noun), width="content")
    st.button(
        told_of(noun, "Open the image") if image == wanted.id else "Open the first",
        type="tertiary",
        icon=":material/arrow_forward:",
        icon_position="right",
        on_click=state.open_page,
        args=("image", comparison.address(), {"of": dataset, "img": image}),
    )


def _go() -> None:
    state.go({"id": str(st.session_state[_ID] or "").strip() or None, "part": None})
