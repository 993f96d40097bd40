"""Image: why this answer?"""

import streamlit as st

from dashboard import image_list, state, widgets, words
from dashboard.image.page import about, labels, nearest, original, picture
from dashboard.image.page.steps import leave, step
from dashboard.image.subject import ImageContext, image_context, shown_key
from dashboard.image.text.answer import BEYOND_CAP, OPENING, no_answer, why
from dashboard.image_list import ListPosition
from dashboard.results.comparison import Comparison
from dashboard.url_choice import url_choice

_HOW_TO_READ = """
On the left: **what the model saw**, a small square, drawn here in the shape of the original. Beside it, the same with
**saliency**: where the evidence for a class came from, by the model's own account. Bright is strong. The scale is that
of the strongest class in this image, so a weak class looks weak. A map of a ResNet-18 has 7 x 7 cells, and
what a cell sees lies half a cell up and to the left of it: read no finer than that.

**Probability**: the bar is the ensemble, the mean of its members; each tick is one member. Ticks far apart: the members
do not agree.

**Right** and **wrong** are judged by the reference standard: what the label policy makes of the readers' labels. It can
be wrong too; the labels below say who said what.

The arrow keys ← and → go to the previous and the next image of the list.
"""

_NOT_HERE = "No image is shown: the address asks for what is not here. Cases finds an image by its id."

_PARTS = {"nearest": "Nearest images", "labels": "Labels", "original": "Original file", "about": "About this image"}
_DRAWN = {"nearest": nearest.show, "labels": labels.show, "original": original.show, "about": about.show}


def show(comparison: Comparison) -> None:
    """Draws the page; without any image where the address asks for what is not here."""
    is_opening = state.asked("img") is None
    key = shown_key(comparison)
    part = state.choose("part", "the part of the page", _PARTS, default=next(iter(_PARTS)))
    in_list = image_list.list_position(comparison, key) if key is not None else None
    context = None if key is None or state.missed() else image_context(comparison, key)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="title_row"):
        widgets.title("Why this answer?", how_to_read=_HOW_TO_READ)
        if context is not None and in_list is not None:
            _show_walk(comparison, in_list)
    if state.missed():
        st.markdown(_NOT_HERE)
    elif context is None:
        st.markdown("This run holds no image that could be shown: it has no external test. Choose one in Cases.")
    else:
        _show_answer(context, is_opening=is_opening)
        picture.show(context)
        url_choice("part", "Part of the page", _PARTS)
        _DRAWN[part](context)


def _show_answer(context: ImageContext, *, is_opening: bool) -> None:
    if context.answer is None:
        st.markdown(no_answer(role=context.role, left_out=context.record.left_out))
    else:
        opening = OPENING if is_opening else ""
        cap = BEYOND_CAP if context.record.left_out == "cap" else ""
        st.markdown(" ".join(filter(None, (why(context.answer, context.truth), cap, opening))))


def _show_walk(comparison: Comparison, in_list: ListPosition) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", key="walk"):
        st.button(
            words.plain(f"Back to list: {in_list.label}"),
            key="back_to_list",
            type="tertiary",
            icon=":material/grid_view:",
            on_click=leave,
            args=(comparison,),
        )
        st.button(
            "Previous",
            key="previous",
            shortcut="Left",
            disabled=in_list.previous is None,
            on_click=step,
            args=(comparison, -1),
        )
        st.markdown(f"{in_list.position:,} of {in_list.total:,}", width="content")
        st.button(
            "Next", key="next", shortcut="Right", disabled=in_list.next is None, on_click=step, args=(comparison, 1)
        )
