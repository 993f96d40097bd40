"""Image: why this answer?"""

import streamlit as st

from dashboard import state, walks, widgets, words
from dashboard.results.comparison import Comparison
from dashboard.results.images import Key
from dashboard.sentences.image import answer as sentences
from dashboard.views.image import about, labels, nearest, original, picture
from dashboard.views.image.shown import Shown, named_key, shown, shown_key
from dashboard.views.image.steps import leave, step

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

_PARTS = {"nearest": "Nearest images", "labels": "Labels", "original": "Original file", "about": "About this image"}
_DRAWN = {"nearest": nearest.show, "labels": labels.show, "original": original.show, "about": about.show}


def show(comparison: Comparison) -> None:
    """Draws the page."""
    named = named_key(comparison)
    key = named or shown_key(comparison)
    found = None if key is None else shown(comparison, key)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="title_row"):
        widgets.title("Why this answer?", how_to_read=_HOW_TO_READ)
        if found is not None:
            _show_walk(comparison, found.key)
    if found is None:
        st.markdown("This run holds no image that could be shown: it has no external test. Choose one in Cases.")
        return
    if named is None and state.asked("img") is not None:
        widgets.trouble("The address asks for an image that this run does not hold. Another one is shown.")
    _show_answer(found, is_opening=named is None)
    picture.show(found)
    part = widgets.choice("part", "More about this image", _PARTS)
    _DRAWN[part](found)


def _show_answer(found: Shown, *, is_opening: bool) -> None:
    if found.answer is None:
        st.markdown(sentences.not_asked(left_out=found.record.left_out))
    else:
        opening = sentences.OPENING if is_opening else ""
        cap = sentences.BEYOND_CAP if found.record.left_out == "cap" else ""
        st.markdown(" ".join(filter(None, (sentences.why(found.answer, found.truth), cap, opening))))


def _show_walk(comparison: Comparison, key: Key) -> None:
    walk = walks.walk(comparison, key)
    if walk is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", key="walk"):
        st.button(
            words.plain(walk.label),
            key="back_to_list",
            type="tertiary",
            icon=":material/grid_view:",
            help="Back to the list",
            on_click=leave,
            args=(comparison,),
        )
        st.button(
            "Previous",
            key="previous",
            shortcut="Left",
            disabled=walk.previous is None,
            on_click=step,
            args=(comparison, -1),
        )
        st.markdown(f"{walk.position:,} of {walk.total:,}", width="content")
        st.button("Next", key="next", shortcut="Right", disabled=walk.next is None, on_click=step, args=(comparison, 1))
