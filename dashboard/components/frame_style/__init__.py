"""The style that Streamlit's settings cannot give: margins, the clear header, tables with numbers to the right."""

from pathlib import Path

import streamlit as st


def frame_style() -> None:
    """Adds the style to the page; draws nothing."""
    st.html(Path(__file__).with_name("frame.css"))
