"""Controls whose choice stands in the address: one of a few or of many, one or none, and a list of the header."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from dashboard import state, words
from dashboard.notation import MANY

_WIDTHS_PX = {
    "run": 310,
    "model": 190,
    "internal": 280,
    "internal_policy": 265,
    "external": 260,
    "external_policy": 300,
}

_LIST_PX = 330

_ANY = ""
"""Stands in a list for no pick; an empty choice would be told in the library's own words."""


def url_choice(
    key: str,
    label: str,
    options: Mapping[str, str] | Sequence[str],
    *,
    default: str | None = None,
    clears: Sequence[str] = (),
) -> str:
    """One of a few, side by side, or of many, in a list; what is chosen stands in the address, but for the default.

    Args:
        key: The key in the address.
        label: What is chosen, for screen readers.
        options: From what the address says to what the page says, in plain text, or both at once.
        default: What is shown when the address asks for nothing that exists; else the first.
        clears: Keys that a choice takes out of the address, since they depend on it.

    Returns:
        The option that is shown.
    """
    texts = options if isinstance(options, Mapping) else {option: option for option in options}
    fallback = default if default is not None else next(iter(texts))
    asked = state.asked(key)
    shown = asked if asked is not None and asked in texts else fallback
    widget = f"choose_{key}"
    st.session_state[widget] = shown
    changed = partial(_chosen, key, widget, fallback, tuple(clears))
    if len(texts) > MANY:
        st.selectbox(
            label,
            list(texts),
            key=widget,
            format_func=texts.__getitem__,
            label_visibility="collapsed",
            width=_LIST_PX,
            on_change=changed,
        )
    else:
        st.segmented_control(
            label,
            list(texts),
            key=widget,
            format_func=lambda option: words.plain(texts[option]),
            label_visibility="collapsed",
            required=True,
            on_change=changed,
        )
    return shown


def url_choice_optional(
    key: str,
    label: str,
    options: Mapping[str, str],
    *,
    any_text: str = "any",
    width: int | None = None,
    clears: Sequence[str] = (),
) -> str | None:
    """One of many, or any of them; what is picked stands in the address.

    Args:
        key: The key in the address.
        label: What is picked, above the box.
        options: From what the address says to what the page says.
        any_text: What stands for no pick.
        width: Of the box, px; as wide as its place without.
        clears: Keys that a pick takes out of the address, since they depend on it.

    Returns:
        The option that is picked; None for any.
    """
    asked = state.asked(key)
    shown = asked if asked in options else None
    widget = f"pick_{key}"
    st.session_state[widget] = shown or _ANY
    texts = {_ANY: any_text, **options}
    st.selectbox(
        label,
        list(texts),
        key=widget,
        format_func=texts.__getitem__,
        width="stretch" if width is None else width,
        on_change=_chosen,
        args=(key, widget, _ANY, tuple(clears)),
    )
    return shown


def url_choice_list(
    key: str,
    label: str,
    options: Sequence[str],
    *,
    shown: str,
    written: Callable[[str], str],
    clears: Sequence[str] = (),
) -> None:
    """A list to pick from; the pick goes to the address. Draws nothing where there is nothing to choose.

    Args:
        key: The key in the address.
        label: What is picked, for screen readers.
        options: What can be picked.
        shown: The option that the page shows now, as the address says.
        written: How an option is written.
        clears: Keys that a pick takes out of the address, since they depend on it.
    """
    if len(options) < 2:
        return
    widget = f"pick_{key}"
    st.session_state[widget] = shown
    st.selectbox(
        label,
        options,
        key=widget,
        format_func=written,
        label_visibility="collapsed",
        width=_WIDTHS_PX[key],
        on_change=_picked,
        args=(key, tuple(clears)),
    )


def _chosen(key: str, widget: str, default: str, clears: tuple[str, ...]) -> None:
    chosen = st.session_state[widget]
    state.go({key: None if chosen == default else str(chosen), **dict.fromkeys(clears)})


def _picked(key: str, clears: tuple[str, ...]) -> None:
    state.go({key: str(st.session_state[f"pick_{key}"]), **dict.fromkeys(clears)})
