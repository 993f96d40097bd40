"""Controls whose choice stands in the address. What the address asks for in vain is noted, and said above the page."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

import streamlit as st

from dashboard import state, words
from dashboard.address_values import joined
from dashboard.notation import MANY

Look = Literal["row", "list", "field"]
"""``row``: side by side, many in a list. ``list``: a list without its label. ``field``: a list below its label."""

_FIELD_PX = 220
_WHOLE = 100
_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")
_LETTER_PX = 5.3
_FRAME_PX = 82
_LIST_PX = (150, 420)
"""From the narrowest to the widest list."""


def url_choice(
    key: str,
    label: str,
    options: Mapping[str, str] | Sequence[str],
    *,
    default: str | None = None,
    clears: Sequence[str] = (),
    look: Look = "row",
    what: str | None = None,
) -> str:
    """One of several options; what is chosen stands in the address, but for the default.

    Args:
        key: The key in the address.
        label: What is chosen; read to those who do not see the page where it is not drawn.
        options: From what the address says to what the page says, in plain text, or both at once.
        default: What is shown when the address asks for nothing that is offered; else the first.
        clears: Keys that a choice takes out of the address, since they depend on it.
        look: How it is drawn.
        what: What is chosen, in a sentence; by default the label behind ``the``.

    Returns:
        The option that is shown.
    """
    texts = options if isinstance(options, Mapping) else {option: option for option in options}
    fallback = default if default is not None else next(iter(texts))
    shown = state.choose(key, what or f"the {label[:1].lower()}{label[1:]}", texts, default=fallback)
    widget = f"choose_{key}" if look == "row" else f"pick_{key}"
    st.session_state[widget] = shown
    changed = partial(_chosen, key, widget, fallback, tuple(clears))
    if look == "row" and len(texts) <= MANY:
        st.segmented_control(
            label,
            list(texts),
            key=widget,
            format_func=lambda option: words.plain(texts[option]),
            label_visibility="collapsed",
            required=True,
            on_change=changed,
        )
    else:
        st.selectbox(
            label,
            list(texts),
            key=widget,
            format_func=texts.__getitem__,
            label_visibility="visible" if look == "field" else "collapsed",
            width="stretch" if look == "field" else _width_px(texts),
            on_change=changed,
        )
    return shown


def url_choices(
    key: str, label: str, options: Mapping[str, str], *, what: str, clears: Sequence[str] = ()
) -> tuple[str, ...]:
    """Any number of several options; none stands for all, and leaves the address.

    Args:
        key: The key in the address.
        label: What is chosen; above the control, in Markdown.
        options: From what the address says to what the page says, in plain text.
        what: What is chosen, in a sentence, as ``the view``.
        clears: Keys that a choice takes out of the address, since they depend on it.

    Returns:
        The options that are chosen.
    """
    shown = state.choose_several(key, what, options)
    widget = f"pick_{key}"
    st.session_state[widget] = list(shown)
    st.multiselect(
        label,
        list(options),
        key=widget,
        format_func=options.__getitem__,
        placeholder="any",
        wrap=True,
        on_change=_chosen_several,
        args=(key, widget, tuple(clears)),
    )
    return shown


def url_percent(key: str, label: str, *, what: str, empty: str) -> float | None:
    """A share that is typed in percent; none leaves the address.

    Args:
        key: The key in the address.
        label: What it is the share of.
        what: What is typed, in a sentence, as ``the prevalence``.
        empty: What stands in the field where nothing is typed.

    Returns:
        The share, in [0, 1]; None where nothing is typed.
    """
    shown = state.read(key, what, _percent, default=None)
    widget = f"type_{key}"
    st.session_state[widget] = shown
    st.number_input(
        label,
        min_value=0.0,
        max_value=100.0,
        step=0.1,
        format="%.4g",
        key=widget,
        placeholder=empty,
        on_change=_typed,
        args=(key, widget),
        width=_FIELD_PX,
    )
    return None if shown is None else shown / 100


def _percent(text: str) -> float | None:
    """``12.5``; None for what is no number from 0 to 100."""
    if not _NUMBER.fullmatch(text):
        return None
    return number if (number := float(text)) <= _WHOLE else None


def _typed(key: str, widget: str) -> None:
    typed = st.session_state[widget]
    state.go({key: None if typed is None else f"{typed:.4g}"})


def _chosen_several(key: str, widget: str, clears: tuple[str, ...]) -> None:
    state.go({key: joined(st.session_state[widget]) or None, **dict.fromkeys(clears)})


def _width_px(texts: Mapping[str, str]) -> int:
    """As wide as the longest text."""
    narrowest, widest = _LIST_PX
    longest = max(len(text) for text in texts.values())
    return min(widest, max(narrowest, round(_LETTER_PX * longest) + _FRAME_PX))


def _chosen(key: str, widget: str, default: str, clears: tuple[str, ...]) -> None:
    chosen = st.session_state[widget]
    state.go({key: None if chosen == default else str(chosen), **dict.fromkeys(clears)})
