"""Parts that pages share: titles, tables, downloads, and expected errors in words."""

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

from dashboard import words
from dashboard.results.downloads import Download
from dashboard.text.table_files import File, files


def title(question: str, how_to_read: str) -> None:
    """The page's question, and behind a question mark how to read its answer.

    Args:
        question: The title.
        how_to_read: Short Markdown.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(question, anchor=False, width="content")
        with st.popover("How to read this", type="tertiary", icon=":material/help:", width="content"):
            st.markdown(how_to_read)


def answer(sentences: str) -> None:
    """What the page answers to its question, Markdown; `st-key-answer` marks it for tests in a browser."""
    with st.container(key="answer"):
        st.markdown(sentences)


def download(*tables: Download, what: Literal["these numbers", "this list"] = "these numbers") -> None:
    """A quiet control that brings tables as CSV, Markdown or LaTeX, each made when it is clicked.

    Args:
        *tables: What a page shows at this place.
        what: What they are.
    """
    key = f"take_{tables[0].name}{tables[0].of}"
    with st.popover(f"Download {what}", type="tertiary", icon=":material/download:", key=key):
        for each in tables:
            st.caption(f"{words.plain(each.holds)}.")
            with st.container(horizontal=True, gap="small"):
                for file in files(each):
                    _show_file(file)


def table(columns: Mapping[str, Sequence[str]], *, alt: str) -> None:
    """A table of short Markdown texts, the first column to the left, all others to the right.

    Args:
        columns: From heading to cells, all of the same length.
        alt: What the table says, for screen readers.
    """
    cells = {heading: list(column) for heading, column in columns.items()}
    st.table(cells, border="horizontal", hide_index=True, alt=alt)


def stat(label: str, value: str, detail: str) -> None:
    """A fact beside a picture: what it is about, what it is, and what that rests on. Markdown."""
    st.markdown(f":gray[:small[{label}]]  \n**{value}**  \n:gray[:small[{detail}]]")


def warning(message: str) -> None:
    """An expected error, as plain text."""
    st.warning(words.plain(message), icon=":material/error:")


def _show_file(file: File) -> None:
    st.download_button(
        file.label, data=file.data, file_name=file.name, mime=file.mime, key=file.name, on_click="ignore"
    )
