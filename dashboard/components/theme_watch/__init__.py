"""Notices that the browser toggled between light and dark, and runs the script once more."""

import functools
from importlib import resources

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_KEY = "theme_watch"


def theme_watch(*, ground: str) -> None:
    """Draws nothing; compares the page's ground with the one that this run has coloured its charts for.

    Args:
        ground: The background that Python believes in, as ``#RRGGBB``.
    """
    _renderer()(key=_KEY, data={"ground": ground}, height=1, on_changed_change=_nothing)


def _nothing() -> None:
    """A trigger reruns the script only if it has a callback; there is nothing more to do."""


@functools.cache
def _renderer() -> ComponentRenderer:
    folder = resources.files(__package__)
    return st.components.v2.component(
        _KEY,
        html="<i></i>",
        css=folder.joinpath("component.css").read_text(encoding="utf-8"),
        js=folder.joinpath("component.js").read_text(encoding="utf-8"),
    )
