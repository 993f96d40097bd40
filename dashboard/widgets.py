"""Parts that pages share: titles, tables, downloads, and expected errors in words."""

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard import words


def title(question: str, how_to_read: str, extra: Sequence[str] = ()) -> None:
    """The page's question, and behind a question mark how to read its answer.

    Args:
        question: The title.
        how_to_read: Short Markdown.
        extra: Further paragraphs, such as what the label policies do.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(question, anchor=False, width="content")
        with st.popover("How to read this", type="tertiary", icon=":material/help:", width="content"):
            st.markdown(how_to_read)
            for paragraph in extra:
                st.markdown(paragraph)


def answer(sentences: str) -> None:
    """What the page answers to its question, Markdown; `st-key-answer` marks it for tests in a browser."""
    with st.container(key="answer"):
        st.markdown(sentences)


def download(label: str, data: Callable[[], str], file_name: str, key: str | None = None) -> None:
    """A button that brings a CSV file, which is made when it is clicked."""
    st.download_button(
        label,
        data=data,
        file_name=file_name,
        mime="text/csv",
        key=key,
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def to_csv(rows: Sequence[Mapping[str, str | float | None]]) -> str:
    """Rows that all have the same columns, as CSV; NaN and None are blank."""
    text = io.StringIO()
    if rows:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(rows[0])
        writer.writerows([None if _is_nan(value) else value for value in row.values()] for row in rows)
    return text.getvalue()


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


def _is_nan(value: str | float | None) -> bool:
    return isinstance(value, float) and math.isnan(value)
