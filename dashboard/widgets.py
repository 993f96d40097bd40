"""What pages share: pickers that write to the address, tables, and expected troubles in words."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard import state, words

_WIDTHS_PX = {"run": 310, "model": 190, "internal": 280, "home": 265, "site": 260, "abroad": 300}


def picker(
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


def table(columns: Mapping[str, Sequence[str]], *, alt: str) -> None:
    """A table of short Markdown texts, the first column to the left, all others to the right.

    Args:
        columns: From heading to cells, all of the same length.
        alt: What the table says, for screen readers.
    """
    cells = {heading: list(column) for heading, column in columns.items()}
    st.table(cells, border="horizontal", hide_index=True, alt=alt)


def fact(label: str, value: str, detail: str) -> None:
    """A fact beside a picture: what it is about, what it is, and what that rests on. Markdown."""
    st.markdown(f":gray[:small[{label}]]  \n**{value}**  \n:gray[:small[{detail}]]")


def trouble(message: str) -> None:
    """An expected error, as plain text."""
    st.warning(words.plain(message), icon=":material/error:")


def _picked(key: str, clears: tuple[str, ...]) -> None:
    state.go({key: str(st.session_state[f"pick_{key}"]), **dict.fromkeys(clears)})
