"""Image: why this answer?"""

import streamlit as st

from dashboard import image_list, state, widgets, words
from dashboard.image.page import about, labels, nearest, original, picture
from dashboard.image.page.steps import leave, step
from dashboard.image.subject import ImageContext, image_context, shown_key
from dashboard.image.text import findings
from dashboard.image.text.answer import BEYOND_CAP, OPENING, no_answer, why
from dashboard.image_list import ListPosition
from dashboard.notation import told_of
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import Holdings, holdings
from dashboard.results.model import about as about_model
from dashboard.text.model import networks
from dashboard.url_choice import url_choice

_SALIENCY = (
    "Right: where the evidence for a class came from, its colour scaled to the image's strongest class; lines: 50 and "
    "80 % of its own peak (cross). "
)
_BARS = {
    "classes": "Bar: ensemble; ticks: members. ",
    "findings": "Bar: score; dashed: threshold; ticks: members. ",
    "flags": "A flag: what the model says is there. ",
}
_ZOOM = "Ctrl and wheel, or + and - on a focused picture, zoom; dragging pans; 0 or a double click resets. "

_HOW_TO_READ = {
    f"{bars}, {saliency}": f"Left: what the model saw. {shown}{said}{_ZOOM}← → walk the list."
    for bars, said in _BARS.items()
    for saliency, shown in (("saliency", _SALIENCY), ("no saliency", ""))
} | {f"{bars}, no picture": f"{said}← → walk the list." for bars, said in _BARS.items()}
"""From what the page shows to how it is read."""

_NOT_HERE = "No image is shown: the address asks for what is not here. Cases finds an image by its id."

_NONE = "This run holds no image that could be shown: it has no external test. Choose one in Cases."

_PARTS = {"nearest": "Nearest images", "labels": "Labels", "original": "Original file", "about": "About this image"}
_DRAWN = {"nearest": nearest.show, "labels": labels.show, "original": original.show, "about": about.show}


def show(comparison: Comparison) -> None:
    """Draws the page; without any image where the address asks for what is not here."""
    is_opening = state.asked("img") is None
    key = shown_key(comparison)
    parts = _parts(comparison)
    part = state.choose("part", "the part of the page", parts, default=next(iter(parts)))
    in_list = image_list.list_position(comparison, key) if key is not None else None
    context = None if key is None or state.missed() else image_context(comparison, key)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="title_row"):
        widgets.title("Why this answer?", how_to_read=_HOW_TO_READ[_shown(holdings(comparison))])
        if context is not None and in_list is not None:
            _show_walk(comparison, in_list)
    if state.missed():
        st.markdown(told_of(comparison.noun, _NOT_HERE))
    elif context is None:
        st.markdown(told_of(comparison.noun, _NONE))
    else:
        _show_answer(context, is_opening=is_opening)
        if not holdings(comparison).is_brought:
            st.caption(networks(about_model(comparison), site=comparison.site))
        picture.show(context)
        url_choice("part", "Part of the page", parts)
        _DRAWN[part](context)


def _shown(held: Holdings) -> str:
    bars = "findings" if held.has_scores else "flags"
    pictures = "saliency" if held.has_saliency or not held.is_brought else "no saliency"
    return f"{bars if held.has_findings else 'classes'}, {pictures if held.has_pictures else 'no picture'}"


def _parts(comparison: Comparison) -> dict[str, str]:
    """Neighbours are by features, which brought models lack; without files there is no original."""
    held = holdings(comparison)
    gone = {*(["nearest"] if held.is_brought else []), *([] if held.has_pictures else ["original"])}
    return {name: told_of(comparison.noun, title) for name, title in _PARTS.items() if name not in gone}


def _show_answer(context: ImageContext, *, is_opening: bool) -> None:
    if context.findings is not None:
        st.markdown(findings.why(context.findings, context.truth))
    elif context.answer is None:
        st.markdown(told_of(context.noun, no_answer(role=context.role, left_out=context.record.left_out)))
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
