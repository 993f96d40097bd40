"""The controls that filters of cases are made of."""

from collections.abc import Mapping

import streamlit as st

from dashboard import state, words
from dashboard.asked_cases import WHAT, AskedCases
from dashboard.cases import text
from dashboard.results.case_filter import ATTRIBUTE, EVERYTHING, CaseFilter
from dashboard.url_choice import url_choice, url_choices

WIDTHS = (1.1, 1, 1, 1, 1.4)
"""Of the filters in a row."""

PART = ("part",)
"""A part of a list that another filter makes is another part."""

ANY = ""
"""Stands in a list for no pick; an empty choice would be told in the library's own words."""

MEMBERS = {"agree": "all agree", "differ": "some differ"}
"""Whether the members say what the ensemble says."""

MOST_DISPUTED = {"most_disputed": "most disputed"}
"""The order by how many members say something else."""

_CONFIDENCE = "confidence"


def show_order(sorts: Mapping[str, str]) -> None:
    """Draws the choice of the order, the usual one first."""
    url_choice("sort", "sorted by", sorts, clears=PART, look="field", what=WHAT["sort"])


def rest(asked: AskedCases) -> dict[str, dict[str, str]]:
    """View, sex and age, as far as they tell images apart, with the images that each would leave."""
    return {
        key: {code: text.option(text.told(key, code), images) for code, images in asked.options.of(key).items()}
        for key in ("view", "sex", "age")
        if key in asked.options.choices
    }


def show_attributes(asked: AskedCases) -> None:
    """Draws a list for each attribute that tells images apart."""
    shown = {
        key: {value: text.option(words.one_line(value), images) for value, images in asked.options.of(key).items()}
        for key in asked.options.images
        if key.startswith(ATTRIBUTE) and (key in asked.options.choices or key in asked.wanted.keys)
    }
    for start in range(0, len(shown), len(WIDTHS)):
        row = list(shown.items())[start : start + len(WIDTHS)]
        for column, (key, labels) in zip(st.columns(WIDTHS), row, strict=False):
            with column:
                pick_several(key, labels)


def pick_one(key: str, options: Mapping[str, str]) -> None:
    """Draws a filter of one value."""
    url_choice(key, text.filter_name(key), {ANY: "any", **options}, clears=PART, look="field", what=WHAT[key])


def pick_several(key: str, options: Mapping[str, str]) -> None:
    """Draws a filter of any number of values."""
    what = WHAT.get(key, f"the attribute {key.removeprefix(ATTRIBUTE)}")
    url_choices(key, text.filter_name(key), options, clears=PART, what=what)


def show_confidence(wanted: CaseFilter, *, label: str) -> None:
    """Draws the slider of the probability."""
    st.session_state[_CONFIDENCE] = wanted.confidence or EVERYTHING
    st.slider(label, *EVERYTHING, key=_CONFIDENCE, format="%d %%", on_change=_go_confidence)


def _go_confidence() -> None:
    low, high = st.session_state[_CONFIDENCE]
    state.go({"conf": None if (low, high) == EVERYTHING else f"{low}-{high}", "part": None})
